# SPDX-License-Identifier: Apache-2.0
"""Numbers in a message, in digits and in words, each with what else it may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TypeAlias

from thai import protected
from thai.found import Found
from thai.lexicon import listed
from thai.normalise import arabic_digits
from thai.number_context import about, blocked, counted, quantity_after, signed, whole_answer
from thai.numeral_parts import PART, Part, parts_at
from thai.numerals import LONGEST_ROW, read, spoken_row

Number: TypeAlias = int | Decimal

_ROW = re.compile(r"(?<![0-9.,])[0-9]+(?:[.,][0-9]+)*(?: ?[-–—/:~] ?[0-9]+(?:[.,][0-9]+)*)+")
_RANGE = re.compile(r" ?(?:-|–|—|~|ถึง|จนถึง|หรือ) ?")
# what is stuck to digits makes them part of a code (A4, 4G), unless it is a unit
_LATIN_BEFORE = re.compile(r"[A-Za-z][.\-_]?$")
_LATIN_AFTER = re.compile(r"[A-Za-z]+")
_CODE_AFTER = re.compile(r"G\b|[-_/][0-9]{0,8}[A-Za-z]")  # 4G, 2569-7KMPX4
_UNITS_AFTER = frozenset(
    listed("km kg cm mm m g mg l ml gb mb tb usd thb baht am pm hr hrs min mins sqm kw kwh w v c f pcs")
)
_THOUSANDS = {"k": 1000}
_DOZENS = {"โหล": 12, "คู่": 2}
_DOZEN = re.compile(" ?(โหล|คู่)(?![ะัาำิ-ฺๅ็-๎])")
_MOST = 250  # numbers in one message; more are no language
_LONGEST_IN_RANGE = 9  # characters: 1,000,000-2,000,000 is a range
_LONG_ROW = 2  # parts of a range; more are a date, a telephone number, a version


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A numeral in the text before its surroundings are looked at."""

    values: tuple[Decimal, ...]
    start: int
    end: int
    sure: bool
    words: tuple[Part, ...]


def find(text: str) -> list[Found[Number]]:
    """Return the numbers of `text` in order, never overlapping; never raises.

    Values are `int`, or `Decimal` where there is a fraction. What is said loosely (พันห้า, สองสามคน, กว่าร้อย) or may be
    a word of another meaning is `confirm`. Telephone numbers, dates, codes and what `thai.protected` knows are no
    numbers.

    >>> [(found.values, found.certainty) for found in find("จ่ายไปสองพันห้า เหลือ ๑,๒๓๔.๕๐ บาท")]
    [((2500, 2005), 'confirm'), ((Decimal('1234.50'),), 'certain')]
    """
    plain = arabic_digits(text)
    candidates = islice(_candidates(plain), _MOST)
    kept = [found for one in candidates if (found := _judged(plain, one))]
    return list(_joined(plain, kept))


def small_number(text: str, position: int) -> tuple[int, int] | None:
    """Return `(value, end)` of the number from 0 to 99 that begins at `position`, in digits or in words.

    It looks at nothing around: whether the ห้า of ห้ามกราคม is a five is the caller's to know.

    >>> small_number("วันที่ยี่สิบเอ็ด", 6), small_number("๑๕ มกราคม", 0), small_number("ร้อย", 0)
    ((21, 16), (15, 2), None)
    """
    plain = arabic_digits(text[position : position + 24])
    digits = re.match(r"[0-9]{1,2}(?![0-9])", plain)
    if digits:
        return int(digits[0]), position + digits.end()
    row: list[Part] = []
    for part in parts_at(plain, 0):
        if part.gap or part.kind in ("literal", "half", "point") or part.value >= 100:
            break
        row.append(part)
    reading = read(row, 0) if row else None
    if reading is None or not reading.sure or reading.values[0] >= 100:
        return None
    return int(reading.values[0]), position + row[reading.after - 1].end


def as_number(value: Decimal) -> Number:
    """Return an `int` for a whole number, else the `Decimal`.

    >>> as_number(Decimal("1500000.0")), as_number(Decimal("2.5"))
    (1500000, Decimal('2.5'))
    """
    return int(value) if value == value.to_integral_value() else value


def _candidates(plain: str) -> Iterator[_Candidate]:
    taken = protected.spans(plain) + [m.span() for m in _ROW.finditer(plain) if _is_code(m[0])]
    position = 0
    while match := PART.search(plain, position):
        parts = parts_at(plain, match.start())
        yield from _of_row(plain, parts, taken)
        position = parts[-1].end


def _of_row(plain: str, parts: Sequence[Part], taken: Sequence[tuple[int, int]]) -> Iterator[_Candidate]:
    first = 0
    while first < len(parts):
        words = spoken_row(parts, first)
        if words > LONGEST_ROW:
            first += words
            continue
        reading = read(parts, first)
        if reading is None:
            first += 1
            continue
        after = reading.after
        last = parts[after - 1]
        if after - first > 1 and last.gap and last.kind in ("word", "literal"):
            # ค่าปรับ 1 พัน 3 วัน: the last digit counts something else
            shorter = read(parts[: after - 1], first) if counted(plain, last.start, last.end, money=False) else None
            reading = shorter or reading
            after = reading.after
        start, end = parts[first].start, parts[after - 1].end
        if all(end <= a or b <= start for a, b in taken):
            yield _Candidate(reading.values, start, end, reading.sure, tuple(parts[first:after]))
        first = after


def _is_code(row: str) -> bool:
    pieces = re.split(r" ?[-–—/:~] ?", row)
    if len(pieces) > _LONG_ROW or re.search("[/:]", row):
        return True
    leading_zero = any(re.match("0[0-9]", piece) for piece in pieces)
    return leading_zero or (" " not in row and max(map(len, pieces)) > _LONGEST_IN_RANGE)


def _judged(plain: str, one: _Candidate) -> Found[Number] | None:
    """The number with its sign, its dozens and what stands around it; None for what is no number here."""
    literal = one.words[-1].kind == "literal"
    sign = signed(plain, one.start, literal=one.words[0].kind == "literal")
    start = sign[0] if sign else one.start
    scaled = _with_letters(plain, one, literal=literal)
    if scaled is None:
        return None
    values, end, sure = scaled
    whole = whole_answer(plain, start, end)
    if one.words[0].kind != "literal" and not literal and not whole:
        doubt = blocked(plain, one.start, end, one.words)
        if doubt == "word" or one.words[0].kind == "point":
            return None
        sure = sure and doubt == "number"
    dozen = _DOZEN.match(plain, end)
    if dozen:
        values, end, sure = (values[0] * _DOZENS[dozen[1]], *values), dozen.end(), False
    if sign:
        certain = sign[1] or whole
        values = tuple(-value for value in values) if certain else (-values[0], *values)
    sure = sure and not about(plain, start, end) and not quantity_after(plain, end)
    numbers = tuple(dict.fromkeys(as_number(value) for value in values))
    return Found("number", numbers, start, end, "certain" if sure and len(numbers) == 1 else "confirm")


def _with_letters(plain: str, one: _Candidate, *, literal: bool) -> tuple[tuple[Decimal, ...], int, bool] | None:
    """Values, end and sureness after the letters around digits were looked at: 5k, 5 kg; None for codes (A4, 4G)."""
    if one.words[0].kind == "literal" and _LATIN_BEFORE.search(plain, max(0, one.start - 2), one.start):
        return None
    if literal and _CODE_AFTER.match(plain, one.end):
        return None
    latin = _LATIN_AFTER.match(plain, one.end)
    if not literal or latin is None:
        return one.values, one.end, one.sure
    name = latin[0].lower()
    if name in _THOUSANDS:
        return tuple(value * _THOUSANDS[name] for value in one.values), latin.end(), False
    return (one.values, one.end, one.sure) if name in _UNITS_AFTER else None


def _joined(plain: str, found: list[Found[Number]]) -> Iterator[Found[Number]]:
    """Ranges (3-5, สามถึงห้า) and fractions (เศษหนึ่งส่วนสอง) are one finding each."""
    waiting: Found[Number] | None = None
    for one in found:
        if waiting is not None:
            between = plain[waiting.end : one.start]
            if between.strip() == "ส่วน" and plain.endswith("เศษ", 0, waiting.start) and one.values[0]:
                value = Decimal(waiting.values[0]) / Decimal(one.values[0])
                waiting = Found("number", (as_number(value),), waiting.start - 3, one.end, "certain")
                continue
            if _RANGE.fullmatch(between):
                values = tuple(dict.fromkeys((*waiting.values[:2], *one.values[:2])))
                waiting = Found("number", values, waiting.start, one.end, "confirm")
                continue
            yield waiting
        waiting = one
    if waiting is not None:
        yield waiting
