# SPDX-License-Identifier: Apache-2.0
"""The emulated agencies: their shapes, their faults and the switch for their troubles."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from sandbox.air import aqi, latest_hour
from sandbox.emulator import MODES
from sandbox.server import EMULATORS, create_app
from sandbox.stations import STATIONS

ICT = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 22, 16, 40, tzinfo=ICT)
LIST = "/air4thai/forweb/getAQI_JSON.php"
HISTORY = "/air4thai/forweb/getHistoryData.php"
POINT = "/gistda-pm25/rest/getPm25byLocation?lat=18.7883&lng=98.9853"
Client = TestClient[Request, Application]


class Clock:
    """Stands still until it is set."""

    now = NOW

    def __call__(self) -> datetime:
        """The current time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Sunday 22 November 2569, 16:40 in Thailand."""
    return Clock()


@pytest.fixture
async def client(clock: Clock) -> AsyncIterator[Client]:
    """A client of a running sandbox."""
    async with TestClient(TestServer(create_app(clock))) as opened:
        yield opened


async def get(client: Client, path: str) -> Any:
    """The JSON that stands there."""
    async with client.get(path) as response:
        assert response.status == 200
        return await response.json()


async def set_mode(client: Client, agency: str, mode: str, **more: object) -> None:
    """Put an agency in a trouble."""
    async with client.post("/control", json={"agency": agency, "mode": mode, **more}) as response:
        assert response.status == 200


async def test_the_list_has_air4thais_shape(client: Client) -> None:
    """Strings for numbers, local times, places after the comma, and the faults that real lists have."""
    stations = (await get(client, LIST))["stations"]
    assert len(stations) >= 40
    by_area = {station["areaTH"].rpartition(", ")[2] for station in stations}
    assert {"เชียงใหม่", "นครราชสีมา", "กรุงเทพฯ"} <= by_area
    assert not {"ระนอง", "พังงา", "บึงกาฬ"} & by_area
    for station in stations:
        last = station["AQILast"]
        assert all(isinstance(value, str) for value in last["PM25"].values())
        float(station["lat"]), float(station["long"])
        datetime.strptime(f"{last['date']} {last['time']} +0700", "%Y-%m-%d %H:%M %z")
    values = {station["AQILast"]["PM25"]["value"] for station in stations}
    assert {"-1", "-999"} <= values
    assert any(station["AQILast"]["PM25"]["color_id"] == "0" for station in stations)
    assert any(station["nameTH"].endswith(" ") for station in stations)
    assert {station["stationType"] for station in stations} == {"GROUND", "BKK", "MOBILE"}
    dates = {station["AQILast"]["date"] for station in stations}
    assert dates == {"2026-11-22", "2026-11-20"}


async def test_values_follow_the_hour_alone(client: Client, clock: Clock) -> None:
    """The same hour gives the same list, the next one another; the new hour appears after twenty minutes."""
    first = await get(client, LIST)
    assert await get(client, LIST) == first
    clock.now = NOW + timedelta(minutes=39)
    assert await get(client, LIST) == first
    clock.now = NOW + timedelta(minutes=40)
    later = await get(client, LIST)
    assert later["stations"][0]["AQILast"]["time"] == "17:00"
    assert later["stations"][0]["AQILast"]["PM25"] != first["stations"][0]["AQILast"]["PM25"]
    assert latest_hour(NOW).hour == 16


async def test_the_lists_value_is_the_mean_of_the_history(client: Client) -> None:
    """As at the agency: the list has the mean of 24 hours, the history the hours."""
    listed = (await get(client, "/air4thai/services/getNewAQI_JSON.php?stationID=s01t"))["stations"]
    assert [station["stationID"] for station in listed] == ["s01t"]
    query = "?stationID=s01t&param=PM25&type=hr&sdate=2026-11-21&edate=2026-11-22&stime=17&etime=23"
    body = await get(client, HISTORY + query)
    hours = body["stations"][0]["data"]
    assert (body["result"], len(hours), hours[-1]["DATETIMEDATA"]) == ("OK", 24, "2026-11-22 16:00:00")
    mean = sum(hour["PM25"] for hour in hours) / 24
    assert float(listed[0]["AQILast"]["PM25"]["value"]) == pytest.approx(mean, abs=0.06)


@pytest.mark.parametrize(
    "query",
    [
        "", "?stationID=nowhere&param=PM25&type=hr&sdate=2026-11-22&edate=2026-11-22",
        "?stationID=s01t&param=PM25&type=hr&sdate=yesterday&edate=2026-11-22",
        "?stationID=s01t&param=PM25&type=hr&sdate=2026-11-22&edate=2026-11-22&stime=99",
        "?stationID=s01t&param=PM25&type=hr&sdate=1926-11-22&edate=2026-11-22",
        "?stationID=s01t&param=PM25&type=hr&sdate=2026-11-22&edate=2026-11-21",
        "?stationID=s01t&param=O3&type=hr&sdate=2026-11-22&edate=2026-11-22",
    ],
)  # fmt: skip
async def test_a_history_that_cannot_be_given_says_so(client: Client, query: str) -> None:
    """Inside a 200, as the agency does."""
    assert (await get(client, HISTORY + query))["result"] == "Error"


async def test_the_estimate_has_gistdas_shape(client: Client) -> None:
    """Local times, one of them with a false Z, and the agency's name for the place."""
    body = await get(client, POINT)
    data = body["data"]
    assert body["status"] == 200
    assert data["datetimeEng"] == {"dateEng": "Sunday 22 November 2026", "timeEng": "16:00"}
    assert len(data["graphHistory24hrs"]) == 24
    assert data["graphHistory24hrs"][-1][1] == "2026-11-22T16:00:00.000Z"
    assert data["loc"]["loctext"] == "ศรีภูมิ เมืองเชียงใหม่ เชียงใหม่"
    assert data["pm25Avg24hrs"] == pytest.approx(sum(hour[0] for hour in data["graphHistory24hrs"]) / 24, abs=0.01)


@pytest.mark.parametrize(
    ("query", "status"), [("", 400), ("?lat=x&lng=y", 400), ("?lat=nan&lng=98", 404), ("?lat=35.68&lng=139.69", 404)]
)
async def test_a_point_that_cannot_be_estimated_says_so(client: Client, query: str, status: int) -> None:
    """In the body's own status."""
    assert await get(client, "/gistda-pm25/rest/getPm25byLocation" + query) == {"status": status, "data": None}


@pytest.mark.parametrize("path", [LIST, POINT])
async def test_each_trouble_is_acted_out(client: Client, path: str) -> None:
    """On the wire, not by a flag in the body; and it ends when it is switched off."""
    agency = path.split("/")[1]
    good = await get(client, path)
    for mode, status, start in (
        ("html", 200, b"<!DOCTYPE"), ("redirect", 302, b""), ("error", 502, b"<!DOCTYPE"), ("garbage", 200, b'{"stations"'),
    ):  # fmt: skip
        await set_mode(client, agency, mode)
        async with client.get(path, allow_redirects=False) as response:
            body = await response.read()
            assert response.headers.get("Location") == ("/moved.html" if mode == "redirect" else None)
            assert (response.status, body.startswith(start)) == (status, True)
            if mode == "garbage":
                with pytest.raises(json.JSONDecodeError):
                    json.loads(body)
    await set_mode(client, agency, "down")
    with pytest.raises(aiohttp.ClientError):
        await client.get(path)
    await set_mode(client, agency, "slow", seconds=0.2)
    start_time = time.monotonic()
    assert await get(client, path) == good
    assert time.monotonic() - start_time >= 0.2
    await set_mode(client, agency, "ok")
    assert await get(client, path) == good


async def test_sentinel_and_stale_change_the_values(client: Client) -> None:
    """All of them: no station and no estimate is left for now."""
    for agency in ("air4thai", "gistda-pm25"):
        await set_mode(client, agency, "sentinel")
    assert {s["AQILast"]["PM25"]["value"] for s in (await get(client, LIST))["stations"]} == {"-999"}
    data = (await get(client, POINT))["data"]
    assert (data["pm25"], data["pm25Avg24hrs"]) == (-999, None)
    for agency in ("air4thai", "gistda-pm25"):
        await set_mode(client, agency, "stale")
    assert {s["AQILast"]["date"] for s in (await get(client, LIST))["stations"]} == {"2026-11-20"}
    assert (await get(client, POINT))["data"]["datetimeEng"]["dateEng"] == "Friday 20 November 2026"


async def test_agencies_are_switched_apart(client: Client) -> None:
    """And the switch shows what is on."""
    await set_mode(client, "air4thai", "error")
    assert (await get(client, POINT))["status"] == 200
    modes = await get(client, "/control")
    assert (modes["air4thai"]["mode"], modes["gistda-pm25"]["mode"]) == ("error", "ok")
    assert set(modes) == {emulator.agency for emulator in EMULATORS}


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", '{"agency": "air4thai"}', '{"agency": "air4thai", "mode": "on fire"}', '{"agency": "nasa", "mode": "ok"}',
        '{"mode": "ok"}', '{"agency": "air4thai", "mode": "slow", "seconds": -1}', '{"agency": ["x"], "mode": "ok"}',
        '{"agency": "air4thai", "mode": "slow", "seconds": "5"}', '{"agency": "air4thai", "mode": "slow", "seconds": true}',
    ],
)  # fmt: skip
async def test_a_wrong_order_is_refused_with_its_reason(client: Client, body: str) -> None:
    """And changes nothing."""
    async with client.post("/control", data=body) as response:
        assert response.status == 400
        assert (await response.json())["error"]
    assert {mode["mode"] for mode in (await get(client, "/control")).values()} == {"ok"}


async def test_the_index_lists_every_agency_and_path(client: Client) -> None:
    """With links that answer."""
    async with client.get("/") as response:
        page = await response.text()
    for emulator in EMULATORS:
        for endpoint in emulator.endpoints:
            assert f"/{emulator.agency}{endpoint.path}" in page
            await get(client, f"/{emulator.agency}{endpoint.path}?{endpoint.example}")
    assert len(MODES) == 9


def test_stations_are_unique_and_in_thailand() -> None:
    """A wrong coordinate would move a station to another province."""
    assert len({station.id for station in STATIONS}) == len({station.name_th for station in STATIONS}) == len(STATIONS)
    assert all(5.5 <= station.lat <= 20.6 and 97.3 <= station.lon <= 105.7 for station in STATIONS)


@pytest.mark.parametrize(("mean", "band"), [(0, 1), (15, 1), (15.1, 2), (25.1, 3), (37.6, 4), (75.1, 5), (900, 5)])
def test_the_index_follows_the_bands(mean: float, band: int) -> None:
    """PCD's limits; the index grows with the value."""
    assert aqi(mean)[1] == band
    assert aqi(mean)[0] <= aqi(mean + 1)[0]


def test_it_runs_as_a_process(unused_tcp_port: int) -> None:
    """`python -m sandbox --port N`, on loopback."""
    command = [sys.executable, "-m", "sandbox", "--port", str(unused_tcp_port)]
    process = subprocess.Popen(command)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", unused_tcp_port)) == 0:
                    break
            time.sleep(0.05)
        with urllib.request.urlopen(f"http://127.0.0.1:{unused_tcp_port}/health", timeout=5) as response:
            assert json.load(response) == {"status": "ok"}
        process.terminate()
        assert process.wait(10) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
