# SPDX-License-Identifier: Apache-2.0
"""Case numbers such as 2569-7KMPX4: made, checked, and found in what a citizen types."""

from __future__ import annotations

import random
import re
import secrets
from dataclasses import dataclass

from thai.normalise import arabic_digits

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 O 1 I L U, which are misread or spell words
_LENGTH = 6  # the last one is the check character
_OURS = 4  # sets these numbers apart from other systems' numbers of the same form
_VALUES = {char: value for value, char in enumerate(ALPHABET)}
_SYMBOL = f"[{ALPHABET}{ALPHABET.lower()}]"
_GAP = r"[ \t\u00a0]{0,2}"
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])(25[0-9]{{2}}|26[0-9]{{2}}){_GAP}[-–—_./]?{_GAP}"
    rf"((?:{_SYMBOL}{_GAP}){{{_LENGTH - 1}}}{_SYMBOL})(?![0-9A-Za-z])"
)
_PART = re.compile(rf"(?<![0-9A-Za-z])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z]){_SYMBOL}{{{_LENGTH}}}(?![0-9A-Za-z])")
_YEAR = re.compile(r"25[6-9][0-9]")


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number in a text: `value` is its one written form, `source[start:end]` what was typed."""

    start: int
    end: int
    value: str


def make(year_be: int, rng: random.Random | None = None) -> str:
    """Return a new number for a Buddhist year (2500–2699); unguessable unless a seeded `rng` is given.

    24 million numbers a year: the store's unique index decides, the caller makes another one on a clash.
    Raises ValueError for a year outside the range.

    >>> make(2569, random.Random(1))
    '2569-6MXVTH'
    """
    if not 2500 <= year_be <= 2699:
        raise ValueError(f"not a Buddhist year: {year_be}")
    source = rng or secrets.SystemRandom()
    body = "".join(source.choice(ALPHABET) for _ in range(_LENGTH - 1))
    return f"{year_be}-{body}{_check_character(year_be, body)}"


def check(number: str) -> bool:
    """Tell whether `number`, in its written form, carries the right check character.

    >>> check("2569-6MXVTH"), check("2569-6MXVTJ"), check("2569-M6XVTH")
    (True, False, False)
    """
    match = _NUMBER.fullmatch(number)
    return match is not None and number == _written(match) and _is_right(number)


def find(text: str) -> list[CaseNumber]:
    """Return the numbers with a right check character, also lower case, with Thai digits, spaced or without
    the hyphen.

    >>> [found.value for found in find("เรื่อง ๒๕๖๙ 6mxvth ถึงไหนแล้ว")]
    ['2569-6MXVTH']
    """
    return [found for found in _candidates(text) if _is_right(found.value)]


def find_mistyped(text: str) -> list[CaseNumber]:
    """Return what has the form of a case number but a wrong check character, so that the bot can ask again.

    Only the written form with its hyphen counts: "2569 PLEASE" is a year and a word.

    >>> [found.value for found in find_mistyped("2569-6MXVTJ")]
    ['2569-6MXVTJ']
    """
    return [found for found in _candidates(text) if "-" in text[found.start : found.end] and not _is_right(found.value)]


def find_part(text: str) -> str | None:
    """Return a piece of a number, so that the bot can ask for the whole: six characters, digits and letters among
    them, without the year, or a year that is all of the text. None when there is none, or a whole number.

    >>> find_part("ตามเรื่อง 6mxvth"), find_part("2569"), find_part("ปี 2569"), find_part("2569-6MXVTH")
    ('6MXVTH', '2569', None, None)
    """
    digits = arabic_digits(text).strip(" -")
    if _NUMBER.search(digits):
        return None
    found = _YEAR.fullmatch(digits) or _PART.search(digits)
    return found[0].upper() if found else None


def _candidates(text: str) -> list[CaseNumber]:
    return [CaseNumber(m.start(), m.end(), _written(m)) for m in _NUMBER.finditer(arabic_digits(text))]


def _written(match: re.Match[str]) -> str:
    body = re.sub(r"\s", "", match[2]).upper()
    return f"{match[1]}-{body}"


def _is_right(number: str) -> bool:
    year, body = number.split("-")
    return body[-1] == _check_character(int(year), body[:-1])


def _check_character(year_be: int, body: str) -> str:
    """ISO/IEC 7064 hybrid system, modulus 31,30: every single wrong character and nearly every swap of two
    neighbours is noticed. The year takes part as two symbols, after one that is ours alone."""
    size = len(ALPHABET)
    product = size
    for value in (_OURS, *divmod(year_be - 2500, size), *(_VALUES[char] for char in body)):
        product = ((product + value) % size or size) * 2 % (size + 1)
    return ALPHABET[(1 - product) % size]
