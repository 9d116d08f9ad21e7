# SPDX-License-Identifier: Apache-2.0
"""The pure decision between answer and interruption, and what the domain says about a question."""

from __future__ import annotations

import pytest
from rasa.shared.core.domain import Domain

from bot.interruption import OTHERS, TAKEN, THRESHOLDS, Question, Reading, settle
from bot.questions import question_of
from tests.bot.conftest import PROJECT

PLACE = Question("report_form", "report_place", True, own_intents=frozenset({"report_problem"}))
PHOTO = Question("report_form", "report_photo", True, takes_intents=frozenset({"skip", "deny"}))
CONFIRM = Question("report_form", "report_confirmed", False, takes_intents=frozenset({"affirm", "deny"}))


def reading(intent: str, confidence: float, decided: str | None = None, **more: object) -> Reading:
    return Reading(intent, confidence, decided or intent, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "read", "expected"),
    [
        (PLACE, reading("greet", 0.84), "inform"),
        (PLACE, reading("greet", 0.86), "greet"),
        (PLACE, reading("greet", 0.1, exact=True), "greet"),
        (PLACE, reading("cancel", 0.59), "inform"),
        (PLACE, reading("cancel", 0.61), "cancel"),
        (PLACE, reading("guide_passport", OTHERS - 0.01), "inform"),
        (PLACE, reading("guide_passport", OTHERS), "guide_passport"),
        (PLACE, reading("report_problem", 1.0, exact=True), "inform"),
        (PLACE, reading("affirm", 1.0, exact=True), "inform"),
        (PLACE, reading("deny", 1.0), "inform"),
        (PLACE, reading("skip", 1.0), "inform"),
        (PLACE, reading("ask_air_quality", 0.5, "nlu_clarify"), "inform"),
        (PLACE, reading("out_of_scope", 0.99), "inform"),
        (PLACE, reading("emergency", 0.54), "inform"),
        (PLACE, reading("emergency", 0.55, covered=1.0), "emergency"),
        (PLACE, reading("ask_air_quality", 0.99, covered=0.7), "inform"),
        (PLACE, reading("ask_air_quality", 0.99, covered=0.69), "ask_air_quality"),
        (PHOTO, reading("ask_air_quality", 0.9997, named=False), "inform"),
        (PHOTO, reading("ask_air_quality", 0.9997, named=True), "ask_air_quality"),
        (PHOTO, reading("ask_air_quality", 0.99, exact=True, named=False), "ask_air_quality"),
        (CONFIRM, reading("ask_air_quality", 0.9997, named=False), "inform"),
        (PLACE, reading("report_problem", 0.9, certain=True), "emergency"),
        (CONFIRM, reading("affirm", 0.9, certain=True), "emergency"),
        (PHOTO, reading("skip", TAKEN), "skip"),
        (PHOTO, reading("deny", TAKEN - 0.01, "nlu_clarify"), "inform"),
        (PHOTO, reading("affirm", 0.9), "inform"),
        (CONFIRM, reading("affirm", 0.55, "nlu_clarify"), "affirm"),
        (CONFIRM, reading("affirm", 0.4, "nlu_clarify"), "nlu_clarify"),
        (CONFIRM, reading("skip", 0.9), "skip"),
        (CONFIRM, reading("greet", 0.7), "greet"),
    ],
)
def test_settle(question: Question, read: Reading, expected: str) -> None:
    """One row per rule of the decision, on both sides of each limit."""
    assert settle(question, read) == expected


def test_thresholds_are_probabilities() -> None:
    """No limit makes an interruption impossible or certain."""
    assert all(0.3 < limit < 0.95 for limit in (*THRESHOLDS.values(), OTHERS, TAKEN))


def test_questions_come_from_the_domain() -> None:
    """The mappings that can act while a slot is asked for decide what it takes."""
    domain = Domain.from_file(str(PROJECT / "domain.yml"))
    assert question_of(domain, "report_form", "report_place") == Question(
        "report_form",
        "report_place",
        takes_text=True,
        takes_entities=frozenset({"location", "landmark"}),
        own_intents=frozenset({"report_problem"}),
    )
    photo = question_of(domain, "report_form", "report_photo")
    assert (photo.takes_text, photo.takes_intents) == (True, frozenset({"skip", "deny"}))
    confirmed = question_of(domain, "report_form", "report_confirmed")
    assert (confirmed.takes_text, confirmed.takes_intents) == (False, frozenset({"affirm", "deny"}))
    assert question_of(domain, "report_form", "no_such_slot").takes_text is False
