# SPDX-License-Identifier: Apache-2.0
"""Certain words: emergencies, the air, and a place with nothing but a place."""

from __future__ import annotations

import pytest

from bot.evidence import is_emergency, is_place_alone, speaks_of_air
from thai.normalise import normalise
from thai.tokens import Tokenizer

_TOKENIZER = Tokenizer(["ทะเบียนบ้าน", "ไฟไหม้"])


def emergency(text: str, names_service: bool = False) -> bool:
    normal = normalise(text)
    words = [[token.text, token.start, token.end] for token in _TOKENIZER.tokens(normal)]
    return is_emergency(normal, words, names_service)


@pytest.mark.parametrize(
    "text",
    [
        "ฆ่าตัวตาย", "อยากฆ่าตัวตาย", "ผมไม่อยากมีชีวิตอยู่แล้ว", "i want to kill myself", "I feel suicidal",
        "พ่อหัวใจหยุดเต้น", "แม่ไม่หายใจแล้ว ทำไงดี", "ลุงหมดสติหน้าตลาด", "เด็กจมน้ำ", "จมน้ำ", "มีคนจมน้ำที่คลอง",
        "there's a man not breathing at the market", "someone is drowning", "heart attack",
        "ไฟไหม้", "ไฟไหม้บ้าน", "ตอนนี้ไฟกำลังไหม้บ้านข้างๆ", "บ้านไฟไหม้ ช่วยที", "my house is on fire", "sos", "SOS!",
    ],
)  # fmt: skip
def test_certain_words_are_an_emergency(text: str) -> None:
    """Whatever the classifier makes of the rest."""
    assert emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "ไฟไหม้ฟาง", "ทำงานแบบไฟไหม้ฟาง", "ประกันไฟไหม้บ้านซื้อที่ไหน", "โปรไฟไหม้วันนี้", "ซ้อมดับเพลิงวันไหน",
        "ถนนจมน้ำมาสามวันแล้ว", "รถจมน้ำทำไง", "บ้านจมน้ำครับ น้ำท่วม", "ทะเบียนบ้านไฟไหม้ต้องทำยังไง", "sosay", "asos",
        "หายใจเข้าลึกๆ", "ไฟถนนดับ", "ตัวตายตัวแทน",
    ],
)  # fmt: skip
def test_other_words_are_none(text: str) -> None:
    """Figures of speech, pieces of words, drowned roads."""
    assert not emergency(text)


def test_a_paper_that_burned_is_no_fire_now() -> None:
    """But a life is one, whatever paper is named beside it."""
    assert not emergency("บัตรประชาชนหายตอนไฟไหม้บ้าน", names_service=True)
    assert emergency("ไม่มีบัตรประชาชน ไม่อยากมีชีวิตอยู่แล้ว", names_service=True)


@pytest.mark.parametrize(
    ("text", "air"),
    [
        ("ฝุ่นแถวนี้", True), ("PM 2.5 โคราช", True), ("AQI korat", True), ("อากาศเชียงใหม่", True), ("air quality", True),
        ("อำเภอเมืองขอนแก่น", False), ("ที่พักริมน้ำอัมพวา", False), ("chair", False), ("3 pmts", False),
    ],
)  # fmt: skip
def test_words_of_the_air(text: str, air: bool) -> None:
    """Dust, smoke, the indices' names; no place name is one."""
    assert speaks_of_air(text) is air


@pytest.mark.parametrize(
    ("before", "after", "alone"),
    [
        ("", "", True), ("แล้ว", "ล่ะ", True), ("ที่", "ครับ", True), ("what about ", "?", True), ("", "วันนี้เป็นยังไง", True),
        ("ตั๋วรถไฟไป", "เต็มไหม", False), ("ร้านชาบูเปิดดึกแถว", "", False),
    ],
)  # fmt: skip
def test_a_place_alone(before: str, after: str, alone: bool) -> None:
    """A follow-up names the place and hardly more; a sentence about something else is no question of air."""
    text = f"{before}โคราช{after}"
    assert is_place_alone(text, [["place", len(before), len(before) + 5]]) is alone
    assert not is_place_alone(text, [])
