#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run one step of the set-up: step.sh "what it does" command [argument...]
# One line when it starts, a sign of life every ten seconds, one line with the time when it is done.
# One step at a time in a folder, also of two set-ups that run at once.
set -u
label=$1
shift
python=$(sh app/setup/find_python.sh) || exit 1
log=$(mktemp "${TMPDIR:-/tmp}/prachabot-setup.XXXXXX") || exit 1
start=$(date +%s)
printf '→ %s\n' "$label"
(
    while sleep 10 >/dev/null 2>&1; do
        printf '  … %s s\n' "$(($(date +%s) - start))"
    done
) &
beat=$!
trap 'kill "$beat" 2>/dev/null; rm -f "$log"' EXIT
trap 'exit 130' INT TERM HUP
"$python" app/setup/alone.py "$@" 3>&1 >"$log" 2>&1
code=$?
if [ "$code" -ne 0 ]; then
    tail -n 40 "$log" >&2
    printf '✗ %s: failed after %s s (exit %s)\n' "$label" "$(($(date +%s) - start))" "$code" >&2
    exit "$code"
fi
printf '✓ %s (%s s)\n' "$label" "$(($(date +%s) - start))"
