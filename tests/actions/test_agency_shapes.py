# SPDX-License-Identifier: Apache-2.0
"""The bodies of Air4Thai and GISTDA: the recorded shapes, and every way in which a field can be wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from actions.agencies import air4thai, gistda_pm25
from actions.agencies.air4thai import Station
from actions.agencies.http import AgencyHttp, Limits
from core.errors import Rejected, Unavailable
from tests.actions.wire import ICT, StoppedClock

STATION: dict[str, Any] = {
    "stationID": "119t", "nameTH": "สวนสาธารณะธารา ", "nameEN": "Park", "areaTH": "ต.ปากน้ำ อ.เมือง, กระบี่",
    "areaEN": "Pak Nam, Krabi", "stationType": "GROUND", "lat": "8.0506237", "long": "98.9180489", "forecast": [],
    "AQILast": {
        "date": "2026-11-22", "time": "16:00",
        "PM25": {"color_id": "1", "aqi": "9", "value": "5.6"},
        "PM10": {"color_id": "0", "aqi": "-1", "value": "-1"},
        "AQI": {"color_id": "1", "aqi": "18", "param": "O3"},
    },
}  # fmt: skip
ESTIMATE: dict[str, Any] = {
    "status": 200,
    "data": {
        "pm25": 8.002712,
        "graphHistory24hrs": [[8.69, "2026-11-21T17:00:00.000Z"]],
        "pm25Avg24hrs": 9.456,
        "datetimeEng": {"dateEng": "Sunday 22 November 2026", "timeEng": "16:00"},
        "loc": {"loctext": "พระสิงห์ เมืองเชียงใหม่ เชียงใหม่"},
    },
}


@dataclass
class Body:
    """What the agency answers; the last query it got."""

    body: object = None
    query: dict[str, str] | None = None
    url: str = ""


@pytest.fixture
async def agency() -> AsyncIterator[Body]:
    """An agency that answers one body on every path."""
    held = Body()

    async def answer(request: web.Request) -> web.Response:
        held.query = dict(request.query)
        return web.Response(text=json.dumps(held.body), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        held.url = str(server.make_url(""))
        yield held


@pytest.fixture
def http(session: aiohttp.ClientSession, clock: StoppedClock) -> AgencyHttp:
    """An asker with short limits."""
    return AgencyHttp(session, Limits(total=1, attempt=1, failures=100), clock)


def changed(**fields: Any) -> dict[str, Any]:
    """The recorded station with other fields; `AQILast` is merged."""
    last = {**STATION["AQILast"], **fields.pop("AQILast", {})}
    return {**STATION, "AQILast": last, **fields}


async def read(http: AgencyHttp, agency: Body, station: object) -> Station | None:
    """The only station of a list with this one."""
    agency.body = {"stations": [station]}
    found = await air4thai.stations(http, air4thai.sources(agency.url, sandbox=False)[0])
    return found.stations[0] if found.stations else None


async def test_the_recorded_station(http: AgencyHttp, agency: Body) -> None:
    """Names are trimmed, the place is split, the index is PM2.5's own and the time is Thai."""
    station = await read(http, agency, STATION)
    assert station == Station(
        id="119t", name="สวนสาธารณะธารา", subdistrict="ปากน้ำ", district="เมือง", province="กระบี่",
        lat=8.0506237, lon=98.9180489, pm25=5.6, aqi=9, level=1,
        observed_at=datetime(2026, 11, 22, 16, tzinfo=ICT),
    )  # fmt: skip


@pytest.mark.parametrize(
    "pm25",
    [
        {"color_id": "0", "aqi": "-1", "value": "-1"},
        {"color_id": "0", "aqi": "-999", "value": "-999"},
        {"color_id": "0", "aqi": "12", "value": "12"},
        {"color_id": "1", "aqi": "9", "value": None},
        {"color_id": "1", "aqi": "9", "value": "-"},
        {"color_id": "1", "aqi": "9", "value": "-5"},
        {},
        None,
        "5.6",
    ],
)
async def test_a_missing_value_is_none(http: AgencyHttp, agency: Body, pm25: object) -> None:
    """The station stays, without a value, an index or a level."""
    station = await read(http, agency, changed(AQILast={"PM25": pm25}))
    assert station is not None
    assert (station.pm25, station.aqi, station.level) == (None, None, None)


@pytest.mark.parametrize(
    "station",
    [
        changed(AQILast={"date": ""}),
        changed(AQILast={"time": None}),
        changed(AQILast={"date": "N/A", "time": "N/A"}),
        changed(lat="-"),
        changed(long=None),
        {**STATION, "AQILast": None},
        {},
        None,
        "station",
        [],
    ],
)
async def test_a_station_without_place_or_time_is_left_out(http: AgencyHttp, agency: Body, station: object) -> None:
    """What cannot be told honestly is not told; the rest of the list lives on."""
    agency.body = {"stations": [station, STATION]}
    found = await air4thai.stations(http, air4thai.sources(agency.url, sandbox=False)[0])
    assert [entry.id for entry in found.stations] == ["119t"]


@pytest.mark.parametrize("body", [{}, [], None, {"stations": None}, {"stations": {}}, "stations", {"error": "x"}])
async def test_another_shape_is_a_failure(http: AgencyHttp, agency: Body, body: object) -> None:
    """JSON of something else is not an empty list."""
    agency.body = body
    with pytest.raises(Unavailable):
        await air4thai.stations(http, air4thai.sources(agency.url, sandbox=False)[0])


@pytest.mark.parametrize(
    ("area", "parts"),
    [
        ("ต.ปากน้ำ อ.เมือง, กระบี่", ("ปากน้ำ", "เมือง", "กระบี่")),
        ("แขวงดินแดง เขตดินแดง, กรุงเทพฯ", ("ดินแดง", "ดินแดง", "กรุงเทพฯ")),
        ("ต. ในเมือง อ. เมือง , ลำพูน ", ("ในเมือง", "เมือง", "ลำพูน")),
        ("ริมถนน, ต.บางพูด อ.ปากเกร็ด, นนทบุรี", ("บางพูด", "ปากเกร็ด", "นนทบุรี")),
        ("กระบี่", ("", "", "กระบี่")),
        ("", ("", "", "")),
    ],
)
def test_an_area_is_read(area: str, parts: tuple[str, str, str]) -> None:
    """The province stands after the last comma."""
    assert air4thai.read_area(area) == parts


@pytest.mark.parametrize(
    ("pm25", "band"),
    [
        (0, 1),
        (15.0, 1),
        (15.04, 1),
        (15.1, 2),
        (25.0, 2),
        (25.1, 3),
        (37.5, 3),
        (37.6, 4),
        (75.0, 4),
        (75.1, 5),
        (400, 5),
    ],
)
def test_the_bands_are_pcds(pm25: float, band: int) -> None:
    """0–15 · 15.1–25 · 25.1–37.5 · 37.6–75 · 75.1 and more."""
    assert air4thai.band(pm25) == band


def history(*values: tuple[str, object]) -> dict[str, Any]:
    """A history of one station."""
    data = [{"DATETIMEDATA": moment, "PM25": value} for moment, value in values]
    return {"result": "OK", "error": "", "stations": [{"stationID": "119t", "params": ["PM25"], "data": data}]}


@pytest.mark.parametrize(
    ("body", "hour"),
    [
        (history(("2026-11-22 15:00:00", 16), ("2026-11-22 16:00:00", 15.4)), 15.4),
        (history(("2026-11-22 16:00:00", 15.4), ("2026-11-22 15:00:00", 16)), 15.4),
        (history(("2026-11-22 15:00:00", 16), ("2026-11-22 16:00:00", -1)), 16),
        (history(("2569-11-22 16:00:00", "15.4")), 15.4),
        (history(("2026-11-22 13:00:00", 16)), None),
        (history(("2026-11-22 19:00:00", 16)), None),
        (history(("?", 16)), None),
        (history(), None),
        ({"result": "OK", "stations": None}, None),
    ],
)
async def test_the_latest_hour(http: AgencyHttp, agency: Body, body: object, hour: float | None) -> None:
    """The newest value that is there and fresh; no order is trusted, no future believed."""
    agency.body = body
    found = await air4thai.latest_hour(http, air4thai.sources(agency.url, sandbox=False)[1], "119t")
    assert (found.pm25 if found else None) == hour
    assert agency.query is not None
    assert (agency.query["sdate"], agency.query["edate"], agency.query["type"]) == ("2026-11-22", "2026-11-22", "hr")


async def test_a_history_error_is_a_failure(http: AgencyHttp, agency: Body) -> None:
    """The agency says so inside a 200."""
    agency.body = {"result": "Error", "error": "date", "stations": []}
    with pytest.raises(Unavailable):
        await air4thai.latest_hour(http, air4thai.sources(agency.url, sandbox=False)[1], "119t")


async def estimate(http: AgencyHttp, agency: Body, body: object) -> gistda_pm25.Estimate | None:
    """The estimate that this body is."""
    agency.body = body
    return await gistda_pm25.estimate(http, gistda_pm25.source(agency.url, sandbox=True), 18.788349, 98.985312)


def data(**fields: Any) -> dict[str, Any]:
    """The recorded estimate with other fields."""
    return {"status": 200, "data": {**ESTIMATE["data"], **fields}}


async def test_the_recorded_estimate(http: AgencyHttp, agency: Body) -> None:
    """Values are rounded, the time is Thai, and the exact pin stays here."""
    found = await estimate(http, agency, ESTIMATE)
    assert found is not None
    assert (found.pm25_now, found.pm25_mean, found.place) == (8.0, 9.5, "พระสิงห์ เมืองเชียงใหม่ เชียงใหม่")
    assert found.observed_at == datetime(2026, 11, 22, 16, tzinfo=ICT)
    assert found.source.sandbox
    assert agency.query == {"lat": "18.79", "lng": "98.99"}


@pytest.mark.parametrize(
    ("body", "values"),
    [
        (data(pm25=-999), (None, 9.5)),
        (data(pm25Avg24hrs=None), (8.0, None)),
        (data(pm25="12.34", pm25Avg24hrs="-1"), (12.3, None)),
        (data(pm25=None, pm25Avg24hrs=None), None),
        (data(datetimeEng={"dateEng": "Sunday 22 November 2569", "timeEng": "16:00"}), (8.0, 9.5)),
        (data(datetimeEng={"dateEng": "Sunday 22 November 2026", "timeEng": "13:00"}), None),
        (data(datetimeEng={"dateEng": "Friday 20 November 2026", "timeEng": "16:00"}), None),
        (data(datetimeEng={"dateEng": "Sunday 22 November 2026", "timeEng": "19:00"}), None),
        (data(loc=None), (8.0, 9.5)),
    ],
)
async def test_an_estimate_is_of_now_or_none(
    http: AgencyHttp, agency: Body, body: object, values: tuple[float | None, float | None] | None
) -> None:
    """Sentinels are missing, an old estimate is none."""
    found = await estimate(http, agency, body)
    assert ((found.pm25_now, found.pm25_mean) if found else None) == values


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ({"status": 404, "data": None}, Rejected),
        ({"status": 500, "data": None}, Unavailable),
        ({"status": 200, "data": None}, Unavailable),
        ({"status": 200, "data": {"pm25": 5}}, Unavailable),
        ({}, Unavailable),
        ([], Unavailable),
    ],
)
async def test_an_error_inside_a_200(http: AgencyHttp, agency: Body, body: object, verdict: type[Exception]) -> None:
    """The body's own status decides."""
    with pytest.raises(verdict):
        await estimate(http, agency, body)
