# SPDX-License-Identifier: Apache-2.0
"""Webhook events: every kind that LINE has is known or recorded."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timezone
from typing import Any

import pytest
from linebot.v3.webhooks import Event, MessageContent, Source

from channels.line.parse import Arrived, parse_webhook
from core.messages import Attachment, Choice, Content, Location, Message, Signal
from tests.channels.line.events import EVENTS, IN_CHAT, IN_GROUP, IN_ROOM, MESSAGES, TOKEN, USER, event, message
from tests.channels.line.parse.arriving import FIRST, of_message, one


def sdk_classes(model: Any) -> dict[str, str]:
    """The words of `type` that a model of the SDK knows, and its class for each."""
    return dict(getattr(model, f"_{model.__name__}__discriminator_value_class_map"))


def test_an_event_has_everything_that_an_answer_needs() -> None:
    """Ids, the time it happened, whose it is, and the token."""
    assert one(EVENTS["message"]) == Arrived(
        event_id="01HZX3V4K5M6N7P8Q9R0S1T2V3",
        occurred_at=datetime(2026, 11, 22, 8, 0, 0, 123_000, tzinfo=timezone.utc),
        kind="message:text",
        user=USER,
        group=None,
        standby=False,
        redelivery=False,
        reply_token=TOKEN,
        message_id=FIRST,
        content=Message("ขอแจ้งไฟดับหน้าบ้าน 💡"),
        locale_hint=None,
        mentions_us=False,
    )


EXPECTED: dict[str, Content | None] = {
    "follow": Signal("follow"),
    "join": Signal("join"),
    "leave": Signal("leave"),
    "message": Message("ขอแจ้งไฟดับหน้าบ้าน 💡"),
    "messageEdited": Signal("edited", FIRST),
    "postback": Choice("41.0.2"),
    "unfollow": Signal("unfollow"),
    "unsend": Signal("unsend", "500000000000000009"),
}


def test_l_in_14_every_event_of_the_sdk_is_sampled() -> None:
    """A new SDK with a new event, message or source fails here until somebody has decided what to do with it."""
    assert set(EVENTS) == set(sdk_classes(Event))
    assert set(MESSAGES) == set(sdk_classes(MessageContent))
    assert {source["type"] for source in (IN_CHAT, IN_GROUP, IN_ROOM)} == set(sdk_classes(Source))


@pytest.mark.parametrize("kind", EVENTS)
def test_l_in_14_every_event_of_the_sdk_is_mapped_or_recorded(kind: str) -> None:
    """The sample is one that the SDK itself takes for its class; ours has the kind, and the content where it has one."""
    model = Event.from_dict(copy.deepcopy(EVENTS[kind]))
    assert type(model).__name__ == sdk_classes(Event)[kind]
    arrived = one(EVENTS[kind])
    assert arrived.kind == ("message:text" if kind == "message" else kind)
    assert arrived.content == EXPECTED.get(kind)
    assert arrived.reply_token == EVENTS[kind].get("replyToken")


OF_MESSAGES: dict[str, Content | None] = {
    "text": Message("ขอแจ้งไฟดับหน้าบ้าน 💡"),
    "image": Attachment(FIRST, "image", set_id="E005D41A"),
    "video": Attachment(FIRST, "video"),
    "audio": Attachment(FIRST, "audio"),
    "file": Attachment(FIRST, "file", name="สำเนาทะเบียนบ้าน.pdf"),
    "location": Location(13.7563, 100.5018),
    "sticker": Signal("sticker", FIRST),
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_l_in_14_every_message_of_the_sdk_is_mapped(kind: str) -> None:
    """Text, pins, files and stickers arrive as what they are, and LINE's SDK agrees that they are these."""
    sample = event("message", message=MESSAGES[kind])
    assert type(Event.from_dict(copy.deepcopy(sample)).message).__name__ == f"{kind.title()}MessageContent"
    arrived = one(sample)
    assert (arrived.kind, arrived.content) == (f"message:{kind}", OF_MESSAGES[kind])


@pytest.mark.parametrize(
    ("params", "content", "hint"),
    [
        ({"date": "2026-11-30"}, Message("2026-11-30"), None),
        ({"time": "10:30"}, Message("10:30"), None),
        ({"datetime": "2026-11-30T10:30"}, Message("2026-11-30T10:30"), None),
        ({"newRichMenuAliasId": "menu-en", "status": "SUCCESS"}, None, "en"),
        ({"newRichMenuAliasId": "services_th", "status": "SUCCESS"}, None, "th"),
        ({"newRichMenuAliasId": "then", "status": "SUCCESS"}, None, None),
        ({"something": "new"}, None, None),
        ({}, Choice("1.0.2"), None),
        (None, Choice("1.0.2"), None),
    ],
)
def test_l_in_14_a_postback_is_a_choice_a_picked_time_or_a_menu(
    params: object, content: Content | None, hint: str | None
) -> None:
    """A picker's value is text; a switched menu says a language and no more."""
    postback = {"data": "1.0.2"} | ({} if params is None else {"params": params})
    arrived = one(event("postback", postback=postback))
    assert (arrived.content, arrived.locale_hint) == (content, hint)


@pytest.mark.parametrize("data", ["", "x" * 301, "🙏" * 151, "a\x00b", "a\ud83d", 7, None])
def test_l_in_14_a_postback_that_cannot_be_ours_is_recorded(data: object) -> None:
    """300 code units are LINE's limit; what we cannot look up is no choice."""
    raw = json.dumps({"events": [event("postback", postback={"data": data})]}).encode()
    assert parse_webhook(raw).events[0].content is None


def test_l_in_14_files_of_others_are_taken_from_https_only() -> None:
    """A LIFF page can send pictures from an address of its own."""
    url = "https://files.example.go.th/photo.jpg"
    for provider, source in (
        ({"type": "external", "originalContentUrl": url, "previewImageUrl": url}, url),
        ({"type": "external", "originalContentUrl": "http://files.example.go.th/photo.jpg"}, None),
        ({"type": "external", "originalContentUrl": "https://a b"}, None),
        ({"type": "external"}, None),
        ({"type": "satellite"}, None),
    ):
        content = of_message(message("image", contentProvider=provider)).content
        assert content == (Attachment(source, "image") if source else None)


def test_text_keeps_what_was_said_and_nothing_that_cannot_be_stored() -> None:
    """NUL goes, half a surrogate pair becomes a question mark, blank text is no message."""
    raw = rb'{"events":[{"type":"message","timestamp":1,"webhookEventId":"1","source":{"type":"user","userId":"U1"},'
    raw += rb'"message":{"type":"text","id":"2","text":" \u0e19\u0000\u0e49\u0e33 \ud83d "}}]}'
    assert parse_webhook(raw).events[0].content == Message("น้ำ ?")
    assert of_message(message("text", text=" \n ")).content is None


@pytest.mark.parametrize(
    ("lat", "lon"), [(91, 0), (0, 180.5), ("13", "100"), (True, 0), (None, None), (float("nan"), 0), (0, float("inf"))]
)
def test_a_pin_that_is_nowhere_is_recorded(lat: object, lon: object) -> None:
    """Degrees are numbers on the globe."""
    assert of_message(message("location", latitude=lat, longitude=lon)).content is None


@pytest.mark.parametrize("token", ["0" * 32, "f" * 32])
def test_the_old_verification_dummies_have_no_token(token: str) -> None:
    """Nobody can be answered there."""
    assert of_message(MESSAGES["text"], replyToken=token).reply_token is None


def test_l_in_11_an_unsent_message_is_named() -> None:
    """By its id: there is no other way to find what must be erased."""
    arrived = one(EVENTS["unsend"])
    assert (arrived.content, arrived.message_id) == (Signal("unsend", "500000000000000009"), "500000000000000009")
    assert one(event("unsend", unsend={})).content is None


def test_l_in_12_an_edited_message_brings_its_new_text() -> None:
    """It is about the old message, and no turn of its own."""
    arrived = one(EVENTS["messageEdited"])
    assert (arrived.content, arrived.message_id, arrived.edited_text) == (Signal("edited", FIRST), FIRST, "แก้แล้ว")
    assert one(EVENTS["message"]).edited_text is None
