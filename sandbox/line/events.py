# SPDX-License-Identifier: Apache-2.0
"""Webhook events: what a user did, as LINE tells it to the bot.

Shapes: `webhook.yml` of LINE's OpenAPI; `messageEdited` as in line-bot-sdk 3.27.0.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sandbox.line.errors import INVALID_REPLY_TOKEN
from sandbox.line.state import Json, Platform, ReplyToken, Sent

#: A token lives one minute from a delivery …
REPLY_SECONDS = 60.0
#: … and never longer than twenty minutes from the event.
REPLY_AFTER_EVENT_SECONDS = 20 * 60.0
#: Message kinds that can be quoted, so that they carry a quote token.
QUOTABLE = ("text", "sticker", "image", "video")


def new_event(platform: Platform, kind: str, source: Mapping[str, str], *, reply: bool = True, **more: Any) -> Json:
    """An event that just happened; in standby, and when `reply` is false, without a reply token."""
    event: Json = {
        "type": kind,
        "mode": platform.webhook.mode,
        "timestamp": platform.clock.now_ms(),
        "source": dict(source),
        "webhookEventId": platform.event_id(),
        "deliveryContext": {"isRedelivery": False},
        **more,
    }
    if reply and platform.webhook.mode == "active":
        event["replyToken"] = issue_reply_token(platform, chat_of(source))
    return event


def fill_event(platform: Platform, event: Json) -> Json:
    """A hand-written event with the common properties that it leaves out; `replyToken: null` stays away."""
    source = event.get("source")
    filled = new_event(platform, event.get("type", ""), source if isinstance(source, dict) else {}, reply=False)
    if source is None:
        del filled["source"]
    filled.update(event)
    if "replyToken" not in event and platform.webhook.mode == "active" and isinstance(source, dict):
        filled["replyToken"] = issue_reply_token(platform, chat_of(source))
    if filled.get("replyToken", "") is None:
        del filled["replyToken"]
    return filled


def chat_of(source: Mapping[str, Any]) -> str:
    """The chat in which an event happened: group, room or user."""
    return str(source.get("groupId") or source.get("roomId") or source.get("userId") or "")


def issue_reply_token(platform: Platform, chat: str) -> str:
    """A token for one reply to this chat; good from the first delivery of its event."""
    token = ReplyToken(token=secrets.token_hex(16), chat=chat, event_at=platform.clock.now())
    platform.reply_tokens[token.token] = token
    return token.token


def note_delivery(platform: Platform, event: Json) -> None:
    """The event goes out now: its token's minute starts again, unless it was used."""
    token = platform.reply_tokens.get(event.get("replyToken") or "")
    if token is not None:
        token.delivered_at = platform.clock.now()


def is_usable(platform: Platform, token: ReplyToken) -> bool:
    """Unused, at most a minute after the last delivery and twenty minutes after the event."""
    now = platform.clock.now()
    return (
        not token.used
        and token.delivered_at is not None
        and now <= token.delivered_at + REPLY_SECONDS
        and now <= token.event_at + REPLY_AFTER_EVENT_SECONDS
    )


def spend_reply_token(platform: Platform, value: str) -> str:
    """Use a token up and name its chat; 400 for one that is unknown, used or too old."""
    token = platform.reply_tokens.get(value)
    if token is None or not is_usable(platform, token):
        raise INVALID_REPLY_TOKEN.refusal()
    token.used = True
    return token.chat


def new_message(platform: Platform, chat: str, sender: str, body: Json) -> Sent:
    """Put a message of either side on the platform; the kinds that can be quoted get a quote token."""
    kind = "text" if body["type"] == "textV2" else body["type"]
    message = Sent(
        id=platform.message_id(),
        chat=chat,
        sender=sender,
        type=kind,
        body=body,
        at=platform.clock.now(),
        quote_token=secrets.token_urlsafe(48) if kind in QUOTABLE else None,
    )
    platform.messages[message.id] = message
    return message


def inbound_message(platform: Platform, message: Sent) -> Json:
    """The `message` of a message event: id, quote token and the token that marks it as read."""
    read_token = secrets.token_urlsafe(48)
    platform.read_tokens[read_token] = message.id
    told: Json = {"id": message.id, **message.body, "markAsReadToken": read_token}
    if message.quote_token:
        told["quoteToken"] = message.quote_token
    return told
