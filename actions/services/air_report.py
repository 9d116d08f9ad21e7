# SPDX-License-Identifier: Apache-2.0
"""Answers how the air is at a place, as honestly as the agencies allow: measured, estimated, old, or not known."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from actions.agencies import air4thai, gistda_pm25
from actions.agencies.air4thai import Station, StationList
from actions.agencies.gistda_pm25 import Estimate
from actions.agencies.http import AgencyHttp, Source
from actions.answers import Answer, iso
from actions.place import Place, label
from actions.services.air_choice import Choice, choose, choose_old
from core.errors import Verdict

#: An older value is no longer worth telling, not even with its age.
_OLDEST = timedelta(hours=24)
_LISTED = 5
#: The hourly value is one line of the answer: nobody waits longer for it.
_HOUR_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AirSources:
    """Whom to ask about the air."""

    http: AgencyHttp
    stations: Source
    history: Source
    estimate: Source

    @property
    def off(self) -> bool:
        """True where this installation asks no agency about the air: an agency without an address is off."""
        return not (self.stations.base_url or self.estimate.base_url)


async def air_at(sources: AirSources, place: Place) -> list[Answer]:
    """What to say about the air at a place with one reading or a pin.

    Order: a station of now; the satellite's estimate for the place's coordinates; an old value, told as such;
    that it is not known, and why. Never raises for an agency's trouble.
    """
    if sources.off:
        return [_off()]
    now = sources.http.now()
    known = await _stations(sources)
    chosen = choose(known.stations, place, now) if known else Choice(stations=(), distance_km=None)
    if known and chosen.stations:
        return await _measured(sources, known, chosen, place)
    estimate = await _estimate(sources, place)
    if estimate is not None:
        return [_estimated(estimate, place)]
    if not sources.stations.base_url:
        # Only the satellite is asked here, and it can answer for a point alone.
        return [_off() if place.point is None else _unavailable(place, None, False, gistda_pm25.NAME)]
    old = _old_station(known, place, now)
    if known is None or known.trouble is not None:
        return [_unavailable(place, old, sources.stations.sandbox)]
    if old is not None:
        return [_aged(old, now), _card(old, known, place, None, None)]
    return [_no_station(place, chosen.distance_km, sources.stations.sandbox)]


async def _stations(sources: AirSources) -> StationList | None:
    if not sources.stations.base_url:
        return None
    try:
        return await air4thai.stations(sources.http, sources.stations)
    except Verdict:
        return None


async def _estimate(sources: AirSources, place: Place) -> Estimate | None:
    if place.point is None or not sources.estimate.base_url:
        return None
    try:
        return await gistda_pm25.estimate(sources.http, sources.estimate, *place.point)
    except Verdict:
        return None


async def _hour(sources: AirSources, known: StationList, station: Station) -> float | None:
    """The station's value of the last hour; a history that fails costs the answer one line, nothing more."""
    if known.trouble is not None:
        return None
    try:
        async with asyncio.timeout(_HOUR_SECONDS):
            found = await air4thai.latest_hour(sources.http, sources.history, station.id)
    except (Verdict, TimeoutError):
        return None
    return None if found is None else round(found.pm25, 1)


async def _measured(sources: AirSources, known: StationList, chosen: Choice, place: Place) -> list[Answer]:
    best, *others = chosen.stations
    hour = await _hour(sources, known, best)
    answers = [_card(best, known, place, chosen.distance_km, hour)]
    if others:
        answers.append(_list(others[:_LISTED], known, place))
    return answers


def _old_station(known: StationList | None, place: Place, now: datetime) -> Station | None:
    if known is None:
        return None
    old = choose_old(known.stations, place, now).stations
    newest = max(old, key=lambda station: station.observed_at, default=None)
    return newest if newest is not None and now - newest.observed_at <= _OLDEST else None


def _card(station: Station, known: StationList, place: Place, distance_km: float | None, hour: float | None) -> Answer:
    return Answer(
        "utter_air_quality",
        {
            "place": _name(place),
            "station": station.name,
            "pm25": station.pm25,
            "pm25_hour": hour,
            "aqi": station.aqi,
            "level": _level(station.level),
            "observed_at": iso(station.observed_at),
            "fetched_at": iso(known.fetched_at),
            "distance_km": _km(distance_km),
            **_source(air4thai.NAME, air4thai.SITE, known.source),
        },
    )


def _list(stations: Sequence[Station], known: StationList, place: Place) -> Answer:
    listed = [
        {
            "station": station.name,
            "pm25": station.pm25,
            "aqi": station.aqi,
            "level": _level(station.level),
            "observed_at": iso(station.observed_at),
            "area": " ".join(name for name in (station.subdistrict, station.district) if name),
        }
        for station in stations
    ]
    return Answer(
        "utter_air_quality_stations",
        {
            "place": _name(place),
            "stations": listed,
            "observed_at": iso(min(station.observed_at for station in stations)),
            **_source(air4thai.NAME, air4thai.SITE, known.source),
        },
    )


def _estimated(estimate: Estimate, place: Place) -> Answer:
    mean = estimate.pm25_mean
    return Answer(
        "utter_air_quality_estimate",
        {
            "place": _name(place) or estimate.place or None,
            "pm25": estimate.pm25_now if mean is None else mean,
            "pm25_now": estimate.pm25_now,
            # The bands are defined for the mean of 24 hours only.
            "level": None if mean is None else _level(air4thai.band(mean)),
            "observed_at": iso(estimate.observed_at),
            "fetched_at": iso(estimate.fetched_at),
            **_source(gistda_pm25.NAME, gistda_pm25.SITE, estimate.source),
        },
    )


def _aged(station: Station, now: datetime) -> Answer:
    age = round((now - station.observed_at) / timedelta(hours=1))
    arguments = {"station": station.name, "observed_at": iso(station.observed_at), "age_hours": age}
    return Answer("utter_air_quality_stale", arguments)


def _no_station(place: Place, distance_km: float | None, sandbox: bool) -> Answer:
    arguments = {"place": _name(place), "distance_km": _km(distance_km), "sandbox": sandbox}
    return Answer("utter_air_quality_no_station", arguments)


def _off() -> Answer:
    return Answer("utter_air_quality_off", {"agency_name": air4thai.NAME, "agency_url": air4thai.SITE})


def _unavailable(place: Place, old: Station | None, sandbox: bool, agency: str = air4thai.NAME) -> Answer:
    return Answer(
        "utter_air_quality_unavailable",
        {
            "place": _name(place),
            "agency_name": agency,
            "last_pm25": old.pm25 if old else None,
            "last_level": _level(old.level) if old else None,
            "last_station": old.name if old else None,
            "last_observed_at": iso(old.observed_at) if old else None,
            "sandbox": sandbox and old is not None,
        },
    )


def _name(place: Place) -> str | None:
    """The place as it is told back; None for a pin, which has no words."""
    if len(place.areas) == 1:
        return label(place.areas[0])
    return place.text or None


def _level(level: int | None) -> str | None:
    return None if level is None else str(level)


def _km(distance: float | None) -> int | None:
    return None if distance is None or distance <= 1 else round(distance)


def _source(name: str, site: str, source: Source) -> dict[str, Any]:
    # An emulator's values do not stand at the agency's address.
    return {"source_name": name, "source_url": None if source.sandbox else site, "sandbox": source.sandbox}
