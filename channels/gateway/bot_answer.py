# SPDX-License-Identifier: Apache-2.0
"""Reads the bot's answer to a turn (docs/developers/wire.md §2): what comes through has the shapes that we rely on."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.messages import BLOCK_TYPES, Block, texts_of


@dataclass(frozen=True, slots=True)
class Understanding:
    """How the bot read an event: names and figures."""

    intent: str | None
    confidence: float | None
    decision: str
    ranking: Sequence[Mapping[str, Any]]
    entities: Sequence[Mapping[str, Any]]
    #: the text as the bot read it, when the keyboard layout was wrong
    repaired: str | None

    def figures(self) -> dict[str, Any]:
        """What may be kept of it: no words of the citizen."""
        return {
            "decision": self.decision,
            "ranking": [dict(one) for one in self.ranking],
            "entities": [dict(one) for one in self.entities],
            "repaired": self.repaired is not None,
        }


@dataclass(frozen=True, slots=True)
class TurnAnswer:
    """What the bot answered to one event."""

    replies: Sequence[Block]
    understanding: Understanding
    replayed: bool
    active_form: str | None
    requested_slot: str | None


def parse_answer(data: Mapping[str, Any]) -> TurnAnswer:
    """The answer in a body. Raises ValueError, which names the field and never its value."""
    return TurnAnswer(
        replies=_blocks(data.get("replies")),
        understanding=_understanding(_mapping(data.get("understanding"), "understanding")),
        replayed=bool(data.get("replayed")),
        active_form=_name(data.get("active_form"), "active_form"),
        requested_slot=_name(data.get("requested_slot"), "requested_slot"),
    )


def _blocks(value: object) -> list[Block]:
    blocks = [_mapping(one, "reply") for one in _list(value, "replies")]
    for block in blocks:
        if block.get("type") not in BLOCK_TYPES:
            raise ValueError("a reply's type is unknown")
        for choice in _list(block.get("choices"), "choices") if block["type"] == "choices" else ():
            if not all(isinstance(_mapping(choice, "choice").get(key), str) for key in ("label", "payload")):
                raise ValueError("a choice has a label and a payload")
        for card in _list(block.get("cards"), "cards") if block["type"] == "carousel" else ():
            _mapping(card, "card")
    try:
        for text in texts_of(blocks):
            text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("a reply cannot be written as UTF-8") from None
    return blocks


def _understanding(data: Mapping[str, Any]) -> Understanding:
    return Understanding(
        intent=_name(data.get("intent"), "intent"),
        confidence=_figure(data.get("confidence"), "confidence"),
        decision=_name(data.get("decision"), "decision") or "answer",
        ranking=[
            {"name": _name(one.get("name"), "ranking"), "confidence": _figure(one.get("confidence"), "ranking")}
            for one in (_mapping(item, "ranking") for item in _list(data.get("ranking") or [], "ranking")[:5])
        ],
        entities=[
            {
                "entity": _name(one.get("entity"), "entity"),
                "start": _figure(one.get("start"), "entity"),
                "end": _figure(one.get("end"), "entity"),
            }
            for one in (_mapping(item, "entities") for item in _list(data.get("entities") or [], "entities"))
        ],
        repaired=_words(data.get("repaired"), "repaired"),
    )


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is no object")
    return value


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{what} is no list")
    return value


def _words(value: object, what: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{what} is no text")
    return None if value is None else value.encode("utf-8", "replace").decode("utf-8")


def _name(value: object, what: str) -> str | None:
    """Names go into columns of the database, which cannot hold everything that JSON can."""
    name = _words(value, what)
    if name is not None and "\x00" in name:
        raise ValueError(f"{what} holds a NUL")
    return name


def _figure(value: object, what: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= sys.float_info.max:
        raise ValueError(f"{what} is no figure")
    return value
