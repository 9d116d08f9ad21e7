#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fills .venv from a lock file and puts the `pracha` command into it: app_env.sh locks/app.txt
set -eu
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    rm -rf .venv
    .uv/bin/uv venv --quiet --python "$(sh app/setup/find_python.sh)" .venv
fi
.uv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python --no-deps --require-hashes -r "$1"
cat >.venv/bin/pracha <<'END'
#!/bin/sh
root=$(cd "$(dirname "$0")/../.." && pwd)
PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}" exec "$root/.venv/bin/python" -P -c "import sys; from app.cli import main; sys.exit(main())" "$@"
END
chmod 755 .venv/bin/pracha
