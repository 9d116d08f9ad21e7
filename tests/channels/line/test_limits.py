# SPDX-License-Identifier: Apache-2.0
"""Texts and labels at LINE's limits: never too long, never cut inside what a reader sees as one."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from channels.line.limits import clean, is_blank, shorten, shorten_units, split, units
from tests.channels.blocks import QUICK
from tests.channels.line.line_rules import graphemes, is_seen, utf16

#: what is easily cut: stacked marks, surrogate pairs, joined emoji, flags, addresses
AWKWARD = st.sampled_from(
    [
        "ขอคัดสำเนาทะเบียนบ้าน",
        "น้ำ",
        "ที่นี่ค่ะ ",
        "👨‍👩‍👧‍👦",
        "🇹🇭",
        "👍🏽",
        "a\u0301",
        "\n",
        "\n\n",
        " ",
        " \u0e48",
        "\u0600",
        "https://a.go.th/x?y=z ",
        "จบค่ะ ",
    ]
)
awkward = st.lists(AWKWARD | st.text(max_size=5), max_size=60).map("".join)


@QUICK
@given(awkward, st.integers(30, 90))
def test_l_out_10_pieces_are_the_text_and_cut_nothing(text: str, limit: int) -> None:
    """Together the pieces are the text; each fits; no cut is inside a cluster or a URL."""
    pieces = split(text, limit)
    assert "".join(pieces) == text
    assert all(utf16(piece) <= limit for piece in pieces)
    cuts = set()
    at = 0
    for piece in pieces[:-1]:
        at += len(piece)
        cuts.add(at)
    for unit in (r"\X", r"https://\S+"):
        inside = {at for match in regex.finditer(unit, text) for at in range(match.start() + 1, match.end())}
        longest = max((utf16(match[0]) for match in regex.finditer(unit, text)), default=0)
        if longest <= limit:
            assert not cuts & inside


@pytest.mark.parametrize("letter", ["ก", "a", "😀", "น้ำ", "👨‍👩‍👧‍👦"])
def test_l_out_10_at_the_limit_one_text_beyond_it_two(letter: str) -> None:
    """5,000 units are one text, 5,001 are two, whatever the letters."""
    text = letter * (5000 // utf16(letter))
    text += "x" * (5000 - utf16(text))
    assert split(text) == [text]
    assert len(split(text + "x")) == 2


def test_l_out_10_sentences_stay_whole() -> None:
    """The cut is behind a sentence; a paragraph's end is better still."""
    sentence = "กรุณานำบัตรประจำตัวประชาชนมาด้วยค่ะ "
    for piece in split(sentence * 300):
        assert piece.endswith("ค่ะ ")
    first, second = split("ก" * 3000 + "\n\n" + sentence * 40 + "ก" * 2000)
    assert first == "ก" * 3000 + "\n\n"
    assert second.startswith(sentence)


def test_l_out_10_an_early_line_does_not_make_a_short_piece() -> None:
    """A cut in the first half would be more pieces than are needed."""
    text = "ก" * 100 + "\n" + "ก" * 9899
    assert [len(piece) for piece in split(text)] == [5000, 5000]


def test_l_out_10_an_address_is_not_cut() -> None:
    """The cut goes before a URL that stands across the limit."""
    url = "https://example.go.th/" + "a" * 100
    pieces = split("ก" * 4950 + url + " จบค่ะ")
    assert pieces == ["ก" * 4950, url + " จบค่ะ"]
    assert split("ก" * 4950 + "\u0600" + url) == ["ก" * 4950, "\u0600" + url]


def test_l_out_10_a_blank_with_a_mark_on_it_is_not_cut() -> None:
    """A tone mark that slipped behind a blank stands on it."""
    assert split("ก" * 20 + " \u0e48" + "ข" * 20, 30) == ["ก" * 20 + " \u0e48" + "ข" * 8, "ข" * 12]


def test_an_endless_cluster_and_an_endless_address_still_end() -> None:
    """What alone is beyond the limit is cut between characters, never inside a surrogate pair."""
    for text in ("ก" + "\u0e48" * 12000, "https://a.go.th/" + "a" * 12000, "a" + "\U0001d165" * 6000):
        pieces = split(text)
        assert "".join(pieces) == text
        assert all(utf16(piece) <= 5000 for piece in pieces)


@QUICK
@given(awkward, st.integers(2, 40))
def test_l_out_11_a_short_label_is_whole_and_a_long_one_ends_at_a_cluster(text: str, limit: int) -> None:
    """At most `limit` clusters; unchanged when it fits; else the beginning, whole clusters, and an ellipsis."""
    short = shorten(text, limit)
    assert graphemes(short) <= limit
    if graphemes(text) <= limit and utf16(text) <= limit * 11:
        assert short == text
    elif short != text:
        assert short.endswith("…")
        assert text.startswith(short[:-1])


def test_l_out_11_twenty_clusters_are_kept_twenty_one_are_shortened() -> None:
    """Counted as Thai people count letters, not as computers do."""
    label = "ขอคัดสำเนาทะเบียนบ้าน"
    assert graphemes(label) == 17
    assert shorten(label + "กขค", 20) == label + "กขค"
    assert shorten(label + "กขคง", 20) == label + "กข…"
    assert shorten("น้ำ" * 20, 20) == "น้ำ" * 20


@QUICK
@given(awkward, st.integers(1, 60))
def test_altered_texts_keep_to_units(text: str, limit: int) -> None:
    """The same for limits that count UTF-16 units."""
    short = shorten_units(text, limit)
    assert utf16(short) <= limit
    assert short == text or short.endswith("…")


@QUICK
@given(st.text(st.characters(), max_size=40))
def test_what_is_cleaned_can_be_sent(text: str) -> None:
    """Lone surrogates and control characters go, everything else stays; units are UTF-16's."""
    cleaned = clean(text)
    assert units(cleaned) == utf16(cleaned)
    assert is_blank(cleaned) is not is_seen(cleaned)


def test_lone_surrogates_are_replaced() -> None:
    """An agency's broken emoji does not stop an answer."""
    assert clean("ดี\ud83d ค่ะ\x00\r\nจบ") == "ดี\ufffd ค่ะ\nจบ"
