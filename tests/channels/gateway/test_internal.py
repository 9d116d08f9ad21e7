# SPDX-License-Identifier: Apache-2.0
"""The gateway's internal HTTP: answers, cases, the vault, models and figures, for our own processes only."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from store import cases
from tests.channels.gateway.conftest import SECRETS
from tests.channels.gateway.stack import SAID, Stack
from tests.fakes.bot_server import Bot
from thai import case_numbers

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def conversation_of(stack: Stack, bot: Bot, words: str = "มีเรื่องจะแจ้ง") -> str:
    """The key of a new citizen's conversation, as the bot and the actions know it."""
    citizen = await stack.citizen()
    await citizen.asks(words)
    return bot.ran[-1].conversation


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


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/internal/model"),
        ("POST", "/internal/nlg"),
        ("POST", "/internal/cases"),
        ("GET", "/internal/cases"),
        ("GET", "/internal/cases/2569-7KMPX4"),
        ("POST", "/internal/vault/open"),
        ("POST", "/internal/render/web"),
        ("GET", "/internal/nothing"),
    ],
)
@pytest.mark.parametrize("token", [None, "", "another token", "โทเค็น"])
async def test_nothing_internal_opens_without_the_token(
    stack: Stack, method: str, path: str, token: str | None
) -> None:
    """Every internal way but figures and health is a 401 without the right token."""
    status, body = await stack.ask(method, path, {}, token=token)
    assert (status, body) == (401, {"error": "unauthorised"})


async def test_nothing_internal_is_public(stack: Stack) -> None:
    """The public door knows none of it, also with the token; health it does know."""
    for path in ("/internal/model", "/internal/cases", "/metrics", "/internal/vault/open"):
        async with stack.http.get(
            f"{stack.url}{path}", headers={"Authorization": "Bearer a token between processes"}
        ) as response:
            assert response.status == 404
    for path in ("/health/live", "/health/ready"):
        async with stack.http.get(f"{stack.url}{path}") as response:
            assert response.status == 200


# ---- cases ------------------------------------------------------------------------------------------------------


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
    status, told = await stack.ask("GET", f"/internal/cases/{filed[0]}")
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
    _, told = await stack.ask("GET", f"/internal/cases/{filed['ticket_id']}")
    assert (told["state"], told["state_th"], told["note"]) == ("inprogress", "กำลังดำเนินการ", "ช่างออกไปแล้ว")


# ---- the vault --------------------------------------------------------------------------------------------------


async def test_a_sealed_value_is_opened_for_a_reason(stack: Stack, bot: Bot) -> None:
    """An action opens one value for one call; who and why stands in the audit log, the value does not."""
    key = await conversation_of(stack, bot, "โทรกลับ 081-234-5678")
    handle = bot.ran[-1].said.removeprefix("โทรกลับ ")
    body = {"conversation": key, "handle": handle, "purpose": "submit_report", "actor": "action_submit_report"}
    assert await stack.ask("POST", "/internal/vault/open", body) == (200, {"value": "+66812345678"})
    async with stack.gateway.engine.connect() as connection:
        row = (
            await connection.execute(text("SELECT actor, act, subject, reason FROM audit ORDER BY id DESC LIMIT 1"))
        ).one()
    assert (row.actor, row.act, row.reason) == ("action_submit_report", "vault.open", "submit_report")
    assert handle in row.subject
    assert "812345678" not in str(tuple(row))


@pytest.mark.parametrize(
    "change",
    [{"handle": "⟦phone:zzzzzz⟧"}, {"conversation": "web:nobody"}, {"purpose": ""}, {"actor": ""}, {"handle": "a\x00"}],
)
async def test_the_vault_stays_shut(stack: Stack, bot: Bot, change: dict[str, str]) -> None:
    """A foreign or unknown handle, no reason or no name: refused, nothing opened, nothing in the audit log."""
    key = await conversation_of(stack, bot, "โทรกลับ 081-234-5678")
    handle = bot.ran[-1].said.removeprefix("โทรกลับ ")
    async with stack.gateway.engine.connect() as connection:
        before = await connection.scalar(text("SELECT count(*) FROM audit"))
    body = {"conversation": key, "handle": handle, "purpose": "p", "actor": "a", **change}
    status, _ = await stack.ask("POST", "/internal/vault/open", body)
    assert status in (400, 404)
    async with stack.gateway.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM audit")) == before


async def test_another_conversations_handle_stays_shut(stack: Stack, bot: Bot) -> None:
    """A handle opens in its own conversation only."""
    await conversation_of(stack, bot, "ติดต่อ 081-234-5678")
    handle = bot.ran[-1].said.removeprefix("ติดต่อ ")
    other = await conversation_of(stack, bot)
    body = {"conversation": other, "handle": handle, "purpose": "p", "actor": "a"}
    assert (await stack.ask("POST", "/internal/vault/open", body))[0] == 404


# ---- answers, renderings, models --------------------------------------------------------------------------------


async def test_rasa_gets_an_answer_as_blocks(stack: Stack) -> None:
    """Rasa's NLG request: the answer's blocks in `custom`, in the language of the tracker."""
    request = {
        "response": "utter_thanks",
        "arguments": {},
        "tracker": {"sender_id": "web:1", "slots": {}},
        "channel": {"name": "web"},
    }
    status, body = await stack.ask("POST", "/internal/nlg", request)
    assert status == 200
    assert body == {"text": "", "buttons": [], "custom": {"blocks": body["custom"]["blocks"]}}
    assert body["custom"]["blocks"][0]["type"] == "text"
    english = {**request, "tracker": {"sender_id": "web:1", "slots": {"language": "en"}}}
    assert (await stack.ask("POST", "/internal/nlg", english))[1] != body


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"response": "utter_nothing_of_the_kind"}, 404),
        ({}, 400),
        ([], 400),
        ({"response": 5}, 400),
        ({"response": "utter_thanks", "tracker": "none"}, 400),
        ({"response": "utter_thanks", "tracker": {"latest_message": {"intent_ranking": [5]}}}, 400),
        ({"response": "utter_thanks", "channel": "web"}, 400),
        ({"response": "utter_thanks", "arguments": [1]}, 400),
    ],
)
async def test_a_wrong_nlg_request_is_refused(stack: Stack, body: object, status: int) -> None:
    """An unknown answer is a 404 that names it, nonsense a 400: never a 500."""
    assert (await stack.ask("POST", "/internal/nlg", body))[0] == status


async def test_previews_are_what_the_channel_shows(stack: Stack) -> None:
    """An officer sees an answer as the web or the terminal shows it, without payloads."""
    blocks = [{"type": "choices", "text": "เลือก", "choices": [{"label": "ใช่", "payload": "/affirm"}]}]
    status, web = await stack.ask("POST", "/internal/render/web", {"blocks": blocks})
    assert (status, web["blocks"][0]["choices"]) == (200, [{"id": "1.0.0", "label": "ใช่"}])
    status, terminal = await stack.ask("POST", "/internal/render/terminal", {"blocks": blocks})
    assert (status, terminal) == (200, {"lines": ["เลือก", "  1. ใช่"]})
    assert (await stack.ask("POST", "/internal/render/pigeon", {"blocks": blocks}))[0] == 404
    wrongs: list[Any] = [{}, {"blocks": 5}, [], {"blocks": ["x"]}, {"blocks": [{"type": "choices", "choices": [{}]}]}]
    for wrong in wrongs:
        assert (await stack.ask("POST", "/internal/render/web", wrong))[0] == 400


async def test_the_live_model_is_pulled_by_its_hash(stack: Stack) -> None:
    """204 without a model; then the file under its hash, and 304 for who has it (Rasa's puller)."""
    assert (await stack.ask("GET", "/internal/model"))[0] == 204
    folder = stack.gateway.config.rasa_dir / "models"
    folder.mkdir(parents=True)
    sha256 = "ab" * 32
    (folder / "live.json").write_text(json.dumps({"sha256": sha256}), encoding="utf-8")
    assert (await stack.ask("GET", "/internal/model"))[0] == 204
    (folder / f"{sha256}.tar.gz").write_bytes(b"a model")
    headers = {"Authorization": "Bearer a token between processes"}
    async with stack.http.get(f"{stack.internal}/internal/model", headers=headers) as response:
        assert (response.status, await response.read(), response.headers["ETag"].strip('"')) == (
            200,
            b"a model",
            sha256,
        )
    headers["If-None-Match"] = sha256
    async with stack.http.get(f"{stack.internal}/internal/model", headers=headers) as response:
        assert response.status == 304
    (folder / "live.json").write_text("{", encoding="utf-8")
    assert (await stack.ask("GET", "/internal/model"))[0] == 204


# ---- figures ----------------------------------------------------------------------------------------------------


async def test_the_figures_are_there_and_name_nobody(stack: Stack, bot: Bot) -> None:
    """Queue depth, oldest age, duplicates and dead letters are exported (G-09); no label holds anything of a citizen."""
    citizen = await stack.citizen()
    one = str(uuid.uuid4())
    for _ in range(2):
        await citizen.send("โทรหาฉันที่ 081-234-5678 บัตร 1-2345-67890-12-1", one)
    await citizen.answers(1)
    _, figures = await stack.ask("GET", "/metrics", token=None)
    for name in (
        "pracha_inbox_waiting",
        "pracha_inbox_oldest_seconds",
        "pracha_dead_letters",
        "pracha_duplicate_events_total",
        "pracha_turns_total",
        "pracha_turn_seconds_bucket",
        "pracha_sealed_identifiers_total",
    ):
        assert f"\n{name}" in figures, name
    assert 'pracha_sealed_identifiers_total{kind="phone"}' in figures
    for words in (*SECRETS, *SAID, citizen.session, citizen.token, bot.ran[-1].conversation, bot.ran[-1].turn_id):
        assert words not in figures


async def test_the_depth_is_what_waits(stack: Stack, bot: Bot) -> None:
    """While a message waits it is counted and ages; the queue is empty after its answer."""
    bot.is_ready = False
    citizen = await stack.citizen()
    try:
        await citizen.send("ค้างอยู่ในคิว")
        await asyncio.sleep(0.2)
        assert await stack.figure("pracha_inbox_waiting") == 1
        assert await stack.figure("pracha_inbox_oldest_seconds") >= 0.2
    finally:
        bot.is_ready = True
    await citizen.answers(1)
    assert await stack.figure("pracha_inbox_waiting") == 0
    assert await stack.figure("pracha_inbox_oldest_seconds") == 0


async def test_every_sentence_that_the_gateway_says_is_there(stack: Stack) -> None:
    """Each answer that the gateway names in its code exists in both languages."""
    code = "".join(
        file.read_text(encoding="utf-8") for file in (Path(__file__).parents[3] / "channels" / "gateway").glob("*.py")
    )
    named = set(re.findall(r'"(system_[a-z_]+)"', code))
    assert {"system_apology", "system_waiting", "system_privacy_notice"} <= named
    for name in named:
        for locale in ("th", "en"):
            arguments = {"privacy_url": "https://x", "repaired": "ก", "ticket_id": "2569-7KMPX4", "state": "start"}
            assert stack.gateway.answers.system(name, arguments, locale), (name, locale)
