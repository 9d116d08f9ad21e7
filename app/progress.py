# SPDX-License-Identifier: Apache-2.0
"""Shows that long work goes on: a moving bar at a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_SIGN_OF_LIFE = 10.0


@contextmanager
def working(what: str) -> Iterator[None]:
    """Around work of unknown length; speaks on the error stream, so that output can be piped."""
    begun = time.monotonic()
    if sys.stderr.isatty():
        from rich.console import Console  # late: it loads slowly, and most calls end before any progress
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            progress.add_task(what, total=None)
            yield
    else:
        _say(f"→ {what}")
        done = threading.Event()
        threading.Thread(target=_remind, args=(done, begun), daemon=True).start()
        try:
            yield
        finally:
            done.set()
    _say(f"✓ {what} ({time.monotonic() - begun:.0f} s)")


def _remind(done: threading.Event, begun: float) -> None:
    while not done.wait(_SIGN_OF_LIFE):
        _say(f"  … {time.monotonic() - begun:.0f} s")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
