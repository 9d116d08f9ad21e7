# SPDX-License-Identifier: Apache-2.0
"""A LINE on loopback that keeps every call and answers badly when a test says so; a whole platform is sandbox/line."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Say:
    """Answers with this status and JSON (None: no body), or these bytes."""

    status: int
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Hang:
    """Takes the call and never answers."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Takes the call and closes the connection."""


@dataclass(frozen=True, slots=True)
class Pour:
    """A file without a stated length that does not end by itself: `size` bytes, or until the caller has enough."""

    size: int


Step = Say | Hang | Drop | Pour


@dataclass(frozen=True, slots=True)
class Called:
    """One call as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    data: Any

    @property
    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")


@dataclass(slots=True)
class LineServer:
    """The running fake. Tokens that it did not issue, or took back, get a 401."""

    url: str = ""
    calls: list[Called] = field(default_factory=list)
    #: tokens that are taken now
    tokens: set[str] = field(default_factory=set)
    #: seconds until a new token is issued
    token_takes: float = 0.0
    #: bytes of files that left
    poured: int = 0
    _plans: dict[str, deque[Step]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[str, Step] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def on(self, path: str, *steps: Step) -> None:
        """The next calls of a path that ends like this do these steps, one each."""
        self._plans[path].extend(steps)

    def always(self, path: str, step: Step) -> None:
        """Every call of a path that ends like this does this step."""
        self._always[path] = step

    def stop_always(self, path: str) -> None:
        del self._always[path]

    def calls_of(self, path: str) -> list[Called]:
        return [one for one in self.calls if one.path.endswith(path)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        is_json = request.content_type == "application/json" and body.startswith((b"{", b"["))
        data = await request.json() if is_json else dict(await request.post())
        self.calls.append(Called(request.method, request.path, dict(request.headers), body, data))
        number = f"request-{next(self._numbers)}"
        step = self._step(request.path)
        if isinstance(step, Hang):
            await asyncio.Event().wait()
        if isinstance(step, Drop):
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if request.path == "/oauth2/v3/token":
            return await self._issue(step)
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _answer(
                Say(401, {"message": "Authentication failed due to the following reason: invalid token"}), number
            )
        if isinstance(step, Pour):
            return await self._pour(request, step, number)
        assert step is None or isinstance(step, Say)
        return _answer(step or self._good(request.path, data), number)

    def _step(self, path: str) -> Step | None:
        for ending, steps in self._plans.items():
            if path.endswith(ending) and steps:
                return steps.popleft()
        return next((step for ending, step in self._always.items() if path.endswith(ending)), None)

    async def _issue(self, step: Step | None) -> web.Response:
        await asyncio.sleep(self.token_takes)
        if isinstance(step, Say):
            return _answer(step, "")
        token = f"stateless-{len(self.calls_of('/oauth2/v3/token'))}"
        self.tokens.add(token)
        return web.json_response({"token_type": "Bearer", "access_token": token, "expires_in": 899})

    def _good(self, path: str, data: Any) -> Say:
        """What LINE says when all is well, as its reference shows it."""
        if path.endswith(("/reply", "/push")):
            sent = [{"id": str(next(self._numbers)), "quoteToken": "q"} for _ in data["messages"]]
            return Say(200, {"sentMessages": sent})
        return Say(202 if path.endswith("/loading/start") else 200, {})

    async def _pour(self, request: web.Request, step: Pour, number: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"X-Line-Request-Id": number, "Content-Type": "video/mp4"})
        await response.prepare(request)
        for _ in range(step.size // 65_536):
            await response.write(bytes(65_536))
            self.poured += 65_536
        return response


def _answer(say: Say, number: str) -> web.Response:
    headers = {"X-Line-Request-Id": number, **say.headers}
    if say.body is not None:
        return web.Response(status=say.status, body=say.body, headers={**headers, "Content-Type": say.content_type})
    return web.json_response(say.data, status=say.status, headers=headers)


@contextlib.asynccontextmanager
async def running_line(*tokens: str) -> AsyncIterator[LineServer]:
    """A LINE on a free port for the time of a `with` block, which takes these tokens and those that it issues."""
    server = LineServer(tokens=set(tokens))
    app = web.Application(client_max_size=4_000_000)
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()
