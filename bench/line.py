# SPDX-License-Identifier: Apache-2.0
"""`python -m bench.line`: how fast LINE's webhooks are acknowledged while the bot hangs, and many people end to end."""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import uvloop

from app.settings import load_settings
from bench.figures import Load, as_json, load_of, rows_of, show
from store.engine import plain_url
from tests.e2e.stack import Stack, running_stack

_PATIENCE = 60.0
_PEOPLE = 500
_AT_ONCE = 50
_JSON = {"Content-Type": "application/json"}


def body_of(user: int, secret: str, destination: str) -> tuple[bytes, str]:
    """A webhook of one text by the `user`-th person, and its signature."""
    event = {
        "type": "message",
        "webhookEventId": uuid.uuid4().hex.upper()[:26],
        "timestamp": int(time.time() * 1000),
        "mode": "active",
        "replyToken": uuid.uuid4().hex,
        "source": {"type": "user", "userId": f"U{user:032x}"},
        "deliveryContext": {"isRedelivery": False},
        "message": {"type": "text", "id": str(uuid.uuid4().int)[:18], "text": "ขอบคุณครับ", "quoteToken": "q"},
    }
    body = json.dumps({"destination": destination, "events": [event]}, ensure_ascii=False).encode()
    return body, base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


async def acknowledge(name: str, url: str, secret: str, destination: str, webhooks: int) -> Load:
    """`webhooks` deliveries, 50 at once, by 500 people."""
    latencies: list[float] = []
    failed = 0
    left = iter(range(webhooks))

    async def sender(session: aiohttp.ClientSession) -> None:
        nonlocal failed
        for number in left:
            body, signature = body_of(number % _PEOPLE, secret, destination)
            began = time.perf_counter()
            async with session.post(url, data=body, headers={**_JSON, "X-Line-Signature": signature}) as response:
                failed += response.status != 200
            latencies.append(time.perf_counter() - began)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=_AT_ONCE)) as session:
        began = time.perf_counter()
        await asyncio.gather(*(sender(session) for _ in range(_AT_ONCE)))
        return load_of(name, _AT_ONCE, time.perf_counter() - began, latencies, failed)


@contextlib.contextmanager
def _bare(database_url: str) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.bare_handler", database_url], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
        finally:
            process.kill()


async def people(stack: Stack, users: int, each: int, parallel: int) -> tuple[Load, dict[str, int]]:
    """`users` people write `each` messages, each after the answer to the one before; and what it cost at LINE."""
    base = f"http://127.0.0.1:{stack.ports['SANDBOX']}"
    latencies: list[float] = []
    left = iter(range(users))

    async def person(session: aiohttp.ClientSession) -> None:
        for number in left:
            made = {"displayName": f"คนที่ {number}", "friend": True}
            async with session.post(f"{base}/line/api/users", json=made) as response:
                user = (await response.json())["userId"]
            after = 0
            for _ in range(each):
                began = time.perf_counter()
                async with session.post(f"{base}/line/api/users/{user}/text", json={"text": "ขอบคุณครับ"}) as response:
                    response.raise_for_status()
                async with asyncio.timeout(_PATIENCE):
                    answered = False
                    while not answered:
                        query = {"after": str(after), "wait": "30"}
                        async with session.get(f"{base}/line/api/users/{user}/messages", params=query) as response:
                            data = await response.json()
                        after = data["last"]
                        answered = any(one["kind"] == "message" and one["sender"] == "bot" for one in data["messages"])
                latencies.append(time.perf_counter() - began)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=parallel * 2)) as session:
        began = time.perf_counter()
        await asyncio.gather(*(person(session) for _ in range(parallel)))
        load = load_of("people on LINE", parallel, time.perf_counter() - began, latencies, 0)
        async with session.get(f"{base}/line/control/counted") as response:
            calls: dict[str, int] = await response.json()
    counted = {
        "messages": users * each,
        "replies": calls.get("reply 200", 0),
        "replies refused": _sum(calls, "reply") - calls.get("reply 200", 0),
        "pushes": _sum(calls, "push"),
    }
    return load, counted


def _sum(calls: dict[str, int], operation: str) -> int:
    return sum(count for name, count in calls.items() if name.split()[0] == operation)


async def _all(stack: Stack, webhooks: int, users: int) -> dict[str, Any]:
    settings = load_settings("demo", environ=dict(stack.environment))
    secret, url = settings.line_channel_secret, f"{stack.url}/webhooks/line"
    people_load, counted = await people(stack, users, 5, 16)
    account = f"http://127.0.0.1:{stack.ports['SANDBOX']}/line/api/account"
    async with aiohttp.ClientSession() as session, session.get(account) as response:
        destination = (await response.json())["userId"]
    bot = stack.pid_of("bot")
    os.kill(bot, signal.SIGSTOP)
    try:
        with _bare(plain_url(settings.database_url)) as bare:
            await acknowledge("warm-up", bare, secret, destination, 200)
            await acknowledge("warm-up", url, secret, destination, 200)
            acknowledged = [
                await acknowledge("bare INSERT", bare, secret, destination, webhooks),
                await acknowledge("POST /webhooks/line, bot hung", url, secret, destination, webhooks),
            ]
    finally:
        os.kill(bot, signal.SIGCONT)
    rows = rows_of(acknowledged)
    ratio = {"acknowledged, against bare": round(acknowledged[1].per_second / acknowledged[0].per_second, 2)}
    return {"acknowledged": rows, "ratio": [ratio], "people": rows_of([people_load]), "calls": [counted]}


def main(arguments: list[str] | None = None) -> int:
    """Runs everything once; the JSON goes to build/bench-line.json too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--webhooks", type=int, default=2000)
    parser.add_argument("--users", type=int, default=1000)
    given = parser.parse_args(arguments)
    with running_stack() as stack:
        results = uvloop.run(_all(stack, given.webhooks, given.users))
    show("Webhooks, 50 at once", results["acknowledged"])
    show("Ratio", results["ratio"])
    show("People end to end", results["people"])
    show("What it cost at LINE", results["calls"])
    text = as_json(results)
    folder = Path("build")
    folder.mkdir(exist_ok=True)
    (folder / "bench-line.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
