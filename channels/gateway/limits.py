# SPDX-License-Identifier: Apache-2.0
"""Rate limits: strict per session, generous per address, because mobile carriers share addresses."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

#: messages a minute of one session; nobody types faster for long
PER_SESSION = RateLimitItemPerMinute(30)
#: messages a minute of one address
PER_ADDRESS = RateLimitItemPerMinute(600)
#: sessions a minute of one address
SESSIONS_PER_ADDRESS = RateLimitItemPerMinute(120)
#: uploads a minute of one session
UPLOADS_PER_SESSION = RateLimitItemPerMinute(10)


class TooMany(Exception):
    """The limit is reached; `seconds` until there is room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


class Limits:
    """Counts in this process: with several gateways the limits are each one's own, which is generous enough."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, item: RateLimitItem, *of: str) -> None:
        """Counts one; raises TooMany when that is over the limit."""
        if not self._limiter.hit(item, *of):
            reset = self._limiter.get_window_stats(item, *of).reset_time
            raise TooMany(max(1, math.ceil(reset - time.time())))
