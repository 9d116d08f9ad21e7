# SPDX-License-Identifier: Apache-2.0
"""Which days a written date can mean: eras, years of two digits, and what is left unsaid."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

#: where a date without a year lies: by nearness, before today (เมื่อ…), after it (…ที่จะถึง), or unknown (เกิด, ตั้งแต่)
Direction = Literal["near", "past", "future", "open"]
_BE = 543
_NEW_YEAR_MOVED = 2484  # before this Buddhist year the year began on 1 April, so January to March belong to the next


@dataclass(frozen=True, slots=True)
class Days:
    """One day (`first == last`), a week, or another span of days, both ends included."""

    first: date
    last: date
    week: bool = False

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        return f"{'week:' if self.week else ''}{self.first.isoformat()}/{self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What `text[start:end]` can mean, the likeliest first; no values: a day that does not exist.

    `unsaid` is what the words leave open, so that the other end of a range can settle it: (day, month) without a
    year, (day, 0) without a month, or a weekday as (-1, weekday).
    """

    start: int
    end: int
    values: tuple[Days, ...]
    certain: bool
    unsaid: tuple[int, int] | None = None


def single(day: date) -> Days:
    """Return one day as a span."""
    return Days(day, day)


def singles(days: Iterable[date]) -> tuple[Days, ...]:
    """Return days as spans, each once, in their order."""
    return tuple(dict.fromkeys(map(single, days)))


def real_day(year: int, month: int, day: int) -> date | None:
    """Return the day, or None when the calendar has none."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return date(year, month, day) if day <= 28 or day <= monthrange(year, month)[1] else None


def shifted(day: date, days: int) -> date | None:
    """Return the day so many days away, or None beyond the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def month_away(today: date, months: int) -> tuple[int, int]:
    """Return (year, month) so many months from today's.

    >>> month_away(date(2026, 11, 22), 2)
    (2027, 1)
    """
    index = today.year * 12 + today.month - 1 + months
    return index // 12, index % 12 + 1


def months_away(today: date, months: int) -> date | None:
    """Return the same day so many months away, the month's last when it is shorter; None beyond the calendar."""
    year, month = month_away(today, months)
    return next((found for cut in range(4) if (found := real_day(year, month, today.day - cut))), None)


def whole_month(year: int, month: int) -> Days | None:
    """Return the first to the last day of a month; None beyond the calendar."""
    first = real_day(year, month, 1)
    last = next((found for day in (31, 30, 29, 28) if (found := real_day(year, month, day))), None)
    return Days(first, last) if first and last else None


def week_of(day: date) -> Days | None:
    """Return Monday to Sunday around a day; None at the end of the calendar."""
    first = shifted(day, -day.weekday())
    last = shifted(day, 6 - day.weekday())
    return Days(first, last, week=True) if first and last else None


@lru_cache(maxsize=512)  # numbers only, nobody's words
def years(
    digits: str, era: str, today: date, *, month: int = 12, english: bool = False
) -> tuple[tuple[int, ...], bool]:
    """Return the years of the Christian era that digits can mean, and whether there is no doubt.

    `era`: "be", "ce", or "" when none is written. Two digits: 40–99 are Buddhist years, 00–39 may be either era.
    Four digits outside 1800–2200 and 2400–2700 are no year, unless an era is written.

    >>> years("2567", "", date(2026, 11, 22)), years("67", "", date(2026, 11, 22)), years("26", "", date(2026, 11, 22))
    (((2024,), True), ((2024,), True), ((2026, 1983), False))
    """
    value = int(digits)
    if len(digits) == 2:
        return _two_digits(value, era, today, english)
    if 2400 <= value <= 2700 or (era == "be" and 2200 < value < 3000):
        if value < _NEW_YEAR_MOVED and month <= 3:
            return (value - _BE, value - _BE + 1), False
        return (value - _BE,), era != "ce"
    return ((value,), era != "be") if 1800 <= value <= 2200 else ((), False)


def _two_digits(value: int, era: str, today: date, english: bool) -> tuple[tuple[int, ...], bool]:
    buddhist, christian = 2500 + value - _BE, 2000 + value
    if era == "be":
        return (buddhist,), True
    if era == "ce":
        return ((christian, christian - 100) if value <= today.year % 100 + 10 else (christian - 100, christian)), False
    if value >= 40:
        return ((buddhist, christian - 100), False) if english else ((buddhist,), True)
    both = (christian, buddhist) if abs(christian - today.year) <= 2 else (buddhist, christian)
    return both, False


@lru_cache(maxsize=512)
def without_year(day: int, month: int, today: date, direction: Direction) -> tuple[tuple[date, ...], bool]:
    """Return the days that a day of a month can mean, and whether one is clear: the coming one, unless the last one
    is nearer. None at all when no year has that day.

    >>> without_year(15, 1, date(2026, 11, 22), "near"), without_year(31, 2, date(2026, 11, 22), "near")
    (((datetime.date(2027, 1, 15),), True), ((), False))
    """
    coming = next((found for y in range(9) if (found := real_day(today.year + y, month, day)) and found >= today), None)
    past = next((found for y in range(9) if (found := real_day(today.year - y, month, day)) and found < today), None)
    return _choose(coming, past, today, direction)


@lru_cache(maxsize=512)
def without_month(day: int, today: date, direction: Direction) -> tuple[tuple[date, ...], bool]:
    """Return the days that "the 5th" can mean: still to come this month, or else the next month's, or this
    month's that is over.

    >>> without_month(25, date(2026, 11, 22), "near")
    ((datetime.date(2026, 11, 25),), True)
    """
    months = [month_away(today, n) for n in (0, 1, 2)], [month_away(today, -n) for n in (0, 1, 2)]
    coming = next((found for y, m in months[0] if (found := real_day(y, m, day)) and found >= today), None)
    past = next((found for y, m in months[1] if (found := real_day(y, m, day)) and found < today), None)
    if coming and past and coming.month != today.month and direction == "near":
        return (coming, past), False
    return _choose(coming, past, today, direction)


def _choose(coming: date | None, past: date | None, today: date, direction: Direction) -> tuple[tuple[date, ...], bool]:
    if coming is None or past is None:
        left = tuple(found for found in (coming, past) if found)
        return left, False
    if direction == "past":
        return (past,), True
    if direction == "future":
        return (coming,), True
    if coming == today and direction == "near":
        return (coming,), True
    if direction == "near" and coming - today <= today - past:
        return (coming,), (coming - today).days <= 366
    return ((past, coming) if direction == "open" else (coming, past)), False


def with_weekday(
    days: tuple[date, ...], certain: bool, others: tuple[date, ...], weekday: int
) -> tuple[tuple[date, ...], bool]:
    """Return which of the days a weekday confirms; none of them: the first as written, then the nearest such weekday.

    `others` are further days that the words allow (another year): those that fit are offered when none of `days` do.
    """
    fits = tuple(day for day in days if day.weekday() == weekday)
    if fits:
        return fits, len(fits) == 1
    if not days:
        return (), False
    first = days[0]
    ahead = (weekday - first.weekday()) % 7
    nearest = shifted(first, ahead if ahead <= 3 else ahead - 7)
    further = tuple(day for day in others if day.weekday() == weekday and day not in days)
    return (*days, *([nearest] if nearest else []), *further), False
