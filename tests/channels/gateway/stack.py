# SPDX-License-Identifier: Apache-2.0
"""A real gateway on free ports, and citizens who use its public API."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import dataclasses
import io
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from PIL import Image

from channels.gateway.config import GatewayConfig
from channels.gateway.context import Gateway
from channels.gateway.gateway import CONTROL_INTENTS, internal_app, open_gateway, public_app
from channels.gateway.limits import Limits
from channels.gateway.telling import listen, tell
from channels.gateway.turns import TurnWorker
from tests.fakes.bot_server import Bot

ROOT = Path(__file__).parents[3]
TOKEN = "a token between processes"
VAULT_KEY = os.urandom(32)

#: everything that a test's citizens wrote; none of it may stand in a log
SAID: list[str] = []


@cache
def authored_data() -> Path:
    """The repository's answers and services with the examples that a gateway needs, and no others: quick to load."""
    folder = Path(tempfile.mkdtemp(prefix="pracha-nlu-data-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("answers", "services"):
        (folder / name).symlink_to(ROOT / "nlu_data" / name)
    (folder / "nlu").mkdir()
    for intent in CONTROL_INTENTS:
        (folder / "nlu" / f"{intent}.yml").symlink_to(ROOT / "nlu_data" / "nlu" / f"{intent}.yml")
    return folder


def config_for(database_url: str, bot: Bot, state_dir: Path, **changes: Any) -> GatewayConfig:
    """A gateway's settings with short times."""
    settings: dict[str, Any] = {
        "database_url": database_url,
        "public_host": "127.0.0.1",
        "public_port": 0,
        "internal_port": 0,
        "bot_url": bot.url,
        "internal_token": TOKEN,
        "vault_key": VAULT_KEY,
        "pseudonym_key": b"a key for pseudonyms",
        "session_key": b"a key for sessions",
        "public_url": "http://127.0.0.1:8080",
        "web_origins": ("https://www.example.go.th",),
        "nlu_data": authored_data(),
        "rasa_dir": state_dir / "rasa",
        "media_url": (state_dir / "media").as_uri(),
        "widget_file": state_dir / "widget.js",
        "pages_dir": ROOT / "channels" / "web" / "pages",
        "agency": {"agency_name": "เทศบาลตัวอย่าง", "agency_phone": "02-000-0000"},
        "turn_deadline": 5.0,
        "lease": 3.0,
        "tell_waiting_after": 3.0,
        "poll": 5.0,
        **changes,
    }
    return GatewayConfig(**settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A running gateway: its parts, where it listens, and the tasks that work for it."""

    gateway: Gateway
    worker: TurnWorker
    url: str
    internal: str
    http: aiohttp.ClientSession
    #: the listener, then, when they work, the turn worker and the delivery worker
    tasks: list[asyncio.Task[None]]

    async def citizen(self, locale: str = "th") -> Citizen:
        """Somebody who has just opened the chat."""
        return await Citizen.arrive(self.http, self.url, locale)

    async def ask(
        self, method: str, path: str, body: Any = None, *, token: str | None = TOKEN, **headers: str
    ) -> tuple[int, Any]:
        """A call of the internal HTTP; (status, JSON or text)."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.request(method, f"{self.internal}{path}", json=body, headers=named) as response:
            if response.content_type == "application/json":
                return response.status, await response.json()
            return response.status, await response.text()

    async def figure(self, name: str) -> float:
        """One figure of /metrics, summed over its labels; 0 when it is not there yet."""
        _, text = await self.ask("GET", "/metrics", token=None)
        lines = [line for line in str(text).splitlines() if line.split("{")[0].split(" ")[0] == name]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


@contextlib.asynccontextmanager
async def running_gateway(
    config: GatewayConfig, *, works: bool = True, limits: Limits | None = None
) -> AsyncIterator[Stack]:
    """The real gateway on free ports. works: whether its turn worker runs from the start."""
    async with open_gateway(config) as (opened, worker), aiohttp.ClientSession() as http:
        gateway = opened if limits is None else dataclasses.replace(opened, limits=limits)
        runners = [web.AppRunner(app, access_log=None) for app in (public_app(gateway), internal_app(gateway))]
        for runner in runners:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
        tasks = [asyncio.create_task(_listen_and_tell(gateway))]
        if works:
            tasks.append(asyncio.create_task(worker.run()))
            tasks.append(asyncio.create_task(gateway.deliveries.run()))
        public, internal = (f"http://127.0.0.1:{runner.addresses[0][1]}" for runner in runners)
        try:
            yield Stack(gateway=gateway, worker=worker, url=public, internal=internal, http=http, tasks=tasks)
        finally:
            gateway.hub.wake_all()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for runner in runners:
                await runner.cleanup()


async def _listen_and_tell(gateway: Gateway) -> None:
    await asyncio.gather(listen(gateway), tell(gateway))


@dataclass(slots=True, kw_only=True)
class Citizen:
    """One browser with its session."""

    http: aiohttp.ClientSession
    url: str
    session: str
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def arrive(cls, http: aiohttp.ClientSession, url: str, locale: str = "th", **headers: str) -> Citizen:
        async with http.post(f"{url}/chat/sessions", json={"locale": locale}, headers=headers) as response:
            assert response.status == 201, await response.text()
            data = await response.json()
        return cls(http=http, url=url, session=data["session"], token=data["token"], headers=headers)

    def at(self, url: str) -> Citizen:
        """The same session at another gateway."""
        return Citizen(http=self.http, url=url, session=self.session, token=self.token)

    async def call(
        self, method: str, path: str, *, token: str | None = None, **arguments: Any
    ) -> tuple[int, Any, Mapping[str, str]]:
        """(status, JSON or bytes, headers) of any request with this session's token or another."""
        headers = {"Authorization": f"Bearer {token or self.token}", **self.headers, **arguments.pop("headers", {})}
        async with self.http.request(method, f"{self.url}{path}", headers=headers, **arguments) as response:
            is_json = response.content_type.endswith("json")
            return (
                response.status,
                await (response.json(content_type=None) if is_json else response.read()),
                response.headers,
            )

    async def post(self, content: Mapping[str, Any], id: str | None = None) -> tuple[int, Any]:  # noqa: A002
        """Sends a message, whatever comes of it."""
        if isinstance(content.get("text"), str) and len(content["text"]) > 3:
            SAID.append(content["text"])
        body = {"id": id or str(uuid.uuid4()), **content}
        status, data, _ = await self.call("POST", "/chat/messages", json=body)
        return status, data

    async def send(self, text: str, id: str | None = None) -> int:  # noqa: A002
        """Sends words that must be taken; their number."""
        status, data = await self.post({"text": text}, id)
        assert status == 202, data
        return int(data["seq"])

    async def events(self, after: int = 0, wait: float = 0.0) -> list[dict[str, Any]]:
        status, data, _ = await self.call("GET", "/chat/events", params={"after": str(after), "wait": str(wait)})
        assert status == 200, data
        events: list[dict[str, Any]] = data["events"]
        return events

    async def answers(self, count: int = 1, after: int = 0, within: float = 15.0) -> list[dict[str, Any]]:
        """The first `count` answers above a number, as soon as they are there."""
        deadline = time.monotonic() + within
        got: list[dict[str, Any]] = []
        while len(got) < count:
            left = deadline - time.monotonic()
            assert left > 0, f"{len(got)} of {count} answers in {within} s"
            new = await self.events(after, min(left, 5.0))
            got += [event for event in new if event["from"] != "citizen"]
            after = max([after, *(event["seq"] for event in new)])
        return got

    async def asks(self, text: str) -> dict[str, Any]:
        """Sends words and waits for the next answer."""
        return (await self.answers(1, after=await self.send(text)))[0]


def words_of(event: Mapping[str, Any]) -> str:
    """The plain words of an event."""
    return "\n".join(str(block["text"]) for block in event["blocks"] if block.get("text"))


async def until(holds: Callable[[], bool | Awaitable[bool]], within: float = 10.0) -> None:
    """Waits until something holds; fails when it does not in time."""
    deadline = time.monotonic() + within
    while True:
        result = holds()
        if result if isinstance(result, bool) else await result:
            return
        assert time.monotonic() < deadline, f"it does not hold after {within} s"
        await asyncio.sleep(0.02)


async def upload(citizen: Citizen, content: bytes) -> str:
    """Uploads a photo that must be taken; its id."""
    status, data, _ = await citizen.call("POST", "/chat/uploads", data={"file": io.BytesIO(content)})
    assert status == 201, data
    return str(data["media"])


async def conversation_of(stack: Stack, bot: Bot, words: str = "มีเรื่องจะแจ้ง") -> str:
    """The key of a new citizen's conversation, as the bot and the actions know it."""
    citizen = await stack.citizen()
    await citizen.asks(words)
    return bot.ran[-1].conversation


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "orange").save(out, "JPEG")
    return out.getvalue()


#: a small JPEG
PHOTO = _photo()
