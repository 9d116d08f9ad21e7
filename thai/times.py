# SPDX-License-Identifier: Apache-2.0
"""Times of day as Thai citizens write them, found in a message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from thai import date_context as context
from thai.date_words import number, plain
from thai.found import Found
from thai.overlaps import longest
from thai.time_patterns import (
    LESS_AFTER,
    LESS_BEFORE,
    NEIGHBOURS,
    SIGN,
    UNTIL,
)
from thai.time_readings import TimeReading, pairs, written
from thai.time_readings import readings as all_readings
from thai.time_words import (
    DAY_ENDS,
    TIME_WORDS,
)

_APPROXIMATE = ("เกือบ", "ไม่เกิน", "ไม่ก่อน", "ใกล้", "กว่า", "เกิน", "พัก", "ข้าว", "มื้อ")


def find(text: str) -> list[Found[str]]:
    """Return the times of `text` in order, without overlaps; no text raises.

    Values: `14:30`, `09:00/16:30` for a range, and `part:morning`, `part:noon`, `part:afternoon`, `part:evening`,
    `part:night` for a part of the day, which always asks. An hour that stands for two, is rough or old usage is
    `confirm`, a time that no clock shows `reject`. A number such as 9.30 counts when น. or a word of time stands by
    it, or when it is the whole message. `text` is best as `normalise` returns it.

    >>> [(found.values, found.certainty) for found in find("บ่ายสองครึ่ง หรือสามโมง")]
    [(('14:30',), 'certain'), (('15:00', '09:00'), 'confirm')]
    """
    return [_found(reading) for reading in _selected(plain(text), ())]


def find_beside(text: str, dates: Iterable[tuple[int, int]]) -> list[Found[str]]:
    """Return the times of `text` as `find` does, also 9.30 directly after one of the given spans of dates."""
    return [_found(reading) for reading in _selected(plain(text), tuple(end for _, end in dates))]


def _selected(text: str, date_ends: tuple[int, ...]) -> list[TimeReading]:
    if not SIGN.search(text):
        return []
    chosen = longest((_adjusted(text, reading) for reading in all_readings(text)), len(text))
    joined = _beside_clear_ones(text, _joined(text, chosen))
    return [reading for reading in joined if not reading.weak or _has_company(text, reading, date_ends)]


def _found(reading: TimeReading) -> Found[str]:
    values = tuple(dict.fromkeys(reading.values))[:4]
    if not values:
        return Found("time", (), reading.start, reading.end, "reject")
    sure = reading.certain and len(values) == 1
    return Found("time", values, reading.start, reading.end, "certain" if sure else "confirm")


def _adjusted(text: str, reading: TimeReading) -> TimeReading:
    """Return the reading with what the words around do to it: rough, or so many minutes short of it."""
    if reading.values and not reading.values[0].startswith("part:") and "/" not in reading.values[0]:
        before = LESS_BEFORE.search(text, max(0, reading.start - 30), reading.start)
        after = None if before else LESS_AFTER.match(text, reading.end)
        if less := before or after:
            values = tuple(_earlier(value, number(less["n"])) for value in reading.values)
            return TimeReading(min(reading.start, less.start()), max(reading.end, less.end()), values, False)
    if context.is_approximate(text, reading.start) or context.follows(text, reading.start, _APPROXIMATE):
        return replace(reading, certain=False)
    if text.startswith("ช่วง", reading.start) and not any("/" in value for value in reading.values):
        return replace(reading, certain=False)
    return reading


def _earlier(value: str, minutes: int) -> str:
    total = (int(value[:2]) * 60 + int(value[3:]) - minutes) % 1440
    return written(total // 60, total % 60)


def _joined(text: str, readings: list[TimeReading]) -> list[TimeReading]:
    """Return the readings with each pair that is the beginning and the end of a range made one."""
    kept: list[TimeReading] = []
    for reading in readings:
        previous = kept[-1] if kept else None
        if previous and UNTIL.fullmatch(text, previous.end, reading.start) and _single(previous) and _single(reading):
            weak = previous.weak and reading.weak
            sure = previous.certain and reading.certain
            values = pairs(previous.values, reading.values)
            kept[-1] = TimeReading(previous.start, reading.end, values, sure and len(values) == 1, weak)
        else:
            kept.append(reading)
    return kept


def _beside_clear_ones(text: str, readings: list[TimeReading]) -> list[TimeReading]:
    """Return the readings, none weak that stands directly beside one that is not: 8.30-12.00 และ 13.00-16.30 น."""
    kept = list(readings)
    for n in range(len(kept) - 1, 0, -1):
        first, second = kept[n - 1], kept[n]
        if first.weak and not second.weak and NEIGHBOURS.fullmatch(text, first.end, second.start):
            kept[n - 1] = replace(first, weak=False)
    return kept


def _single(reading: TimeReading) -> bool:
    return bool(reading.values) and all(value[2] == ":" and "/" not in value for value in reading.values)


def _has_company(text: str, reading: TimeReading, date_ends: tuple[int, ...]) -> bool:
    """Tell whether a number with a dot is a time: it is all there is, or a word of time or a day stands by it."""
    if context.is_whole(text, reading.start, reading.end):
        return True
    if context.follows(text, reading.start, (*TIME_WORDS, *DAY_ENDS)):
        return True
    return any(0 <= reading.start - end <= 3 and not text[end : reading.start].strip() for end in date_ends)
