# SPDX-License-Identifier: Apache-2.0
"""Rate limits: strict per session, generous per address, because mobile carriers share addresses."""

from __future__ import annotations

import contextlib
import math
import time
from collections import Counter
from collections.abc import Iterator

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
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
#: uploads a minute of one address; each costs seconds of a processor
UPLOADS_PER_ADDRESS = RateLimitItemPerMinute(60)
#: look-ups an hour of case numbers that are not the conversation's own; a citizen knows one or two by heart
STRANGE_CASES = RateLimitItemPerHour(10)
#: long-polls of one conversation at a time: a tab has one
POLLS_AT_ONCE = 8
#: seconds after which a ninth tab may try again
_POLL_AGAIN = 5


class TooMany(Exception):
    """The limit is reached; `seconds` until there is room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


class Limits:
    """Counts in this process: with several gateways the limits are each one's own, which is generous enough."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._polls: Counter[int] = Counter()

    def hit(self, item: RateLimitItem, *of: str) -> None:
        """Counts one; raises TooMany when that is over the limit."""
        if not self._limiter.hit(item, *of):
            reset = self._limiter.get_window_stats(item, *of).reset_time
            raise TooMany(max(1, math.ceil(reset - time.time())))

    @contextlib.contextmanager
    def polling(self, conversation_id: int) -> Iterator[None]:
        """Counts a long-poll for as long as it lasts; raises TooMany when the conversation has enough of them."""
        if self._polls[conversation_id] >= POLLS_AT_ONCE:
            raise TooMany(_POLL_AGAIN)
        self._polls[conversation_id] += 1
        try:
            yield
        finally:
            self._polls[conversation_id] -= 1
            if self._polls[conversation_id] <= 0:
                del self._polls[conversation_id]
