# SPDX-License-Identifier: Apache-2.0
"""Answers edited while the gateway runs: a good edit is said at once, a mistake reaches nobody."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Gauge
from structlog.testing import capture_logs

from channels.gateway.answer_book import AnswerBook
from tests.catalogue.conftest import ROOT, replace_in

FACTS = {"agency_name": "เทศบาลตัวอย่าง", "agency_phone": "02-000-0000"}
GOOD = "ยินดีค่ะ หาก"


@pytest.fixture
def nlu_data(tmp_path: Path) -> Path:
    """A copy that the test edits."""
    copy = tmp_path / "nlu_data"
    shutil.copytree(ROOT / "nlu_data", copy)
    return copy


@pytest.fixture
def mistakes() -> Gauge:
    """The figure, by itself."""
    return Gauge("pracha_answer_mistakes", "", registry=CollectorRegistry())


@pytest.fixture
def book(nlu_data: Path, mistakes: Gauge) -> AnswerBook:
    """The answers of the copy, looked at before every sentence."""
    return AnswerBook(nlu_data, FACTS, mistakes=mistakes, look_every=0.0)


def shown(gauge: Gauge) -> float:
    [metric] = gauge.collect()
    return metric.samples[0].value


def thanks(book: AnswerBook) -> str:
    return str(book.nlg({"response": "utter_thanks"})[0]["text"])


def test_a_good_edit_is_said_at_once(book: AnswerBook, nlu_data: Path, mistakes: Gauge) -> None:
    """Nothing is trained or restarted."""
    replace_in(nlu_data / "answers" / "conversation.yml", GOOD, "ด้วยความยินดีค่ะ หาก")
    assert thanks(book).startswith("ด้วยความยินดีค่ะ")
    assert shown(mistakes) == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (GOOD, "ยินดีค่ะ โทร {agncy_phone} หาก"),
        (GOOD, "ยินดีครับ หาก"),
        (GOOD, "ยินดีค่ะ " + "ขอบคุณมาก " * 300 + "หาก"),
        ("payload: /track_case", "payload: /no_such"),
        ("id: utter_thanks", "id: utter_thank"),
        ("answers:", "answers: ["),
    ],
    ids=["placeholder", "particle", "length", "payload", "name", "YAML"],
)
def test_a_mistake_leaves_the_old_answers(
    book: AnswerBook, nlu_data: Path, mistakes: Gauge, old: str, new: str
) -> None:
    """What `pracha services check` refuses is not said; log and figure tell where it is, without its words."""
    path = nlu_data / "answers" / "conversation.yml"
    before = thanks(book)
    line = replace_in(path, old, new)
    with capture_logs() as logs:
        assert thanks(book) == before
        assert thanks(book) == before
    [entry] = [one for one in logs if one["event"] == "answers_not_loaded"]
    assert shown(mistakes) == entry["mistakes"] >= 1
    if old != "answers:":  # YAML only knows where it gave up; a missing name is missed where it is used
        named = [int(one.rpartition(":")[2]) for one in entry["where"] if one.startswith("answers/conversation.yml:")]
        assert line in named or old.startswith("id:")
    assert "ยินดี" not in str(logs)


def test_a_mended_file_is_taken(book: AnswerBook, nlu_data: Path, mistakes: Gauge) -> None:
    """Also when the mistake was in another file than the edit."""
    replace_in(nlu_data / "rules" / "general.yml", "utter_thanks", "utter_thank")
    replace_in(nlu_data / "answers" / "conversation.yml", GOOD, "ด้วยความยินดีค่ะ หาก")
    assert thanks(book).startswith("ยินดีค่ะ")
    replace_in(nlu_data / "rules" / "general.yml", "utter_thank}", "utter_thanks}")
    assert thanks(book).startswith("ด้วยความยินดีค่ะ")
    assert shown(mistakes) == 0


def test_files_that_begin_with_a_mistake_are_told(nlu_data: Path, mistakes: Gauge) -> None:
    """At the start there is nothing older to say, so that they are used; staff learn of it."""
    replace_in(nlu_data / "answers" / "conversation.yml", GOOD, "ยินดีครับ หาก")
    book = AnswerBook(nlu_data, FACTS, mistakes=mistakes, look_every=0.0)
    with capture_logs() as logs:
        book.look_for_mistakes()
    assert [one["event"] for one in logs] == ["answers_with_mistakes"]
    assert shown(mistakes) == 1
    assert thanks(book).startswith("ยินดี")
