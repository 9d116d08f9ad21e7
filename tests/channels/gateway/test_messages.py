# SPDX-License-Identifier: Apache-2.0
"""A message through the real gateway: stored once, answered once, in order, and fetched without gaps."""

from __future__ import annotations

import asyncio
import time
import uuid

import jsonschema
import pytest

from channels.web.schema import EVENTS_SCHEMA
from tests.channels.gateway.stack import Stack, words_of
from tests.fakes.bot_server import Bot, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_message_is_answered(stack: Stack, bot: Bot) -> None:
    """Session, message, answer: the first answer begins with the privacy notice, the next does not."""
    citizen = await stack.citizen()
    first = await citizen.asks("สวัสดีตอนเช้า")
    assert "http://127.0.0.1:8080/privacy" in words_of(first)
    assert "รับทราบ: สวัสดีตอนเช้า" in words_of(first)
    second = await citizen.asks("สวัสดีอีกครั้ง")
    assert words_of(second) == "รับทราบ: สวัสดีอีกครั้ง"
    events = await citizen.events()
    assert [(event["seq"], event["from"]) for event in events] == [
        (1, "citizen"),
        (2, "bot"),
        (3, "citizen"),
        (4, "bot"),
    ]
    jsonschema.validate({"events": events}, EVENTS_SCHEMA)


async def test_the_bot_knows_a_citizen_by_pseudonym_only(stack: Stack, bot: Bot) -> None:
    """Neither session id nor token reaches the bot."""
    citizen = await stack.citizen()
    await citizen.asks("ฉันเป็นใครกันแน่")
    [ran] = bot.turns_of("ฉันเป็นใครกันแน่")
    assert ran.conversation.startswith("web:")
    assert citizen.session not in str(ran.body)
    assert citizen.token not in str(ran.body)


async def test_the_same_id_is_one_turn(stack: Stack, bot: Bot) -> None:
    """The same client UUID again, later: the same number, one turn, one answer (W-01)."""
    citizen, one = await stack.citizen(), str(uuid.uuid4())
    seq = await citizen.send("ส่งซ้ำทีหลัง", one)
    await citizen.answers(1)
    assert await citizen.send("ส่งซ้ำทีหลัง", one) == seq
    assert await citizen.send("ส่งซ้ำทีหลัง", one.upper().replace("-", "")) == seq
    await citizen.asks("ปิดท้าย")
    assert len(bot.turns_of("ส่งซ้ำทีหลัง")) == 1
    assert [event["from"] for event in await citizen.events()] == ["citizen", "bot", "citizen", "bot"]


async def test_the_same_id_twenty_times_at_once_is_one_turn(stack: Stack, bot: Bot) -> None:
    """Twenty requests in parallel with one UUID: one number, one turn; the others count as duplicates."""
    before = await stack.figure("pracha_duplicate_events_total")
    citizen, one = await stack.citizen(), str(uuid.uuid4())
    numbers = await asyncio.gather(*(citizen.send("ส่งพร้อมกันยี่สิบครั้ง", one) for _ in range(20)))
    assert set(numbers) == {1}
    await citizen.answers(1)
    assert len(bot.turns_of("ส่งพร้อมกันยี่สิบครั้ง")) == 1
    assert await stack.figure("pracha_duplicate_events_total") - before == 19


async def test_an_id_belongs_to_its_session(stack: Stack, bot: Bot) -> None:
    """Two citizens may use the same UUID: neither takes the other's message away."""
    one = str(uuid.uuid4())
    somchai, somsri = await stack.citizen(), await stack.citizen()
    assert await somchai.send("ข้อความของสมชาย", one) == 1
    assert await somsri.send("ข้อความของสมศรี", one) == 1
    assert "สมชาย" in words_of((await somchai.answers(1))[0])
    assert "สมศรี" in words_of((await somsri.answers(1))[0])


async def test_g_02_five_quick_messages_are_five_ordered_turns(stack: Stack, bot: Bot) -> None:
    """Five messages in 100 ms: answered in their order, one at a time, with no steps of a second between (G-01, G-02)."""
    turn = 0.1
    bot.always("ด่วน", Say(takes=turn))
    citizen = await stack.citizen()
    began = time.monotonic()
    for number in range(5):
        await citizen.send(f"ด่วน {number}")
        await asyncio.sleep(0.01)
    answers = await citizen.answers(5)
    took = time.monotonic() - began
    assert [words_of(answer).splitlines()[-1] for answer in answers] == [f"รับทราบ: ด่วน {number}" for number in range(5)]
    assert bot.most_at_once[bot.turns_of("ด่วน 0")[0].conversation] == 1
    assert took < 5 * turn + 0.5


async def test_g_01_conversations_do_not_wait_for_one_another(stack: Stack, bot: Bot) -> None:
    """Ten citizens whose turns take a third of a second each are answered together, not one after the other (G-01)."""
    bot.always("ขนาน", Say(takes=0.3))
    citizens = [await stack.citizen() for _ in range(10)]
    began = time.monotonic()
    await asyncio.gather(*(citizen.asks("ขนาน") for citizen in citizens))
    assert time.monotonic() - began < 1.5


async def test_a_waiting_browser_gets_the_answer_at_once(stack: Stack, bot: Bot) -> None:
    """A long-poll wakes within 200 ms of the bot's answer; it waits for no poll."""
    bot.on("รอคำตอบอยู่", Say(takes=0.3))
    citizen = await stack.citizen()
    seq = await citizen.send("รอคำตอบอยู่")
    await citizen.answers(1, after=seq)
    assert time.monotonic() - bot.turns_of("รอคำตอบอยู่")[0].ended < 0.2


async def test_a_poll_without_news_ends_when_it_said(stack: Stack, bot: Bot) -> None:
    """Nothing new: an empty list after the time asked for, and nobody is left waiting."""
    citizen = await stack.citizen()
    began = time.monotonic()
    assert await citizen.events(0, wait=0.3) == []
    assert 0.25 < time.monotonic() - began < 1.5
    assert stack.gateway.hub.waiters == 0


async def test_reading_on_is_exact(stack: Stack, bot: Bot) -> None:
    """`after=N` gives exactly what came later, in order, from any N (W-02)."""
    citizen = await stack.citizen()
    for number in range(4):
        await citizen.asks(f"ข้อที่ {number}")
    everything = await citizen.events()
    assert [event["seq"] for event in everything] == list(range(1, 9))
    for after in range(10):
        assert await citizen.events(after) == everything[after:]


async def test_a_choice_is_a_token_and_its_meaning_stays_here(stack: Stack, bot: Bot) -> None:
    """The browser sees {id, label}; a tap reaches the bot as the payload that was offered; the citizen's line is its label."""
    offered = {
        "type": "choices",
        "text": "เลือกค่ะ",
        "choices": [{"label": "ใช่", "payload": "/affirm"}, {"label": "ไม่", "payload": "/deny"}],
    }
    bot.on("ขอตัวเลือก", Say(blocks=[offered]))
    citizen = await stack.citizen()
    answer = await citizen.asks("ขอตัวเลือก")
    assert "payload" not in str(answer)
    choice = answer["blocks"][-1]["choices"][1]
    assert set(choice) == {"id", "label"}
    status, posted = await citizen.post({"choice": choice["id"]})
    assert status == 202
    await citizen.answers(1, after=posted["seq"])
    assert bot.ran[-1].content == {"choice": {"payload": "/deny", "label": "ไม่"}}
    mine = [event for event in await citizen.events() if event["from"] == "citizen"]
    assert mine[-1]["blocks"] == [{"type": "text", "text": "ไม่"}]


async def test_a_typed_label_is_the_choice(stack: Stack, bot: Bot) -> None:
    """Who types the words on the button means the button; other words are words."""
    offered = {"type": "choices", "text": "", "choices": [{"label": "ยืนยันแจ้งเรื่อง", "payload": "/affirm"}]}
    bot.on("ขอปุ่ม", Say(blocks=[offered]))
    citizen = await stack.citizen()
    await citizen.asks("ขอปุ่ม")
    await citizen.asks(" ยืนยันแจ้งเรื่อง")
    assert bot.ran[-1].content == {"choice": {"payload": "/affirm", "label": "ยืนยันแจ้งเรื่อง"}}
    await citizen.asks("ยืนยันแจ้งเรื่องนี้ด้วย")
    assert bot.ran[-1].content == {"text": "ยืนยันแจ้งเรื่องนี้ด้วย"}


async def test_only_the_newest_offer_can_be_typed(stack: Stack, bot: Bot) -> None:
    """After another answer the label is a word again; what the gateway says by itself in between changes nothing."""
    offered = {"type": "choices", "text": "", "choices": [{"label": "ตกลงแจ้งเลย", "payload": "/affirm"}]}
    bot.on("ขอปุ่มเดิม", Say(blocks=[offered]), Say(blocks=[offered]))
    citizen = await stack.citizen()
    await citizen.asks("ขอปุ่มเดิม")
    await citizen.asks("👍")
    await citizen.asks("ตกลงแจ้งเลย")
    assert bot.ran[-1].content == {"choice": {"payload": "/affirm", "label": "ตกลงแจ้งเลย"}}
    await citizen.asks("ขอปุ่มเดิม")
    await citizen.asks("เปลี่ยนเรื่อง")
    await citizen.asks("ตกลงแจ้งเลย")
    assert bot.ran[-1].content == {"text": "ตกลงแจ้งเลย"}


async def test_a_choice_that_means_nothing_is_explained(stack: Stack, bot: Bot) -> None:
    """A token of nowhere is answered by the gateway itself, and the bot is not asked."""
    citizen = await stack.citizen()
    await citizen.asks("เริ่มต้นก่อน")
    asked = len(bot.requests)
    for token in ("9.0.0", "2.0.99", "1.0.0", "ไม่มี", "../../x"):
        status, posted = await citizen.post({"choice": token})
        assert status == 202
        [answer] = await citizen.answers(1, after=posted["seq"])
        assert answer["from"] == "system"
        assert words_of(answer)
    assert len(bot.requests) == asked


async def test_a_pin_and_its_echo(stack: Stack, bot: Bot) -> None:
    """A location reaches the bot as numbers and is shown again as a pin."""
    citizen = await stack.citizen()
    status, posted = await citizen.post({"location": {"lat": 18.79, "lon": 98.98}})
    assert status == 202
    await citizen.answers(1, after=posted["seq"])
    assert bot.ran[-1].content == {"location": {"lat": 18.79, "lon": 98.98}}
    assert (await citizen.events())[0]["blocks"] == [{"type": "location", "lat": 18.79, "lon": 98.98}]


async def test_the_language_of_a_session(stack: Stack, bot: Bot) -> None:
    """The session's language goes to the bot with each message and rules the gateway's own words; a message can change it."""
    citizen = await stack.citizen("en")
    assert "Your rights" in words_of(await citizen.asks("good morning"))
    assert bot.turns_of("good morning")[0].body["locale"] == "en"
    _, posted = await citizen.post({"text": "ภาษาไทยนะ", "locale": "th"})
    await citizen.answers(1, after=posted["seq"])
    assert bot.turns_of("ภาษาไทยนะ")[0].body["locale"] == "th"
