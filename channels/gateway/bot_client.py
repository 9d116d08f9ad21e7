# SPDX-License-Identifier: Apache-2.0
"""The gateway's client of the bot's turn endpoint (docs/developers/wire.md §2), with the one classifier of its failures."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import aiohttp

from channels.gateway.bot_answer import TurnAnswer, parse_answer
from core.errors import Rejected, Unauthorised, Unavailable, Verdict


class TurnFailed(Verdict):
    """The bot ran the turn and could not finish it; nothing of it was kept."""

    verdict = "turn_failed"

    def __init__(self, reason: str, active_form: str | None, filled_slots: Sequence[str]) -> None:
        super().__init__(reason)
        self.active_form = active_form
        self.filled_slots = tuple(filled_slots)


class ActionsAway(Unavailable):
    """The bot is there, but its action server cannot be connected to: it restarts, or it is broken."""


def classify(status: int, body: object) -> Verdict:
    """The verdict behind a status and body that are not a success."""
    data: Mapping[str, Any] = body if isinstance(body, dict) else {}
    code = str(data.get("error") or f"status {status}")[:80]
    if status in (401, 403):
        return Unauthorised(code)
    if status == 400:
        return Rejected(code)
    if code == "actions_away":
        return ActionsAway(code)
    if status in (502, 504):
        slots = data.get("filled_slots")
        return TurnFailed(code, data.get("active_form"), [str(s) for s in slots] if isinstance(slots, list) else [])
    return Unavailable(code)


class BotClient:
    """One kept session to the live bot. Raises verdicts, never aiohttp's errors.

    `url` may be a function, asked for every call: which bot is live can change at any time. A call under way ends with
    the bot that it began with.
    """

    def __init__(self, url: str | Callable[[], str], token: str, deadline: float, connections: int) -> None:
        self._where = url
        self._under_way: Counter[str] = Counter()
        self._deadline = deadline
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {token}"},
            connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=60),
            # The bot ends a turn at its deadline by itself; this limit is for a bot that hangs.
            timeout=aiohttp.ClientTimeout(total=deadline + 2.0, connect=2.0),
        )

    @property
    def url(self) -> str:
        """Where the next call goes, without a final slash."""
        return (self._where() if callable(self._where) else self._where).rstrip("/")

    def under_way(self) -> dict[str, int]:
        """Turns and erasures under way by the URL of their bot; the live one's is always there."""
        return {self.url: 0, **self._under_way}

    async def turn(
        self, *, turn_id: UUID, conversation: str, content: Mapping[str, Any], locale: str, channel: str
    ) -> TurnAnswer:
        """Runs one turn. `content` is one of text, choice, location, media as the wire contract has it.

        Raises Unavailable, TurnFailed, Rejected or Unauthorised.
        """
        data = await self._post(
            "/webhooks/turns",
            {
                "turn_id": str(turn_id),
                "conversation": conversation,
                **content,
                "locale": locale,
                "channel": channel,
                "metadata": {},
                "deadline_ms": int(self._deadline * 1000),
            },
        )
        try:
            return parse_answer(data)
        except ValueError as error:
            raise TurnFailed(f"a wrong answer: {error}", None, ()) from error

    async def erase(self, conversation: str, turn_id: UUID | None = None) -> None:
        """Makes the bot forget a conversation, or what was said in one turn of it. Raises verdicts."""
        body = {"conversation": conversation}
        if turn_id is not None:
            body["turn_id"] = str(turn_id)
        await self._post("/webhooks/turns/erase", body)

    async def ready(self) -> bool:
        """Whether the bot would answer now."""
        try:
            async with self._session.get(
                f"{self.url}/webhooks/turns/ready", timeout=aiohttp.ClientTimeout(total=2.0)
            ) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    async def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        url = self.url
        self._under_way[url] += 1
        try:
            return await self._post_to(f"{url}{path}", body)
        finally:
            self._under_way[url] -= 1
            if not self._under_way[url]:
                del self._under_way[url]

    async def _post_to(self, url: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            async with self._session.post(url, json=body) as response:
                try:
                    data = await response.json(content_type=None)
                except ValueError:
                    data = None
                if response.status == 200 and isinstance(data, dict):
                    return data
                raise classify(response.status, data)
        except asyncio.TimeoutError as error:
            raise Unavailable("no answer in time") from error
        except aiohttp.ClientError as error:
            # Only the class: the text of an error can quote the request.
            raise Unavailable(type(error).__name__) from error

    async def close(self) -> None:
        await self._session.close()
