# SPDX-License-Identifier: Apache-2.0
"""The guides for authors: what they tell people to write is what the check accepts."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import yaml

from catalogue.answers import NlgRequest, load_answers, render
from catalogue.check import check
from catalogue.new import new_service
from tests.catalogue.conftest import ROOT, replace_in
from tests.catalogue.test_check import TODAY

AUTHORS = ROOT / "docs" / "authors"


def examples(name: str) -> list[str]:
    """The YAML blocks of a page."""
    text = (AUTHORS / name).read_text(encoding="utf-8")
    return [dedent(block) for block in re.findall(r"(?s)```yaml\n(.*?)\n *```", text)]


def test_the_example_answer_passes_and_says_what_the_page_says(nlu_data: Path) -> None:
    """Missing values drop their lines, lists repeat."""
    (example,) = examples("add-an-answer.md")
    (nlu_data / "answers" / "office.yml").write_text(example, encoding="utf-8")
    assert [str(problem) for problem in check(nlu_data, TODAY) if problem.severity == "error"] == []
    arguments = {"opens_at": "2026-11-23T08:30:00+07:00", "others": [{"name": "สาขาตลาด", "phone": None}]}
    answers = load_answers(nlu_data / "answers")
    (block,) = render(answers, {}, NlgRequest(response="utter_office_closed", arguments=arguments))
    assert block["text"] == "วันนี้ปิดทำการค่ะ\nเปิดอีกครั้ง 23 พ.ย. 2569 เวลา 08:30 น. ค่ะ\n• สาขาตลาด"


def test_the_example_guide_passes(nlu_data: Path) -> None:
    """The steps of the page, followed: a new file, its questions, the situations of the example."""
    questions, guide = examples("add-a-service.md")
    path = new_service(nlu_data / "services", "dog_licence", TODAY)
    (nlu_data / "nlu" / "guide_dog_licence.yml").write_text(questions, encoding="utf-8")
    shown = yaml.safe_load(guide)["guide"]
    written = yaml.safe_load(path.read_text(encoding="utf-8").replace('"แก้ไข: ', '"'))
    written["guide"] |= shown
    dates = {"review_by": str(written["review_by"])}
    written |= dates
    written["source"]["retrieved"] = str(written["source"]["retrieved"])
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert [str(problem) for problem in check(nlu_data, TODAY) if problem.severity == "error"] == []
    replace_in(path, "- damaged", "- 3")
    assert [problem for problem in check(nlu_data, TODAY) if problem.severity == "error"]
