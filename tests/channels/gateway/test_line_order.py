# SPDX-License-Identifier: Apache-2.0
"""The order of what happened, not of what was delivered; and how quickly a webhook is acknowledged."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.channels.gateway.line_stack import LineStack, running_line
from tests.channels.gateway.stack import until
from tests.fakes.bot_server import Bot, Hang, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def late_turns(line: LineStack) -> list[tuple[str, bool]]:
    """(words, late) of the turns in their order."""
    async with line.gateway.gateway.engine.connect() as connection:
        found = (await connection.execute(text("SELECT id, late FROM turns ORDER BY finished_at"))).all()
    words = {one["turn_id"]: str(one.get("text")) for one in line.bot.requests}
    return [(words[str(one.id)], one.late) for one in found]


async def test_l_in_09_a_late_event_is_flagged(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """Older than one that was answered already: answered once, and its turn, a figure and the log say that it was late."""
    async with running_line(own_database, own_bot, tmp_path) as line:
        phone = await line.phone()
        await line.control("", {"webhook": {"hold": True}})
        for words in ("มาช้าหนึ่ง", "มาช้าสอง"):
            await phone.say(words)
            line.platform.clock.advance(1)
        line.platform.webhook.hold = False
        await phone.say("มาก่อน")
        await phone.answers(1)
        await line.control("/release", {"one_webhook": False})
        await phone.answers(2)
        await phone.say("มาตามเวลา")
        await phone.answers(1)
        first, *late, last = await late_turns(line)
        assert (first, last) == (("มาก่อน", False), ("มาตามเวลา", False))
        # Two webhooks at once: which of the two late ones comes first is up to the network.
        assert sorted(late) == [("มาช้าสอง", True), ("มาช้าหนึ่ง", True)]
        assert await line.gateway.figure("pracha_late_events_total") == 2


async def test_l_in_09_what_happened_in_one_moment_is_ordered_by_its_id(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """The same millisecond, delivered one by one in the wrong order while the person waits: by `webhookEventId`."""
    own_bot.on("รอก่อน", Say(takes=0.8))
    async with running_line(own_database, own_bot, tmp_path) as line:
        phone = await line.phone()
        await phone.say("รอก่อน")
        await until(lambda: bool(own_bot.requests))
        moment = line.platform.clock.now_ms()
        for number in (3, 1, 2):
            event: dict[str, Any] = {
                "type": "message",
                "webhookEventId": f"01J00000000000000000000000{number}",
                "timestamp": moment,
                "source": {"type": "user", "userId": phone.user},
                "message": {"id": f"9{number}", "type": "text", "text": f"ลำดับ {number}"},
            }
            assert (await line.control("/webhook", {"events": [event]}))["status"] == 200
        await phone.answers(4)
        assert [one.said for one in own_bot.ran] == ["รอก่อน", "ลำดับ 1", "ลำดับ 2", "ลำดับ 3"]


async def test_l_in_04_a_bot_that_hangs_delays_no_acknowledgement(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """The bot takes turns and never answers: 50 webhooks at a time, 300 in all, are acknowledged within two seconds."""
    own_bot.default = Hang()
    async with running_line(own_database, own_bot, tmp_path, turn_deadline=60.0, tell_waiting_after=60.0) as line:
        people = [(await line.phone()).user for _ in range(50)]
        taken: list[float] = []

        async def deliver(user: str, number: int) -> None:
            event = {
                "type": "message",
                "source": {"type": "user", "userId": user},
                "message": {"id": str(time.time_ns()), "type": "text", "text": f"ข้อความที่ {number}"},
            }
            outcome = await line.control("/webhook", {"events": [event]})
            assert outcome["status"] == 200, outcome
            taken.append(outcome["milliseconds"] / 1000)

        for number in range(6):
            await asyncio.gather(*(deliver(user, number) for user in people))
        taken.sort()
        assert len(taken) == 300
        assert taken[int(len(taken) * 0.99) - 1] < 2.0
        assert own_bot.ran == []
        assert len(own_bot.requests) >= 10
        assert await line.gateway.figure("pracha_inbox_waiting") == 300


async def test_a_language_that_was_chosen_by_the_menu_is_kept(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """The English menu was switched to: what we say from then on is English, and so is what the bot is asked for."""
    async with running_line(own_database, own_bot, tmp_path) as line:
        phone = await line.phone()
        await phone.say("สวัสดี")
        await phone.answers(1)
        params = {"newRichMenuAliasId": "menu-en", "status": "SUCCESS"}
        await phone.do("postback", {"data": "menu-en", "params": params})
        await line.control("/settle", {})
        await phone.do("sticker", {"packageId": "446", "stickerId": "1988"})
        [answer] = await phone.answers(1)
        assert "sticker" in answer["message"]["text"].lower()
        await phone.say("hello")
        await phone.answers(1)
        assert [one["locale"] for one in own_bot.requests] == ["th", "en"]
