# SPDX-License-Identifier: Apache-2.0
"""`python -m bench.bare_handler URL`: an aiohttp handler whose only work is one INSERT of the body; prints its port."""

from __future__ import annotations

import asyncio
import json
import sys

import psycopg_pool
import uvloop
from aiohttp import web

_TABLE = "CREATE TABLE IF NOT EXISTS bare_events (channel text, event_id text, payload text, PRIMARY KEY (channel, event_id))"
_INSERT = "INSERT INTO bare_events VALUES ('line', %s, %s) ON CONFLICT DO NOTHING"


async def serve(database_url: str) -> None:
    """Serves until it is killed."""
    pool = psycopg_pool.AsyncConnectionPool(
        database_url, min_size=4, max_size=12, kwargs={"autocommit": True}, open=False
    )
    await pool.open(wait=True)
    async with pool.connection() as connection:
        await connection.execute(_TABLE)

    async def handle(request: web.Request) -> web.Response:
        body = await request.text()
        event_id = json.loads(body)["events"][0]["webhookEventId"]
        async with pool.connection() as connection:
            await connection.execute(_INSERT, (event_id, body))
        return web.Response()

    app = web.Application()
    app.router.add_post("/", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
