# SPDX-License-Identifier: Apache-2.0
"""Fills a form's place slot from a turn: a pin first, then the place named, then the words themselves."""

from __future__ import annotations

from typing import Any

from rasa_sdk.interfaces import Tracker

from actions.answers import Answer
from actions.place import Place, as_value, in_thailand, label, parse_place, point_in
from actions.turn import entity, is_marker, message_text, slot_before

_CHOICES = 10
#: The slots with which the next question offers the readings of an ambiguous name.
NO_CHOICES: dict[str, Any] = {"place_choices": None, "place_said": None}


def air_place(value: object, tracker: Tracker) -> tuple[dict[str, Any], Answer | None]:
    """Slots for the place of the air question and what to say about it.

    One reading or a pin in Thailand fills `air_place`; several readings become choices; anything else is asked again.
    """
    pinned = entity(tracker, "location")
    named = entity(tracker, "place")
    given = None if isinstance(value, str) and is_marker(value) else value
    place = parse_place(pinned) or parse_place(named) or parse_place(given)
    empty = {"air_place": None, **NO_CHOICES}
    if place is None:
        return empty, None
    if place.lat is not None and place.lon is not None:
        if not in_thailand(place.lat, place.lon):
            return empty, Answer("utter_place_outside_thailand")
        return {"air_place": {"lat": place.lat, "lon": place.lon}, **NO_CHOICES}, None
    said = place.text or message_text(tracker)
    if not place.areas:
        return empty, Answer("utter_place_unknown", {"said": said})
    if len(place.areas) > 1:
        choices = [{"label": label(area), "value": as_value(area, label(area))} for area in place.areas[:_CHOICES]]
        return {"air_place": None, "place_choices": choices, "place_said": said}, None
    return {"air_place": as_value(place.areas[0], said), **NO_CHOICES}, None


def report_place(value: object, tracker: Tracker, asked: bool) -> tuple[dict[str, Any], Answer | None]:
    """Slots for the place of a report and what to say about it: words are kept, readings and a pin are added.

    `asked`: the form asked for the place, so the whole message is the answer; else only what was found in it counts,
    and a pin is added to the words that were said before.
    """
    pinned = parse_place(entity(tracker, "location"))
    if pinned is None and asked and point_in(message_text(tracker)) is not None:
        pinned = parse_place(message_text(tracker))
    if pinned is not None and pinned.lat is not None and pinned.lon is not None:
        if not in_thailand(pinned.lat, pinned.lon):
            return {"report_place": None, **NO_CHOICES}, Answer("utter_place_outside_thailand")
        said = None if asked else parse_place(slot_before(tracker, "report_place"))
        filled = {**_words(said), "lat": pinned.lat, "lon": pinned.lon}
        return {"report_place": filled, **NO_CHOICES}, None
    named = parse_place(entity(tracker, "place"))
    landmark = parse_place(entity(tracker, "landmark"))
    kept = None if isinstance(value, str) and is_marker(value) else parse_place(value)
    words = (message_text(tracker) if asked else "") or _joined(
        landmark.text if landmark else "", named.text if named else ""
    )
    words = words or (kept.text if kept else "")
    place = named or kept
    if not words and (place is None or not (place.areas or place.point)):
        return {"report_place": None, **NO_CHOICES}, None
    filled = {**_words(place), **({"text": words} if words else {})}
    if not named and kept and kept.lat is not None:  # a pin that was let through before
        filled.update(lat=kept.lat, lon=kept.lon)
    return {"report_place": filled, **NO_CHOICES}, None


def _words(place: Place | None) -> dict[str, Any]:
    """Text and readings of a place as the slot keeps them."""
    areas = place.areas if place else ()
    text = (place.text if place else "") or (label(areas[0]) if areas else "")
    return {"text": text, "candidates": [as_value(area, "")["candidates"][0] for area in areas]}


def _joined(landmark: str, place: str) -> str:
    """Landmark and place in one line; the place is left out when the landmark's words hold it already."""
    return " ".join(part for part in (landmark, "" if place and place in landmark else place) if part)
