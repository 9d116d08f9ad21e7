# SPDX-License-Identifier: Apache-2.0
"""thai.layout: Thai typed in the English layout is repaired, English is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from tests.thai.conftest import ROOT
from tests.thai.strategies import MESSAGES
from thai.layout import repair
from thai.tokens import Tokenizer

PLAIN = Tokenizer()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("l;ylfu", "สวัสดี"),
        ("l;ylfu8iy[", "สวัสดีครับ"),
        ("0v'8b;me[y9i", "จองคิวทำบัตร"),
        ("-v[86I", "ขอบคุณ"),
        ("wafy[", "ไฟดับ"),
        ("l;ylfu 8jt", "สวัสดี ค่ะ"),
        ("L;YLFU", "สวัสดี"),
    ],
)
def test_repaired(typed: str, meant: str, tokenizer: Tokenizer) -> None:
    """Keys pressed in the wrong layout, also with caps lock, give the Thai that was meant."""
    repaired = repair(typed, tokenizer)
    assert repaired is not None
    assert repaired.text == meant
    assert repaired.certainty == "certain"


@pytest.mark.parametrize(
    "text",
    ["ok", "wifi", "stop", "OK", "Hello", "hi there", "pm2.5", "PM 2.5", "covid-19", "chiang mai", "how are you", "facebook",
     "samsung", "iphone 15", "2569-7KMPX4", "EY145587896TH", "somchai@example.com", "https://example.com", "⟦phone:k3f9⟧",
     "0812345678", "14:30", "...", "???", "1234", "asdf", "qwerty", "test", "google map", "true move", "l;ylfu ครับ", "A4",
     "lol", "omg", "thx", "BTS", "5555", "I want to pay my tax", "no water since yesterday", "street light is broken", "",
     "😀", "x" * 500],
)  # fmt: skip
def test_left_alone(text: str, tokenizer: Tokenizer) -> None:
    """English, codes, numbers, handles, links and anything with Thai in it stay."""
    assert repair(text, tokenizer) is None


def test_short_and_english_looking_is_asked_about(tokenizer: Tokenizer) -> None:
    """Letters alone that could be an English word are repaired only with a question."""
    repaired = repair("mevtwi", tokenizer)
    assert repaired is not None
    assert (repaired.text, repaired.certainty) == ("ทำอะไร", "confirm")


def test_words_may_be_given_instead_of_a_tokenizer() -> None:
    """A plain list of domain words serves as well."""
    repaired = repair("l;ylfu", ["ไฟดับ"])
    assert repaired is not None
    assert repaired.text == "สวัสดี"


@given(MESSAGES)
def test_total(text: str) -> None:
    """No input raises, and a text with a Thai letter in it is never touched."""
    repaired = repair(text, PLAIN)
    if any("\u0e00" <= char <= "\u0e7f" for char in text):
        assert repaired is None


@pytest.mark.contract_data
def test_shared_vectors(tokenizer: Tokenizer) -> None:
    """The sample vectors of kinds layout and normalize are met."""
    from thai.normalise import normalise

    path = Path(ROOT).parent / "shared" / "data" / "thai_vectors.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    checked = 0
    for row in rows:
        if row["kind"] == "layout":
            repaired = repair(row["text"], tokenizer)
            assert (repaired.text if repaired else row["text"]) == row["expect"]
        elif row["kind"] == "normalize":
            assert normalise(row["text"]) == row["expect"]
        else:
            continue
        checked += 1
    assert checked >= 6
