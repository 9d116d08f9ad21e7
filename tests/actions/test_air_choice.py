# SPDX-License-Identifier: Apache-2.0
"""Which stations may speak for a place."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from actions.agencies.air4thai import Station
from actions.place import Place, parse_place
from actions.services.air_choice import choose, choose_old, kilometres
from tests.actions.wire import ICT, district, province

NOW = datetime(2026, 11, 22, 16, 40, tzinfo=ICT)


def station(name: str, **fields: object) -> Station:
    """A station with a fresh value in the town of เชียงใหม่."""
    known: dict[str, object] = {
        "id": name, "name": name, "subdistrict": "ศรีภูมิ", "district": "เมือง", "province": "เชียงใหม่",
        "lat": 18.79, "lon": 98.99, "pm25": 20.0, "aqi": 40, "level": 2, "observed_at": NOW - timedelta(minutes=40),
    }  # fmt: skip
    return Station(**{**known, **fields})  # type: ignore[arg-type]


def place(*areas: dict[str, object], **pin: float) -> Place:
    """A place that was understood."""
    found = parse_place({"text": "ที่นี่", "candidates": list(areas), **pin})
    assert found is not None
    return found


def subdistrict(name: str, of: str, province_name: str) -> dict[str, object]:
    """A subdistrict as a reading."""
    return {
        "code": "0", "name": name, "kind": "subdistrict", "province": province_name, "district": of,
        "lat": None, "lon": None,
    }  # fmt: skip


TOWN, FAR, BANGKOK = (
    station("town"),
    station("far", subdistrict="ช่างเคิ่ง", district="แม่แจ่ม", lat=18.49, lon=98.36),
    station("bangkok", subdistrict="ดินแดง", district="ดินแดง", province="กรุงเทพฯ", lat=13.76, lon=100.55),
)
ALL = [FAR, BANGKOK, TOWN]


@pytest.mark.parametrize(
    ("area", "names", "far"),
    [
        (place(province("เชียงใหม่", 18.79, 98.98)), ["town", "far"], None),
        (place(province("เชียงใหม่")), ["far", "town"], None),
        (place(province("จังหวัดเชียงใหม่")), ["far", "town"], None),
        (place(province("กรุงเทพมหานคร", 13.75, 100.5)), ["bangkok"], None),
        (place(district("เมืองเชียงใหม่", "เชียงใหม่")), ["town"], None),
        (place(district("เขตดินแดง", "กรุงเทพมหานคร")), ["bangkok"], None),
        (place(district("แม่แจ่ม", "เชียงใหม่")), ["far"], None),
        (place(subdistrict("ศรีภูมิ", "เมืองเชียงใหม่", "เชียงใหม่")), ["town"], None),
        (place(subdistrict("ช้างคลาน", "เมืองเชียงใหม่", "เชียงใหม่")), ["town"], None),
        (place(district("เมืองลำพูน", "ลำพูน", 18.58, 99.0)), ["town"], 23),
        (place(province("เชียงราย", 19.9, 99.83)), [], 152),
        (place(province("เชียงราย")), [], None),
        (place(lat=18.80, lon=98.99), ["town"], 1),
        (place(lat=18.49, lon=98.37), ["far"], 1),
        (place(province("เชียงใหม่", 18.79, 98.98), lat=13.76, lon=100.55), ["bangkok"], 0),
    ],
)
def test_those_in_the_area_else_the_nearest(area: Place, names: list[str], far: int | None) -> None:
    """In the area first, its nearest to the town first; else the nearest within 50 km; a pin goes before words."""
    choice = choose(ALL, area, NOW)
    assert [found.name for found in choice.stations] == names
    assert (None if choice.distance_km is None else round(choice.distance_km)) == far


@pytest.mark.parametrize(
    ("age", "now", "old"),
    [
        (timedelta(0), True, False),
        (timedelta(hours=2, minutes=15), True, False),
        (timedelta(hours=2, minutes=16), False, True),
        (timedelta(days=3), False, True),
        (-timedelta(minutes=20), True, False),
        (-timedelta(hours=2), False, False),
    ],
)
def test_a_value_is_of_now_for_two_hours_and_a_quarter(age: timedelta, now: bool, old: bool) -> None:
    """Older is old, and a time well in the future is neither."""
    stations = [station("town", observed_at=NOW - age)]
    here = place(province("เชียงใหม่"))
    assert bool(choose(stations, here, NOW).stations) is now
    assert bool(choose_old(stations, here, NOW).stations) is old


def test_a_station_without_a_value_never_speaks() -> None:
    """Neither as new nor as old, nor by being the nearest."""
    silent = station("silent", pm25=None)
    assert choose([silent, TOWN], place(province("เชียงใหม่")), NOW).stations == (TOWN,)
    assert not choose_old([silent], place(province("เชียงใหม่")), NOW + timedelta(days=1)).stations


def test_two_readings_choose_nothing() -> None:
    """An ambiguous name is asked about, not guessed."""
    both = place(district("ปากน้ำ", "กระบี่", 8.0, 98.9), district("ปากน้ำ", "ระยอง", 12.6, 101.2))
    assert choose(ALL, both, NOW).stations == ()


def test_distances_are_right() -> None:
    """Bangkok to เชียงใหม่ is about 580 km as the crow flies."""
    assert kilometres(13.7539, 100.5014, 18.7904, 98.9847) == pytest.approx(583, abs=3)
    assert kilometres(18.79, 98.99, 18.79, 98.99) == 0
