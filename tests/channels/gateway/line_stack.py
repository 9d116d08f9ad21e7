# SPDX-License-Identifier: Apache-2.0
"""A gateway on the sandbox's LINE platform, with LINE's own SDK on the wire between them, and people with phones."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer

from channels.line.client import LineConfig
from sandbox.line.clock import PlatformClock
from sandbox.line.state import Platform, new_platform
from sandbox.server import create_app
from tests.channels.gateway.stack import SAID, Stack, config_for, running_gateway
from tests.fakes.bot_server import Bot


@dataclass(slots=True)
class Phone:
    """One person's phone: does what a thumb does, and reads the chat."""

    http: aiohttp.ClientSession
    base: str
    user: str
    seen: int = 0

    async def do(self, action: str, body: Any = None, **options: Any) -> dict[str, Any]:
        """One action of docs/developers/sandbox-line.md."""
        if not options:
            options = {"json": body or {}}
        async with self.http.post(f"{self.base}/line/api/users/{self.user}/{action}", **options) as answer:
            assert answer.status in (200, 201, 202), await answer.text()
            return dict(await answer.json())

    async def say(self, text: str) -> str:
        """Writes a text; its message id."""
        SAID.append(text)
        return str((await self.do("text", {"text": text}))["id"])

    async def photo(self, content: bytes, **query: str) -> str:
        """Sends a photo; its message id."""
        sent = await self.do("image", data=content, headers={"Content-Type": "image/jpeg"}, params=query)
        return str(sent["id"])

    async def journal(self, kind: str = "message", wait: float = 0) -> list[dict[str, Any]]:
        """Entries of one kind since the last look (waits up to `wait` seconds for anything new)."""
        query = {"after": str(self.seen), "wait": str(wait)}
        async with self.http.get(f"{self.base}/line/api/users/{self.user}/messages", params=query) as answer:
            data = await answer.json()
        self.seen = int(data["last"])
        return [one for one in data["messages"] if one["kind"] == kind]

    async def answers(self, count: int = 1, within: float = 10.0) -> list[dict[str, Any]]:
        """The next `count` messages of the bot, with `via`."""
        got: list[dict[str, Any]] = []
        async with asyncio.timeout(within):
            while len(got) < count:
                got += [one for one in await self.journal(wait=1) if one["sender"] == "bot"]
        return got

    async def hears(self, words: str, within: float = 10.0) -> dict[str, Any]:
        """The next message of the bot with these words; the notice about privacy comes before the first answer."""
        async with asyncio.timeout(within):
            while True:
                for one in await self.answers(1, within):
                    if words in str(one["message"]):
                        return one

    async def nothing(self, seconds: float = 0.6) -> None:
        """Nothing more is said for a while."""
        await asyncio.sleep(seconds)
        assert [one for one in await self.journal() if one["sender"] == "bot"] == []


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStack:
    """The platform, the gateway on it, and the bot behind."""

    platform: Platform
    base: str
    gateway: Stack
    bot: Bot

    async def control(self, path: str, body: Any) -> Any:
        """The switchboard of the platform."""
        async with self.gateway.http.post(f"{self.base}/line/control{path}", json=body) as answer:
            data = await answer.json()
            assert answer.status == 200, data
            return data

    async def fault(self, operation: str, kind: str, **more: Any) -> None:
        """The next calls of an operation run into trouble."""
        await self.control("/faults", {"operation": operation, "kind": kind, **more})

    async def calls(self, operation: str) -> list[dict[str, Any]]:
        """What the gateway asked of the platform."""
        async with self.gateway.http.get(f"{self.base}/line/control/calls") as answer:
            return [one for one in (await answer.json())["calls"] if one["operation"] == operation]

    async def phone(self, name: str = "สมหญิง ทดสอบ", *, friend: bool = True) -> Phone:
        """A new person, who is a friend already or not."""
        async with self.gateway.http.post(
            f"{self.base}/line/api/users", json={"displayName": name, "friend": friend}
        ) as answer:
            return Phone(self.gateway.http, self.base, str((await answer.json())["userId"]))


@contextlib.asynccontextmanager
async def running_line(
    database_url: str, bot: Bot, folder: Path, *, works: bool = True, **changes: Any
) -> AsyncIterator[LineStack]:
    """A LINE platform and a gateway that knows each other."""
    platform = new_platform(PlatformClock())
    async with TestServer(create_app(line=platform)) as server:
        base = str(server.make_url("")).rstrip("/")
        line = LineConfig(channel_id=platform.channel.id, channel_secret=platform.channel.secret, api_base=base)
        config = config_for(database_url, bot, folder, line=line, public_url="https://bot.example.go.th", **changes)
        async with running_gateway(config, works=works) as stack:
            platform.webhook.url = f"{stack.url}/webhooks/line"
            yield LineStack(platform=platform, base=base, gateway=stack, bot=bot)
