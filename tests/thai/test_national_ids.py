# SPDX-License-Identifier: Apache-2.0
"""thai.national_ids: thirteen digits with their check digit, and passports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thai.national_ids import find, find_juristic, find_passports, has_check_digit


@pytest.mark.parametrize(
    "text",
    [
        "1234567890121",
        "๑๒๓๔๕๖๗๘๙๐๑๒๑",
        "1-2345-67890-12-1",
        "1 2345 67890 12 1",
        "1 – 2345 – 67890 – 12 – 1",
        "เลขบัตร 1234567890121 ค่ะ",
        "บัตรประชาชน1234567890121",
        "1\u200b234567890121",
        "1.2345.67890.12.1",
        "1-2-3-4-5-6-7-8-9-0-1-2-1",
    ],
)
def test_right(text: str) -> None:
    """However it is parted, thirteen digits with the right last one are the number."""
    assert [(one.values, one.certainty) for one in find(text)] == [(("1234567890121",), "certain")]


@pytest.mark.parametrize(
    "text",
    [
        "1234567890123",
        "1-2345-67890-12-2",
        "9234567890121",
        "9234567890126",
        "เลขบัตร 123456789012",
        "เลขบัตรประชาชน 12345678901211",
    ],
)
def test_refused(text: str) -> None:
    """A wrong check digit, or a digit too few or too many after the word for it, is refused."""
    assert [(one.values, one.certainty) for one in find(text)] == [((), "reject")]


@pytest.mark.parametrize(
    "text", ["123456789012", "0105536112014", "0812345678", "", "12345678901234567", "EY1234567890121"]
)
def test_another_number(text: str) -> None:
    """What has another length, or begins with 0, is another number."""
    assert find(text) == []


def test_juristic() -> None:
    """Numbers of companies begin with 0 and have the same check digit."""
    assert [one.value for one in find_juristic("บริษัท 0-1055-36112-01-4 จำกัด")] == ["0105536112014"]
    assert [one.certainty for one in find_juristic("0105536112013")] == ["reject"]
    assert find_juristic("1234567890121") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AA1234567", [("AA1234567", "certain")]),
        ("พาสปอร์ต aa1234567", [("AA1234567", "certain")]),
        ("A123456", [("A123456", "confirm")]),
        ("B 12", []),
        ("EY123456785TH", []),
    ],
)
def test_passports(text: str, found: list[tuple[str, str]]) -> None:
    """Two letters and seven digits are a passport; other forms are asked about."""
    assert [(one.values[0], one.certainty) for one in find_passports(text)] == found


@given(st.integers(10**11, 9 * 10**11 - 1), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(body: int, place: int, slip: int) -> None:
    """The check digit tells nearly every single slip; none of those that it tells is ever certain."""
    digits = next(f"{body}{last}" for last in range(10) if has_check_digit(f"{body}{last}"))
    assert find(digits)[0].value == digits
    wrong = f"{digits[:place]}{(int(digits[place]) + slip) % 10}{digits[place + 1 :]}"
    if not has_check_digit(wrong):
        assert all(one.certainty == "reject" for one in find(wrong))
