# SPDX-License-Identifier: Apache-2.0
"""Every fault on the wire, met by LINE's SDK: what the client sees, and what happened all the same."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from linebot.v3.messaging import ApiException, PushMessageRequest, ReplyMessageRequest

from sandbox.line.faults import AFTER, BEFORE, KINDS
from sandbox.line.state import Platform
from tests.sandbox.line.conftest import Bot, Control, Lost, Phone, Sdk, text

#: what the client sees of each kind: a status, or None for no answer
SEEN = {
    "lost": None, "cut": None, "error_after": 502, "error": 502, "drop": None, "html": 502, "slow": None,
    "unauthorised": 401, "rate_limit": 429, "monthly_limit": 429, "bad_request": 400, "not_found": 404,
}  # fmt: skip


async def try_push(sdk: Sdk, user: str, key: str | None = None) -> int | None:
    """The status of a push, or None when there was no answer in 0.3 s."""
    request = PushMessageRequest(to=user, messages=[text()], notificationDisabled=False, customAggregationUnits=None)
    try:
        answer = await sdk.api.push_message_with_http_info(request, x_line_retry_key=key, _request_timeout=0.3)
    except ApiException as refused:
        return int(refused.status)
    except Lost:
        return None
    return int(answer.status_code)


async def try_reply(sdk: Sdk, token: str) -> tuple[int | None, str]:
    """(status, body) of a reply, (None, "") when there was no answer in 0.3 s."""
    request = ReplyMessageRequest(replyToken=token, messages=[text()], notificationDisabled=False)
    try:
        await sdk.api.reply_message(request, _request_timeout=0.3)
    except ApiException as refused:
        return int(refused.status), str(refused.body)
    except Lost:
        return None, ""
    return 200, ""


def test_every_kind_is_tried() -> None:
    """None is left out of the table above."""
    assert set(KINDS) == set(SEEN) == {*BEFORE, *AFTER}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "slow"])
async def test_a_fault_of_a_push(sdk: Sdk, phone: Phone, control: Control, kind: str) -> None:
    """Before: nothing happened, and the retry is taken. After: it happened once, and the retry is 409."""
    key = str(uuid.uuid4())
    await control.fault("push", kind, status=502, seconds=5)
    assert await try_push(sdk, phone.user, key) == SEEN[kind]
    assert len(await phone.shown()) == (1 if kind in AFTER else 0)
    assert await try_push(sdk, phone.user, key) == (409 if kind in AFTER else 200)
    assert len(await phone.shown()) == 1


@pytest.mark.parametrize("kind", ["lost", "cut", "error_after"])
async def test_a_reply_whose_answer_was_lost_was_sent(
    sdk: Sdk, bot: Bot, phone: Phone, control: Control, kind: str
) -> None:
    """The same token again: `Invalid reply token` tells that the first was taken."""
    await phone.say("สวัสดีค่ะ")
    token = str((await bot.event())["replyToken"])
    await control.fault("reply", kind, seconds=5)
    assert (await try_reply(sdk, token))[0] in (None, 500)
    status, body = await try_reply(sdk, token)
    assert status == 400
    assert "Invalid reply token" in body
    assert len(await phone.shown()) == 1


@pytest.mark.parametrize("kind", ["error", "drop", "html", "unauthorised", "rate_limit"])
async def test_a_reply_that_failed_before_can_be_sent_again(
    sdk: Sdk, bot: Bot, phone: Phone, control: Control, kind: str
) -> None:
    """The token was not used."""
    await phone.say("สวัสดีค่ะ")
    token = str((await bot.event())["replyToken"])
    await control.fault("reply", kind)
    assert (await try_reply(sdk, token))[0] != 200
    assert (await try_reply(sdk, token))[0] == 200
    assert len(await phone.shown()) == 1


async def test_a_slow_call_takes_effect_after_the_client_has_gone(sdk: Sdk, phone: Phone, control: Control) -> None:
    """The nasty case: a time-out, and later a message all the same."""
    await control.fault("push", "slow", seconds=0.6)
    assert await try_push(sdk, phone.user) is None
    assert await phone.shown() == []
    entries = await phone.journal(wait=3)
    assert [entry["kind"] for entry in entries] == ["message"]


async def test_a_slow_call_is_answered_to_a_patient_client(sdk: Sdk, phone: Phone, control: Control) -> None:
    """Late, but good."""
    await control.fault("push", "slow", seconds=0.05)
    assert await try_push(sdk, phone.user) == 200


async def test_429_has_two_texts(sdk: Sdk, phone: Phone, control: Control) -> None:
    """Rate and month ask for different remedies."""
    request = PushMessageRequest(
        to=phone.user, messages=[text()], notificationDisabled=False, customAggregationUnits=None
    )
    for kind, words in (("rate_limit", "rate limit has been exceeded"), ("monthly_limit", "your monthly limit")):
        await control.fault("push", kind)
        with pytest.raises(ApiException, match=words):
            await sdk.api.push_message(request)


async def test_faults_are_counted_and_can_wait(sdk: Sdk, phone: Phone, control: Control) -> None:
    """`after` one good call, `times` two, then good again; null lasts until it is cleared."""
    await control.fault("push", "error", after=1, times=2)
    assert [await try_push(sdk, phone.user) for _ in range(4)] == [200, 500, 500, 200]
    await control.fault("any", "unauthorised", times=None)
    assert [await try_push(sdk, phone.user) for _ in range(3)] == [401, 401, 401]
    async with control.client.delete("/line/control/faults") as answer:
        assert await answer.json() == {"faults": []}
    assert await try_push(sdk, phone.user) == 200


async def test_a_fault_hits_only_its_operation(sdk: Sdk, phone: Phone, control: Control) -> None:
    """A troubled profile leaves pushes alone."""
    await control.fault("profile", "error", status=503)
    assert await try_push(sdk, phone.user) == 200
    with pytest.raises(ApiException) as refused:
        await sdk.api.get_profile(phone.user)
    assert refused.value.status == 503
    assert (await sdk.api.get_profile(phone.user)).user_id == phone.user


@pytest.mark.parametrize(
    "body",
    [
        {}, {"operation": "push"}, {"operation": "sing", "kind": "error"}, {"operation": "push", "kind": "odd"},
        {"operation": "push", "kind": "error", "times": 0}, {"operation": "push", "kind": "error", "status": 200},
        {"operation": "push", "kind": "error", "seconds": -1}, {"kind": "error", "when": "now"}, [],
    ],
)  # fmt: skip
async def test_a_malformed_fault_is_refused(control: Control, body: Any) -> None:
    """400 with a reason; nothing is switched."""
    assert (await control("/faults", body, status=400))["error"]
    assert (await control.get("/faults")) == {"faults": []}


async def test_the_log_tells_calls_with_their_faults(
    sdk: Sdk, phone: Phone, control: Control, platform: Platform
) -> None:
    """Body, retry key, request id, and the status that the client never learnt."""
    key = str(uuid.uuid4())
    await control.fault("push", "lost", seconds=5)
    await try_push(sdk, phone.user, key)
    assert await try_push(sdk, phone.user, key) == 409
    first, second = (await control.get("/calls"))["calls"]
    assert (first["fault"], first["effect_status"], first["retry_key"]) == ("lost", 200, key)
    assert first["body"]["to"] == phone.user
    assert (second["status"], second["fault"]) == (409, None)
    assert platform.channel.long_lived_token not in str(first)
    assert (await control.get("/counted"))["push 409"] == 1
