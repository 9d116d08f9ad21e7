# SPDX-License-Identifier: Apache-2.0
"""Thirteen-digit numbers of persons and of juristic persons, and passport numbers, each checked."""

from __future__ import annotations

import re

from thai import identifiers
from thai.found import Found
from thai.normalise import plain_separators
from thai.number_context import within_reason

_GAP = "[ .\\-\u200b]{0,3}"
_ROW = re.compile(rf"(?<![0-9A-Za-z])(?<![0-9][.,])[0-9](?:{_GAP}[0-9]){{10,15}}(?![0-9A-Za-z])(?![.,][0-9])")
_THIRTEEN = 13
_ID_WORD = re.compile(r"บัตร|ประชาชน|ปชช|13 ?หลัก|สิบสามหลัก|\bid\b", re.IGNORECASE)
_NEAR = 24  # characters before the number
# Thai passports: two letters and seven digits; older ones one letter and six or seven
_PASSPORT = re.compile("[A-Z]{2}[0-9]{7}")


def find(text: str) -> list[Found[str]]:
    """Return the national identification numbers of `text`, thirteen digits from 1 to 8; never raises.

    A wrong check digit is `reject`, and so is a number of another length that is said to be one (เลขบัตรประชาชน …).

    >>> [(found.values, found.certainty) for found in find("1-2345-67890-12-1 หรือ 1-2345-67890-12-2")]
    [(('1234567890121',), 'certain'), ((), 'reject')]
    """
    plain = plain_separators(text)
    found: list[Found[str]] = []
    for start, end, digits in _rows(plain):
        if len(digits) == _THIRTEEN and digits[0] != "0":
            found.append(_checked("national_id", digits, start, end, right=digits[0] != "9"))
        elif len(digits) != _THIRTEEN and _ID_WORD.search(plain, max(0, start - _NEAR), start):
            found.append(Found("national_id", (), start, end, "reject"))
    return found


def find_juristic(text: str) -> list[Found[str]]:
    """Return the numbers of juristic persons, thirteen digits that begin with 0; a wrong check digit is `reject`.

    >>> [(found.values, found.certainty) for found in find_juristic("เลขนิติบุคคล 0-1055-36112-01-4")]
    [(('0105536112014',), 'certain')]
    """
    rows = [row for row in _rows(plain_separators(text)) if len(row[2]) == _THIRTEEN and row[2][0] == "0"]
    return [_checked("juristic_id", digits, start, end, right=True) for start, end, digits in rows]


def find_passports(text: str) -> list[Found[str]]:
    """Return passport numbers in capitals; `confirm` unless they have the form of today's Thai ones.

    >>> [(found.values, found.certainty) for found in find_passports("AA1234567 หรือ A123456")]
    [(('AA1234567',), 'certain'), (('A123456',), 'confirm')]
    """
    return [
        Found("passport", (one.value,), one.start, one.end, "certain" if _PASSPORT.fullmatch(one.value) else "confirm")
        for one in identifiers.find(within_reason(text))
        if one.kind == "passport"
    ]


def has_check_digit(digits: str) -> bool:
    """Tell whether the last of thirteen digits is right: weights 13 to 2, modulus 11 (Department of Provincial
    Administration; the Department of Business Development uses the same for juristic persons).

    >>> has_check_digit("1234567890121"), has_check_digit("1234567890122")
    (True, False)
    """
    total = sum(int(digit) * (_THIRTEEN - place) for place, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == int(digits[12])


def _rows(plain: str) -> list[tuple[int, int, str]]:
    return [(match.start(), match.end(), re.sub("[^0-9]", "", match[0])) for match in _ROW.finditer(plain)]


def _checked(kind: str, digits: str, start: int, end: int, *, right: bool) -> Found[str]:
    if right and has_check_digit(digits):
        return Found(kind, (digits,), start, end, "certain")
    return Found(kind, (), start, end, "reject")
