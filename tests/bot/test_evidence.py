# SPDX-License-Identifier: Apache-2.0
"""Certain words: emergencies, the air, and a place with nothing but a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evidence import (
    is_aspect_alone,
    is_emergency,
    is_part_of_case_number,
    is_place_alone,
    speaks_of_air,
    speaks_of_danger,
)
from thai.normalise import normalise
from thai.tokens import Tokenizer

NLU_DATA = Path(__file__).resolve().parents[2] / "nlu_data"
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
        ("", "อ่ะ", True), ("", "ด้วย", True), ("แล้วที่", "ล่ะคะ", True), ("", "อะไรดี", False),
        ("ตั๋วรถไฟไป", "เต็มไหม", False), ("ร้านชาบูเปิดดึกแถว", "", False),
    ],
)  # fmt: skip
def test_a_place_alone(before: str, after: str, alone: bool) -> None:
    """A follow-up names the place and hardly more; a sentence about something else is no question of air."""
    text = f"{before}โคราช{after}"
    assert is_place_alone(text, [["place", len(before), len(before) + 5]]) is alone
    assert not is_place_alone(text, [])


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("มีคนล้มลงไปเลือดออก", True), ("คนติดในรถ", True), ("งูเห่ากัด", True), ("1669", True), ("กลิ่นแก๊สแรงมาก", True),
        ("somebody was shot", True), ("เบื่อ อยากตาย", True), ("ช่วยด้วย", True),
        ("เด็ก", False), ("ไฟ", False), ("มอไซค์ล่ะ", False), ("แจ้งตาย", False), ("มีคนขโมยฝาท่อ", False), ("แม่ไปไม่ได้", False),
        ("ไม่แน่ใจ อยู่แถวสะพาน", False), ("แก๊สแพง", False), ("1669000", True), ("5191", False), ("diet", True),
    ],
)  # fmt: skip
def test_words_of_danger(text: str, danger: bool) -> None:
    """Generous: beside a classifier that thinks so, too. A number inside a number is no hotline of three digits."""
    assert speaks_of_danger(text) is danger


def test_every_emergency_that_must_be_understood_has_a_word_of_danger() -> None:
    """So that none hangs on the classifier's last per cent."""
    lines = (NLU_DATA / "must_pass" / "emergency.txt").read_text(encoding="utf-8").splitlines()
    sentences = [line for line in lines if not line.startswith("#")]
    assert [text for text in sentences if not speaks_of_danger(normalise(text))] == []
    assert len(sentences) >= 18


def said(text: str, *parts: tuple[str, str]) -> bool:
    entities = [
        {"entity": kind, "start": text.index(words), "end": text.index(words) + len(words)} for kind, words in parts
    ]
    return is_aspect_alone(text, entities)


def test_a_follow_up_names_an_aspect_or_a_case_and_no_service() -> None:
    """ "จ่ายที่ไหน" belongs to whatever was spoken of; a shop's opening hours do not."""
    assert said("ที่ไหน", ("aspect", "ที่ไหน"))
    assert said("จ่ายที่ไหนคะ", ("aspect", "ที่ไหน"))
    assert said("แล้วของลูกล่ะ", ("situation", "ลูก"))
    assert said("for my child?", ("situation", "child"))
    assert said("เกินกำหนดโดนอะไร", ("situation", "เกินกำหนด"))
    assert not said("ห้างเปิดกี่โมง", ("aspect", "เปิดกี่โมง"))
    assert not said("พาสปอร์ตที่ไหน", ("aspect", "ที่ไหน"), ("service", "พาสปอร์ต"))
    assert not said("แล้วล่ะ")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("BM7KMK", True), ("bm7kmk", True), (" 2569 ", True), ("2569-", True), ("๒๕๖๙", True), ("-7KMPX4", True),
        ("ตามเรื่อง BM7KMK", False), ("123456", False), ("abcdef", False), ("2569-7KMPX4", False), ("1999", False), ("", False),
    ],
)  # fmt: skip
def test_a_piece_of_a_case_number(text: str, part: bool) -> None:
    """Alone, and no ordinary word or number."""
    assert is_part_of_case_number(text) is part
