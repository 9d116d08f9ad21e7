# SPDX-License-Identifier: Apache-2.0
"""How many pushes the month still has, with some kept back for what cannot wait. Replies cost nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from channels.line.client import Quota
from core.errors import Verdict

#: seconds after which LINE is asked again
_ASK_EVERY = 3_600.0
#: the same while there is too little left: the plan may have been enlarged
_ASK_WHEN_SPENT = 60.0


class Meter(Protocol):
    """What is used of channels.line.client.LineClient."""

    async def quota(self) -> Quota: ...


class QuotaMeter:
    """Counts our own pushes between two questions to LINE. reserve: pushes kept back for urgent notices."""

    def __init__(self, client: Meter, reserve: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._reserve = reserve
        self._clock = clock
        self._asked_at: float | None = None
        #: pushes left this month; None when there is no limit, or as long as LINE does not say
        self.left: int | None = None

    def spent(self) -> None:
        """LINE refused a push because of the quota, whatever we had counted."""
        self.left = 0
        self._asked_at = self._clock()

    async def may_push(self, *, urgent: bool) -> bool:
        """Whether one more push is allowed, which is then counted."""
        now = self._clock()
        every = _ASK_EVERY if self.left is None or self.left > self._reserve else _ASK_WHEN_SPENT
        if self._asked_at is None or now - self._asked_at > every:
            self._asked_at = now
            await self._ask()
        if self.left is None:
            return True
        if self.left <= (0 if urgent else self._reserve):
            return False
        self.left -= 1
        return True

    async def _ask(self) -> None:
        try:
            quota = await self._client.quota()
        except Verdict:
            return  # what is known so far must do
        self.left = None if quota.limit is None else max(quota.limit - quota.used, 0)
