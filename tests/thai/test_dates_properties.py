# SPDX-License-Identifier: Apache-2.0
"""Dates, times, moments and durations on any text: total, in range, never overlapping, fast, and inverse to the display."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.thai.strategies import LONG_MESSAGES, MESSAGES, seconds
from tests.thai.when_cases import BASES, NOW, PHRASES
from thai import date_times, dates, durations, times
from thai.date_words import NUMBER_WORD, NUMBER_WORDS
from thai.dates_display import THAILAND, date_time, long_date, short_date
from thai.found import Found

_DAY = r"\d{4}-\d{2}-\d{2}"
_HOUR = r"\d{2}:\d{2}"
_FORMS = {
    "date": re.compile(rf"{_DAY}|(?:week:)?{_DAY}/{_DAY}"),
    "time": re.compile(rf"{_HOUR}(?:/{_HOUR})?|part:(?:morning|noon|afternoon|evening|night)"),
    "date_time": re.compile(rf"{_DAY}T{_HOUR}(?:/{_DAY}T{_HOUR})?"),
    "duration": re.compile(r"P(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)"),
}


def _everything(text: str, base: datetime = NOW) -> list[list[Found[str]]]:
    days = dates.find(text, base)
    clocks = times.find_beside(text, [(day.start, day.end) for day in days])
    return [days, clocks, times.find(text), date_times.joined(text, days, clocks, base), durations.find(text)]


@given(st.one_of(PHRASES, MESSAGES, st.text(max_size=60)), BASES)
@example("İ 15 ม.ค. 67", NOW)
@example("²³ วัน ³ โมง", NOW)
@example("١٥ ม.ค. ٦٧", NOW)
def test_any_text(text: str, base: datetime) -> None:
    """No text raises; what is found lies in the text in order, without overlaps, in the form of its kind."""
    for found in _everything(text, base):
        end = 0
        for one in found:
            assert end <= one.start < one.end <= len(text)
            end = one.end
            assert all(_FORMS[one.kind].fullmatch(value) for value in one.values)
            assert len(set(one.values)) == len(one.values)


@given(PHRASES, BASES)
def test_days_are_real_and_spans_run_forward(text: str, base: datetime) -> None:
    """Every value is a day of the calendar, and a span ends after it begins."""
    for found in dates.find(text, base):
        for value in found.values:
            days = [date.fromisoformat(part) for part in value.removeprefix("week:").split("/")]
            assert len(days) == 1 or days[0] < days[1]


@given(LONG_MESSAGES)
def test_long_text(text: str) -> None:
    """2,000 characters of anything take no more than 20 ms for all of them together."""
    assert seconds(lambda: _everything(text), 0.02) < 0.02


@pytest.mark.parametrize(
    "piece",
    ["jan 1 ", "วันที่ 5 ", "9.30 ", "15/1/26 ", "สอง", "สิบ", "1 วัน", "1-", "1/", "สามโมง", "จันทร์-ศุกร์ ", "อีก 3 วัน", "สองสามวันก่อน",
     "ตี", "บ่าย 2", "เดือน", " ", "12-15 ธ.ค. ", "ปี", "1 ปี ", "วันเสาร์ที่ ", "9-", "ที่", "พฤ", "อีก 15 นาที 9 โมง "],
)  # fmt: skip
def test_repeated_pieces(piece: str) -> None:
    """Messages of 2,000 characters that begin a date or a time over and over take no more than 20 ms."""
    text = (piece * 2000)[:2000]
    assert seconds(lambda: _everything(text), 0.02) < 0.02


@pytest.mark.parametrize("form", [short_date, long_date])
def test_what_is_displayed_is_read(form: Callable[[date], str]) -> None:
    """Every day from 1950 to 2100, as it is shown to citizens, is read back as that day, for certain."""
    day = date(1950, 1, 1)
    while day.year <= 2100:
        text = form(day)
        (found,) = dates.find(text, NOW)
        assert (found.value, found.start, found.end) == (day.isoformat(), 0, len(text)), text
        day += timedelta(days=1)


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 12, 31), timezones=st.just(THAILAND)))  # noqa: DTZ001
def test_displayed_moments_are_read(moment: datetime) -> None:
    """Day and time as they are shown are read back as one moment."""
    (found,) = date_times.find(date_time(moment), NOW)
    assert found.value == moment.replace(tzinfo=None).isoformat(timespec="minutes")


@given(st.lists(st.sampled_from([*NUMBER_WORDS, "เอ็ด", "ยี่", "สิบ"]), min_size=1, max_size=3).map("".join))
def test_number_words(text: str) -> None:
    """Whatever the pattern of number words takes has a value."""
    for found in re.finditer(NUMBER_WORD, text):
        assert found[0] in NUMBER_WORDS
