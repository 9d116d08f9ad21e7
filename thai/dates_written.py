# SPDX-License-Identifier: Apache-2.0
"""Dates that name their day: 15 ม.ค. 67, 15/1/2567, วันศุกร์ที่ 27, 12-15 ธันวา, 2026-11-27."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from thai import date_context as context
from thai.date_patterns import (
    ENGLISH,
    MONTH_ALONE,
    NAMED,
    NUMBERED,
    ONE,
    SHORT,
    SLASHED,
    SOLID,
    SPACED,
    YEAR_ALONE,
    YEAR_FIRST,
)
from thai.date_words import (
    MONTH,
    NUMBER_WORDS,
    WEEKDAY_LETTERS,
    WEEKDAYS,
    month,
    number,
)
from thai.date_years import (
    Days,
    Direction,
    Reading,
    month_away,
    real_day,
    singles,
    whole_month,
    with_weekday,
    without_month,
    without_year,
    years,
)

_IN_A_LIST = re.compile(r"(?<![0-9.:/\-])[0-9]{1,2}[ ,]{1,2}$")
_LISTS = frozenset({"และ", "กับ", "หรือ", ","})
_NOT_DATES = ("ข้อ", "มาตรา", "เวอร์ชัน", "version", "เลขที่", "ip", "รุ่น", "ทะเบียน", "เลขทะเบียน", "ซอย", "ราคา")


def readings(text: str, today: date) -> Iterator[Reading]:
    """Yield every reading of a date that names its day, month or year in `text`, which is as `plain` returns it."""
    has_digit = any(char.isdigit() for char in text)
    for found in NAMED.finditer(text):
        yield from _named(found, today)
    for found in NUMBERED.finditer(text):
        yield from _numbered(found, today)
    for pattern in (MONTH_ALONE, YEAR_ALONE):
        for found in pattern.finditer(text):
            yield from _period(found, today)
    if not has_digit:
        return
    for pattern in (SLASHED, YEAR_FIRST, SPACED, SOLID):
        for found in pattern.finditer(text):
            yield from _numeric(found, today, pattern)
    for found in SHORT.finditer(text):
        whole = context.is_whole(text, *found.span())
        if found["pre"] or (whole and 1 <= int(found["d"]) <= 31 and 1 <= int(found["m"]) <= 12):
            yield from _day_of_month(found, int(found["m"]), today)
    for found in ENGLISH.finditer(text):
        if re.fullmatch(MONTH, found["m"]):
            yield from _day_of_month(found, month(found["m"]), today)


def _named(found: re.Match[str], today: date) -> Iterator[Reading]:
    if context.follows(found.string, found.start(), ("ทะเบียน", "ป้าย", "รถ")):
        return
    reading = next(_day_of_month(found, month(found["m"]), today), None)
    if reading is None:
        return
    # 2กค 2567 is a number plate as well; 5 6 7 ม.ค. is a list
    before = found.string[max(0, found.start() - 6) : found.start()]
    if re.match(r"[0-9][ก-ฮ]{2} ?[0-9]", found[0]) or _IN_A_LIST.search(before):
        reading = Reading(reading.start, reading.end, reading.values, False, reading.unsaid)
    yield reading


def _day_of_month(found: re.Match[str], number_of_month: int, today: date) -> Iterator[Reading]:
    """Yield the reading of a match with groups d, perhaps d2, wd, and those of a year."""
    text, (start, end) = found.string, found.span()
    if context.is_recurring(text, start, end):
        return
    groups = found.groupdict()
    days = [number(groups["d"])] + ([number(groups["d2"])] if groups.get("d2") else [])
    near = "near" if len(days) > 1 else context.direction(text, start, end)
    said, sure, direction, odd = _said_years(groups, today, number_of_month, near)
    if not said and (said_before := _year_before(text, start, today)):
        said = said_before
    if odd:  # a four-digit number that is no year: 15 ม.ค. 9999
        end = found.end("m")
    sure = sure and not odd and not context.is_approximate(text, start)
    weekday = _weekday(groups)
    choices: list[tuple[tuple[date, ...], bool]] = []
    others: tuple[date, ...]
    for day in days:
        if said:
            possible, others = tuple(d for y in said if (d := real_day(y, number_of_month, day))), ()
            clear = sure and len(possible) == 1
        else:
            possible, clear = without_year(day, number_of_month, today, direction)
            others = without_year(day, number_of_month, today, "open")[0]
            clear = clear and sure
        if weekday is not None and day == days[0]:
            possible, clear = with_weekday(possible, clear, others, weekday)
        choices.append((possible, clear))
    unsaid = None if said else (days[0], number_of_month)
    yield _combined(start, end, choices, groups.get("sep"), unsaid)


def _said_years(
    groups: dict[str, str | None], today: date, number_of_month: int, direction: Direction
) -> tuple[tuple[int, ...], bool, Direction, bool]:
    """Return the years that are written (none: to be guessed by `direction`), whether they are sure, and whether
    there stands a number that cannot be a year."""
    which = groups.get("which") or ""
    if which.startswith("ปี"):
        away = 0 if which == "ปีนี้" else 1 if which in {"ปีหน้า", "ปีถัดไป"} else -1
        return (today.year + away,), True, direction, False
    if which:
        gone = re.fullmatch(context.GONE, which)
        return (), which != "หน้า", "past" if gone else "future", False
    written = groups.get("ey") or groups.get("y") or groups.get("wy")
    if not written:
        return (), True, direction, False
    era = "be" if groups.get("be") else "ce" if groups.get("ce") else ""
    name = (groups.get("m") or groups.get("m2") or groups.get("m3") or "ก").rstrip(".")
    english = name.isascii() and name.isalpha()
    said, sure = years(_year_digits(written), era, today, month=number_of_month, english=english)
    return said, sure, direction, not said


def _year_before(text: str, start: int, today: date) -> tuple[int, ...]:
    """Return the year of ปีหน้า 15 มกรา; none when no such word stands before."""
    words = {"ปีหน้า": 1, "ปีนี้": 0, "ปีที่แล้ว": -1, "ปีก่อน": -1}
    return tuple(today.year + away for word, away in words.items() if context.follows(text, start, (word,)))


def _year_digits(written: str) -> str:
    """Return a year's digits: สองพันห้าร้อยหกสิบเจ็ด, สองห้าหกเจ็ด, หกเจ็ด, หกสิบเจ็ด."""
    if written.isdigit():
        return written
    for start, value in (("สองพันห้าร้อย", 2500), ("สองพัน", 2000)):
        if written.startswith(start):
            return str(value + NUMBER_WORDS.get(written[len(start) :], 0))
    if written in NUMBER_WORDS:
        return f"{NUMBER_WORDS[written]:02d}"
    return "".join(str(NUMBER_WORDS[word]) for word in re.findall(ONE, written))


def _weekday(groups: dict[str, str | None]) -> int | None:
    name, letters = groups.get("wd"), groups.get("wl")
    return WEEKDAYS[name] if name else WEEKDAY_LETTERS[letters] if letters else None


def _combined(
    start: int,
    end: int,
    choices: list[tuple[tuple[date, ...], bool]],
    sep: str | None,
    unsaid: tuple[int, int] | None,
) -> Reading:
    """Return one reading of one day, of a list of days (which always asks), or of a range."""
    if not all(possible for possible, _ in choices):
        return Reading(start, end, (), False)
    if len(choices) == 1:
        (possible, clear) = choices[0]
        return Reading(start, end, singles(possible), clear, unsaid)
    (firsts, clear), (lasts, clear2) = choices
    if sep in _LISTS:
        return Reading(start, end, singles([*firsts, *lasts]), False)
    ranges = tuple(dict.fromkeys(Days(a, b) for a in firsts for b in lasts if 0 < (b - a).days < 32))
    return Reading(start, end, ranges, clear and clear2 and len(ranges) == 1)


def _numeric(found: re.Match[str], today: date, pattern: re.Pattern[str]) -> Iterator[Reading]:
    text, (start, end) = found.string, found.span()
    groups = found.groupdict()
    number_of_month, day = int(found["m"]), int(found["d"])
    whole = context.is_whole(text, start, end)
    told = (
        whole
        or "ที่" in found[0]
        or bool(groups.get("wd"))
        or context.follows(text, start, ("เกิด", "วันเกิด", "วันที่", "วัน"))
    )
    said, _ = years(found["y"], "", today)
    if context.follows(text, start, _NOT_DATES) or (pattern in (SPACED, SOLID) and not told):
        return
    if not said:
        if told and pattern is not SOLID:
            yield Reading(start, end, (), False)  # 15/1/2300
        return
    if 1 <= number_of_month <= 12:
        reading = next(_day_of_month(found, number_of_month, today), None)
        if reading and (reading.values or told or len(found["y"]) == 4):
            sure = reading.certain and pattern is not SOLID
            yield Reading(start, end, reading.values, sure, reading.unsaid)
    elif swapped := [d for y in said if 1 <= day <= 12 and (d := real_day(y, day, number_of_month))]:
        yield Reading(start, end, singles(swapped), False)  # month first, as in America
    elif (told or len(found["y"]) == 4) and pattern is not SOLID:
        yield Reading(start, end, (), False)


def _numbered(found: re.Match[str], today: date) -> Iterator[Reading]:
    """Yield the reading of a day without a month's name: วันที่ 5, วันศุกร์ที่ 27 นี้, วันที่ 5 เดือนหน้า, วันที่ 5 เดือน 12."""
    text, (start, end) = found.string, found.span()
    if context.is_recurring(text, start, end):
        return
    groups = found.groupdict()
    if groups["m"]:
        if 1 <= number(groups["m"]) <= 12:
            yield from _day_of_month(found, number(groups["m"]), today)
        else:
            yield Reading(start, end, (), False)
        return
    days = [number(groups["d"])] + ([number(groups["d2"])] if groups["d2"] else [])
    weekday = _weekday(groups)
    if weekday is not None and ("ของ" in found[0] or text[end : end + 8].lstrip().startswith("ของเดือน")):
        return  # the second Saturday of a month, not the 2nd
    month_said = groups["mr"] or groups["mb"]
    direction: Direction = "near" if groups["d2"] else context.direction(text, start, end)
    if groups["next"]:
        direction = "past" if re.fullmatch(context.GONE, groups["next"]) else "future"
    choices: list[tuple[tuple[date, ...], bool]] = []
    possible: tuple[date, ...]
    others: tuple[date, ...]
    for day in days:
        if month_said:
            away = {"นี้": 0, "หน้า": 1, "ถัดไป": 1}.get(month_said, -1)
            exact = real_day(*month_away(today, away), day)
            possible, clear, others = ((exact,) if exact else ()), bool(exact), ()
        else:
            possible, clear = without_month(day, today, direction)
            others = without_month(day, today, "open")[0]
        if weekday is not None and day == days[0]:
            possible, clear = with_weekday(possible, clear, others, weekday)
        choices.append((possible, clear and not context.is_approximate(text, start)))
    yield _combined(start, end, choices, groups["sep"], None if month_said else (days[0], 0))


def _period(found: re.Match[str], today: date) -> Iterator[Reading]:
    """Yield a whole month or year, which is never one day, so always asks."""
    groups = found.groupdict()
    name = groups.get("m") or groups.get("m2") or groups.get("m3") or groups.get("mn")
    if name and name.isascii() and len(groups.get("y") or "") == 2:
        return  # jan 15 is a day
    if groups.get("m3") and not (groups["which"] or groups["ey"] or context.is_whole(found.string, *found.span())):
        return  # มีนา and กันยา are names too
    if context.is_recurring(found.string, *found.span()):
        return
    if name is None:
        era = "be" if found["be"] or found["be2"] else "ce" if found["ce"] or found["ce2"] else ""
        spans = [Days(date(y, 1, 1), date(y, 12, 31)) for y in years(found["y"], era, today)[0]]
        if spans:
            yield Reading(*found.span(), tuple(spans), False)
        return
    number_of_month = int(name) if name.isdigit() else month(name)
    said, _, direction, odd = _said_years(groups, today, number_of_month, "near")
    if not said:
        possible, _ = without_year(28, number_of_month, today, direction)
        said = tuple(day.year for day in possible)
    months = tuple(days for y in said if (days := whole_month(y, number_of_month)))
    start, end = found.span()
    if odd:
        end = max(found.end(group) for group in ("m", "m2", "m3", "mn"))
    yield Reading(start, end, months, False)
