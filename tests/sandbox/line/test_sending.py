# SPDX-License-Identifier: Apache-2.0
"""Replies and pushes, called by LINE's SDK: single-use tokens, retry keys, blocked users and quota."""

from __future__ import annotations

import uuid

import pytest
from linebot.v3.messaging import (
    ApiException,
    BroadcastRequest,
    MulticastRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
)

from sandbox.line.state import Platform
from tests.sandbox.line.conftest import Bot, Client, Control, Phone, Sdk, call, text


def reply_request(token: str) -> ReplyMessageRequest:
    """One text for a token."""
    return ReplyMessageRequest(replyToken=token, messages=[text()], notificationDisabled=False)


def push_request(to: str, *, count: int = 1) -> PushMessageRequest:
    """Some texts for a user."""
    return PushMessageRequest(to=to, messages=[text()] * count, notificationDisabled=False, customAggregationUnits=None)


async def asked(bot: Bot, phone: Phone) -> str:
    """A fresh reply token: the user has written and the bot was told."""
    before = len(bot.received)
    await phone.say("ขอถามหน่อยค่ะ")
    return str((await bot.event(count=before + 1))["replyToken"])


async def test_a_reply_reaches_the_chat_with_ids_and_quote_tokens(sdk: Sdk, bot: Bot, phone: Phone) -> None:
    """Five objects in one call, in order."""
    token = await asked(bot, phone)
    messages = [text(f"ข้อ {number}") for number in range(5)]
    sent = await sdk.api.reply_message(
        ReplyMessageRequest(replyToken=token, messages=messages, notificationDisabled=False)
    )
    assert [shown["text"] for shown in await phone.shown()] == [f"ข้อ {number}" for number in range(5)]
    assert all(message.quote_token for message in sent.sent_messages)


async def test_a_reply_token_is_good_once(sdk: Sdk, bot: Bot, phone: Phone) -> None:
    """The second use is 400 in LINE's words, and nothing more is shown."""
    token = await asked(bot, phone)
    await sdk.api.reply_message(reply_request(token))
    with pytest.raises(ApiException) as refused:
        await sdk.api.reply_message(reply_request(token))
    assert refused.value.status == 400
    assert "Invalid reply token" in refused.value.body
    assert len(await phone.shown()) == 1


@pytest.mark.parametrize(("seconds", "good"), [(60, True), (61, False)])
async def test_a_reply_token_lives_a_minute(
    sdk: Sdk, bot: Bot, phone: Phone, control: Control, seconds: int, good: bool
) -> None:
    """Sixty seconds from the delivery, not one more."""
    token = await asked(bot, phone)
    await control(body={"clock": {"advance": seconds}})
    if good:
        await sdk.api.reply_message(reply_request(token))
    else:
        with pytest.raises(ApiException, match="Invalid reply token"):
            await sdk.api.reply_message(reply_request(token))


@pytest.mark.parametrize(("pauses", "good"), [([300, 300], True), ([600, 601], False)])
async def test_a_redelivery_gives_a_token_another_minute_up_to_twenty(
    sdk: Sdk, bot: Bot, phone: Phone, control: Control, platform: Platform, pauses: list[int], good: bool
) -> None:
    """The minute starts again with each redelivery, but never beyond twenty minutes after the event."""
    platform.webhook.schedule = tuple(float(pause) for pause in pauses)
    bot.statuses = [500] * len(pauses)
    await phone.say("ยังอยู่ไหมคะ")
    for number, pause in enumerate(pauses, start=2):
        await control("/settle")
        await control(body={"clock": {"advance": pause}})
        await bot.wait(number)
    event = await bot.event(count=len(pauses) + 1)
    assert event["deliveryContext"] == {"isRedelivery": True}
    if good:
        await sdk.api.reply_message(reply_request(event["replyToken"]))
    else:
        with pytest.raises(ApiException, match="Invalid reply token"):
            await sdk.api.reply_message(reply_request(event["replyToken"]))


async def test_a_used_token_stays_used_after_a_redelivery(sdk: Sdk, bot: Bot, phone: Phone, control: Control) -> None:
    """A redelivered event whose token was used cannot be replied to again."""
    token = await asked(bot, phone)
    await sdk.api.reply_message(reply_request(token))
    await control("/redeliver")
    assert (await bot.event(count=2))["replyToken"] == token
    with pytest.raises(ApiException, match="Invalid reply token"):
        await sdk.api.reply_message(reply_request(token))


async def test_a_refused_body_does_not_cost_the_token(sdk: Sdk, bot: Bot, phone: Phone) -> None:
    """After a 400 about a message the same token still works."""
    token = await asked(bot, phone)
    bad = ReplyMessageRequest(replyToken=token, messages=[text("ก" * 5001)], notificationDisabled=False)
    with pytest.raises(ApiException, match=r"messages\[0\].text"):
        await sdk.api.reply_message(bad)
    await sdk.api.reply_message(reply_request(token))


async def test_a_retry_key_on_a_reply_is_refused(client: Client, platform: Platform, bot: Bot, phone: Phone) -> None:
    """Only sends without a token take one."""
    body = {"replyToken": await asked(bot, phone), "messages": [{"type": "text", "text": "ค่ะ"}]}
    status, _ = await call(
        client, platform, "POST", "/v2/bot/message/reply", json=body, headers={"X-Line-Retry-Key": str(uuid.uuid4())}
    )
    assert status == 400
    status, _ = await call(client, platform, "POST", "/v2/bot/message/reply", json=body)
    assert status == 200


async def test_a_retry_key_is_accepted_once_a_day(sdk: Sdk, phone: Phone, control: Control) -> None:
    """409 with the first request's id and messages; after 24 hours the key is new again."""
    key = str(uuid.uuid4())
    first = await sdk.api.push_message_with_http_info(push_request(phone.user), x_line_retry_key=key)
    with pytest.raises(ApiException) as conflict:
        await sdk.api.push_message(push_request(phone.user), x_line_retry_key=key)
    assert conflict.value.status == 409
    headers = {name.lower(): value for name, value in conflict.value.headers.items()}
    assert headers["x-line-accepted-request-id"] == first.headers["X-Line-Request-Id"]
    assert headers["x-line-request-id"] != first.headers["X-Line-Request-Id"]
    assert first.data.sent_messages[0].id in conflict.value.body
    assert len(await phone.shown()) == 1
    await control(body={"clock": {"advance": 24 * 3600 + 1}})
    await sdk.api.push_message(push_request(phone.user), x_line_retry_key=key)
    assert len(await phone.shown()) == 2


async def test_a_retry_key_must_be_a_uuid(sdk: Sdk, phone: Phone) -> None:
    """Another form is 400."""
    with pytest.raises(ApiException) as refused:
        await sdk.api.push_message(push_request(phone.user), x_line_retry_key="once")
    assert refused.value.status == 400


async def test_a_push_counts_once_for_five_messages(sdk: Sdk, phone: Phone) -> None:
    """The quota counts recipients, not message objects."""
    await sdk.api.push_message(push_request(phone.user, count=5))
    assert (await sdk.api.get_message_quota_consumption()).total_usage == 1


async def test_a_spent_quota_stops_pushes_but_not_replies(
    sdk: Sdk, bot: Bot, phone: Phone, control: Control, platform: Platform
) -> None:
    """429 with the words of the monthly limit; in the next month pushes work again."""
    await control(body={"limits": {"monthly_quota": 3}, "quota_used": 3})
    quota = await sdk.api.get_message_quota()
    assert (quota.type, quota.value) == ("limited", 3)
    with pytest.raises(ApiException) as refused:
        await sdk.api.push_message(push_request(phone.user))
    assert refused.value.status == 429
    assert "You have reached your monthly limit." in refused.value.body
    await sdk.api.reply_message(reply_request(await asked(bot, phone)))
    await control(body={"clock": {"advance": 9 * 24 * 3600}})
    await sdk.api.push_message(push_request(phone.user))
    assert (await sdk.api.get_message_quota_consumption()).total_usage == 1


async def test_no_quota_is_type_none(sdk: Sdk, platform: Platform) -> None:
    """An unlimited account has no value."""
    platform.limits.monthly_quota = None
    assert (await sdk.api.get_message_quota()).type == "none"


async def test_a_push_to_a_blocker_is_200_and_lost(sdk: Sdk, phone: Phone) -> None:
    """It is accepted, not shown and not counted; the same for an id that nobody has."""
    await phone.do("block")
    await sdk.api.push_message(push_request(phone.user))
    await sdk.api.push_message(push_request("U" + "0" * 32))
    assert await phone.shown() == []
    assert (await sdk.api.get_message_quota_consumption()).total_usage == 0


async def test_a_non_friend_who_wrote_this_week_is_pushed_to(
    sdk: Sdk, phone: Phone, platform: Platform, control: Control
) -> None:
    """Seven days, not eight."""
    platform.users[phone.user].friend = False
    await sdk.api.push_message(push_request(phone.user))
    assert await phone.shown() == []
    await phone.say("สวัสดีค่ะ")
    await sdk.api.push_message(push_request(phone.user))
    await control(body={"clock": {"advance": 8 * 24 * 3600}})
    await sdk.api.push_message(push_request(phone.user))
    assert len(await phone.shown()) == 1


async def test_a_malformed_recipient_is_400(sdk: Sdk) -> None:
    """An id of another form is not taken."""
    with pytest.raises(ApiException, match="'to', in the request body is invalid"):
        await sdk.api.push_message(push_request("somchai"))


async def test_multicast_and_broadcast_reach_friends(sdk: Sdk, phone: Phone, platform: Platform) -> None:
    """Only friends count."""
    users = list(platform.users)
    await sdk.api.multicast(
        MulticastRequest(to=users, messages=[text()], notificationDisabled=False, customAggregationUnits=None)
    )
    await sdk.api.broadcast(BroadcastRequest(messages=[text()], notificationDisabled=False))
    assert len(await phone.shown()) == 2
    assert (await sdk.api.get_message_quota_consumption()).total_usage == 2


async def test_the_loading_animation_ends_with_the_next_message(sdk: Sdk, bot: Bot, phone: Phone) -> None:
    """It is shown for its seconds, or until the answer."""
    token = await asked(bot, phone)
    started = await sdk.api.show_loading_animation_with_http_info(
        ShowLoadingAnimationRequest(chatId=phone.user, loadingSeconds=20)
    )
    assert started.status_code == 202
    loading = f"/line/api/users/{phone.user}/messages"
    async with phone.client.get(loading) as answer:
        assert (await answer.json())["loading"] == 20
    await sdk.api.reply_message(reply_request(token))
    async with phone.client.get(loading) as answer:
        assert (await answer.json())["loading"] == 0


@pytest.mark.parametrize("body", [{"loadingSeconds": 7}, {"loadingSeconds": 65}, {"chatId": "C" + "0" * 32}, {}])
async def test_loading_wants_a_person_and_steps_of_five(
    client: Client, platform: Platform, phone: Phone, body: dict[str, object]
) -> None:
    """7 s passes the OpenAPI, but not LINE; groups have none."""
    full = {"chatId": phone.user, "loadingSeconds": 5, **body} if body else {}
    status, _ = await call(client, platform, "POST", "/v2/bot/chat/loading/start", json=full)
    assert status == 400


@pytest.mark.parametrize(
    ("setting", "operation"),
    [("messages_per_second", "push"), ("loadings_per_second", "loading"), ("multicasts_per_second", "multicast")],
)
async def test_rates_are_limited_per_second(
    client: Client, platform: Platform, phone: Phone, control: Control, setting: str, operation: str
) -> None:
    """The call beyond is 429 with the words of the rate limit; a second later it passes."""
    await control(body={"limits": {setting: 2}})
    words = [{"type": "text", "text": "ค่ะ"}]
    path, body = {
        "push": ("/v2/bot/message/push", {"to": phone.user, "messages": words}),
        "multicast": ("/v2/bot/message/multicast", {"to": [phone.user], "messages": words}),
        "loading": ("/v2/bot/chat/loading/start", {"chatId": phone.user}),
    }[operation]
    statuses = [(await call(client, platform, "POST", path, json=body))[0] for _ in range(2)]
    assert max(statuses) < 300
    status, refused = await call(client, platform, "POST", path, json=body)
    assert (status, refused["message"]) == (429, "The API rate limit has been exceeded. Try again later.")
    await control(body={"clock": {"advance": 1}})
    assert (await call(client, platform, "POST", path, json=body))[0] < 300
