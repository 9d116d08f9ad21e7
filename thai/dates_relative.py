# SPDX-License-Identifier: Apache-2.0
"""Days counted from today: พรุ่งนี้, อีก 3 วัน, สิ้นเดือน, สัปดาห์หน้า, and holidays by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from thai import date_context as context
from thai import holidays_th
from thai.date_words import DAY_WORDS, GAP, LEFT, MONTH, NUMBER_WORD, WEEKDAYS, WORD_LEFT, any_of, month, number
from thai.date_years import (
    Days,
    Reading,
    month_away,
    months_away,
    real_day,
    shifted,
    single,
    singles,
    week_of,
    whole_month,
    without_year,
    years,
)

_thai = [word for word in DAY_WORDS if not word.isascii()]
_latin = [word for word in DAY_WORDS if word.isascii()]
_DAY_WORD = re.compile(rf"{any_of(_thai)}(?!ดี)|(?<![a-z]){any_of(_latin)}(?![a-z])")
_COUNT = (
    rf"(?:{LEFT}(?P<n>[0-9]{{1,4}})(?![0-9]|[.,:][0-9])(?: ?- ?(?P<n2>[0-9]{{1,3}})(?![0-9]))?"
    rf"|{WORD_LEFT}(?P<w>{NUMBER_WORD})(?P<w2>{NUMBER_WORD})?|(?P<h>ครึ่ง))"
)
_UNIT = r"(?P<u>วัน(?:ทำการ)?|คืน|อาทิตย์|สัปดาห์|เดือน|ปี)"
_ROUGH = r"(?P<rough>ประมาณ|ราวๆ?|สัก|เกือบ|ไม่เกิน|กว่า)"
_AHEAD = re.compile(
    rf"(?:อีก|จากนี้(?:ไป)?(?:อีก)?){GAP}(?:{_ROUGH}{GAP})?(?:{_COUNT}{GAP})?{_UNIT}(?!ที่|นี้|หน้า|เกิด)"
    rf"(?P<one>หนึ่ง|นึง|เดียว)?(?P<more>ครึ่ง|กว่า|เศษ)?(?P<two>สองวัน)?(?:{GAP}ข้างหน้า)?"
)
_ENGLISH_AWAY = re.compile(
    r"(?<![a-z])(?:(?P<ahead>in) )?(?P<n>[0-9]{1,3}) (?P<u>day|week|month|year)s?(?(ahead)(?![a-z])| (?P<gone>ago)(?![a-z]))"
)
_ENGLISH_UNITS = {"day": "วัน", "week": "สัปดาห์", "month": "เดือน", "year": "ปี"}
_AGO = re.compile(
    rf"{_COUNT}{GAP}{_UNIT}(?P<more>ครึ่ง|กว่า|เศษ)?{GAP}(?:(?P<gone>ที่แล้ว|ก่อนหน้านี้|ก่อน(?!ที่|จะ|ถึง|วัน|เดือน)|ที่ผ่านมา|มาแล้ว)|(?P<ahead>ข้างหน้า|หลังจากนี้|จากนี้|ถัดไป|จากวันนี้|นับจากวันนี้|นับจากนี้))"
)
_REL = r"(?P<rel>นี้|หน้า|ถัดไป|ที่แล้ว|ที่ผ่านมา|ก่อน(?!หน้า|ที่|จะ|ถึง|วัน|เดือน))"
_WEEK = re.compile(
    rf"(?:(?P<part>ต้น|กลาง|ปลาย|สุด|ท้าย)(?:สัปดาห์|อาทิตย์)(?:{_REL})?"
    rf"|(?:สัปดาห์|อาทิตย์){_REL.replace('rel', 'rel3', 1)})"
    r"|(?P<weekend>เสาร์ ?-? ?อาทิตย์|วันหยุดสุดสัปดาห์|สุดสัปดาห์)(?P<rel2>นี้|หน้า|ที่แล้ว|ที่ผ่านมา)?"
    r"|(?<![a-z])(?P<en>next|this|last) week(?![a-z])"
)
_POINT = re.compile(
    rf"(?P<part>ต้นๆ?|กลางๆ?|สิ้น|ปลายๆ?|ท้าย)(?:{GAP}เดือน{GAP}(?P<m>{MONTH})|{GAP}(?P<m2>{MONTH})|(?P<u>เดือน|ปี)(?!งบ|การ|ใหม่))"
    rf"(?:{_REL})?(?:{GAP}(?:ปี{GAP})?(?:พ\.?ศ\.?{GAP})?(?P<y>[0-9]{{4}}|(?<=[^0-9])[0-9]{{2}})(?![0-9]|[.:][0-9]|{GAP}(?:โมง|น\.|วัน|คน)))?(?:{GAP}ปี(?P<yr>นี้|หน้า|ที่แล้ว))?"
)
_SPAN = re.compile(rf"(?P<u>เดือน|ปี){_REL}|(?<![a-z])(?P<en>next|this|last) (?P<eu>month|year)(?![a-z])")
_HOLIDAY = re.compile(
    rf"{any_of(list(holidays_th.NAMES))}(?:{GAP}(?:ปี{GAP})?(?:พ\.?ศ\.?{GAP})?(?P<y>(?:25|26|20)[0-9]{{2}})(?![0-9])|ปี(?P<yr>นี้|หน้า|ที่แล้ว)"
    rf"|(?P<coming>{context.COMING}|หน้า|นี้)|(?P<gone>{context.GONE}))?"
)
_RELATIVE = {"นี้": 0, "หน้า": 1, "ถัดไป": 1, "this": 0, "next": 1}
_GREETINGS = ("สวัสดี", "สวัสดีวัน", "สุขสันต์", "สุขสันต์วัน", "ส่งท้ายปีเก่าต้อนรับ", "แฮปปี้", "merry")
_RECENT = 45  # days for which a holiday that is over may still be the one that is meant


def readings(text: str, today: date) -> Iterator[Reading]:
    """Yield every reading of a day counted from `today` in `text`, which is as `plain` returns it."""
    for found in _DAY_WORD.finditer(text):
        yield from _day_word(found, today)
    if "อีก" in text or "จากนี้" in text:
        for found in _AHEAD.finditer(text):
            yield from _counted(found, today, 1)
    for found in _AGO.finditer(text):
        yield from _counted(found, today, -1 if found["gone"] else 1)
    for found in _ENGLISH_AWAY.finditer(text):
        day = _moved(today, int(found["n"]) * (-1 if found["gone"] else 1), _ENGLISH_UNITS[found["u"]])
        yield Reading(*found.span(), singles([day] if day else []), bool(day))
    for pattern, reader in ((_WEEK, _week), (_POINT, _point), (_SPAN, _span), (_HOLIDAY, _holiday)):
        for found in pattern.finditer(text):
            if not context.is_recurring(text, *found.span()):
                yield from reader(found, today)


def _day_word(found: re.Match[str], today: date) -> Iterator[Reading]:
    offsets, certain = DAY_WORDS[found[0]]
    moved = [day for offset in offsets if (day := shifted(today, offset))]
    rough = context.is_approximate(found.string, found.start()) and offsets != (0,)
    rough = rough or found.string.startswith("อีกวัน", found.end())
    if moved and not (offsets == (0,) and context.is_recurring(found.string, *found.span())):
        yield Reading(*found.span(), singles(moved), certain and not rough)


def _counted(found: re.Match[str], today: date, sign: int) -> Iterator[Reading]:
    """Yield a day so many days, weeks, months or years away; rough words and two numbers (สองสามวัน) always ask."""
    groups = found.groupdict()
    unit = groups["u"]
    counts = [number(groups[name] or "0") for name in ("n", "n2", "w", "w2") if groups[name]]
    sure = len(counts) == 1 and not (
        groups.get("rough") or groups.get("more") or context.is_approximate(found.string, found.start())
    )
    if not counts:
        if groups["h"]:
            yield from _half(found, today, sign)
            return
        if not groups.get("one") and unit.startswith("วัน") and not groups.get("two"):
            return  # อีกวัน: another day
        counts, sure = [1], bool(groups.get("one"))
        if groups.get("two"):
            counts, sure = [1, 2], False
    if unit == "วันทำการ":
        found_days = [_working_day(today, sign * count) for count in counts if count <= 366]
        yield Reading(*found.span(), singles(day for day in found_days if day), False)
        return
    if groups.get("more") == "ครึ่ง":
        counts = [*counts, counts[0] + 1]
    vague = sign < 0 and unit in {"เดือน", "ปี"}
    moved = [day for count in counts if (day := _moved(today, sign * count, unit))]
    if moved or counts:
        yield Reading(*found.span(), singles(moved), bool(moved) and sure and not vague and unit != "คืน")


def _half(found: re.Match[str], today: date, sign: int) -> Iterator[Reading]:
    half = {"เดือน": shifted(today, 15 * sign), "ปี": months_away(today, 6 * sign)}.get(found["u"])
    if half:
        yield Reading(*found.span(), (single(half),), False)


def _moved(today: date, count: int, unit: str) -> date | None:
    if unit in {"เดือน", "ปี"}:
        return months_away(today, count * (12 if unit == "ปี" else 1))
    return shifted(today, count * (7 if unit in {"อาทิตย์", "สัปดาห์"} else 1))


def _working_day(today: date, count: int) -> date | None:
    """Return the day so many weekdays away; public holidays are not known in full, so the answer is confirmed."""
    day: date | None = today
    for _ in range(abs(count)):
        day = shifted(day, 1 if count > 0 else -1) if day else None
        while day and day.weekday() > 4:
            day = shifted(day, 1 if count > 0 else -1)
    return day


def _week(found: re.Match[str], today: date) -> Iterator[Reading]:
    """Yield a week, its beginning or its end: never one day for certain."""
    which = found["rel"] or found["rel2"] or found["rel3"] or found["en"] or "นี้"
    moved = shifted(today, 7 * _RELATIVE.get(which, -1))
    week = week_of(moved) if moved else None
    if not week:
        return
    saturday, friday = shifted(week.first, 5), shifted(week.first, 4)
    if (found["weekend"] or found["part"] in {"สุด", "ท้าย"}) and saturday:
        week = Days(saturday, week.last)
        if (
            today.weekday() > 4
            and which not in {"หน้า", "ถัดไป"}
            and (later := shifted(saturday, 7))
            and (last := shifted(week.last, 7))
        ):
            yield Reading(*found.span(), (week, Days(later, last)), False)
            return
    elif found["part"] == "ปลาย" and friday:
        week = Days(friday, week.last)
    elif found["part"] in {"ต้น", "กลาง"}:
        start = shifted(week.first, 0 if found["part"] == "ต้น" else 2)
        week = Days(start, start) if start else week
    yield Reading(*found.span(), (week,), False)


def _point(found: re.Match[str], today: date) -> Iterator[Reading]:
    """Yield the beginning, middle or end of a month or year; the first and the last day of a month are certain."""
    groups = found.groupdict()
    part, name = groups["part"].rstrip("ๆ"), groups["m"] or groups["m2"]
    certain = part in {"ต้น", "สิ้น"} and not groups["part"].endswith("ๆ")
    certain = certain and not context.is_approximate(found.string, found.start())
    certain = certain and not context.follows(found.string, found.start(), tuple(WEEKDAYS))  # ศุกร์สิ้นเดือน
    if groups["u"] == "ปี":
        yield from _point_of_year(found, today, part, certain)
        return
    months, sure = _months(groups, name, today, part, context.follows(found.string, found.start(), ("เมื่อ",)))
    values: list[Days] = []
    for year, month_number in months:
        whole = whole_month(year, month_number)
        if not whole:
            continue
        if part == "กลาง":
            values.append(single(whole.first.replace(day=15)))
        elif part == "ต้น":
            values.append(single(whole.first))
        else:
            values.append(single(whole.last))
            values += [Days(whole.first.replace(day=21), whole.last)] if part != "สิ้น" else []
    if values:
        yield Reading(*found.span(), tuple(dict.fromkeys(values)), certain and sure and len(values) == 1)


def _months(
    groups: dict[str, str | None], name: str | None, today: date, part: str, over: bool
) -> tuple[list[tuple[int, int]], bool]:
    """Return the (year, month) that are meant, and whether it is clear which."""
    rel = groups["rel"]
    if name:
        said: tuple[int, ...] = ()
        if groups["y"]:
            said, sure = years(groups["y"], "", today, month=month(name))
            return [(year, month(name)) for year in said], sure
        if groups["yr"]:
            return [(today.year + _RELATIVE.get(groups["yr"], -1), month(name))], True
        day = {"ต้น": 1, "กลาง": 15}.get(part, 28)
        possible, sure = without_year(day, month(name), today, "past" if rel in {"ที่แล้ว", "ที่ผ่านมา"} else "near")
        return [(found.year, found.month) for found in possible], sure
    if rel:
        return [month_away(today, _RELATIVE.get(rel, -1))], True
    this = month_away(today, 0)
    if part == "สิ้น" or (part == "ปลาย") or over:
        return [this], True
    passed = today.day > (1 if part == "ต้น" else 15)
    return ([month_away(today, 1), this], False) if passed else ([this], True)


def _point_of_year(found: re.Match[str], today: date, part: str, certain: bool) -> Iterator[Reading]:
    said: tuple[int, ...] = (today.year + _RELATIVE.get(found["rel"] or "นี้", -1),)
    sure = True
    if found["y"]:
        said, sure = years(found["y"], "", today)
    spans = {
        "ต้น": ((1, 1), (1, 31)),
        "กลาง": ((5, 1), (7, 31)),
        "ปลาย": ((10, 1), (12, 31)),
        "ท้าย": ((10, 1), (12, 31)),
    }
    values = []
    for year in said:
        first, last = spans.get(part, ((12, 31), (12, 31)))
        a, b = real_day(year, *first), real_day(year, *last)
        values += [Days(a, b)] if a and b else []
    if values:
        yield Reading(*found.span(), tuple(values), certain and sure and part == "สิ้น" and len(values) == 1)


def _span(found: re.Match[str], today: date) -> Iterator[Reading]:
    away = _RELATIVE.get(found["rel"] or found["en"], -1)
    if found["u"] == "เดือน" or found["eu"] == "month":
        whole = whole_month(*month_away(today, away))
    else:
        first, last = real_day(today.year + away, 1, 1), real_day(today.year + away, 12, 31)
        whole = Days(first, last) if first and last else None
    if whole:
        yield Reading(*found.span(), (whole,), False)


def _holiday(found: re.Match[str], today: date) -> Iterator[Reading]:
    """Yield a holiday: this year's or the next's, asking when the last one was so lately that it may be meant."""
    text, start = found.string, found.start()
    name = next(name for name in holidays_th.NAMES if text.startswith(name, start))
    if context.follows(text, start, _GREETINGS):
        return
    said: list[int] = []
    if found["y"]:
        said = list(years(found["y"], "", today)[0])
    elif found["yr"]:
        said = [today.year + _RELATIVE.get(found["yr"], -1)]
    if said:
        values = [Days(*days) for year in said for days in _in_year(name, year)]
    else:
        near = [days for year in (today.year - 1, today.year, today.year + 1) for days in _in_year(name, year)]
        firsts = sorted({first for first, _ in near})
        coming = next((first for first in firsts if first >= today), None)
        gone = next((first for first in reversed(firsts) if first < today), None)
        past = bool(found["gone"]) or context.direction(text, *found.span()) == "past"
        wanted = [gone] if past else [coming]
        if gone and not past and not found["coming"] and (today - gone).days <= _RECENT:
            wanted.append(gone)
        values = [Days(*days) for first in wanted for days in near if days[0] == first]
        if name.startswith("วันเฉลิม"):
            values = [Days(*days) for days in near if days[0] >= today][:2]
    if values:
        certain = len(values) == 1 and holidays_th.is_fixed(name) and not context.is_approximate(text, start)
        yield Reading(*found.span(), tuple(values), certain)


def _in_year(name: str, year: int) -> list[tuple[date, date]]:
    return holidays_th.days(name, year) if 1 <= year <= 9999 else []
