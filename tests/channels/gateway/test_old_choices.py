# SPDX-License-Identifier: Apache-2.0
"""Old buttons: an answer to a question counts only while its question is the newest, a menu always."""

from __future__ import annotations

import re
from typing import Any

import pytest

from channels.gateway.choices import ANSWER_INTENTS
from tests.channels.gateway.stack import ROOT, Citizen, Stack, words_of
from tests.fakes.bot_server import Bot, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")


def offer(*choices: tuple[str, str]) -> Say:
    """An answer with these (label, payload)."""
    made = [{"label": label, "payload": payload} for label, payload in choices]
    return Say(blocks=[{"type": "choices", "text": "เลือกค่ะ", "choices": made}])


def button(answer: dict[str, Any], number: int = 0) -> str:
    """The id of one offered choice."""
    return str(answer["blocks"][-1]["choices"][number]["id"])


async def tap(citizen: Citizen, choice: str) -> dict[str, Any]:
    """Taps, and waits for what is answered."""
    status, posted = await citizen.post({"choice": choice})
    assert status == 202
    return (await citizen.answers(1, after=posted["seq"]))[0]


@pytest.mark.parametrize(
    "payload",
    ["/affirm", "/deny", "/skip", "/confirm_erase", "/keep_my_data", "/cancel", "/correct", '/correct{"field": "place"}',
     '/inform{"problem_type": "ถนน"}'],
)  # fmt: skip
async def test_an_old_answer_does_not_answer_a_newer_question(stack: Stack, bot: Bot, payload: str) -> None:
    """The old button is explained and the bot is not asked; the newest question can still be answered."""
    bot.on("คำถามแรกนะ", offer(("ตอบข้อแรก", payload)))
    bot.on("คำถามที่สองนะ", offer(("ลบจริง", "/confirm_erase"), ("ไม่ลบ", "/keep_my_data")))
    citizen = await stack.citizen()
    old, new = await citizen.asks("คำถามแรกนะ"), await citizen.asks("คำถามที่สองนะ")
    asked = len(bot.requests)
    refused = await tap(citizen, button(old))
    assert refused["from"] == "system"
    assert words_of(refused)
    assert len(bot.requests) == asked
    await tap(citizen, button(new, 1))
    assert bot.ran[-1].content == {"choice": {"payload": "/keep_my_data", "label": "ไม่ลบ"}}


async def test_a_yes_counts_once(stack: Stack, bot: Bot) -> None:
    """The second tap on a yes, after its report was filed, is no yes to whatever comes next."""
    bot.on("สรุปเรื่องหนึ่ง", offer(("ใช่ ส่งเรื่อง", "/affirm")))
    bot.on("/affirm", Say(blocks=[{"type": "text", "text": "รับเรื่องแล้วค่ะ"}]))
    citizen = await stack.citizen()
    yes = button(await citizen.asks("สรุปเรื่องหนึ่ง"))
    assert (await tap(citizen, yes))["from"] == "bot"
    assert (await tap(citizen, yes))["from"] == "system"


async def test_a_menu_stays_good(stack: Stack, bot: Bot) -> None:
    """Services, guides and a case's state say by themselves what is wanted, however old the button is."""
    payloads = (
        "/start_city_report",
        "/ask_air_quality",
        '/track_case{"case_number": "2569-7KMPX4"}',
        '/guide_more{"aspect": "fee"}',
    )
    bot.on("ขอเมนูหน่อย", offer(*((f"ปุ่ม {number}", payload) for number, payload in enumerate(payloads))))
    citizen = await stack.citizen()
    menu = await citizen.asks("ขอเมนูหน่อย")
    await citizen.asks("คุยเรื่องอื่นไปก่อน")
    for number, payload in enumerate(payloads):
        await tap(citizen, button(menu, number))
        assert bot.ran[-1].content["choice"]["payload"] == payload


async def test_a_payload_that_names_no_intent_is_no_menu(stack: Stack, bot: Bot) -> None:
    """What cannot be read does not count either when it is old."""
    bot.on("ขอปุ่มแปลก", offer(("แปลก", "ไม่ใช่เพย์โหลด")))
    citizen = await stack.citizen()
    odd = await citizen.asks("ขอปุ่มแปลก")
    await citizen.asks("คุยเรื่องอื่นก่อนนะ")
    assert (await tap(citizen, button(odd)))["from"] == "system"


async def test_the_intents_that_answer_exist() -> None:
    """Every name in the list stands in a rule of the shipped data; a renamed intent must not make old buttons good."""
    rules = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "nlu_data" / "rules").glob("*.yml")))
    assert {name for name in ANSWER_INTENTS if not re.search(rf"intent: {name}\b", rules)} == set()
