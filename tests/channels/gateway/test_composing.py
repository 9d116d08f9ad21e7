# SPDX-License-Identifier: Apache-2.0
"""What the gateway adds to an answer: the notice once, a word on the keyboard, the label on made-up data."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given

from channels.gateway.answer_book import AnswerBook
from channels.gateway.composing import compose, directives
from channels.web.render import shown
from core.messages import texts_of
from tests.channels.blocks import QUICK, blocks
from tests.channels.gateway.stack import authored_data

LABEL = "ข้อมูลสมมติ (โหมดทดลอง)"
TEXT = {"type": "text", "text": "ค่ะ"}


@pytest.fixture(scope="module")
def book() -> AnswerBook:
    """The repository's own answers."""
    return AnswerBook(authored_data(), {})


def composed(book: AnswerBook, replies: Sequence[Mapping[str, Any]], **changes: Any) -> list[dict[str, Any]]:
    arguments: dict[str, Any] = {
        "locale": "th",
        "repaired": None,
        "first": False,
        "privacy_url": "https://a.go.th/privacy",
    }
    return compose(replies, book, **{**arguments, **changes})


def test_the_notice_stands_before_the_first_answer_only(book: AnswerBook) -> None:
    """Two lines with a link, in the citizen's language; never again after that."""
    notice, answer = composed(book, [TEXT], first=True)
    assert len(notice["text"].splitlines()) == 2
    assert "https://a.go.th/privacy" in notice["text"]
    assert answer == TEXT
    assert "keeps messages" in composed(book, [TEXT], first=True, locale="en")[0]["text"]
    assert composed(book, [TEXT]) == [TEXT]


def test_a_repaired_text_is_told(book: AnswerBook) -> None:
    """Who typed on the wrong keyboard reads how it was understood, before the answer."""
    told, answer = composed(book, [TEXT], repaired="สวัสดี")
    assert "สวัสดี" in told["text"]
    assert answer == TEXT


CARD = {"type": "card", "title": "ค่าฝุ่น", "fields": [], "links": [], "source": {"name": "กรมควบคุมมลพิษ", "sandbox": True}}


@pytest.mark.parametrize(
    "reply",
    [
        CARD,
        {"type": "carousel", "cards": [CARD, CARD]},
        {"type": "text", "text": "เรื่องเลขที่ 2569-7KMPX4", "sandbox": True},
        {"type": "choices", "text": "ต่อไหมคะ", "choices": [{"label": "ต่อ", "payload": "/affirm"}], "sandbox": True},
        {"type": "card", "title": "ไม่มีที่มา", "fields": [], "links": [], "sandbox": True},
        {"type": "card", "title": "ไม่มีที่มา", "text": "ข้อความ", "fields": [], "links": [], "sandbox": True},
        {"type": "image", "url": "https://a.go.th/x.png", "alt": "แผนที่", "sandbox": True},
    ],
    ids=lambda reply: f"{reply['type']}{len(reply)}",
)
def test_made_up_data_carry_the_label(book: AnswerBook, reply: dict[str, Any]) -> None:
    """Whatever kind of block holds data of the sandbox, the citizen reads that they are made up."""
    [block] = composed(book, [reply])
    assert LABEL in "\n".join(texts_of(shown(1, [block])))
    if reply["type"] == "carousel":
        assert all(LABEL in "\n".join(texts_of(card)) for card in block["cards"])


@pytest.mark.parametrize("reply", [CARD, {"type": "carousel", "cards": [CARD]}], ids=["card", "carousel"])
def test_true_data_carry_no_label(book: AnswerBook, reply: dict[str, Any]) -> None:
    """Where nothing comes from the sandbox no label can stand; other blocks of the answer stay as they are."""
    real = copy.deepcopy(reply)
    for card in real.get("cards", [real]):
        card["source"]["sandbox"] = False
    assert composed(book, [real, TEXT]) == [real, TEXT]
    mixed = composed(book, [real, TEXT, {"type": "text", "text": "จำลอง", "sandbox": True}])
    assert mixed[:2] == [real, TEXT]
    assert LABEL in mixed[2]["text"]


@QUICK
@given(blocks)
def test_replies_are_not_changed_in_place(book: AnswerBook, made: list[dict[str, Any]]) -> None:
    """Labelling makes new blocks: what the bot sent stays as it was, and keeps its order."""
    before = copy.deepcopy(made)
    after = composed(book, made)
    assert made == before
    assert [block["type"] for block in after] == [block["type"] for block in made]


def test_directives_are_found_anywhere() -> None:
    """Orders to the gateway are read by name, whatever stands around them."""
    erase = {"type": "directive", "name": "erase"}
    assert directives([TEXT, erase, {"type": "directive", "name": "export"}]) == {"erase", "export"}
    assert directives([TEXT, {"type": "text", "text": "directive", "name": "erase"}]) == frozenset()
