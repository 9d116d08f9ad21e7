# SPDX-License-Identifier: Apache-2.0
"""What people do on their phones: write, send, tap, take back, follow and block; each becomes an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.line.content import keep
from sandbox.line.events import inbound_message, new_event, new_message
from sandbox.line.state import Group, Json, Platform, Sent, User, fresh_id, user_source
from sandbox.line.webhooks import happen


class NotPossible(Exception):
    """A phone would not let its owner do this; the sentence says why."""


def say(platform: Platform, user: User, body: Json, *, group: Group | None = None) -> Sent:
    """Send a message object (webhook shape, without id) to the bot, or into a group that it is in."""
    _check_may_write(user, group)
    chat = user.id if group is None else group.id
    message = new_message(platform, chat, user.id, body)
    platform.write(chat, "message", sender=user.id, id=message.id, message=body)
    if group is None:
        user.wrote_at = platform.clock.now()
    happen(platform, [new_event(platform, "message", _source(user, group), message=inbound_message(platform, message))])
    return message


def send_media(platform: Platform, user: User, body: Json, data: bytes, mime: str) -> Sent:
    """Send a picture, film, sound or file whose bytes the bot can fetch; `body` is as for `say`."""
    _check_may_write(user, None)
    message = new_message(platform, user.id, user.id, body)
    keep(platform, message, data, mime)
    platform.write(user.id, "message", sender=user.id, id=message.id, message=body)
    user.wrote_at = platform.clock.now()
    happen(platform, [new_event(platform, "message", user_source(user), message=inbound_message(platform, message))])
    return message


def _check_may_write(user: User, group: Group | None) -> None:
    if group is None and user.blocked:
        raise NotPossible("the user has blocked the account")
    if group is not None and (not group.joined or user.id not in group.members):
        raise NotPossible("the account or the user is not in the group")


def _source(user: User, group: Group | None) -> Mapping[str, str]:
    return user_source(user) if group is None else {"type": "group", "groupId": group.id, "userId": user.id}


def postback(platform: Platform, user: User, data: str, params: Mapping[str, str] | None, shown: str | None) -> None:
    """Tap an action; `shown` (its displayText) appears in the chat as the user's, without an event of its own."""
    _check_may_write(user, None)
    if shown:
        message = new_message(platform, user.id, user.id, {"type": "text", "text": shown})
        platform.write(user.id, "message", sender=user.id, id=message.id, message=message.body)
    content: Json = {"data": data}
    if params is not None:
        content["params"] = dict(params)
    platform.write(user.id, "postback", data=data)
    user.wrote_at = platform.clock.now()
    happen(platform, [new_event(platform, "postback", user_source(user), postback=content)])


def switch_menu(platform: Platform, user: User, alias: str, data: str) -> None:
    """Tap a `richmenuswitch` action: the menu changes at once, then the postback tells how that went."""
    target = platform.aliases.get(alias)
    menu = platform.rich_menus.get(target or "")
    status = "SUCCESS" if menu is not None else "RICHMENU_ALIAS_ID_NOTFOUND" if target is None else "RICHMENU_NOTFOUND"
    if menu is not None:
        user.rich_menu = menu.id
        platform.write(user.id, "rich_menu")
    postback(platform, user, data, {"newRichMenuAliasId": alias, "status": status}, None)


def _own(platform: Platform, user: User, message_id: str) -> Sent:
    message = platform.messages.get(message_id)
    if message is None or message.sender != user.id or message.unsent:
        raise NotPossible("the user sent no such message, or has taken it back")
    return message


def unsend(platform: Platform, user: User, message_id: str) -> None:
    """Take a message back: it vanishes from the chat, its bytes are gone (410)."""
    message = _own(platform, user, message_id)
    message.unsent = True
    message.body = {"type": message.type}
    media = platform.media.get(message_id)
    if media is not None:
        media.data = b""
    for entry in platform.chat(message.chat).journal:
        if entry.get("id") == message_id and entry["kind"] in ("message", "edited"):
            entry["message"] = {"type": message.type, "unsent": True}
    platform.write(message.chat, "unsent", id=message_id)
    source = _source(user, platform.groups.get(message.chat))
    happen(platform, [new_event(platform, "unsend", source, reply=False, unsend={"messageId": message_id})])


def edit(platform: Platform, user: User, message_id: str, text: str) -> None:
    """Change a text message. LINE lets people do that in groups only; here also in a one-to-one chat, for tests."""
    message = _own(platform, user, message_id)
    if message.type != "text":
        raise NotPossible("only texts can be edited")
    message.body = {**message.body, "text": text}
    platform.write(message.chat, "edited", id=message_id, message=message.body)
    source = _source(user, platform.groups.get(message.chat))
    told = inbound_message(platform, message)
    happen(platform, [new_event(platform, "messageEdited", source, message=told)])


def follow(platform: Platform, user: User) -> None:
    """Add the account as a friend, or unblock it."""
    if user.friend and not user.blocked:
        raise NotPossible("the user is a friend already")
    unblocked = user.blocked
    user.friend, user.blocked = True, False
    platform.write(user.id, "friend", state="friend")
    event = new_event(platform, "follow", user_source(user), follow={"isUnblocked": unblocked})
    happen(platform, [event])


def block(platform: Platform, user: User) -> None:
    """Block the account: pushes get lost from now on, and the bot is told without a reply token."""
    if user.blocked:
        raise NotPossible("the user has blocked the account already")
    user.blocked = True
    platform.write(user.id, "friend", state="blocked")
    happen(platform, [new_event(platform, "unfollow", user_source(user), reply=False)])


def new_group(platform: Platform, name: str, members: list[str]) -> Group:
    """Found a group and take the bot in."""
    group = Group(id=fresh_id("C"), name=name, members=members)
    platform.groups[group.id] = group
    happen(platform, [new_event(platform, "join", {"type": "group", "groupId": group.id})])
    return group


def expel(platform: Platform, group: Group) -> None:
    """Throw the bot out of a group."""
    if not group.joined:
        raise NotPossible("the account is not in the group")
    group.joined = False
    happen(platform, [new_event(platform, "leave", {"type": "group", "groupId": group.id}, reply=False)])


def new_user(platform: Platform, name: str, **more: Any) -> User:
    """A new person; ValueError when the id is taken or has another form than `U` and 32 hexadecimal digits."""
    user = User(id=more.pop("id", None) or fresh_id("U"), name=name, **more)
    if user.id in platform.users:
        raise ValueError("userId is taken")
    platform.users[user.id] = user
    return user
