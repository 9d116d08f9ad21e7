# SPDX-License-Identifier: Apache-2.0
"""A sandbox and a listening bot in a thread of their own, so that a browser can be driven beside them."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.request import Request, urlopen

from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image
from playwright.sync_api import FilePayload

from sandbox.line.clock import PlatformClock
from sandbox.line.state import Platform, known_id, new_platform
from sandbox.server import create_app
from tests.sandbox.line.conftest import START, Bot

#: the first of the invented people
USER = known_id("U", "สมหญิง ใจดีมาก")
PATIENCE = 5.0


def png(width: int, height: int, colour: str = "#7c9cd6") -> bytes:
    """A picture of one colour."""
    kept = BytesIO()
    Image.new("RGB", (width, height), colour).save(kept, "PNG")
    return kept.getvalue()


def photo(name: str = "รูป.png") -> FilePayload:
    """A small picture as it lies on somebody's machine."""
    return FilePayload(name=name, mimeType="image/png", buffer=png(40, 30))


@dataclass
class Stage:
    """Both servers, spoken to over HTTP only."""

    token: str
    url: str = ""
    elsewhere: str = ""
    bot: Bot = field(default_factory=lambda: Bot(""))

    @property
    def picture(self) -> str:
        """Address of a picture on the bot's server."""
        return f"{self.elsewhere}/picture.png"

    def call(self, method: str, path: str, body: object = None, mime: str = "application/json") -> Any:
        """A call with the channel's token; the answer's JSON. A refusal is an HTTPError."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": mime}
        with urlopen(Request(self.url + path, data, headers, method=method), timeout=PATIENCE) as answer:
            return json.loads(answer.read() or b"{}")

    def push(self, *messages: dict[str, Any], to: str = USER) -> None:
        """Messages of the bot, checked by the platform as LINE checks them; five in a call."""
        for start in range(0, len(messages), 5):
            self.call("POST", "/v2/bot/message/push", {"to": to, "messages": list(messages[start : start + 5])})

    def control(self, path: str = "", body: object = None) -> Any:
        """The switchboard."""
        return self.call("POST", f"/line/control{path}", {} if body is None else body)

    def do(self, action: str, body: object = None) -> Any:
        """Something that the user does without the page."""
        return self.call("POST", f"/line/api/users/{USER}/{action}", {} if body is None else body)

    def befriend(self) -> None:
        """Make the user a friend; the follow event is taken off the record."""
        self.do("follow")
        self.events(1)
        self.bot.received.clear()

    def menu(self, name: str, *actions: dict[str, Any], selected: bool = True) -> str:
        """A rich menu with areas side by side and its picture; its id."""
        size = {"width": 1200, "height": 405}
        step = size["width"] // len(actions)
        areas = [
            {"bounds": {"x": index * step, "y": 0, "width": step, "height": size["height"]}, "action": action}
            for index, action in enumerate(actions)
        ]
        body = {"size": size, "selected": selected, "name": name, "chatBarText": name, "areas": areas}
        made = str(self.call("POST", "/v2/bot/richmenu", body)["richMenuId"])
        self.call("POST", f"/v2/bot/richmenu/{made}/content", png(1200, 405), "image/png")
        return made

    def events(self, count: int = 1) -> list[dict[str, Any]]:
        """What the bot was told, once there are so many events; exactly so many."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = [event for received in list(self.bot.received) for event in received.events]
            if len(found) >= count:
                break
            time.sleep(0.02)
        assert [event["type"] for event in found] == [event["type"] for event in found[:count]]
        assert len(found) == count
        return found

    def event(self, count: int = 1) -> dict[str, Any]:
        """The newest of so many events."""
        return self.events(count)[-1]


@contextmanager
def staged() -> Iterator[Stage]:
    """A sandbox whose clock stands still, and a bot with a picture, for the time of a `with` block."""
    platform = new_platform(PlatformClock(speed=0.0, start=START))
    stage = Stage(token=platform.channel.long_lived_token, bot=Bot(platform.channel.secret))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    servers: list[TestServer] = []
    try:
        asyncio.run_coroutine_threadsafe(_start(stage, platform, servers), loop).result(PATIENCE)
        yield stage
    finally:
        for server in servers:
            asyncio.run_coroutine_threadsafe(server.close(), loop).result(10 * PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _start(stage: Stage, platform: Platform, servers: list[TestServer]) -> None:
    async def picture(_request: web.Request) -> web.Response:
        return web.Response(body=png(640, 420), content_type="image/png")

    listening = web.Application()
    listening.router.add_post("/webhook", stage.bot.handle)
    for path in ("/picture.png", "/picture.png/1040"):
        listening.router.add_get(path, picture)
    for app in (listening, create_app(line=platform)):
        server = TestServer(app)
        await server.start_server()
        servers.append(server)
    stage.elsewhere, stage.url = (str(server.make_url("")).rstrip("/") for server in servers)
    platform.webhook.url = f"{stage.elsewhere}/webhook"
