# SPDX-License-Identifier: Apache-2.0
"""thai.dialect: words of the regions in standard Thai, and standard words left alone."""

from __future__ import annotations

import pytest

from tests.thai.strategies import seconds
from thai.dialect import find, standard


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ไปไส", "ไปไหน"),
        ("มื้ออื่นไปไส", "พรุ่งนี้ไปไหน"),
        ("เฮ็ดหยัง", "ทำอะไร"),
        ("บ่มีไฟ", "ไม่มีไฟ"),
        ("น้ำบ่ไหล", "น้ำไม่ไหล"),
        ("แม่นบ่", "ใช่ไหม"),
        ("ไฟฟ้าบ่มาตั้งแต่มื้อวาน", "ไฟฟ้าไม่มาตั้งแต่เมื่อวาน"),
        ("เว้าจั่งใด", "พูดอย่างไร"),
        ("กิ๋นข้าว", "กินข้าว"),
        ("วันพูกยะหยัง", "พรุ่งนี้ทำอะไร"),
        ("ยะจะใดเจ้า", "ทำอย่างไรค่ะ"),
        ("อู้กำเมือง", "พูดกำเมือง"),
        ("อยู่ตี้ไหน", "อยู่ที่ไหน"),
        ("ทำพรือ", "ทำอย่างไร"),
        ("แหลงใต้", "พูดใต้"),
        ("แลหนัง", "ดูหนัง"),
        ("แลรถ แหลงพรือ", "ดูรถ พูดอย่างไร"),
        ("หรอยจังหู้", "อร่อยจังหู้"),
        ("ต่อเช้าไปได้ไหม", "พรุ่งนี้ไปได้ไหม"),
    ],
)
def test_in_standard_thai(typed: str, meant: str) -> None:
    """Each dialect word is replaced, the rest stays."""
    assert standard(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "ขยะเต็มถัง",
        "ระยะทาง",
        "เจ้าหน้าที่",
        "พระเจ้า",
        "เจ้าของบ้าน",
        "ดูแลรักษา",
        "แลกเงิน",
        "ตะกร้า",
        "ตะโกน",
        "บ่น",
        "บ่าย",
        "บ่อน้ำ",
        "อู้งาน",
        "ก่อสร้าง",
        "แม่นยำ",
        "ซื้อตั๋วเครื่องบิน",
        "ไสว",
        "สวัสดีเจ้า",
        "แม่หม้าย",
        "",
        "ok",
    ],
)
def test_standard_words_stay(text: str) -> None:
    """The same letters in standard words are no dialect, and one word that both have proves nothing."""
    assert find(text) == []
    assert standard(text) == text


def test_particles_count_at_the_end_only() -> None:
    """เจ้า before a northern word is who is spoken to, after it a word of politeness."""
    assert standard("เจ้าไปตี้ไหน") == "เจ้าไปที่ไหน"
    assert standard("ไปตี้ไหนเจ้า") == "ไปที่ไหนค่ะ"


def test_text_that_is_hard_to_cut() -> None:
    """2,000 letters with very many readings take less than 20 ms."""
    text = "มกรา" * 499 + "บ่"
    find(text)
    assert seconds(lambda: find(text), 0.02) < 0.02


def test_spans() -> None:
    """Each word says where it stands and where it comes from."""
    text = "แหลงพรือ"
    assert [(text[w.start : w.end], w.standard, w.region) for w in find(text)] == [
        ("แหลง", "พูด", "south"),
        ("พรือ", "อย่างไร", "south"),
    ]
