# SPDX-License-Identifier: Apache-2.0
"""thai.normalise: one spelling, nothing lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.thai.strategies import LONG_MESSAGES, MESSAGES, seconds
from thai.normalise import _MAY_CHANGE, arabic_digits, normalise, plain_separators


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("มากกกกกก", "มาก"),
        ("ไม่่่", "ไม่"),
        ("ค่" + "า" * 300, "ค่า"),
        ("ขอบคุณค่าาาา", "ขอบคุณค่า"),
        ("เเม่", "แม่"),
        ("นํ้าท่วม", "น้ำท่วม"),
        ("ทํางาน", "ทำงาน"),
        ("ดีีีี", "ดี"),
        ("ครับบบบ", "ครับ"),
        ("ครับบ", "ครับ"),
        ("มากกกกว่าเดิม", "มากกว่าเดิม"),
        ("อร่อยยยยมาก", "อร่อยมาก"),
        ("สวัส\u200bดี\ufeff", "สวัสดี"),
        ("ก\u00a0 ข\tค", "ก ข ค"),
        ("๑๔.๓๐ น.", "14.30 น."),
        ("  สวัสดี  ค่ะ ", "สวัสดี ค่ะ"),
        ("กรรมการสรร ธรรม", "กรรมการสรร ธรรม"),
        ("จริงๆๆๆ", "จริงๆ"),
        ("ค่ะะะะ", "ค่ะ"),
        ("นะค้าาาา", "นะค้า"),
        ("โอเคคคค", "โอเค"),
        ("ไม่เป็นไรรรร", "ไม่เป็นไร"),
        ("แแม่", "แม่"),
        ("เเละเเล้ว", "และแล้ว"),
        ("กำำำ", "กำ"),
        ("ร้้้อน", "ร้อน"),
        ("เดีี๋ยว", "เดี๋ยว"),
        ("ใช่่่", "ใช่"),
        ("สวัสดีีีีครับบบบ", "สวัสดีครับ"),
        ("บ้าน\u200bเลขที่ ๑๒", "บ้านเลขที่ 12"),
        ("ฟรีีี", "ฟรี"),
        ("ไม่ไหวววว", "ไม่ไหว"),
        ("ดีมากกกกเลยยยย", "ดีมากเลย"),
        ("👨\u200d👩\u200d👧 ค่ะ", "👨\u200d👩\u200d👧 ค่ะ"),
    ],
)
def test_one_spelling(typed: str, expected: str) -> None:
    """Each way to type it comes out in the one spelling."""
    assert normalise(typed) == expected


@pytest.mark.parametrize(
    "kept",
    ["1กก 1234", "ทะเบียน กก 1234", "ทะเบียนกก 1234", "2569-7KMPX4", "EY111222333TH", "⟦phone:kkkk9⟧", "⟦thai_id:aaa1⟧",
     "https://example.com/aaa//b", "aaa@example.com", "5555", "0800000000", "wwww"],
)  # fmt: skip
def test_ids_stay(kept: str) -> None:
    """Plates, numbers, handles, links and addresses keep their repeated characters."""
    assert normalise(kept) == kept


def test_handles_keep_their_neighbours() -> None:
    """The words around a handle are cleaned, the spaces between stay."""
    assert normalise("โทรรรร ⟦phone:k3f9⟧ นํ้า⟦email:x2⟧") == "โทร ⟦phone:k3f9⟧ น้ำ⟦email:x2⟧"


@given(MESSAGES)
def test_is_total_idempotent_and_composed(text: str) -> None:
    """No input raises; a second pass changes nothing; digits and Latin letters are all still there."""
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    latin = [c for c in once if c.isascii() and c.isalnum()]
    plain = arabic_digits(unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode()))
    assert latin == [c for c in plain if c.isascii() and c.isalnum()]


@given(st.text(alphabet="กขมอฤา ะำัิีุู็่้๊์ํ๎ฺเแโๅ \nab", max_size=12))
def test_the_short_cut_skips_only_what_pythainlp_leaves_alone(text: str) -> None:
    """Text in which the guard finds nothing is text that PyThaiNLP's normalize gives back unchanged."""
    from pythainlp.util import normalize

    if not _MAY_CHANGE.search(text):
        assert normalize(text) == text


@pytest.mark.parametrize(
    "piece",
    [
        "หน้าวัด",
        "กกกา",
        "กาบบ ",
        "บ้านหนอง",
        "มากกก",
        "า ",
        "ํ่า",
        "์ั",
        "กก ",
        "ค่ะ",
        "\u200b\u200d",
        "\u200d",
        "า",
        "าะ",
        "่",
        "์",
        "่้",
        "ัิ",
        "ๅ",
        "เ",
        "เเ ",
        "ำ ",
    ],
)
def test_long_rows(piece: str) -> None:
    """2,000 characters of the pieces that cost most take less than 20 ms."""
    text = (piece * 2000)[:2000]
    assert seconds(lambda: normalise(text), 0.02) < 0.02


@given(LONG_MESSAGES)
def test_long_input(text: str) -> None:
    """2,000 characters of anything take less than 20 ms."""
    assert seconds(lambda: normalise(text), 0.02) < 0.02


def test_arabic_digits_keeps_offsets() -> None:
    """Thai and full-width digits become ASCII ones in place."""
    assert arabic_digits("ก๑๒ ０９x") == "ก12 09x"


@given(MESSAGES)
def test_plain_separators_keeps_offsets(text: str) -> None:
    """Each character has one in its place, and a second pass changes nothing."""
    plain = plain_separators(text)
    assert len(plain) == len(text)
    assert plain_separators(plain) == plain
