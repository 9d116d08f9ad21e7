# SPDX-License-Identifier: Apache-2.0
"""Emulates Air4Thai of the Pollution Control Department: the station list and the hourly history.

Shapes: public client code and a live body recorded 2026-09-28. All numbers are strings, missing ones are -1 or
-999, times are local without an offset, and the PM2.5 of the list is the mean of 24 hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from aiohttp import web

from sandbox.air import aqi, latest_hour, pm25_hour, pm25_mean
from sandbox.emulator import ICT, Emulator, Endpoint, World
from sandbox.stations import STATIONS, Station

#: Our numbering for the `region` filter; the agency's own is not documented.
_REGIONS = {"1": "north", "2": "northeast", "3": "central", "4": "east", "5": "west", "6": "south"}
_LONGEST = timedelta(days=31)


def _reading(value: float | None, index: int, band: int) -> dict[str, str]:
    if value is None:
        return {"color_id": "0", "aqi": "-1", "value": "-1"}
    return {"color_id": str(band), "aqi": str(index), "value": f"{value:g}"}


def _last(station: Station, world: World) -> dict[str, object]:
    hour = latest_hour(world.now)
    if station.fault == "stale" or world.mode.name == "stale":
        hour -= timedelta(days=2)
    mean = pm25_mean(station.id, station.region, hour)
    index, band = aqi(mean)
    pm25 = _reading(mean, index, band)
    whole: dict[str, str] = {"color_id": str(band), "aqi": str(index), "param": "PM25"}
    if station.fault == "minus999" or world.mode.name == "sentinel":
        pm25 = {"color_id": "0", "aqi": "-999", "value": "-999"}
    elif station.fault == "minus1":
        pm25 = _reading(None, 0, 0)
    if pm25["color_id"] == "0":
        whole = {"color_id": "0", "aqi": "-1", "param": ""}
    pm10 = round(mean * 1.7, 1)
    return {
        "date": f"{hour:%Y-%m-%d}",
        "time": f"{hour:%H:%M}",
        "PM25": pm25,
        "PM10": {"color_id": "1" if pm10 <= 50 else "2", "aqi": str(round(pm10 / 2)), "value": f"{pm10:g}"},
        "O3": _reading(None, 0, 0),
        "CO": _reading(None, 0, 0),
        "NO2": _reading(None, 0, 0),
        "SO2": _reading(None, 0, 0),
        "AQI": whole,
    }


def _station(station: Station, world: World) -> dict[str, object]:
    return {
        "stationID": station.id,
        "nameTH": station.name_th,
        "nameEN": station.name_en,
        "areaTH": station.area_th,
        "areaEN": "",
        "stationType": station.kind,
        "lat": f"{station.lat}",
        "long": f"{station.lon}",
        "forecast": [],
        "AQILast": _last(station, world),
    }


def stations(request: web.Request, world: World) -> web.Response:
    """`?region=1..6` and `?stationID=` narrow the list."""
    region = _REGIONS.get(request.query.get("region", ""))
    wanted = request.query.get("stationID")
    chosen = [
        _station(station, world)
        for station in STATIONS
        if (region is None or station.region == region) and (wanted is None or station.id == wanted)
    ]
    return web.json_response({"stations": chosen})


def _hour(date: str, hour: str) -> datetime:
    return datetime.strptime(f"{date} {int(hour):02d} +0700", "%Y-%m-%d %H %z").astimezone(ICT)


def _hours(request: web.Request) -> list[datetime]:
    """The hours asked for; ValueError when dates or hours cannot be read or span more than a month."""
    query = request.query
    first = _hour(query["sdate"], query.get("stime", "0"))
    last = _hour(query["edate"], query.get("etime", "23"))
    if not timedelta(0) <= last - first <= _LONGEST:
        raise ValueError("dates")
    count = int((last - first) / timedelta(hours=1)) + 1
    return [first + timedelta(hours=step) for step in range(count)]


def _measured(station: Station, hours: list[datetime], world: World) -> list[dict[str, object]]:
    latest = latest_hour(world.now)
    if station.fault == "stale" or world.mode.name == "stale":
        latest -= timedelta(days=2)
    missing = world.mode.name == "sentinel" or station.fault in ("minus1", "minus999")
    return [
        {
            "DATETIMEDATA": f"{hour:%Y-%m-%d %H:%M:%S}",
            "PM25": -1 if missing else pm25_hour(station.id, station.region, hour),
        }
        for hour in hours
        if hour <= latest
    ]


def history(request: web.Request, world: World) -> web.Response:
    """Hourly PM2.5 of `stationID=a,b` between `sdate` and `edate`, only `type=hr&param=PM25`."""
    wanted = request.query.get("stationID", "").split(",")
    chosen = [station for station in STATIONS if station.id in wanted]
    try:
        hours = _hours(request)
    except (KeyError, ValueError):
        return web.json_response({"result": "Error", "error": "date", "stations": []})
    if not chosen or request.query.get("param") != "PM25" or request.query.get("type") != "hr":
        return web.json_response({"result": "Error", "error": "parameter", "stations": []})
    summary = {"PM25": {"max": 0, "count": 0, "countPercentage": 0}}
    found = [
        {"stationID": s.id, "params": ["PM25"], "data": _measured(s, hours, world), "summary": summary} for s in chosen
    ]
    return web.json_response({"result": "OK", "error": "", "stations": found})


EMULATOR = Emulator(
    agency="air4thai",
    title="Air4Thai (กรมควบคุมมลพิษ)",
    endpoints=(
        Endpoint(path="/forweb/getAQI_JSON.php", handler=stations),
        Endpoint(path="/services/getNewAQI_JSON.php", handler=stations, example="stationID=s01t"),
        Endpoint(
            path="/forweb/getHistoryData.php",
            handler=history,
            example="stationID=s01t&param=PM25&type=hr&sdate=2026-11-22&edate=2026-11-22&stime=00&etime=23",
        ),
    ),
)
