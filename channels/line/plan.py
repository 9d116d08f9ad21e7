# SPDX-License-Identifier: Apache-2.0
"""Plans the calls that carry an answer: as few as LINE's five objects a call allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.line.limits import OBJECTS, TEXT, units
from channels.line.offers import newest_offer_last

Json = dict[str, Any]

#: between two texts that become one
_GAP = "\n\n"


def calls(messages: Sequence[Json]) -> list[list[Json]]:
    """The objects of each call in order, at most five; the newest quick replies stand on the very last object.

    Neighbouring texts become one where that saves a call: the first call is a free reply, each further one a push that
    counts against the quota.
    """
    whole = newest_offer_last(messages)
    least = len(_merged(whole, len(whole)))
    fitting = _merged(whole, len(whole) - _calls_for(least) * OBJECTS)
    return [fitting[start : start + OBJECTS] for start in range(0, len(fitting), OBJECTS)]


def _calls_for(objects: int) -> int:
    return -(-objects // OBJECTS)


def _merged(messages: Sequence[Json], wanted: int) -> list[Json]:
    """The objects with up to `wanted` pairs of neighbouring texts made one, from the first on."""
    made: list[Json] = []
    for message in messages:
        together = _together(made[-1], message) if made and wanted > 0 else None
        if together is None:
            made.append(message)
        else:
            made[-1] = together
            wanted -= 1
    return made


def _together(first: Json, second: Json) -> Json | None:
    if first["type"] != "text" or second["type"] != "text":
        return None
    text = f"{first['text']}{_GAP}{second['text']}"
    return second | {"text": text} if units(text) <= TEXT else None
