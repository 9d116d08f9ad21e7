# SPDX-License-Identifier: Apache-2.0
"""Amounts of money in a message, in baht: ฿1,234.50, สองพันห้าร้อยบาทห้าสิบสตางค์, สามสลึง."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from thai.found import Found
from thai.normalise import arabic_digits
from thai.number_context import about
from thai.numbers import Number, as_number
from thai.numbers import find as find_numbers

_BAHT = re.compile(r" ?(?:บาท(?:ถ้วน)?|บ\.(?!ม)|บ(?![ก-๎.])|THB\b|baht\b|฿|\.-|,-|/-)", re.IGNORECASE)
_BAHT_BEFORE = re.compile(r"(?:฿|THB|baht) ?$", re.IGNORECASE)
_SATANG = re.compile(" ?(?:สตางค์|สตาง|สต\\.|สตังค์|สตัง)")
_SALUENG = re.compile(" ?(?:สลึง)")
_HALF = re.compile("ครึ่ง")
_MONEY_BEFORE = re.compile(
    "(?:ราคา|ค่า[ก-๎]{1,12}|จ่ายเงิน|จ่ายไป|จ่าย|โอนเงิน|โอน|เงินเดือน|เงินสด|เงิน|งบประมาณ|งบ|รายได้|ยอด|วงเงิน) ?$"
)
_GOLD = re.compile("ทอง[ก-๎]{0,6} ?$")  # its baht is a weight
_SATANG_IN_BAHT = 100
_SALUENG_IN_BAHT = 4


def find(text: str) -> list[Found[Number]]:
    """Return the amounts of `text` in baht, in order; never raises.

    An amount needs บาท, สตางค์, สลึง, ฿ or the like; a bare number after a word of money (ราคา 500) is `confirm`, and so
    is a rough one (ประมาณ 500 บาท, พันกว่าบาท). A negative amount of satang, or a hundred of them, is `confirm` too.

    >>> [(found.values, found.certainty) for found in find("สองพันห้าร้อยบาทห้าสิบสตางค์")]
    [((Decimal('2500.5'),), 'certain')]
    >>> [(found.values, found.certainty) for found in find("ประมาณ 500 บาท")]
    [((500,), 'confirm')]
    """
    plain = arabic_digits(text)
    numbers = find_numbers(text)
    amounts: list[Found[Number]] = []
    at = 0
    while at < len(numbers):
        amount, used = _amount(plain, numbers[at : at + 3])
        if amount:
            amounts.append(amount)
        at += used
    return amounts


def _amount(plain: str, numbers: Sequence[Found[Number]]) -> tuple[Found[Number] | None, int]:
    """The amount that begins with the first number, and how many numbers it is made of."""
    first = numbers[0]
    small = _small_money(plain, first)
    if small:
        return small, 1
    before = _BAHT_BEFORE.search(plain, max(0, first.start - 5), first.start)
    baht = _BAHT.match(plain, first.end) or _BAHT.match(plain, first.end + _loosely(plain, first.end))
    start = before.start() if before else first.start
    if baht is None:
        if before:
            return _found(first.values, start, first.end, sure=first.certainty == "certain"), 1
        if _MONEY_BEFORE.search(plain, max(0, first.start - 20), first.start):
            return _found(first.values, start, first.end, sure=False), 1
        return None, 1
    sure = first.certainty == "certain" and not _GOLD.search(plain, max(0, start - 12), start)
    values, end = first.values, baht.end()
    half = _HALF.match(plain, end)
    if half:
        # the number was doubtful only for the half after its word
        sure = len(values) == 1 and not about(plain, start, baht.end())
        return _found(tuple(v + Decimal("0.5") for v in values), start, half.end(), sure=sure), 1
    sure = sure and not about(plain, start, end)
    if len(numbers) > 1 and 0 <= numbers[1].start - end <= 1 and not plain[end : numbers[1].start].strip():
        rest = numbers[1]
        part = _small_money(plain, rest)
        if part:
            sure = sure and part.certainty == "certain" and part.values[0] < 1
            return _found(tuple(v + part.values[0] for v in values), start, part.end, sure=sure), 2
        if rest.start == end and rest.values[0] < _SATANG_IN_BAHT and not _BAHT.match(plain, rest.end):
            # สองบาทห้าสิบ: satang, though nobody said so
            value = Decimal(rest.values[0]) / _SATANG_IN_BAHT
            return _found((values[0] + value, *values), start, rest.end, sure=False), 2
    return _found(values, start, end, sure=sure), 1


def _small_money(plain: str, number: Found[Number]) -> Found[Number] | None:
    """Satang and salueng alone."""
    for name, in_baht in ((_SATANG, _SATANG_IN_BAHT), (_SALUENG, _SALUENG_IN_BAHT)):
        match = name.match(plain, number.end)
        if match:
            values = tuple(Decimal(value) / in_baht for value in number.values)
            return _found(
                values, number.start, match.end(), sure=number.certainty == "certain" and number.values[0] < in_baht
            )
    return None


def _loosely(plain: str, end: int) -> int:
    """The length of กว่า and the like between a number and บาท."""
    match = re.compile(" ?(?:กว่าๆ|กว่า|เศษๆ|เศษ|นิดๆ|ต้นๆ|ปลายๆ)").match(plain, end)
    return match.end() - end if match else 0


def _found(values: Sequence[Number], start: int, end: int, *, sure: bool) -> Found[Number]:
    amounts = tuple(dict.fromkeys(as_number(Decimal(value)) for value in values))
    sure = sure and len(amounts) == 1 and amounts[0] >= 0
    return Found("money", amounts, start, end, "certain" if sure else "confirm")
