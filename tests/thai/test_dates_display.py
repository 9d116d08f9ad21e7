# SPDX-License-Identifier: Apache-2.0
"""thai.dates_display: Buddhist years, Thai months and Thailand's time."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from thai.dates_display import THAILAND, clock, date_time, long_date, short_date
from thai.lexicon import listed


def test_a_moment() -> None:
    """UTC is shown as Thailand's time, also over midnight and the turn of the year."""
    assert date_time(datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)) == "22 พ.ย. 2569 เวลา 16:00 น."
    assert date_time(datetime(2026, 12, 31, 17, 5, tzinfo=timezone.utc)) == "1 ม.ค. 2570 เวลา 00:05 น."
    assert clock(datetime(2026, 1, 1, 8, 3, tzinfo=THAILAND)) == "08:03 น."


def test_a_day() -> None:
    """A plain date is not moved by time zones."""
    assert short_date(date(2024, 2, 29)) == "29 ก.พ. 2567"
    assert long_date(date(2026, 11, 22)) == "วันอาทิตย์ที่ 22 พฤศจิกายน 2569"


def test_every_month_and_weekday() -> None:
    """All twelve months and seven weekdays have their Thai names, and วัน stands once."""
    months = [short_date(date(2026, month, 1)).split()[1] for month in range(1, 13)]
    assert months == list(listed("ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค."))
    days = [long_date(date(2026, 11, 22) + timedelta(days=n)).split("ที่")[0] for n in range(7)]
    assert days == list(listed("วันอาทิตย์ วันจันทร์ วันอังคาร วันพุธ วันพฤหัสบดี วันศุกร์ วันเสาร์"))


def test_a_naive_moment_is_refused() -> None:
    """A moment without a zone could be seven hours wrong."""
    with pytest.raises(ValueError, match="time zone"):
        date_time(datetime(2026, 11, 22, 9, 0))  # noqa: DTZ001
