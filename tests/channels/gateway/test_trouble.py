# SPDX-License-Identifier: Apache-2.0
"""Behaviour under trouble: a bot that is down, hangs, fails or talks nonsense; nobody is left without a word."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from store import dead
from tests.channels.gateway.stack import Citizen, Stack, config_for, running_gateway, until, words_of
from tests.fakes.bot_server import Bot, Drop, Fail, Hang, Raw, Say, Step

WAITING = "ได้รับข้อความแล้วค่ะ"
APOLOGY = "ขออภัยค่ะ ระบบขัดข้อง"

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(autouse=True)
def no_memory_of_other_tests(moody_bot: Bot) -> None:
    moody_bot.requests.clear()
    moody_bot.ran.clear()


async def letters_of(stack: Stack, bot: Bot) -> list[dead.DeadLetter]:
    """The dead letters of the conversation that spoke to the bot last."""
    conversation = bot.requests[-1]["conversation"]
    return [letter for letter in await dead.list_dead(stack.gateway.engine) if letter.conversation == conversation]


async def everything(citizen: Citizen) -> list[tuple[str, str]]:
    """(author, last line) of the whole conversation."""
    return [(event["from"], words_of(event).splitlines()[-1]) for event in await citizen.events()]


async def test_a_message_waits_for_a_bot_that_is_down(impatient: Stack, moody_bot: Bot) -> None:
    """The bot is down: the message is taken, a notice comes once after a while, the answer when the bot is back."""
    citizen = await impatient.citizen()
    await moody_bot.down()
    assert await citizen.send("บอทไม่อยู่") == 1
    [notice] = await citizen.answers(1)
    assert (notice["from"], words_of(notice)[: len(WAITING)]) == ("system", WAITING)
    status, health = await impatient.ask("GET", "/health/ready")
    assert (status, health) == (503, {"ready": False, "missing": ["bot"]})
    await citizen.send("ยังอยู่ไหม")
    await asyncio.sleep(1.0)  # long enough for a second notice, were there one
    assert [author for author, _ in await everything(citizen)] == ["citizen", "system", "citizen"]
    await moody_bot.up()
    await citizen.answers(2, after=notice["seq"])
    assert await everything(citizen) == [
        ("citizen", "บอทไม่อยู่"),
        ("system", words_of(notice)),
        ("citizen", "ยังอยู่ไหม"),
        ("bot", "รับทราบ: บอทไม่อยู่"),
        ("bot", "รับทราบ: ยังอยู่ไหม"),
    ]
    assert len(moody_bot.ran) == 2
    assert await impatient.figure("pracha_inbox_waiting") == 0


async def test_a_new_spell_of_waiting_has_its_own_notice(impatient: Stack, moody_bot: Bot) -> None:
    """After an answer the next long wait is told again."""
    citizen = await impatient.citizen()
    for number in range(2):
        moody_bot.on(f"รอบที่ {number}", Say(takes=0.7))
        seq = await citizen.send(f"รอบที่ {number}")
        notice, answer = await citizen.answers(2, after=seq)
        assert notice["from"] == "system"
        assert words_of(notice).startswith(WAITING)
        assert answer["from"] == "bot"


async def test_a_citizen_hears_something_while_the_bot_hangs(impatient: Stack, moody_bot: Bot) -> None:
    """A turn that takes long: the notice comes meanwhile, by the clock, and the answer after it."""
    moody_bot.on("คิดนานมาก", Say(takes=1.0))
    citizen = await impatient.citizen()
    began = time.monotonic()
    await citizen.send("คิดนานมาก")
    [notice] = await citizen.answers(1)
    assert words_of(notice).startswith(WAITING)
    assert 0.3 < time.monotonic() - began < 0.9
    [answer] = await citizen.answers(1, after=notice["seq"])
    assert answer["from"] == "bot"
    assert len(moody_bot.requests) == 1


async def test_a_bot_that_hangs_for_ever_is_asked_again(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """The gateway gives up on a dead call by itself and asks again with the same turn id."""
    own_bot.on("ค้างไปเลย", Hang())
    config = config_for(own_database, own_bot, tmp_path, turn_deadline=0.1, tell_waiting_after=0.2)  # 2.1 s in all
    async with running_gateway(config) as stack:
        citizen = await stack.citizen()
        await citizen.send("ค้างไปเลย")
        notice, answer = await citizen.answers(2)
    assert (notice["from"], answer["from"]) == ("system", "bot")
    assert len({request["turn_id"] for request in own_bot.requests}) == 1


@pytest.mark.parametrize(
    "step",
    [
        Fail(status=409, code="lock"),
        Fail(status=500, code="tracker_store"),
        Fail(status=503, code="starting"),
        Drop(),
        Raw(b"?"),
    ],
    ids=lambda step: f"{type(step).__name__}{getattr(step, 'status', '')}",
)
async def test_g_05_a_passing_trouble_is_not_seen(impatient: Stack, moody_bot: Bot, step: Step) -> None:
    """Three times not ready, then there: one answer, no apology, no dead letter (G-05)."""
    moody_bot.on("สะดุดนิดหน่อย", step, step, step)
    citizen = await impatient.citizen()
    answers = [answer async for answer in _until_bot(citizen, await citizen.send("สะดุดนิดหน่อย"))]
    assert [words_of(one).splitlines()[-1] for one in answers if one["from"] == "bot"] == ["รับทราบ: สะดุดนิดหน่อย"]
    assert not any(APOLOGY in words_of(one) for one in answers)
    assert await letters_of(impatient, moody_bot) == []
    assert len({request["turn_id"] for request in moody_bot.requests}) == 1


async def _until_bot(citizen: Citizen, after: int) -> AsyncIterator[dict[str, object]]:
    while True:
        [answer] = await citizen.answers(1, after=after)
        yield answer
        after = answer["seq"]
        if answer["from"] == "bot":
            return


async def test_g_04_an_answer_that_was_lost_on_the_way_is_not_run_again(impatient: Stack, moody_bot: Bot) -> None:
    """The turn was run but its answer never arrived: the same turn id is asked again, and the bot replays (G-04)."""
    citizen = await impatient.citizen()
    moody_bot.on("คำตอบหาย", Say(takes=0.2))
    await citizen.send("คำตอบหาย")
    await until(lambda: len(moody_bot.requests) == 1)
    # The worker is stopped while the bot is still working; then it starts anew.
    impatient.tasks[1].cancel()
    await until(lambda: len(moody_bot.ran) == 1)
    impatient.tasks[1] = asyncio.create_task(impatient.worker.run())
    [answer] = [one for one in await citizen.answers(1) if one["from"] == "bot"]
    assert "รับทราบ: คำตอบหาย" in words_of(answer)
    assert len(moody_bot.ran) == 1


async def test_g_07_a_turn_that_fails_twice_ends_in_an_apology(impatient: Stack, moody_bot: Bot) -> None:
    """Apology with what was saved, a dead letter without words, the next message answered, the replay answers it (G-07)."""
    failure = Fail(
        status=502, code="action", active_form="report_form", filled_slots=["report_description", "report_place"]
    )
    moody_bot.on("แจ้งไฟดับที่หมู่บ้าน", failure, failure)
    citizen = await impatient.citizen()
    await citizen.send("แจ้งไฟดับที่หมู่บ้าน")
    await citizen.send("ข้อความถัดไป")
    apology, following = await citizen.answers(2)
    assert apology["from"] == "system"
    assert words_of(apology).startswith(APOLOGY)
    assert "• รายละเอียด" in words_of(apology)
    assert "• สถานที่" in words_of(apology)
    assert "รับทราบ: ข้อความถัดไป" in words_of(following)
    assert len([one for one in moody_bot.requests if one["text"].startswith("แจ้งไฟดับ")]) == 2

    [letter] = await letters_of(impatient, moody_bot)
    assert (letter.kind, letter.reason, letter.attempts, letter.replayable) == ("message", "action", 2, True)
    assert "ไฟดับ" not in repr(letter)
    dead_letters = await impatient.figure("pracha_dead_letters")
    assert await dead.replay(impatient.gateway.engine, letter.id)
    [answer] = await citizen.answers(1, after=following["seq"])
    assert words_of(answer) == "รับทราบ: แจ้งไฟดับที่หมู่บ้าน"
    assert await letters_of(impatient, moody_bot) == []
    assert not await dead.replay(impatient.gateway.engine, letter.id)
    assert await impatient.figure("pracha_dead_letters") == dead_letters - 1


async def test_an_action_server_that_stays_away_is_told(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """While the actions restart the event waits; when they do not come back in time it is an apology and a dead letter."""
    away = Fail(status=503, code="actions_away", filled_slots=["report_place"])
    own_bot.on("กลับมาทัน", away, away)
    own_bot.always("ไม่กลับมา", away)
    async with running_gateway(config_for(own_database, own_bot, tmp_path, actions_patience=1.5, poll=0.2)) as stack:
        citizen = await stack.citizen()
        assert (await citizen.asks("กลับมาทัน"))["from"] == "bot"
        began = time.monotonic()
        assert words_of(await citizen.asks("ไม่กลับมา")).startswith(APOLOGY)
        assert time.monotonic() - began > 1.4
        [letter] = await dead.list_dead(stack.gateway.engine)
        assert letter.reason == "actions_away"
        assert (await citizen.asks("ถามต่อ"))["from"] == "bot"


async def test_a_turn_that_fails_once_is_tried_again(impatient: Stack, moody_bot: Bot) -> None:
    """One failure inside the bot is not told to the citizen."""
    moody_bot.on("พลาดครั้งเดียว", Fail(status=504, code="deadline"))
    citizen = await impatient.citizen()
    assert (await citizen.asks("พลาดครั้งเดียว"))["from"] == "bot"


async def test_a_refused_turn_is_an_apology_at_once(impatient: Stack, moody_bot: Bot) -> None:
    """What the bot refuses as wrong is not sent again: apology and dead letter."""
    moody_bot.on("รับไม่ได้", Fail(status=400, code="bad_request"))
    citizen = await impatient.citizen()
    assert words_of(await citizen.asks("รับไม่ได้")).startswith(APOLOGY)
    assert len(moody_bot.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"replies": "many", "understanding": {}}',
        b'{"replies": [5], "understanding": {}}',
        b'{"replies": [{"type": "choices", "text": "?", "choices": [{}]}], "understanding": {}}',
        b'{"replies": [{"type": "text", "text": "\\ud800"}], "understanding": {"confidence": 1}}',
        b'{"replies": [{"type": "text", "text": "a"}], "understanding": {"confidence": "high"}}',
        b'{"replies": [{"type": "text", "text": "a"}], "understanding": {"intent": "a\\u0000b"}}',
        b'{"replies": [{"type": "carousel", "cards": [5]}], "understanding": {}}',
    ],
)
async def test_a_bot_that_talks_nonsense_stops_nobody(impatient: Stack, moody_bot: Bot, body: bytes) -> None:
    """An answer that cannot be used: tried twice, then an apology, and the conversation goes on."""
    moody_bot.on("ตอบมั่ว", Raw(body), Raw(body))
    citizen = await impatient.citizen()
    assert words_of(await citizen.asks("ตอบมั่ว")).startswith(APOLOGY)
    assert (await citizen.asks("ไปต่อได้ไหม"))["from"] == "bot"


async def test_a_fault_of_the_gateway_itself_stops_nobody(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """An event that breaks the worker's own code is a dead letter after two tries, not an endless loop."""
    async with running_gateway(config_for(own_database, own_bot, tmp_path, lease=1.0, poll=0.2)) as stack:
        citizen = await stack.citizen()
        await citizen.asks("เริ่มคุยกัน")
        # An answer's sandbox label is not in the files: composing the answer fails.
        files = stack.gateway.answers
        own_bot.on(
            "ทำให้พัง",
            *[Say(blocks=[{"type": "carousel", "sandbox": True, "cards": [{"type": "card", "title": None}]}])] * 2,
        )
        own_bot.on("ทำให้พัง", Say())
        kept = files._answers
        files._answers = type(kept)(
            by_id={name: one for name, one in kept.by_id.items() if name != "system_label_sandbox"},
            tables=kept.tables,
            same=kept.same,
            intents=kept.intents,
        )
        assert words_of(await citizen.asks("ทำให้พัง")).startswith(APOLOGY)
        assert (await citizen.asks("ไปต่อกันเถอะ"))["from"] == "bot"
        [letter] = await dead.list_dead(stack.gateway.engine)
        assert letter.reason == "UnknownAnswer"


async def test_a_form_survives_what_did_not_reach_the_bot(impatient: Stack, moody_bot: Bot) -> None:
    """While something private is asked for, an expired choice, an apology or a row of emoji ends no form: the next
    words are still sealed whole."""
    asking = Say(active_form="report_form", requested_slot="report_contact")
    moody_bot.on("ขอเบอร์ติดต่อ", asking)
    moody_bot.on("พังตรงนี้", *[Fail(status=502, code="action")] * 2)
    citizen = await impatient.citizen()
    await citizen.asks("ขอเบอร์ติดต่อ")
    _, posted = await citizen.post({"choice": "99.0.0"})
    await citizen.answers(1, after=posted["seq"])
    await citizen.asks("👍👍👍")
    await citizen.asks("สมศรี ใจดี บ้านเลขที่ 99")
    assert moody_bot.ran[-1].said.startswith("⟦private:")


async def test_the_vault_key_was_lost(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """What was sealed with a key that is gone cannot be read, but the conversation goes on."""
    choices = {"type": "choices", "text": "เลือก", "choices": [{"label": "เก่า", "payload": "/affirm"}]}
    own_bot.on("ก่อนเปลี่ยนกุญแจ", Say(blocks=[choices]))
    async with running_gateway(config_for(own_database, own_bot, tmp_path)) as stack:
        citizen = await stack.citizen()
        await citizen.asks("ก่อนเปลี่ยนกุญแจ โทร 081-234-5678")
        await citizen.post({"choice": "2.1.0"})
        await until(lambda: len(own_bot.ran) == 2)
    async with running_gateway(config_for(own_database, own_bot, tmp_path, vault_key=os.urandom(32))) as stack:
        later = Citizen(http=stack.http, url=stack.url, session=citizen.session, token=citizen.token)
        assert await later.events() == []
        own_bot.on("เลขเดิม", Say(blocks=[{"type": "text", "text": own_bot.ran[0].said}]))
        answer = await later.asks("หลังเปลี่ยนกุญแจ เลขเดิม 081-234-5678")
        assert answer["from"] == "bot"
        assert "081" not in own_bot.ran[-1].said
        assert "08X-XXX-5678" in words_of(answer)


async def test_a_session_whose_conversation_was_forgotten(impatient: Stack) -> None:
    """After a year of silence the conversation is gone: 401 with a sentence, so that the browser begins anew."""
    citizen = await impatient.citizen()
    async with impatient.gateway.engine.connect() as connection:
        await connection.execute(text("DELETE FROM contacts WHERE id = (SELECT max(id) FROM contacts)"))
    status, data = await citizen.post({"text": "กลับมาอีกครั้ง"})
    assert (status, data["error"]) == (401, "unauthorised")
    assert data["message"]
