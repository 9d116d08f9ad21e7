# SPDX-License-Identifier: Apache-2.0
"""The report as the form's slots hold it: read back to the citizen, then filed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.gateway_client import Report
from actions.place import Area, Place, bare, label, parse_place
from actions.services.report_values import SKIPPED, contact, contact_kind

#: What may stand between the names of a district and its province: "อ.เมือง จ.ขอนแก่น".
_BETWEEN = re.compile(r"\s|จังหวัด|จ\.")
#: Districts of this name with their province's are the towns of provinces.
_TOWN = "เมือง"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A report that is complete enough to be filed. Not printed: it holds the citizen's words."""

    type: str
    description: str = field(repr=False)
    place: Place = field(repr=False)
    media: tuple[str, ...] = field(repr=False)
    contact: str | None = field(repr=False)
    contact_kind: str | None = None


def read_draft(slots: Mapping[str, Any]) -> Draft:
    """The draft in the slots. ValueError names what is missing; a finished form leaves nothing missing."""
    place = parse_place(slots.get("report_place"))
    description, kind = slots.get("report_description"), slots.get("report_type")
    found = {"report_description": description, "report_type": kind, "report_place": place}
    missing = [name for name, value in found.items() if not value]
    if missing or place is None:
        raise ValueError(f"missing: {', '.join(missing)}")
    return Draft(
        type=str(kind),
        description=str(description),
        place=place,
        media=photos(slots),
        contact=contact(slots.get("report_contact")),
        contact_kind=contact_kind(slots.get("report_contact")),
    )


def photos(slots: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of the report's photos: all that were sent, or the last one where only that is known."""
    last, every = slots.get("report_photo"), slots.get("report_photos")
    if last in (None, SKIPPED):
        return ()
    kept = [media for media in every if isinstance(media, str)] if isinstance(every, list) else []
    return tuple(dict.fromkeys([*kept, str(last)]))


def place_line(place: Place) -> str:
    """The place in one line as it will be filed: the citizen's words, the area when it is certain, the pin."""
    parts = _words(place)
    if place.lat is not None and place.lon is not None:
        parts.append(f"{place.lat:.5f}, {place.lon:.5f}")
    return " ".join(parts)


def place_told(place: Place) -> dict[str, Any]:
    """The place as it is told back: `place`, its words, None for a bare pin; `pin`: one was sent. No citizen reads
    degrees."""
    return {"place": " ".join(_words(place)) or None, "pin": place.lat is not None}


def _words(place: Place) -> list[str]:
    parts = [place.text] if place.text else []
    return parts + (_unsaid(place.areas[0], place.text) if len(place.areas) == 1 else [])


def _unsaid(area: Area, words: str) -> list[str]:
    """What an area's name adds to the citizen's words: nothing when they name it, however they space it."""
    said = _BETWEEN.sub("", words)
    name, province = bare(area.name), bare(area.province)
    if name in said:
        return []
    if name == _TOWN + province and _TOWN in said:
        # "อ.เมือง" alone is any province's town, "ขอนแก่น อ.เมือง" is this one.
        return [] if province in said else [f"จ.{province}"]
    return [label(area)]


def readback(draft: Draft) -> dict[str, Any]:
    """Arguments of the read-back."""
    return {
        "description": draft.description,
        "type": draft.type,
        **place_told(draft.place),
        "photos": len(draft.media) or None,
        "contact_kind": draft.contact_kind,
    }


def to_report(draft: Draft, conversation: str, turn_id: str) -> Report:
    """The draft as the gateway takes it; the area stands in it only when there is one reading."""
    place: dict[str, Any] = {"text": place_line(draft.place)}
    if len(draft.place.areas) == 1:
        area = draft.place.areas[0]
        names = {
            "province": bare(area.province),
            "district": bare(area.name if area.kind == "district" else area.district)
            if area.kind != "province"
            else "",
            "subdistrict": bare(area.name) if area.kind == "subdistrict" else "",
        }
        place.update({name: value for name, value in names.items() if value})
    if draft.place.lat is not None and draft.place.lon is not None:
        place.update(lat=draft.place.lat, lon=draft.place.lon)
    return Report(
        conversation=conversation,
        turn_id=turn_id,
        type=draft.type,
        description=draft.description,
        place=place,
        media=draft.media,
        contact=draft.contact,
    )
