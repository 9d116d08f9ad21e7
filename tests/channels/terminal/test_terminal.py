# SPDX-License-Identifier: Apache-2.0
"""The terminal channel: blocks as lines, choices by number, and one conversation over the public API."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from channels.terminal.render import choices, lines
from channels.web.render import shown
from core.messages import texts_of
from tests.channels.blocks import QUICK, SECRET, blocks


def test_each_block_as_lines() -> None:
    """Text, numbered choices, a framed card with its source and label, a picture and a pin."""
    drawn = lines(
        [
            {"type": "text", "text": "บรรทัดหนึ่ง\nบรรทัดสอง"},
            {
                "type": "choices",
                "text": "เลือกค่ะ",
                "choices": [{"id": "1.1.0", "label": "ใช่"}, {"id": "1.1.1", "label": "ไม่"}],
            },
            {
                "type": "card",
                "title": "ค่าฝุ่น",
                "text": "วันนี้",
                "fields": [{"label": "PM2.5", "value": "35"}],
                "source": {"name": "กรมควบคุมมลพิษ", "observed_at": "09:00", "label": "ข้อมูลสมมติ (โหมดทดลอง)"},
                "links": [{"label": "เว็บไซต์", "url": "https://a.go.th"}],
            },
            {"type": "image", "media": "m_1", "alt": ""},
            {"type": "location", "lat": 18.8, "lon": 98.9},
        ]
    )
    assert drawn == [
        "บรรทัดหนึ่ง",
        "บรรทัดสอง",
        "เลือกค่ะ",
        "  1. ใช่",
        "  2. ไม่",
        "┌ ค่าฝุ่น",
        "│ วันนี้",
        "│ PM2.5: 35",
        "│ ที่มา กรมควบคุมมลพิษ · 09:00",
        "│ ข้อมูลสมมติ (โหมดทดลอง)",
        "│ เว็บไซต์: https://a.go.th",
        "└",
        "[รูปภาพ]",
        "[ตำแหน่ง] 18.8, 98.9",
    ]


def test_a_cards_time_is_thai() -> None:
    """The wire's time as citizens read it, in Thailand's hours and the Buddhist year."""
    source = {"name": "Air4Thai", "observed_at": "2026-11-22T09:00:00+00:00"}
    drawn = lines([{"type": "card", "title": "ค่าฝุ่น", "source": source}])
    assert drawn[1] == "│ ที่มา Air4Thai · 22 พ.ย. 2569 เวลา 16:00 น."


@QUICK
@given(blocks)
def test_anything_can_be_drawn(made: list[dict[str, Any]]) -> None:
    """Every kind of block has lines, and nothing in them that was not to be seen."""
    assert SECRET not in "\n".join(lines(shown(1, made)))


def _bare(words: str) -> str:
    """Without blanks and without the frame of a card, which stands before each of its lines."""
    return "".join(words.replace("│", "").split())


@QUICK
@given(blocks)
def test_words_are_not_lost(made: list[dict[str, Any]]) -> None:
    """Texts, titles and labels are all there (line breaks become lines)."""
    drawn = shown(1, made)
    on_screen = _bare("".join(lines(drawn)))
    for block in drawn:
        seen = {key: block[key] for key in ("text", "title") if key in block}
        labels = [choice["label"] for choice in block.get("choices", ())]
        for words in (*texts_of(seen), *labels):
            assert _bare("".join(words.splitlines())) in on_screen


@QUICK
@given(blocks)
def test_the_numbers_are_the_tokens(made: list[dict[str, Any]]) -> None:
    """The n-th choice that is listed is the n-th token."""
    drawn = shown(3, made)
    listed = [choice["id"] for block in drawn for choice in block.get("choices", ())]
    assert [token for token, _ in choices(drawn)] == listed
