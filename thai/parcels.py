# SPDX-License-Identifier: Apache-2.0
"""Parcel numbers of the Universal Postal Union's form S10: EY 123 456 785 TH."""

from __future__ import annotations

import re

from thai.found import Found
from thai.normalise import plain_separators

_GAP = "[ .\\-\u200b]{0,2}"
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])([A-Z]{{2}}){_GAP}((?:[0-9]{_GAP}){{8}}[0-9]){_GAP}([A-Z]{{2}})(?![0-9A-Za-z])", re.IGNORECASE
)
_SLIPPED = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}(?:[0-9]{7,8}|[0-9]{10,11})TH(?![0-9A-Za-z])", re.IGNORECASE)
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)  # UPU S10, section 4.4


def find(text: str) -> list[Found[str]]:
    """Return the parcel numbers of `text`; a wrong check digit or a digit too few or too many is `reject`.

    >>> [(found.values, found.certainty) for found in find("ตามพัสดุ ey 123 456 785 th")]
    [(('EY123456785TH',), 'certain')]
    >>> [(found.values, found.certainty) for found in find("EY123456784TH")]
    [((), 'reject')]
    """
    plain = plain_separators(text)
    found: list[Found[str]] = []
    for match in _NUMBER.finditer(plain):
        digits = re.sub("[^0-9]", "", match[2])
        values = (f"{match[1].upper()}{digits}{match[3].upper()}",) if has_check_digit(digits) else ()
        found.append(Found("parcel", values, match.start(), match.end(), "certain" if values else "reject"))
    found += [Found("parcel", (), match.start(), match.end(), "reject") for match in _SLIPPED.finditer(plain)]
    return sorted(found, key=lambda one: one.start)


def has_check_digit(digits: str) -> bool:
    """Tell whether the ninth digit is the right one.

    >>> has_check_digit("123456785"), has_check_digit("123456784")
    (True, False)
    """
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11
    return {10: 0, 11: 5}.get(rest, rest) == int(digits[8])
