# SPDX-License-Identifier: Apache-2.0
"""Personal identifiers in a message, found for the privacy vault and masked for the read-back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from thai import case_numbers
from thai.normalise import arabic_digits
from thai.protected import EMAIL, HANDLE

Kind: TypeAlias = Literal["thai_id", "passport", "phone", "email", "bank_account"]

# Between digits: spaces, dots, any dash, and what is invisible. No slash, it separates two numbers or a date.
_GAP = r"[ \t\u00a0._\-\u2010-\u2015\u00ad\u200b-\u200f\u2060\ufeff]"
_START = r"(?<![0-9])(?<![0-9][.,])"  # letters may touch: tel0812345678, บัตร1234…
_END = r"(?![0-9])"

# 13 digits, first 1–8. Whether the check digit is right makes no difference: a number with one slip in it
# still names its owner to whoever reads the log, since the right one is easily found from it.
_THAI_ID = re.compile(rf"{_START}[1-8](?:{_GAP}{{0,3}}[0-9]){{12}}{_END}")
_ID_GROUPS = re.compile(rf"[0-9]{{13}}|[0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{5}}{_GAP}[0-9]{{2}}{_GAP}[0-9]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ID_WORD = re.compile(r"บัตร|ประชาชน|ปชช|ปปช|เลข|หมายเลข|13 ?หลัก|สิบสามหลัก|\b(?:id|citizen)\b", re.IGNORECASE)
_JURISTIC = re.compile(
    rf"{_START}(?:0[1-9][0-9]{{11}}|0{_GAP}[0-9]{{4}}{_GAP}[0-9]{{5}}{_GAP}[0-9]{{2}}{_GAP}[0-9]){_END}"
)
_DIGIT = rf"(?:[()]?{_GAP}{{0,3}}[()]?[0-9])"
_PHONE = re.compile(
    rf"(?<![0-9+])(?<![0-9][.,])(?:"
    rf"\(?(?:\+|00){_GAP}?66\)?{_GAP}{{0,3}}(?:\(?0\)?)?{_GAP}{{0,3}}[1-9]{_DIGIT}{{7,8}}"
    rf"|66{_GAP}{{0,2}}[2-9]{_DIGIT}{{7,8}}"
    rf"|\(?0{_GAP}?[1-9]\)?{_DIGIT}{{7,8}}"
    rf"){_END}"
)
_FOREIGN_PHONE = re.compile(rf"(?<![0-9+])\+(?!66)[1-9](?:{_GAP}{{0,2}}[0-9]){{6,13}}{_END}")
_EXTENSION = re.compile(r"[ ,]{0,3}(?:ต่อ|กด|ext\.?|x|#)[ .:]{0,3}([0-9]{1,6})(?![0-9])", re.IGNORECASE)
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])[A-Z]{1,2}[ -]?[0-9]{6,7}(?![0-9A-Za-z])", re.IGNORECASE)
_BANK_FORM = re.compile(rf"{_START}[0-9]{{3}}[-–][0-9][-–][0-9]{{5}}[-–][0-9]{_END}")
_BANK_DIGITS = re.compile(rf"{_START}[0-9](?:{_GAP}{{0,2}}[0-9]){{9,11}}{_END}")
_BANK_WORD = re.compile(
    r"บัญชี|บช\.?|ธนาคาร|ธ\.|กสิกร|กรุงไทย|กรุงเทพ|ไทยพาณิชย์|ออมสิน|ธกส|ธ\.ก\.ส|กรุงศรี|ทหารไทย|ธอส|พร้อมเพย์|โอนเงิน|โอนเข้า|"
    r"\b(?:scb|kbank|ktb|bbl|ttb|bay|gsb|baac|account|a/c|bank|promptpay)\b",
    re.IGNORECASE,
)
_BANK_NEAR = 40  # characters before the number; after it, half as many
_PASSPORT_WORD = re.compile(r"พาส|หนังสือเดินทาง|passport", re.IGNORECASE)
_DECIMAL = re.compile(r"(?<![0-9])0\.[0-9]+(?![0-9.])")
_PARCEL = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}[ -]?[0-9]{9}[ -]?[A-Z]{2}(?![0-9A-Za-z])", re.IGNORECASE)
_EMAIL = re.compile(EMAIL)
_HANDLE = re.compile(HANDLE)
_DATE = re.compile(r"(?<![0-9])[0-9]{1,2}([./\-])[01]?[0-9]\1(?:19|20|24|25|26)[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A personal identifier: `source[start:end]` is what was typed, `value` its one written form.

    Values: digits for thai_id and bank_account, "+66…" with ";ext=N" for phone, upper case without spaces for
    passport, lower case for email. The value stays out of `repr`, and so out of logs.
    """

    kind: Kind
    start: int
    end: int
    value: str = field(repr=False)


def find(text: str) -> list[Identifier]:
    """Return the personal identifiers of `text` in order, never overlapping; never raises.

    Juristic numbers (13 digits from 0), parcel numbers, case numbers, short numbers such as 1669 and 191 and
    what is already a handle are no personal identifiers. Where two readings overlap the longer wins, then the
    one named first in `Kind`.

    >>> [(found.kind, found.value) for found in find("โทร ๐๘๑-๒๓๔-๕๖๗๘ ต่อ 12")]
    [('phone', '+66812345678;ext=12')]
    """
    plain = arabic_digits(text)
    taken = list(_not_personal(plain))
    kept: list[Identifier] = []
    for one in sorted(_candidates(plain), key=lambda one: (one.start - one.end, _ORDER[one.kind])):
        if all(one.end <= start or end <= one.start for start, end in taken):
            taken.append((one.start, one.end))
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def mask(kind: str, value: str) -> str:
    """Return `value` with just enough left for its owner to recognise it; an unknown kind shows nothing.

    >>> mask("phone", "+66812345678"), mask("thai_id", "1234567890121"), mask("email", "somchai@example.com")
    ('08X-XXX-5678', '1-XXXX-XXXXX-XX-1', 's…@example.com')
    """
    match kind:
        case "thai_id" if len(value) == 13:
            return f"{value[0]}-XXXX-XXXXX-XX-{value[-1]}"
        case "phone":
            return _mask_phone(value)
        case "passport" if len(value) > 4:
            return f"{value[0]}{'X' * (len(value) - 3)}{value[-2:]}"
        case "email" if "@" in value:
            name, domain = value.split("@", 1)
            return f"{name[:1]}…@{domain}"
        case "bank_account" if len(value) >= 10:
            return (
                f"XXX-X-XX{value[-4:-1]}-{value[-1]}" if len(value) == 10 else f"{'X' * (len(value) - 4)}{value[-4:]}"
            )
    return "XXXX"


_ORDER: dict[Kind, int] = {"thai_id": 0, "passport": 1, "phone": 2, "email": 3, "bank_account": 4}


def _candidates(text: str) -> Iterator[Identifier]:
    for match in _EMAIL.finditer(text):
        yield Identifier("email", match.start(), match.end(), match[0].lower())
    phones = [one for m in (*_PHONE.finditer(text), *_FOREIGN_PHONE.finditer(text)) for one in _phone(text, m)]
    yield from phones
    for match in _THAI_ID.finditer(text):
        if _is_thai_id(text, match, phones):
            yield Identifier("thai_id", match.start(), match.end(), _digits(match[0]))
    for match in _PASSPORT.finditer(text):
        value = re.sub(r"[ -]", "", match[0]).upper()
        # one letter and a space before six digits is as often a room or a bus: then the word must be near
        plain_form = len(match[0]) == len(value) and match[0].isupper()
        if plain_form or _near(text, match, _PASSPORT_WORD):
            yield Identifier("passport", match.start(), match.end(), value)
    for match in _BANK_FORM.finditer(text):
        yield Identifier("bank_account", match.start(), match.end(), _digits(match[0]))
    for match in _BANK_DIGITS.finditer(text):
        if _near(text, match, _BANK_WORD):
            yield Identifier("bank_account", match.start(), match.end(), _digits(match[0]))


def _is_thai_id(text: str, match: re.Match[str], phones: list[Identifier]) -> bool:
    """Digits in one run, or grouped as on the card, always are; other groups only without a phone number among
    them (3 081-234-5678 09), and, where spaces part them as they part amounts (600 700 800 1000), only with the
    right check digit or a word about ids near."""
    typed = _INVISIBLE.sub("", match[0])
    if _ID_GROUPS.fullmatch(typed):
        return True
    if any(match.start() <= phone.start and phone.end <= match.end() for phone in phones):
        return False
    return " " not in typed or _has_check_digit(_digits(typed)) or _near(text, match, _ID_WORD)


def _has_check_digit(digits: str) -> bool:
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == int(digits[12])


def _not_personal(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_HANDLE, _PARCEL, _JURISTIC, _DATE, _DECIMAL):
        yield from (match.span() for match in pattern.finditer(text))
    yield from ((found.start, found.end) for found in case_numbers.find(text))


def _near(text: str, match: re.Match[str], word: re.Pattern[str]) -> bool:
    before = text[max(0, match.start() - _BANK_NEAR) : match.start()]
    after = text[match.end() : match.end() + _BANK_NEAR // 2]
    return bool(word.search(before) or word.search(after))


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _phone(text: str, match: re.Match[str]) -> Iterator[Identifier]:
    import phonenumbers

    try:
        number = phonenumbers.parse(_dialled(match[0]), "TH")
    except phonenumbers.NumberParseException:
        return
    # A number that could be rung is sealed even when its range is not in use today: ranges are opened each year.
    if not phonenumbers.is_possible_number(number):
        return
    value = f"+{number.country_code}{number.national_number}"
    extension = _EXTENSION.match(text, match.end())
    end = extension.end() if extension else match.end()
    yield Identifier("phone", match.start(), end, f"{value};ext={extension[1]}" if extension else value)


def _dialled(typed: str) -> str:
    """Return what phonenumbers reads: a trunk 0 after the country code and a country code without + are ours."""
    digits = _digits(typed)
    if not typed.startswith(("+", "(+")):
        digits = digits.removeprefix("00") if digits.startswith("0066") else digits
        if not digits.startswith("66"):
            return digits
    return "+66" + digits[2:].removeprefix("0") if digits.startswith("66") else "+" + digits


def _mask_phone(value: str) -> str:
    number, _, extension = value.partition(";ext=")
    suffix = " ต่อ X" if extension else ""
    if number.startswith("+66") and len(number) >= 11:
        national = "0" + number[3:]
        shown = f"{national[:2]}X-XXX-{national[-4:]}" if len(national) == 10 else f"{national[:2]}-XXX-{national[-4:]}"
        return shown + suffix
    return f"{'X' * max(len(number) - 4, 4)}{number[-4:] if len(number) > 8 else ''}{suffix}"
