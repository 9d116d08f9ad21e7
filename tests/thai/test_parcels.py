# SPDX-License-Identifier: Apache-2.0
"""thai.parcels: the post's numbers with their check digit."""

from __future__ import annotations

import pytest

from thai.parcels import find, has_check_digit


@pytest.mark.parametrize(
    "text", ["EY123456785TH", "ey123456785th", "EY 123 456 785 TH", "EY-123456785-TH", "พัสดุEY๑๒๓๔๕๖๗๘๕TH ค่ะ"]
)
def test_right(text: str) -> None:
    """Small letters, Thai digits, spaces and dashes make no difference."""
    assert [(one.values, one.certainty) for one in find(text)] == [(("EY123456785TH",), "certain")]


@pytest.mark.parametrize("text", ["EY123456784TH", "EY12345678TH", "EY1234567855TH"])
def test_refused(text: str) -> None:
    """A wrong check digit, a digit too few or too many."""
    assert [one.certainty for one in find(text)] == ["reject"]


@pytest.mark.parametrize("text", ["", "123456785", "E123456785TH", "XEY123456785TH", "ABC12345"])
def test_another_code(text: str) -> None:
    """Other codes are left alone."""
    assert find(text) == []


def test_check_digit_of_the_standard() -> None:
    """The well-known example of the form S10, RR473124829GB, is right; each other last digit is wrong."""
    assert [last for last in range(10) if has_check_digit(f"47312482{last}")] == [9]


@pytest.mark.parametrize("digits", ["000000005", "100000140"])
def test_rests_of_two_digits(digits: str) -> None:
    """A rest of 11 is written 5 and one of 10 is written 0."""
    assert has_check_digit(digits)
