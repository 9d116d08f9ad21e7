# SPDX-License-Identifier: Apache-2.0
"""The public port is open at the address that was set and on loopback, and at no other one."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path

import aiohttp
import pytest

from channels.gateway.gateway import serve
from tests.channels.gateway.stack import config_for, until
from tests.fakes.bot_server import Bot

pytestmark = pytest.mark.asyncio(loop_scope="session")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def answers(http: aiohttp.ClientSession, host: str, port: int) -> bool:
    with contextlib.suppress(aiohttp.ClientConnectionError):
        async with http.get(f"http://{host}:{port}/health/live") as response:
            return response.status == 200
    return False


@pytest.mark.parametrize(
    ("host", "open_at", "closed_at"),
    [
        ("127.0.0.1", ["127.0.0.1"], ["127.0.0.2", "[::1]"]),
        ("127.0.0.2", ["127.0.0.2", "127.0.0.1"], ["127.0.0.3", "[::1]"]),
        ("::1", ["[::1]", "127.0.0.1"], ["127.0.0.2"]),
        ("::", ["[::1]", "127.0.0.1"], ["127.0.0.2"]),
        ("0.0.0.0", ["127.0.0.1", "127.0.0.2"], ["[::1]"]),  # noqa: S104  what is tested
    ],
)
async def test_the_public_port_is_open_where_it_is_said_and_on_loopback(
    own_database: str, own_bot: Bot, tmp_path: Path, host: str, open_at: list[str], closed_at: list[str]
) -> None:
    """Every address that starts with 127 is this machine's, so that they can stand for its cards."""
    port = free_port()
    stop = asyncio.Event()
    places = {"public_host": host, "public_port": port, "internal_port": free_port()}
    task = asyncio.create_task(serve(config_for(own_database, own_bot, tmp_path, **places), stop))
    async with aiohttp.ClientSession() as http:
        await until(lambda: answers(http, "127.0.0.1", port))
        assert [place for place in open_at if not await answers(http, place, port)] == []
        assert [place for place in closed_at if await answers(http, place, port)] == []
    stop.set()
    await asyncio.wait_for(task, 30)
