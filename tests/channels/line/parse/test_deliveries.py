# SPDX-License-Identifier: Apache-2.0
"""Deliveries of several events: each has its place, and what is unknown or broken loses no neighbour."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from linebot.v3.webhooks import Event

from channels.line.parse import Webhook, parse_webhook
from core.messages import Message, Signal
from tests.channels.line.events import AT, BOT, EVENTS, MESSAGES, OTHER, USER, body, event, message
from tests.channels.line.parse.arriving import FIRST, of_message, one


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


@pytest.mark.parametrize(
    "ahead", [timedelta(days=2), timedelta(days=365 * 100), None], ids=["days", "a century", "last"]
)
def test_what_happens_in_the_far_future_happens_now(ahead: timedelta | None) -> None:
    """A wrong clock loses no event, and does not make late everything that comes after it."""
    now = datetime.now(timezone.utc)
    at = 253_402_300_799_999 if ahead is None else int((now + ahead).timestamp() * 1000)
    found = of_message(MESSAGES["text"], timestamp=at)
    assert abs(found.occurred_at - now) < timedelta(minutes=1)
    assert found.occurred_at.microsecond % 1000 == 0
    assert found.content == Message("ขอแจ้งไฟดับหน้าบ้าน 💡")


def test_a_clock_that_goes_an_hour_ahead_is_believed() -> None:
    """The order of events is LINE's."""
    at = int(datetime.now(timezone.utc).timestamp() * 1000) + 3_600_000
    assert int(of_message(MESSAGES["text"], timestamp=at).occurred_at.timestamp() * 1000) == at
