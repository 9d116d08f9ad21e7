# SPDX-License-Identifier: Apache-2.0
"""thai.landmarks: phrases that say where, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from tests.thai.strategies import LONG_MESSAGES, MESSAGES, seconds
from thai.landmarks import find
from thai.tokens import Tokenizer

PLAIN = Tokenizer()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมากกก", ["หน้าโรงเรียนบ้านหนองแวง"]),
        ("ไฟถนนดับหน้าโรงเรียนบ้านหนองแวงมืดมาก", ["หน้าโรงเรียนบ้านหนองแวง"]),
        ("ใกล้ตลาดสด", ["ใกล้ตลาดสด"]),
        ("ปากซอย 5", ["ปากซอย 5"]),
        ("ถนนมิตรภาพเป็นหลุมลึกมาก", ["ถนนมิตรภาพ"]),
        ("หมู่ 3 บ้านโนนสูง", ["หมู่ 3 บ้านโนนสูง"]),
        ("ข้างวัดโพธิ์ มีขยะกอง", ["ข้างวัดโพธิ์"]),
        ("น้ำท่วมหน้าเซเว่นปากซอยลาดพร้าว 71", ["หน้าเซเว่นปากซอยลาดพร้าว 71"]),
        ("ซอย 5 ถนนมิตรภาพ", ["ซอย 5 ถนนมิตรภาพ"]),
        ("ต้นไม้ล้มขวางถนนหน้าวัดป่าหนองไผ่ตั้งแต่เมื่อคืน", ["หน้าวัดป่าหนองไผ่"]),
        ("ไฟดับตรงสี่แยกบ้านแพ้ว 3 วันแล้ว", ["ตรงสี่แยกบ้านแพ้ว"]),
        ("ตรงข้ามปั๊มปตท. หมู่ 7", ["ตรงข้ามปั๊มปตท. หมู่ 7"]),
        ("บ้านเลขที่ 99/1 หมู่ 4 ต.ในเมือง", ["บ้านเลขที่ 99/1 หมู่ 4"]),
        ("หมาเยอะแถวสวนสาธารณะ และหน้าตลาดนัด", ["แถวสวนสาธารณะ", "หน้าตลาดนัด"]),
        ("ใต้สะพานลอยหน้าบิ๊กซีรังสิต", ["ใต้สะพานลอยหน้าบิ๊กซีรังสิต"]),
        ("หน้าบ้านผมน้ำท่วม", []),
        ("ถนนพังมาก", []),
        ("ถนนหน้าบ้านเป็นหลุม", []),
        ("ซอยเปลี่ยวไฟดับ", []),
        ("สัปดาห์หน้า", []),
        ("หลังจากนั้นก็เงียบ", []),
        ("วัดไข้ที่บ้าน", []),
        ("เรียน ม.3", []),
        ("อยากทำบัตรประชาชน", []),
        ("ซอยแหน่เด้อ", []),
        ("ใส่ชื่อซอยผิด", []),
        ("เรื่องถนนที่แจ้งไปเสร็จหรือยัง", []),
        ("โรงพยาบาลไหนก็ได้", []),
        ("รถขยะไม่เข้าซอย 3 อาทิตย์ละ", []),
        ("ควายนอนกลางถนน", []),
        ("ไฟดับ 3 ต้น ซ.สุขสวัสดิ์ 4 ใกล้ ร.ร.อนุบาล", ["ซ.สุขสวัสดิ์ 4 ใกล้ ร.ร.อนุบาล"]),
        ("ไฟทางดับทั้งซอยเลยค่ะ", []),
        ("", []),
    ],
)
def test_phrases(text: str, expected: list[str], tokenizer: Tokenizer) -> None:
    """A phrase ends before what is said about the place; words that only look like a place are none."""
    assert [found.text for found in find(text, tokenizer)] == expected


def test_ordinary_sentences_hold_few_phrases(tokenizer: Tokenizer) -> None:
    """Two hundred sentences without a place yield nothing that would be filed as one."""
    sentences = (Path(__file__).with_name("data") / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    assert [(s, find(s, tokenizer)) for s in sentences if find(s, tokenizer)] == []


def test_without_a_tokenizer() -> None:
    """PyThaiNLP's dictionary serves when none is given."""
    assert [found.text for found in find("ขยะเต็มหน้าตลาดสดครับ")] == ["หน้าตลาดสด"]


@given(MESSAGES)
def test_total(text: str) -> None:
    """No input raises; phrases are exact, in order, and apart."""
    end = 0
    for found in find(text, PLAIN):
        assert end <= found.start < found.end
        assert text[found.start : found.end] == found.text
        end = found.end


@pytest.mark.parametrize("piece", ["ซอย ", "ใกล้ตลาดก", "หน้าวัด", "หน้าโรงเรียนบ้านหนองแวง ", "หมู่ 5 "])
def test_long_rows(piece: str) -> None:
    """Rows of place words stay below 20 ms, too."""
    text = (piece * 2000)[:2000]
    assert seconds(lambda: find(text, PLAIN), 0.02) < 0.02


@given(LONG_MESSAGES)
def test_long_input(text: str) -> None:
    """2,000 characters of anything take less than 20 ms."""
    assert seconds(lambda: find(text, PLAIN), 0.02) < 0.02
