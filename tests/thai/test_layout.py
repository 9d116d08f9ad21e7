# SPDX-License-Identifier: Apache-2.0
"""thai.layout: Thai typed in the English layout is repaired, English is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from tests.thai.conftest import ROOT
from tests.thai.strategies import MESSAGES, seconds
from thai.layout import repair, repair_english
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
        ("wxwso", "ไปไหน"),
        ("wfhws,", "ได้ไหม"),
        ("9d]'", "ตกลง"),
        ("pdg]bd", "ยกเลิก"),
        ("ohew,jws]", "น้ำไม่ไหล"),
        ("xit=k=o", "ประชาชน"),
        ("g=up'.s,j", "เชียงใหม่"),
        ("mtg[upo[hko", "ทะเบียนบ้าน"),
        ("9bf9jvg0hksohkmuj", "ติดต่อเจ้าหน้าที่"),
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


@pytest.mark.parametrize(("typed", "meant"), [(".=j", "ใช่"), ("-pt", "ขยะ")])
def test_three_keys_with_a_mark_are_asked_about(typed: str, meant: str, tokenizer: Tokenizer) -> None:
    """Three keys are few, so the citizen is asked."""
    repaired = repair(typed, tokenizer)
    assert repaired is not None
    assert (repaired.text, repaired.certainty) == (meant, "confirm")


@pytest.mark.parametrize(
    ("typed", "meant", "certainty"),
    [
        ("้ำสสน", "hello", "certain"),
        ("ัำห", "yes", "certain"),
        ("ืน", "no", "certain"),
        ("ทั ืฟทำ รห", "my name is", "certain"),
        ("ยฟหหยนพะ", "passport", "certain"),
        ("หะฟะีห", "status", "certain"),
        ("ธ้ฟืา ันี", "Thank you", "certain"),
        ("ไรดร", "wifi", "confirm"),
        ("หะนย", "stop", "confirm"),
        ("ทฟย", "map", "confirm"),
    ],
)
def test_english_in_the_thai_layout(typed: str, meant: str, certainty: str, tokenizer: Tokenizer) -> None:
    """Common English words come back; what could be read as Thai is asked about."""
    repaired = repair_english(typed, tokenizer)
    assert repaired is not None
    assert (repaired.text, repaired.certainty) == (meant, certainty)


def test_no_thai_word_is_taken_for_english(tokenizer: Tokenizer) -> None:
    """No word of PyThaiNLP's dictionary is repaired, whatever its keys spell."""
    from thai import lexicon

    assert [word for word in sorted(lexicon.words()) if repair_english(word, tokenizer)] == []


@pytest.mark.parametrize(
    "text", ["hello", "", "สวัสดี", "ไฟดับ", "นา", "ค่ะ", "ok ค่ะ", "5555", "😀", "ก" * 500, "⟦phone:k3f9⟧", "ฟหกด"]
)
def test_left_in_thai(text: str, tokenizer: Tokenizer) -> None:
    """Thai, Latin text and what spells nothing known stay."""
    assert repair_english(text, tokenizer) is None


@pytest.mark.parametrize("piece", ["มกรา", "ลบก", "สวัสดี", "l;ylfu", ",dik", "xy", "้ำสสน "])
def test_long_input(piece: str) -> None:
    """2,000 characters take less than 20 ms both ways, and so does the longest text that is looked at."""
    for size in (2000, 120):
        text = (piece * size)[:size]
        assert seconds(lambda: (repair(text, PLAIN), repair_english(text, PLAIN)), 0.02) < 0.02  # noqa: B023 – called at once


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
    other_way = repair_english(text, PLAIN)
    assert other_way is None or other_way.text.isascii()


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
