# SPDX-License-Identifier: Apache-2.0
"""Channel access tokens: one that was configured, or stateless ones that are renewed before they run out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from core.errors import Unavailable

#: seconds before its end at which a token is renewed, so that no call begins with one that ends on the way
RENEW_BEFORE = 120.0
#: seconds before its end up to which a token serves on while no new one can be had
LAST_USE = 15.0


@dataclass(frozen=True, slots=True)
class Issued:
    """What LINE issued: a stateless token lives for 15 minutes and cannot be revoked."""

    token: str = field(repr=False)
    #: seconds that it lives
    expires_in: float


class Tokens(Protocol):
    """Where the bearer token of a call comes from."""

    async def get(self) -> str:
        """A token that LINE should take now. Raises verdicts."""
        ...

    async def renew(self, refused: str) -> str | None:
        """Another token than the one that LINE refused with 401; None when there is none. Raises verdicts."""
        ...


@dataclass(frozen=True, slots=True)
class FixedToken:
    """The long-lived token that was configured."""

    token: str = field(repr=False)

    async def get(self) -> str:
        return self.token

    async def renew(self, refused: str) -> str | None:
        """There is no other one: whoever configured it must look."""
        return None


class StatelessTokens:
    """Keeps one stateless token for all calls, and asks for one new token at a time.

    `issue` is one call to `POST /oauth2/v3/token`; `clock` gives seconds that only go forward.
    """

    def __init__(self, issue: Callable[[], Awaitable[Issued]], clock: Callable[[], float]) -> None:
        self._issue = issue
        self._clock = clock
        self._token: str | None = None
        #: when the token ends, by the clock
        self._end = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def get(self) -> str:
        if self._token is not None and self._left() > RENEW_BEFORE:
            return self._token
        async with self._one_at_a_time:
            if self._token is not None and self._left() > RENEW_BEFORE:
                return self._token  # somebody renewed it while this call waited
            try:
                return await self._ask()
            except Unavailable:
                if self._token is not None and self._left() > LAST_USE:
                    return self._token
                raise

    async def renew(self, refused: str) -> str | None:
        async with self._one_at_a_time:
            if self._token is not None and self._token != refused:
                return self._token
            self._token = None
            return await self._ask()

    def _left(self) -> float:
        return self._end - self._clock()

    async def _ask(self) -> str:
        asked_at = self._clock()
        issued = await self._issue()
        self._token, self._end = issued.token, asked_at + issued.expires_in
        return issued.token
