# SPDX-License-Identifier: Apache-2.0
"""Reads the place a citizen named or pinned from the entity or slot that holds it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: A box around Thailand in degrees: south, north, west, east.
_SOUTH, _NORTH, _WEST, _EAST = 5.5, 20.6, 97.3, 105.7

_PREFIXES = ("จังหวัด", "จ.", "กิ่งอำเภอ", "อำเภอ", "อ.", "เขต", "ตำบล", "ต.", "แขวง")
_BANGKOK = "กรุงเทพมหานคร"
_BANGKOK_SHORT = frozenset({"กรุงเทพฯ", "กรุงเทพ", "กทม.", "กทม"})
_TOWN = "เมือง"
_NUMBER = r"(-?[0-9]{1,3}\.[0-9]{2,})"
#: "18.79,98.98", alone or in a link to a map.
_POINT = re.compile(rf"(?<![0-9.]){_NUMBER}\s*(?:,|%2C|\s|!4d)\s*{_NUMBER}(?![0-9])", re.IGNORECASE)
_LINK = re.compile(r"https?://|\bmaps\.|goo\.gl/", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One reading of a place's name: a province, district or subdistrict; coordinates are its town's, when known."""

    code: str
    name: str
    kind: str
    province: str
    district: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the citizen said (`text`) with its readings, or a pin; never neither."""

    text: str
    areas: tuple[Area, ...] = ()
    lat: float | None = None
    lon: float | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude: of the pin, else of the only reading."""
        if self.lat is not None and self.lon is not None:
            return self.lat, self.lon
        only = self.areas[0] if len(self.areas) == 1 else None
        if only is None or only.lat is None or only.lon is None:
            return None
        return only.lat, only.lon


def parse_place(value: object) -> Place | None:
    """A place from an entity or slot value: `{"text", "candidates"}`, `{"lat", "lon"}`, both, or a string.

    None when the value says nothing.
    """
    if isinstance(value, str):
        point = point_in(value)
        if point is not None:
            return Place(text="", lat=point[0], lon=point[1])
        return Place(text=value.strip()) if value.strip() else None
    if not isinstance(value, Mapping):
        return None
    lat, lon = _degrees(value.get("lat")), _degrees(value.get("lon"))
    candidates = value.get("candidates")
    areas = (
        tuple(_area(item) for item in candidates if isinstance(item, Mapping)) if isinstance(candidates, list) else ()
    )
    words = value.get("text")
    text = words.strip() if isinstance(words, str) else ""
    pinned = lat is not None and lon is not None
    if not (text or areas or pinned):
        return None
    return Place(text=text, areas=areas, lat=lat if pinned else None, lon=lon if pinned else None)


def point_in(text: str) -> tuple[float, float] | None:
    """Latitude and longitude that are typed, or stand in a link to a map.

    >>> point_in("18.79,98.98"), point_in("ซอย 3.5")
    ((18.79, 98.98), None)
    """
    match = _POINT.search(text)
    point = (float(match[1]), float(match[2])) if match else None
    return point if point is not None and abs(point[0]) <= 90 and abs(point[1]) <= 180 else None


def is_link(text: str) -> bool:
    """Whether a text is a link, which tells nobody a place when it holds no point."""
    return _LINK.search(text) is not None


def in_thailand(lat: float, lon: float) -> bool:
    """True for a point in the box around Thailand, which also holds strips of its neighbours."""
    return _SOUTH <= lat <= _NORTH and _WEST <= lon <= _EAST


def bare(name: str) -> str:
    """A name as places are compared: without its kind in front, Bangkok in full.

    >>> bare("อ.แม่ริม"), bare("กรุงเทพฯ"), bare("เขตดินแดง")
    ('แม่ริม', 'กรุงเทพมหานคร', 'ดินแดง')
    """
    name = name.strip()
    if name in _BANGKOK_SHORT:
        return _BANGKOK
    for prefix in _PREFIXES:
        if name.startswith(prefix) and len(name) > len(prefix):
            return name[len(prefix) :].strip()
    return name


def same_district(one: str, other: str, province: str) -> bool:
    """True when both name one district of the province; a province's town is called เมือง or เมือง<province>."""
    town = {_TOWN, _TOWN + bare(province)}
    return bare(one) == bare(other) or (bare(one) in town and bare(other) in town)


def label(area: Area) -> str:
    """An area's name as it is written on an envelope.

    >>> label(
    ...     Area(
    ...         code="500701", name="ริมใต้", kind="subdistrict", province="เชียงใหม่", district="แม่ริม", lat=None, lon=None
    ...     )
    ... )
    'ต.ริมใต้ อ.แม่ริม จ.เชียงใหม่'
    """
    province = bare(area.province or (area.name if area.kind == "province" else ""))
    capital = province == _BANGKOK
    parts = []
    if area.kind == "subdistrict":
        parts.append(("แขวง" if capital else "ต.") + bare(area.name))
    if area.kind != "province":
        district = bare(area.name if area.kind == "district" else area.district)
        parts += [("เขต" if capital else "อ.") + district] if district else []
    if province:
        parts.append(province if capital or area.kind == "province" else f"จ.{province}")
    return " ".join(parts)


def as_value(area: Area, text: str) -> dict[str, Any]:
    """A place value with this one reading, as a choice sends it back."""
    candidate = {
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "province": area.province,
        "district": area.district or None,
        "lat": area.lat,
        "lon": area.lon,
    }
    return {"text": text, "candidates": [candidate]}


def _area(item: Mapping[str, Any]) -> Area:
    def words(name: str) -> str:
        value = item.get(name)
        return value if isinstance(value, str) else ""

    kind = words("kind")
    return Area(
        code=words("code"),
        name=words("name"),
        kind=kind,
        province=words("province") or (words("name") if kind == "province" else ""),
        district=words("district") or (words("name") if kind == "district" else ""),
        lat=_degrees(item.get("lat")),
        lon=_degrees(item.get("lon")),
    )


def _degrees(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -180 <= value <= 180:
        return None
    return float(value)
