# SPDX-License-Identifier: Apache-2.0
"""Draws reply blocks as lines of text; choices get numbers that can be typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from thai.dates_display import date_time


def lines(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a terminal shows of an event's blocks. A block of an unknown kind shows its text, if it has any."""
    return [line for block in blocks for line in _lines(block)]


def choices(blocks: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(token, label) of every choice, in the order of the numbers that `lines` gives them."""
    return [(str(choice["id"]), str(choice["label"])) for block in blocks for choice in block.get("choices") or ()]


def _lines(block: Mapping[str, Any]) -> Iterator[str]:
    kind = block.get("type")
    if kind == "card":
        yield from _card(block)
    elif kind == "carousel":
        for card in block.get("cards") or ():
            yield from _card(card)
    elif kind == "image":
        yield f"[รูปภาพ] {block.get('alt') or ''}".rstrip()
    elif kind == "download":
        yield f"[ดาวน์โหลด] {block.get('label') or ''} {block.get('path')}"
    elif kind == "location":
        yield f"[ตำแหน่ง] {block.get('lat')}, {block.get('lon')}"
    else:
        if block.get("text"):
            yield from str(block["text"]).splitlines()
        for number, choice in enumerate(block.get("choices") or (), start=1):
            yield f"  {number}. {choice['label']}"


def _card(card: Mapping[str, Any]) -> Iterator[str]:
    yield f"┌ {card.get('title', '')}"
    if card.get("text"):
        yield from (f"│ {line}" for line in str(card["text"]).splitlines())
    for field in card.get("fields") or ():
        yield f"│ {field['label']}: {field['value']}"
    source = card.get("source") or {}
    if source.get("name"):
        yield f"│ ที่มา {source['name']}" + (f" · {_when(source['observed_at'])}" if source.get("observed_at") else "")
    if source.get("label"):
        yield f"│ {source['label']}"
    for link in card.get("links") or ():
        yield f"│ {link['label']}: {link['url']}"
    yield "└"


def _when(moment: str) -> str:
    """A wire time as citizens read it; what is no aware time stays as it came."""
    try:
        return date_time(datetime.fromisoformat(moment))
    except ValueError:
        return moment
