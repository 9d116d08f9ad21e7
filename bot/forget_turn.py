# SPDX-License-Identifier: Apache-2.0
"""Takes one turn's words out of a stored tracker, because its sender took the message back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: what a form asks is no word of the citizen's
_KEPT_SLOTS = frozenset({"requested_slot"})


def without_words(events: Sequence[dict[str, Any]], turn_id: str) -> list[dict[str, Any]]:
    """Stored events in which the turn keeps its place and its actions but nothing that was said in it.

    Slots that the turn filled are emptied, so that a form asks for them again.
    """
    kept: list[dict[str, Any]] = []
    inside = False
    for event in events:
        kind = event.get("event")
        if kind == "user":
            inside = event.get("message_id") == turn_id
        kept.append(_bare(event, str(kind)) if inside else event)
    return kept


def _bare(event: dict[str, Any], kind: str) -> dict[str, Any]:
    if kind == "user":
        parse = event.get("parse_data") or {}
        intent = parse.get("intent") or {}
        return {**event, "text": "", "metadata": {}, "parse_data": {"intent": intent, "entities": []}}
    if kind == "bot":
        return {**event, "text": "", "data": {}, "metadata": {}}
    if kind == "slot" and event.get("name") not in _KEPT_SLOTS:
        return {**event, "value": None}
    return event
