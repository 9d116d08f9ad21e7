# SPDX-License-Identifier: Apache-2.0
"""Moments: a day with a time of day, found in a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from thai import date_context as context
from thai import dates, durations, times
from thai.date_words import GAP, plain
from thai.date_years import shifted
from thai.dates_display import THAILAND
from thai.found import Found
from thai.overlaps import longest

_BETWEEN = re.compile(
    rf"t|[ \t\n,]{{0,3}}(?:ใน|ของ)?(?:เวลา|ตอน|ช่วง|at|on|ก่อน|หลัง|ประมาณ|ราวๆ?|สัก|เริ่ม|น่าจะ|ที่|@)?{GAP}(?:วัน(?=$))?"
)
_NOW = re.compile(r"ตอนนี้|เดี๋ยวนี้|ขณะนี้|บัดนี้|(?<![a-z])(?:right )?now(?![a-z])")
_AHEAD = re.compile(rf"อีก{GAP}(?:ประมาณ|ราวๆ?|สัก|เกือบ|ไม่เกิน)?{GAP}$")
_AGO = re.compile(rf"{GAP}(?:ที่แล้ว|ก่อนหน้านี้|ก่อน|ที่ผ่านมา)")
_NIGHT = ("คืนนี้", "เมื่อคืน", "tonight", "คืน")
_ROUGH = re.compile(r"ก่อน|หลัง|ประมาณ|ราว|สัก|น่าจะ")
_MIDNIGHT = ("เที่ยงคืน", "24", "midnight", "หกทุ่ม", "6 ทุ่ม", "6ทุ่ม")


def find(text: str, base: datetime) -> list[Found[str]]:
    """Return the moments of `text` in order: days with their times, or hours and minutes from now; no text raises.

    Values: `2026-11-23T14:00`, in Thailand's time, or `2026-11-23T09:00/2026-11-23T12:00`. `confirm` and `reject` as
    in `dates` and `times`; midnight, which ends one day and begins the next, always asks. A day without a time, a
    part of the day and a range of days are left to those two. `base`: now, aware. Raises ValueError for a naive one.

    >>> now = datetime(2026, 11, 22, 9, 0, tzinfo=THAILAND)
    >>> [found.value for found in find("พรุ่งนี้บ่ายสอง หรืออีก 2 ชั่วโมง", now)]
    ['2026-11-23T14:00', '2026-11-22T11:00']
    """
    days = dates.find(text, base)
    return joined(text, days, times.find_beside(text, [(day.start, day.end) for day in days]), base)


def joined(text: str, days: list[Found[str]], clocks: list[Found[str]], base: datetime) -> list[Found[str]]:
    """Return the moments of `text` as `find` does, from what `dates.find` and `times.find_beside` found in it."""
    read = plain(text)
    moments = [*_pairs(read, days, clocks), *_from_now(read, base.astimezone(THAILAND), clocks)]
    return longest(moments, len(text)) if moments else []


def _pairs(text: str, days: list[Found[str]], clocks: list[Found[str]]) -> Iterator[Found[str]]:
    """Yield each day with the time after it, or before it where none follows."""
    used: set[int] = set()
    for day in days:
        after = next((n for n, clock in enumerate(clocks) if n not in used and _follows(text, day, clock)), None)
        before = next((n for n, clock in enumerate(clocks) if n not in used and _follows(text, clock, day)), None)
        chosen = after if after is not None else before
        if chosen is not None and (moment := _moment(text, day, clocks[chosen])):
            used.add(chosen)
            yield moment


def _follows(text: str, first: Found[str], second: Found[str]) -> bool:
    if second.start < first.end:  # เย็นนี้ is the day, เย็นนี้ 5 โมง the time
        return first.start <= second.start and first.end < second.end
    return second.start - first.end <= 16 and _BETWEEN.fullmatch(text, first.end, second.start) is not None


def _moment(text: str, day: Found[str], clock: Found[str]) -> Found[str] | None:
    start, end = min(day.start, clock.start), max(day.end, clock.end)
    if any("/" in value for value in day.values) or any(value.startswith("part:") for value in clock.values):
        return None
    if "reject" in {day.certainty, clock.certainty}:
        return Found("date_time", (), start, end, "reject")
    sure = day.certainty == clock.certainty == "certain" and not _ROUGH.search(
        text, min(day.end, clock.end), max(day.start, clock.start)
    )
    said = text[day.start : day.end]
    night = said.startswith(_NIGHT) or context.follows(text, day.start, ("คืน",))
    values: list[str] = []
    for first, hour in ((date.fromisoformat(value), hour) for value in day.values for hour in clock.values):
        options, clear = _days_of(first, hour, text[clock.start : clock.end], night)
        sure = sure and clear
        values += [written for option in options if (written := _written(option, hour))]
    if said.startswith("เมื่อคืน"):
        values, sure = _of_last_night(day, clock, values)
    values = list(dict.fromkeys(values))[:4]
    if not values:
        return None
    return Found("date_time", tuple(values), start, end, "certain" if sure and len(values) == 1 else "confirm")


def _days_of(day: date, hour: str, said: str, night: bool) -> tuple[list[date], bool]:
    """Return the days on which a time of that day's may fall: midnight and the small hours of a night are the next's."""
    next_day = shifted(day, 1) or day
    if hour == "00:00" and said.startswith(_MIDNIGHT):
        return [next_day, day], False
    if night and hour < "06:00":
        return [next_day], hour >= "01:00"
    return [day], not (night and "06:00" <= hour < "17:00")


def _of_last_night(day: Found[str], clock: Found[str], values: list[str]) -> tuple[list[str], bool]:
    """Return the moment of last night: the evening is yesterday's, the small hours are today's."""
    yesterday, today = sorted(map(date.fromisoformat, day.values))
    hours = clock.values
    if any("/" in hour or "06:00" <= hour < "17:00" for hour in hours):
        return values, False
    return [f"{today if hour < '06:00' else yesterday}T{hour}" for hour in hours], clock.certainty == "certain"


def _written(day: date, hour: str) -> str:
    if "/" not in hour:
        return f"{day}T{hour}"
    first, last = hour.split("/")
    last_day = day if last > first else shifted(day, 1) or day
    return f"{day}T{first}/{last_day}T{last}"


def _from_now(text: str, now: datetime, clocks: list[Found[str]]) -> Iterator[Found[str]]:
    """Yield hours and minutes from now: อีกครึ่งชั่วโมง, 2 ชั่วโมงที่แล้ว, ตอนนี้."""
    for found in _NOW.finditer(text):
        yield Found("date_time", (_minute(now),), found.start(), found.end(), "certain")
    for span in durations.spans(text):
        start, end = span.start, span.end
        if span.highest < durations.HOURS:
            continue
        if ahead := _AHEAD.search(text, max(0, start - 16), start):
            start, sign = ahead.start(), 1
        elif gone := _AGO.match(text, end):
            end, sign = gone.end(), -1
        else:
            continue
        if any(clock.start < end and start < clock.end for clock in clocks):
            continue
        moved = []
        for length in span.values:
            try:
                moved.append(_minute(now + sign * timedelta(days=length.days, seconds=length.seconds)))
            except OverflowError:
                continue
        if moved:
            sure = span.certain and len(moved) == 1
            yield Found("date_time", tuple(dict.fromkeys(moved)), start, end, "certain" if sure else "confirm")


def _minute(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")
