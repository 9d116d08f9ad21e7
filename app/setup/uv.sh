#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Puts uv at .uv/bin/uv: the machine's own when it is new enough, else the pinned one from locks/uv.txt.
set -eu
rm -rf .uv
mkdir -p .uv/bin
found=$(command -v uv || true)
if [ -n "$found" ] && "$found" --version | grep -Eq '^uv (0\.([5-9]|[1-9][0-9])|[1-9][0-9]*)\.'; then
    ln -s "$found" .uv/bin/uv
else
    python=$(sh app/setup/find_python.sh)
    # --target needs neither the venv module nor rights outside this folder.
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
        --target .uv/lib -r locks/uv.txt
    ln -s ../lib/bin/uv .uv/bin/uv
fi
.uv/bin/uv --version
