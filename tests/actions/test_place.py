# SPDX-License-Identifier: Apache-2.0
"""Places as entities and slots carry them."""

from __future__ import annotations

import doctest

import pytest

from actions import place
from actions.place import in_thailand, label, parse_place, same_district
from tests.actions.wire import CHIANG_MAI, district, province


def test_the_examples_hold() -> None:
    """The doc strings of the module are true."""
    assert doctest.testmod(place).failed == 0


@pytest.mark.parametrize(
    "value",
    [
        None, "", "   ", 5, True, [], {}, {"text": ""}, {"text": "", "candidates": []}, {"lat": 18.0}, {"lon": 98.0},
        {"lat": "18", "lon": "98"}, {"lat": True, "lon": False}, {"lat": 500, "lon": 98}, {"candidates": "x"},
        {"candidates": ["x", 1]},
    ],
)  # fmt: skip
def test_what_says_nothing_is_no_place(value: object) -> None:
    """None, never half a place."""
    assert parse_place(value) is None


def test_a_pin_goes_before_the_areas_point() -> None:
    """The town's coordinates stand in only where there is no pin."""
    named = parse_place({"text": "เชียงใหม่", "candidates": [CHIANG_MAI]})
    pinned = parse_place({"text": "เชียงใหม่", "candidates": [CHIANG_MAI], "lat": 18.5, "lon": 98.5})
    assert named is not None
    assert pinned is not None
    assert (named.point, pinned.point) == ((18.79038, 98.98468), (18.5, 98.5))


def test_an_ambiguous_name_has_no_point() -> None:
    """The first reading is not the one that was meant."""
    both = parse_place({"text": "ปากน้ำ", "candidates": [CHIANG_MAI, CHIANG_MAI]})
    assert both is not None
    assert both.point is None


def test_words_alone_are_a_place_without_point() -> None:
    """A landmark is kept as it was said."""
    found = parse_place(" หน้าวัด ")
    assert found is not None
    assert (found.text, found.point, found.areas) == ("หน้าวัด", None, ())


@pytest.mark.parametrize(
    ("area", "written"),
    [
        (province("เชียงใหม่"), "เชียงใหม่"),
        (province("กรุงเทพมหานคร"), "กรุงเทพมหานคร"),
        (district("แม่ริม", "เชียงใหม่"), "อ.แม่ริม จ.เชียงใหม่"),
        (district("ดินแดง", "กรุงเทพมหานคร"), "เขตดินแดง กรุงเทพมหานคร"),
        (district("เขตดินแดง", "กรุงเทพมหานคร"), "เขตดินแดง กรุงเทพมหานคร"),
        (
            {"name": "สีลม", "kind": "subdistrict", "district": "บางรัก", "province": "กรุงเทพมหานคร"},
            "แขวงสีลม เขตบางรัก กรุงเทพมหานคร",
        ),
    ],
)
def test_an_area_is_written_as_on_an_envelope(area: dict[str, object], written: str) -> None:
    """Short forms of the country, long ones of Bangkok."""
    found = parse_place({"text": "x", "candidates": [area]})
    assert found is not None
    assert label(found.areas[0]) == written


@pytest.mark.parametrize(
    ("one", "other", "of", "same"),
    [
        ("เมือง", "เมืองกระบี่", "กระบี่", True),
        ("อ.เมือง", "อำเภอเมืองกระบี่", "จ.กระบี่", True),
        ("เมือง", "เมืองพังงา", "กระบี่", False),
        ("ดินแดง", "เขตดินแดง", "กรุงเทพฯ", True),
        ("แม่ริม", "แม่แจ่ม", "เชียงใหม่", False),
    ],
)
def test_the_town_district_has_two_names(one: str, other: str, of: str, same: bool) -> None:
    """Air4Thai writes เมือง, the register เมืองกระบี่."""
    assert same_district(one, other, of) is same


def test_the_box_around_thailand() -> None:
    """Its ends are in, Tokyo and Singapore are out."""
    assert in_thailand(5.62, 101.1)
    assert in_thailand(20.46, 99.9)
    assert not in_thailand(35.68, 139.69)
    assert not in_thailand(1.35, 103.82)
