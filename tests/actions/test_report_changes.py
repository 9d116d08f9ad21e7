# SPDX-License-Identifier: Apache-2.0
"""What a citizen says at the read-back of a report: a change is taken and read back, only a plain yes files."""

from __future__ import annotations

from typing import Any

import pytest

from actions.services.report_values import is_live_wire
from tests.actions.wire import Bot, district

FORM = "report_form"
FILLED: dict[str, Any] = {
    "report_description": "ขยะเหม็นมาก",
    "report_type": "กลิ่น",
    "report_place": {"text": "หน้าวัด", "candidates": []},
    "report_photo": "-",
    "report_contact": "⟦phone:aa⟧",
}


def found(text: str, name: str, surface: str, value: object = None) -> dict[str, Any]:
    """An entity where its words stand in the text."""
    start = text.index(surface)
    return {"entity": name, "value": value or surface, "start": start, "end": start + len(surface)}


async def told(bot: Bot, said: str, *entities: dict[str, Any], **slots: Any) -> dict[str, Any]:
    """The slots after a message at the read-back."""
    outcome = await bot.validate(
        FORM, "report_confirmed", said, requested="report_confirmed", entities=list(entities), slots=FILLED | slots
    )
    assert outcome.slots["report_confirmed"] is None
    return outcome.slots


async def test_another_place(bot: Bot) -> None:
    """The landmark in the words replaces the place; the report is read back."""
    said = "ผิดแล้ว สถานที่คือหน้าโรงเรียน"
    slots = await told(bot, said, found(said, "field", "สถานที่", "report_place"), found(said, "landmark", "หน้าโรงเรียน"))
    assert slots["report_place"]["text"] == "หน้าโรงเรียน"
    assert slots["report_correcting"] is None
    assert "report_type" not in slots


async def test_a_place_that_no_rule_knows(bot: Bot) -> None:
    """What stands after the field's name is the place."""
    said = "สถานที่คือโค้งที่สองหลังเนิน"
    slots = await told(bot, said, found(said, "field", "สถานที่", "report_place"))
    assert slots["report_place"]["text"] == "โค้งที่สองหลังเนิน"


async def test_what_the_place_is_not_is_left_out(bot: Bot) -> None:
    """Only what stands after it is the place."""
    said = "สถานที่ ไม่ใช่วัดหนองแวง เป็นวัดหนองบัว"
    slots = await told(bot, said, found(said, "field", "สถานที่", "report_place"))
    assert slots["report_place"] == {"text": "วัดหนองบัว", "candidates": []}
    place = {"text": "หนองบัว", "candidates": [district("หนองบัว", "นครสวรรค์")]}
    slots = await told(bot, said, found(said, "field", "สถานที่", "report_place"), found(said, "place", "หนองบัว", place))
    assert slots["report_place"]["text"] == "วัดหนองบัว"


async def test_the_words_before_a_known_place_are_kept(bot: Bot) -> None:
    """The temple is what the repairer looks for; the district alone is no help."""
    said = "วัดหนองบัว อ.เมือง ขอนแก่น"
    known = {"text": "อ.เมือง ขอนแก่น", "candidates": [district("เมืองขอนแก่น", "ขอนแก่น")]}
    slots = await told(bot, said, found(said, "place", "อ.เมือง ขอนแก่น", known), report_correcting=True)
    assert slots["report_place"]["text"] == said
    assert [area["name"] for area in slots["report_place"]["candidates"]] == ["เมืองขอนแก่น"]


async def test_another_problem(bot: Bot) -> None:
    """Its type is taken and its words are kept beside the first ones."""
    said = "ไม่ใช่ขยะ เป็นท่อระบายน้ำตัน"
    slots = await told(bot, said, found(said, "problem_type", "ท่อระบายน้ำ"))
    assert slots["report_type"] == "ท่อระบายน้ำ"
    assert slots["report_description"] == "ขยะเหม็นมาก ไม่ใช่ขยะ เป็นท่อระบายน้ำตัน"


async def test_what_it_is_not_is_not_taken(bot: Bot) -> None:
    """The longest type named may be the one that is denied."""
    said = "ไม่ใช่ท่อระบายน้ำ เป็นขยะ"
    assert (await told(bot, said, found(said, "problem_type", "ท่อระบายน้ำ")))["report_type"] == "ขยะ"


async def test_a_type_alone_leaves_the_description(bot: Bot) -> None:
    """The words of the problem stay as they were."""
    said = "ประเภทเป็นสายไฟ"
    slots = await told(bot, said, found(said, "field", "ประเภท", "report_type"), found(said, "problem_type", "สายไฟ"))
    assert slots["report_type"] == "สายไฟ"
    assert "report_description" not in slots


async def test_an_addition_is_kept(bot: Bot) -> None:
    """A yes with more is no yes yet."""
    slots = await told(bot, "ใช่ แต่เพิ่มว่าดับมา 2 คืนแล้ว")
    assert slots["report_description"] == "ขยะเหม็นมาก ดับมา 2 คืนแล้ว"


async def test_another_number(bot: Bot) -> None:
    """A sealed number takes the old one's place; named alone, it is asked for."""
    said = "เปลี่ยนเบอร์เป็น ⟦phone:bb⟧"
    assert (await told(bot, said, found(said, "field", "เบอร์", "report_contact")))["report_contact"] == "⟦phone:bb⟧"
    slots = await told(bot, "เปลี่ยนเบอร์", found("เปลี่ยนเบอร์", "field", "เบอร์", "report_contact"))
    assert slots["report_contact"] is None


async def test_what_changes_nothing_asks_what_to_correct(bot: Bot) -> None:
    """Nothing is filed and nothing is lost."""
    assert (await told(bot, "ไม่ใช่แบบนี้"))["report_correcting"] is True


async def test_a_yes_while_asked_what_to_correct_reads_back(bot: Bot) -> None:
    """Only the choice that says "nothing" files without another look."""
    slots = {**FILLED, "report_correcting": True}
    again = await bot.validate(FORM, "report_confirmed", True, requested="report_confirmed", slots=slots, text="ใช่")
    assert again.slots == {"report_confirmed": None, "report_correcting": None}
    nothing = [{"entity": "field", "value": "nothing"}]
    outcome = await bot.validate(
        FORM, "report_confirmed", True, requested="report_confirmed", slots=slots, text="ไม่แก้ ส่งเลย", entities=nothing
    )
    assert outcome.slots["report_confirmed"] is True


@pytest.mark.parametrize(
    ("said", "deadly"),
    [
        ("สายไฟขาดห้อยลงมาบนถนน มีประกายไฟ", True),
        ("เสาไฟล้ม", True),
        ("รถชนเสาไฟ", True),
        ("มีเสาไฟเอียงจะล้มอยู่แล้ว", True),
        ("กิ่งไม้พาดสายไฟ", True),
        ("ไฟถนนดับ มืดมาก", False),
        ("ป้ายล้ม", False),
        ("เสาไฟดับ", False),
    ],
)
async def test_a_live_wire_is_warned_of_first(bot: Bot, said: str, deadly: bool) -> None:
    """One warning, when the problem is told, then the form goes on."""
    assert is_live_wire(said) is deadly
    outcome = await bot.validate(FORM, "report_description", said, intent="report_problem")
    assert outcome.slots["report_description"] == said
    assert outcome.ids == (["utter_report_live_wire"] if deadly else [])
