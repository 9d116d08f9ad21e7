# SPDX-License-Identifier: Apache-2.0
"""How an answer's objects are shared out to calls."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.line.plan import calls
from tests.channels.blocks import QUICK
from tests.channels.line.line_rules import actions, check_list, seen
from tests.channels.line.samples import card, choices, drawn

Json = dict[str, Any]


def text(words: str) -> Json:
    """A text object."""
    return {"type": "text", "text": words}


CARD = drawn([card()])[0]
objects = st.lists(
    st.one_of(
        st.integers(1, 3000).map(lambda length: text("ก" * length)),
        st.just(CARD),
        st.integers(1, 13).map(lambda count: drawn([choices(count)])[0]),
    ),
    max_size=20,
)


@pytest.mark.parametrize("count", range(6))
def test_l_out_01_up_to_five_objects_are_one_call_as_they_are(count: int) -> None:
    """Nothing is merged that need not be; nothing to say is no call."""
    messages = [text(str(number)) for number in range(count)]
    assert calls(messages) == ([messages] if messages else [])


def test_l_out_01_six_texts_are_one_call() -> None:
    """Just as many neighbours become one as are needed."""
    [call] = calls([text(str(number)) for number in range(6)])
    assert [one["text"] for one in call] == ["0\n\n1", "2", "3", "4", "5"]


def test_l_out_01_texts_are_not_merged_when_it_saves_no_call() -> None:
    """Six objects of which none can be merged are two calls, in order."""
    messages = [CARD, text("1"), CARD, text("2"), CARD, text("3")]
    assert calls(messages) == [messages[:5], messages[5:]]
    messages = [text("ก" * 3000) for _ in range(6)]
    assert [len(call) for call in calls(messages)] == [5, 1]
    eleven = [CARD, text("1"), CARD, text("2"), CARD, CARD, CARD, text("ก" * 2500), text("ก" * 2500), CARD]
    assert calls(eleven) == [eleven[:5], eleven[5:]]


@pytest.mark.parametrize(("length", "expected"), [(4998, 1), (4999, 2)])
def test_l_out_10_merged_texts_keep_to_the_limit(length: int, expected: int) -> None:
    """Two texts and the gap between them are 5,000 units at most."""
    made = calls([text("ก" * (length - 1)), text("ข"), CARD, CARD, CARD, CARD])
    assert len(made) == expected


def test_l_out_11_the_newest_quick_replies_are_on_the_last_object_of_the_last_call() -> None:
    """Also when the objects are shared out and when texts are merged."""
    [question] = drawn([choices(2)])
    first, last = calls([*[CARD] * 6, question])
    assert not any("quickReply" in one for one in first)
    assert last[-1] == question
    [call] = calls([*[text(str(number)) for number in range(5)], question])
    assert call[-1]["quickReply"] == question["quickReply"]


def test_quick_replies_of_several_answers() -> None:
    """Two lines of a conversation in one call: the newer question has the quick replies, the older a card of rows."""
    older, newer = drawn([choices(2)]), drawn([choices(3)])
    [call] = calls([*older, text("ต่อไปค่ะ"), *newer, text("จบค่ะ")])
    assert [one["type"] for one in call] == ["text", "text", "flex", "text", "text"]
    check_list(call)
    assert [action["data"] for action in actions(call[2])] == ["5.0.0", "5.0.1"]
    assert len(call[-1]["quickReply"]["items"]) == 3


@QUICK
@given(objects)
def test_l_out_01_order_and_words_are_kept(messages: list[Json]) -> None:
    """Calls of one to five objects, the same words in the same order, and no more calls than fives of objects."""
    made = calls(messages)
    assert all(1 <= len(call) <= 5 for call in made)
    together = [message for call in made for message in call]
    check_list(together)
    assert _order(together) == _order(messages)
    assert sorted(action["data"] for action in _taps(together)) == sorted(action["data"] for action in _taps(messages))
    questions = sum("quickReply" in message for message in messages)
    assert len(made) <= -(-(len(messages) + questions) // 5)


def _taps(messages: list[Json]) -> list[Json]:
    return [action for action in actions(messages) if action["type"] == "postback"]


def _order(messages: list[Json]) -> str:
    """The letters of texts in order, and where cards stand among them; rows of taps aside."""
    bare = [{key: value for key, value in message.items() if key != "quickReply"} for message in messages]
    shown = [message for message in bare if message["type"] == "text" or not _taps([message])]
    return "".join(seen(shown).split())
