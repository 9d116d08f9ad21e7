#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the path of a Python that the application can run on, the best tried version first.
for name in python3.11 python3.12 python3.13 python3 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$name" -c 'import sys; print(sys.executable)'
    fi
done
echo 'Python 3.11 or newer is needed (python3 on the PATH)' >&2
exit 1
