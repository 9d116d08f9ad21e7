# SPDX-License-Identifier: Apache-2.0
"""Two gateways on one database, one of them killed; and a database that is killed under a gateway."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import text

from app.embedded_postgres import running, server_process
from store.migrate import migrate
from tests.channels.gateway.stack import (
    ROOT,
    TOKEN,
    VAULT_KEY,
    Citizen,
    Stack,
    config_for,
    running_gateway,
    until,
    words_of,
)
from tests.fakes.bot_server import Bot, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")

CONVERSATIONS = 20
EACH = 10


@asynccontextmanager
async def gateway_process(
    database_url: str, bot: Bot, folder: Path, **settings: Any
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A second gateway in a process of its own, as soon as it has started."""
    told = {
        "database_url": database_url,
        "bot_port": bot.port,
        "internal_token": TOKEN,
        "state_dir": str(folder),
        "vault_key": VAULT_KEY.hex(),
        **settings,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.channels.gateway.process",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(told).encode() + b"\n")
        async with asyncio.timeout(60):
            async for line in process.stdout:
                if b"gateway_started" in line:
                    break
        assert process.returncode is None
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def leases_of_others(stack: Stack) -> int:
    """How many conversations another gateway holds."""
    statement = text("SELECT count(*) FROM conversations WHERE lease_owner <> :mine AND lease_until > now()")
    async with stack.gateway.engine.connect() as connection:
        return int(await connection.scalar(statement, {"mine": stack.worker.owner}) or 0)


async def test_g_03_two_gateways_share_the_work_and_one_is_killed(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """200 messages of 20 conversations, two gateways, one killed in the middle of its turns: every message is answered
    once and in its order, by whoever is left (G-03)."""
    own_bot.default = Say(takes=0.02)
    short = {"lease": 1.5, "poll": 0.3, "slots": 4, "tell_waiting_after": 30.0}
    async with running_gateway(config_for(own_database, own_bot, tmp_path, **short)) as stack:
        async with gateway_process(own_database, own_bot, tmp_path, **short) as other:
            citizens = [await stack.citizen() for _ in range(CONVERSATIONS)]
            sent = asyncio.gather(*(_send_all(citizen, number) for number, citizen in enumerate(citizens)))

            async def other_is_at_work() -> bool:
                return len(own_bot.ran) > 30 and await leases_of_others(stack) > 0

            await until(other_is_at_work, within=30)
            other.kill()
            await other.wait()
            assert len(own_bot.ran) < CONVERSATIONS * EACH
            await sent
        answers = await asyncio.gather(*(citizen.answers(EACH, within=40) for citizen in citizens))
        assert await stack.figure("pracha_turns_total") < CONVERSATIONS * EACH
        for number, said in enumerate(answers):
            assert [words_of(one).splitlines()[-1] for one in said] == [
                f"รับทราบ: {number} ข้อที่ {n}" for n in range(EACH)
            ]
        assert {len(await citizen.events()) for citizen in citizens} == {2 * EACH}
        assert await stack.figure("pracha_inbox_waiting") == 0
    order: dict[str, list[str]] = defaultdict(list)
    for ran in own_bot.ran:
        order[ran.conversation].append(ran.said)
    assert len({ran.turn_id for ran in own_bot.ran}) == len(own_bot.ran) == CONVERSATIONS * EACH
    assert all(said == sorted(said) for said in order.values())


async def test_one_gateway_answers_and_another_is_read(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """The message comes in here, the turn is done there: both hear of it at once, not by looking every few seconds."""
    settings = {"poll": 30.0, "tell_waiting_after": 30.0}
    async with running_gateway(config_for(own_database, own_bot, tmp_path, **settings)):
        async with running_gateway(config_for(own_database, own_bot, tmp_path, **settings), works=False) as door:
            citizen = await door.citizen()
            await citizen.asks("อุ่นเครื่องก่อน")
            began = time.monotonic()
            await citizen.asks("ถามที่นี่ ตอบที่โน่น")
            assert time.monotonic() - began < 1.0


async def _send_all(citizen: Citizen, number: int) -> None:
    for n in range(EACH):
        await citizen.send(f"{number} ข้อที่ {n}")


@contextmanager
def own_server() -> Iterator[Path]:
    """The state directory of a database server that a test may kill."""
    folder = Path(tempfile.mkdtemp(prefix="pracha-pg-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def kill_server(folder: Path) -> None:
    """kill -9 of the server; returns when the last of its processes is gone."""
    server = server_process(folder)
    assert server is not None
    family = [server, *server.children(recursive=True)]
    server.kill()
    await until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family))


async def test_a_killed_database_loses_nothing(own_bot: Bot, tmp_path: Path) -> None:
    """The database is killed during a turn: what was taken is answered later, what was not is refused in Thai and can
    be sent again with the same id; the history is whole."""
    own_bot.on("ระหว่างที่ฐานข้อมูลล่ม", Say(takes=0.5))
    with own_server() as folder:
        with running(folder) as url:
            migrate(url)
            config = config_for(url, own_bot, tmp_path, lease=1.5, poll=0.3, tell_waiting_after=30.0)
            gateway = running_gateway(config)
            stack = await gateway.__aenter__()
            citizen = await stack.citizen()
            await citizen.asks("ก่อนฐานข้อมูลล่ม")
            await citizen.send("ระหว่างที่ฐานข้อมูลล่ม")
            await until(lambda: len(own_bot.requests) == 2)
            await kill_server(folder)
        once = str(uuid.uuid4())
        status, data = await citizen.post({"text": "ตอนที่ฐานข้อมูลล่ม"}, once)
        assert (status, data["error"]) == (503, "storage_away")
        assert data["message"]
        assert (await citizen.call("GET", "/chat/events"))[0] == 503
        assert (await stack.ask("GET", "/health/ready"))[1]["missing"] == ["database"]
        assert (await stack.ask("GET", "/health/live"))[0] == 200
        assert (await stack.ask("GET", "/metrics"))[0] == 200
        with running(folder):

            async def taken() -> bool:
                return (await citizen.post({"text": "ตอนที่ฐานข้อมูลล่ม"}, once))[0] == 202

            await until(taken)
            answers = await citizen.answers(3)
            assert [words_of(one).splitlines()[-1] for one in answers] == [
                "รับทราบ: ก่อนฐานข้อมูลล่ม",
                "รับทราบ: ระหว่างที่ฐานข้อมูลล่ม",
                "รับทราบ: ตอนที่ฐานข้อมูลล่ม",
            ]
            # the ears hear again, too: an answer wakes the reader, no matter how long the poll is
            assert words_of(await citizen.asks("หลังฐานข้อมูลกลับมา")) == "รับทราบ: หลังฐานข้อมูลกลับมา"
            assert len(own_bot.ran) == 4
            await gateway.__aexit__(None, None, None)
