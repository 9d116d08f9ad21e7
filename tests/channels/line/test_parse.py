# SPDX-License-Identifier: Apache-2.0
"""Webhook bodies: every event of LINE is known or recorded, and no bad event loses a good one."""

from __future__ import annotations

import contextlib
import copy
import json
import tracemalloc
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linebot.v3.webhooks import Event, MessageContent, Source

from channels.line.parse import MAX_BODY, Arrived, BadBody, Webhook, parse_webhook
from core.messages import Attachment, Choice, Content, Location, Message, Signal
from tests.channels.line.events import (
    AT,
    BOT,
    EVENTS,
    GROUP,
    IN_CHAT,
    IN_GROUP,
    IN_ROOM,
    MESSAGES,
    OTHER,
    ROOM,
    TOKEN,
    USER,
    body,
    event,
    message,
)

FIRST = "500000000000000001"


def one(data: Any) -> Arrived:
    """The single event of a delivery."""
    (arrived,) = parse_webhook(body(data)).events
    return arrived


def of_message(content: dict[str, Any], **fields: Any) -> Arrived:
    return one(event("message", message=content, **fields))


def sdk_classes(model: Any) -> dict[str, str]:
    """The words of `type` that a model of the SDK knows, and its class for each."""
    return dict(getattr(model, f"_{model.__name__}__discriminator_value_class_map"))


# What arrives


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


# Groups


@pytest.mark.parametrize(("source", "group"), [(IN_GROUP, GROUP), (IN_ROOM, ROOM)], ids=["group", "room"])
def test_l_in_13_in_groups_only_what_names_us_is_a_signal(source: dict[str, Any], group: str) -> None:
    """What people say to one another is not kept; a mention is seen, a join is greeted."""
    us = {"mentionees": [{"index": 0, "length": 4, "type": "user", "userId": BOT, "isSelf": True}]}
    them = {
        "mentionees": [{"index": 0, "length": 4, "type": "user", "userId": OTHER, "isSelf": False}, {"type": "all"}]
    }
    named = of_message(message("text", text="@Bot น้ำไม่ไหล", mention=us), source=source)
    assert (named.content, named.mentions_us, named.group, named.user) == (
        Signal("group_message", FIRST),
        True,
        group,
        USER,
    )
    assert "น้ำ" not in repr(named.content)
    for said in (*MESSAGES.values(), message("text", text="@All", mention=them)):
        assert of_message(said, source=source).content is None
    for kind in ("messageEdited", "unsend", "postback", "memberJoined"):
        assert one(EVENTS[kind] | {"source": source}).content is None
    assert one(EVENTS["join"] | {"source": source}).content == Signal("join")
    assert one(EVENTS["leave"] | {"source": source}).content == Signal("leave")


def test_l_in_13_a_mention_by_nobody_is_still_a_mention() -> None:
    """LINE leaves the user out for those who did not consent."""
    us = {"mentionees": [{"index": 0, "length": 4, "type": "user", "isSelf": True}]}
    source = {"type": "group", "groupId": GROUP}
    arrived = of_message(message("text", text="@Bot", mention=us), source=source)
    assert (arrived.user, arrived.group, arrived.content) == (None, GROUP, Signal("group_message", FIRST))


# Many events


def test_l_in_07_each_event_goes_to_its_own_user_and_a_broken_one_loses_nobody() -> None:
    """Neighbours of an event without id or time, or of one that is no object, live."""
    first = event("message", message=message("text", "1", text="หนึ่ง"), webhookEventId="01A")
    second = event(
        "message",
        message=message("text", "2", text="สอง"),
        source={"type": "user", "userId": OTHER},
        webhookEventId="01B",
    )
    broken: list[Any] = [
        event("message", message=MESSAGES["text"], webhookEventId=None),
        event("message", message=MESSAGES["text"], webhookEventId=""),
        event("message", message=MESSAGES["text"], webhookEventId="a b"),
        event("message", message=MESSAGES["text"], webhookEventId="x" * 129),
        event("message", message=MESSAGES["text"], timestamp=None),
        event("message", message=MESSAGES["text"], timestamp="1795334400123"),
        event("message", message=MESSAGES["text"], timestamp=True),
        event("message", message=MESSAGES["text"], timestamp=-1),
        event("message", message=MESSAGES["text"], timestamp=10**30),
        None,
        [],
        "follow",
    ]
    webhook = parse_webhook(body(first, *broken, second))
    assert [(found.user, found.content) for found in webhook.events] == [
        (USER, Message("หนึ่ง")),
        (OTHER, Message("สอง")),
    ]
    assert webhook.broken == len(broken)


@pytest.mark.parametrize(
    ("sample", "kind"),
    [
        (event("hologram", hologram={}), "hologram"),
        (event("message", message=message("hologram", text="x")), "message:hologram"),
        (event("message", message=MESSAGES["text"], source={"type": "space", "userId": USER}), "message:text"),
        (event("message", message=MESSAGES["text"], source=None), "message:text"),
        (event("message", message=MESSAGES["text"], source={"type": "user"}), "message:text"),
        (event("message", message=MESSAGES["text"], mode="dreaming"), "message:text"),
        (event("message", message=MESSAGES["text"], mode=7), "message:text"),
        (event("message"), "message:unknown"),
        (event("message", message={"type": "text", "text": "no id"}), "message:text"),
        (event("message", message=message("text")), "message:text"),
        (event("<b>"), "unknown"),
        (event("follow") | {"type": 7}, "unknown"),
    ],
)
def test_l_in_08_the_unknown_is_recorded_and_never_answered(sample: dict[str, Any], kind: str) -> None:
    """New words of LINE come without notice: they are counted by their kind, and nothing else happens."""
    webhook = parse_webhook(body(sample, EVENTS["follow"]))
    assert (webhook.events[0].kind, webhook.events[0].content, webhook.broken) == (kind, None, 0)
    assert webhook.events[1].content == Signal("follow")


def test_l_in_08_new_fields_and_enum_values_change_nothing() -> None:
    """A sticker of a new resource type, with fields that nobody has heard of, is a sticker."""
    sticker = MESSAGES["sticker"] | {"stickerResourceType": "HOLOGRAM", "smell": {"of": ["roses"]}}
    assert of_message(sticker, aura="green").content == Signal("sticker", FIRST)


def test_l_in_08_what_the_sdk_would_lose_a_delivery_for_loses_nothing() -> None:
    """The SDK's models raise on an unknown mode, for all events of the delivery: the reason why we do not use them."""
    strange = event("follow", follow={"isUnblocked": False}, mode="dreaming")
    with pytest.raises(ValueError, match="mode"):
        Event.from_dict(copy.deepcopy(strange))
    assert [found.content for found in parse_webhook(body(strange, EVENTS["message"])).events] == [
        None,
        Message("ขอแจ้งไฟดับหน้าบ้าน 💡"),
    ]


def test_l_in_09_events_are_ordered_by_time_and_then_by_id() -> None:
    """The time is the event's own, to the millisecond, whatever the order and number of deliveries."""
    times = [(AT, "01A"), (AT, "01B"), (AT + 1, "00A"), (AT + 1_000, "01C")]
    mixed = [*reversed(times), *times]
    found = parse_webhook(
        body(
            *[
                event("follow", timestamp=at, webhookEventId=name, deliveryContext={"isRedelivery": True})
                for at, name in mixed
            ]
        )
    ).events
    in_order = sorted(found, key=lambda arrived: arrived.order)
    assert [arrived.event_id for arrived in in_order] == ["01A", "01A", "01B", "01B", "00A", "00A", "01C", "01C"]
    assert all(arrived.redelivery for arrived in found)
    assert not one(EVENTS["follow"]).redelivery
    assert in_order[0].occurred_at.utcoffset() is not None


def test_l_in_10_in_standby_nothing_is_to_be_answered() -> None:
    """Another module has the conversation; what is taken back is taken back all the same, and who left has left."""
    for kind, sample in EVENTS.items():
        arrived = one(sample | {"mode": "standby"})
        silent = {
            "unsend": Signal("unsend", "500000000000000009"),
            "unfollow": Signal("unfollow"),
            "leave": Signal("leave"),
        }
        assert (arrived.standby, arrived.reply_token, arrived.content) == (True, None, silent.get(kind))
    assert not one(EVENTS["message"]).standby


def test_l_in_17_the_destination_is_told() -> None:
    """It says whose webhook this is; the gateway compares it."""
    assert parse_webhook(body()) == Webhook(BOT, (), 0)
    for nonsense in (None, 7, "", "a b", ["U"], "\x00"):
        assert parse_webhook(body(destination=nonsense)).destination is None


# Bad bodies


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "bad_json"),
        (b"\xff\xfe{}", "bad_json"),
        ('{"events":[]}'.encode("utf-16"), "bad_json"),
        (b'{"events":[{"type":"\xe0\xb8"}]}', "bad_json"),
        (b'{"events":[', "bad_json"),
        (b"[" * 200_000, "bad_json"),
        (b'{"events":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "bad_json"),
        (b'{"events":[{"timestamp":' + b"9" * 5_000 + b"}]}", "bad_json"),
        (b"null", "bad_shape"),
        (b"[]", "bad_shape"),
        (b"{}", "bad_shape"),
        (b'{"events":{}}', "bad_shape"),
        (b'{"events":[]}' + b" " * MAX_BODY, "too_large"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value,
)
def test_l_in_18_a_bad_body_is_refused(raw: bytes, code: str) -> None:
    """Deep, cut, foreign or huge: one error, with a word for programs."""
    with pytest.raises(BadBody) as refused:
        parse_webhook(raw)
    assert refused.value.code == code


def test_l_in_18_a_huge_body_is_not_read() -> None:
    """More than 2 MB is refused by its length, before anything is made of it."""
    raw = b'{"events":[' + b"{}," * 2_000_000 + b"{}]}"
    tracemalloc.start()
    try:
        with pytest.raises(BadBody):
            parse_webhook(raw)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.sampled_from(["user", "text", "line", USER])
)
ANY_JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4), max_leaves=12
)
SAMPLES = [*EVENTS.values(), *(event("message", message=one_message) for one_message in MESSAGES.values())]


@given(st.binary(max_size=300))
def test_l_in_18_no_bytes_raise_anything_else(raw: bytes) -> None:
    """Whatever the bytes, it is a webhook or a bad body."""
    with contextlib.suppress(BadBody):
        parse_webhook(raw)


@given(ANY_JSON)
def test_l_in_18_no_json_raises_anything_else(data: Any) -> None:
    """Whatever the JSON, and whatever stands in the place of the events."""
    for whole in (data, {"events": data}, {"events": [data], "destination": data}):
        with contextlib.suppress(BadBody):
            parse_webhook(json.dumps(whole).encode())


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, value in children for found in _paths(value, (*path, key)))]


@given(data=st.data())
def test_l_in_08_no_change_to_an_event_raises_or_loses_its_neighbour(data: st.DataObject) -> None:
    """Any value of any event replaced by any JSON: the neighbour arrives, and what arrives can be stored."""
    changed = copy.deepcopy(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([path for path in _paths(changed) if path]))
        holder = changed
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = data.draw(ANY_JSON)
    neighbour = event("message", message=MESSAGES["text"], webhookEventId="neighbour")
    webhook = parse_webhook(json.dumps({"events": [changed, neighbour], "destination": BOT}).encode())
    assert webhook.events[-1].content == Message("ขอแจ้งไฟดับหน้าบ้าน 💡")
    assert len(webhook.events) + webhook.broken == 2
    for arrived in webhook.events:
        for text in (
            arrived.event_id,
            arrived.kind,
            arrived.user,
            arrived.group,
            arrived.message_id,
            arrived.edited_text,
        ):
            assert "\x00" not in (text or "")
            (text or "").encode()
        repr(arrived.content).encode()


def test_an_event_does_not_show_whose_it_is() -> None:
    """Its repr can stand in a log."""
    for sample in SAMPLES:
        shown = repr(one(sample)) + repr(parse_webhook(body(sample)))
        for secret in (USER, GROUP, TOKEN, "ไฟดับ", "แก้แล้ว", "13.75", "ทะเบียนบ้าน"):
            assert secret not in shown
