# SPDX-License-Identifier: Apache-2.0
"""Chooses the stations that may speak for a place: those in it, else the nearest one that is near enough."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from actions.agencies.air4thai import Station, is_fresh
from actions.place import Area, Place, bare, same_district

#: A station farther away does not speak for a place.
REACH_KM = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Stations that speak for a place, the best first; `distance_km` is the best one's, None when it is in the area.

    Without stations `distance_km` is how far the nearest one is, None when that is not known.
    """

    stations: tuple[Station, ...]
    distance_km: float | None


def choose(stations: Iterable[Station], place: Place, now: datetime) -> Choice:
    """The stations with a PM2.5 value of now for a place with one reading or a pin."""
    usable = [station for station in stations if station.pm25 is not None and is_fresh(station.observed_at, now)]
    return _choose(usable, place)


def choose_old(stations: Iterable[Station], place: Place, now: datetime) -> Choice:
    """The same among values that are not of now, to be told only with their age; none from the future."""
    old = (s for s in stations if s.pm25 is not None and s.observed_at <= now and not is_fresh(s.observed_at, now))
    return _choose(sorted(old, key=lambda station: station.observed_at, reverse=True), place)


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = (
        math.sin((phi2 - phi1) / 2) ** 2
        + math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def _choose(usable: list[Station], place: Place) -> Choice:
    point = place.point
    if place.lat is None and len(place.areas) == 1:
        inside = _inside(usable, place.areas[0])
        if inside:
            return Choice(stations=tuple(_by_distance(inside, point)), distance_km=None)
    if point is None:
        return Choice(stations=(), distance_km=None)
    nearest = next(iter(_by_distance(usable, point)), None)
    if nearest is None:
        return Choice(stations=(), distance_km=None)
    distance = kilometres(*point, nearest.lat, nearest.lon)
    return Choice(stations=(nearest,) if distance <= REACH_KM else (), distance_km=distance)


def _by_distance(stations: list[Station], point: tuple[float, float] | None) -> list[Station]:
    if point is None:
        return stations
    return sorted(stations, key=lambda station: kilometres(*point, station.lat, station.lon))


def _inside(stations: list[Station], area: Area) -> list[Station]:
    """Stations in the area; a subdistrict without one is spoken for by its district."""
    in_province = [station for station in stations if bare(station.province) == bare(area.province)]
    if area.kind == "province":
        return in_province
    in_district = [s for s in in_province if same_district(s.district, area.district, area.province)]
    if area.kind == "subdistrict":
        in_subdistrict = [s for s in in_district if bare(s.subdistrict) == bare(area.name)]
        return in_subdistrict or in_district
    return in_district
