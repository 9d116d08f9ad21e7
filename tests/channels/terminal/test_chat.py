# SPDX-License-Identifier: Apache-2.0
"""The terminal's side of a conversation: it talks to the public API and says in a verdict what went wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from channels.terminal.send import TerminalChat
from core.errors import Rejected, Unavailable


@pytest.fixture
async def seen() -> list[tuple[str, object]]:
    return []


@pytest.fixture
async def url(seen: list[tuple[str, object]]) -> AsyncIterator[str]:
    """A public API of one session."""

    async def sessions(request: web.Request) -> web.Response:
        seen.append(("session", await request.json()))
        return web.json_response({"session": "s", "token": "t"}, status=201)

    async def messages(request: web.Request) -> web.Response:
        body = await request.json()
        seen.append((request.headers["Authorization"], body))
        if body.get("text") == "ยาว":
            return web.json_response({"error": "too_long", "message": "ยาวเกินไปค่ะ"}, status=413)
        if body.get("text") == "พัง":
            return web.Response(text="<html>proxy</html>", status=200)
        return web.json_response({"seq": 1}, status=202)

    async def events(request: web.Request) -> web.Response:
        after = int(request.query["after"])
        new: list[dict[str, object]] = [
            {"seq": seq, "from": "bot", "at": "", "blocks": []} for seq in (2, 3) if seq > after
        ]
        return web.json_response({"events": new})

    app = web.Application()
    app.router.add_post("/chat/sessions", sessions)
    app.router.add_post("/chat/messages", messages)
    app.router.add_get("/chat/events", events)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def test_one_conversation(url: str, seen: list[tuple[str, object]]) -> None:
    """It opens a session, sends with its token and a new id each time, and reads on where it was."""
    async with aiohttp.ClientSession() as http:
        chat = TerminalChat(http, url)
        await chat.open("en")
        assert seen == [("session", {"locale": "en"})]
        assert await chat.send({"text": "สวัสดี"}) == 1
        assert await chat.send({"choice": "2.0.0"}) == 1
        (first_token, first), (_, second) = seen[1:]
        assert first_token == "Bearer t"
        assert isinstance(first, dict)
        assert isinstance(second, dict)
        assert first["id"] != second["id"]
        assert [event["seq"] for event in await chat.events(0)] == [2, 3]
        assert chat.after == 3
        assert await chat.events(0) == []


async def test_what_goes_wrong_is_a_verdict(url: str) -> None:
    """A refusal carries the gateway's sentence; nonsense and silence are "not available"."""
    async with aiohttp.ClientSession() as http:
        chat = TerminalChat(http, url)
        await chat.open()
        with pytest.raises(Rejected, match="ยาวเกินไปค่ะ"):
            await chat.send({"text": "ยาว"})
        with pytest.raises(Unavailable):
            await chat.send({"text": "พัง"})
        with pytest.raises(Unavailable):
            await TerminalChat(http, "http://127.0.0.1:1").open()
