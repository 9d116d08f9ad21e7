# SPDX-License-Identifier: Apache-2.0
"""Lengths of time as Thai citizens write them: 3 วัน, ครึ่งชั่วโมง, ปีครึ่ง, 1 ปี 6 เดือน."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from thai import date_context as context
from thai.date_words import GAP, LEFT, MONTHS, NUMBER_WORD, WORD_LEFT, any_of, number, plain
from thai.found import Found

_SIGN = re.compile(r"วัน|เดือน|ปี|อาทิตย์|สัปดาห์|ชั่วโมง|ชม|ช\.ม|นาที|คืน|day|week|month|year|hour|hr|min|sec")
#: unit → its rank, the largest first; a piece follows another of a higher rank
_UNITS = {
    **dict.fromkeys(("ปี", "year"), "Y"),
    **dict.fromkeys(("เดือน", "month"), "M"),
    **dict.fromkeys(("สัปดาห์", "อาทิตย์", "week"), "W"),
    **dict.fromkeys(("วัน", "day", "คืน"), "D"),
    **dict.fromkeys(("ชั่วโมง", "ชม.", "ชม", "ช.ม.", "hour", "hr"), "h"),
    **dict.fromkeys(("นาที", "minute", "min"), "m"),
    **dict.fromkeys(("วินาที", "second", "sec"), "s"),
}
_RANKS = "YMWDhms"
HOURS = _RANKS.index("h")
_WEEKDAYS = r"จันทร|อังคา|พุธ|พฤหัส|ศุกร|เสาร|อาทิตย์"
_DAY_NAMES = rf"(?:ที่(?!แล้ว|ผ่านมา)|นี้|หน้า|ไหน|เกิด|หยุด|พ่อ|แม่|สงกรานต์|พรุ่ง|มะรืน|พระ|ละ|ๆ|{_WEEKDAYS})"
_NOT_SPAN = r"(?:นี้|หน้า|ไหน|ละ|ๆ)"
_FROM_TODAY = re.compile(rf"{GAP}(?:ที่แล้ว|ก่อน(?!จะ|ถึง)|ที่ผ่านมา|ข้างหน้า|ถัดไป|จากนี้)")
_UNIT = (
    rf"(?P<u>วินาที|นาที|ชั่วโมง|ชม\.?(?![ก-๎])|ช\.ม\.?|วัน(?!{GAP}{_DAY_NAMES})|คืน(?=[ \t\n.,]|$|ค่ะ|ครับ)"
    rf"|สัปดาห์(?!{_NOT_SPAN})|อาทิตย์(?!{_NOT_SPAN})"
    rf"|เดือน(?!{_NOT_SPAN}|{GAP}{any_of([m for m in MONTHS if len(m) > 3])}|{GAP}[0-9]{{1,2}}(?!{GAP}(?:วัน|สัปดาห์|อาทิตย์|[0-9])))"
    rf"|ปี(?!{_NOT_SPAN}|{GAP}[0-9]{{4}}|ใหม่|การ|งบ|{GAP}พ\.)|(?:day|week|month|year|hour|hr|minute|min|second|sec)(?=s?(?![a-z])))s?"
)
_COUNT = (
    rf"(?:{LEFT}(?P<n>[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?)(?![0-9.,:/])(?: ?(?:-|ถึง|หรือ) ?(?P<n2>[0-9]{{1,4}})(?![0-9]))?"
    rf"|{WORD_LEFT}(?P<w>{NUMBER_WORD})(?:{GAP}(?:ถึง|หรือ)?{GAP}(?P<w2>{NUMBER_WORD}))?|(?P<h>ครึ่ง))"
)
_PIECE = re.compile(rf"(?:{_COUNT}{GAP})?{_UNIT}(?:{GAP}(?P<more>ครึ่ง|กว่าๆ?|เศษๆ?)|(?P<one>หนึ่ง|นึง|เดียว))?")
_LINK = re.compile(rf"{GAP}(?:กับอีก|กับ|และ)?{GAP}")
_CLOCK_BEFORE = re.compile(
    r"(?:(?<!ชั่ว)โมง|ทุ่ม|นาฬิกา|เช้า|เย็น|เที่ยง(?:คืน|วัน)?|(?:บ่าย|ตี) ?(?:[1-6]|หนึ่ง|สอง|สาม|สี่|ห้า|หก)?) *$"
)
_CLOCK_AFTER = re.compile(rf" {{0,2}}(?:จะ|ก่อน|ถึง)? {{0,2}}(?:{NUMBER_WORD}|[0-9]{{1,2}}) ?(?:โมง|ทุ่ม|นาฬิกา)|เที่ยง")
_NUMBERED = ("ที่", "วันที่", "พ.ศ.", "ปี", "เบอร์", "เลขที่", "ชั้น", "ม.", "ป.", "ข้อ", "เกิด")


@dataclass(frozen=True, slots=True)
class Length:
    """So many calendar months and days, and so many seconds; `in_weeks` for days that were counted in weeks."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    in_weeks: bool = False

    def __add__(self, other: Length) -> Length:
        return Length(self.months + other.months, self.days + other.days, self.seconds + other.seconds)

    def __str__(self) -> str:
        """Return the ISO 8601 form, weeks only for nothing but weeks: P2W, P14D, P1Y6M, PT1H30M."""
        if self.in_weeks and self.days % 7 == 0 and not self.seconds:
            return f"P{self.days // 7}W"
        years, months = divmod(self.months, 12)
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        date = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (self.days, "D")) if n)
        time = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
        return f"P{date}{'T' + time if time else ''}" if date or time else "PT0S"


@dataclass(frozen=True, slots=True)
class Span:
    """What `text[start:end]` can mean, as lengths; `highest` and `lowest` are the ranks of its largest and smallest
    units, from 0 for years to 6 for seconds."""

    start: int
    end: int
    values: tuple[Length, ...]
    certain: bool
    highest: int
    lowest: int


def find(text: str) -> list[Found[str]]:
    """Return the lengths of time of `text` in order as ISO 8601 durations; no text raises.

    `confirm` for what is rough (ประมาณ, กว่า, 2-3 วัน). Days that are counted from today (3 วันก่อน) and minutes of a
    clock time (9 โมง 15 นาที) are none. `text` is best as `normalise` returns it.

    >>> [found.value for found in find("ชั่วโมงครึ่ง, 1 ปี 6 เดือน, สองอาทิตย์")]
    ['PT1H30M', 'P1Y6M', 'P2W']
    """
    read = plain(text)
    return [_found(span) for span in spans(read) if not _FROM_TODAY.match(read, span.end)]


def spans(text: str) -> list[Span]:
    """Return the lengths in a text as `plain` returns it, those counted from today or now among them."""
    if not _SIGN.search(text):
        return []
    kept: list[Span] = []
    for found in _PIECE.finditer(text):
        previous = kept[-1] if kept else None
        linked = previous is not None and _LINK.fullmatch(text, previous.end, found.start()) is not None
        for span in _piece(found, linked=linked):
            if previous and linked and _belongs(previous, span, found["u"]):
                kept[-1] = _together(previous, span, found["u"])
            else:
                kept.append(span)
    return kept


def _found(span: Span) -> Found[str]:
    values = tuple(dict.fromkeys(map(str, span.values)))
    return Found(
        "duration", values, span.start, span.end, "certain" if span.certain and len(values) == 1 else "confirm"
    )


def _piece(found: re.Match[str], *, linked: bool) -> Iterator[Span]:
    """Yield one number with its unit; a unit alone counts only with ครึ่ง, นึง or เดียว. `linked`: to the one before."""
    text, (start, end) = found.string, found.span()
    rank = _RANKS.index(_UNITS[found["u"]])
    half = found["more"] == "ครึ่ง"
    if not linked and context.follows(text, start, _NUMBERED):
        return
    if rank == _RANKS.index("m") and _of_a_clock(text, start, end):
        return
    sure = not context.is_approximate(text, start) and (half or not found["more"])
    sure = sure and not context.follows(text, start, ("เกือบ", "ไม่เกิน", "กว่า", "เกิน", "ไม่ถึง", "ร่วม"))
    sure = sure and found["u"] != "คืน"
    counts = [float(found["n"] or number(found["w"]))] if found["n"] or found["w"] else []
    counts += [float(found["n2"] or number(found["w2"]))] if found["n2"] or found["w2"] else []
    if found["h"]:
        counts, sure = [0.5], sure and rank not in {_RANKS.index("D"), _RANKS.index("W")}
    elif not counts:
        if not (half or found["one"]):
            return
        counts, sure = [1.0], sure and not (found["u"] == "วัน" and found["one"] in {"หนึ่ง", "นึง"})
    if text.startswith("ทำการ", end):
        end, sure = end + 5, False
    lengths = tuple(_length(count + (0.5 if half else 0), rank) for count in counts)
    yield Span(start, end, lengths, sure and len(lengths) == 1, rank, rank)


def _of_a_clock(text: str, start: int, end: int) -> bool:
    """Tell whether the minutes belong to a time: 9 โมง 15 นาที, อีก 15 นาที 9 โมง."""
    return bool(_CLOCK_BEFORE.search(text, max(0, start - 16), start) or _CLOCK_AFTER.match(text, end))


def _length(count: float, rank: int) -> Length:
    unit = _RANKS[rank]
    if unit in "YM":
        months = count * (12 if unit == "Y" else 1)
        return Length(months=int(months), days=round((months - int(months)) * 30))
    if unit in "WD":
        days = count * (7 if unit == "W" else 1)
        return Length(days=int(days), seconds=round((days - int(days)) * 86400), in_weeks=unit == "W")
    return Length(seconds=round(count * {"h": 3600, "m": 60, "s": 1}[unit]))


def _belongs(first: Span, second: Span, unit: str) -> bool:
    smaller = second.highest > first.lowest or (unit == "คืน" and first.lowest == _RANKS.index("D"))
    return smaller and len(first.values) == 1 and len(second.values) == 1


def _together(first: Span, second: Span, unit: str) -> Span:
    if unit == "คืน":  # 3 วัน 2 คืน: the nights are within the days
        return Span(first.start, second.end, first.values, first.certain, first.highest, first.lowest)
    total = first.values[0] + second.values[0]
    return Span(first.start, second.end, (total,), first.certain and second.certain, first.highest, second.lowest)
