# SPDX-License-Identifier: Apache-2.0
"""A gateway on LINE that is killed (SIGKILL) at every step of an event's way, and the one that takes over from it."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.channels.gateway.line_stack import LineStack, Phone, running_line
from tests.channels.gateway.stack import until
from tests.channels.gateway.test_many_gateways import gateway_process
from tests.fakes.bot_server import Bot, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: leases that lapse soon, and no word about waiting between
SHORT: dict[str, Any] = {"lease": 1.5, "poll": 0.2, "tell_waiting_on_push_after": 40.0}
WORDS = "ข้อความที่ต้องไม่หาย"


@asynccontextmanager
async def to_be_killed(line: LineStack, database_url: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A gateway in a process of its own that LINE delivers to; `line`'s own does not work yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = line.gateway.gateway.config.line
    assert config is not None
    own = line.platform.webhook.url
    told = dataclasses.asdict(config)
    async with gateway_process(database_url, line.bot, folder, public_port=port, line=told, **SHORT) as process:
        line.platform.webhook.url = f"http://127.0.0.1:{port}/webhooks/line"
        yield process
        line.platform.webhook.url = own


async def kill(process: asyncio.subprocess.Process) -> None:
    process.kill()
    assert await process.wait() == -9


def take_over(line: LineStack) -> None:
    """The other gateway begins to work."""
    gateway = line.gateway
    gateway.tasks.append(asyncio.create_task(gateway.worker.run()))
    gateway.tasks.append(asyncio.create_task(gateway.gateway.deliveries.run()))


async def answered_once(line: LineStack, phone: Phone) -> None:
    """One answer with the words, by one turn; nothing waits any more, and what was said is what the bot answered."""
    got = await phone.hears(WORDS, within=20)
    assert got["via"] == "reply"
    await phone.nothing(1.0)
    assert len(line.bot.turns_of(WORDS)) == 1
    assert await line.gateway.figure("pracha_inbox_waiting") == 0
    assert await line.gateway.figure("pracha_undelivered_answers") == 0
    assert await line.calls("push") == []


def acknowledged(line: LineStack) -> int:
    """How many deliveries of events were answered with 200."""
    return sum(one["status"] == 200 and bool(one["event_ids"]) for one in line.platform.deliveries)


async def test_l_in_05_killed_before_the_commit_there_was_no_200(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """The event cannot be stored yet when the process dies: LINE got no 200, delivers again, and it is answered once."""
    async with running_line(own_database, own_bot, tmp_path, works=False, **SHORT) as line:
        line.platform.webhook.schedule = (0.5,) * 40
        phone = await line.phone()
        async with to_be_killed(line, own_database, tmp_path) as process:
            async with line.gateway.gateway.engine.connect() as connection:
                await connection.execute(text("BEGIN"))
                await connection.execute(text("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"))
                await phone.say(WORDS)
                await asyncio.sleep(0.5)
                await kill(process)
                await connection.execute(text("ROLLBACK"))
            await until(lambda: bool(line.platform.deliveries))
            assert acknowledged(line) == 0
        take_over(line)
        await answered_once(line, phone)
        assert any(one["redelivery"] for one in line.platform.deliveries)


async def test_l_in_05_killed_between_the_200_and_the_answer_nothing_is_lost(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """Acknowledged, then killed while the bot thinks: LINE will not deliver again, and it is answered by reply, once."""
    own_bot.on(WORDS, Say(takes=1.0))
    async with running_line(own_database, own_bot, tmp_path, works=False, **SHORT) as line:
        phone = await line.phone()
        async with to_be_killed(line, own_database, tmp_path) as process:
            await phone.say(WORDS)
            await until(lambda: acknowledged(line) == 1 and len(own_bot.requests) == 1)
            await kill(process)
        take_over(line)
        await answered_once(line, phone)
        assert len({one["turn_id"] for one in own_bot.requests}) == 1
        assert acknowledged(line) == 1


@pytest.mark.parametrize("kind", ["lost", "slow"])
async def test_g_03_killed_while_line_answers(own_database: str, own_bot: Bot, tmp_path: Path, kind: str) -> None:
    """Killed in the middle of the reply, which LINE has taken or not: sent again with its token, seen once."""
    async with running_line(own_database, own_bot, tmp_path, works=False, **SHORT) as line:
        phone = await line.phone()
        async with to_be_killed(line, own_database, tmp_path) as process:
            await line.fault("reply", kind, seconds=60)
            await phone.say(WORDS)
            await until(lambda: any(one["fault"] == kind for one in line.platform.calls))
            await kill(process)
        await let_lapse(line)
        take_over(line)
        await answered_once(line, phone)


async def test_g_03_killed_before_the_answer_is_sent(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """The turn is committed, and the call for a token, which comes before the reply, hangs: the other gateway replies."""
    async with running_line(own_database, own_bot, tmp_path, works=False, **SHORT) as line:
        phone = await line.phone()
        async with to_be_killed(line, own_database, tmp_path) as process:
            for token in line.platform.access_tokens.values():
                token.revoked = True
            await line.fault("token", "slow", seconds=60)
            await phone.say(WORDS)
            await until(lambda: any(one["operation"] == "token" and one["fault"] for one in line.platform.calls))
            assert len(own_bot.ran) == 1
            await kill(process)
        await let_lapse(line)
        take_over(line)
        await answered_once(line, phone)


async def let_lapse(line: LineStack) -> None:
    """The dead gateway's lease on its answer is over: it lasts longer than a call, and a test does not wait for that."""
    async with line.gateway.gateway.engine.connect() as connection:
        await connection.execute(text("UPDATE outbox SET lease_until = now() WHERE lease_owner IS NOT NULL"))
