# SPDX-License-Identifier: Apache-2.0
"""Talks to the gateway's public API from a terminal, as a citizen's browser would."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import aiohttp

from core.errors import Rejected, Unavailable


class TerminalChat:
    """One conversation over HTTP. Raises Unavailable when nothing answers, Rejected with the gateway's sentence."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._headers: Mapping[str, str] = {}
        #: number of the newest event that was seen
        self.after = 0

    async def open(self, locale: str = "th") -> None:
        """Begins a new conversation."""
        data = await self._call("POST", "/chat/sessions", {"locale": locale})
        self._headers = {"Authorization": f"Bearer {data['token']}"}

    async def send(self, content: Mapping[str, Any]) -> int:
        """Sends `{text}`, `{choice}` or `{location}`; returns its number."""
        return int((await self._call("POST", "/chat/messages", {"id": str(uuid.uuid4()), **content}))["seq"])

    async def events(self, wait: float) -> list[dict[str, Any]]:
        """What is new, waiting up to `wait` seconds for it."""
        data = await self._call("GET", f"/chat/events?after={self.after}&wait={wait}", None)
        events: list[dict[str, Any]] = data["events"]
        if events:
            self.after = int(events[-1]["seq"])
        return events

    async def _call(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        try:
            async with self._session.request(
                method,
                f"{self._url}{path}",
                json=body,
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=40),
            ) as response:
                data = await response.json(content_type=None)
                if response.status >= 400:
                    raise Rejected(str((data or {}).get("message") or response.status))
                return dict(data)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Unavailable(type(error).__name__) from error
