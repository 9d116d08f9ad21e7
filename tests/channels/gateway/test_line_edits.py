# SPDX-License-Identifier: Apache-2.0
"""Messages that are edited or taken back, in whatever order LINE tells of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, text

from tests.channels.gateway.line_stack import LineStack, running_line
from tests.channels.gateway.stack import PHOTO, until
from tests.fakes.bot_server import Bot, Fail, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def rows(line: LineStack, statement: str, **values: Any) -> list[Row[Any]]:
    async with line.gateway.gateway.engine.connect() as connection:
        return list((await connection.execute(text(statement), values)).all())


def workers(line: LineStack) -> list[asyncio.Task[None]]:
    """The workers, who begin only now."""
    gateway = line.gateway
    return [asyncio.create_task(gateway.worker.run()), asyncio.create_task(gateway.gateway.deliveries.run())]


def asked(line: LineStack) -> list[str]:
    """The words of each request to the bot."""
    return [str(one["text"]) for one in line.bot.requests]


@pytest.mark.parametrize("order", ["kept", "reversed", "shuffled"])
@pytest.mark.parametrize("held", ["edits", "message and edits"])
async def test_l_in_12_before_its_turn_the_newest_words_are_answered(
    own_database: str, own_bot: Bot, tmp_path: Path, order: str, held: str
) -> None:
    """Edited three times before the turn, told in any order, even before the message itself: one turn, the last words."""
    async with running_line(own_database, own_bot, tmp_path, works=False) as line:
        phone = await line.phone()
        if held == "message and edits":
            await line.control("", {"webhook": {"hold": True}})
        message = await phone.say("น้ำไม่ไหล")
        await line.control("/settle", {})
        await line.control("", {"webhook": {"hold": True}})
        for words in ("น้ำไม่ไหลที่ซอยหนึ่ง", "น้ำไม่ไหลที่ซอยสอง", "ไฟดับที่ซอยสาม"):
            line.platform.clock.advance(1)
            await phone.do("edit", {"messageId": message, "text": words})
        await line.control("/release", {"order": order, "one_webhook": False})
        await line.control("/settle", {})
        await line.control("/redeliver", {"times": 2, "parallel": True})
        line.gateway.tasks.extend(workers(line))
        answer = await phone.hears("ไฟดับที่ซอยสาม")
        assert answer["via"] == "reply"
        await phone.nothing()
        assert asked(line) == ["ไฟดับที่ซอยสาม"]
        assert await line.gateway.figure("pracha_inbox_waiting") == 0


async def test_l_in_12_after_its_turn_an_edit_is_only_kept(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """Answered, then edited: nothing is said and no bot is asked; the new words are kept, sealed, and go with an unsend."""
    async with running_line(own_database, own_bot, tmp_path) as line:
        phone = await line.phone()
        message = await phone.say("คำเดิม")
        await phone.answers(1)
        await phone.do("edit", {"messageId": message, "text": "คำที่แก้ทีหลัง"})
        await line.control("/settle", {})
        await phone.nothing()
        assert asked(line) == ["คำเดิม"]
        [kept] = await rows(line, "SELECT payload, state, conversation_id AS id FROM inbox WHERE kind = 'edited'")
        opened = line.gateway.gateway.seal.open_json(kept.payload, f"inbox:{kept.id}")
        assert (kept.state, opened["content"]) == ("done", {"kind": "message", "text": "คำที่แก้ทีหลัง"})
        assert "คำที่แก้ทีหลัง".encode() not in bytes(kept.payload)
        await phone.do("unsend", {"messageId": message})

        async def nothing_left() -> bool:
            left = await rows(
                line,
                "SELECT FROM inbox WHERE message_id = :id AND payload IS NOT NULL AND kind <> 'unsend'",
                id=message,
            )
            return not left

        await until(nothing_left)


async def test_l_in_12_a_turn_that_is_tried_again_has_the_edited_words(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """The bot fails, the citizen corrects the words, the second try is with them: nothing was answered yet."""
    own_bot.on("พิมพ์ผิด", Fail(status=503, code="no_model", takes=0.3))
    async with running_line(own_database, own_bot, tmp_path, poll=0.2) as line:
        phone = await line.phone()
        message = await phone.say("พิมพ์ผิด")
        await until(lambda: asked(line) == ["พิมพ์ผิด"])
        await phone.do("edit", {"messageId": message, "text": "พิมพ์ถูก"})
        await phone.hears("พิมพ์ถูก")
        assert len({one["turn_id"] for one in own_bot.requests}) == 1


async def test_l_in_11_what_was_taken_back_before_it_came_is_never_answered(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """The unsend overtakes its message, its edit and a photo: no turn, no fetch, no words; the next message is answered."""
    async with running_line(own_database, own_bot, tmp_path) as line:
        phone = await line.phone()
        await phone.say("สวัสดี")
        await phone.answers(1)
        await line.control("", {"webhook": {"hold": True}})
        gone = await phone.say("ความลับที่ถอนไปแล้ว")
        await phone.do("edit", {"messageId": gone, "text": "ความลับที่แก้แล้วถอน"})
        photo = await phone.photo(PHOTO)
        late = line.platform.held[:]
        line.platform.held.clear()
        line.platform.webhook.hold = False
        for message in (gone, photo):
            await phone.do("unsend", {"messageId": message})
        await line.control("/settle", {})
        line.platform.held.extend(late)
        await line.control("/release", {"one_webhook": False})
        await line.control("/settle", {})
        await phone.nothing()
        assert asked(line) == ["สวัสดี"]
        assert await line.calls("content") == []
        found = await rows(
            line, "SELECT kind, state, payload FROM inbox WHERE message_id = ANY(:ids) AND kind <> 'unsend' ORDER BY kind",
            ids=[gone, photo],
        )  # fmt: skip
        assert [tuple(one) for one in found] == [
            ("attachment", "cancelled", None), ("edited", "done", None), ("message", "cancelled", None),
        ]  # fmt: skip
        assert await line.gateway.figure("pracha_inbox_waiting") == 0
        await phone.say("ข้อความต่อไป")
        await phone.hears("ข้อความต่อไป")


async def test_l_in_11_a_message_and_its_unsend_at_the_same_moment(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """Twenty people take back what they have just written, both told at once: whoever wins, no words are left."""
    own_bot.default = Say(takes=0.02)
    async with running_line(own_database, own_bot, tmp_path) as line:
        phones = [await line.phone() for _ in range(20)]
        await line.control("", {"webhook": {"hold": True}})
        for number, phone in enumerate(phones):
            message = await phone.say(f"ถอนทันที {number}")
            await phone.do("unsend", {"messageId": message})
        await line.control("/release", {"order": "shuffled", "one_webhook": False})
        await line.control("/settle", {})

        async def settled() -> bool:
            open_ = await rows(line, "SELECT FROM inbox WHERE state IN ('todo', 'doing')")
            return not open_

        await until(settled)
        assert await rows(line, "SELECT id FROM inbox WHERE kind = 'message' AND payload IS NOT NULL") == []
