# SPDX-License-Identifier: Apache-2.0
"""A LINE platform whose clock stands still, a bot that listens, and LINE's own Python SDK as a peer of both."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, AsyncMessagingApiBlob, Configuration, TextMessage
from linebot.v3.webhook import SignatureValidator

from sandbox.line.clock import PlatformClock
from sandbox.line.state import Platform, new_platform
from sandbox.server import create_app

#: Sunday 22 November 2026, 09:40 UTC.
START = 1_795_340_400.0
Client = TestClient[web.Request, web.Application]


@dataclass
class Received:
    """A webhook as it came in."""

    raw: bytes
    headers: dict[str, str]

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its events."""
        return list(json.loads(self.raw)["events"])


@dataclass
class Bot:
    """A bot that keeps what it is sent, and answers as told: statuses in turn, 200 at the end."""

    secret: str
    url: str = ""
    statuses: list[int] = field(default_factory=list)
    pause: float = 0.0
    received: list[Received] = field(default_factory=list)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, request: web.Request) -> web.Response:
        """The webhook: the SDK's validator must accept every signature."""
        raw = await request.read()
        signature = request.headers.get("x-line-signature", "")
        assert SignatureValidator(self.secret).validate(raw.decode(), signature)
        async with self.came:
            self.received.append(Received(raw, dict(request.headers)))
            self.came.notify_all()
        await asyncio.sleep(self.pause)
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def wait(self, count: int = 1) -> list[Received]:
        """Wait until so many webhooks have come."""
        async with asyncio.timeout(5), self.came:
            await self.came.wait_for(lambda: len(self.received) >= count)
        return self.received

    async def event(self, index: int = -1, count: int = 1) -> dict[str, Any]:
        """The only event of a webhook, after `count` of them have come."""
        received = await self.wait(count)
        (event,) = received[index].events
        return event


@pytest.fixture
def platform() -> Platform:
    """A platform whose time moves only when it is advanced."""
    return new_platform(PlatformClock(speed=0.0, start=START))


@pytest.fixture
async def client(platform: Platform) -> AsyncIterator[Client]:
    """A client of the whole sandbox with that platform in it."""
    async with TestClient(TestServer(create_app(line=platform))) as opened:
        yield opened


@pytest.fixture
async def bot(platform: Platform) -> AsyncIterator[Bot]:
    """A bot whose webhook the platform calls."""
    listening = Bot(platform.channel.secret)
    app = web.Application()
    app.router.add_post("/webhook", listening.handle)
    async with TestServer(app) as server:
        listening.url = str(server.make_url("/webhook"))
        platform.webhook.url = listening.url
        yield listening


@dataclass
class Sdk:
    """The SDK's clients, authenticated with the channel's long-lived token."""

    api: AsyncMessagingApi
    blob: AsyncMessagingApiBlob


@pytest.fixture
async def sdk(client: Client, platform: Platform) -> AsyncIterator[Sdk]:
    """LINE's Python SDK, pointed at the sandbox."""
    configuration = Configuration(
        host=str(client.make_url("")).rstrip("/"), access_token=platform.channel.long_lived_token
    )
    async with AsyncApiClient(configuration) as opened:
        yield Sdk(AsyncMessagingApi(opened), AsyncMessagingApiBlob(opened))


@dataclass
class Phone:
    """One user's phone, driven through the page's own interface."""

    client: Client
    user: str

    async def do(self, action: str, body: object = None, *, status: int | None = None, **options: Any) -> Any:
        """POST one action; the answer's JSON."""
        if not options:
            options = {"json": {} if body is None else body}
        async with self.client.post(f"/line/api/users/{self.user}/{action}", **options) as answer:
            assert answer.status in ((201, 202) if status is None else (status,)), await answer.text()
            return await answer.json()

    async def say(self, text: str) -> str:
        """Send a text; its message id."""
        return str((await self.do("text", {"text": text}))["id"])

    async def journal(self, after: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        """The chat's journal."""
        query = {"after": str(after), "wait": str(wait)}
        async with self.client.get(f"/line/api/users/{self.user}/messages", params=query) as answer:
            assert answer.status == 200
            return list((await answer.json())["messages"])

    async def last(self, after: int, wait: float) -> int:
        """How many entries the journal has, once there is one after `after`."""
        query = {"after": str(after), "wait": str(wait)}
        async with self.client.get(f"/line/api/users/{self.user}/messages", params=query) as answer:
            return int((await answer.json())["last"])

    async def shown(self) -> list[dict[str, Any]]:
        """The message objects that the bot has put into the chat."""
        return [e["message"] for e in await self.journal() if e["kind"] == "message" and e["sender"] == "bot"]


@pytest.fixture
def phone(client: Client, platform: Platform) -> Phone:
    """The phone of the first invented user, who is a friend of the account."""
    user = next(iter(platform.users.values()))
    user.friend = True
    return Phone(client, user.id)


@pytest.fixture
def control(client: Client) -> Control:
    """The switchboard."""
    return Control(client)


@dataclass
class Control:
    """The switchboard, over HTTP."""

    client: Client

    async def __call__(self, path: str = "", body: object = None, *, status: int = 200) -> Any:
        """POST to `/line/control<path>`; the answer's JSON."""
        async with self.client.post(f"/line/control{path}", json={} if body is None else body) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    async def get(self, path: str = "") -> Any:
        """GET `/line/control<path>`."""
        async with self.client.get(f"/line/control{path}") as answer:
            assert answer.status == 200
            return await answer.json()

    async def fault(self, operation: str, kind: str, **more: object) -> None:
        """Let the next call of an operation run into a fault."""
        await self("/faults", {"operation": operation, "kind": kind, **more})


def text(words: str = "สวัสดีค่ะ") -> TextMessage:
    """A text message of the SDK."""
    return TextMessage(text=words, quickReply=None, sender=None, quoteToken=None)


def bearer(platform: Platform) -> dict[str, str]:
    """The header of a call that is made without the SDK."""
    return {"Authorization": f"Bearer {platform.channel.long_lived_token}"}


async def call(client: Client, platform: Platform, method: str, path: str, **options: Any) -> tuple[int, Any]:
    """A raw call of the API with a good token: (status, JSON or None)."""
    headers = {**bearer(platform), **options.pop("headers", {})}
    async with client.request(method, path, headers=headers, **options) as answer:
        is_json = answer.content_type == "application/json"
        return answer.status, await answer.json() if is_json else None


Lost = (TimeoutError, aiohttp.ClientError)
