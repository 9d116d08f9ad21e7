# SPDX-License-Identifier: Apache-2.0
"""thai.date_times: days with times, and hours and minutes from now."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.thai.when_cases import NOW, shown, table
from thai import dates, times
from thai.date_times import find, joined


@pytest.mark.parametrize(("text", "expected"), table("date_times"))
def test_table(text: str, expected: str) -> None:
    """Each text gives the moments of the table, as certain as it says."""
    assert shown(find(text, NOW)) == expected


def test_two_moments_and_their_spans() -> None:
    """Each day takes the time beside it, and the finding covers both."""
    text = "ขอเลื่อนจากพรุ่งนี้ 9 โมง เป็นวันศุกร์บ่ายสองค่ะ"
    found = find(text, NOW)
    assert [text[one.start : one.end] for one in found] == ["พรุ่งนี้ 9 โมง", "วันศุกร์บ่ายสอง"]
    assert shown(found) == "2026-11-23T09:00 ; 2026-11-27T14:00"


def test_a_time_belongs_to_one_day() -> None:
    """The time of one day is not that of the next one too."""
    assert shown(find("ศุกร์ 9 โมง วันพฤหัสบดี", NOW)) == "2026-11-27T09:00"


def test_from_what_was_found_already() -> None:
    """A caller that has the dates and the times gets the same without a second search."""
    text = "นัด 15 ธ.ค. 69 9.30"
    days = dates.find(text, NOW)
    clocks = times.find_beside(text, [(day.start, day.end) for day in days])
    assert joined(text, days, clocks, NOW) == find(text, NOW)
    assert shown(find(text, NOW)) == "2026-12-15T09:30"


def test_a_base_without_zone_is_refused() -> None:
    """A base without a time zone could name the wrong hour."""
    with pytest.raises(ValueError, match="time zone"):
        find("อีก 2 ชั่วโมง", datetime(2026, 11, 22, 9, 0))  # noqa: DTZ001
