# SPDX-License-Identifier: Apache-2.0
"""Where a case stands."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.actions.wire import Bot, FakeGateway
from thai import case_numbers

NUMBER = case_numbers.make(2569, random.Random(7))
WRONG = NUMBER[:-1] + ("2" if NUMBER[-1] != "2" else "3")


def case(ticket_id: str, conversation: str = "web:3f2a") -> dict[str, Any]:
    """A case as the gateway tells it, with a field that must not travel on."""
    return {
        "ticket_id": ticket_id, "type": "แสงสว่าง", "state": "inprogress", "state_th": "กำลังดำเนินการ",
        "address": "หน้าโรงเรียนบ้านหนองแวง", "timestamp": "2026-11-20T09:00:00+07:00",
        "last_activity": "2026-11-21T10:00:00+07:00", "note": "ช่างเข้าพื้นที่แล้ว", "conversation": conversation,
        "contact": "081-000-0000",
    }  # fmt: skip


@pytest.mark.parametrize("said", [NUMBER, NUMBER.lower(), NUMBER.replace("-", " "), NUMBER.replace("2569", "๒๕๖๙")])
async def test_a_number_in_any_writing_finds_its_case(bot: Bot, gateway: FakeGateway, said: str) -> None:
    """By the entity or by the words; nothing but the agreed facts is told."""
    gateway.cases[NUMBER] = case(NUMBER)
    words = await bot.run("action_track_case", intent="track_case", text=f"เรื่อง {said} ถึงไหนแล้ว")
    found = await bot.run("action_track_case", text="ถึงไหนแล้ว", entities=[{"entity": "case_number", "value": NUMBER}])
    assert words.answers == found.answers
    told = words.arguments("utter_case_status")
    assert (told["ticket_id"], told["state"], told["note"]) == (NUMBER, "inprogress", "ช่างเข้าพื้นที่แล้ว")
    assert set(told) == {
        "ticket_id", "type", "state", "state_th", "address", "timestamp", "last_activity", "note",
    }  # fmt: skip
    assert words.slots == {"last_case": NUMBER}


async def test_a_bare_pin_is_not_told_in_degrees(bot: Bot, gateway: FakeGateway) -> None:
    """It was filed with them, for the officer."""
    gateway.cases[NUMBER] = {**case(NUMBER), "address": "13.75630, 100.50180"}
    outcome = await bot.run("action_track_case", entities=[{"entity": "case_number", "value": NUMBER}])
    told = outcome.arguments("utter_case_status")
    assert (told.get("address"), told["pin"]) == (None, True)


async def test_an_unknown_number_is_told_politely(bot: Bot) -> None:
    """With the number, so that it can be compared."""
    outcome = await bot.run("action_track_case", text=f"เรื่อง {NUMBER}")
    assert outcome.answers == [("utter_case_not_found", {"ticket_id": NUMBER})]


async def test_a_mistyped_number_is_not_looked_up(bot: Bot, gateway: FakeGateway) -> None:
    """The check character says so before anyone is asked."""
    gateway.trouble = 500
    outcome = await bot.run("action_track_case", text=f"เรื่อง {WRONG} ถึงไหนแล้ว")
    assert outcome.answers == [("utter_case_number_wrong", {"said": WRONG})]


@pytest.mark.parametrize(("text", "said"), [("BM7KMK", "BM7KMK"), ("2569", "2569"), ("ตามเรื่อง bm7kmk", "BM7KMK")])
async def test_half_a_number_is_asked_for_in_full(bot: Bot, gateway: FakeGateway, text: str, said: str) -> None:
    """Instead of all the conversation's cases, which were not asked for."""
    gateway.trouble = 500
    outcome = await bot.run("action_track_case", text=text)
    assert outcome.answers == [("utter_case_number_wrong", {"said": said})]


@pytest.mark.parametrize("kind", ["thai_id", "passport", "bank_account"])
async def test_a_sealed_number_is_no_case_number(bot: Bot, gateway: FakeGateway, kind: str) -> None:
    """What the vault calls it is nobody's to read; its citizen learns that it is not needed."""
    gateway.trouble = 500
    outcome = await bot.run("action_track_case", text=f"เลขบัตร ⟦{kind}:M346WA⟧ ครับ")
    assert outcome.answers == [("utter_number_not_needed", {})]


async def test_a_case_number_beside_a_sealed_one_is_found(bot: Bot) -> None:
    """The number that was asked for is the one to look up."""
    outcome = await bot.run("action_track_case", text=f"เรื่อง {NUMBER} เลขบัตร ⟦thai_id:M346WA⟧")
    assert outcome.answers == [("utter_case_not_found", {"ticket_id": NUMBER})]


async def test_without_a_number_the_only_case_is_told(bot: Bot, gateway: FakeGateway) -> None:
    """No need to ask which; another conversation's case is not theirs."""
    gateway.cases.update({"2569-A": case("2569-A"), "2569-B": case("2569-B", "web:other")})
    outcome = await bot.run("action_track_case", text="เรื่องถึงไหนแล้ว")
    assert outcome.arguments("utter_case_status")["ticket_id"] == "2569-A"


async def test_several_cases_are_listed(bot: Bot, gateway: FakeGateway) -> None:
    """In the gateway's order, ten at most, with how many are left."""
    gateway.cases.update({f"2569-{number}": case(f"2569-{number}") for number in range(12)})
    told = (await bot.run("action_track_case", text="เรื่องของฉัน")).arguments("utter_my_cases")
    assert [entry["ticket_id"] for entry in told["cases"]] == [f"2569-{number}" for number in range(10)]
    assert told["more"] == 2
    assert "contact" not in told["cases"][0]


async def test_no_case_is_said_so(bot: Bot) -> None:
    """Nothing is listed where nothing is."""
    assert (await bot.run("action_track_case", text="เรื่องถึงไหนแล้ว")).ids == ["utter_no_cases"]


@pytest.mark.parametrize("trouble", ["down", 401, 500, 503])
@pytest.mark.parametrize("text", ["เรื่องถึงไหนแล้ว", f"เรื่อง {NUMBER}"])
async def test_a_gateway_in_trouble_is_told_honestly(
    bot: Bot, gateway: FakeGateway, text: str, trouble: int | str
) -> None:
    """It is not said that there is no case."""
    gateway.trouble = trouble
    assert (await bot.run("action_track_case", text=text)).ids == ["utter_cases_unavailable"]
