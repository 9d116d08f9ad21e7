# SPDX-License-Identifier: Apache-2.0
"""What an action reads of the turn that called it: its id, the message and the entities found in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.interfaces import Tracker

#: Rasa's slot that names what an active form asks.
REQUESTED_SLOT = "requested_slot"


def turn_id(tracker: Tracker) -> str:
    """The id of this turn, from which idempotency keys are made. ValueError when the caller sent none."""
    found = tracker.latest_message.get("message_id")
    if not isinstance(found, str) or not found:
        raise ValueError("the turn has no message_id")
    return found


def message_text(tracker: Tracker) -> str:
    """The citizen's words of this turn, "" for a pin, a photo or a tapped choice."""
    found = tracker.latest_message.get("text")
    words = found.strip() if isinstance(found, str) else ""
    return "" if is_marker(words) else words


def is_marker(words: str) -> bool:
    """True for what stands in a text's place: a choice's payload, "[location]", "[photo]"."""
    return words.startswith("/") or (words.startswith("[") and words.endswith("]"))


def intent(tracker: Tracker) -> str:
    """The name of the turn's intent, "" when there is none."""
    found = tracker.latest_message.get("intent")
    name = found.get("name") if isinstance(found, Mapping) else None
    return name if isinstance(name, str) else ""


def entities(tracker: Tracker, *names: str) -> list[Any]:
    """Values of this turn's entities with one of these names, in the order of the text."""
    found = tracker.latest_message.get("entities")
    return [
        entity.get("value")
        for entity in (found if isinstance(found, list) else [])
        if isinstance(entity, Mapping) and entity.get("entity") in names and entity.get("value") is not None
    ]


def entity(tracker: Tracker, *names: str) -> Any:
    """The first of `entities`, None when there is none."""
    return next(iter(entities(tracker, *names)), None)


def leftover(tracker: Tracker, text: str, *names: str) -> str:
    """The text without the spans of this turn's entities with one of these names."""
    found = tracker.latest_message.get("entities")
    for entity_found in found if isinstance(found, list) else []:
        if isinstance(entity_found, Mapping) and entity_found.get("entity") in names:
            start, end = entity_found.get("start"), entity_found.get("end")
            if isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text):
                text = text[:start] + " " * (end - start) + text[end:]  # offsets stay true
    return text


def metadata(tracker: Tracker) -> Mapping[str, Any]:
    """What the turn channel tells with the message: locale, channel, `clarified`."""
    found = tracker.latest_message.get("metadata")
    return found if isinstance(found, Mapping) else {}


def active_form(tracker: Tracker) -> str | None:
    """The name of the form that is active, None when none is."""
    name = (tracker.active_loop or {}).get("name")
    return name if isinstance(name, str) else None


def slot_before(tracker: Tracker, name: str) -> Any:
    """The slot's value before this turn's message, as far as the tracker's window reaches; else None."""
    before_message = False
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            before_message = True
        elif before_message and event.get("event") == "slot" and event.get("name") == name:
            return event.get("value")
    return None
