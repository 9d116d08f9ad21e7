# SPDX-License-Identifier: Apache-2.0
"""A circuit breaker: stops asking an agency that keeps failing, and tries again after a pause.

Own code because the async breakers on PyPI are unkept (aiobreaker, 2021) or carry a shared registry; this is a
counter.
"""

from __future__ import annotations

from datetime import datetime, timedelta


class Breaker:
    """Closed until `failures` failures in a row, then open for `pause`; after that one trial may pass."""

    def __init__(self, failures: int, pause: timedelta) -> None:
        self._allowed = failures
        self._pause = pause
        self._failed = 0
        self._open_until: datetime | None = None

    def wait(self, now: datetime) -> float:
        """Seconds until the agency may be asked again; 0 means now and, after a pause, makes this the trial."""
        if self._open_until is None:
            return 0.0
        if now < self._open_until:
            return (self._open_until - now).total_seconds()
        # Half open: whoever comes next, before this trial has ended, waits another pause.
        self._open_until = now + self._pause
        return 0.0

    def succeeded(self) -> None:
        """The agency answered: closed again."""
        self._failed = 0
        self._open_until = None

    def failed(self, now: datetime) -> None:
        """The agency did not answer; opens at the limit."""
        self._failed += 1
        if self._failed >= self._allowed:
            self._open_until = now + self._pause
