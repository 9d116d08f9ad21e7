# SPDX-License-Identifier: Apache-2.0
"""Turns the body of a LINE webhook into what arrived, event by event, and loses no good event to a bad neighbour."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal, cast

from core.messages import Attachment, Choice, Content, Location, Message, Signal

#: bytes of one body; LINE documents no limit for webhooks, and 2 MB for what it takes itself
MAX_BODY = 2_000_000
#: UTF-16 code units of a postback's data, as LINE limits them
MAX_DATA = 300

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
#: the last millisecond of year 9999; and by how much a clock may be wrong: what is later than that happens now
_LAST, _AHEAD = 253_402_300_799_999, timedelta(days=1)
#: What LINE's ids and words look like: no spaces, nothing that a table, a path or a log could not hold.
_ID = re.compile(r"[!-~]{1,128}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_HTTPS = re.compile(r"https://[!-~]{1,2000}")
#: Tokens of the test deliveries of older consoles: nobody may answer them.
_DUMMY_TOKENS = ("0" * 32, "f" * 32)
#: A rich menu for a language is known by the end of its alias: `menu-en`, `services_th`.
_LANGUAGE_OF_ALIAS = re.compile(r"(?:^|[-_])(th|en)$")
#: the one value of a datetime picker, by its mode
_PICKED = ("datetime", "date", "time")
#: What is acted on in silence, and so in standby mode too, where nothing may be said.
_SILENT = ("unsend", "unfollow", "leave")


class BadBody(Exception):
    """The body is no webhook at all; `code` is for programs: too_large, bad_json, bad_shape."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One event of a webhook."""

    #: LINE's `webhookEventId`: the same for every delivery of one event
    event_id: str
    #: when it happened (UTC, to the millisecond), never when it was delivered
    occurred_at: datetime
    #: LINE's words: "message:text", "follow", …; "unknown" where even that is unreadable
    kind: str
    #: whose one-to-one chat it is, or who spoke in a group; None where LINE does not say
    user: str | None
    #: the group or room, None in a one-to-one chat
    group: str | None
    #: another module holds the conversation: nothing may be sent
    standby: bool
    redelivery: bool
    reply_token: str | None
    #: the message that came, or, for unsend, the message that was taken back
    message_id: str | None
    #: None: recorded only
    content: Content | None
    #: "th" or "en" when a rich menu of that language was switched to
    locale_hint: str | None
    mentions_us: bool
    #: what a message says since it was edited
    edited_text: str | None = None
    #: the event as it came; empty in groups, where nobody's words are kept
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def order(self) -> tuple[datetime, str]:
        """By this the events of one conversation are sorted; deliveries come in any order."""
        return self.occurred_at, self.event_id

    def __repr__(self) -> str:
        return f"Arrived({self.kind}, {self.event_id})"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A whole delivery."""

    #: the user id of the bot that it is for
    destination: str | None
    events: tuple[Arrived, ...]
    #: how many events could not be told apart (no id) or put in order (no time)
    broken: int


@dataclass(frozen=True, slots=True)
class _Source:
    user: str | None
    group: str | None


def parse_webhook(body: bytes) -> Webhook:
    """The events in a body whose signature was verified. Raises BadBody, and never anything else.

    From the JSON itself and not through the SDK's models, which drop a whole delivery for one unknown mode. New fields,
    events and enum values come without notice (https://developers.line.biz/en/docs/messaging-api/development-guidelines):
    an event with something unknown has its kind and no content.
    """
    if len(body) > MAX_BODY:
        raise BadBody("too_large")
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadBody("bad_json") from None
    if not isinstance(data, dict) or not isinstance(data.get("events"), list):
        raise BadBody("bad_shape")
    found = [_event(one) for one in data["events"]]
    events = tuple(one for one in found if one is not None)
    return Webhook(_id(data.get("destination")), events, broken=len(found) - len(events))


def _event(data: object) -> Arrived | None:
    """One event; None when it has no id or no time."""
    if not isinstance(data, dict):
        return None
    event_id, occurred_at = _id(data.get("webhookEventId")), _time(data.get("timestamp"))
    if event_id is None or occurred_at is None:
        return None
    source = _source(data.get("source"))
    message = _object(data.get("message"))
    # An event of a time before modes has none; a mode that is not known might be one in which nothing may be said.
    mode = data.get("mode", "active")
    token = _id(data.get("replyToken"))
    kind = _kind(data, message)
    mentions_us = kind.startswith("message:") and _mentions_us(message)
    content = _content(kind, data, source, mentions_us) if source else None
    if mode != "active" and not (isinstance(content, Signal) and content.name in _SILENT):
        content = None
    edited = isinstance(content, Signal) and content.name == "edited"
    return Arrived(
        event_id=event_id,
        occurred_at=occurred_at,
        kind=kind,
        user=source.user if source else None,
        group=source.group if source else None,
        standby=mode != "active",
        redelivery=_object(data.get("deliveryContext")).get("isRedelivery") is True,
        reply_token=token if mode == "active" and token not in _DUMMY_TOKENS else None,
        message_id=_id(_object(data.get("unsend")).get("messageId") if kind == "unsend" else message.get("id")),
        content=content,
        locale_hint=_locale_hint(data) if kind == "postback" else None,
        mentions_us=mentions_us,
        edited_text=_text(message.get("text")) if edited else None,
        raw=data if source is not None and source.group is None else {},
    )


def _kind(event: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    kind = _word(event.get("type"))
    return f"{kind}:{_word(message.get('type'))}" if kind == "message" else kind


def _source(value: object) -> _Source | None:
    """Where an event happened; None when LINE does not say so in words that we know."""
    data = _object(value)
    user = _id(data.get("userId"))
    match data.get("type"):
        case "user" if user is not None:
            return _Source(user, None)
        case "group" if (group := _id(data.get("groupId"))) is not None:
            return _Source(user, group)
        case "room" if (group := _id(data.get("roomId"))) is not None:
            return _Source(user, group)
    return None


def _content(kind: str, event: Mapping[str, Any], source: _Source, mentions_us: bool) -> Content | None:
    message = _object(event.get("message"))
    message_id = _id(message.get("id"))
    if source.group is not None:
        # In groups nobody's words are kept: there is nothing to take back or to edit either.
        if mentions_us:
            return Signal("group_message", message_id)
        return Signal(cast('Literal["join", "leave"]', kind)) if kind in ("join", "leave") else None
    if kind in ("follow", "unfollow"):
        return Signal(cast('Literal["follow", "unfollow"]', kind))
    if kind == "postback":
        return _postback(_object(event.get("postback")))
    if kind == "unsend":
        taken_back = _id(_object(event.get("unsend")).get("messageId"))
        return Signal("unsend", taken_back) if taken_back else None
    if message_id is None:
        return None
    if kind == "messageEdited":
        return Signal("edited", message_id) if _text(message.get("text")) is not None else None
    read = _MESSAGES.get(kind)
    return read(message, message_id) if read else None


def _written(message: Mapping[str, Any], message_id: str) -> Content | None:
    text = _text(message.get("text"))
    return Message(text) if text is not None else None


def _pin(message: Mapping[str, Any], message_id: str) -> Content | None:
    lat, lon = message.get("latitude"), message.get("longitude")
    if type(lat) not in (int, float) or type(lon) not in (int, float):  # True is no degree
        return None
    lat, lon = cast("float", lat), cast("float", lon)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # false for NaN, too
        return None
    return Location(float(lat), float(lon))


def _sticker(message: Mapping[str, Any], message_id: str) -> Content | None:
    return Signal("sticker", message_id)


def _file(message: Mapping[str, Any], message_id: str) -> Content | None:
    name = _text(message.get("fileName"))
    return Attachment(message_id, "file", name=name[:255] if name else None)


def _recording(message: Mapping[str, Any], message_id: str) -> Content | None:
    """A picture, video or sound: with LINE, or, when a LIFF page sent it, at an address of its own."""
    media = message.get("type")
    provider = _object(message.get("contentProvider"))
    match provider.get("type", "line"):
        case "line":
            source = message_id
        case "external" if isinstance(url := provider.get("originalContentUrl"), str) and _HTTPS.fullmatch(url):
            source = url
        case _:
            return None
    set_id = _id(_object(message.get("imageSet")).get("id"))
    return Attachment(source, cast('Literal["image", "video", "audio"]', media), set_id=set_id)


def _postback(postback: Mapping[str, Any]) -> Content | None:
    params = _object(postback.get("params"))
    if "newRichMenuAliasId" in params:
        return None
    for mode in _PICKED:
        if (value := _id(params.get(mode))) is not None:
            return Message(value)
    data = postback.get("data")
    # Half a character or a NUL cannot be stored; isprintable() has neither.
    if params or not isinstance(data, str) or not data.isprintable():
        return None
    return Choice(data) if 0 < len(data.encode("utf-16-le")) // 2 <= MAX_DATA else None


_MESSAGES: dict[str, Callable[[Mapping[str, Any], str], Content | None]] = {
    "message:text": _written,
    "message:location": _pin,
    "message:image": _recording,
    "message:video": _recording,
    "message:audio": _recording,
    "message:file": _file,
    "message:sticker": _sticker,
}


def _mentions_us(message: Mapping[str, Any]) -> bool:
    """Whether a message names the bot itself; naming everybody is not meant for it."""
    mentionees = _object(message.get("mention")).get("mentionees")
    return isinstance(mentionees, list) and any(_object(one).get("isSelf") is True for one in mentionees)


def _locale_hint(event: Mapping[str, Any]) -> str | None:
    alias = _id(_object(_object(event.get("postback")).get("params")).get("newRichMenuAliasId"))
    found = _LANGUAGE_OF_ALIAS.search(alias) if alias else None
    return found[1] if found else None


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _word(value: object) -> str:
    return value if isinstance(value, str) and _WORD.fullmatch(value) else "unknown"


def _text(value: object) -> str | None:
    """A citizen's words without what PostgreSQL and JSON peers cannot carry: NUL, and half of a surrogate pair."""
    if not isinstance(value, str):
        return None
    text = value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
    return text or None


def _time(value: object) -> datetime | None:
    """Milliseconds since 1970 as an aware time, which is never far ahead of now."""
    if type(value) is not int or not 0 <= value <= _LAST:
        return None
    found, now = _EPOCH + timedelta(milliseconds=value), datetime.now(timezone.utc)
    return found if found <= now + _AHEAD else now.replace(microsecond=now.microsecond // 1000 * 1000)
