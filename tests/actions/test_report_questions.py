# SPDX-License-Identifier: Apache-2.0
"""Answers to the report's questions that are none: what is said to them, and that no question is a trap."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.wire import CHIANG_MAI, Bot, place

FORM = "report_form"


def landmark(text: str, surface: str) -> dict[str, Any]:
    """A landmark where it stands in the text."""
    start = text.index(surface)
    return {"entity": "landmark", "value": surface, "start": start, "end": start + len(surface)}


@pytest.mark.parametrize("said", ["ข้าม", "ไม่รู้", "ไม่รู้เหมือนกัน", "ไม่มีค่ะ", "skip"])
async def test_who_does_not_know_the_type_gets_other(bot: Bot, said: str) -> None:
    """At once."""
    outcome = await bot.validate(FORM, "report_type", said, requested="report_type")
    assert (outcome.slots["report_type"], outcome.ids) == ("อื่นๆ", [])


async def test_the_type_is_asked_twice_at_most(bot: Bot) -> None:
    """The second time with a word why; after that it is อื่นๆ."""
    first = await bot.validate(FORM, "report_type", "ยืนยัน", requested="report_type")
    assert (first.slots["report_type"], first.ids) == (None, ["utter_report_type_unclear"])
    missed = {"report_missed": first.slots["report_missed"]}
    second = await bot.validate(FORM, "report_type", "โอเคส่งเลย", requested="report_type", slots=missed)
    assert (second.slots["report_type"], second.slots["report_missed"]) == ("อื่นๆ", None)


async def test_a_place_told_at_the_type_is_kept(bot: Bot) -> None:
    """It will not be asked again."""
    said = "หน้าวัดป่า"
    outcome = await bot.validate(FORM, "report_type", said, requested="report_type", entities=[landmark(said, said)])
    assert outcome.slots["report_place"]["text"] == said
    assert outcome.slots["report_type"] is None


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("skip", "utter_report_place_needed"),
        ("ไม่รู้", "utter_report_place_needed"),
        ("ดับ", "utter_report_place_needed"),
        ("ทำไมต้องถาม", "utter_report_place_why"),
        ("ส่งตำแหน่งไม่ได้", "utter_report_place_why"),
        ("จะส่งตำแหน่งยังไง", "utter_report_place_why"),
        ("https://maps.app.goo.gl/abcdef", "utter_report_place_link"),
    ],
)
async def test_what_is_no_place_is_not_filed_as_one(bot: Bot, said: str, answer: str) -> None:
    """It is answered, and the place asked again."""
    outcome = await bot.validate(FORM, "report_place", said, requested="report_place")
    assert (outcome.slots["report_place"], outcome.ids) == (None, [answer])


@pytest.mark.parametrize("said", ["วันนี้ร้อนมาก", "วันนี้เสียเวลามาก บอทโง่", "yes"])
async def test_talk_is_no_place(bot: Bot, said: str) -> None:
    """Asked again, then with a way on; the third time nobody is kept."""
    first = await bot.validate(FORM, "report_place", said, requested="report_place")
    assert (first.slots["report_place"], first.ids) == (None, ["utter_report_place_needed"])
    missed = {"report_missed": first.slots["report_missed"]}
    second = await bot.validate(FORM, "report_place", said, requested="report_place", slots=missed)
    assert (second.slots["report_place"], second.ids) == (None, ["utter_report_place_unknown"])
    missed = {"report_missed": second.slots["report_missed"]}
    third = await bot.validate(FORM, "report_place", said, requested="report_place", slots=missed)
    assert third.slots["report_place"]["text"] == said
    assert third.slots["report_missed"] is None


async def test_words_that_may_be_a_place_are_taken_the_second_time(bot: Bot) -> None:
    """Not every place has a word of place in its name."""
    said = "ลุงมีขายก๋วยเตี๋ยว"
    first = await bot.validate(FORM, "report_place", said, requested="report_place")
    assert (first.slots["report_place"], first.ids) == (None, ["utter_report_place_needed"])
    missed = {"report_missed": first.slots["report_missed"]}
    second = await bot.validate(FORM, "report_place", said, requested="report_place", slots=missed)
    assert (second.slots["report_place"]["text"], second.ids) == (said, [])


@pytest.mark.parametrize("said", ["หน้าร้านป้าแดง", "ซอยวัดเก่า", "ตรงข้ามบิ๊กซี", "แถวหนองบัว", "กม. 12", "near the old market"])
async def test_words_of_place_are_taken_at_once(bot: Bot, said: str) -> None:
    """No entity is needed."""
    outcome = await bot.validate(FORM, "report_place", said, requested="report_place")
    assert (outcome.slots["report_place"]["text"], outcome.ids) == (said, [])


async def test_who_cannot_tell_the_place_goes_on(bot: Bot) -> None:
    """The choice fills the slot with its own words."""
    said = [{"entity": "landmark", "value": "ไม่ทราบจุด"}]
    outcome = await bot.validate(FORM, "report_place", "ไม่ทราบจุด", requested="report_place", entities=said)
    assert (outcome.slots["report_place"]["text"], outcome.ids) == ("ไม่ทราบจุด", [])


async def test_a_problem_is_no_place(bot: Bot) -> None:
    """Although it is words."""
    entities = [{"entity": "problem_type", "value": "สัตว์จรจัด", "start": 0, "end": len("งูเข้าบ้าน")}]
    outcome = await bot.validate(FORM, "report_place", "งูเข้าบ้าน", requested="report_place", entities=entities)
    assert (outcome.slots["report_place"], outcome.ids) == (None, ["utter_report_place_needed"])


@pytest.mark.parametrize(("said", "entities"), [("ซอย 3", []), ("เชียงใหม่", [place("เชียงใหม่", CHIANG_MAI)])])
async def test_a_wide_place_is_asked_for_more_once(bot: Bot, said: str, entities: list[dict[str, Any]]) -> None:
    """Both answers stand together; who knows no more is taken at their word."""
    wide = await bot.validate(FORM, "report_place", said, requested="report_place", entities=entities)
    assert (wide.slots["report_place"], wide.ids) == (None, ["utter_report_place_more"])
    kept = {name: wide.slots[name] for name in ("report_missed", "report_heard")}
    more = await bot.validate(FORM, "report_place", "หลังตลาดเก่า", requested="report_place", slots=kept)
    assert more.slots["report_place"]["text"] == f"หลังตลาดเก่า {said}"
    assert more.slots["report_heard"] is None
    none = await bot.validate(FORM, "report_place", "ไม่ทราบค่ะ", requested="report_place", slots=kept)
    assert (none.slots["report_place"]["text"], none.ids) == (said, [])


@pytest.mark.parametrize("said", ["18.79,98.98", "https://www.google.com/maps?q=18.79,98.98", "พิกัด 18.7900, 98.9800"])
async def test_degrees_are_a_pin(bot: Bot, said: str) -> None:
    """Typed or in a link."""
    outcome = await bot.validate(FORM, "report_place", said, requested="report_place")
    filled = outcome.slots["report_place"]
    assert (filled["lat"], filled["lon"], filled["text"]) == (18.79, 98.98, "")
    air = await bot.validate("air_quality_form", "air_place", said, requested="air_place")
    assert air.slots["air_place"] == {"lat": 18.79, "lon": 98.98}


async def test_a_place_alone_is_no_description(bot: Bot) -> None:
    """Where is not what."""
    said = "หน้าตลาดสดเทศบาล"
    outcome = await bot.validate(
        FORM, "report_description", said, requested="report_description", entities=[landmark(said, said)]
    )
    assert (outcome.slots["report_description"], outcome.ids) == (None, ["utter_report_description_short"])


async def test_a_thing_alone_waits_for_what_is_wrong_with_it(bot: Bot) -> None:
    """Pieces sent one after the other make one description."""
    first = await bot.validate(FORM, "report_description", "ถนน", intent="report_problem")
    assert first.slots["report_description"] is None
    heard = {"report_heard": first.slots["report_heard"]}
    second = await bot.validate(FORM, "report_description", "พัง", requested="report_description", slots=heard)
    assert (second.slots["report_description"], second.slots["report_heard"]) == ("ถนน พัง", None)


async def test_a_buttons_label_is_no_description(bot: Bot) -> None:
    """The button that begins a report says nothing of the problem."""
    outcome = await bot.validate(FORM, "report_description", "แจ้งปัญหาเมือง", intent="start_city_report")
    assert outcome.slots["report_description"] is None


async def test_who_is_taking_the_photo_has_time(bot: Bot) -> None:
    """No word of what their message is not."""
    outcome = await bot.validate(FORM, "report_photo", "รอแป๊บนะ กำลังถ่าย", requested="report_photo")
    assert (outcome.slots["report_photo"], outcome.ids) == (None, ["utter_report_photo_waiting"])
