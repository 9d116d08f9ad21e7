# SPDX-License-Identifier: Apache-2.0
"""The one way to ask an agency over HTTP: time limit, one retry, cache, breaker, last good answer kept.

Agencies answer JSON as text/html, with a byte order mark, or an HTML page or a redirect instead of an error;
whatever is not the JSON that was asked for is a failure of the agency, told by the verdicts of `core.errors`.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import aiohttp
import structlog

from actions.agencies.breaker import Breaker
from core.errors import Rejected, Unauthorised, Unavailable, Verdict

Value = TypeVar("Value")
#: Gives the current aware time.
Clock = Callable[[], datetime]

#: No agency's answer is larger (Air4Thai's list has 134 KB).
_LARGEST_BODY = 8 * 2**20
#: Last good answers kept per process; a pin makes its own entry.
_KEPT_ANSWERS = 512

_log = structlog.get_logger("actions.agencies")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Time limits in seconds, `total` for both attempts; `failures` in a row open the breaker for `pause`."""

    total: float = 5.0
    attempt: float = 3.0
    failures: int = 3
    pause: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One question to an agency: `name` keys cache, breaker and logs, answers are fresh for `keep_seconds`."""

    name: str
    base_url: str
    sandbox: bool
    keep_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """What came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(Generic[Value]):
    """A value and when it was fetched; `trouble` says why it is the last good one and not a new one."""

    value: Value
    fetched_at: datetime
    trouble: Verdict | None = None


def json_of(answer: RawAnswer) -> object:
    """The shared classifier: the JSON of a good answer, else the verdict that the answer deserves."""
    status = answer.status
    if 300 <= status < 400:
        raise Unavailable(f"redirect {status}")
    if status in (401, 403):
        raise Unauthorised(f"status {status}")
    if status in (408, 425, 429) or status >= 500:
        raise Unavailable(f"status {status}", retry_after=_retry_after(answer.headers))
    if not 200 <= status < 300:
        raise Rejected(f"status {status}")
    body = answer.body.decode("utf-8-sig", errors="replace").strip()
    if body.startswith("<"):
        raise Unavailable("HTML instead of JSON")
    try:
        return json.loads(body, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise Unavailable("not JSON") from None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None


class AgencyHttp:
    """Asks agencies; one per process, because cache and breakers live in it."""

    def __init__(self, session: aiohttp.ClientSession, limits: Limits, clock: Clock) -> None:
        self._session = session
        self._limits = limits
        self._clock = clock
        self._answers: OrderedDict[tuple[str, ...], Fetched[Any]] = OrderedDict()
        self._breakers: dict[str, Breaker] = {}
        self._asking: dict[tuple[str, ...], asyncio.Task[Fetched[Any]]] = {}

    def now(self) -> datetime:
        """The current aware time, by the clock that also dates the answers."""
        return self._clock()

    async def ask(
        self, source: Source, path: str, query: Mapping[str, str], read: Callable[[RawAnswer], Value]
    ) -> Fetched[Value]:
        """GET `path` and read the answer; `read` raises a verdict when it is not what was asked for.

        A fresh answer comes from the cache; when the agency fails, the last good one comes back with `trouble`
        set. Raises a verdict when there is none. Callers that ask the same at one time share one request.
        """
        key = (source.name, path, *(f"{name}={value}" for name, value in sorted(query.items())))
        asking = self._asking.get(key)
        if asking is None:
            asking = asyncio.create_task(self._ask(source, key, path, query, read))
            self._asking[key] = asking
            asking.add_done_callback(lambda done: self._asked(key, done))
        # Shielded: one citizen's turn that runs out of time must not end the question for the others.
        answer: Fetched[Value] = await asyncio.shield(asking)
        return answer

    def _asked(self, key: tuple[str, ...], done: asyncio.Task[Fetched[Any]]) -> None:
        self._asking.pop(key, None)
        if not done.cancelled():
            done.exception()  # looked at, so that asyncio does not complain when every caller has left

    async def _ask(
        self,
        source: Source,
        key: tuple[str, ...],
        path: str,
        query: Mapping[str, str],
        read: Callable[[RawAnswer], Value],
    ) -> Fetched[Value]:
        kept: Fetched[Value] | None = self._answers.get(key)
        if kept is not None and self._clock() - kept.fetched_at < timedelta(seconds=source.keep_seconds):
            return kept
        try:
            value = await self._guarded(source, path, query, read)
        except Verdict as trouble:
            _log.warning("agency_failed", source=source.name, verdict=trouble.verdict, reason=trouble.reason)
            if kept is None:
                raise
            return Fetched(value=kept.value, fetched_at=kept.fetched_at, trouble=trouble)
        answer = Fetched(value=value, fetched_at=self._clock())
        self._answers[key] = answer
        self._answers.move_to_end(key)
        while len(self._answers) > _KEPT_ANSWERS:
            self._answers.popitem(last=False)
        return answer

    async def _guarded(
        self, source: Source, path: str, query: Mapping[str, str], read: Callable[[RawAnswer], Value]
    ) -> Value:
        pause = timedelta(seconds=self._limits.pause)
        breaker = self._breakers.setdefault(source.name, Breaker(self._limits.failures, pause))
        wait = breaker.wait(self._clock())
        if wait > 0:
            raise Unavailable("breaker open", retry_after=wait)
        try:
            value = await self._twice(source, path, query, read)
        except Rejected:
            breaker.succeeded()  # it answered; that it refused this question says nothing about the next
            raise
        except Verdict:
            breaker.failed(self._clock())
            raise
        breaker.succeeded()
        return value

    async def _twice(
        self, source: Source, path: str, query: Mapping[str, str], read: Callable[[RawAnswer], Value]
    ) -> Value:
        try:
            async with asyncio.timeout(self._limits.total):
                try:
                    return read(await self._get(source, path, query))
                except Unavailable as trouble:
                    if trouble.retry_after is not None:
                        raise
                return read(await self._get(source, path, query))
        except TimeoutError:
            raise Unavailable("time limit") from None

    async def _get(self, source: Source, path: str, query: Mapping[str, str]) -> RawAnswer:
        timeout = aiohttp.ClientTimeout(total=self._limits.attempt)
        url = source.base_url.rstrip("/") + path
        try:
            async with self._session.get(url, params=query, allow_redirects=False, timeout=timeout) as response:
                body = bytearray()
                async for chunk in response.content.iter_chunked(2**16):
                    body += chunk
                    if len(body) > _LARGEST_BODY:
                        raise Unavailable("body too large")
                return RawAnswer(status=response.status, headers=response.headers, body=bytes(body))
        except TimeoutError:
            raise Unavailable("attempt took too long") from None
        except (aiohttp.ClientError, OSError) as error:
            # The class only: the text of the exception can hold the address, and so a citizen's place.
            raise Unavailable(type(error).__name__) from None
