# SPDX-License-Identifier: Apache-2.0
"""Telephone numbers and hotlines in a message, checked against the numbering plan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from thai import identifiers
from thai.found import Found
from thai.lexicon import listed
from thai.normalise import plain_separators
from thai.number_context import counted, whole_answer, within_reason

# Hotlines that citizens are told to ring. What is missing here, but in the numbering plan, is asked about.
HOTLINES = frozenset(
    listed("""
    112 191 192 199 1111 1125 1129 1130 1133 1137 1155 1161 1164 1166 1178 1182 1193 1195 1197 1200 1202 1205 1206 1212 1213
    1300 1323 1330 1348 1356 1362 1367 1372 1386 1415 1422 1441 1444 1479 1490 1506 1543 1545 1546 1555 1556 1567 1569 1570
    1579 1580 1584 1586 1599 1646 1650 1662 1669 1690 1694
    """)
)
_SHORT = re.compile(r"(?<![0-9A-Za-z+#*])(?<![0-9][.,:/\-])(1[0-9]{2,3})(?![0-9A-Za-z%])(?![.,:/\-]{1,2}[0-9])")
_CALL = re.compile(
    r"(?:โทร\.?|โทรศัพท์|สายด่วน|เบอร์|หมายเลข|ฮอตไลน์|ติดต่อ|แจ้ง|กด|ศูนย์[ก-๎]{0,20}|hotline|call|tel\.?) ?$", re.IGNORECASE
)
_FREE = re.compile(r"(?<![0-9+])(1[89]00)[ \-.]?([0-9]{3})[ \-.]?([0-9]{3})(?![0-9])")
_RANGE_AFTER = re.compile(r" ?(?:-|/|,|ถึง|หรือ|และ) ?[0-9]{1,4}(?![0-9])(?![ \-.][0-9])")
# said in other words than the vault knows
_EXTENSION = re.compile(
    r"[ ,]{0,2}\(?(?:เบอร์ต่อ|หมายเลขต่อ|เบอร์ภายใน|หมายเลขภายใน|ต่อภายใน|ต่อเบอร์|ต่อสาย|ภายใน|สายใน|extension)"
    r"[ .:]{0,2}([0-9]{1,6})(?![0-9])",
    re.IGNORECASE,
)
_RANGE_INSIDE = re.compile(r"(0[0-9 \-.]{7,14}[0-9]) ?(?:-|/|ถึง) ?[0-9]{1,2}")
# what begins like a number and is too short or too long
_SLIPPED = re.compile(r"(?<![0-9A-Za-z.,:/\-+])0[0-9](?:[ \-.]?[0-9]){5,11}(?![0-9])(?![.,:/\-][0-9])")
_SPOKEN_DIGITS = listed("ศูนย์ หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า")
_SPOKEN = re.compile(f"(?:{_SPOKEN_DIGITS[0]})(?: ?(?:{'|'.join(_SPOKEN_DIGITS)})(?![ะัาำิ-ฺๅ็-๎])){{8,9}}")
_SPOKEN_DIGIT = re.compile("|".join(_SPOKEN_DIGITS))


def find(text: str) -> list[Found[str]]:
    """Return telephone numbers as `+66…`, with `;ext=N`, and hotlines as `hotline:1669`, in order; never raises.

    A number that the plan does not know, or with a digit too few or too many, is `reject`. Several extensions or lines,
    a number said in words and a hotline's digits amid other words are `confirm`. Needs `phonenumbers` for all but
    hotlines.

    >>> [(found.values, found.certainty) for found in find("โทร ๐๒-๑๒๓-๔๕๖๗ ต่อ 12")]
    [(('+6621234567;ext=12',), 'certain')]
    >>> [(found.values, found.certainty) for found in find("สายด่วน 1669")]
    [(('hotline:1669',), 'certain')]
    """
    plain = plain_separators(text)
    found: list[Found[str]] = []
    for one in (*_written(text, plain), *_free_of_charge(plain), *_spoken(plain), *_slipped(plain), *_hotlines(plain)):
        if all(one.end <= other.start or other.end <= one.start for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _written(text: str, plain: str) -> Iterator[Found[str]]:
    for one in identifiers.find(within_reason(text)):
        if one.kind != "phone":
            continue
        number = one.value.partition(";")[0]
        if _is_valid(number):
            extension = _EXTENSION.match(plain, one.end) if number == one.value else None
            value, end = (f"{number};ext={extension[1]}", extension.end()) if extension else (one.value, one.end)
            yield Found("phone", (value,), one.start, end, "confirm" if _RANGE_AFTER.match(plain, end) else "certain")
            continue
        # 02-123-4567-9: a row of lines
        lines = _RANGE_INSIDE.fullmatch(plain, one.start, one.end)
        first = f"+66{re.sub('[^0-9]', '', lines[1])[1:]}" if lines else ""
        if first and _is_valid(first):
            yield Found("phone", (first,), one.start, one.end, "confirm")
        else:
            yield Found("phone", (), one.start, one.end, "reject")


def _free_of_charge(plain: str) -> Iterator[Found[str]]:
    for match in _FREE.finditer(plain):
        number = f"+66{match[1]}{match[2]}{match[3]}"
        if _is_valid(number):
            yield Found("phone", (number,), match.start(), match.end(), "certain")


def _spoken(plain: str) -> Iterator[Found[str]]:
    for match in _SPOKEN.finditer(plain):
        digits = "".join(str(_SPOKEN_DIGITS.index(word)) for word in _SPOKEN_DIGIT.findall(match[0]))
        number = f"+66{digits[1:]}"
        if _is_valid(number):
            yield Found("phone", (number,), match.start(), match.end(), "confirm")


def _slipped(plain: str) -> Iterator[Found[str]]:
    for match in _SLIPPED.finditer(plain):
        if len(re.sub("[^0-9]", "", match[0])) != 13:  # a juristic person's number
            yield Found("phone", (), match.start(), match.end(), "reject")


def _hotlines(plain: str) -> Iterator[Found[str]]:
    for match in _SHORT.finditer(plain):
        start, end = match.span()
        called = whole_answer(plain, start, end) or _CALL.search(plain, max(0, start - 28), start) is not None
        known = match[1] in HOTLINES
        if counted(plain, start, end, money=False) or not (called or known):
            continue
        if not known and not _is_short_number(match[1]):
            yield Found("phone", (), start, end, "reject")
        else:
            yield Found("phone", (f"hotline:{match[1]}",), start, end, "certain" if known and called else "confirm")


def _is_short_number(digits: str) -> bool:
    # Loaded late, as in `_is_valid`.
    from phonenumbers import parse, shortnumberinfo

    return shortnumberinfo.is_valid_short_number_for_region(parse(digits, "TH"), "TH")


def _is_valid(number: str) -> bool:
    # Loaded late: its tables take a tenth of a second, and most messages have no number in them.
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False
