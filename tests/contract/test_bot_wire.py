# SPDX-License-Identifier: Apache-2.0
"""The turn endpoint of docs/developers/wire.md §2: the fake bot keeps to it, and the gateway's client reads it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from channels.gateway.bot_client import ActionsAway, BotClient, TurnFailed, classify
from core.errors import Rejected, Unauthorised, Unavailable, Verdict
from tests.fakes.bot_server import Bot, Drop, Fail, Hang, Raw, Say, Step, running_bot

TOKEN = "a token of this test"


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with running_bot(TOKEN) as bot:
        yield bot


@pytest.fixture
async def client(bot: Bot) -> AsyncIterator[BotClient]:
    client = BotClient(bot.url, TOKEN, deadline=0.3, connections=4)
    yield client
    await client.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def turn(**content: Any) -> dict[str, Any]:
    return {
        "turn_id": str(uuid.uuid4()),
        "conversation": "web:0123",
        "locale": "th",
        "channel": "web",
        "metadata": {},
        "deadline_ms": 20_000,
        **(content or {"text": "สวัสดี"}),
    }


async def post(
    http: aiohttp.ClientSession, bot: Bot, body: dict[str, Any], token: str = TOKEN
) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with http.post(f"{bot.url}/webhooks/turns", json=body, headers=headers) as response:
        return response.status, await response.json()


async def ask(client: BotClient, words: str = "สวัสดี", turn_id: uuid.UUID | None = None) -> Any:
    return await client.turn(
        turn_id=turn_id or uuid.uuid4(), conversation="web:0123", content={"text": words}, locale="th", channel="web"
    )


# ---- the fake itself --------------------------------------------------------------------------------------------


async def test_the_fake_runs_a_turn_id_once(bot: Bot, http: aiohttp.ClientSession) -> None:
    """A turn id that was answered is answered again with the same replies, marked as replayed, and not run again."""
    body = turn()
    first, second = await post(http, bot, body), await post(http, bot, body)
    assert (first[0], first[1]["replayed"]) == (200, False)
    assert second[1] == {**first[1], "replayed": True}
    assert len(bot.ran) == 1
    assert len(bot.requests) == 2


async def test_a_failed_turn_is_not_remembered(bot: Bot, http: aiohttp.ClientSession) -> None:
    """After a failure the same turn id is run."""
    bot.on("สวัสดี", Fail(status=502, code="action", filled_slots=["report_place"]))
    body = turn()
    status, said = await post(http, bot, body)
    assert (status, said) == (502, {"error": "action", "active_form": None, "filled_slots": ["report_place"]})
    assert (await post(http, bot, body))[0] == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "ก", "location": {"lat": 1, "lon": 2}},
        {"turn_id": "not a uuid", "text": "ก"},
        {"conversation": "", "text": "ก"},
        {"locale": "fr", "text": "ก"},
        {"deadline_ms": "soon", "text": "ก"},
    ],
)
async def test_the_fake_refuses_what_breaks_the_contract(
    bot: Bot, http: aiohttp.ClientSession, wrong: dict[str, Any]
) -> None:
    """A request with two contents, a bad id or a missing field is a 400, so that a wrong gateway is seen."""
    assert await post(http, bot, turn(**wrong)) == (400, {"error": "bad_request"})
    assert bot.requests == []


async def test_the_fake_wants_its_token(bot: Bot, http: aiohttp.ClientSession) -> None:
    """Another token gets nothing done."""
    assert (await post(http, bot, turn(), token="another"))[0] == 401
    assert bot.requests == []


async def test_the_fake_counts_what_is_in_flight(bot: Bot, http: aiohttp.ClientSession) -> None:
    """Two requests of one conversation at once are seen."""
    bot.always("พร้อมกัน", Say(takes=0.1))
    await asyncio.gather(*(post(http, bot, turn(text="พร้อมกัน")) for _ in range(2)))
    assert bot.most_at_once["web:0123"] == 2


async def test_the_fake_goes_down_and_comes_back_on_its_port(bot: Bot, http: aiohttp.ClientSession) -> None:
    """While it is down nothing listens, also not for kept connections; then it remembers its turns."""
    body, port = turn(), bot.port
    await post(http, bot, body)
    await bot.down()
    with pytest.raises(aiohttp.ClientError):
        await post(http, bot, turn())
    await bot.up()
    assert bot.port == port
    assert (await post(http, bot, body))[1]["replayed"] is True


# ---- the gateway's client against it ----------------------------------------------------------------------------


async def test_a_turn_is_answered(bot: Bot, client: BotClient) -> None:
    """Replies, understanding and the state of the form arrive as they were sent."""
    bot.on("ไฟ", Say(blocks=[{"type": "text", "text": "ค่ะ"}], intent="report_problem", requested_slot="report_place"))
    answer = await ask(client, "ไฟดับ")
    assert answer.replies == [{"type": "text", "text": "ค่ะ"}]
    assert (answer.understanding.intent, answer.understanding.decision) == ("report_problem", "answer")
    assert (answer.requested_slot, answer.replayed) == ("report_place", False)


async def test_what_is_kept_of_an_understanding_holds_no_words(bot: Bot, client: BotClient) -> None:
    """Entities are kept by name and place only, a repaired text as the fact that there was one."""
    bot.on("l;ylfu", Say(entities=[{"entity": "place", "value": "โคราช", "start": 0, "end": 5}], repaired="สวัสดี"))
    figures = (await ask(client, "l;ylfu")).understanding.figures()
    assert figures["entities"] == [{"entity": "place", "start": 0, "end": 5}]
    assert figures["repaired"] is True
    assert "โคราช" not in str(figures)
    assert "สวัสดี" not in str(figures)


@pytest.mark.parametrize(
    ("status", "code", "verdict"),
    [
        (400, "bad_request", Rejected),
        (401, "unauthorised", Unauthorised),
        (409, "lock", Unavailable),
        (500, "tracker_store", Unavailable),
        (502, "action", TurnFailed),
        (502, "nlg", TurnFailed),
        (502, "nlu", TurnFailed),
        (502, "bot", TurnFailed),
        (503, "no_model", Unavailable),
        (503, "starting", Unavailable),
        (503, "nlg_away", Unavailable),
        (503, "actions_away", ActionsAway),
        (504, "deadline", TurnFailed),
    ],
)
async def test_each_failure_of_the_contract_has_its_verdict(
    bot: Bot, client: BotClient, status: int, code: str, verdict: type[Verdict]
) -> None:
    """The table of the contract, row by row."""
    bot.on("สวัสดี", Fail(status=status, code=code))
    with pytest.raises(Verdict) as raised:
        await ask(client)
    assert type(raised.value) is verdict
    assert raised.value.reason == code


async def test_a_failed_turn_says_what_was_saved(bot: Bot, client: BotClient) -> None:
    """The form and its filled slots come with the failure, for the apology."""
    bot.on("ไฟ", Fail(status=502, code="action", active_form="report_form", filled_slots=["report_description"]))
    with pytest.raises(TurnFailed) as raised:
        await ask(client, "ไฟดับ")
    assert (raised.value.active_form, raised.value.filled_slots) == ("report_form", ("report_description",))


@pytest.mark.parametrize(
    ("step", "verdict"),
    [
        (Hang(), Unavailable),
        (Drop(), Unavailable),
        (Raw(b"<html>not json</html>", status=502), TurnFailed),
        (Raw(b"<html>proxy</html>", status=500), Unavailable),
        (Raw(b"not json"), Unavailable),
        (Raw(b"[]"), Unavailable),
        (Raw(b"\xff\xfe\x00"), Unavailable),
        (Raw(b'{"replies": []}'), TurnFailed),
        (Raw(b'{"replies": "many", "understanding": {}}'), TurnFailed),
        (Raw(b'{"replies": ["many"], "understanding": {}}'), TurnFailed),
        (Raw(b'{"replies": [{"text": "no type"}], "understanding": {}}'), TurnFailed),
        (Raw(b'{"replies": [{"type": "choices", "choices": [{"label": 1}]}], "understanding": {}}'), TurnFailed),
        (Raw(b'{"replies": [{"type": "choices", "choices": "two"}], "understanding": {}}'), TurnFailed),
        (Raw(b'{"replies": [{"type": "carousel", "cards": [1]}], "understanding": {}}'), TurnFailed),
        (Raw(b'{"replies": [{"type": "carousel"}], "understanding": {}}'), TurnFailed),
        (Raw(b'{"replies": [], "understanding": []}'), TurnFailed),
        (Raw(b'{"replies": [], "understanding": {"ranking": "abc"}}'), TurnFailed),
        (Raw(b'{"replies": [], "understanding": {"entities": ["abc"]}}'), TurnFailed),
        (Raw(b'{"replies": [], "understanding": {"confidence": "high"}}'), TurnFailed),
        (Raw(b'{"replies": [], "understanding": {"confidence": NaN}}'), TurnFailed),
        (Raw(b'{"replies": [], "understanding": {"confidence": 1' + b"0" * 400 + b"}}"), TurnFailed),
        (Raw(b'{"replies": [], "understanding": {"intent": {"name": "greet"}}}'), TurnFailed),
        (Raw(b'{"replies": [], "understanding": {"intent": "a\\u0000b"}}'), TurnFailed),
        (Raw(b'{"replies": [], "understanding": {}, "active_form": {}}'), TurnFailed),
        (Raw(b'{"replies": [], "understanding": {}, "requested_slot": 5}'), TurnFailed),
        (Raw(b'{"replies": [{"type": "text", "text": "\\ud800"}], "understanding": {}}'), TurnFailed),
    ],
    ids=lambda value: value.body.decode("latin-1")[:60] if isinstance(value, Raw) else None,
)
async def test_whatever_the_bot_does_is_a_verdict(
    bot: Bot, client: BotClient, step: Step, verdict: type[Verdict]
) -> None:
    """A bot that hangs, drops the line or answers nonsense never surprises the worker with another error."""
    if isinstance(step, Hang):
        quick = BotClient(bot.url, TOKEN, deadline=-1.8, connections=1)  # 0.2 s in all
        client = quick
    bot.on("สวัสดี", step)
    try:
        with pytest.raises(Verdict) as raised:
            await ask(client)
    finally:
        await client.close()
    assert type(raised.value) is verdict


async def test_a_bot_that_is_not_there_is_unavailable(bot: Bot, client: BotClient) -> None:
    """Connection refused is no error of the turn."""
    await bot.down()
    with pytest.raises(Unavailable):
        await ask(client)
    assert await client.ready() is False


async def test_ready_and_erase(bot: Bot, client: BotClient) -> None:
    """The two other calls of the contract."""
    assert await client.ready() is True
    bot.is_ready = False
    assert await client.ready() is False
    await client.erase("web:0123")
    assert bot.erased == ["web:0123"]


async def test_the_reason_of_a_verdict_never_quotes_the_turn(bot: Bot, client: BotClient) -> None:
    """Reasons go to logs and to staff: they hold codes and class names."""
    for step in (Hang(), Drop(), Raw(b"not json"), Raw(b'{"replies": []}')):
        bot.on("ความลับ", step)
        with pytest.raises(Verdict) as raised:
            await asyncio.wait_for(ask(client, "ความลับ 0812345678"), 5)
        assert "ความลับ" not in str(raised.value) + raised.value.reason
        assert "0812345678" not in str(raised.value) + raised.value.reason


@pytest.mark.parametrize("body", [None, [], "text", 5, {"error": None}, {"error": ["x"]}, {"filled_slots": "abc"}])
@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 504])
def test_the_classifier_knows_every_status_and_body(status: int, body: object) -> None:
    """Whatever comes, it is one of the verdicts; what is unknown is worth another try."""
    verdict = classify(status, body)
    assert isinstance(verdict, (Unavailable, Rejected, Unauthorised, TurnFailed))
    if status in (301, 404, 418, 429):
        assert isinstance(verdict, Unavailable)
