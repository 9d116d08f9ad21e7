# SPDX-License-Identifier: Apache-2.0
"""The pure decision between answer and interruption, and what the domain says about a question."""

from __future__ import annotations

import pytest
from rasa.shared.core.domain import Domain

from bot.corrections import corrects
from bot.interruption import OTHERS, TAKEN, THRESHOLDS, Question, Reading, settle
from bot.questions import question_of
from bot.self_harm import speaks_of_self_harm
from tests.bot.conftest import PROJECT

PLACE = Question("report_form", "report_place", True, own_intents=frozenset({"report_problem"}))
PHOTO = Question("report_form", "report_photo", True, takes_intents=frozenset({"skip", "deny"}))
CONFIRM = Question("report_form", "report_confirmed", False, takes_intents=frozenset({"affirm", "deny"}))


READ_BACK = Question(
    "report_form",
    "report_confirmed",
    True,
    takes_intents=frozenset({"affirm", "deny"}),
    own_intents=frozenset({"report_problem"}),
)


def reading(intent: str, confidence: float, decided: str | None = None, **more: object) -> Reading:
    return Reading(intent, confidence, decided or intent, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "read", "expected"),
    [
        (PLACE, reading("greet", 0.84), "inform"),
        (PLACE, reading("greet", 0.86), "greet"),
        (PLACE, reading("greet", 0.1, exact=True), "greet"),
        (PLACE, reading("cancel", 0.61), "inform"),
        (PLACE, reading("cancel", 0.62), "cancel"),
        (PLACE, reading("guide_passport", OTHERS - 0.01), "inform"),
        (PLACE, reading("guide_passport", OTHERS), "guide_passport"),
        (PLACE, reading("report_problem", 1.0, exact=True), "inform"),
        (PLACE, reading("affirm", 1.0, exact=True), "inform"),
        (PLACE, reading("deny", 1.0), "inform"),
        (PLACE, reading("skip", 1.0), "inform"),
        (PLACE, reading("ask_air_quality", 0.5, "nlu_clarify"), "inform"),
        (PLACE, reading("out_of_scope", 0.99), "inform"),
        (PLACE, reading("emergency", 0.6, "nlu_clarify"), "inform"),
        (PLACE, reading("emergency", 0.6, covered=1.0), "emergency"),
        (READ_BACK, reading("affirm", 0.9), "affirm"),
        (READ_BACK, reading("affirm", 0.9, corrects=True), "inform"),
        (READ_BACK, reading("affirm", 1.0, exact=True, corrects=True), "affirm"),
        (READ_BACK, reading("correct", 0.9, corrects=True), "inform"),
        (READ_BACK, reading("correct", 0.9), "correct"),
        (READ_BACK, reading("change_language", 0.5, "nlu_clarify", corrects=True), "inform"),
        (READ_BACK, reading("change_language", 0.9, corrects=True), "change_language"),
        (READ_BACK, reading("ask_air_quality", 0.9, corrects=True), "ask_air_quality"),
        (READ_BACK, reading("ask_air_quality", 0.9, corrects=True, named=False), "inform"),
        (READ_BACK, reading("report_problem", 0.9, corrects=True), "inform"),
        (READ_BACK, reading("out_of_scope", 0.9), "out_of_scope"),
        (PLACE, reading("report_problem", 0.9, menu="report_problem"), "report_problem"),
        (PHOTO, reading("report_problem", 0.9, menu="report_problem"), "report_problem"),
        (READ_BACK, reading("guide_more", 0.3, menu="track_case", corrects=True), "track_case"),
        (PLACE, reading("track_case", 0.9, menu="track_case", certain=True), "emergency"),
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


@pytest.mark.parametrize(
    ("text", "kinds", "more"),
    [
        ("ใช่ค่ะ", (), False),
        ("ถูกต้องแล้วค่ะ ส่งเรื่องได้เลย", (), False),
        ("ไม่ใช่ค่ะ", (), False),
        ("แก้ไขข้อมูลหน่อยค่ะ", (), False),
        ("yes, that is correct", (), False),
        ("ราคาทองวันนี้", (), False),
        ("ใช่ แต่เพิ่มว่าดับมา 2 คืนแล้ว", (), True),
        ("ไม่ใช่ขยะ เป็นท่อระบายน้ำตัน", (), True),
        ("ประเภทเป็นสายไฟ", ("problem_type", "field"), True),
        ("⟦phone:aa⟧", ("phone",), True),
        ("เปลี่ยนเบอร์", ("field",), True),
        ("yes but the pole fell too", (), True),
    ],
)
def test_what_says_more_than_yes_or_no(text: str, kinds: tuple[str, ...], more: bool) -> None:
    """Such words change what was read back; a yes in other words does not."""
    assert corrects(text, kinds) is more


@pytest.mark.parametrize(
    ("text", "emergency", "says"),
    [
        ("อยากตาย", False, True),
        ("ไม่อยากอยู่แล้วค่ะ", False, True),
        ("i want to die", False, True),
        ("เหนื่อยกับชีวิตมาหลายเดือนแล้ว คืนนี้คิดว่าจะฆ่าตัวตายจริง ๆ ค่ะ", True, True),
        ("รอซ่อมไฟถนนหน้าหมู่บ้านมาเป็นเดือนจนอยากตายแล้วครับ", False, False),
        ("ไฟไหม้บ้าน", True, False),
        ("แจ้งตาย", False, False),
    ],
)
def test_words_of_somebody_who_may_want_to_die(text: str, emergency: bool, says: bool) -> None:
    """Short ones always, longer ones when they are an emergency."""
    assert speaks_of_self_harm(text, emergency) is says


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
