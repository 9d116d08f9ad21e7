# SPDX-License-Identifier: Apache-2.0
"""thai.clusters: long text is cut where a reader would, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.thai.strategies import LONG_MESSAGES, MESSAGES
from thai.clusters import clusters, cut, shorten, utf16_units


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("สวัสดีครับคุณสมชาย", 12, ["สวัสดีครับ", "คุณสมชาย"]),
        ("สวัสดี", 6, ["สวัสดี"]),
        ("ab cd ef", 6, ["ab cd ", "ef"]),
        ("หนึ่ง\nสอง สาม", 10, ["หนึ่ง\n", "สอง สาม"]),
        ("โทร ⟦phone:k3f9⟧ ด่วน", 10, ["โทร ", "⟦phone:k3f9⟧", " ด่วน"]),
        ("ดู https://a.th/bc นะ", 12, ["ดู ", "https://a.th/bc", " นะ"]),
        ("", 5, []),
    ],
)
def test_cut(text: str, limit: int, parts: list[str]) -> None:
    """Lines, spaces and words first; a handle or link longer than a part is the one exception."""
    got = cut(text, limit)
    assert "".join(got) == text
    if max(map(len, parts), default=0) <= limit:
        assert got == parts


@given(st.one_of(MESSAGES, LONG_MESSAGES), st.integers(1, 300), st.sampled_from([len, utf16_units]))
def test_nothing_is_lost_and_nothing_too_long(text: str, limit: int, length: object) -> None:
    """The parts joined are the text, and each fits, unless a single character needs two units."""
    measure = utf16_units if length is utf16_units else len
    parts = cut(text, limit, measure)
    assert "".join(parts) == text
    assert all(measure(part) <= max(limit, 2) for part in parts)


@given(
    st.lists(st.sampled_from(["เก่", "น้ำ", "ก็", "ดี", "⟦phone:k3f9⟧", " ", "ไฟ", "👨‍👩‍👧"]), max_size=60),
    st.integers(14, 60),
)
def test_never_inside_a_cluster_or_a_handle(pieces: list[str], limit: int) -> None:
    """With room for the longest piece no cut falls inside one."""
    text = "".join(pieces)
    edges = {0}
    for cluster in clusters(text):
        edges.add(max(edges) + len(cluster))
    position = 0
    for part in cut(text, limit):
        assert part.count("⟦") == part.count("⟧")
        position += len(part)
        assert position in edges


def test_clusters_are_what_a_reader_sees() -> None:
    """Marks stay with their letter, a leading vowel with the consonant it belongs to, an emoji whole."""
    assert clusters("เก่ากี๊👨‍👩‍👧น้ำe\u0301") == ["เก่", "า", "กี๊", "👨‍👩‍👧", "น้ำ", "e\u0301"]
    assert cut("กี๊กี๊", 4) == ["กี๊", "กี๊"]
    assert cut("xxเxx", 3) == ["xx", "เxx"]


def test_shorten() -> None:
    """A label that is too long ends in an ellipsis, within its limit."""
    assert shorten("แจ้งปัญหา", 20) == "แจ้งปัญหา"
    assert shorten("แจ้งปัญหาไฟถนนดับหน้าบ้าน", 12) == "แจ้งปัญหา…"
    assert shorten("ก" * 30, 1) == "…"
    assert shorten("ก", 0) == ""


@given(MESSAGES, st.integers(0, 40))
def test_shorten_fits(text: str, limit: int) -> None:
    """What comes out is never longer than the limit."""
    assert len(shorten(text, limit)) <= limit


def test_utf16_units() -> None:
    """Characters outside the basic plane count twice, as LINE counts them."""
    assert utf16_units("ก😀a") == 4


def test_limit_below_one() -> None:
    """A limit that nothing fits is a mistake of the caller."""
    with pytest.raises(ValueError, match="at least 1"):
        cut("ก", 0)
