# SPDX-License-Identifier: Apache-2.0
"""Everything that the shipped answers and guides can say, as LINE shows it."""

from __future__ import annotations

from functools import cache
from typing import Any

from channels.line.plan import calls
from tests.channels.line.line_rules import actions, check_list, graphemes, seen
from tests.channels.line.samples import drawn, shipped

Json = dict[str, Any]


@cache
def told() -> list[tuple[str, str, list[Json], list[Json]]]:
    """(name, locale, blocks, objects) of everything."""
    return [(name, locale, blocks, drawn(blocks, locale)) for name, locale, blocks in shipped()]


def test_every_answer_keeps_to_the_rules() -> None:
    """In both languages, with and without values, every guide in every situation."""
    assert len(told()) > 500
    for name, locale, _, messages in told():
        try:
            check_list(messages)
        except AssertionError as error:
            raise AssertionError(f"{name} ({locale})") from error


def test_every_answer_says_all_its_words() -> None:
    """Texts, titles, fields and choices are all there."""
    for name, locale, blocks, messages in told():
        on_screen = _letters(seen(messages))
        for block in blocks:
            for part in (block, *block.get("cards", ())):
                words = [part.get("text", ""), part.get("title", "")]
                words += [one[key] for one in part.get("fields", ()) for key in ("label", "value")]
                words += [choice["label"] for choice in part.get("choices", ())]
                missing = [one for one in words if _letters(one) not in on_screen]
                assert not missing, f"{name} ({locale}): {missing}"


def test_l_out_01_every_answer_is_one_reply() -> None:
    """No shipped answer needs a push."""
    for name, locale, _, messages in told():
        assert len(calls(messages)) <= 1, f"{name} ({locale})"


def test_shipped_cards_are_one_bubble() -> None:
    """No guide is so long that a citizen must swipe for its end."""
    for name, locale, _, messages in told():
        for message in messages:
            if message["type"] == "flex" and not list(_postbacks(message)):
                assert message["contents"]["type"] == "bubble", f"{name} ({locale})"


def test_choices_of_shipped_answers_can_be_read() -> None:
    """Authors' own Thai choices fit their buttons; only values (a place's name) may be shortened."""
    long = {
        choice["label"]
        for name, locale, blocks, _ in told()
        for block in blocks
        for choice in block.get("choices", ())
        if locale == "th" and graphemes(choice["label"]) > 20 and "ตัวอย่าง" not in choice["label"]
    }
    assert not long


def _postbacks(message: Json) -> list[Json]:
    return [action for action in actions(message) if action["type"] == "postback"]


def _letters(words: str) -> str:
    return "".join(words.split())
