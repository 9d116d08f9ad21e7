# SPDX-License-Identifier: Apache-2.0
"""A new, empty PostgreSQL in a temporary folder, for tests and measurements: `python -m app.throwaway_postgres`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.embedded_postgres import running


@contextmanager
def throwaway() -> Iterator[str]:
    """The server for the time of a `with` block; gives its URL. Its folder goes away with it."""
    folder = Path(tempfile.mkdtemp(prefix="pracha-pg-"))
    try:
        with running(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Prints the URL, then serves until its input ends: also when the process that asked for it was killed."""
    with throwaway() as url:
        print(url, flush=True)
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
