# SPDX-License-Identifier: Apache-2.0
"""Air4Thai of the Pollution Control Department: measured PM2.5 and AQI of its stations.

Contract: public clients and a live body recorded 2026-09-28. The PM2.5 of the list is the mean of the last 24
hours, not the value of now; the hourly value stands only in the history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.agencies.http import AgencyHttp, Fetched, RawAnswer, Source, json_of
from actions.agencies.wire_values import ICT, listed, local_time, mapping, number, text
from core.errors import Unavailable, Verdict

#: Attribution, shown with every value.
NAME = "Air4Thai กรมควบคุมมลพิษ"
SITE = "https://air4thai.pcd.go.th/"

#: A station whose last value is older says nothing about now (a new hour appears by hh:25).
FRESH = timedelta(hours=2, minutes=15)

_AREA = re.compile(r"(?:ต\.|ตำบล|แขวง)\s*(?P<subdistrict>\S+)|(?:อ\.|อำเภอ|เขต)\s*(?P<district>\S+)")
#: Thai AQI bands of the 24-hour mean: highest value of bands 1 to 4, µg/m³.
_BANDS = (15.0, 25.0, 37.5, 75.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One station and its last value: `pm25` is a 24-hour mean, µg/m³; `aqi` and `level` (band 1–5) are its."""

    id: str
    name: str
    subdistrict: str
    district: str
    province: str
    lat: float
    lon: float
    pm25: float | None
    aqi: int | None
    level: int | None
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StationList:
    """All stations; `observed_at` is the newest value's time, `trouble` set when this is an old list."""

    stations: tuple[Station, ...]
    source: Source
    observed_at: datetime | None
    fetched_at: datetime
    trouble: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyValue:
    """PM2.5 of one hour at one station, µg/m³."""

    pm25: float
    source: Source
    observed_at: datetime
    fetched_at: datetime


def sources(base_url: str, sandbox: bool) -> tuple[Source, Source]:
    """Station list and history; apart, so that a slow history does not open the breaker of the list."""
    return (
        Source(name="air4thai", base_url=base_url, sandbox=sandbox, keep_seconds=300),
        Source(name="air4thai_history", base_url=base_url, sandbox=sandbox, keep_seconds=300),
    )


def band(pm25: float) -> int:
    """PCD's colour band 1–5 of a 24-hour mean, µg/m³ to one decimal."""
    return 1 + sum(round(pm25, 1) > limit for limit in _BANDS)


async def stations(http: AgencyHttp, source: Source) -> StationList:
    """Every station with its last value. Raises a verdict when there is not even an old list."""
    path = "/forweb/getAQI_JSON.php"
    fetched: Fetched[tuple[Station, ...]] = await http.ask(source, path, {}, _read_stations)
    return StationList(
        stations=fetched.value,
        source=source,
        observed_at=max((station.observed_at for station in fetched.value), default=None),
        fetched_at=fetched.fetched_at,
        trouble=fetched.trouble,
    )


async def latest_hour(http: AgencyHttp, source: Source, station_id: str) -> HourlyValue | None:
    """The newest hourly value of a station, None when there is none that is fresh. Raises a verdict."""
    now = http.now().astimezone(ICT)
    query = {
        "stationID": station_id,
        "param": "PM25",
        "type": "hr",
        "sdate": f"{now - timedelta(hours=3):%Y-%m-%d}",
        "edate": f"{now:%Y-%m-%d}",
        "stime": "00",
        "etime": "23",
    }
    fetched: Fetched[tuple[tuple[datetime, float], ...]] = await http.ask(
        source, "/forweb/getHistoryData.php", query, _read_history
    )
    observed_at, pm25 = max(fetched.value, default=(None, 0.0))
    if observed_at is None or not is_fresh(observed_at, now):
        return None
    return HourlyValue(pm25=pm25, source=source, observed_at=observed_at, fetched_at=fetched.fetched_at)


def is_fresh(observed_at: datetime, now: datetime) -> bool:
    """True when a value of that time may be told as the air of now; a time well in the future may not."""
    return -timedelta(minutes=30) <= now - observed_at <= FRESH


def _read_stations(answer: RawAnswer) -> tuple[Station, ...]:
    body = mapping(json_of(answer))
    if not isinstance(body.get("stations"), list):
        raise Unavailable("no list of stations")
    read = (_read_station(mapping(entry)) for entry in listed(body["stations"]))
    return tuple(station for station in read if station is not None)


def _read_station(entry: dict[str, object]) -> Station | None:
    """One station; None when it has no place or no time and so cannot be told honestly."""
    last = mapping(entry.get("AQILast"))
    observed_at = local_time(f"{text(last.get('date'))} {text(last.get('time'))}", "%Y-%m-%d %H:%M")
    lat, lon = number(entry.get("lat")), number(entry.get("long"))
    if observed_at is None or lat is None or lon is None:
        return None
    subdistrict, district, province = read_area(text(entry.get("areaTH")))
    pm25 = mapping(last.get("PM25"))
    # The index of PM2.5 itself: the station's whole AQI may speak of ozone, beside a low PM2.5.
    aqi = number(pm25.get("aqi"))
    value = number(pm25.get("value"))
    if text(pm25.get("color_id")) == "0" or (value is not None and value < 0):
        value = None
    return Station(
        id=text(entry.get("stationID")),
        name=text(entry.get("nameTH")),
        subdistrict=subdistrict,
        district=district,
        province=province,
        lat=lat,
        lon=lon,
        pm25=value,
        aqi=round(aqi) if aqi is not None and value is not None else None,
        level=band(value) if value is not None else None,
        observed_at=observed_at,
    )


def read_area(area: str) -> tuple[str, str, str]:
    """Subdistrict, district and province of an `areaTH` such as "ต.ปากน้ำ อ.เมือง, กระบี่"; "" where unsaid."""
    rest, _, province = area.rpartition(",")
    found = {"subdistrict": "", "district": ""}
    for match in _AREA.finditer(rest):
        found.update({name: value for name, value in match.groupdict().items() if value})
    return found["subdistrict"], found["district"], province.strip()


def _read_history(answer: RawAnswer) -> tuple[tuple[datetime, float], ...]:
    body = mapping(json_of(answer))
    if body.get("result") != "OK":
        raise Unavailable("history result is not OK")
    values = []
    for station in listed(body.get("stations")):
        for entry in listed(mapping(station).get("data")):
            hour = mapping(entry)
            observed_at = local_time(text(hour.get("DATETIMEDATA")), "%Y-%m-%d %H:%M:%S")
            pm25 = number(hour.get("PM25"))
            if observed_at is not None and pm25 is not None and pm25 >= 0:
                values.append((observed_at, pm25))
    return tuple(values)
