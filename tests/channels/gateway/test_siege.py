# SPDX-License-Identifier: Apache-2.0
"""Somebody who means harm at the public door: slow bodies, many polls, claimed addresses, odd ids, open sockets."""

from __future__ import annotations

import asyncio
import contextlib
import io
import socket
import time
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from yarl import URL

from channels.gateway import bodies
from channels.gateway.gateway import serve
from channels.gateway.limits import POLLS_AT_ONCE, UPLOADS_PER_ADDRESS
from tests.channels.gateway.stack import PHOTO, Citizen, Stack, config_for, running_gateway, until
from tests.channels.gateway.test_limits import QuickLimits
from tests.fakes.bot_server import Bot

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOCAL_PROXY = (ip_network("127.0.0.0/8"),)


@contextlib.asynccontextmanager
async def raw(url: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection on which a test may write what it likes."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield reader, writer
    finally:
        writer.close()


# ---- addresses that are claimed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", ["two lines", "with a port", "IPv6 with a port", "nonsense"])
async def test_no_claim_lifts_the_limit(own_database: str, own_bot: Bot, tmp_path: Path, claim: str) -> None:
    """Behind a proxy on the same machine the 13th session of an address is refused, whatever the caller adds."""
    lines = {
        "two lines": ["127.0.0.1", "203.0.113.5"],
        "with a port": ["203.0.113.5:4433"],
        "IPv6 with a port": ["[2001:db8::1]:443"],
        "nonsense": ["<script>"],
    }[claim]
    headers = [("X-Forwarded-For", line) for line in lines]
    config = config_for(own_database, own_bot, tmp_path, trusted_proxies=LOCAL_PROXY)
    async with running_gateway(config, works=False, limits=QuickLimits()) as stack:
        statuses = []
        for _ in range(13):
            async with stack.http.post(f"{stack.url}/chat/sessions", json={}, headers=headers) as response:
                statuses.append(response.status)
        assert statuses == [201] * 12 + [429]


async def test_uploads_are_counted_for_the_address_too(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """New sessions do not get new room for uploads."""
    config = config_for(own_database, own_bot, tmp_path, trusted_proxies=LOCAL_PROXY)
    most = UPLOADS_PER_ADDRESS.amount // 10
    async with running_gateway(config, works=False, limits=QuickLimits()) as stack:
        citizens = [
            await Citizen.arrive(stack.http, stack.url, **{"X-Forwarded-For": "203.0.113.9"}) for _ in range(most + 1)
        ]
        statuses = [(await one.call("POST", "/chat/uploads", data={"file": io.BytesIO(PHOTO)}))[0] for one in citizens]
        assert statuses[-1] == 429
        assert 429 not in statuses[:-1]


# ---- bodies that do not come -------------------------------------------------------------------------------------


async def test_a_slow_body_is_cut_off(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who tells a length and sends nothing gets 408 with a sentence."""
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.3)
    async with raw(stack.url) as (reader, writer):
        writer.write(b"POST /chat/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        answer = await asyncio.wait_for(reader.readuntil(b"}"), 5)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"too_slow" in answer


async def test_a_slow_photo_is_cut_off(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A photo may take longer than a message, not for ever."""
    monkeypatch.setattr(bodies, "FILE_SECONDS", 0.3)
    citizen = await stack.citizen()
    async with raw(stack.url) as (reader, writer):
        writer.write(
            b"POST /chat/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n"
            + f"Authorization: Bearer {citizen.token}\r\n\r\n".encode()
            + b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nabc"
        )
        answer = await asyncio.wait_for(reader.readuntil(b"}"), 5)
    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_open_sockets_do_not_delay_a_stop(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """Three callers whose bodies do not come, on both doors: the gateway has stopped within 8 seconds."""
    with socket.socket() as one, socket.socket() as two:
        for free in (one, two):
            free.bind(("127.0.0.1", 0))
        public, internal = one.getsockname()[1], two.getsockname()[1]
    stop = asyncio.Event()
    config = config_for(own_database, own_bot, tmp_path, public_port=public, internal_port=internal)
    task = asyncio.create_task(serve(config, stop))
    async with aiohttp.ClientSession() as http, contextlib.AsyncExitStack() as open_sockets:

        async def up() -> bool:
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(f"http://127.0.0.1:{public}/health/live") as response:
                    return response.status == 200
            return False

        await until(up)
        auth = f"Authorization: Bearer {config.internal_token}\r\n".encode()
        for port, path in ((public, "/chat/sessions"), (public, "/chat/sessions"), (internal, "/internal/nlg")):
            _, writer = await open_sockets.enter_async_context(raw(f"http://127.0.0.1:{port}"))
            writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\n".encode() + auth + b"Content-Length: 10\r\n\r\n{")
            await writer.drain()
        await asyncio.sleep(0.3)
        began = time.monotonic()
        stop.set()
        await asyncio.wait_for(task, 30)
        assert time.monotonic() - began < 8


# ---- polls -------------------------------------------------------------------------------------------------------


async def test_a_session_has_only_so_many_polls(stack: Stack) -> None:
    """The next one is told to try again in a while; others are not touched, and the room comes back."""
    citizen, other = await stack.citizen(), await stack.citizen()
    polls = [asyncio.create_task(citizen.events(0, 20)) for _ in range(POLLS_AT_ONCE)]
    await until(lambda: stack.gateway.hub.waiters >= POLLS_AT_ONCE)
    status, data, headers = await citizen.call("GET", "/chat/events")
    assert (status, data["error"]) == (429, "too_many")
    assert data["message"]
    assert int(headers["Retry-After"]) >= 1
    assert await other.events() == []
    for poll in polls:
        poll.cancel()
    await asyncio.gather(*polls, return_exceptions=True)

    async def room_again() -> bool:
        return (await citizen.call("GET", "/chat/events"))[0] == 200

    await until(room_again)


# ---- odd ids -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "media", ["%00", "m_%00", "m_" + "0" * 24 + "%00", "..%2f..%2fetc", "%E0%B8%81" * 50, "m_" + "a" * 5_000]
)
async def test_a_photo_of_nowhere_is_not_found(stack: Stack, media: str) -> None:
    """Whatever stands in the address: 404, and never that the database is away."""
    citizen = await stack.citizen()
    headers = {"Authorization": f"Bearer {citizen.token}"}
    async with stack.http.get(URL(f"{stack.url}/chat/uploads/{media}", encoded=True), headers=headers) as response:
        assert (response.status, (await response.json())["error"]) == (404, "http_404")


async def test_a_value_that_no_column_holds_is_not_an_outage(stack: Stack, log_lines: list[str]) -> None:
    """The database refuses a NUL: that is a 4xx, and no alarm."""
    status, _ = await stack.ask("GET", "/internal/cases/%00")
    assert status == 400
    assert "storage_away" not in "\n".join(log_lines)


# ---- what the house is made of -----------------------------------------------------------------------------------


async def test_no_answer_tells_what_it_was_made_with(stack: Stack) -> None:
    """Neither a page, nor an error, nor the answer to what is no HTTP names a program and its version."""
    for url in (f"{stack.url}/", f"{stack.url}/none", f"{stack.url}/chat/events", f"{stack.internal}/metrics"):
        async with stack.http.get(url) as response:
            assert response.headers["Server"] == "PrachaBot", url
    for line in (b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", b"nonsense\r\n\r\n"):
        async with raw(stack.url) as (reader, writer):
            writer.write(line)
            answer = await asyncio.wait_for(reader.read(4_096), 5)
        assert answer.startswith(b"HTTP/1.")
        assert b"aiohttp/" not in answer
        assert b"Python/" not in answer
