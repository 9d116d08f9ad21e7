# SPDX-License-Identifier: Apache-2.0
"""Dates as Thai citizens write them, found in a message."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from thai import date_context as context
from thai import dates_relative, dates_weekday, dates_written
from thai.date_words import GAP, plain
from thai.date_years import Days, Reading, real_day, shifted
from thai.dates_display import THAILAND
from thai.found import Found
from thai.overlaps import longest

#: no date is without one of these
_SIGN = re.compile(
    r"[0-9]|วัน|เดือน|ปี|มื้อ|มื่อ|เมื่อ|คืน|เช้า|พรุ|พุ่ง|พุ้ง|มะ|อีก|สัปดาห์|อาทิ|จันทร|อังคา|พุธ|พฤ|ศุกร|สุกร|เสาร|สิ้น|ต้น|กลาง|ปลาย|สงกรานต์|นี้|วา|ต่อ|แรก|พน\."
    r"|คม|ยน|พันธ์|กรา|กุม|มีนา|เมษา|มิถุ|กรก|สิงหา|กันยา|ตุลา|ธันวา|ทันวา|บูชา|พรรษา|กระทง|มาส|วาเลน|day|tmr|tonight|tomorrow|week|month|year|ago|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
)
_TO = re.compile(rf"{GAP}(?:-|~|จนถึง|ไปจนถึง|ไปถึง|ถึง|to|until){GAP}(?:ที่)?")
_AND = re.compile(rf"{GAP}(?:และ|กับ|ถึง){GAP}")
_MOST = 4  # values shown to a citizen at once


def find(text: str, base: datetime) -> list[Found[str]]:
    """Return the dates of `text` in order, without overlaps; no text raises.

    Values: `2026-11-27`, `2026-12-12/2026-12-15` for a span of days with both ends, `week:2026-11-23/2026-11-29`.
    What can mean several days, is rough or contradicts itself is `confirm`; a day that no calendar has is `reject`.
    `base`: now, aware; days are those of Thailand. `text` is best as `normalise` returns it. Raises ValueError for a
    naive `base`.

    >>> now = datetime(2026, 11, 22, 9, 0, tzinfo=THAILAND)
    >>> [found.value for found in find("นัดวันศุกร์ หรือ 15 ม.ค. 70 ค่ะ", now)]
    ['2026-11-27', '2027-01-15']
    >>> find("15/1/26", now)[0].values
    ('2026-01-15', '1983-01-15')
    """
    if base.utcoffset() is None:
        raise ValueError("a base without a time zone says no day")
    read = plain(text)
    if not _SIGN.search(read):
        return []
    today = base.astimezone(THAILAND).date()
    return [_found(reading) for reading in _joined(read, longest(_readings(read, today), len(read)))]


def _readings(text: str, today: date) -> Iterable[Reading]:
    yield from dates_written.readings(text, today)
    yield from dates_weekday.readings(text, today)
    yield from dates_relative.readings(text, today)


def _found(reading: Reading) -> Found[str]:
    values = tuple(map(str, reading.values[:_MOST]))
    certainty = "reject" if not values else "certain" if reading.certain and len(values) == 1 else "confirm"
    return Found("date", values, reading.start, reading.end, certainty)  # type: ignore[arg-type]  # mypy widens the literals


def _joined(text: str, readings: list[Reading]) -> list[Reading]:
    """Return the readings with each pair that is the beginning and the end of a range made one."""
    kept: list[Reading] = []
    for reading in readings:
        previous = kept[-1] if kept else None
        if previous and _are_ends(text, previous, reading):
            kept[-1] = _range(previous, reading)
        else:
            kept.append(reading)
    return kept


def _are_ends(text: str, first: Reading, last: Reading) -> bool:
    days = all(value.first == value.last for value in (*first.values, *last.values))
    if not days or not first.values or not last.values or last.start - first.end > 16:
        return False
    between = context.follows(text, first.start, ("ระหว่าง",)) and _AND.fullmatch(text, first.end, last.start)
    return bool(between or _TO.fullmatch(text, first.end, last.start))


def _range(first: Reading, last: Reading) -> Reading:
    """Return the range; an end that leaves its month or year open takes them from the other end."""
    starts = [value.first for value in first.values]
    ends = [value.first for value in last.values]
    sure = first.certain and last.certain
    if first.unsaid and first.unsaid[0] > 0 and not last.unsaid:
        day, month = first.unsaid
        settled = [found for end in ends if (found := _before(end, day, month))]
        starts, sure = settled or starts, last.certain and bool(settled)
    if last.unsaid:
        settled = [found for start in starts if (found := _after(start, *last.unsaid))]
        ends = settled or ends
        sure = first.certain and last.unsaid[0] > 0
    pairs = [Days(a, b) for a in starts for b in ends if 0 < (b - a).days <= 3660]
    values = tuple(dict.fromkeys(pairs))
    return Reading(first.start, last.end, values, sure and len(values) == 1)


def _before(end: date, day: int, month: int) -> date | None:
    """Return the last such day (of that month, or of any for month 0) up to `end`."""
    if month == 0:
        return real_day(end.year, end.month, day) if day <= end.day else None
    found = real_day(end.year, month, day)
    return found if found and found <= end else real_day(end.year - 1, month, day)


def _after(start: date, day: int, month: int) -> date | None:
    """Return the first such day, or such weekday for day -1, from `start` on."""
    if day == -1:
        return shifted(start, (month - start.weekday()) % 7)
    if month == 0:
        if found := real_day(start.year, start.month, day):
            return found if found >= start else None
        return None
    found = real_day(start.year, month, day)
    return found if found and found >= start else real_day(start.year + 1, month, day)
