# SPDX-License-Identifier: Apache-2.0
"""The report form's checks, each as the bot's real call."""

from __future__ import annotations

import doctest
from typing import Any

import pytest

from actions.services import report_values
from actions.services.report_values import PROBLEM_TYPES
from tests.actions.wire import CHIANG_MAI, Bot, district, place

FORM = "report_form"


def entity(name: str, value: object) -> dict[str, Any]:
    """An entity found in the message."""
    return {"entity": name, "value": value, "start": 0, "end": 1}


def test_the_examples_hold() -> None:
    """The doc strings of the rules are true."""
    assert doctest.testmod(report_values).failed == 0


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมากกก", "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมาก"),
        ("ขอแจ้งถนนพังค่ะ", "ขอแจ้งถนนพังค่ะ"),
        ("สวัสดีค่ะ น้ำท่วมซอย 5", "สวัสดีค่ะ น้ำท่วมซอย 5"),
        ("street light is out", "street light is out"),
        ("โทร ⟦phone:k3f9⟧ ถนนพัง", "โทร ⟦phone:k3f9⟧ ถนนพัง"),
    ],
)
async def test_words_that_tell_a_problem_are_kept(bot: Bot, said: str, kept: str) -> None:
    """As they were said, with repeated letters taken away and sealed parts untouched."""
    outcome = await bot.validate(FORM, "report_description", said, intent="report_problem")
    assert (outcome.slots["report_description"], outcome.ids) == (kept, [])


@pytest.mark.parametrize(
    "said", ["แจ้งปัญหา", "แจ้งปัญหาเมือง", "อยากร้องเรียนค่ะ", "มีเรื่องจะแจ้งหน่อยครับ", "/report_problem", "report a problem"]
)
async def test_a_bare_announcement_is_simply_asked(bot: Bot, said: str) -> None:
    """The form's first question follows; nothing is said against the citizen."""
    outcome = await bot.validate(FORM, "report_description", said, intent="report_problem")
    assert (outcome.slots["report_description"], outcome.ids) == (None, [])


@pytest.mark.parametrize("said", ["สวัสดีครับ", "หวัดดีค่ะ", "ค่ะ", "5555", "...", "ๆๆ", "🙏🙏"])
async def test_a_greeting_is_no_description(bot: Bot, said: str) -> None:
    """It is asked for more, kindly."""
    outcome = await bot.validate(FORM, "report_description", said, requested="report_description")
    assert (outcome.slots["report_description"], outcome.ids) == (None, ["utter_report_description_short"])


async def test_a_later_report_message_does_not_replace_the_description(bot: Bot) -> None:
    """The slot takes any report_problem message; in the middle of the form the first one stands."""
    outcome = await bot.validate(
        FORM, "report_description", "แจ้งปัญหา", intent="report_problem", requested="report_confirmed",
        before=[
            {"event": "slot", "name": "report_description", "value": "ไฟถนนดับ มืดมาก"},
            {"event": "user", "text": "ยืนยัน"},
        ],
    )  # fmt: skip
    assert outcome.slots["report_description"] == "ไฟถนนดับ มืดมาก"


@pytest.mark.parametrize("marker", ["[photo]", "[location]", "/skip"])
async def test_what_stands_in_a_texts_place_is_no_description(bot: Bot, marker: str) -> None:
    """A photo sent too early is not called too short."""
    outcome = await bot.validate(FORM, "report_description", marker, requested="report_description")
    assert (outcome.slots["report_description"], outcome.ids) == (None, [])


async def test_the_starting_message_gives_type_and_place_where_the_mappings_did_not(bot: Bot) -> None:
    """After a switch from another form Rasa maps only the description."""
    said = "ไฟถนนดับหน้าวัดป่า"
    found = [entity("problem_type", "แสงสว่าง"), entity("landmark", "หน้าวัดป่า")]
    outcome = await bot.validate(FORM, "report_description", said, intent="report_problem", entities=found)
    assert outcome.slots == {
        "report_description": said,
        "report_type": "แสงสว่าง",
        "report_place": {"text": "หน้าวัดป่า", "candidates": []},
        "place_choices": None,
        "place_said": None,
    }


async def test_later_messages_fill_only_what_was_asked(bot: Bot) -> None:
    """A place named in passing does not fill the place, nor does it replace one."""
    found = [entity("problem_type", "ขยะ"), entity("landmark", "หน้าวัดป่า")]
    outcome = await bot.validate(FORM, "report_contact", "⟦phone:k3f9⟧", requested="report_contact", entities=found)
    assert outcome.slots == {"report_contact": "⟦phone:k3f9⟧"}


@pytest.mark.parametrize("name", PROBLEM_TYPES)
async def test_each_type_is_known_by_its_name(bot: Bot, name: str) -> None:
    """Typed or chosen."""
    outcome = await bot.validate(FORM, "report_type", name, requested="report_type")
    assert outcome.slots["report_type"] == name


async def test_a_type_is_taken_from_what_was_found_in_the_words(bot: Bot) -> None:
    """The whole message fills the slot, the entity says what it means."""
    found = [entity("problem_type", "แสงสว่าง")]
    outcome = await bot.validate(FORM, "report_type", "น่าจะไฟถนนค่ะ", requested="report_type", entities=found)
    assert outcome.slots["report_type"] == "แสงสว่าง"


@pytest.mark.parametrize("value", ["เครื่องจักร", "ไฟฟ้า", "", 5, None, {"x": 1}])
async def test_an_unknown_type_is_asked_again(bot: Bot, value: object) -> None:
    """With its choices; no type is invented."""
    outcome = await bot.validate(FORM, "report_type", value, requested="report_type")
    assert outcome.slots["report_type"] is None


async def test_the_place_is_kept_in_the_citizens_words(bot: Bot) -> None:
    """The whole answer, with the reading of the place in it."""
    outcome = await bot.validate(
        FORM, "report_place", place("เชียงใหม่", CHIANG_MAI)["value"], requested="report_place",
        text="ซอยข้างวัดสวนดอก เชียงใหม่", entities=[place("เชียงใหม่", CHIANG_MAI)],
    )  # fmt: skip
    filled = outcome.slots["report_place"]
    assert filled["text"] == "ซอยข้างวัดสวนดอก เชียงใหม่"
    assert [area["name"] for area in filled["candidates"]] == ["เชียงใหม่"]


async def test_words_without_a_known_place_are_enough(bot: Bot) -> None:
    """An officer knows where หน้าวัด is."""
    outcome = await bot.validate(FORM, "report_place", "หน้าวัด", requested="report_place")
    assert outcome.slots["report_place"] == {"text": "หน้าวัด", "candidates": []}


async def test_the_first_message_fills_the_place_with_its_landmark_only(bot: Bot) -> None:
    """The description is no place; the landmark in it is."""
    outcome = await bot.validate(
        FORM, "report_place", "หน้าโรงเรียนบ้านหนองแวง", intent="report_problem",
        text="ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมากกก",
        entities=[entity("landmark", "หน้าโรงเรียนบ้านหนองแวง")],
    )  # fmt: skip
    assert outcome.slots["report_place"]["text"] == "หน้าโรงเรียนบ้านหนองแวง"


async def test_landmark_and_place_of_one_message_stand_together(bot: Bot) -> None:
    """Both are told, once."""
    area = district("ปากช่อง", "นครราชสีมา")
    outcome = await bot.validate(
        FORM, "report_place", "หน้าโรงเรียน", intent="report_problem", text="ไฟดับหน้าโรงเรียน ที่ปากช่อง",
        entities=[entity("landmark", "หน้าโรงเรียน"), place("ปากช่อง", area)],
    )  # fmt: skip
    assert outcome.slots["report_place"]["text"] == "หน้าโรงเรียน ปากช่อง"
    assert outcome.slots["report_place"]["candidates"][0]["province"] == "นครราชสีมา"


async def test_a_place_inside_the_landmark_is_told_once(bot: Bot) -> None:
    """หน้าตลาดปากช่อง says it already."""
    said = "ไฟดับหน้าตลาดปากช่อง"
    found = [entity("landmark", "หน้าตลาดปากช่อง"), place("ปากช่อง", district("ปากช่อง", "นครราชสีมา"))]
    outcome = await bot.validate(
        FORM, "report_place", "หน้าตลาดปากช่อง", intent="report_problem", text=said, entities=found
    )
    assert outcome.slots["report_place"]["text"] == "หน้าตลาดปากช่อง"


async def test_a_pin_is_a_place(bot: Bot) -> None:
    """Whatever marker the slot took from the turn."""
    outcome = await bot.validate(
        FORM, "report_place", "[location]", requested="report_place", text="[location]",
        entities=[entity("location", {"lat": 18.79, "lon": 98.98})],
    )  # fmt: skip
    assert outcome.slots["report_place"] == {"text": "", "candidates": [], "lat": 18.79, "lon": 98.98}


@pytest.mark.parametrize("marker", ["[photo]", "[location]", "/skip"])
async def test_what_stands_in_a_texts_place_is_no_place(bot: Bot, marker: str) -> None:
    """A photo sent where the place was asked fills the photo only."""
    outcome = await bot.validate(FORM, "report_place", marker, requested="report_place")
    assert outcome.slots["report_place"] is None


async def test_a_pin_sent_later_is_added_to_the_words(bot: Bot) -> None:
    """The landmark stays; a report that was being corrected is read back again."""
    outcome = await bot.validate(
        FORM, "report_place", {"lat": 18.79, "lon": 98.98}, requested="report_confirmed", text="[location]",
        entities=[entity("location", {"lat": 18.79, "lon": 98.98})], slots={"report_correcting": True},
        before=[{"event": "slot", "name": "report_place", "value": {"text": "หน้าวัด", "candidates": []}}],
    )  # fmt: skip
    assert outcome.slots["report_place"] == {"text": "หน้าวัด", "candidates": [], "lat": 18.79, "lon": 98.98}
    assert outcome.slots["report_correcting"] is None


async def test_a_pin_abroad_is_asked_again(bot: Bot) -> None:
    """It is said why."""
    outcome = await bot.validate(
        FORM, "report_place", "[location]", requested="report_place", text="[location]",
        entities=[entity("location", {"lat": 48.85, "lon": 2.35})],
    )  # fmt: skip
    assert (outcome.slots["report_place"], outcome.ids) == (None, ["utter_place_outside_thailand"])


@pytest.mark.parametrize(
    "kept", [{"text": "หน้าวัด", "candidates": []}, {"text": "", "candidates": [], "lat": 18.79, "lon": 98.98}]
)
async def test_a_place_that_was_let_through_passes_again(bot: Bot, kept: dict[str, Any]) -> None:
    """Rasa checks filled slots again when a form starts anew."""
    outcome = await bot.validate(FORM, "report_place", kept, intent="report_problem", text="แจ้งปัญหา")
    assert outcome.slots["report_place"] == kept


async def test_photos_add_up(bot: Bot) -> None:
    """The slot keeps one id, so all of them are kept beside it; the same one twice is one."""
    first = await bot.validate(FORM, "report_photo", "m_1", entities=[entity("media", "m_1")], requested="report_photo")
    slots = {"report_photos": first.slots["report_photos"]}
    second = await bot.validate(
        FORM, "report_photo", "m_2", entities=[entity("media", "m_2")], requested="report_contact", slots=slots
    )
    assert second.slots["report_photos"] == ["m_1", "m_2"]
    assert (first.ids, second.answers) == ([], [("utter_report_photo_added", {"photos": 2})])
    slots = {"report_photos": second.slots["report_photos"]}
    third = await bot.validate(
        FORM, "report_photo", "m_2", entities=[entity("media", "m_2")], requested="report_contact", slots=slots
    )
    assert third.slots["report_photos"] == ["m_1", "m_2"]


async def test_a_photo_sent_while_correcting_is_read_back(bot: Bot) -> None:
    """No yes can file what was not read back."""
    sent, slots = [entity("media", "m_1")], {"report_correcting": True}
    outcome = await bot.validate(FORM, "report_photo", "m_1", entities=sent, requested="report_confirmed", slots=slots)
    assert outcome.slots["report_correcting"] is None


async def test_a_photo_may_be_skipped(bot: Bot) -> None:
    """The slot's mark for it passes."""
    outcome = await bot.validate(FORM, "report_photo", "-", requested="report_photo", intent="skip", text="ข้าม")
    assert (outcome.slots["report_photo"], outcome.ids) == ("-", [])


async def test_words_are_no_photo(bot: Bot) -> None:
    """It is said so, and asked again."""
    outcome = await bot.validate(FORM, "report_photo", "ไม่ชัดเลย", requested="report_photo")
    assert (outcome.slots["report_photo"], outcome.ids) == (None, ["utter_report_photo_not_image"])


@pytest.mark.parametrize(
    ("value", "entities", "kept"),
    [
        ("⟦phone:k3f9⟧", [], "⟦phone:k3f9⟧"),
        ("โทร ⟦phone:k3f9⟧ ป้าแดง", [("phone", "⟦phone:k3f9⟧")], "⟦phone:k3f9⟧"),
        ("⟦private:aa⟧", [("private", "⟦private:aa⟧")], None),
        ("⟦private:aa⟧ ⟦email:bb⟧", [], "⟦private:aa⟧ ⟦email:bb⟧"),
        ("⟦private:aa⟧ ⟦email:bb⟧ ⟦phone:cc⟧", [], "⟦private:aa⟧ ⟦phone:cc⟧"),
        ("⟦private:aa⟧ ⟦account:bb⟧", [], "⟦private:aa⟧ ⟦account:bb⟧"),
        ("ไม่ให้", [], "-"),
        ("ไม่อยากให้", [], "-"),
        ("ไม่เป็นไร", [], "-"),
        ("ขอบคุณ", [], "-"),
        ("thanks", [], "-"),
        ("-", [], "-"),
        ("⟦thai_id:zz⟧", [("thai_id", "⟦thai_id:zz⟧")], None),
        ("ถามป้าแดงข้างบ้าน", [], None),
        ("⟦phone:⟧", [], None),
        (None, [], None),
    ],
)
async def test_a_contact_is_a_handle_or_nothing(
    bot: Bot, value: object, entities: list[tuple[str, str]], kept: str | None
) -> None:
    """Never the words: what the vault did not seal is asked again."""
    found = [entity(name, handle) for name, handle in entities]
    outcome = await bot.validate(FORM, "report_contact", value, requested="report_contact", entities=found)
    assert outcome.slots["report_contact"] == kept
    asked_again = kept is None and isinstance(value, str)
    assert outcome.ids == (["utter_report_contact_unclear"] if asked_again else [])


@pytest.mark.parametrize(
    ("value", "slots"),
    [
        (True, {"report_confirmed": True, "report_correcting": None}),
        (False, {"report_confirmed": None, "report_correcting": True}),
        ("ใช่มั้ง", {"report_confirmed": None, "report_correcting": True}),
    ],
)
async def test_only_a_yes_confirms(bot: Bot, value: object, slots: dict[str, Any]) -> None:
    """Anything else leads to the question what to correct."""
    outcome = await bot.validate(FORM, "report_confirmed", value, requested="report_confirmed")
    assert outcome.slots == slots


async def test_the_form_asks_in_its_own_order(bot: Bot) -> None:
    """The checks leave the next question to Rasa."""
    outcome = await bot.validate(FORM, "report_description", "ถนนพังมาก", requested="report_description")
    assert "requested_slot" not in outcome.slots
