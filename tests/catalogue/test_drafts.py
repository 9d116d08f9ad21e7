# SPDX-License-Identifier: Apache-2.0
"""A service that is still being written reaches no citizen, and stops nobody else's work."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from catalogue.compile import compile_project
from catalogue.load import load_drafts, load_services
from catalogue.new import new_service
from tests.catalogue.conftest import ROOT, replace_in

TODAY = date(2026, 11, 23)


def test_a_draft_is_left_out_of_the_project(nlu_data: Path, tmp_path: Path) -> None:
    """With its questions: the project is the one without it, byte for byte, and the report names it."""
    before = compile_project(nlu_data, ROOT, tmp_path / "out")
    new_service(nlu_data / "services", "dog_licence", TODAY)
    questions = 'version: "1"\nintent: guide_dog_licence\npurpose: Registering a dog.\nexamples: |\n  - จดทะเบียนหมา\n'
    (nlu_data / "nlu" / "guide_dog_licence.yml").write_text(questions, encoding="utf-8")
    after = compile_project(nlu_data, ROOT, tmp_path / "out")
    assert (before.drafts, after.drafts) == ((), ("dog_licence",))
    assert after.files == before.files
    assert after.changed == ()


def test_a_draft_may_be_broken(nlu_data: Path) -> None:
    """What is wrong with it is told with what is left, and the other services load."""
    path = new_service(nlu_data / "services", "dog_licence", TODAY)
    replace_in(path, "risk: low", "risk: [")
    (draft,) = load_drafts(nlu_data / "services")
    assert any("not YAML" in problem.message for problem in draft.problems)
    assert "id_card" in load_services(nlu_data / "services")


def test_a_comment_makes_no_draft(nlu_data: Path) -> None:
    """A service whose texts are written is one, whatever stands behind a #."""
    path = nlu_data / "services" / "id_card.yml"
    path.write_text(f"# แก้ไข: คนเดิม\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert load_drafts(nlu_data / "services") == []
    assert "id_card" in load_services(nlu_data / "services")
