#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fills bot/.venv (Rasa's own Python, fetched by uv when the machine has none) from a lock file: bot_env.sh bot/requirements.lock
set -eu
version=$(cat bot/.python-version)
if ! bot/.venv/bin/python --version 2>/dev/null | grep -q "^Python $version\."; then
    rm -rf bot/.venv
    .uv/bin/uv venv --quiet --no-project --python "$version" bot/.venv
fi
.uv/bin/uv pip install --quiet --python bot/.venv/bin/python --require-hashes -r "$1"
