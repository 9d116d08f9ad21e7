# SPDX-License-Identifier: Apache-2.0
"""Takes one turn's words out of a stored tracker, because its sender took the message back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: what a form asks is no word of the citizen's
_KEPT_SLOTS = frozenset({"requested_slot"})


def without_words(events: Sequence[dict[str, Any]], turn_id: str) -> list[dict[str, Any]]:
    """Stored events in which the turn keeps its place and its actions but nothing that was said in it.

    Slots that the turn filled have again what they had before it; one that had nothing is empty, so that a form asks
    for it again. What the turn added to a list (one photo of several) is gone from later values of the list, too.
    """
    kept: list[dict[str, Any]] = []
    values: dict[str, Any] = {}
    before: dict[str, Any] = {}
    brought: dict[str, list[Any]] = {}
    inside = False
    for event in events:
        kind, name = str(event.get("event")), str(event.get("name"))
        if kind == "user":
            inside = event.get("message_id") == turn_id
            before = dict(values) if inside else before
        if kind == "slot" and name not in _KEPT_SLOTS:
            value = event.get("value")
            if inside and isinstance(value, list):
                had = before.get(name)
                brought[name] = [item for item in value if item not in (had if isinstance(had, list) else ())]
            if name in brought and isinstance(value, list):
                value = [item for item in value if item not in brought[name]] or None
            elif inside and value is not None:
                value = before.get(name)
            values[name] = value
            kept.append({**event, "value": value})
        else:
            kept.append(_bare(event, kind) if inside else event)
    return kept


def _bare(event: dict[str, Any], kind: str) -> dict[str, Any]:
    if kind == "user":
        parse = event.get("parse_data") or {}
        intent = parse.get("intent") or {}
        return {**event, "text": "", "metadata": {}, "parse_data": {"intent": intent, "entities": []}}
    if kind == "bot":
        return {**event, "text": "", "data": {}, "metadata": {}}
    return event
