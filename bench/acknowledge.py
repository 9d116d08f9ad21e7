# SPDX-License-Identifier: Apache-2.0
"""How much an acknowledged message costs more than a bare aiohttp handler that does one INSERT."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable

import aiohttp
import psycopg_pool
from aiohttp import web

from bench.figures import Load, load_of


async def acknowledge(url: str, text: str, parallel: int, messages: int) -> Load:
    """`POST /chat/messages` alone. Each citizen writes into a conversation of its own; the answers are not read."""
    async with aiohttp.ClientSession() as session:
        headers = []
        for _ in range(parallel):
            async with session.post(f"{url}/chat/sessions", json={}) as response:
                headers.append({"Authorization": f"Bearer {(await response.json())['token']}"})

        async def post(number: int) -> None:
            body = {"id": str(uuid.uuid4()), "text": text}
            async with session.post(f"{url}/chat/messages", json=body, headers=headers[number]) as response:
                response.raise_for_status()

        return await _measure("POST /chat/messages", post, parallel, messages)


async def bare_insert(database_url: str, text: str, parallel: int, messages: int) -> Load:
    """The same load on an aiohttp handler whose only work is one INSERT in autocommit."""
    pool = psycopg_pool.AsyncConnectionPool(
        database_url, min_size=4, max_size=12, kwargs={"autocommit": True}, open=False
    )
    await pool.open(wait=True)
    async with pool.connection() as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS bare (id uuid PRIMARY KEY, body text)")

    async def handle(request: web.Request) -> web.Response:
        data = await request.json()
        async with pool.connection() as connection:
            await connection.execute("INSERT INTO bare VALUES (%s, %s)", (data["id"], data["text"]))
        return web.json_response({"ok": True}, status=202)

    app = web.Application()
    app.router.add_post("/", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with aiohttp.ClientSession() as session:

            async def post(_: int) -> None:
                body = {"id": str(uuid.uuid4()), "text": text}
                async with session.post(f"http://127.0.0.1:{port}/", json=body) as response:
                    response.raise_for_status()

            return await _measure("bare INSERT", post, parallel, messages)
    finally:
        await runner.cleanup()
        await pool.close()


async def _measure(name: str, post: Callable[[int], Awaitable[None]], parallel: int, messages: int) -> Load:
    latencies: list[float] = []
    left = iter(range(messages))

    async def sender(number: int) -> None:
        for _ in left:
            began = time.perf_counter()
            await post(number)
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(sender(number) for number in range(parallel)))
    return load_of(name, parallel, time.perf_counter() - began, latencies, 0)
