# SPDX-License-Identifier: Apache-2.0
"""Turns the body of `POST /chat/messages` into an event, or says in a word what is wrong with it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from core.messages import Choice, Content, Event, Location, Media, Message

#: characters of one message
MAX_TEXT = 2_000
#: bytes of one body; a message of MAX_TEXT characters with every one escaped (`\\ud83d\\ude00`) fits
MAX_BODY = 32_768
LOCALES = ("th", "en")
_KINDS = ("text", "choice", "location", "media")


class Refused(Exception):
    """The body cannot be an event; `code` is for programs, the sentence for citizens comes from the answers."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Posted:
    """What a browser sent: the event, and the language that it asks for from now on, if any."""

    event: Event
    locale: str | None


def parse_message(body: bytes, *, conversation_id: int, locale: str, now: datetime | None = None) -> Posted:
    """The event in a body. Its id is the client's UUID within this conversation, so that nobody can use another's.

    Raises Refused: `bad_json`, `bad_id`, `bad_content`, `empty`, `too_long` (413), `bad_location`.
    """
    data = _object(body)
    event_id = _uuid(data.get("id"))
    wanted = data.get("locale")
    if wanted is not None and wanted not in LOCALES:
        wanted = None
    given = [kind for kind in _KINDS if data.get(kind) is not None]
    if len(given) != 1:
        raise Refused("empty" if not given else "bad_content")
    return Posted(
        event=Event(
            channel="web",
            event_id=f"{conversation_id}:{event_id}",
            content=_content(given[0], data[given[0]]),
            occurred_at=now or datetime.now(timezone.utc),
            locale=wanted or locale,
        ),
        locale=wanted,
    )


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Refused("bad_json") from None
    if not isinstance(data, dict):
        raise Refused("bad_json")
    return data


def _uuid(value: object) -> str:
    if not isinstance(value, str):
        raise Refused("bad_id")
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise Refused("bad_id") from None


def _content(kind: str, value: object) -> Content:
    if kind == "location":
        return _location(value)
    if not isinstance(value, str):
        raise Refused("bad_content")
    if kind == "text":
        # PostgreSQL and JSON peers cannot carry these; a browser never sends them.
        text = value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
        if not text:
            raise Refused("empty")
        if len(text) > MAX_TEXT:
            raise Refused("too_long", 413)
        return Message(text)
    # Half a character or a NUL cannot be stored; isprintable() has neither.
    if not value or len(value) > 64 or not value.isprintable():
        raise Refused("bad_content")
    return Choice(value) if kind == "choice" else Media(value)


def _location(value: object) -> Location:
    if not isinstance(value, dict):
        raise Refused("bad_location")
    lat, lon = value.get("lat"), value.get("lon")
    if (
        isinstance(lat, bool)
        or isinstance(lon, bool)
        or not isinstance(lat, (int, float))
        or not isinstance(lon, (int, float))
    ):
        raise Refused("bad_location")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # false for NaN, too
        raise Refused("bad_location")
    return Location(float(lat), float(lon))
