# SPDX-License-Identifier: Apache-2.0
"""thai.particles: politeness and laughter are taken off, words are not."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.thai.strategies import LONG_MESSAGES, MESSAGES, seconds
from thai.particles import fold, laughter, strip_laughter, strip_particles


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("ยกเลิกครับ", "ยกเลิก"),
        ("ยกเลิกนะคะ!!", "ยกเลิก"),
        ("ไม่เอาแล้วค่ะ", "ไม่เอาแล้ว"),
        ("ขอบคุณค่า", "ขอบคุณ"),
        ("ไปนะ", "ไป"),
        ("โอเคจ้า", "โอเค"),
        ("อยู่ไสเด้อ", "อยู่ไส"),
        ("ใช่คับผม ครับ", "ใช่คับผม"),
        ("ทีมเราชนะ", "ทีมเราชนะ"),
        ("ของมีคุณค่า", "ของมีคุณค่า"),
        ("พระเจ้า", "พระเจ้า"),
        ("แดดสว่างจ้า", "แดดสว่างจ้า"),
        ("ครับ", "ครับ"),
        ("ค่ะ", "ค่ะ"),
        ("", ""),
    ],
)
def test_particles_at_the_end(typed: str, left: str) -> None:
    """A particle goes, a word that ends in the same letters stays, a bare particle stays."""
    assert strip_particles(typed) == left


@pytest.mark.parametrize("text", ["555", "5555+", "ตลก 55555", "ฮ่าๆๆ", "ฮ่าฮ่าฮ่า", "อิอิ", "คริคริ", "ขอบคุณ555"])
def test_laughter(text: str) -> None:
    """What Thai people type when they laugh is found."""
    assert laughter(text)


@pytest.mark.parametrize(
    "text",
    [
        "1555",
        "555 บาท",
        "เลขที่ 555",
        "ซอย 555",
        "555/12",
        "02-555-1234",
        "5.55",
        "หมู่บ้าน 555 หลัง 55",
        "โทร 555",
        "555.50",
    ],
)
def test_numbers_are_no_laughter(text: str) -> None:
    """Three fives that count, measure or number something are a number."""
    assert laughter(text) == []


def test_only_laughter_leaves_nothing() -> None:
    """A message of laughter alone becomes empty, one around it keeps its words."""
    assert strip_laughter("5555") == ""
    assert strip_laughter("ตลกมาก 5555 จริงๆ") == "ตลกมาก จริงๆ"


@pytest.mark.parametrize(("typed", "folded"), [("ยกเลิกกกก ค่าาา 5555", "ยกเลิก"), ("OK ครับ", "ok"), ("ใช่ๆ", "ใช่")])
def test_fold(typed: str, folded: str) -> None:
    """Control phrases are matched in one form."""
    assert fold(typed) == folded


@given(LONG_MESSAGES)
def test_long_input(text: str) -> None:
    """2,000 characters of anything take less than 20 ms."""
    assert seconds(lambda: fold(text), 0.02) < 0.02


@given(MESSAGES)
def test_total(text: str) -> None:
    """No input raises; spans lie in the text; what is left is never longer."""
    assert all(0 <= start < end <= len(text) for start, end in laughter(text))
    assert len(strip_particles(text)) <= len(text)
    fold(text)
