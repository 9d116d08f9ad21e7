# SPDX-License-Identifier: Apache-2.0
"""Service files: what is loaded, and how a mistake in one is told to its author."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from catalogue.answers import load_answers
from catalogue.authored import AuthoringError
from catalogue.corpus import load_corpus
from catalogue.load import load_services
from catalogue.model import Service
from tests.catalogue.conftest import replace_in


def test_a_service_has_everything_that_its_file_says(services: Mapping[str, Service]) -> None:
    """Spot checks through every kind of field."""
    card = services["id_card"]
    assert card.kind == "guide"
    assert card.intent == "guide_id_card"
    assert card.title.of("th") == "ทำบัตรประชาชน"
    assert card.title.of("en") == "National ID card"
    assert card.title.of("fr") == card.title.of("th")
    assert card.agency.hotline == "1548"
    assert card.review_by > card.source.retrieved >= date(2026, 11, 22)
    assert card.guide is not None
    assert card.guide.fees[0].amount == 100
    assert card.guide.fees[0].situations == ("lost", "damaged", "change")
    report = services["city_report"]
    assert report.form is not None
    assert report.form.submit == "action_submit_report"
    assert [slot.name for slot in report.slots if slot.requested] == [
        "report_description",
        "report_type",
        "report_place",
        "report_photo",
        "report_contact",
        "report_confirmed",
    ]
    assert [slot.name for slot in report.slots if slot.private] == ["report_contact"]
    assert [slot.name for slot in report.slots if slot.optional] == ["report_photo", "report_contact"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("owner: สำนักทะเบียนท้องถิ่น\n", "", "the file: 'owner' is missing"),
        ("risk: low", "risk: none", "risk: 'none' is none of low, medium, high"),
        ("risk: low", "risk: low\nprice: 3", "the file: 'price' is not known here"),
        ("review_by: 2027-05-31", "review_by: พฤษภาคม", "review_by: 'พฤษภาคม' does not have the form"),
        ("review_by: 2027-05-31", "review_by: 2027-02-31", "review_by: there is no day '2027-02-31'"),
        ("id: id_card", "id: id_cards", "id: 'id_cards' must be the file's name, 'id_card'"),
        (", en: National ID card}", "}", "title: 'en' is missing"),
        ("amount: 100", "amount: หนึ่งร้อย", "guide.fees.0.amount: must be a number"),
        ("kind: guide", "kind: query", "the file: 'intent, form, slots, answers' is missing"),
        ("names: [บัตรประชาชน, ", "names: [บัตรปชช, ", "names: 'บัตรปชช' stands twice"),
        ("url: https://www.bora.dopa.go.th", "url: javascript:x", "agency.url: 'javascript:x' does not have the form"),
        ("  situations:", "  1: x\n  situations:", "write the key 1 in quotes"),
    ],
)
def test_a_mistake_is_told_in_plain_words_with_its_line(nlu_data: Path, old: str, new: str, message: str) -> None:
    """File, line and what to do; no word of JSON Schema."""
    path = nlu_data / "services" / "id_card.yml"
    line = replace_in(path, old, new)
    with pytest.raises(AuthoringError) as caught:
        load_services(nlu_data / "services")
    (problem,) = [problem for problem in caught.value.problems if message in problem.message]
    assert problem.file == str(path)
    assert problem.line in {2, line, line + 1}


def test_all_mistakes_of_all_files_are_told_at_once(nlu_data: Path) -> None:
    """An author corrects in one round."""
    replace_in(nlu_data / "services" / "passport.yml", "risk: low", "risk: x")
    replace_in(nlu_data / "services" / "id_card.yml", "risk: low", "risk: x")
    replace_in(nlu_data / "lookups" / "field.yml", "entity: field\n", "")
    replace_in(nlu_data / "rules" / "forms.yml", "rules:", "rule:")
    replace_in(nlu_data / "nlu" / "greet.yml", "intent: greet", "intent: greeting")
    (nlu_data / "nlu" / "help.yml").write_text("intent: help\n", encoding="utf-8")
    with pytest.raises(AuthoringError) as caught:
        load_corpus(nlu_data)
    named = {Path(problem.file).name for problem in caught.value.problems}
    assert named == {"passport.yml", "id_card.yml", "field.yml", "forms.yml", "greet.yml", "help.yml"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("payload: /ask_human}", "payload: ask_human}", "does not have the form ^/[a-z{]"),
        ("- type: choices", "- type: chioces", "the type 'chioces' is none of text, choices, card"),
        ("        choices:\n", "        choice:\n", "'choices' is missing"),
        ("    owner: งานประชาสัมพันธ์\n", "", "'owner' is missing"),
        ("    en:\n", "    eng:\n", "'en' is missing"),
    ],
)
def test_a_mistake_in_an_answer_is_about_the_shape_that_was_meant(
    nlu_data: Path, old: str, new: str, message: str
) -> None:
    """Of the eight shapes of a block, only the complaint about the right one is told."""
    path = nlu_data / "answers" / "conversation.yml"
    line = replace_in(path, old, new)
    with pytest.raises(AuthoringError) as caught:
        load_answers(nlu_data / "answers")
    assert message in str(caught.value)
    assert len(caught.value.problems) <= 2
    assert all(abs(problem.line - line) <= 15 for problem in caught.value.problems)
