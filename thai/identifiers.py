# SPDX-License-Identifier: Apache-2.0
"""Personal identifiers in a message, found for the privacy vault and masked for the read-back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal, TypeAlias

from thai import case_numbers
from thai.normalise import arabic_digits
from thai.protected import EMAIL, HANDLE

Kind: TypeAlias = Literal["thai_id", "passport", "phone", "email", "bank_account"]

# Between digits, as `_plain` leaves it: spaces, dots, any dash, and what is invisible. Up to twelve of them, so that the
# time is bounded. Slash, comma, colon and the like may stand there too, but they also part two numbers, dates, times
# and amounts: a number written with them must have the shape of one, see `_is_thai_id` and `_phone_shape`.
_GAP = r"[ \t._\-\u200b]"
_WEAK = r"/,:*|~\n"
_STRIPPED = " \t._-\u200b/,:*|~\n"
_SEP = rf"[ \t._\-\u200b{_WEAK}]"
_START = r"(?<![0-9])(?<![0-9][.,])"  # letters may touch: tel0812345678, บัตร1234…
_END = r"(?![0-9])"

# 13 digits, first 1–8. Whether the check digit is right makes no difference: a number with one slip in it
# still names its owner to whoever reads the log, since the right one is easily found from it.
# A look-ahead, so that a number which begins inside one that is none is found too.
_THAI_ID = re.compile(rf"{_START}(?=([1-8](?:{_SEP}{{0,12}}[0-9]){{12}}){_END})")
_ID_GROUPS = (1, 4, 5, 2, 1)
_ID_WORD = re.compile(r"บัตร|ประชาชน|ปชช|ปปช|เลข|หมายเลข|13 ?หลัก|สิบสามหลัก|\b(?:id|citizen)\b", re.IGNORECASE)
_JURISTIC = re.compile(
    rf"{_START}(?:0[1-9][0-9]{{11}}|0{_SEP}{{1,12}}[0-9]{{4}}{_SEP}{{1,12}}[0-9]{{5}}{_SEP}{{1,12}}[0-9]{{2}}"
    rf"{_SEP}{{1,12}}[0-9]){_END}"
)
_DIGIT = rf"(?:[()]?{_SEP}{{0,12}}[()]?[0-9])"
_PHONE = re.compile(
    rf"(?<![0-9+])(?<![0-9][.,])(?=("
    rf"\(?(?:\+|00){_GAP}?66\)?{_SEP}{{0,12}}(?:\(?0\)?)?{_SEP}{{0,12}}[1-9]{_DIGIT}{{7,8}}"
    rf"|66{_SEP}{{0,12}}[2-9]{_DIGIT}{{7,8}}"
    rf"|\(?0{_SEP}{{0,12}}[1-9]\)?{_DIGIT}{{7,8}}"
    rf"){_END})"
)
#: how the digits of a telephone number are grouped where what parts them could also part two numbers
_PHONE_GROUPS = (
    (10,), (9,), (1,) * 10, (1,) * 9, (3, 7), (3, 3, 4), (3, 4, 3), (3, 6), (3, 3, 3), (2, 8), (2, 4, 4), (2, 7), (2, 3, 4),
    (1, 9), (1, 8), (1, 4, 4), (1, 2, 3, 4), (1, 1, 3, 4), (4, 6), (4, 3, 3),
)  # fmt: skip
#: the same after 66
_PHONE_GROUPS_ABROAD = tuple((g[0] - 1, *g[1:]) if g[0] > 1 else g[1:] for g in _PHONE_GROUPS)
_PHONE_PAIRS = ((2, 2, 2, 2, 2), (3, 2, 2, 3))
_FOREIGN_PHONE = re.compile(rf"(?<![0-9+])\+(?!66)[1-9](?:{_GAP}{{0,12}}[0-9]){{6,13}}{_END}")
_EXTENSION = re.compile(r"[ ,]{0,3}(?:ต่อ|กด|ext\.?|x|#)[ .:]{0,3}([0-9]{1,6})(?![0-9])", re.IGNORECASE)
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])[A-Z]{1,2}[ -]?[0-9]{6,7}(?![0-9A-Za-z])", re.IGNORECASE)
_BANK_FORM = re.compile(rf"{_START}[0-9]{{3}}-{{1,12}}[0-9]-{{1,12}}[0-9]{{5}}-{{1,12}}[0-9]{_END}")
_BANK_DIGITS = re.compile(rf"{_START}[0-9](?:{_SEP}{{0,12}}[0-9]){{9,11}}{_END}")
_BANK_WORD = re.compile(
    r"บัญชี|บช\.?|ธนาคาร|ธ\.|กสิกร|กรุงไทย|กรุงเทพ|ไทยพาณิชย์|ออมสิน|ธกส|ธ\.ก\.ส|กรุงศรี|ทหารไทย|ธอส|พร้อมเพย์|โอนเงิน|โอนเข้า|"
    r"\b(?:scb|kbank|ktb|bbl|ttb|bay|gsb|baac|account|a/c|bank|promptpay)\b",
    re.IGNORECASE,
)
_BANK_NEAR = 40  # characters before the number; after it, half as many
_PASSPORT_WORD = re.compile(r"พาส|หนังสือเดินทาง|passport", re.IGNORECASE)
_DECIMAL = re.compile(r"(?<![0-9])0\.[0-9]{6,}(?![0-9.])")  # fewer digits are no telephone number
_PARCEL = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}[ -]?[0-9]{9}[ -]?[A-Z]{2}(?![0-9A-Za-z])", re.IGNORECASE)
_EMAIL = re.compile(EMAIL)
# Set apart, or in Thai: only with a domain that could be one, since Thai sentences have @ and dots too (@ ถ.นิมมาน).
_LOOSE_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63} {0,3}@ {0,3}[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}\.){1,4}"
    r"[A-Za-z]{2,24}"
)
_THAI_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-\u0e01-\u0e4e])[A-Za-z0-9\u0e01-\u0e4e][A-Za-z0-9._%+\-\u0e01-\u0e4e]{0,63}"
    r" {0,3}@ {0,3}(?:[A-Za-z0-9\-\u0e01-\u0e4e]{1,63}\.){1,4}(?:ไทย|[A-Za-z]{2,24})(?![A-Za-z\u0e01-\u0e4e])"
)
_HANDLE = re.compile(HANDLE)
_AMOUNT = re.compile(r"(?<![0-9])(?<![0-9][.,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?(?![0-9])(?!,[0-9])")
_COORDINATES = re.compile(r"(?<![0-9.])(?:[5-9]|1[0-9]|20)\.[0-9]{2,}[ ,]{1,3}(?:9[7-9]|10[0-5])\.[0-9]{2,}(?![0-9])")
# What is typed in place of a plain space, dash, @ or nothing, one character for one.
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DASHES = "\u058a\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u30fb\u30fc\uff65\ufe58\ufe63\uff0d\u00b7\u2022"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufe0e\ufe0f\ufeff\u20e3"
)
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_INVISIBLE, "\u200b"),
        **dict.fromkeys("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n"),
        **dict(zip("／，、：＊｜～．＿＋（）＠﹫", "/,,:*|~._+()@@", strict=True)),
    }
)
_O_FOR_ZERO = re.compile(r"(?<![A-Za-z])[Oo]+(?=[0-9])|(?<=[0-9])[Oo]+(?![A-Za-z])")
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
    plain = _plain(text)
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


def _plain(text: str) -> str:
    """The text with Western digits and with one form of each separator, character for character."""
    return arabic_digits(text).translate(_PLAIN)


def _candidates(plain: str) -> Iterator[Identifier]:
    for email in (_EMAIL, _LOOSE_EMAIL, _THAI_EMAIL):
        for match in email.finditer(plain):
            yield Identifier("email", match.start(), match.end(), match[0].replace(" ", "").lower())
    text = _O_FOR_ZERO.sub(lambda letters: "0" * len(letters[0]), plain)
    phones = [one for m in _PHONE.finditer(text) if _phone_shape(m[1]) for one in _phone(text, m.start(1), m.end(1))]
    phones += [one for m in _FOREIGN_PHONE.finditer(text) for one in _phone(text, m.start(), m.end())]
    yield from phones
    for match in _THAI_ID.finditer(text):
        start, end = match.span(1)
        if _is_thai_id(text, start, end, phones):
            yield Identifier("thai_id", start, end, _digits(match[1]))
    for match in _PASSPORT.finditer(plain):
        value = re.sub(r"[ -]", "", match[0]).upper()
        # one letter and a space before six digits is as often a room or a bus: then the word must be near
        plain_form = len(match[0]) == len(value) and match[0].isupper()
        if plain_form or _near(plain, match.start(), match.end(), _PASSPORT_WORD):
            yield Identifier("passport", match.start(), match.end(), value)
    for match in _BANK_FORM.finditer(text):
        yield Identifier("bank_account", match.start(), match.end(), _digits(match[0]))
    for match in _BANK_DIGITS.finditer(text):
        if _one_separator(match[0]) and _near(text, match.start(), match.end(), _BANK_WORD):
            yield Identifier("bank_account", match.start(), match.end(), _digits(match[0]))


def _is_thai_id(text: str, start: int, end: int, phones: list[Identifier]) -> bool:
    """Digits in one run, or grouped as on the card, always are. Other groups are with the right check digit, when one
    kind of separator parts them or each digit stands alone, or with a word about ids near; with a wrong check digit
    and no such word they are not when a phone number is among them (3 081-234-5678 09), or when they are parted as
    amounts are (600 700 800 1000)."""
    typed = text[start:end]
    if _grouped(typed, (13,), _ID_GROUPS):
        return True
    named = _near(text, start, end, _ID_WORD)
    if _has_check_digit(_digits(typed)) and (named or _grouped(typed, (1,) * 13) or _one_separator(typed)):
        return True
    if any(start <= phone.start and phone.end <= end for phone in phones):
        return False
    return named if re.search(rf"[ {_WEAK}]", typed) else True


def _phone_shape(typed: str) -> bool:
    """Whether digits that are parted by more than spaces, dots and dashes are grouped as in a telephone number."""
    if not re.search(f"[{_WEAK}]", typed):
        return True
    if typed.startswith(("+", "(+")):
        return True  # the country code says what it is
    if typed.startswith("66"):
        return _grouped(typed[2:].lstrip(_STRIPPED), *_PHONE_GROUPS_ABROAD)
    if typed.startswith("0066"):
        return _grouped(typed[4:].lstrip(_STRIPPED), *_PHONE_GROUPS_ABROAD)
    if _grouped(typed, *_PHONE_GROUPS):
        return True
    return _grouped(typed, *_PHONE_PAIRS) and _one_separator(typed) and not re.search("[:,]", typed)


def _grouped(typed: str, *shapes: tuple[int, ...]) -> bool:
    """Whether the digits are parted as one of `shapes` says (lengths of its groups). What is invisible may part two
    groups, and may stand anywhere else."""
    seen, all_cuts, count = set(), set(), 0
    for piece in re.findall(r"[0-9]|[^0-9]+", typed):
        if piece.isdigit():
            count += 1
        else:
            all_cuts.add(count)
            seen |= {count} if piece.strip("\u200b") else set()
    ends = (list(accumulate(shape)) for shape in shapes)
    return any(shape[-1] == count and seen <= set(shape[:-1]) <= all_cuts for shape in ends)


def _one_separator(typed: str) -> bool:
    """Whether it is grouped by one kind of separator: 12/11/69 10:30 is a date and a time. Without one of `_WEAK` it
    need not be."""
    kinds = {frozenset(gap) - {" ", "\t"} for gap in re.findall("[^0-9]+", typed.replace("\u200b", ""))}
    return not re.search(f"[{_WEAK}]", typed) or len(kinds) == 1


def _has_check_digit(digits: str) -> bool:
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == int(digits[12])


def _not_personal(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_HANDLE, _PARCEL, _JURISTIC, _DATE, _DECIMAL, _AMOUNT, _COORDINATES):
        yield from (match.span() for match in pattern.finditer(text))
    yield from ((found.start, found.end) for found in case_numbers.find(text))


def _near(text: str, start: int, end: int, word: re.Pattern[str]) -> bool:
    before = text[max(0, start - _BANK_NEAR) : start]
    after = text[end : end + _BANK_NEAR // 2]
    return bool(word.search(before) or word.search(after))


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _phone(text: str, start: int, end: int) -> Iterator[Identifier]:
    import phonenumbers

    try:
        number = phonenumbers.parse(_dialled(text[start:end]), "TH")
    except phonenumbers.NumberParseException:
        return
    # A number that could be rung is sealed even when its range is not in use today: ranges are opened each year.
    if not phonenumbers.is_possible_number(number):
        return
    value = f"+{number.country_code}{number.national_number}"
    extension = _EXTENSION.match(text, end)
    end = extension.end() if extension else end
    yield Identifier("phone", start, end, f"{value};ext={extension[1]}" if extension else value)


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
