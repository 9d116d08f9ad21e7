# SPDX-License-Identifier: Apache-2.0
"""Placeholders: what has no value disappears, what is a list repeats, what goes into JSON stays JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import blocks, fill
from catalogue.fill import Filler


def filler(locale: str = "th", same: frozenset[str] = frozenset(), **values: Any) -> Filler:
    """A filler with two small word tables."""
    tables = {
        "band": {"th": {"1": "ดีมาก", "2": "ดี"}, "en": {"1": "Very good"}},
        "kind": {"th": {}, "en": {"ถนน": "Road"}},
    }
    return Filler(values=values, tables=tables, locale=locale, same=same)


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_a_line_without_its_value_is_left_out(value: Any) -> None:
    """The lines around it stay."""
    assert fill.text("ก {a}\nข\nค {a}", filler(a=value)) == "ข"


@pytest.mark.parametrize(("value", "shown"), [(0, "0"), (0.0, "0.0"), (False, "False")])
def test_zero_is_a_value(value: Any, shown: str) -> None:
    """Only emptiness drops a line."""
    assert fill.text("{a}", filler(a=value)) == shown


def test_text_of_which_nothing_is_left_is_none() -> None:
    """So that its block is left out; empty text that was written so stays empty."""
    assert fill.text("{a}", filler()) is None
    assert fill.text("", filler()) == ""


def test_the_first_template_that_can_be_filled_wins() -> None:
    """Alternatives from the most to the least that can be said."""
    alternatives = ["{a} {b}", "{a}", "none"]
    assert fill.first(alternatives, filler(a="x", b="y")) == "x y"
    assert fill.first(alternatives, filler(a="x")) == "x"
    assert fill.first(alternatives, filler()) == "none"


def test_lists_repeat_lines_and_items_come_before_the_rest() -> None:
    """An item's empty field does not fall back on the argument of the same name."""
    template = [{"each": "items", "line": ["{n} {note}", "{n}"]}]
    filled = fill.text(template, filler(items=[{"n": "1", "note": "x"}, {"n": "2", "note": None}], note="outer"))
    assert filled == "1 x\n2"
    assert fill.text([{"each": "items", "line": "{item}"}], filler(items=["a", "b"])) == "a\nb"


@pytest.mark.parametrize("items", [None, "text", {"a": 1}, 3])
def test_each_over_what_is_no_list_gives_nothing(items: Any) -> None:
    """A wrong argument makes a shorter answer, not an error."""
    assert fill.text([{"each": "items", "line": "{item}"}, "x"], filler(items=items)) == "x"


def test_words_come_from_tables() -> None:
    """In the reader's language, else Thai; unknown values drop the line unless the table says otherwise."""
    assert fill.string("{a|band}", filler(a=1)) == "ดีมาก"
    assert fill.string("{a|band}", filler(a="1", locale="en")) == "Very good"
    assert fill.string("{a|band}", filler(a="9")) is None
    assert fill.string("{a|band}", filler(a="2", locale="en")) == "ดี"
    assert fill.string("{a|kind}", filler(a="ถนน", same=frozenset({"kind"}))) == "ถนน"
    assert fill.string("{a|kind}", filler(a="ถนน", locale="en", same=frozenset({"kind"}))) == "Road"


def test_a_value_that_its_filter_cannot_read_drops_the_line() -> None:
    """A wrong time must not become a wrong sentence."""
    assert fill.text("{a|datetime}\nx", filler(a="yesterday")) == "x"
    assert fill.text("{a|number}\nx", filler(a="many")) == "x"


@given(st.text(), st.recursive(st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner, min_size=1)))
def test_payloads_are_json_whatever_is_put_in(said: str, value: Any) -> None:
    """Quotes, backslashes and control characters of a citizen cannot break out of the payload."""
    filled = fill.payload('/inform{"a": "{said}", "b": {value}}', filler(said=said, value=value))
    if said and value not in (None, ""):
        assert filled is not None
        assert json.loads(filled.removeprefix("/inform")) == {"a": said, "b": value}
    else:
        assert filled is None


def test_values_are_not_filled_again() -> None:
    """A citizen who writes `{agency_phone}` gets it back as it is."""
    assert fill.string("{a}", filler(a="{b}", b="secret")) == "{b}"


def test_conditions_decide_blocks() -> None:
    """`when` and `unless` look at the same value; false counts as absent."""
    templates = [{"type": "text", "text": "a", "when": "x"}, {"type": "text", "text": "b", "unless": "x"}]
    assert blocks.make(templates, filler(x=True)) == [{"type": "text", "text": "a"}]
    assert blocks.make(templates, filler(x=False)) == [{"type": "text", "text": "b"}]
    assert blocks.make(templates, filler()) == [{"type": "text", "text": "b"}]


def test_cards_keep_their_types_and_lose_their_empty_parts() -> None:
    """`sandbox` is a boolean, `level` text; a field, link or source without value is not there."""
    card = {
        "type": "card",
        "title": ["{place}", "ที่นี่"],
        "text": "{missing}",
        "level": "{level}",
        "fields": [{"label": "ก", "value": "{v}"}, {"label": "ข", "value": "{missing}"}],
        "source": {"name": "{source}", "url": "{missing}", "sandbox": "{sandbox}"},
        "links": [{"label": "โทร", "url": "tel:{phone}"}, {"label": "เว็บ", "url": "{missing}"}],
    }
    made = blocks.make([card], filler(level=2, v=1.5, source="S", sandbox=True, phone="02 123 4567"))
    assert made == [
        {
            "type": "card",
            "title": "ที่นี่",
            "fields": [{"label": "ก", "value": "1.5"}],
            "level": "2",
            "source": {"name": "S", "sandbox": True},
            "links": [{"label": "โทร", "url": "tel:021234567"}],
        }
    ]


def test_a_source_that_nobody_called_sandbox_is_not() -> None:
    """The label's condition is always true or false."""
    card = {"type": "card", "title": "t", "source": {"name": "S", "sandbox": "{sandbox}"}}
    assert blocks.make([card], filler())[0]["source"] == {"name": "S", "sandbox": False}


def test_choices_without_a_choice_are_text() -> None:
    """The question is still asked."""
    block = {"type": "choices", "text": "?", "choices": [{"each": "items", "label": "{item}", "payload": "/{item}"}]}
    assert blocks.make([block], filler(items=[])) == [{"type": "text", "text": "?"}]
    assert blocks.make([block], filler(items=["greet"]))[0]["choices"] == [{"label": "greet", "payload": "/greet"}]


def test_carousels_repeat_cards_and_vanish_when_empty() -> None:
    """One card for each item."""
    block = {"type": "carousel", "cards": [{"each": "items", "type": "card", "title": "{item}"}]}
    made = blocks.make([block], filler(items=["a", "b"]))
    assert [card["title"] for card in made[0]["cards"]] == ["a", "b"]
    assert blocks.make([block], filler(items=[])) == []


def test_a_block_can_be_repeated_and_images_need_a_picture() -> None:
    """`each` on a block; an image without url and media is left out; requests and directives pass through."""
    assert len(blocks.make([{"type": "text", "each": "items", "text": "{item}"}], filler(items=[1, 2]))) == 2
    image = {"type": "image", "media": "{media}", "alt": "ภาพ"}
    assert blocks.make([image], filler()) == []
    assert blocks.make([image], filler(media="m_1")) == [{"type": "image", "media": "m_1", "alt": "ภาพ"}]
    request = {"type": "photo_request", "text": "ส่งภาพ", "label": "ส่ง"}
    assert blocks.make([request, {"type": "directive", "name": "erase"}], filler()) == [
        request,
        {"type": "directive", "name": "erase"},
    ]
