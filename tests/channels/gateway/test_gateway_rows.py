# SPDX-License-Identifier: Apache-2.0
"""The promises between gateway and bot on a channel that must be called; for the web they are shown elsewhere here."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from channels.gateway import deliveries as delivery_worker
from tests.channels.gateway.line_stack import LineStack, running_line
from tests.channels.gateway.stack import until
from tests.fakes.bot_server import Bot, Fail, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def restarted(line: LineStack) -> None:
    """The delivery worker dies in the middle of a call, and another takes over what it held."""
    task = line.gateway.tasks[2]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    line.gateway.tasks[2] = asyncio.create_task(line.gateway.gateway.deliveries.run())


@pytest.mark.parametrize("kind", ["lost", "slow"])
async def test_g_03_a_worker_that_dies_while_line_answers(
    own_database: str, own_bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """LINE has the reply and nobody wrote it down, or LINE never gets it: another worker sends it, seen once."""
    monkeypatch.setattr(delivery_worker, "LEASE", 1.0)
    async with running_line(own_database, own_bot, tmp_path, poll=0.2) as line:
        phone = await line.phone()
        await phone.say("ทักทายก่อน")
        await phone.answers(1)
        await line.fault("reply", kind, seconds=4)
        await phone.say("ตายกลางทาง")
        await until(lambda: line.platform.calls[-1]["fault"] == kind)
        await restarted(line)
        [got] = await phone.answers(1)
        assert (got["via"], "ตายกลางทาง" in got["message"]["text"]) == ("reply", True)
        await phone.nothing(4.0)
        assert len(own_bot.turns_of("ตายกลางทาง")) == 1
        assert await line.calls("push") == []


async def test_g_02_quick_messages_are_answered_in_order(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """Five messages at once on LINE: five turns in order, each with a reply of its own, without steps of a second."""
    own_bot.always("ด่วน", Say(takes=0.1))
    async with running_line(own_database, own_bot, tmp_path) as line:
        phone = await line.phone()
        await phone.say("ทักทายก่อน")
        await phone.answers(1)
        began = time.monotonic()
        for number in range(5):
            await phone.say(f"ด่วน {number}")
        got = await phone.answers(5)
        assert time.monotonic() - began < 5 * 0.1 + 1.0
        assert [one["message"]["text"] for one in got] == [f"รับทราบ: ด่วน {number}" for number in range(5)]
        assert {one["via"] for one in got} == {"reply"}
        assert max(own_bot.most_at_once.values()) == 1


async def test_g_07_a_turn_that_fails_is_an_apology_by_reply(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """On LINE, too: one apology, and the next message is answered."""
    own_bot.on("พังแน่นอน", *[Fail(status=502, code="action")] * 2)
    async with running_line(own_database, own_bot, tmp_path, poll=0.2) as line:
        phone = await line.phone()
        await phone.say("พังแน่นอน")
        await line.control("/settle", {})
        await phone.say("ข้อความถัดไป")
        got = await phone.answers(2)
        assert "ขออภัยค่ะ ระบบขัดข้อง" in got[0]["message"]["text"]
        assert any("ข้อความถัดไป" in str(one["message"]) for one in got + await phone.journal())
