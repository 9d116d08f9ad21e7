# SPDX-License-Identifier: Apache-2.0
"""One numeral read from a row of its parts: 25, 2 หมื่น 5, สองหมื่นห้าพัน, สิบสองจุดห้า, ล้านครึ่ง."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from thai.numeral_parts import Part, PartKind

_MILLION = 1_000_000
_NEVER_MORE = Decimal(10) ** 21
LONGEST_ROW = 12  # digits said one by one; more are an identifier


@dataclass(frozen=True, slots=True)
class Reading:
    """What parts `[first:after]` are worth: the likeliest first; `sure` when nobody would read it otherwise."""

    values: tuple[Decimal, ...]
    after: int
    sure: bool


def read(parts: Sequence[Part], first: int) -> Reading | None:
    """Return the longest numeral that begins with `parts[first]`, or None where none begins."""
    if not parts[first].readings or parts[first].kind == "one":
        return None
    spoken = _spoken_digits(parts, first)
    if spoken:
        return spoken
    reading = _Reader(parts, first).read()
    if reading is None or any(value >= _NEVER_MORE for value in reading.values):
        return None
    return reading


class _Reader:
    """Adds up the parts from the greatest unit to the least, as they are said."""

    def __init__(self, parts: Sequence[Part], first: int) -> None:
        self._parts = parts
        self._at = first
        self._first = first
        self._millions = Decimal(0)
        self._section = Decimal(0)  # below a million
        self._pending: Part | None = None  # a digit whose unit has not come
        self._unit = 0  # the last unit that was said
        self._formal = False  # หนึ่งร้อย…, สองพัน…ร้อย…: said in full, so that a last digit counts ones
        self._sure = True

    def read(self) -> Reading | None:
        while self._at < len(self._parts) and self._take(self._parts[self._at]):
            self._at += 1
        if self._at == self._first:
            return None
        return self._ended()

    def _take(self, part: Part) -> bool:
        match part.kind:
            case "word" | "literal":
                return self._take_digit(part)
            case "unit":
                return self._take_unit(part)
            case "one":
                return self._take_one(part)
            case "twenty":
                return self._take_twenty(part)
            case "half":
                return self._take_leading_half(part)
            case "point":
                return (
                    self._at == self._first and self._follows("word", "literal") and not self._parts[self._at + 1].gap
                )

    def _take_digit(self, part: Part) -> bool:
        if self._pending or not part.readings or self._closed():
            return False
        if self._at > self._first and self._parts[self._at - 1].kind == "point":
            return False
        if self._unit and (part.value >= self._unit or part.value == 0 or not part.sure):
            return False
        self._pending = part
        self._sure = self._sure and part.sure
        return True

    def _take_unit(self, part: Part) -> bool:
        unit = int(part.value)
        if part.gap and self._pending is None:
            return False
        if unit == _MILLION:
            return self._take_million()
        times = self._pending.value if self._pending else Decimal(1)
        if self._unit and (unit >= self._unit or times * unit >= self._unit):
            return self._give_back()
        if self._closed():
            return False
        if self._pending and (unit > 100 or self._pending.typed in ("หนึ่ง", "หนื่ง", "หนึง")):
            self._formal = True
        self._section += times * unit
        self._pending, self._unit = None, unit
        return True

    def _take_million(self) -> bool:
        if self._millions:
            if self._millions >= _NEVER_MORE:
                return False
            if self._section or self._pending:  # สองล้านสามล้าน
                return self._give_back()
            self._millions *= _MILLION
            return True
        if self._pending and self._unit > 10:  # พันห้าล้าน: 1,005 or 1,500 million
            self._sure = False
        count = self._section + (self._pending.value if self._pending else 0)
        self._millions = (count or Decimal(1)) * _MILLION
        self._section, self._pending, self._unit, self._formal = Decimal(0), None, _MILLION, False
        return True

    def _take_one(self, part: Part) -> bool:
        if part.gap or self._pending or not self._unit or self._closed():
            return False
        self._section += 1
        self._unit = 1
        return True

    def _take_twenty(self, part: Part) -> bool:
        if self._pending or self._closed():
            return False
        if self._follows("unit") and self._parts[self._at + 1].value == 10:  # ยี่สิบ
            self._pending = part
            return True
        if self._unit == 100 and not part.gap:  # ร้อยยี่ is 120
            self._section, self._unit, self._sure = self._section + 20, 1, False
            return True
        return False

    def _take_leading_half(self, part: Part) -> bool:
        if self._at > self._first or not self._follows("unit"):
            return False
        self._pending = part
        return True

    def _give_back(self) -> bool:
        """The digit before a unit that is too great belongs to the next number."""
        if self._pending:
            self._at -= 1
            self._pending = None
        return False

    def _closed(self) -> bool:
        return self._unit == 1

    def _follows(self, *kinds: PartKind) -> bool:
        after = self._at + 1
        return after < len(self._parts) and self._parts[after].kind in kinds

    def _ended(self) -> Reading | None:
        parts, at = self._parts, self._at
        whole = self._millions + self._section
        if at < len(parts) and parts[at].kind == "half" and not parts[at].gap:
            halves = self._with_half(whole)
            if halves:
                return Reading(halves, at + 1, self._sure and len(halves) == 1)
        point = (
            at if at < len(parts) and parts[at].kind == "point" else at - 1 if parts[at - 1].kind == "point" else None
        )
        if point is not None:
            decimal = self._with_decimals(whole, point)
            if decimal or point < at:
                return decimal
        if self._pending is None:
            return Reading((whole,), at, self._sure)
        if not self._unit:
            return Reading(self._pending.readings, at, self._sure)
        values = _with_last_digit(whole, self._pending, self._unit, formal=self._formal)
        return Reading(values, at, self._sure and len(values) == 1)

    def _with_half(self, whole: Decimal) -> tuple[Decimal, ...]:
        half = Decimal("0.5")
        if self._pending:
            small = self._unit in (0, 10) and self._pending.value == int(self._pending.value)
            return (whole + self._pending.value + half,) if small else ()
        if self._unit in (1, 10):
            return (whole + half,)
        if self._unit == _MILLION:
            return (whole + self._unit * half,)
        return (whole + self._unit * half, whole + half) if self._unit else ()

    def _with_decimals(self, whole: Decimal, point: int) -> Reading | None:
        """จุด and the digits after it, said one by one (จุดหนึ่งสี่) or written; a unit may follow (จุดห้าล้าน)."""
        parts, at, digits, sure = self._parts, point + 1, "", self._sure
        if self._pending and (self._unit > 10 or self._pending.value != int(self._pending.value)):
            return None
        while at < len(parts) and parts[at].kind in ("word", "literal") and parts[at].readings:
            literal = parts[at].kind == "literal"
            if (literal and (digits or not parts[at].typed.isdigit())) or (parts[at].gap and not literal):
                break
            sure = sure and not parts[at].gap and not parts[point].gap
            digits += parts[at].typed if literal else str(int(parts[at].value))
            at += 1
            if literal:
                break
        if not digits:
            return None
        value = whole + (self._pending.value if self._pending else 0) + Decimal(f"0.{digits}")
        if at < len(parts) and parts[at].kind == "unit" and not (parts[at].gap and parts[at - 1].kind == "word"):
            unit = parts[at].value
            if unit == 10:  # สองจุดห้าสิบ is 2.50, not 25
                return Reading((value,), at + 1, sure=False)
            value, at = value * unit, at + 1
        return Reading((value,), at, sure)


def _with_last_digit(whole: Decimal, last: Part, unit: int, *, formal: bool) -> tuple[Decimal, ...]:
    """สองพันห้า: people mean 2,500 and grammar says 2,005. With ร้อย they mean what grammar says as often."""
    literal = whole + last.value
    if unit == 10 or last.value != int(last.value):  # สิบห้า
        return (literal,)
    scaled = whole + last.value * unit / Decimal(10) ** len(str(int(last.value)))
    if scaled == literal or (unit == 100 and formal and last.kind == "word"):  # สองพันห้าร้อยหก
        return (literal,)
    if last.typed == "นึง":  # ร้อยนึง is a hundred
        return (whole, scaled)
    if unit == 100 or last.value >= 10:  # 2 หมื่น 50
        return (literal, scaled)
    return (scaled, literal, whole) if last.value == 1 else (scaled, literal)


def spoken_row(parts: Sequence[Part], first: int) -> int:
    """How many words for single digits follow one another, without a space, from `parts[first]` on."""
    after = first
    while after < len(parts) and parts[after].kind == "word" and not (after > first and parts[after].gap):
        after += 1
    return after - first


def _spoken_digits(parts: Sequence[Part], first: int) -> Reading | None:
    """Digits said one after another: สองสามพัน is two or three thousand, สองห้าหก a row of digits."""
    count = spoken_row(parts, first)
    after = first + count
    if count < 2:  # two make a row
        return None
    digits = [int(part.value) for part in parts[first:after]]
    unit_follows = after < len(parts) and parts[after].kind in ("unit", "one")
    if count == 2 and digits[1] == digits[0] + 1 and digits[0]:
        more = _Reader(parts, first + 1).read()
        less = _Reader([parts[first], *parts[first + 2 :]], 0).read()
        if more and less and less.after + first + 1 == more.after:
            return Reading((less.values[0], more.values[0]), more.after, sure=False)
    if unit_follows or not digits[0] or count > LONGEST_ROW:
        return None
    return Reading((Decimal("".join(map(str, digits))),), after, sure=False)
