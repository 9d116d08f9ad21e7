# SPDX-License-Identifier: Apache-2.0
"""Delivery of events: signature, shape as the SDK parses it, time limit, redelivery, duplicates, disorder, storms."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import pytest
from linebot.v3.webhook import WebhookParser
from linebot.v3.webhooks import (
    AudioMessageContent,
    FileMessageContent,
    FollowEvent,
    ImageMessageContent,
    JoinEvent,
    LeaveEvent,
    LocationMessageContent,
    MessageEditedEvent,
    MessageEvent,
    PostbackEvent,
    StickerMessageContent,
    TextMessageContent,
    UnfollowEvent,
    UnsendEvent,
    VideoMessageContent,
)

from sandbox.line.state import Platform
from tests.sandbox.line.conftest import Bot, Control, Phone, Received


def parse(platform: Platform, received: Received) -> Any:
    """The only event of a webhook, as the SDK's parser reads it."""
    (event,) = WebhookParser(platform.channel.secret).parse(
        received.raw.decode(), received.headers.get("x-line-signature", "")
    )
    return event


async def test_a_text_is_signed_and_parsed_by_the_sdk(bot: Bot, phone: Phone, platform: Platform) -> None:
    """Thai and emoji survive; everything that webhook.yml requires is there."""
    message_id = await phone.say("บัตรหายค่ะ 😢")
    (received,) = await bot.wait()
    event = parse(platform, received)
    assert isinstance(event, MessageEvent)
    assert isinstance(event.message, TextMessageContent)
    assert (event.message.text, event.message.id) == ("บัตรหายค่ะ 😢", message_id)
    assert event.message.quote_token
    assert event.message.mark_as_read_token
    assert event.source.user_id == phone.user
    assert len(event.webhook_event_id) == 26
    body = json.loads(received.raw)
    assert body["destination"] == platform.channel.user_id
    assert "บัตรหายค่ะ" in received.raw.decode()


@pytest.mark.parametrize(
    ("action", "options", "kind"),
    [
        ("sticker", {"json": {"packageId": "446", "stickerId": "1988"}}, StickerMessageContent),
        ("location", {"json": {"latitude": 18.79, "longitude": 98.98, "title": "ท่าแพ"}}, LocationMessageContent),
        ("image", {"data": b"\xff\xd8", "headers": {"Content-Type": "image/jpeg"}}, ImageMessageContent),
        ("image", {"json": {"url": "https://example.com/a.jpg"}}, ImageMessageContent),
        ("video?duration=4000", {"data": b"x", "headers": {"Content-Type": "video/mp4"}}, VideoMessageContent),
        ("audio", {"data": b"x", "headers": {"Content-Type": "audio/x-m4a"}}, AudioMessageContent),
        ("file?name=คำร้อง.pdf", {"data": b"%PDF", "headers": {"Content-Type": "application/pdf"}}, FileMessageContent),
    ],
)
async def test_what_a_user_sends_is_a_message_event(
    bot: Bot, phone: Phone, platform: Platform, action: str, options: dict[str, Any], kind: type
) -> None:
    """Each in the shape that the SDK knows."""
    await phone.do(action, **options)
    event = parse(platform, (await bot.wait())[0])
    assert type(event.message) is kind


async def test_photos_sent_together_carry_their_set(bot: Bot, phone: Phone) -> None:
    """Four pictures of one complaint."""
    for index in range(1, 5):
        await phone.do(f"image?set=S1&index={index}&total=4", data=b"\xff\xd8", headers={"Content-Type": "image/jpeg"})
    received = await bot.wait(4)
    sets = [one.events[0]["message"]["imageSet"] for one in received]
    assert sorted(one["index"] for one in sets) == [1, 2, 3, 4]
    assert {(one["id"], one["total"]) for one in sets} == {("S1", 4)}


async def test_a_tap_is_a_postback(bot: Bot, phone: Phone, platform: Platform) -> None:
    """With the picker's params; its displayText is shown, but is no event."""
    await phone.do("postback", {"data": "3.0.1", "params": {"date": "2026-11-30"}, "displayText": "30 พ.ย. 2569"})
    event = parse(platform, (await bot.wait())[0])
    assert isinstance(event, PostbackEvent)
    assert (event.postback.data, event.postback.params) == ("3.0.1", {"date": "2026-11-30"})
    assert event.reply_token
    assert [entry["message"]["text"] for entry in await phone.journal() if entry["kind"] == "message"] == [
        "30 พ.ย. 2569"
    ]
    assert len(bot.received) == 1


async def test_friendship_is_told(bot: Bot, phone: Phone, platform: Platform) -> None:
    """Blocking has no reply token, unblocking says so, a first follow does not."""
    await phone.do("block")
    await phone.do("follow")
    first, second = [parse(platform, received) for received in await bot.wait(2)]
    assert isinstance(first, UnfollowEvent)
    assert "replyToken" not in bot.received[0].events[0]
    assert isinstance(second, FollowEvent)
    assert second.follow.is_unblocked is True
    newcomer = Phone(phone.client, list(platform.users)[1])
    await newcomer.do("follow")
    assert (await bot.event(count=3))["follow"] == {"isUnblocked": False}
    await newcomer.do("follow", status=409)


async def test_unsend_and_edit_name_the_message(bot: Bot, phone: Phone, platform: Platform) -> None:
    """An edit has a token of its own; after an unsend the text is gone from the journal too."""
    message_id = await phone.say("ผมชื่อสมมติครับ")
    await phone.do("edit", {"messageId": message_id, "text": "ผมชื่อทดลองครับ"})
    await phone.do("unsend", {"messageId": message_id})
    _, edited, unsent = [parse(platform, received) for received in await bot.wait(3)]
    assert isinstance(edited, MessageEditedEvent)
    assert (edited.message.id, edited.message.text) == (message_id, "ผมชื่อทดลองครับ")
    assert edited.reply_token
    assert isinstance(unsent, UnsendEvent)
    assert unsent.unsend.message_id == message_id
    assert "replyToken" not in bot.received[2].events[0]
    assert "ผมชื่อ" not in json.dumps(await phone.journal(), ensure_ascii=False)
    await phone.do("unsend", {"messageId": message_id}, status=409)


async def test_groups_tell_join_mention_and_leave(bot: Bot, phone: Phone, platform: Platform) -> None:
    """A mention of the bot is marked as itself; leaving has no reply token."""
    members = list(platform.users)[:2]
    async with phone.client.post("/line/api/groups", json={"groupName": "ซอย 7", "members": members}) as answer:
        group = (await answer.json())["groupId"]
    body = {"userId": members[0], "text": "ช่วยด้วย", "mentionBot": True}
    async with phone.client.post(f"/line/api/groups/{group}/text", json=body) as answer:
        assert answer.status == 201
    async with phone.client.post(f"/line/api/groups/{group}/expel") as answer:
        assert answer.status == 202
    join, said, leave = [parse(platform, received) for received in await bot.wait(3)]
    assert isinstance(join, JoinEvent)
    assert join.source.group_id == group
    assert said.message.mention.mentionees[0].is_self is True
    assert said.source.user_id == members[0]
    assert isinstance(leave, LeaveEvent)


async def test_standby_has_no_reply_token(bot: Bot, phone: Phone, control: Control) -> None:
    """Another module answers; the bot must not."""
    await control(body={"webhook": {"mode": "standby"}})
    await phone.say("สวัสดีค่ะ")
    event = await bot.event()
    assert event["mode"] == "standby"
    assert "replyToken" not in event


async def test_a_failure_is_redelivered_on_schedule_and_unchanged(bot: Bot, phone: Phone, control: Control) -> None:
    """Only `isRedelivery` differs; after a 2xx nothing comes any more."""
    bot.statuses = [500, 503]
    await phone.say("สวัสดีค่ะ")
    await control("/settle")
    assert len(bot.received) == 1
    await control(body={"clock": {"advance": 4.9}})
    await control("/settle")
    assert len(bot.received) == 1
    await control(body={"clock": {"advance": 0.1}})
    await bot.wait(2)
    await control("/settle")
    await control(body={"clock": {"advance": 30}})
    first, second, third = [received.events[0] for received in await bot.wait(3)]
    assert second == third == {**first, "deliveryContext": {"isRedelivery": True}}
    await control("/settle")
    await control(body={"clock": {"advance": 10_000}})
    await control("/settle")
    assert len(bot.received) == 3
    log = (await control.get("/deliveries"))["deliveries"]
    assert [(line["status"], line["redelivery"]) for line in log] == [(500, False), (503, True), (200, True)]


async def test_without_redelivery_a_failed_event_is_lost(bot: Bot, phone: Phone, control: Control) -> None:
    """As the console has it at first."""
    await control(body={"webhook": {"redelivery": False}})
    bot.statuses = [500]
    await phone.say("สวัสดีค่ะ")
    await bot.wait()
    await control("/settle")
    await control(body={"clock": {"advance": 10_000}})
    await control("/settle")
    assert len(bot.received) == 1


async def test_a_slow_bot_is_timed_out_and_redelivered(bot: Bot, phone: Phone, control: Control) -> None:
    """The limit is real time; the reason is LINE's word."""
    await control(body={"webhook": {"time_limit": 0.05, "schedule": [1]}})
    bot.pause = 0.3
    await phone.say("สวัสดีค่ะ")
    await control("/settle")
    bot.pause = 0.0
    await control(body={"clock": {"advance": 1}})
    await bot.wait(2)
    await control("/settle")
    assert [line["reason"] for line in (await control.get("/deliveries"))["deliveries"]] == ["request_timeout", "ok"]


async def test_a_bot_that_is_down_is_redelivered_to(bot: Bot, phone: Phone, control: Control) -> None:
    """Nobody listens, then somebody does."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        await control(body={"webhook": {"url": f"http://127.0.0.1:{taken.getsockname()[1]}/", "schedule": [1]}})
        await phone.say("สวัสดีค่ะ")
        await control("/settle")
    await control(body={"webhook": {"url": bot.url}, "clock": {"advance": 1}})
    assert (await bot.event())["deliveryContext"] == {"isRedelivery": True}
    reasons = [line["reason"] for line in (await control.get("/deliveries"))["deliveries"]]
    assert reasons[0] == "could_not_connect"


async def test_without_a_webhook_events_are_lost(bot: Bot, phone: Phone, control: Control) -> None:
    """Switched off in the console: nothing is kept for later."""
    await control(body={"webhook": {"active": False}})
    await phone.say("หายไป")
    await control(body={"webhook": {"active": True}})
    await phone.say("มาถึง")
    assert (await bot.event())["message"]["text"] == "มาถึง"


async def test_duplicates_are_not_marked_as_redelivered(bot: Bot, phone: Phone, control: Control) -> None:
    """The network may carry an event twice."""
    await control(body={"webhook": {"duplicates": 2}})
    await phone.say("สวัสดีค่ะ")
    events = [received.events[0] for received in await bot.wait(3)]
    assert events[0] == events[1] == events[2]
    assert events[0]["deliveryContext"] == {"isRedelivery": False}


async def test_held_events_go_out_in_the_order_that_is_asked(bot: Bot, phone: Phone, control: Control) -> None:
    """Reversed, in one webhook; then each alone, kept."""
    for order, one in (("reversed", True), ("kept", False)):
        await control(body={"webhook": {"hold": True}})
        for words in ("หนึ่ง", "สอง", "สาม"):
            await phone.say(words)
        assert (await control.get())["held"] == 3
        assert await control("/release", {"order": order, "one_webhook": one}) == {"released": 3}
        await control("/settle")
    texts = [[event["message"]["text"] for event in received.events] for received in bot.received]
    assert texts[0] == ["สาม", "สอง", "หนึ่ง"]
    assert sorted(texts[1:]) == sorted([["หนึ่ง"], ["สอง"], ["สาม"]])


async def test_event_ids_sort_in_the_order_of_events(bot: Bot, phone: Phone) -> None:
    """Also while the clock stands still, so that (timestamp, id) is the order of events."""
    for number in range(5):
        await phone.say(str(number))
    events = [received.events[0] for received in await bot.wait(5)]
    ordered = sorted(events, key=lambda event: (event["timestamp"], event["webhookEventId"]))
    assert [event["message"]["text"] for event in ordered] == ["0", "1", "2", "3", "4"]
    assert len({event["timestamp"] for event in events}) == 1


async def test_a_storm_of_redeliveries_is_parallel(bot: Bot, phone: Phone, control: Control) -> None:
    """Twenty at once of one event."""
    await phone.say("สวัสดีค่ะ")
    event = await bot.event()
    bot.pause = 0.2
    begun = asyncio.get_running_loop().time()
    storm = {"event_id": event["webhookEventId"], "times": 20, "parallel": True}
    outcomes = (await control("/redeliver", storm))["outcomes"]
    assert asyncio.get_running_loop().time() - begun < 2
    assert [outcome["status"] for outcome in outcomes] == [200] * 20
    assert {received.events[0]["webhookEventId"] for received in bot.received} == {event["webhookEventId"]}
    await control("/redeliver", {"event_id": "unknown"}, status=404)
