# SPDX-License-Identifier: Apache-2.0
"""Every reading of a time of day in a text, before it is decided which of them stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from thai import date_context as context
from thai.date_words import NUMBER_WORDS, number
from thai.time_patterns import (
    BAI,
    DIGITAL,
    ENGLISH,
    HOUR_BEFORE,
    MONG,
    NAHLIKA,
    NOON,
    ONE_THUM,
    PART_OF_DAY,
    THUM,
    WHOLE_HOUR,
)
from thai.time_words import DAY_ENDS, PARTS, TIME_WORDS, Hours, clock, mong, thum

_NOT_TIMES = ("ข้อ", "เวอร์ชัน", "version", "มาตรา", "เกรด", "ราคา", "เลขที่", "pm", "pm ", "อุณหภูมิ")


@dataclass(frozen=True, slots=True)
class TimeReading:
    """What `text[start:end]` can mean. `weak`: a number with a dot that is a time only in the right company."""

    start: int
    end: int
    values: tuple[str, ...]
    certain: bool
    weak: bool = False


def readings(text: str) -> Iterator[TimeReading]:
    for found in PART_OF_DAY.finditer(text):
        yield from _part(found)
    if "โมง" in text:
        for found in MONG.finditer(text):
            part = PARTS.get(found["after"] or found["after2"] or found["part"] or "")
            yield from _spoken(found, [mong(hour, part) for hour in _hours(found)])
    if "ทุ่ม" in text:
        for found in THUM.finditer(text):
            yield from _spoken(found, [thum(hour) for hour in _hours(found)])
        for found in ONE_THUM.finditer(text):
            if (
                found["one"]
                or found.end() > found.start() + 4
                or context.is_whole(text, *found.span())
                or _is_near(found)
            ):
                yield from _spoken(found, [((19,), True)])
    if "บ่าย" in text or "ตี" in text:
        for found in BAI.finditer(text):
            yield from _spoken(found, _of_bai(found))
    if "เที่ยง" in text:
        for found in NOON.finditer(text):
            yield from _noon(found)
    if "นา" in text:
        for found in NAHLIKA.finditer(text):
            hour = number(found["h"])
            yield from _spoken(found, [((hour % 24,), True) if hour <= 24 else ((), False)])
    for found in DIGITAL.finditer(text):
        yield from _digital(found)
    for found in WHOLE_HOUR.finditer(text):
        yield from _whole_hour(found)
    for found in ENGLISH.finditer(text):
        yield TimeReading(*found.span(), ("00:00" if found["word"] == "midnight" else "12:00",), True)


def _hours(found: re.Match[str]) -> list[int]:
    return [number(group) for group in (found["h0"] or found["hp"], found["h"]) if group]


def _of_bai(found: re.Match[str]) -> list[Hours]:
    hours = [1 if group == "โมง" else number(group) for group in (found["h0"] or found["hp"], found["h"]) if group]
    if found["word"] == "ตี":
        return [((hour,), hour <= 5) if hour <= 6 else ((), False) for hour in hours]
    return [mong(hour, "afternoon") for hour in hours]


def _spoken(found: re.Match[str], hours: list[Hours]) -> Iterator[TimeReading]:
    """Yield one time, a range (8-9 โมง) or a choice (แปดเก้าโมง) with the minutes that the match has."""
    groups = found.groupdict()
    minute = 30 if groups["half"] else _minute(groups["min"] or groups["bare"] or "0")
    if minute > 59 or not all(values for values, _ in hours):
        if groups.get("word") != "ตี":  # ตีเก้า is no time, and ตี is to beat
            yield TimeReading(*found.span(), (), False)
        return
    sure = all(clear for _, clear in hours) and not groups["more"]
    last = [written(hour, minute) for hour in hours[-1][0]]
    if len(hours) == 1:
        yield TimeReading(*found.span(), tuple(last), sure)
        return
    first = [written(hour, 0) for hour in hours[0][0]]
    if groups["sep"] in {None, "หรือ"}:
        both = [value for pair in zip(first, last, strict=False) for value in pair]
        yield TimeReading(*found.span(), tuple(both), False)
        return
    alike = len(first) == len(last)  # before noon or after it, the same for both ends
    ranges = (f"{a}/{b}" for a, b in zip(first, last, strict=True)) if alike else pairs(first, last)
    yield TimeReading(*found.span(), tuple(ranges), sure)


def _minute(written: str) -> int:
    return NUMBER_WORDS[written] if written in NUMBER_WORDS else int(written)


def written(hour: int, minute: int) -> str:
    return f"{hour % 24:02d}:{minute:02d}"


def pairs(first: Iterable[str], last: Iterable[str]) -> tuple[str, ...]:
    """Return the ranges, those that end on the same day before the others, which stay out when there are any."""
    both = [(a, b) for a in first for b in last if a != b]
    forward = [(a, b) for a, b in both if a < b or b == "00:00"]
    kept = sorted(forward, key=both.index) or both
    return tuple(f"{a}/{b}" for a, b in kept)


def _noon(found: re.Match[str]) -> Iterator[TimeReading]:
    if context.follows(found.string, found.start(), ("พัก", "ข้าว", "มื้อ", "อาหาร")):
        return
    alone = not (found["half"] or found["min"] or found["bare"] or found["more"])
    if alone and found["kind"] is None and (found["about"] or found["pre"] == "ช่วง"):
        yield TimeReading(*found.span(), ("part:noon",), False)
        return
    yield from _spoken(found, [((0 if found["kind"] == "คืน" else 12,), not found["about"])])


def _digital(found: re.Match[str]) -> Iterator[TimeReading]:
    """Yield HH.MM or HH:MM, with or without น. and am, pm."""
    text, (start, end) = found.string, found.span()
    if context.follows(text, found.start("h"), _NOT_TIMES):
        return
    told = bool(found["n"] or found["ap"] or found["part"])
    hour, minutes = int(found["h"]), found["m"]
    weak = not told and (found["dot"] == "." or len(minutes) == 1)
    hours, sure = _read_hour(found, hour)
    if int(minutes) > 59 or not hours or (hour == 24 and int(minutes)):
        if told or context.is_whole(text, start, end) or context.follows(text, start, ("เวลา", "ตอน")):
            yield TimeReading(start, end, (), False)
        return
    if len(minutes) == 1:  # 9.3 น. is 9.30 or 9.03
        if told and minutes != "0":
            spelled = (written(hours[0], int(minutes) * 10), written(hours[0], int(minutes)))
            yield TimeReading(start, end, spelled if int(minutes) < 6 else spelled[1:], False)
        return
    values = tuple(written(value, int(minutes)) for value in hours)
    before = HOUR_BEFORE.search(text, max(0, start - 8), start)
    if before and not weak and before["sep"] != " ":  # 9-10.30 น.
        start, values = before.start(), pairs([written(int(before["h"]), 0)], values)
    yield TimeReading(start, end, values, sure, weak=weak)


def _read_hour(found: re.Match[str], hour: int) -> Hours:
    if found["ap"]:
        if not 1 <= hour <= 12:
            return ((hour,), hour > 12 and found["ap"] == "p") if hour < 24 else ((), False)
        return (hour % 12 + (12 if found["ap"] == "p" else 0),), True
    padded = found["h"].startswith("0") or context.follows(found.string, found.start("h"), ("ตี",))
    return clock(hour, PARTS.get(found["part"] or ""), official=bool(found["n"]), padded=padded)


def _whole_hour(found: re.Match[str]) -> Iterator[TimeReading]:
    """Yield 9 น., 1430 น., 9-16 น., 0900-1630 น., 2 pm."""
    if context.follows(found.string, found.start("h"), _NOT_TIMES):
        return
    digits = found["h"]
    hour, minute = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    values, sure = _read_hour(found, hour)
    if found["ap"] and len(digits) > 2:
        return
    before = HOUR_BEFORE.search(found.string, max(0, found.start() - 8), found.start())
    if before and len(digits) == 2 and hour < 60 and before["sep"] == " " and found["n"]:  # 14 30 น.
        yield TimeReading(before.start(), found.end(), (written(int(before["h"]), hour),), False)
        return
    if not values or minute > 59 or (hour == 24 and minute):
        yield TimeReading(*found.span(), (), False)
        return
    last = [written(value, minute) for value in values]
    if not found["h0"]:
        yield TimeReading(*found.span(), tuple(last), sure)
        return
    start = re.sub("[.:]", "", found["h0"]) if len(found["h0"]) > 2 else found["h0"] + "00"
    if int(start[:-2]) > 24 or int(start[-2:]) > 59:
        yield TimeReading(*found.span(), (), False)
        return
    if found["ap"]:
        return  # 9-5 pm: whose pm it is, nobody knows
    first = written(int(start[:-2]), int(start[-2:]))
    if found["sep"] == "หรือ":
        yield TimeReading(*found.span(), (first, *last), False)
        return
    yield TimeReading(*found.span(), pairs([first], last), sure)


def _part(found: re.Match[str]) -> Iterator[TimeReading]:
    """Yield a part of the day where a word or a day beside it makes it one: เย็น is cold, คืน is to give back."""
    text = found.string
    start = found.start() if found["pre"] else found.start("part")
    alone = context.is_whole(text, start, found.end()) and found["part"] not in {"สาย", "คืน"}
    by_day = context.follows(text, start, DAY_ENDS)
    if found["part"] == "คืน" and not (found["post"] == "นี้" or by_day):
        return
    if found["pre"] or found["post"] or by_day or alone:
        yield TimeReading(start, found.end(), (f"part:{PARTS[found['part']]}",), False)


def _is_near(found: re.Match[str]) -> bool:
    return context.follows(found.string, found.start(), (*TIME_WORDS, "คืนนี้", "ค่ำนี้"))
