# SPDX-License-Identifier: Apache-2.0
"""Emulates GISTDA's PM2.5 by location: the satellite model's estimate for a point, with its fake `Z`.

Shape: a live body recorded 2026-09-28. What it answers outside Thailand is not documented; ours is a guess.
"""

from __future__ import annotations

import math
from datetime import timedelta

from aiohttp import web

from sandbox.air import latest_hour, pm25_hour
from sandbox.emulator import Emulator, Endpoint, World
from sandbox.stations import STATIONS, Station

# Towns without an emulated station, so that a point there has its own name: place | lat | lon | region
_TOWNS = """
บึงกาฬ เมืองบึงกาฬ บึงกาฬ|18.3609|103.6466|northeast
เขานิเวศน์ เมืองระนอง ระนอง|9.9658|98.6348|south
ท้ายช้าง เมืองพังงา พังงา|8.4510|98.5250|south
ในเมือง เมืองชัยภูมิ ชัยภูมิ|15.8068|102.0315|northeast
ในเมือง เมืองเพชรบูรณ์ เพชรบูรณ์|16.4190|101.1606|central
บางกะจะ เมืองจันทบุรี จันทบุรี|12.6100|102.1030|east
บ้านใต้ เมืองกาญจนบุรี กาญจนบุรี|14.0200|99.5330|west
หน้าเมือง เมืองปราจีนบุรี ปราจีนบุรี|14.0500|101.3700|east
"""


def _named(station: Station) -> str:
    if station.province == "กรุงเทพฯ":
        return f"{station.subdistrict} {station.district} กรุงเทพมหานคร"
    district = f"เมือง{station.province}" if station.district == "เมือง" else station.district
    return f"{station.subdistrict} {district} {station.province}"


def _places() -> tuple[tuple[str, float, float, str], ...]:
    towns = (line.split("|") for line in _TOWNS.strip().splitlines())
    return tuple((name, float(lat), float(lon), region) for name, lat, lon, region in towns) + tuple(
        (_named(station), station.lat, station.lon, station.region) for station in STATIONS
    )


_PLACES = _places()


def _error(status: int) -> web.Response:
    return web.json_response({"status": status, "data": None}, status=status if status >= 500 else 200)


def by_location(request: web.Request, world: World) -> web.Response:
    """`?lat=&lng=` in degrees."""
    try:
        lat, lon = float(request.query["lat"]), float(request.query["lng"])
    except (KeyError, ValueError):
        return _error(400)
    if not (math.isfinite(lat) and math.isfinite(lon) and 5.5 <= lat <= 20.6 and 97.3 <= lon <= 105.7):
        return _error(404)
    name, _, _, region = min(_PLACES, key=lambda place: math.hypot(place[1] - lat, place[2] - lon))
    hour = latest_hour(world.now)
    if world.mode.name == "stale":
        hour -= timedelta(days=2)
    cell = f"{lat:.2f},{lon:.2f}"
    hours = [hour - timedelta(hours=back) for back in range(23, -1, -1)]
    graph: list[list[object]] = [
        [pm25_hour(cell, region, moment), f"{moment:%Y-%m-%dT%H:00:00}.000Z"] for moment in hours
    ]
    values = [pm25_hour(cell, region, moment) for moment in hours]
    missing = world.mode.name == "sentinel"
    return web.json_response(
        {
            "status": 200,
            "data": {
                "pm25": -999 if missing else values[-1] + 0.002712,
                "graphHistory24hrs": graph,
                "pm25Avg24hrs": None if missing else round(sum(values) / len(values), 3),
                "datetimeEng": {"dateEng": f"{hour:%A} {hour.day} {hour:%B %Y}", "timeEng": f"{hour:%H:%M}"},
                "loc": {"loctext": name},
            },
        }
    )


EMULATOR = Emulator(
    agency="gistda-pm25",
    title="GISTDA PM2.5 (ค่าประมาณจากดาวเทียม)",
    endpoints=(Endpoint(path="/rest/getPm25byLocation", handler=by_location, example="lat=18.7883&lng=98.9853"),),
)
