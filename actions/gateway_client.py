# SPDX-License-Identifier: Apache-2.0
"""Asks the gateway, the only writer, to file a case and to look cases up (docs/developers/wire.md §3)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp
import structlog

from core.errors import Rejected, Unauthorised, Unavailable, Verdict

_log = structlog.get_logger("actions.gateway")

#: The facts of a case that may leave the gateway; none of them is personal.
_FACTS = ("ticket_id", "type", "state", "state_th", "address", "timestamp", "last_activity", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A citizen's report as it is filed; `contact` is a vault handle. The citizen's words are not printed."""

    conversation: str = field(repr=False)
    turn_id: str
    type: str
    description: str = field(repr=False)
    place: Mapping[str, Any] = field(repr=False)
    media: tuple[str, ...] = field(repr=False)
    contact: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """The case that a report became; `created_at` is an ISO 8601 string with its offset."""

    ticket_id: str
    state: str
    state_th: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What may be told of a case; times are ISO 8601 strings."""

    facts: Mapping[str, str | None]


class GatewayClient:
    """The gateway's internal API; every call has a time limit of `seconds`, retries included."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str, seconds: float = 5.0) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._seconds = seconds

    async def file(self, report: Report, key: str) -> Filed:
        """File a report once per key. Raises a verdict; after Unavailable the case may or may not exist."""
        body = {
            "conversation": report.conversation,
            "turn_id": report.turn_id,
            "type": report.type,
            "description": report.description,
            "place": dict(report.place),
            "media": list(report.media),
            "contact": report.contact,
        }
        answer = await self._ask("POST", "/internal/cases", json=body, headers={"Idempotency-Key": key})
        if not isinstance(answer, Mapping) or not _words(answer, "ticket_id"):
            raise Unavailable("no ticket_id in the answer")
        return Filed(
            ticket_id=_words(answer, "ticket_id") or "",
            state=_words(answer, "state") or "",
            state_th=_words(answer, "state_th") or "",
            created_at=_words(answer, "created_at") or "",
        )

    async def case(self, ticket_id: str, conversation: str) -> Case | None:
        """A case by its number, None when there is none; its place and note only for the conversation that filed it.

        Raises a verdict.
        """
        answer = await self._ask(
            "GET",
            f"/internal/cases/{quote(ticket_id, safe='')}",
            missing_is_none=True,
            params={"conversation": conversation},
        )
        return None if answer is None else _case(answer)

    async def cases_of(self, conversation: str) -> tuple[Case, ...]:
        """The conversation's own cases, newest first. Raises a verdict."""
        answer = await self._ask("GET", "/internal/cases", params={"conversation": conversation})
        found = answer.get("cases") if isinstance(answer, Mapping) else None
        if not isinstance(found, list):
            raise Unavailable("no list of cases in the answer")
        return tuple(_case(item) for item in found)

    async def _ask(self, method: str, path: str, *, missing_is_none: bool = False, **options: Any) -> Any:
        """The JSON of the answer; asked a second time when the gateway did not answer (every call may be repeated)."""
        options["headers"] = {**self._headers, **options.get("headers", {})}
        try:
            async with asyncio.timeout(self._seconds):
                try:
                    return await self._once(method, path, missing_is_none, options)
                except Unavailable:
                    return await self._once(method, path, missing_is_none, options)
        except TimeoutError:
            trouble: Verdict = Unavailable("time limit")
        except Verdict as verdict:
            trouble = verdict
        _log.warning("gateway_failed", method=method, verdict=trouble.verdict, reason=trouble.reason)
        raise trouble

    async def _once(self, method: str, path: str, missing_is_none: bool, options: Mapping[str, Any]) -> Any:
        timeout = aiohttp.ClientTimeout(total=self._seconds)
        url = self._url + path
        try:
            async with self._session.request(
                method, url, allow_redirects=False, timeout=timeout, **options
            ) as response:
                if response.status == 404 and missing_is_none:
                    return None
                verdict = _verdict(response.status)
                if verdict is not None:
                    raise verdict
                return json.loads(await response.read())
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Unavailable(type(error).__name__) from None


def _verdict(status: int) -> Verdict | None:
    """The gateway client's classifier."""
    if 200 <= status < 300:
        return None
    if status in (401, 403):
        return Unauthorised(f"status {status}")
    if 400 <= status < 500 and status not in (408, 425, 429):
        return Rejected(f"status {status}")
    return Unavailable(f"status {status}")


def _case(answer: object) -> Case:
    if not isinstance(answer, Mapping) or not _words(answer, "ticket_id"):
        raise Unavailable("no case in the answer")
    return Case(facts={name: _words(answer, name) for name in _FACTS})


def _words(answer: Mapping[str, Any], name: str) -> str | None:
    value = answer.get(name)
    return value if isinstance(value, str) and value else None
