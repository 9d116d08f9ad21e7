# SPDX-License-Identifier: Apache-2.0
"""What arrives from a channel (events) and what goes back (reply blocks), the same for every channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

#: One reply block in the wire form of docs/developers/wire.md §1. Kept as JSON because it only passes through:
#: it is made by the catalogue, stored sealed and drawn by a channel, each of which checks the fields it uses.
Block = Mapping[str, Any]

BLOCK_TYPES = frozenset(
    {"text", "choices", "card", "carousel", "image", "location_request", "photo_request", "download", "directive"}
)
#: Blocks that carry an order to the gateway and are never shown.
DIRECTIVE = "directive"

#: fields of a block, and of its choices, that never leave the house
_OURS = frozenset({"answer", "payload"})

Author = Literal["citizen", "bot", "officer", "system"]


@dataclass(frozen=True, slots=True)
class Message:
    """A citizen's free text."""

    text: str
    kind: Literal["message"] = "message"

    def __repr__(self) -> str:
        return f"Message(<{len(self.text)} characters>)"


@dataclass(frozen=True, slots=True)
class Choice:
    """A tapped choice: the server's own short token, looked up when the turn runs."""

    choice: str
    kind: Literal["choice"] = "choice"


@dataclass(frozen=True, slots=True)
class Location:
    """A pin: WGS 84 degrees."""

    lat: float
    lon: float
    kind: Literal["location"] = "location"

    def __repr__(self) -> str:
        return "Location(<pin>)"


@dataclass(frozen=True, slots=True)
class Media:
    """A file that was already stored; `media` is our id of it."""

    media: str
    kind: Literal["media"] = "media"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that still lies with the channel; it becomes Media once it was fetched, checked and stored."""

    #: the channel's id of it, or an https address
    source: str
    media: Literal["image", "video", "audio", "file"]
    #: the sender's name of a file
    name: str | None = None
    #: several photos that were sent together share it
    set_id: str | None = None
    kind: Literal["attachment"] = "attachment"

    def __repr__(self) -> str:
        return f"Attachment(<{self.media}>)"


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that happened without words; the gateway itself answers it, or only acts on it."""

    name: Literal["follow", "unfollow", "join", "leave", "group_message", "sticker", "unsend", "edited"]
    #: the channel's id of the message that it is about
    about: str | None = None
    kind: Literal["signal"] = "signal"


Content = Message | Choice | Location | Media | Attachment | Signal


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that arrived from a channel, with the channel's own id for it."""

    channel: str
    event_id: str
    content: Content
    #: when the channel says it happened (aware); orders the events of one conversation
    occurred_at: datetime
    locale: str = "th"
    #: what a reply needs and only this channel understands (a reply token, say)
    envelope: Mapping[str, Any] = field(default_factory=dict)
    #: the channel's id of the message, by which it may be edited or taken back
    message_id: str | None = None


def content_to_json(content: Content) -> dict[str, Any]:
    """The JSON form in which an event's content is sealed into the inbox."""
    if isinstance(content, Message):
        return {"kind": "message", "text": content.text}
    if isinstance(content, Choice):
        return {"kind": "choice", "choice": content.choice}
    if isinstance(content, Location):
        return {"kind": "location", "lat": content.lat, "lon": content.lon}
    if isinstance(content, Media):
        return {"kind": "media", "media": content.media}
    return {"kind": content.kind, **{field.name: getattr(content, field.name) for field in fields(content)}}


def content_from_json(data: Mapping[str, Any]) -> Content:
    """The inverse of `content_to_json`. Raises KeyError or ValueError on anything else."""
    kind = data["kind"]
    if kind == "message":
        return Message(str(data["text"]))
    if kind == "choice":
        return Choice(str(data["choice"]))
    if kind == "location":
        return Location(float(data["lat"]), float(data["lon"]))
    if kind == "media":
        return Media(str(data["media"]))
    if kind == "attachment":
        return Attachment(str(data["source"]), data["media"], data.get("name"), data.get("set_id"))
    if kind == "signal":
        return Signal(data["name"], data.get("about"))
    raise ValueError(f"unknown kind of content: {kind!r}")


def content_to_blocks(content: Content, label: str | None = None) -> list[dict[str, Any]]:
    """How a citizen's own event is shown to them again in the conversation; `label` is the words of a choice."""
    if isinstance(content, Message):
        return [{"type": "text", "text": content.text}]
    if isinstance(content, Choice):
        return [{"type": "text", "text": label or ""}]
    if isinstance(content, Location):
        return [{"type": "location", "lat": content.lat, "lon": content.lon}]
    if isinstance(content, Media):
        return [{"type": "image", "media": content.media, "alt": ""}]
    return []


def texts_of(blocks: object) -> Iterator[str]:
    """Every string that a citizen could read inside blocks, for checks and for search."""
    if isinstance(blocks, str):
        yield blocks
    elif isinstance(blocks, Mapping):
        for value in blocks.values():
            yield from texts_of(value)
    elif isinstance(blocks, (list, tuple)):
        for value in blocks:
            yield from texts_of(value)


def visible_blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """The blocks as a citizen may see them: without directives, without what only we use, without what is not there."""
    return [_visible(block) for block in blocks if block.get("type") != DIRECTIVE]


def _visible(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _visible(one) for key, one in value.items() if key not in _OURS and one is not None}
    if isinstance(value, (list, tuple)):
        return [_visible(one) for one in value]
    return value
