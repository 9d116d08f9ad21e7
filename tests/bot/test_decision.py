# SPDX-License-Identifier: Apache-2.0
"""What becomes of a classification beside the words of the message: false alarms, follow-ups, places abroad."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.bands import Bands, decide, without_false_alarm, worth_offering
from bot.components.decision import Decision
from bot.components.entities import Rules
from tests.bot.test_components import TOKENIZER, _project, words
from thai.places import Gazetteer


@pytest.mark.parametrize(
    ("chance", "danger", "count", "exact", "kept"),
    [
        (0.98, False, 2, False, False),
        (0.98, False, 3, False, True),
        (0.9, False, 3, False, True),
        (0.89, False, 9, False, False),
        (0.4, True, 1, False, True),
        (0.5, False, 1, True, True),
    ],
)
def test_a_false_alarm_is_taken_out(chance: float, danger: bool, count: int, exact: bool, kept: bool) -> None:
    """Without a word of danger only a very sure classifier and more than two words are believed, or an example."""
    ranking = [("emergency", chance), ("report_problem", 0.01)]
    found = without_false_alarm(ranking, danger, count, exact)
    assert ("emergency" in dict(found)) is kept
    assert found == ranking or found[0][0] == "report_problem"


def test_what_is_left_of_a_false_alarm_is_at_most_asked_about() -> None:
    """The others share what the emergency had, in their order, and none becomes sure by that."""
    found = without_false_alarm([("emergency", 0.72), ("report_problem", 0.12), ("abuse", 0.01)], False, 1)
    assert found[0] == ("report_problem", pytest.approx(0.12 / 0.28))
    assert found[1][1] < found[0][1]
    assert decide(found).verdict == "clarify"
    sure = without_false_alarm([("emergency", 0.5), ("report_problem", 0.45)], False, 1)
    assert decide(sure).verdict == "clarify"
    assert decide(without_false_alarm([("report_problem", 0.9), ("emergency", 0.05)], False, 1)).verdict == "answer"


def test_only_likely_meanings_are_offered() -> None:
    """A twentieth of the best one's probability is the least."""
    ranking = [("report_problem", 0.6), ("track_case", 0.031), ("export_my_data", 0.029)]
    assert [name for name, _ in worth_offering(ranking)] == ["report_problem", "track_case"]
    assert worth_offering([]) == []


def decided(text: str, ranking: list[tuple[str, float]], **more: object) -> Message:
    """A message after the decision; its words are the tokenizer's."""
    message = Message(
        data={
            "text": text,
            "normal": text,
            "words": words(text),
            "spans": [],
            "entities": [],
            "intent_ranking": [{"name": name, "confidence": chance} for name, chance in ranking],
            **more,
        }
    )
    Decision(Bands()).process([message])
    return message


def test_a_false_alarm_is_no_choice_either() -> None:
    """The ranking, from which forms and questions back read, no longer has it."""
    message = decided("ไฟ", [("emergency", 0.72), ("report_problem", 0.12), ("export_my_data", 0.001)])
    assert message.get("intent")["name"] == "nlu_clarify"
    assert [each["name"] for each in message.get("intent_ranking")] == ["report_problem"]
    alarm = decided("มีคนนอนเลือดออก", [("emergency", 0.45), ("report_problem", 0.2)])
    assert (alarm.get("intent")["name"], alarm.get("intent_ranking")[0]["name"]) == ("emergency", "emergency")


def test_a_place_alone_asks_for_its_air_even_if_it_looks_like_a_follow_up() -> None:
    """But a sure answer of another kind stands."""
    spans = [["place", 4, 9]]
    both = [("guide_more", 0.75), ("ask_air_quality", 0.22)]
    assert decided("แล้วโคราชล่ะ", both, spans=spans).get("intent")["name"] == "ask_air_quality"
    assert decided("แล้วโคราชล่ะ", [("greet", 0.9)], spans=spans).get("intent")["name"] == "greet"


def test_a_follow_up_and_a_piece_of_a_number_are_answered_where_nothing_else_is_sure() -> None:
    """Instead of a question back or an apology."""
    aspect = [{"entity": "aspect", "value": "place", "start": 0, "end": 6}]
    assert decided("ที่ไหน", [("out_of_scope", 0.7)], entities=aspect).get("intent")["name"] == "guide_more"
    assert decided("ที่ไหน", [("help", 0.9)], entities=aspect).get("intent")["name"] == "help"
    number = decided("BM7KMK", [("out_of_scope", 0.4)])
    assert (number.get("intent")["name"], number.get("decision")) == ("track_case", "answer")


AIR_RULES = Rules(
    Gazetteer.from_dict(_project("places.json")),  # type: ignore[arg-type]
    {"abroad": {"ลอนดอน": "ลอนดอน", "london": "ลอนดอน"}, "air_limit": {"พรุ่งนี้": "forecast"}},
    TOKENIZER,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ฝุ่นลอนดอน", [("place", {"text": "ลอนดอน", "candidates": [], "abroad": True})]),
        ("aqi london", [("place", {"text": "ลอนดอน", "candidates": [], "abroad": True})]),
        ("ตั๋วไปลอนดอน", []),
        ("พรุ่งนี้ไปแจ้งเกิด", []),
        ("พรุ่งนี้ฝุ่นเยอะไหม", [("air_limit", "forecast")]),
    ],
)
def test_what_only_a_question_about_the_air_can_have(text: str, expected: list[tuple[str, object]]) -> None:
    """A place abroad, known as such, and another time than now; in other sentences they are only words."""
    found_here = AIR_RULES.find(text, words(text))
    assert [(each.kind, each.value) for each in found_here] == expected
    assert not any(each.masked for each in found_here)


def test_a_place_of_ours_is_the_one_that_was_meant() -> None:
    """Beside it, one abroad only tells where the smoke comes from."""
    text = "ควันจากลอนดอนมาถึงโคราชไหม"
    assert [each.value["text"] for each in AIR_RULES.find(text, words(text))] == ["โคราช"]
