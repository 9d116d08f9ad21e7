# SPDX-License-Identifier: Apache-2.0
"""What goes out to LINE: a reply where one is possible, else a push, each once, and what happens when LINE refuses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Row, text

from channels.gateway import deliveries as delivery_worker
from store import outbox
from tests.channels.gateway.line_stack import LineStack, Phone, running_line
from tests.channels.gateway.stack import TOKEN, until
from tests.fakes.bot_server import Bot, Say, running_bot
from tests.store.copies import copy_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

WAITING = "ได้รับข้อความแล้วค่ะ"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(template_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LineStack]:
    """A gateway on LINE that the tests share which change no quota; each has people of its own."""
    async with running_bot(TOKEN) as bot:
        with copy_of(template_url) as url:
            async with running_line(url, bot, Path(tmp_path_factory.mktemp("line")), poll=0.5) as stack:
                yield stack


@pytest_asyncio.fixture(loop_scope="session")
async def own_line(own_database: str, own_bot: Bot, tmp_path: Path) -> AsyncIterator[LineStack]:
    """A gateway and a platform of one test's own."""
    async with running_line(own_database, own_bot, tmp_path, poll=0.3) as stack:
        yield stack


async def friend(line: LineStack) -> Phone:
    """Somebody who has had the notice about privacy, so that each answer is one message."""
    phone = await line.phone()
    await phone.say("ทักทายก่อน")
    await phone.answers(1)
    return phone


async def rows(line: LineStack, statement: str, **values: Any) -> list[Row[Any]]:
    async with line.gateway.gateway.engine.connect() as connection:
        return list((await connection.execute(text(statement), values)).all())


async def last_delivery(line: LineStack) -> Row[Any]:
    """The newest answer and its newest call; the call's columns are empty while there is none."""
    [row] = await rows(
        line,
        "SELECT d.*, o.state AS answer, o.reason AS why FROM outbox o LEFT JOIN deliveries d ON d.outbox_id = o.id "
        "ORDER BY o.id DESC, d.id DESC LIMIT 1",
    )
    return row


async def notice(line: LineStack, words: str) -> None:
    """News on our own account (a case's new state, say) for whoever wrote last."""
    gateway = line.gateway.gateway
    [row] = await rows(line, "SELECT conversation_id AS id FROM inbox ORDER BY id DESC LIMIT 1")
    await outbox.say(gateway.engine, gateway.seal, row.id, [{"type": "text", "text": words}], pulled=False)


async def is_old(line: LineStack, words: str, seconds: int) -> None:
    """The message that the bot is working on came that long ago, for us and for LINE."""
    await until(lambda: any(one.get("text") == words for one in line.bot.requests))
    line.platform.clock.advance(seconds)
    await rows(
        line,
        "UPDATE inbox SET received_at = now() - make_interval(secs => :seconds) "
        "WHERE id = (SELECT max(id) FROM inbox) RETURNING id",
        seconds=seconds,
    )


async def test_l_out_02_a_token_is_used_once_and_never_after_its_budget(line: LineStack) -> None:
    """Fifty seconds after its event no reply is even tried, although LINE would take one for ten more."""
    phone = await friend(line)
    replies = len(await line.calls("reply"))
    line.bot.on("คิดนานห้าสิบวิ", Say(takes=0.6))
    await phone.say("คิดนานห้าสิบวิ")
    await is_old(line, "คิดนานห้าสิบวิ", 52)
    [got] = await phone.answers(1)
    assert got["via"] == "push"
    line.bot.on("คิดสี่สิบวิ", Say(takes=0.6))
    await phone.say("คิดสี่สิบวิ")
    await is_old(line, "คิดสี่สิบวิ", 40)
    [got] = await phone.answers(1)
    assert got["via"] == "reply"
    calls = await line.calls("reply")
    assert len(calls) == replies + 1
    tokens = [one["body"]["replyToken"] for one in calls]
    assert len(tokens) == len(set(tokens))


async def test_l_out_02_what_does_not_fit_a_reply_is_pushed_in_order(line: LineStack) -> None:
    """More than five objects: the reply takes the first five, pushes the rest, each with a key of its own."""
    phone = await friend(line)
    pictures = [{"type": "image", "url": f"https://x.example/{number}.jpg", "alt": ""} for number in range(12)]
    line.bot.on("สิบสองภาพ", Say(blocks=pictures))
    pushes = len(await line.calls("push"))
    await phone.say("สิบสองภาพ")
    got = await phone.answers(12)
    shown = [one["message"].get("originalContentUrl") for one in got if one["message"]["type"] == "image"]
    assert shown == [one["url"] for one in pictures]
    vias = [one["via"] for one in got]
    assert vias == ["reply"] * 5 + ["push"] * (len(got) - 5)
    keys = [one["retry_key"] for one in (await line.calls("push"))[pushes:]]
    assert len(keys) == len(set(keys)) == -(-(len(got) - 5) // 5)


@pytest.mark.parametrize("kind", ["error", "html", "drop"])
async def test_l_out_04_a_reply_that_line_did_not_take_is_sent_again(line: LineStack, kind: str) -> None:
    """5xx or a cut line before the effect: the same reply again, delivered once, nothing pushed."""
    phone = await friend(line)
    pushes = len(await line.calls("push"))
    await line.fault("reply", kind)
    await phone.say("ไลน์สะดุด")
    [got] = await phone.answers(1)
    assert got["via"] == "reply"
    await phone.nothing(1.5)
    first, second = (await line.calls("reply"))[-2:]
    assert first["body"] == second["body"]
    assert len(await line.calls("push")) == pushes


@pytest.mark.parametrize("kind", ["cut", "error_after"])
async def test_l_out_05_a_push_whose_answer_was_lost_is_repeated_with_its_key(line: LineStack, kind: str) -> None:
    """The same key, the same body, 409: delivered once, and the request that did it is on record."""
    phone = await friend(line)
    await line.fault("push", kind)
    await notice(line, "ข่าวที่คำตอบหาย")
    [got] = await phone.answers(1)
    assert got["via"] == "push"
    await until(lambda: line.platform.calls[-1]["status"] == 409)
    await phone.nothing(0.5)
    first, second = (await line.calls("push"))[-2:]
    assert (first["retry_key"], first["body"]) == (second["retry_key"], second["body"])
    row = await last_delivery(line)
    assert (row.state, row.accepted_request_id, row.request_id) == ("sent", first["request_id"], second["request_id"])


async def test_l_out_07_a_refusal_is_a_dead_letter(line: LineStack) -> None:
    """400 that is not about the token: not tried again, kept for staff with its words, counted; the next answer goes out."""
    phone = await friend(line)
    line.bot.on("ไลน์ไม่รับ", Say(blocks=[{"type": "text", "text": "คำตอบที่ไลน์ไม่รับ"}]))
    await line.fault("reply", "not_found")
    before = len(await line.calls("reply"))
    await phone.say("ไลน์ไม่รับ")

    async def is_dead() -> bool:
        return bool((await last_delivery(line)).state == "dead")

    await until(is_dead)
    row = await last_delivery(line)
    assert (row.answer, row.attempts, row.reason, row.messages is None) == ("dead", 1, "status 404; Not found", False)
    await phone.nothing(1.5)
    assert len(await line.calls("reply")) == before + 1
    _, figures = await line.gateway.ask("GET", "/metrics", token=None)
    assert 'pracha_deliveries_total{channel="line",method="reply",result="rejected"} 1.0' in figures
    await phone.say("ข้อความต่อไป")
    [got] = await phone.answers(1)
    assert "ข้อความต่อไป" in got["message"]["text"]


async def test_l_out_08_a_rate_limit_is_waited_out(own_line: LineStack) -> None:
    """429 for the rate: later again with the same key; the order of the news is kept."""
    line = own_line
    phone = await friend(line)
    await line.fault("push", "rate_limit", times=2)
    began = time.monotonic()
    await notice(line, "ข่าวหนึ่ง")
    await notice(line, "ข่าวสอง")
    got = await phone.answers(2)
    assert [one["message"]["text"] for one in got] == ["ข่าวหนึ่ง", "ข่าวสอง"]
    assert time.monotonic() - began > 2.9  # one second, then two
    calls = await line.calls("push")
    assert [one["status"] for one in calls] == [429, 429, 200, 200]
    assert len({one["retry_key"] for one in calls}) == 2


async def test_l_out_08_a_spent_quota_stops_pushes_and_no_replies(own_line: LineStack) -> None:
    """The month's limit: that push is a dead letter, the next is not even tried, replies go on."""
    line = own_line
    phone = await friend(line)
    await line.fault("push", "monthly_limit")
    for words in ("ข่าวที่เกินโควตา", "ข่าวถัดไป"):
        await notice(line, words)

    async def both_dead() -> bool:
        found = await rows(line, "SELECT reason FROM outbox WHERE state = 'dead'")
        return [one.reason for one in found] == ["quota_spent"] * 2

    await until(both_dead)
    assert [one["status"] for one in await line.calls("push")] == [429]
    await phone.say("ยังตอบได้ไหม")
    [got] = await phone.answers(1)
    assert (got["via"], "ยังตอบได้ไหม" in got["message"]["text"]) == ("reply", True)


async def test_l_out_08_the_reserve_is_for_what_cannot_wait(own_line: LineStack) -> None:
    """With few pushes left a late answer is not pushed; news of a case is, until there are none."""
    line = own_line
    phone = await friend(line)
    await line.control("", {"limits": {"monthly_quota": 100}, "quota_used": 98})
    line.bot.on("ตอบช้ามาก", Say(takes=0.5))
    await phone.say("ตอบช้ามาก")
    await is_old(line, "ตอบช้ามาก", 70)
    await phone.nothing(1.5)
    row = await last_delivery(line)
    assert (row.answer, row.why) == ("dead", "quota_spent")
    assert await line.calls("push") == []
    for number in range(3):
        await notice(line, f"เรื่องของคุณคืบหน้า {number}")
    got = await phone.answers(2)
    assert [one["message"]["text"] for one in got] == ["เรื่องของคุณคืบหน้า 0", "เรื่องของคุณคืบหน้า 1"]
    await phone.nothing(1.0)
    assert len(await line.calls("push")) == 2


async def test_l_out_09_accepted_is_not_delivered(own_line: LineStack) -> None:
    """LINE says 200 for somebody who has blocked us: we say that it was sent, and nothing more."""
    line = own_line
    phone = await friend(line)
    line.platform.users[phone.user].blocked = True
    await notice(line, "ข่าวที่ไม่มีใครเห็น")

    async def is_sent() -> bool:
        return bool((await last_delivery(line)).state == "sent")

    await until(is_sent)
    row = await last_delivery(line)
    assert (row.answer, row.request_id is not None) == ("sent", True)
    assert not any("deliver" in str(one) or "read" in str(one) for one in (row.state, row.answer, row.reason, row.why))

    async def is_counted() -> bool:
        _, figures = await line.gateway.ask("GET", "/metrics", token=None)
        return 'pracha_deliveries_total{channel="line",method="push",result="sent"} 1.0' in figures

    await until(is_counted)


async def test_l_out_14_the_animation_shows_after_a_second(own_line: LineStack) -> None:
    """An answer that takes longer than a second: one loading call with seconds that LINE allows; a quick one: none."""
    line = own_line
    phone = await friend(line)
    assert await line.calls("loading") == []
    line.bot.on("คิดสองวินาที", Say(takes=2.0))
    began = time.monotonic()
    await phone.say("คิดสองวินาที")
    await until(lambda: any(one["operation"] == "loading" for one in line.platform.calls))
    assert 0.9 < time.monotonic() - began < 1.7
    await phone.answers(1)
    [call] = await line.calls("loading")
    assert (call["status"], call["body"]) == (200, {"chatId": phone.user, "loadingSeconds": 20}) or call[
        "status"
    ] == 202
    assert call["body"]["loadingSeconds"] in {5, *range(10, 61, 5)}


@pytest.mark.parametrize("kind", ["slow", "error", "drop"])
async def test_l_out_14_an_animation_that_fails_delays_nothing(line: LineStack, kind: str) -> None:
    """The loading call hangs or fails: the answer comes when the bot has it."""
    phone = await friend(line)
    await line.fault("loading", kind, **({"seconds": 3} if kind == "slow" else {}))
    line.bot.on("คิดวินาทีครึ่ง", Say(takes=1.5))
    began = time.monotonic()
    await phone.say("คิดวินาทีครึ่ง")
    [got] = await phone.answers(1)
    assert got["via"] == "reply"
    assert time.monotonic() - began < 2.3
    if kind != "slow":
        assert (await line.calls("loading"))[-1]["fault"] == kind


async def test_l_out_15_a_refused_token_is_renewed_once(line: LineStack) -> None:
    """LINE no longer knows our token: one new one, the same reply again, and the citizen sees nothing of it."""
    phone = await friend(line)
    tokens = len(await line.calls("token"))
    for token in line.platform.access_tokens.values():
        token.revoked = True
    await phone.say("โทเคนหมดอายุ")
    [got] = await phone.answers(1)
    assert got["via"] == "reply"
    assert [one["status"] for one in (await line.calls("reply"))[-2:]] == [401, 200]
    assert len(await line.calls("token")) == tokens + 1


async def test_l_out_15_a_channel_that_is_shut_pauses_and_costs_no_answer(
    own_line: LineStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused again and again until somebody mends the settings: the answer waits, however long, and then goes out."""
    line = own_line
    monkeypatch.setattr(delivery_worker, "_PAUSE", 0.05)
    phone = await friend(line)
    await line.fault("reply", "unauthorised", times=24)
    await line.fault("reply", "error")
    await phone.say("รอแก้การตั้งค่า")
    [got] = await phone.answers(1)
    assert got["via"] == "reply"

    async def is_sent() -> bool:
        row = await last_delivery(line)
        return (row.state, row.attempts > 12) == ("sent", True)

    await until(is_sent)


async def test_the_word_about_waiting_is_the_reply_and_the_answer_is_pushed(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """When the token's time is nearly over the citizen is told to wait by reply; the answer comes by push."""
    settings: dict[str, Any] = {"tell_waiting_on_push_after": 1.3, "poll": 0.3}
    async with running_line(own_database, own_bot, tmp_path, **settings) as line:
        phone = await friend(line)
        own_bot.on("คิดนานเกินไป", Say(takes=2.2))
        began = time.monotonic()
        await phone.say("คิดนานเกินไป")
        [interim] = await phone.answers(1)
        assert (interim["via"], interim["message"]["text"].startswith(WAITING)) == ("reply", True)
        assert 1.2 < time.monotonic() - began < 2.0
        [answer] = await phone.answers(1)
        assert (answer["via"], "คิดนานเกินไป" in answer["message"]["text"]) == ("push", True)
        await phone.nothing()
        assert len(await line.calls("push")) == 1


async def test_an_unfollow_stops_an_answer_in_its_middle(own_line: LineStack) -> None:
    """An answer of several calls: blocked during the first push, the next is not made."""
    line = own_line
    phone = await friend(line)
    pictures = [{"type": "image", "url": f"https://x.example/{number}.jpg", "alt": ""} for number in range(15)]
    line.bot.on("สิบห้าภาพ", Say(blocks=pictures))
    await line.fault("push", "slow", seconds=1.0)
    await phone.say("สิบห้าภาพ")
    await until(lambda: any(one["operation"] == "push" for one in line.platform.calls))
    await phone.do("block")
    await asyncio.sleep(1.6)
    assert len(await line.calls("push")) == 1
    [row] = await rows(line, "SELECT state FROM outbox ORDER BY id DESC LIMIT 1")
    assert row.state == "cancelled"
