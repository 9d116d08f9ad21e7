# SPDX-License-Identifier: Apache-2.0
"""Cases through the internal HTTP: filed once per key, told without personal data."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest

from store import cases
from tests.channels.gateway.stack import Stack, conversation_of
from tests.fakes.bot_server import Bot
from thai import case_numbers

pytestmark = pytest.mark.asyncio(loop_scope="session")


def case(conversation: str, **changes: Any) -> dict[str, Any]:
    return {
        "conversation": conversation,
        "turn_id": str(uuid.uuid4()),
        "type": "แสงสว่าง",
        "description": "ไฟถนนดับหน้าโรงเรียน",
        "place": {"text": "หน้าโรงเรียนบ้านหนองแวง", "province": "ขอนแก่น", "lat": 16.4, "lon": 102.8},
        "media": [],
        "contact": None,
        **changes,
    }


async def test_a_case_is_filed_once_per_key(stack: Stack, bot: Bot) -> None:
    """201 with a valid number, then 200 with the same body for the same key, whatever the body says now."""
    key = await conversation_of(stack, bot)
    once = f"{uuid.uuid4()}:file_case"
    first = await stack.ask("POST", "/internal/cases", case(key), Idempotency_Key=once)
    again = await stack.ask("POST", "/internal/cases", case(key, description="อย่างอื่น"), Idempotency_Key=once)
    assert (first[0], again) == (201, (200, first[1]))
    assert case_numbers.check(first[1]["ticket_id"])
    assert first[1]["state"] == "start"
    assert first[1]["state_th"] == "รอรับเรื่อง"
    assert first[1]["created_at"].endswith("+07:00")
    other = await stack.ask("POST", "/internal/cases", case(key), Idempotency_Key=f"{uuid.uuid4()}:file_case")
    assert other[0] == 201
    assert other[1]["ticket_id"] != first[1]["ticket_id"]


async def test_ten_filings_at_once_are_one_case(stack: Stack, bot: Bot) -> None:
    """The same key ten times in parallel: one is new, all have the same number."""
    key = await conversation_of(stack, bot)
    once = f"{uuid.uuid4()}:file_case"
    results = await asyncio.gather(
        *(stack.ask("POST", "/internal/cases", case(key), Idempotency_Key=once) for _ in range(10))
    )
    assert sorted(status for status, _ in results) == [200] * 9 + [201]
    assert len({body["ticket_id"] for _, body in results}) == 1
    _, mine = await stack.ask("GET", f"/internal/cases?conversation={key}")
    assert len(mine["cases"]) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"conversation": "web:nobody"}, 404),
        ({"type": ""}, 400),
        ({"description": "  "}, 400),
        ({"description": None}, 400),
        ({"place": "หน้าวัด"}, 400),
        ({"place": {"lat": "north"}}, 400),
        ({"media": 5}, 400),
        ({"contact": 5}, 400),
        ({"contact": {"phone": "x"}}, 400),
        ({"place": {"text": 5}}, 400),
        ({"type": "a\x00b"}, 400),
        ({"place": {"text": "a\x00b"}}, 400),
    ],
)
async def test_a_wrong_case_is_refused(stack: Stack, bot: Bot, change: dict[str, Any], status: int) -> None:
    """A case without a conversation, a type, a description or with nonsense in it is a 4xx and no case."""
    key = await conversation_of(stack, bot)
    body = {**case(key), **change}
    if change == {"description": None}:
        del body["description"]
    got, _ = await stack.ask("POST", "/internal/cases", body, Idempotency_Key=f"{uuid.uuid4()}:file_case")
    assert got == status
    assert (await stack.ask("GET", f"/internal/cases?conversation={key}"))[1] == {"cases": []}


async def test_a_case_needs_a_key(stack: Stack, bot: Bot) -> None:
    """Without an idempotency key, or with too short a one, nothing is filed."""
    key = await conversation_of(stack, bot)
    assert (await stack.ask("POST", "/internal/cases", case(key)))[0] == 400
    assert (await stack.ask("POST", "/internal/cases", case(key), Idempotency_Key="short"))[0] == 400


async def test_a_case_is_told_without_personal_data(stack: Stack, bot: Bot) -> None:
    """By its number: type, state, place and times; neither the description nor the contact; the newest first."""
    key = await conversation_of(stack, bot)
    filed = []
    for _ in range(3):
        body = case(key, contact="⟦phone:k3f9ab⟧")
        filed.append(
            (await stack.ask("POST", "/internal/cases", body, Idempotency_Key=f"{uuid.uuid4()}:x"))[1]["ticket_id"]
        )
    status, told = await stack.ask("GET", f"/internal/cases/{filed[0]}?conversation={key}")
    assert status == 200
    assert {"ticket_id", "type", "state", "state_th", "address", "timestamp", "last_activity", "note"} <= set(told)
    assert (told["type"], told["address"]) == ("แสงสว่าง", "หน้าโรงเรียนบ้านหนองแวง")
    assert "ไฟถนนดับ" not in json.dumps(told, ensure_ascii=False)
    assert "phone" not in json.dumps(told)
    _, mine = await stack.ask("GET", f"/internal/cases?conversation={key}")
    assert [one["ticket_id"] for one in mine["cases"]] == filed[::-1]
    assert (await stack.ask("GET", "/internal/cases/2569-222222"))[0] == 404
    assert (await stack.ask("GET", "/internal/cases?conversation=web:nobody"))[1] == {"cases": []}


async def test_a_changed_state_is_told(stack: Stack, bot: Bot) -> None:
    """After staff moved it, the same call tells the new state and the note."""
    key = await conversation_of(stack, bot)
    _, filed = await stack.ask("POST", "/internal/cases", case(key), Idempotency_Key=f"{uuid.uuid4()}:x")
    await cases.set_state(
        stack.gateway.engine, filed["ticket_id"], "inprogress", actor="officer:1", reason="ช่างออกไปแล้ว"
    )
    _, told = await stack.ask("GET", f"/internal/cases/{filed['ticket_id']}?conversation={key}")
    assert (told["state"], told["state_th"], told["note"]) == ("inprogress", "กำลังดำเนินการ", "ช่างออกไปแล้ว")


async def test_a_strangers_case_is_told_without_words(stack: Stack, bot: Bot) -> None:
    """Who knows or guesses a number learns type, state and times; place and note are the owner's."""
    owner, stranger = await conversation_of(stack, bot), await conversation_of(stack, bot)
    _, filed = await stack.ask("POST", "/internal/cases", case(owner), Idempotency_Key=f"{uuid.uuid4()}:x")
    number = filed["ticket_id"]
    await cases.set_state(stack.gateway.engine, number, "follow", actor="officer:1", reason="โทรหาคุณสมชายแล้ว")
    for asking in (f"?conversation={stranger}", "?conversation=web:nobody", "?conversation=", ""):
        status, told = await stack.ask("GET", f"/internal/cases/{number}{asking}")
        assert status == 200
        assert set(told) == {"ticket_id", "type", "state", "state_th", "timestamp", "created_at", "last_activity"}
    _, told = await stack.ask("GET", f"/internal/cases/{number}?conversation={owner}")
    assert (told["address"], told["note"]) == ("หน้าโรงเรียนบ้านหนองแวง", "โทรหาคุณสมชายแล้ว")


async def test_numbers_cannot_be_tried_out(stack: Stack, bot: Bot) -> None:
    """After ten numbers that are not its own a conversation gets no more answers, right or wrong; its own case it sees."""
    owner, stranger = await conversation_of(stack, bot), await conversation_of(stack, bot)
    numbers = []
    for key in (owner, stranger):
        _, filed = await stack.ask("POST", "/internal/cases", case(key), Idempotency_Key=f"{uuid.uuid4()}:x")
        numbers.append(filed["ticket_id"])
    tried = [await stack.ask("GET", f"/internal/cases/2569-22222{n}?conversation={stranger}") for n in range(10)]
    assert {status for status, _ in tried} == {404}
    for number in ("2569-333333", numbers[0]):
        assert (await stack.ask("GET", f"/internal/cases/{number}?conversation={stranger}"))[0] == 429
    assert (await stack.ask("GET", f"/internal/cases/{numbers[1]}?conversation={stranger}"))[0] == 200
    assert (await stack.ask("GET", f"/internal/cases/{numbers[0]}?conversation={owner}"))[0] == 200


@pytest.mark.parametrize("locale", ["th", "en"])
async def test_what_a_stranger_is_not_told_leaves_no_gap(stack: Stack, bot: Bot, locale: str) -> None:
    """The answer about a case without place and note has neither an empty field nor the words for it."""
    owner = await conversation_of(stack, bot)
    _, filed = await stack.ask("POST", "/internal/cases", case(owner), Idempotency_Key=f"{uuid.uuid4()}:x")
    _, told = await stack.ask("GET", f"/internal/cases/{filed['ticket_id']}")
    asked = {
        "response": "utter_case_status",
        "arguments": {**told, "address": None, "note": None},
        "tracker": {"sender_id": "web:1", "slots": {}, "latest_message": {"metadata": {"locale": locale}}},
        "channel": {"name": "turns"},
    }
    status, answer = await stack.ask("POST", "/internal/nlg", asked)
    assert status == 200
    [card] = [block for block in answer["custom"]["blocks"] if block["type"] == "card"]
    assert len(card["fields"]) == 4
    assert all(field["value"] for field in card["fields"])
    assert not {"สถานที่", "Place"} & {field["label"] for field in card["fields"]}
    assert "text" not in card
