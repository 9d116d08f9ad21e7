#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fills bot/.venv (Rasa's own Python) from a lock file: bot_env.sh bot/requirements.lock
# No dependency is looked up: the lock holds all that shall be there (TensorFlow shall not).
# The Python: on the PATH, among pyenv's versions, or fetched by uv.
set -eu
version=$(cat bot/.python-version)

find_python() {
    for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/"python$version"; do
        if "$candidate" -c '' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    printf '%s\n' "$version"
}

if ! bot/.venv/bin/python --version 2>/dev/null | grep -q "^Python $version\."; then
    rm -rf bot/.venv
    .uv/bin/uv venv --quiet --no-project --python "$(find_python)" bot/.venv
fi
.uv/bin/uv pip install --quiet --compile-bytecode --python bot/.venv/bin/python --no-deps --require-hashes -r "$1"
