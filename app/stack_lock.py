# SPDX-License-Identifier: Apache-2.0
"""One stack per state directory: a lock that the system lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TextIO

from app.state_paths import run_dir


class StackRuns(Exception):
    """Another stack holds the state directory; `holder` is its process id as text."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(holder)


def take_lock(state_dir: Path) -> TextIO:
    """The lock, held while the returned file is open; raises StackRuns."""
    lock = _path(state_dir).open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise StackRuns(_path(state_dir).read_text(encoding="utf-8").strip() or "unknown") from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def lock_holder(state_dir: Path) -> str:
    """The process id of the stack that runs on a state directory, "" when none does."""
    if not _path(state_dir).exists():
        return ""
    try:
        take_lock(state_dir).close()
    except StackRuns as runs:
        return runs.holder
    return ""


def _path(state_dir: Path) -> Path:
    return run_dir(state_dir) / "lock"
