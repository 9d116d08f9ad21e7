# SPDX-License-Identifier: Apache-2.0
"""Days, times and numbers as their reader writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from catalogue import formats


@pytest.mark.parametrize(
    ("value", "thai", "english"),
    [
        ("2026-11-22T16:00:00+07:00", "22 พ.ย. 2569 เวลา 16:00 น.", "22 Nov 2026, 16:00"),
        ("2026-11-22T18:30:00Z", "23 พ.ย. 2569 เวลา 01:30 น.", "23 Nov 2026, 01:30"),
        ("2026-01-05 09:05:00", "5 ม.ค. 2569 เวลา 09:05 น.", "5 Jan 2026, 09:05"),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "1 ม.ค. 2570 เวลา 00:00 น.", "1 Jan 2027, 00:00"),
    ],
)
def test_moments_are_told_in_bangkok_time(value: object, thai: str, english: str) -> None:
    """An offset is converted, a naive time is Bangkok's; Thai counts Buddhist years."""
    assert formats.day_and_clock(value, "th") == thai
    assert formats.day_and_clock(value, "en") == english


def test_a_day_alone() -> None:
    """Dates as strings and as dates."""
    assert formats.day("2026-11-22", "th") == formats.day(date(2026, 11, 22), "th") == "22 พ.ย. 2569"
    assert formats.day("2026-11-22", "en") == "22 Nov 2026"


@pytest.mark.parametrize(
    ("value", "shown"), [(100, "100"), (1000.0, "1,000"), (15.44, "15.4"), ("505", "505"), (0, "0")]
)
def test_numbers(value: object, shown: str) -> None:
    """Thousands are separated, one decimal at most."""
    assert formats.number(value, "th") == shown
