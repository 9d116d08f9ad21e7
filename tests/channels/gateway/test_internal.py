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

from tests.channels.gateway.conftest import SECRETS
from tests.channels.gateway.stack import SAID, Stack, conversation_of
from tests.fakes.bot_server import Bot

pytestmark = pytest.mark.asyncio(loop_scope="session")


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


async def test_g_09_the_figures_are_there_and_name_nobody(stack: Stack, bot: Bot) -> None:
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
        "pracha_undelivered_answers",
        "pracha_undelivered_oldest_seconds",
        "pracha_dead_deliveries",
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
