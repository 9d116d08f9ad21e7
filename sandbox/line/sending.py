# SPDX-License-Identifier: Apache-2.0
"""What the bot sends: replies, pushes and messages to many, with single-use tokens, retry keys and the quota.

Rules: https://developers.line.biz/en/reference/messaging-api/#send-reply-message and the sections after it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any

from sandbox.line import rates
from sandbox.line.errors import BAD_RETRY_KEY, NO_RETRY_KEY_HERE, Refused, invalid_property
from sandbox.line.events import new_message, spend_reply_token
from sandbox.line.state import Accepted, Json, Platform, User
from sandbox.line.validate import check_messages

RETRY_KEY_SECONDS = 24 * 3600.0
#: A user who wrote to the bot can be pushed to for a week without being its friend.
_NON_FRIEND_SECONDS = 7 * 24 * 3600.0
_RECIPIENT = re.compile(r"[UCR][0-9a-f]{32}")
_MULTICAST_MAX = 500


def reply(platform: Platform, body: Any, retry_key: str | None) -> Json:
    """`POST /v2/bot/message/reply`. A body that is refused does not cost the token."""
    if retry_key is not None:
        raise NO_RETRY_KEY_HERE.refusal()
    rates.take(platform, "reply", platform.limits.messages_per_second, 1.0)
    messages = check_messages(body, loopback_http=platform.loopback_http)
    token = body.get("replyToken")
    if not isinstance(token, str) or not token:
        raise invalid_property("replyToken")
    chat = spend_reply_token(platform, token)
    return {"sentMessages": _deliver(platform, chat, messages, via="reply")}


def push(platform: Platform, body: Any, retry_key: str | None, request_id: str) -> Json:
    """`POST /v2/bot/message/push`: 200 also when nobody receives it, 409 for a retry key that was accepted."""
    rates.take(platform, "push", platform.limits.messages_per_second, 1.0)
    _check_retry_key(platform, retry_key)
    messages = check_messages(body, loopback_http=platform.loopback_http)
    to = body.get("to")
    if not isinstance(to, str) or not _RECIPIENT.fullmatch(to):
        raise invalid_property("to")
    received = _receives(platform, to)
    recipients = _recipients(platform, to) if received else 0
    rates.check_quota(platform, max(recipients, 1))
    sent = _deliver(platform, to, messages, via="push") if received else _lose(platform, messages)
    rates.count(platform, recipients)
    _remember(platform, retry_key, request_id, sent)
    return {"sentMessages": sent}


def multicast(platform: Platform, body: Any, retry_key: str | None, request_id: str) -> Json:
    """`POST /v2/bot/message/multicast`: up to 500 users, no groups."""
    rates.take(platform, "multicast", platform.limits.multicasts_per_second, 1.0)
    to = body.get("to") if isinstance(body, dict) else None
    if not isinstance(to, list) or not 0 < len(to) <= _MULTICAST_MAX:
        raise invalid_property("to")
    if not all(isinstance(user, str) and _RECIPIENT.fullmatch(user) and user[0] == "U" for user in to):
        raise invalid_property("to")
    return _to_many(platform, body, [user for user in to if _receives(platform, user)], retry_key, request_id)


def broadcast(platform: Platform, body: Any, retry_key: str | None, request_id: str) -> Json:
    """`POST /v2/bot/message/broadcast`: every friend."""
    rates.take(platform, "broadcast", platform.limits.messages_per_second, 1.0)
    friends = [user.id for user in platform.users.values() if user.friend and not user.blocked]
    return _to_many(platform, body, friends, retry_key, request_id)


def _to_many(platform: Platform, body: Any, users: Sequence[str], retry_key: str | None, request_id: str) -> Json:
    _check_retry_key(platform, retry_key)
    messages = check_messages(body, loopback_http=platform.loopback_http)
    rates.check_quota(platform, len(users))
    for user in users:
        _deliver(platform, user, messages, via="push")
    rates.count(platform, len(users))
    _remember(platform, retry_key, request_id, ())
    return {}


def _check_retry_key(platform: Platform, key: str | None) -> None:
    if key is None:
        return
    try:
        uuid.UUID(key)
    except ValueError:
        raise BAD_RETRY_KEY.refusal() from None
    accepted = platform.retry_keys.get(key.lower())
    if accepted is not None and platform.clock.now() < accepted.until:
        body: Json = {"message": "The retry key is already accepted"}
        if accepted.sent_messages:
            body["sentMessages"] = list(accepted.sent_messages)
        raise Refused(409, body, {"X-Line-Accepted-Request-Id": accepted.request_id})


def _remember(platform: Platform, key: str | None, request_id: str, sent: Sequence[Json]) -> None:
    if key is not None:
        until = platform.clock.now() + RETRY_KEY_SECONDS
        platform.retry_keys[key.lower()] = Accepted(request_id=request_id, until=until, sent_messages=tuple(sent))


def _receives(platform: Platform, to: str) -> bool:
    """Whether a push arrives: a friend, somebody who wrote this week, or a group that the bot is in."""
    if to in platform.groups:
        return platform.groups[to].joined
    user = platform.users.get(to)
    if user is None or user.blocked:
        return False
    recently = user.wrote_at is not None and platform.clock.now() - user.wrote_at <= _NON_FRIEND_SECONDS
    return user.friend or recently


def _recipients(platform: Platform, to: str) -> int:
    """How many messages a push counts as: one per person who receives it."""
    group = platform.groups.get(to)
    return 1 if group is None else len(group.members)


def _deliver(platform: Platform, chat: str, messages: Sequence[Json], *, via: str) -> list[Json]:
    """Show messages in a chat; the loading animation ends."""
    user = platform.users.get(chat)
    if user is not None:
        user.loading_until = None
        if user.blocked:
            return _lose(platform, messages)
    sent: list[Json] = []
    for body in messages:
        message = new_message(platform, chat, platform.channel.user_id, body)
        platform.write(chat, "message", sender="bot", via=via, id=message.id, message=body)
        sent.append(_told(message.id, message.quote_token))
    return sent


def _lose(platform: Platform, messages: Sequence[Json]) -> list[Json]:
    """Accept messages that nobody will see."""
    return [_told(platform.message_id(), None) for _ in messages]


def _told(message_id: str, quote_token: str | None) -> Json:
    return {"id": message_id} if quote_token is None else {"id": message_id, "quoteToken": quote_token}


def start_loading(platform: Platform, body: Any) -> None:
    """`POST /v2/bot/chat/loading/start`: 5 to 60 seconds in steps of five, in one-to-one chats only."""
    rates.take(platform, "loading", platform.limits.loadings_per_second, 1.0)
    chat = body.get("chatId") if isinstance(body, dict) else None
    if not isinstance(chat, str) or not _RECIPIENT.fullmatch(chat) or chat[0] != "U":
        raise invalid_property("chatId")
    seconds = body.get("loadingSeconds", 20)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 5 <= seconds <= 60 or seconds % 5:
        raise invalid_property("loadingSeconds")
    user: User | None = platform.users.get(chat)
    if user is not None and not user.blocked:
        user.loading_until = platform.clock.now() + seconds
        platform.write(chat, "loading", seconds=seconds)


def mark_read(platform: Platform, message_ids: Sequence[str]) -> None:
    """Show messages of a user as read by the bot."""
    for message_id in message_ids:
        message = platform.messages.get(message_id)
        if message is not None and not message.read:
            message.read = True
            platform.write(message.chat, "read", id=message_id)
