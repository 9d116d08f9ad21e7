# SPDX-License-Identifier: Apache-2.0
"""LINE end to end in one process: a phone, the platform, the gateway, a bot; the SDK's requests on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from tests.channels.gateway.line_stack import LineStack, running_line
from tests.channels.gateway.stack import TOKEN
from tests.fakes.bot_server import Say, running_bot
from tests.store.copies import copy_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


def said(*texts: str) -> Say:
    return Say(blocks=[{"type": "text", "text": one} for one in texts])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def line(template_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LineStack]:
    """A gateway on LINE that the tests share; each has people of its own."""
    async with running_bot(TOKEN) as bot:
        with copy_of(template_url) as url:
            async with running_line(url, bot, Path(tmp_path_factory.mktemp("line")), poll=0.5) as stack:
                yield stack


async def test_l_out_01_a_turn_is_one_reply(line: LineStack) -> None:
    """Three messages of the bot arrive together, in order, by one reply and no push."""
    phone = await line.phone()
    line.bot.on("สามข้อความ", said("หนึ่ง", "สอง", "สาม"))
    before = len(await line.calls("reply"))
    await phone.say("สามข้อความ")
    got = await phone.answers(2)
    words = " ".join(one["message"]["text"] for one in got)
    assert [words.index(one) for one in ("หนึ่ง", "สอง", "สาม")] == sorted(
        words.index(one) for one in ("หนึ่ง", "สอง", "สาม")
    )
    assert {one["via"] for one in got} == {"reply"}
    await phone.nothing()
    assert len(await line.calls("reply")) == before + 1


async def test_l_in_06_a_storm_of_redeliveries_is_one_turn(line: LineStack) -> None:
    """The same event ten times, also at once, is one turn and one answer."""
    phone = await line.phone()
    await phone.say("ครั้งเดียวพอ")
    await phone.answers(1)
    outcomes = await line.control("/redeliver", {"times": 10, "parallel": True})
    assert len(outcomes["outcomes"]) == 10
    await phone.nothing()
    assert len(line.bot.turns_of("ครั้งเดียวพอ")) == 1


async def test_l_out_03_a_reply_whose_answer_was_lost_is_seen_once(line: LineStack) -> None:
    """The platform took the reply, its answer was lost: the same token again says so, and nothing is pushed."""
    phone = await line.phone()
    await phone.say("ทักทายก่อน")
    await phone.answers(1)
    await line.fault("reply", "cut")
    await phone.say("คำตอบที่หายกลางทาง")
    await phone.answers(1)
    await phone.nothing(3.0)
    assert await line.calls("push") == []


async def test_l_out_05_an_old_token_becomes_a_push(line: LineStack) -> None:
    """When the reply is no longer possible, the answer is pushed once, with a retry key."""
    phone = await line.phone()
    await phone.say("ทักทายก่อน")
    await phone.answers(1)
    line.bot.on("ตอบช้าไป", Say(takes=0.4))
    await phone.say("ตอบช้าไป")
    await asyncio.sleep(0.2)
    line.platform.clock.advance(70)
    [got] = await phone.answers(1)
    assert got["via"] == "push"
    [call] = await line.calls("push")
    assert call["retry_key"]


async def test_l_in_13_follow_is_greeted_and_unfollow_is_silent(line: LineStack) -> None:
    """A new friend gets a welcome with choices by reply; who blocks gets nothing."""
    phone = await line.phone(friend=False)
    await phone.do("follow")
    got = await phone.answers(1)
    assert "สวัสดีค่ะ" in str(got)
    assert "quickReply" in str(got)
    await phone.do("block")
    await asyncio.sleep(0.5)
    async with line.gateway.gateway.engine.connect() as connection:
        states = set((await connection.scalars(text("SELECT state FROM contacts"))).all())
    assert "blocked" in states


async def test_l_in_14_a_sticker_is_thanked_for(line: LineStack) -> None:
    """Never "I do not understand"; the bot is not even asked."""
    phone = await line.phone()
    asked = len(line.bot.requests)
    await phone.do("sticker", {"packageId": "446", "stickerId": "1988"})
    [got] = await phone.answers(1)
    assert "สติกเกอร์" in got["message"]["text"]
    assert len(line.bot.requests) == asked


async def test_l_in_11_a_message_taken_back_is_forgotten(line: LineStack) -> None:
    """After its answer: its words leave the ledger, and the bot is told which turn to forget."""
    phone = await line.phone()
    message = await phone.say("ขอถอนคำพูดนี้")
    await phone.answers(1)
    await phone.do("unsend", {"messageId": message})
    await asyncio.sleep(1.0)
    async with line.gateway.gateway.engine.connect() as connection:
        row = (
            await connection.execute(
                text("SELECT payload, turn_id FROM inbox WHERE message_id = :id AND kind = 'message'"), {"id": message}
            )
        ).one()
    assert row.payload is None
    assert str(row.turn_id) in str(line.bot.erased_turns)


async def test_choices_are_tapped_by_a_token(line: LineStack) -> None:
    """L-OUT-13: what travels in a postback is a short token of ours; the bot gets what it means."""
    phone = await line.phone()
    line.bot.on(
        "เลือกหน่อย",
        Say(
            blocks=[
                {
                    "type": "choices",
                    "text": "เรื่องไหนคะ",
                    "choices": [{"label": "ไฟดับ", "payload": "/start_city_report"}],
                }
            ]
        ),
    )
    await phone.say("เลือกหน่อย")
    got = await phone.answers(2)
    action = got[-1]["message"]["quickReply"]["items"][0]["action"]
    assert action["type"] == "postback"
    await phone.do("postback", {"data": action["data"]})
    await phone.answers(1)
    assert line.bot.ran[-1].said == "/start_city_report"
