# SPDX-License-Identifier: Apache-2.0
"""What a question about the air asks beyond what is told: another time, the weather, a second place, one abroad."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.interfaces import Tracker

from actions.answers import Answer
from actions.place import Place, parse_place
from actions.turn import entities, entity, intent

_AIR = "ask_air_quality"
#: The entity of nlu_data/lookups/air_limit.yml.
_LIMIT = "air_limit"
#: Places told beside the first; more would bury it.
_OTHERS = 2


def limit(tracker: Tracker) -> Answer | None:
    """Says that only the dust of now is known, when the question that is answered asked for more; None when not."""
    asked = next(iter(_values(_question(tracker), _LIMIT)), None)
    return None if asked is None else Answer("utter_air_quality_now_only", {"limit": asked})


def abroad(tracker: Tracker) -> Answer | None:
    """Says that a place outside Thailand is not measured; None when no such place was named in this turn."""
    named = entity(tracker, "place")
    foreign = isinstance(named, Mapping) and named.get("abroad") is True
    return Answer("utter_place_outside_thailand") if foreign else None


def other_places(tracker: Tracker, told: Place) -> tuple[list[Place], list[Answer]]:
    """The places that this turn's question names beside the one that is told: those with one reading, and what to say
    about the others."""
    known = set(told.areas)
    places: list[Place] = []
    unclear: list[Answer] = []
    for place in filter(None, map(parse_place, entities(tracker, "place") if intent(tracker) == _AIR else ())):
        if known & set(place.areas):
            continue
        if len(place.areas) == 1 and len(places) < _OTHERS:
            places.append(place)
        elif place.text:
            unclear.append(Answer("utter_air_quality_one_at_a_time", {"said": place.text}))
        known |= set(place.areas)
    return places, unclear


def _question(tracker: Tracker) -> Mapping[str, Any]:
    """The message that asked: this turn's, or the one before it that a form asked back about."""
    latest: Mapping[str, Any] = tracker.latest_message
    if intent(tracker) == _AIR:
        return latest
    for event in reversed(tracker.events):
        parse = event.get("parse_data") if event.get("event") == "user" else None
        if isinstance(parse, Mapping) and (parse.get("intent") or {}).get("name") == _AIR:
            return parse
    return latest


def _values(message: Mapping[str, Any], name: str) -> list[Any]:
    found = message.get("entities")
    return [
        each.get("value")
        for each in (found if isinstance(found, list) else [])
        if isinstance(each, Mapping) and each.get("entity") == name
    ]
