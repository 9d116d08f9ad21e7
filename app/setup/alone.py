# SPDX-License-Identifier: Apache-2.0
"""Becomes a command once no other step of a set-up runs in this folder: `alone.py command [argument...]`.

Two `make` at once in a fresh clone would else remove what the other just made. The lock is on this file's folder and ends
with the command, however that ends. That one waits is said on descriptor 3, where it is open.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from pathlib import Path


def main(command: list[str]) -> None:
    """Does not return."""
    folder = os.open(Path(__file__).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with contextlib.suppress(OSError):
            os.write(3, b"  another set-up works in this folder: waiting for its step\n")
        fcntl.flock(folder, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks: as if there were nobody else
    os.set_inheritable(folder, True)
    os.execvp(command[0], command)  # noqa: S606  the step of the Makefile, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
