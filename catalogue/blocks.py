# SPDX-License-Identifier: Apache-2.0
"""Makes the reply blocks of docs/developers/wire.md §1 from the templates in an answer file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalogue import fill
from catalogue.fill import Filler

Block = dict[str, Any]


def _fields(templates: Sequence[Mapping[str, Any]], filler: Filler) -> list[Block]:
    made: list[Block] = []
    for template in templates:
        for inside in fill.repeated(template, filler):
            label, value = fill.first(template["label"], inside), fill.text(template["value"], inside)
            if label and value:
                made.append({"label": label, "value": value})
    return made


def _links(templates: Sequence[Mapping[str, Any]], filler: Filler) -> list[Block]:
    made: list[Block] = []
    for template in templates:
        for inside in fill.repeated(template, filler):
            label, url = fill.first(template["label"], inside), fill.string(template["url"], inside)
            if label and url:
                made.append({"label": label, "url": url.replace(" ", "")})
    return made


def _choices(templates: Sequence[Mapping[str, Any]], filler: Filler) -> list[Block]:
    made: list[Block] = []
    for template in templates:
        for inside in fill.repeated(template, filler):
            label, payload = fill.first(template["label"], inside), fill.payload(template["payload"], inside)
            if label and payload:
                made.append({"label": label, "payload": payload})
    return made


def _source(template: Mapping[str, Any], filler: Filler) -> Block | None:
    filled = {key: fill.raw(value, filler) for key, value in template.items()}
    if not filled.get("name"):
        return None
    made = {key: str(value) for key, value in filled.items() if key != "sandbox" and value is not None}
    return {**made, "sandbox": bool(filled.get("sandbox"))}


def _card(template: Mapping[str, Any], filler: Filler) -> Block | None:
    title = fill.first(template["title"], filler)
    if not title:
        return None
    made: Block = {"type": "card", "title": title}
    body = fill.text(template["text"], filler) if "text" in template else None
    if body:
        made["text"] = body
    made["fields"] = _fields(template.get("fields", ()), filler)
    level = fill.raw(template.get("level"), filler)
    if level is not None:
        made["level"] = str(level)
    source = _source(template["source"], filler) if "source" in template else None
    if source:
        made["source"] = source
    made["links"] = _links(template.get("links", ()), filler)
    return made


def _block(template: Mapping[str, Any], filler: Filler) -> Block | None:
    kind = template["type"]
    if kind == "card":
        return _card(template, filler)
    if kind == "carousel":
        cards = [
            card
            for part in template["cards"]
            for inside in fill.repeated(part, filler)
            if (card := _card(part, inside)) is not None
        ]
        return {"type": kind, "cards": cards} if cards else None
    if kind == "directive":
        return {"type": kind, "name": template["name"]}
    if kind == "download":
        return {"type": kind, "label": fill.string(template["label"], filler) or "", "path": template["path"]}
    if kind == "image":
        made = {key: fill.string(template[key], filler) for key in ("url", "media", "alt") if key in template}
        return {"type": kind, **made} if made.get("url") or made.get("media") else None
    body = fill.text(template["text"], filler)
    if kind == "choices":
        choices = _choices(template["choices"], filler)
        if choices:
            return {"type": kind, "text": body or "", "choices": choices}
        return {"type": "text", "text": body} if body else None
    if body is None:
        return None
    if kind == "text":
        return {"type": kind, "text": body}
    return {"type": kind, "text": body, "label": fill.string(template["label"], filler) or ""}


def make(templates: Sequence[str | Mapping[str, Any]], filler: Filler) -> list[Block]:
    """The blocks of one answer in order; those that have nothing to say are left out."""
    made: list[Block] = []
    for template in templates:
        part = {"type": "text", "text": template} if isinstance(template, str) else template
        for inside in fill.repeated(part, filler):
            block = _block(part, inside)
            if block is not None:
                made.append(block)
    return made
