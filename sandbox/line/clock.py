# SPDX-License-Identifier: Apache-2.0
"""The platform's own time, which can run faster than ours, stand still and be pushed forward."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import datetime, timezone


class PlatformClock:
    """Seconds since 1970 on the platform: `start` + real seconds × `speed` + whatever it was advanced by.

    `speed` 0 stands still.
    """

    def __init__(self, speed: float = 1.0, start: float | None = None) -> None:
        """Start at `start` (default: now)."""
        self._speed = speed
        self._since = time.monotonic()
        self._base = time.time() if start is None else start
        self._changed = asyncio.Event()
        #: how many wait for a moment
        self.sleeping = 0

    @property
    def speed(self) -> float:
        """Platform seconds per real second."""
        return self._speed

    def now(self) -> float:
        """Seconds since 1970."""
        return self._base + (time.monotonic() - self._since) * self._speed

    def now_ms(self) -> int:
        """Milliseconds since 1970, as webhooks carry them."""
        return int(self.now() * 1000)

    def utc(self) -> datetime:
        """The aware time in UTC."""
        return datetime.fromtimestamp(self.now(), tz=timezone.utc)

    def advance(self, seconds: float) -> None:
        """Push time forward; whoever sleeps past that moment wakes."""
        self._base += seconds
        self._wake()

    def set_speed(self, speed: float) -> None:
        """Run at another factor from now on; the time itself does not jump."""
        self._base, self._since, self._speed = self.now(), time.monotonic(), speed
        self._wake()

    async def sleep(self, seconds: float) -> None:
        """Wait that many platform seconds."""
        until = self.now() + seconds
        self.sleeping += 1
        try:
            while (left := until - self.now()) > 0:
                # A clock that stands still moves only by `advance`, which wakes us.
                limit = left / self._speed if self._speed > 0 else None
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(limit):
                        await self._changed.wait()
        finally:
            self.sleeping -= 1

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
