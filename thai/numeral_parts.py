# SPDX-License-Identifier: Apache-2.0
"""The parts of numerals: words (สอง, พัน, ครึ่ง) and rows of digits with their commas and dots."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

PartKind = Literal["word", "literal", "unit", "half", "point", "one", "twenty"]

_WORDS = {
    "ศูนย์": 0, "หนึ่ง": 1, "หนึง": 1, "หนื่ง": 1, "นึง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "เจด": 7,
    "แปด": 8, "เก้า": 9,
}  # fmt: skip
_UNITS = {"สิบ": 10, "ร้อย": 100, "พัน": 1000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000}
_OTHERS: dict[str, tuple[PartKind, str]] = {
    "ครึ่ง": ("half", "0.5"), "จุด": ("point", "0"), "เอ็ด": ("one", "1"), "เอ็ต": ("one", "1"), "ยี่": ("twenty", "2"),
}  # fmt: skip
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_MOST_DIGITS = 18
# Digits without commas: ten are more often an account or a telephone number, thirteen are an identifier.
_USUAL_PLAIN = 10
_LONGEST_PLAIN = 12

# A word stands only where no vowel or tone mark follows: สามี holds no three. What is written in digits is taken as a
# whole with its commas and dots, and judged afterwards.
PART = re.compile(
    r"(?P<literal>[0-9]+(?:[.,][0-9]+)*[½¼¾]?|[½¼¾]|(?<![0-9A-Za-z.)ก-๎])\.[0-9]+)|(?:(?P<word>"
    + "|".join(sorted({*_WORDS, *_UNITS, *_OTHERS}, key=len, reverse=True))
    + r")(?![ะัาำิ-ฺๅ็-๎]))"
)
_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
# 1.234.567 and 1,00,000: a slip, or another country's way; 1,5 and 1.500,50 likewise
_ODD_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
_COMMA_DECIMAL = re.compile(r"(?:[0-9]{1,12}|[1-9][0-9]{0,2}(?:\.[0-9]{3})+),[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Part:
    """A word or a row of digits: `text[start:end]`; `gap`: a space stands between it and the part before.

    `readings`: what it may be worth, the likeliest first; none for digits that are no quantity (081, 1.2.3.4).
    `sure`: nobody would read it otherwise.
    """

    kind: PartKind
    readings: tuple[Decimal, ...]
    start: int
    end: int
    gap: bool
    typed: str
    sure: bool

    @property
    def value(self) -> Decimal:
        """The likeliest reading; only for parts that have one."""
        return self.readings[0]


def parts_at(plain: str, position: int) -> list[Part]:
    """Return the parts that follow one another from `position` on, with at most one space between two.

    `plain`: text with Western digits.
    """
    parts: list[Part] = []
    match = PART.match(plain, position)
    while match:
        gap = bool(parts) and match.start() > parts[-1].end
        parts.append(_part(match, gap=gap))
        after = match.end()
        match = PART.match(plain, after)
        if match is None and plain.startswith(" ", after):
            match = PART.match(plain, after + 1)
    return parts


def _part(match: re.Match[str], *, gap: bool) -> Part:
    typed = match[0]
    if match.lastgroup == "literal":
        readings, sure = _literal(typed)
        return Part("literal", readings, match.start(), match.end(), gap, typed, sure)
    kind: PartKind
    if typed in _WORDS:
        kind, readings = "word", (Decimal(_WORDS[typed]),)
    elif typed in _UNITS:
        kind, readings = "unit", (Decimal(_UNITS[typed]),)
    else:
        kind, readings = _OTHERS[typed][0], (Decimal(_OTHERS[typed][1]),)
    return Part(kind, readings, match.start(), match.end(), gap, typed, sure=True)


def _literal(typed: str) -> tuple[tuple[Decimal, ...], bool]:
    """The readings of a row of digits, and whether everybody would read it so."""
    joined = re.sub("[.,]", "", typed)
    if len(joined) > _MOST_DIGITS:
        return (), False
    if typed[-1] in _FRACTIONS:
        whole = typed[:-1]
        return ((Decimal(whole or 0) + _FRACTIONS[typed[-1]],), True) if whole.isdecimal() or not whole else ((), False)
    if typed[0] == "." or _PLAIN.fullmatch(typed):
        digits = len(typed.partition(".")[0])
        return (Decimal(typed),) if digits <= _LONGEST_PLAIN else (), digits < _USUAL_PLAIN
    if _COMMAS.fullmatch(typed):
        return (Decimal(typed.replace(",", "")),), True
    if _ODD_GROUPS.fullmatch(typed):
        return (Decimal(joined),), False
    if _COMMA_DECIMAL.fullmatch(typed):
        return (Decimal(typed.replace(".", "").replace(",", ".")), Decimal(joined)), False
    return (), False
