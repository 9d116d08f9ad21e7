# SPDX-License-Identifier: Apache-2.0
"""Parses what the gateway asks for: one turn, or the erasure of a conversation (docs/developers/wire.md §2)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.failures import TurnFailed

#: What stands for the words of a message that had none.
LOCATION_MARKER = "[location]"
PHOTO_MARKER = "[photo]"
#: Word joiner: no space to Rasa, and nothing at all to the normalisation.
GUARD = "\u2060"

_PAYLOAD = re.compile(r"/([A-Za-z0-9_]{1,64})\s*(\{.*\})?", re.DOTALL)
_CHANNEL = re.compile(r"[a-z][a-z0-9_]{0,31}")
_LONGEST_TEXT = 20_000
_DEFAULT_DEADLINE_MS = 20_000
_LONGEST_DEADLINE_MS = 120_000


@dataclass(frozen=True)
class Words:
    """Free text."""

    text: str


@dataclass(frozen=True)
class Given:
    """A message whose meaning is known without understanding it: a choice, a pin or a photo."""

    intent: str
    text: str
    entities: tuple[Mapping[str, Any], ...] = ()
    chosen: bool = False


Content: TypeAlias = Words | Given


@dataclass(frozen=True)
class Incoming:
    """One turn to be done; `deadline` in seconds from now, `metadata` as actions see it."""

    turn_id: str
    conversation: str
    content: Content
    channel: str
    deadline: float
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Incoming(turn_id={self.turn_id!r}, channel={self.channel!r})"


@dataclass(frozen=True)
class Erasure:
    """A conversation to be forgotten, or only one turn of it."""

    conversation: str
    turn_id: str | None = None


def parse_turn(body: Any) -> Incoming:
    """A turn request. Raises TurnFailed("bad_request") on anything else."""
    data = _object(body)
    locale = data.get("locale") or "th"
    extra = data.get("metadata") or {}
    if not isinstance(locale, str) or not isinstance(extra, dict):
        raise TurnFailed("bad_request")
    channel = data.get("channel") or "web"
    if not isinstance(channel, str) or not _CHANNEL.fullmatch(channel):
        raise TurnFailed("bad_request")
    metadata: dict[str, Any] = {**extra, "locale": locale[:16], "channel": channel}
    if isinstance(data.get("location"), dict):
        metadata["location"] = {key: data["location"].get(key) for key in ("lat", "lon")}
    return Incoming(
        turn_id=_identifier(data, "turn_id"),
        conversation=_identifier(data, "conversation"),
        content=_content(data),
        channel=channel,
        deadline=_deadline(data),
        metadata=metadata,
    )


def parse_erasure(body: Any) -> Erasure:
    """An erasure request. Raises TurnFailed("bad_request")."""
    data = _object(body)
    turn_id = None if data.get("turn_id") is None else _identifier(data, "turn_id")
    return Erasure(_identifier(data, "conversation"), turn_id)


def parse_payload(payload: str) -> tuple[str, tuple[Mapping[str, Any], ...]]:
    """Intent and entities of `/intent` or `/intent{"entity": value}`; a list gives one entity per item.

    Raises TurnFailed("bad_request").

    >>> parse_payload('/inform{"report_type": "ขยะ"}')
    ('inform', ({'entity': 'report_type', 'value': 'ขยะ'},))
    """
    match = _PAYLOAD.fullmatch(payload.strip())
    if match is None:
        raise TurnFailed("bad_request")
    try:
        values = json.loads(match[2]) if match[2] else {}
    except ValueError:
        raise TurnFailed("bad_request") from None
    entities = [
        {"entity": str(name), "value": item}
        for name, value in values.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    return match[1], tuple(entities)


def guarded(text: str) -> str:
    """The text as Rasa may see it: it takes one that begins with `/` for a command, from anybody.

    The guard is invisible and kept off by `unguarded`. The slash itself stays, because it is the letter ฝ when the
    keyboard is on the wrong layout.
    """
    stripped = text.strip()
    return GUARD + stripped if stripped.startswith("/") else stripped


def unguarded(parse: dict[str, Any]) -> dict[str, Any]:
    """The parse of a guarded text with text and offsets as if there were no guard."""
    if not parse["text"].startswith(GUARD):
        return parse
    entities = [
        {**entity, **{edge: max(0, entity[edge] - len(GUARD)) for edge in ("start", "end") if edge in entity}}
        for entity in parse["entities"]
    ]
    return {**parse, "text": parse["text"][len(GUARD) :], "entities": entities}


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise TurnFailed("bad_request")
    return body


def _identifier(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200 or not value.isprintable():
        raise TurnFailed("bad_request")
    return value


def _deadline(data: Mapping[str, Any]) -> float:
    value = data.get("deadline_ms", _DEFAULT_DEADLINE_MS)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= _LONGEST_DEADLINE_MS:
        raise TurnFailed("bad_request")
    return value / 1000


def _content(data: Mapping[str, Any]) -> Content:
    given = [name for name in ("text", "choice", "location", "media") if data.get(name) is not None]
    if len(given) != 1:
        raise TurnFailed("bad_request")
    value = data[given[0]]
    if given[0] == "text":
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
            raise TurnFailed("bad_request")
        return Words(_storable(value))
    if not isinstance(value, dict):
        raise TurnFailed("bad_request")
    if given[0] == "choice":
        return _choice(value)
    if given[0] == "location":
        return _location(value)
    return _media(value)


def _choice(value: Mapping[str, Any]) -> Given:
    payload, label = value.get("payload"), value.get("label")
    if not isinstance(payload, str) or not (label is None or isinstance(label, str)):
        raise TurnFailed("bad_request")
    intent, entities = parse_payload(payload)
    return Given(intent=intent, text=_storable(label or "") or payload, entities=entities, chosen=True)


def _location(value: Mapping[str, Any]) -> Given:
    lat, lon = value.get("lat"), value.get("lon")
    for number, limit in ((lat, 90), (lon, 180)):
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise TurnFailed("bad_request")
        if not math.isfinite(number) or abs(number) > limit:
            raise TurnFailed("bad_request")
    return Given("inform", LOCATION_MARKER, ({"entity": "location", "value": {"lat": lat, "lon": lon}},))


def _media(value: Mapping[str, Any]) -> Given:
    media = value.get("id")
    if not isinstance(media, str) or not 0 < len(media) <= 200:
        raise TurnFailed("bad_request")
    return Given("inform", PHOTO_MARKER, ({"entity": "media", "value": media},))


def _storable(text: str) -> str:
    """PostgreSQL's JSON holds neither NUL nor half of a surrogate pair."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "").strip()
