# SPDX-License-Identifier: Apache-2.0
"""A report from its read-back to its case, and what happens when filing fails."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.wire import CHIANG_MAI, Bot, FakeGateway

FILLED: dict[str, Any] = {
    "report_description": "ไฟถนนดับ มืดมาก",
    "report_type": "แสงสว่าง",
    "report_place": {"text": "หน้าโรงเรียนบ้านหนองแวง", "candidates": [CHIANG_MAI]},
    "report_photo": "m_2",
    "report_photos": ["m_1", "m_2"],
    "report_contact": "⟦phone:k3f9⟧",
    "report_confirmed": True,
}
RESET = (
    "report_description", "report_type", "report_place", "report_photo", "report_photos", "report_contact",
    "report_confirmed", "report_key", "report_correcting", "report_missed", "report_heard", "place_choices", "place_said",
)  # fmt: skip


async def test_the_read_back_says_what_will_be_filed(bot: Bot) -> None:
    """The place in one line with its area, the contact only by its kind."""
    outcome = await bot.run("action_ask_report_confirmed", slots=FILLED, form="report_form")
    assert outcome.answers == [
        (
            "utter_report_readback",
            {
                "description": "ไฟถนนดับ มืดมาก",
                "type": "แสงสว่าง",
                "place": "หน้าโรงเรียนบ้านหนองแวง เชียงใหม่",
                "pin": False,
                "photos": 2,
                "contact_kind": "phone",
            },
        )
    ]


KHON_KAEN_TOWN = {"kind": "district", "name": "เมืองขอนแก่น", "province": "ขอนแก่น", "district": "เมืองขอนแก่น"}
MAE_RIM = {"kind": "district", "name": "แม่ริม", "province": "เชียงใหม่", "district": "แม่ริม"}


@pytest.mark.parametrize(
    ("said", "area", "told"),
    [
        ("หน้าตลาดสด อ.เมือง ขอนแก่น", KHON_KAEN_TOWN, "หน้าตลาดสด อ.เมือง ขอนแก่น"),
        ("หน้าตลาดสด อ.เมือง จ.ขอนแก่น", KHON_KAEN_TOWN, "หน้าตลาดสด อ.เมือง จ.ขอนแก่น"),
        ("หน้าตลาดสด อำเภอเมือง จังหวัดขอนแก่น", KHON_KAEN_TOWN, "หน้าตลาดสด อำเภอเมือง จังหวัดขอนแก่น"),
        ("ขอนแก่น อ.เมือง หน้าตลาดสด", KHON_KAEN_TOWN, "ขอนแก่น อ.เมือง หน้าตลาดสด"),
        ("หน้าตลาดสด อ.เมือง", KHON_KAEN_TOWN, "หน้าตลาดสด อ.เมือง จ.ขอนแก่น"),
        ("หน้าตลาดสด", KHON_KAEN_TOWN, "หน้าตลาดสด อ.เมืองขอนแก่น จ.ขอนแก่น"),
        ("หน้าวัด แม่ ริม", MAE_RIM, "หน้าวัด แม่ ริม"),
        ("หน้าวัด", MAE_RIM, "หน้าวัด อ.แม่ริม จ.เชียงใหม่"),
    ],
)
async def test_the_place_is_told_once(bot: Bot, said: str, area: dict[str, str], told: str) -> None:
    """Whatever the citizen writes between the names, they are not said again; what is missing is added."""
    slots = {**FILLED, "report_place": {"text": said, "candidates": [area]}}
    outcome = await bot.run("action_ask_report_confirmed", slots=slots, form="report_form")
    assert outcome.arguments("utter_report_readback")["place"] == told


async def test_what_was_skipped_is_not_read_back(bot: Bot) -> None:
    """Its lines disappear; a pin is told as one, never in degrees."""
    pinned = {"text": "", "lat": 18.790384, "lon": 98.984681}
    slots = {**FILLED, "report_photo": "-", "report_photos": None, "report_contact": "-", "report_place": pinned}
    told = (await bot.run("action_ask_report_confirmed", slots=slots)).arguments("utter_report_readback")
    assert (told["photos"], told["contact_kind"], told["place"], told["pin"]) == (None, None, None, True)


async def test_after_a_no_it_asks_what_to_correct(bot: Bot) -> None:
    """Instead of reading the same again."""
    slots = {**FILLED, "report_confirmed": None, "report_correcting": True}
    assert (await bot.run("action_ask_report_confirmed", slots=slots)).ids == ["utter_choose_correction"]


async def test_a_confirmed_report_becomes_a_case(bot: Bot, gateway: FakeGateway) -> None:
    """The gateway gets the report as the wire contract has it; the citizen the number; the form is empty."""
    outcome = await bot.run("action_submit_report", slots=FILLED, turn="turn-1")
    told = outcome.arguments("utter_report_filed")
    assert gateway.requests == [
        {
            "conversation": "web:3f2a",
            "turn_id": "turn-1",
            "type": "แสงสว่าง",
            "description": "ไฟถนนดับ มืดมาก",
            "place": {"text": "หน้าโรงเรียนบ้านหนองแวง เชียงใหม่", "province": "เชียงใหม่"},
            "media": ["m_1", "m_2"],
            "contact": "⟦phone:k3f9⟧",
        }
    ]
    assert gateway.keys == ["turn-1:case"]
    assert told["ticket_id"] in gateway.cases
    assert (told["type"], told["state"], told["sandbox"]) == ("แสงสว่าง", "start", False)
    assert told["created_at"] == "2026-11-22T16:00:00+07:00"
    assert {name: outcome.slots[name] for name in RESET} == dict.fromkeys(RESET)
    assert outcome.slots["last_case"] == told["ticket_id"]


async def test_an_uncertain_area_is_not_filed_as_certain(bot: Bot, gateway: FakeGateway) -> None:
    """Two readings: the words alone. A skipped contact is none, a pin goes along."""
    place = {"text": "ปากน้ำ", "candidates": [CHIANG_MAI, {**CHIANG_MAI, "name": "น่าน"}], "lat": 18.7, "lon": 98.9}
    slots = {**FILLED, "report_place": place, "report_contact": "-", "report_photo": "-", "report_photos": None}
    await bot.run("action_submit_report", slots=slots)
    filed = gateway.requests[0]
    assert filed["place"] == {"text": "ปากน้ำ 18.70000, 98.90000", "lat": 18.7, "lon": 98.9}
    assert (filed["contact"], filed["media"]) == (None, [])


async def test_a_turn_that_runs_again_files_once(bot: Bot, gateway: FakeGateway) -> None:
    """A failed turn is done again with its id, so its key is the same."""
    first = await bot.run("action_submit_report", slots=FILLED, turn="turn-1")
    second = await bot.run("action_submit_report", slots=FILLED, turn="turn-1")
    assert len(gateway.cases) == 1
    assert first.arguments("utter_report_filed")["ticket_id"] == second.arguments("utter_report_filed")["ticket_id"]


@pytest.mark.parametrize("trouble", ["down", 500, 503, 400, 401, 422])
async def test_a_report_that_could_not_be_filed_is_kept(bot: Bot, gateway: FakeGateway, trouble: int | str) -> None:
    """The citizen hears it, the slots stay, and the form waits at its yes."""
    gateway.trouble = trouble
    outcome = await bot.run("action_submit_report", slots=FILLED, turn="turn-1")
    assert outcome.answers == [
        (
            "utter_report_not_filed",
            {
                "description": "ไฟถนนดับ มืดมาก",
                "type": "แสงสว่าง",
                "place": "หน้าโรงเรียนบ้านหนองแวง เชียงใหม่",
                "pin": False,
            },
        )
    ]
    assert set(outcome.slots) == {"report_confirmed", "report_key", "requested_slot"}
    assert (outcome.slots["report_confirmed"], outcome.slots["requested_slot"]) == (None, "report_confirmed")
    assert [event["name"] for event in outcome.events if event["event"] in ("active_loop", "followup")] == [
        "report_form",
        "action_listen",
    ]


async def test_a_second_yes_cannot_file_twice(bot: Bot, gateway: FakeGateway) -> None:
    """The first answer was lost after the case was stored: the next turn uses the first one's key."""
    gateway.trouble, gateway.after_storing = 503, True
    lost = await bot.run("action_submit_report", slots=FILLED, turn="turn-1")
    gateway.trouble, gateway.after_storing = None, False
    again = {**FILLED, **lost.slots, "report_confirmed": True}
    found = await bot.run("action_submit_report", slots=again, turn="turn-2")
    assert len(gateway.cases) == 1
    assert found.ids == ["utter_report_filed"]
    assert found.slots["report_key"] is None
    assert set(gateway.keys) == {"turn-1:case"}


async def test_a_refused_report_gets_a_new_key(bot: Bot, gateway: FakeGateway) -> None:
    """A refusal stored nothing; its key may not stand in the way."""
    gateway.trouble = 422
    assert (await bot.run("action_submit_report", slots=FILLED)).slots["report_key"] is None


async def test_a_turn_without_id_files_nothing(bot: Bot, gateway: FakeGateway) -> None:
    """No key, no write: a failure the gateway apologises for."""
    call = bot.call("action_submit_report", slots=FILLED)
    del call["tracker"]["latest_message"]["message_id"]
    async with bot.session.post(f"{bot.url}/webhook", json=call) as response:
        assert response.status == 500
    assert not gateway.requests


@pytest.mark.parametrize("missing", ["report_description", "report_type", "report_place"])
async def test_an_unfinished_report_is_never_filed(bot: Bot, gateway: FakeGateway, missing: str) -> None:
    """The form would have to be broken; then it fails aloud."""
    call = bot.call("action_submit_report", slots={**FILLED, missing: None})
    async with bot.session.post(f"{bot.url}/webhook", json=call) as response:
        assert response.status == 500
    assert not gateway.requests


@pytest.mark.parametrize("field", ["report_place", "place"])
async def test_a_correction_empties_one_slot(bot: Bot, field: str) -> None:
    """And the yes, and the key: a corrected report is another report."""
    found = [{"entity": "field", "value": field}]
    outcome = await bot.run("action_correct_report", intent="correct", entities=found, slots=FILLED)
    assert outcome.slots == dict.fromkeys(["report_place", "report_confirmed", "report_correcting", "report_key"])
    assert outcome.ids == []


async def test_corrected_photos_start_anew(bot: Bot) -> None:
    """All of them."""
    found = [{"entity": "field", "value": "report_photo"}]
    outcome = await bot.run("action_correct_report", intent="correct", entities=found, slots=FILLED)
    assert {"report_photo": None, "report_photos": None}.items() <= outcome.slots.items()


@pytest.mark.parametrize(
    "entities", [[], [{"entity": "field", "value": "report_confirmed"}], [{"entity": "field", "value": 5}]]
)
async def test_a_correction_of_nothing_in_particular_asks_which(bot: Bot, entities: list[dict[str, Any]]) -> None:
    """At the read-back nothing is emptied but the yes."""
    slots = {**FILLED, "requested_slot": "report_confirmed"}
    outcome = await bot.run("action_correct_report", intent="correct", entities=entities, slots=slots)
    assert outcome.slots == {"report_confirmed": None, "report_correcting": True}


@pytest.mark.parametrize(
    ("asked", "emptied"),
    [
        ("report_description", "report_description"),
        ("report_type", "report_description"),
        ("report_photo", "report_place"),
        ("report_contact", "report_photo"),
    ],
)
async def test_a_correction_in_the_middle_means_the_last_answer(bot: Bot, asked: str, emptied: str) -> None:
    """The form asks it again; the report is still read back as a whole before it is filed."""
    outcome = await bot.run("action_correct_report", intent="correct", slots={**FILLED, "requested_slot": asked})
    assert emptied in outcome.slots
    assert outcome.slots["report_correcting"] is None


async def test_cancel_empties_the_form_that_is_active(bot: Bot) -> None:
    """And only that one, without a word: the rule speaks."""
    report = await bot.run("action_cancel_form", intent="cancel", slots=FILLED, form="report_form")
    assert (report.slots, report.ids) == (dict.fromkeys(RESET), [])
    air = await bot.run("action_cancel_form", intent="cancel", form="air_quality_form")
    assert set(air.slots) == {"air_place", "place_choices", "place_said"}
    assert (await bot.run("action_cancel_form", intent="cancel")).events == []


async def test_a_bare_pin_is_filed_with_its_degrees(bot: Bot, gateway: FakeGateway) -> None:
    """The officer has to go there."""
    slots = {**FILLED, "report_place": {"text": "", "lat": 18.790384, "lon": 98.984681}}
    outcome = await bot.run("action_submit_report", slots=slots)
    assert gateway.requests[0]["place"] == {"text": "18.79038, 98.98468", "lat": 18.790384, "lon": 98.984681}
    told = outcome.arguments("utter_report_filed")
    assert (told["place"], told["pin"]) == (None, True)


async def test_a_name_beside_the_number_is_filed_with_it(bot: Bot, gateway: FakeGateway) -> None:
    """The sealed whole goes to the officer; the citizen is told what kind of contact it holds."""
    slots = {**FILLED, "report_contact": "⟦private:aa⟧ ⟦phone:bb⟧"}
    told = (await bot.run("action_ask_report_confirmed", slots=slots)).arguments("utter_report_readback")
    assert told["contact_kind"] == "phone"
    await bot.run("action_submit_report", slots=slots)
    assert gateway.requests[0]["contact"] == "⟦private:aa⟧"
