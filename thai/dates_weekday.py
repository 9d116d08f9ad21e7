# SPDX-License-Identifier: Apache-2.0
"""Days named by their weekday: วันศุกร์, ศุกร์นี้, วันศุกร์หน้า, ศุกร์ที่แล้ว, เสาร์แรกของเดือนหน้า."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from thai import date_context as context
from thai.date_words import GAP, WEEKDAY, WEEKDAYS
from thai.date_years import Direction, Reading, month_away, real_day, shifted, singles

_NTH = {"แรก": 0, "ที่1": 0, "ที่2": 1, "ที่สอง": 1, "ที่3": 2, "ที่สาม": 2, "ที่4": 3, "ที่สี่": 3, "สุดท้าย": -1}
_DAY = re.compile(
    rf"(?:(?:สัปดาห์|อาทิตย์)(?P<before>นี้|หน้า|ถัดไป|ที่แล้ว|ก่อน){GAP})?(?P<day>วัน ?)?(?P<wd>{WEEKDAY})"
    rf"(?:{GAP}(?P<nth>แรก|สุดท้าย|ที่ ?(?:[1-4]|สอง|สาม|สี่)(?= ?ของ))(?: ?ของ)? ?(?:เดือน(?P<month>นี้|หน้า|ที่แล้ว)?)?"
    rf"|{GAP}(?P<coming>{context.COMING})|{GAP}(?P<gone>ที่เพิ่งผ่านมา|ที่ผ่านมา)|{GAP}(?P<last>ที่แล้ว|ก่อน(?!ที่|จะ|ถึง|เที่ยง|บ่าย|[0-9 ]))"
    rf"|{GAP}(?P<this>นี้)|{GAP}(?P<week>(?:ของ)?(?:อาทิตย์|สัปดาห์)นี้)|{GAP}(?P<after>(?:ของ)?(?:อาทิตย์|สัปดาห์)หน้า)|{GAP}(?P<next>หน้า))?"
)
_ENGLISH = re.compile(
    r"(?<![a-z])(?:(?P<which>next|this|last|on) )?(?P<wd>monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?![a-z])"
)
_OF_A_MONTH = re.compile(rf"{GAP}(?:ใน|ของ|ช่วง)?{GAP}(?:ต้น|กลาง|ปลาย|สิ้น|เดือน|ปี)")
_TIME_AFTER = re.compile(r" ?(?:เช้า|สาย|เที่ยง|บ่าย|เย็น|ค่ำ|ตอน|เวลา|ช่วง|ตี|[0-9]|-|ถึง)")
#: not the beginning of จันทร์เพ็ญ, อาทิตย์อุทัย, a name or another word
_EDGE_BEFORE = re.compile(r"(?:^|[ \t\n,.\-(/]|ถึง|ก่อน|หลัง|และ|หรือ|เป็น|ตั้งแต่|เมื่อ|ภายใน)$")
_EDGE_AFTER = re.compile(r"$|[ \t\n,.\-)/?!]|ค่ะ|ครับ|คะ|คับ|ถึง|และ|หรือ|ได้")


def readings(text: str, today: date) -> Iterator[Reading]:
    """Yield every reading of a weekday in `text`, which is as `plain` returns it."""
    for found in _DAY.finditer(text):
        if _is_a_day(found) and not context.is_recurring(text, *found.span()):
            yield from _thai(found, today)
    for found in _ENGLISH.finditer(text):
        if not context.is_recurring(text, *found.span()):
            which = {"next": "next", "this": "this", "last": "last"}.get(found["which"] or "", "")
            yield from _weekday(found, WEEKDAYS[found["wd"]], which, today)


def _is_a_day(found: re.Match[str]) -> bool:
    """Tell whether a bare name is a day: อาทิตย์ alone is a week or the sun, จันทร์ and พุธ are in names."""
    week = found["week"] or found["after"] or ""
    if found["wd"].isascii() or (found["wd"].startswith("เสาร") and week.startswith("อาทิตย์")):
        return False  # เสาร์อาทิตย์นี้ is a weekend
    if found["day"] or found["before"]:
        return True
    start, end = found.span()
    text = found.string
    if found["wd"].startswith("อาทิ"):
        return False
    if not _EDGE_BEFORE.search(text[max(0, start - 8) : start]) and end == found.end("wd"):
        return False
    return end > found.end("wd") or bool(_EDGE_AFTER.match(text, end) or _TIME_AFTER.match(text, end))


def _thai(found: re.Match[str], today: date) -> Iterator[Reading]:
    weekday = WEEKDAYS[found["wd"]]
    if found["nth"]:
        yield from _nth(found, weekday, today)
        return
    which = next((name for name in ("coming", "gone", "last", "week", "this", "after", "next") if found[name]), "")
    if found["before"]:  # สัปดาห์หน้าวันศุกร์
        which = {"หน้า": "after", "ถัดไป": "after", "นี้": "week"}.get(found["before"], "before")
    yield from _weekday(found, weekday, which, today)


def _weekday(found: re.Match[str], weekday: int, which: str, today: date) -> Iterator[Reading]:
    """Yield the day: certain for the coming one; หน้า and ที่แล้ว mean the nearest one or that of the next or last week."""
    text, (start, end) = found.string, found.span()
    offsets = _offsets(weekday - today.weekday(), which, context.direction(text, start, end), today.weekday() == 6)
    days = [day for offset in dict.fromkeys(offsets) if (day := shifted(today, offset))]
    asks = len(days) > 1 or which == "next" or context.is_approximate(text, start) or _OF_A_MONTH.match(text, end)
    if days:
        yield Reading(start, end, singles(days), not asks, None if which else (-1, weekday))


def _offsets(in_week: int, which: str, direction: Direction, sunday: bool) -> list[int]:
    """Return how many days away it can be; `in_week`: how far the weekday is within today's week, Monday to Sunday."""
    ahead, back = in_week % 7, -(-in_week % 7 or 7)
    if which == "gone" or (not which and direction == "past"):
        return [back]
    if which == "next":
        return [in_week + 7, *(offset for offset in (ahead or 7, (ahead or 7) + 7) if offset != in_week + 7)][:2]
    if which == "this":  # said on a Sunday, and of a day that is over, it is the next one
        return [0, 7] if ahead == 0 else [ahead] if in_week >= 0 or sunday else [ahead, in_week]
    if not which:
        return [7, 0] if ahead == 0 else [back, ahead] if direction == "open" else [ahead]
    return {
        "last": [back, in_week - 7],
        "before": [in_week - 7],
        "after": [in_week + 7],
        "coming": [ahead or 7],
        "week": [in_week, in_week + 7] if sunday and in_week else [in_week],
    }[which]


def _nth(found: re.Match[str], weekday: int, today: date) -> Iterator[Reading]:
    """Yield the first, second … or last such weekday of a month, which always asks."""
    away = {"หน้า": 1, "ที่แล้ว": -1}.get(found["month"] or "", 0)
    year, month = month_away(today, away)
    days = [day for n in range(1, 32) if (day := real_day(year, month, n)) and day.weekday() == weekday]
    index = _NTH[found["nth"].replace(" ", "")]
    if days:
        yield Reading(*found.span(), singles([days[index]]), False)
