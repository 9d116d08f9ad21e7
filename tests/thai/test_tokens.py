# SPDX-License-Identifier: Apache-2.0
"""thai.tokens: exact offsets, domain words, the same tokens from both engines."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given

from tests.thai.strategies import LONG_MESSAGES, MESSAGES, seconds
from thai.tokens import Tokenizer

DOMAIN = ["ไฟดับ", "น้ำไม่ไหล", "บัตรทอง", "จองคิว"]
NLPO3 = Tokenizer(DOMAIN, engine="nlpo3")
NEWMM = Tokenizer(DOMAIN, engine="newmm")


def words(text: str, tokenizer: Tokenizer = NLPO3) -> list[str]:
    """The texts of the tokens."""
    return [token.text for token in tokenizer.tokens(text)]


def test_domain_words_are_one_token() -> None:
    """A word of the domain that PyThaiNLP does not know stays whole."""
    assert words("น้ำไม่ไหลมาสองวัน") == ["น้ำไม่ไหล", "มา", "สอง", "วัน"]
    assert "น้ำไม่ไหล" not in words("น้ำไม่ไหลมาสองวัน", Tokenizer())


def test_what_is_not_thai_is_cut_by_rule() -> None:
    """Handles, links, codes, times and emoji are one token each."""
    text = "ฝุ่น pm2.5 covid-19 ⟦thai_id:k3f9⟧ 14:30 https://a.th/x?y=1 a@b.co.th 1,500.50 15/01/67 😀😀 !!"
    assert words(text) == [
        "ฝุ่น", "pm2.5", "covid-19", "⟦thai_id:k3f9⟧", "14:30",
        "https://a.th/x?y=1", "a@b.co.th", "1,500.50", "15/01/67", "😀😀", "!!",
    ]  # fmt: skip


@given(MESSAGES)
def test_offsets_are_exact_and_nothing_is_lost(text: str) -> None:
    """Each token stands where it says, in order, and only spaces lie between tokens."""
    for tokenizer in (NLPO3, NEWMM):
        position = 0
        for token in tokenizer.tokens(text):
            assert text[token.start : token.end] == token.text
            assert text[position : token.start].strip() == ""
            assert token.text.strip()
            position = token.end
        assert text[position:].strip() == ""


@pytest.mark.parametrize(
    "text",
    ["ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมาก", "บัตรประชาชนหายต้องใช้อะไรบ้าง", "ฝุ่นแถวเชียงใหม่วันนี้เป็นยังไง", "น้ำไม่ไหลมาสามวันแล้วครับ",
     "อยากจองคิวทำใบขับขี่", "สวัสดีครับ ขอถามหน่อย", "ขยะเต็มหน้าบ้านเหม็นมากกก"],
)  # fmt: skip
def test_both_engines_agree(text: str) -> None:
    """The fall-back gives the tokens that a model was trained on."""
    assert words(text, NLPO3) == words(text, NEWMM)


def test_version_names_the_dictionary() -> None:
    """The version depends on the words alone: not on their order, nor on the engine."""
    assert NLPO3.version == NEWMM.version == Tokenizer(DOMAIN[::-1]).version
    assert NLPO3.version != Tokenizer(DOMAIN[1:]).version
    assert (NLPO3.engine, NEWMM.engine) == ("nlpo3", "newmm")


def test_newmm_when_nlpo3_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without nlpo3 the default falls back, and asking for it by name fails."""
    monkeypatch.setitem(sys.modules, "nlpo3", None)
    assert Tokenizer(["ไฟดับ"]).engine == "newmm"
    with pytest.raises(ImportError):
        Tokenizer(engine="nlpo3")


def test_unknown_engine() -> None:
    """A misspelt engine is named."""
    with pytest.raises(ValueError, match="unknown tokenizer engine: longest"):
        Tokenizer(engine="longest")


def test_coverage() -> None:
    """Thai words count, English and single letters do not."""
    assert NLPO3.coverage("สวัสดีครับ") == 1.0
    assert NLPO3.coverage("hello") == NLPO3.coverage("") == NLPO3.coverage("  ") == 0.0
    assert 0.3 < NLPO3.coverage("สวัสดี hello") < 0.7
    assert NLPO3.knows("ไฟดับ")
    assert not NLPO3.knows("ไฟดับบ")


@given(LONG_MESSAGES)
def test_long_input(text: str) -> None:
    """2,000 characters of anything take less than 20 ms."""
    assert seconds(lambda: NLPO3.tokens(text), 0.02) < 0.02


@pytest.mark.parametrize(
    ("words", "times"), [("มกรา", 500), ("มกรา", 30), ("กกกา", 500), ("ตากลม", 400), ("มากมาย ", 280)]
)
def test_an_ambiguous_text_is_no_trap(words: str, times: int) -> None:
    """nlpo3 alone takes 2.5 s for the first of these."""
    NLPO3.tokens(words * times)  # what is loaded when it is needed has been loaded
    text = words * times
    assert seconds(lambda: NLPO3.tokens(text), 0.02) < 0.02
    assert "".join(token.text for token in NLPO3.tokens(text)) == text.replace(" ", "")


def test_a_message_is_fast() -> None:
    """A chat message takes less than 0.1 ms."""
    text = "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมาก ช่วยมาดูหน่อยครับ"
    assert seconds(lambda: [NLPO3.tokens(text) for _ in range(500)], 0.05) < 0.05
