# SPDX-License-Identifier: Apache-2.0
"""All parsers alike: no text raises, spans lie in the text, and no text takes long."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from tests.thai.strategies import LONG_MESSAGES, MESSAGES, seconds
from thai import dialect, money, national_ids, numbers, parcels, phones, plates
from thai.found import Found

PARSERS: dict[str, Callable[[str], list[Found[Any]]]] = {
    "numbers": numbers.find,
    "money": money.find,
    "national_ids": national_ids.find,
    "juristic_ids": national_ids.find_juristic,
    "passports": national_ids.find_passports,
    "phones": phones.find,
    "plates": plates.find,
    "parcels": parcels.find,
}
_PIECES = (
    "สอง", "พัน", "ห้า", "ร้อย", "ล้าน", "จุด", "ครึ่ง", "ลบ", "1", "2.", ",", "-", "/", ":", " ", "0",
    "9", "บาท", "สตางค์", "ที่", "กก", "กข", "กทม", "EY", "TH", "A", "+66", "08", "(", ")", "ต่อ", "บ่",
    "เฮ็ด", "เจ้า", "ๆ", "่", "า", "ำ", "เ", "\u200b", "😀", "⟦phone:k3f9⟧", "@", "ถึง", "กว่า",
    "ประมาณ", "๑", "๒๕๖๗", "½", "%", "เศษ", "ส่วน", "ทะเบียน", "โทร", "\x00", "\ud800", "โหล",
    "สามร้อยยอด",
)  # fmt: skip


@pytest.mark.parametrize("name", PARSERS)
@given(text=MESSAGES)
@settings(max_examples=60)
def test_total(name: str, text: str) -> None:
    """No message raises; findings stand in order, apart, inside the text."""
    check(PARSERS[name], text)


def test_a_thousand_texts_of_pieces() -> None:
    """Texts made of what the parsers look for; the seed is fixed, `python -m bench.thai --fuzz` takes others."""
    rng = random.Random(20261123)
    for _ in range(1000):
        text = "".join(rng.choice(_PIECES) for _ in range(rng.randint(1, 14)))
        for parse in PARSERS.values():
            check(parse, text)
        dialect.standard(text)


def check(parse: Callable[[str], list[Found[Any]]], text: str) -> None:
    """What holds for every finding."""
    found = parse(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found), (text, found)
    assert all(one.end <= after.start for one, after in pairwise(found)), (text, found)
    assert all(len(set(one.values)) == len(one.values) for one in found), (text, found)


@pytest.mark.parametrize("name", [*PARSERS, "dialect"])
@pytest.mark.parametrize("piece", _PIECES)
def test_long_rows(name: str, piece: str) -> None:
    """2,000 characters of one piece, alone and beside a numeral, take less than 20 ms."""
    parse: Callable[[str], object] = dialect.find if name == "dialect" else PARSERS[name]
    for row in (piece, piece + "สอง", piece + "1", piece + " "):
        text = (row * 2000)[:2000]
        assert seconds(lambda: parse(text), 0.02) < 0.02  # noqa: B023 – called at once


@pytest.mark.parametrize("name", [*PARSERS, "dialect"])
@given(text=LONG_MESSAGES)
@settings(max_examples=20)
def test_long_input(name: str, text: str) -> None:
    """2,000 characters of anything take less than 20 ms."""
    parse: Callable[[str], object] = dialect.find if name == "dialect" else PARSERS[name]
    assert seconds(lambda: parse(text), 0.02) < 0.02
