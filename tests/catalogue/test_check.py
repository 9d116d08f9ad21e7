# SPDX-License-Identifier: Apache-2.0
"""`pracha services check`: the shipped files pass, and every kind of mistake is found where it stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from catalogue.check import check
from catalogue.check_answers import FACTS
from catalogue.load import load_drafts, load_services
from catalogue.new import new_service
from tests.catalogue.conftest import ROOT, replace_in

TODAY = date(2026, 11, 22)


def test_the_shipped_files_have_no_error() -> None:
    """Warnings are allowed: no officer of a real agency has read the guides yet."""
    problems = check(ROOT / "nlu_data", TODAY)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert {problem.message for problem in problems} == {"no officer has compared this guide with its source yet"}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("services/id_card.yml", "retrieved: 2026-11-22", "retrieved: 2026-11-23", "lies in the future"),
        ("services/id_card.yml", "review_by: 2027-05-31", "review_by: 2026-11-22", "must come after"),
        ("services/id_card.yml", "for: [expired, damaged, change]", "for: [expried]", "'expried' is not in"),
        ("services/id_card.yml", "amount: 100, ", "", "either 'amount' (baht) or 'words'"),
        ("services/passport.yml", "kind: guide", "kind: guide\nintent: guide_id_card", "belongs to"),
        ("services/air_quality.yml", "  - utter_air_quality\n", "  - utter_air\n", "no answer 'utter_air'"),
        ("services/air_quality.yml", "ask: utter_ask_air_place", "ask: utter_ask_x", "no answer 'utter_ask_x'"),
        ("services/air_quality.yml", "entity: location", "entity: pin", "the entity 'pin' is not known"),
        ("services/air_quality.yml", "[inform, ask_air_quality]", "[informs]", "the intent 'informs' is not known"),
        ("services/air_quality.yml", "requested_slot: air_place", "requested_slot: x", "the slot 'x' is not known"),
        ("rules/general.yml", "intent: thanks", "intent: thank", "the intent 'thank' has no examples"),
        ("rules/general.yml", "utter_thanks", "utter_thank", "there is no answer 'utter_thank'"),
        ("lookups/problem_type.yml", "[ฟุตบาท,", "[ถนนพัง, ฟุตบาท,", "stands for both 'ถนน' and 'ทางเท้า'"),
        ("nlu/thanks.yml", "examples: |\n", "examples: |\n  - บัตรปชชหายต้องใช้อะไรบ้าง\n", "is an example of"),
        ("answers/conversation.yml", "ยินดีค่ะ หาก", "ยินดีครับ หาก", "mixed particles"),
        ("answers/conversation.yml", "บอกได้เลยนะคะ", "บอกได้เลยนะค่ะ", "คะ belongs to questions"),
        ("answers/conversation.yml", "เรื่องไหนคะ", "เรื่องไหนค่ะ", "คะ belongs to questions"),
        ("answers/conversation.yml", "{agency_phone}", "{agency_fon}", "nobody passes '{agency_fon}'"),
        ("answers/conversation.yml", "each: meant", "each: meaning", "nobody passes a list 'meaning'"),
        ("answers/conversation.yml", "payload: /track_case", "payload: /trackcase", "unknown intent 'trackcase'"),
        ("answers/conversation.yml", '{"language": "th"}', '{"lang": "th"}', "unknown entity 'lang'"),
        ("answers/conversation.yml", '{"language": "th"}', '{"language": th}', "is not JSON"),
        ("answers/air_quality.yml", "when: place_choices", "when: places", "nobody passes 'places'"),
        ("answers/city_report.yml", "{state|case_state}", "{state|case_states}", "neither a filter nor a table"),
        ("answers/city_report.yml", "arguments: [photos]", "arguments: [photos, text]", "keeps the name 'text'"),
        ("answers/city_report.yml", "      irrelevant: Not within our duties\n", "", "'irrelevant' has no English"),
        ("answers/privacy.yml", "      - {type: directive, name: erase}\n", "", "English has text, directive"),
        ("answers/intents.yml", "  help:", "  helping:", "the intent 'helping' is not known"),
        ("answers/air_quality.yml", '"1": ดีมาก', '"1": ดีมากครับ', "mixed particles"),
    ],
)
def test_a_mistake_is_found_where_it_stands(nlu_data: Path, file: str, old: str, new: str, message: str) -> None:
    """One mistake, its message, its file."""
    path = nlu_data / file
    replace_in(path, old, new)
    errors = [problem for problem in check(nlu_data, TODAY) if problem.severity == "error"]
    found = [problem for problem in errors if message in problem.message]
    assert found, [str(problem) for problem in errors]
    assert Path(found[0].file).name == path.name
    assert found[0].line >= 1


def test_an_intent_that_no_rule_answers_is_an_error(nlu_data: Path) -> None:
    """A citizen who means it would get the fallback."""
    replace_in(nlu_data / "rules" / "general.yml", "steps: [{intent: goodbye}", "steps: [{intent: greet}")
    (problem,) = [problem for problem in check(nlu_data, TODAY) if problem.severity == "error"]
    assert problem.message == "no rule answers the intent 'goodbye'"
    assert Path(problem.file).name == "goodbye.yml"


def test_the_line_is_that_of_the_sentence(nlu_data: Path) -> None:
    """Deep inside a block."""
    path = nlu_data / "answers" / "conversation.yml"
    line = replace_in(path, "ยินดีค่ะ หาก", "ยินดีครับ หาก")
    (problem,) = [problem for problem in check(nlu_data, TODAY) if problem.severity == "error"]
    assert (Path(problem.file).name, problem.line) == ("conversation.yml", line)


def test_reviews_that_are_due_are_warnings(nlu_data: Path) -> None:
    """Of services and answers; the passing of a day alone breaks no build."""
    problems = check(nlu_data, date(2028, 1, 1))
    assert all(problem.severity == "warning" for problem in problems)
    assert any("its review was due" in problem.message for problem in problems)
    assert any("utter_greet: its review is due" in problem.message for problem in problems)


def test_what_line_would_cut_is_a_warning(nlu_data: Path) -> None:
    """Labels count as a reader counts: a consonant with its vowel and tone is one character."""
    path = nlu_data / "answers" / "conversation.yml"
    replace_in(path, "label: แจ้งปัญหาเมือง,", "label: ขอคัดสำเนาทะเบียนบ้านที่นี่,")
    assert not [p for p in check(nlu_data, TODAY) if "LINE" in p.message]
    replace_in(path, "label: ขอคัดสำเนาทะเบียนบ้านที่นี่,", "label: ขอคัดสำเนาทะเบียนบ้านที่นี่เดี๋ยวนี้เลย,")
    assert [p.severity for p in check(nlu_data, TODAY) if "LINE cuts it" in p.message] == ["warning"]
    many = "".join(f"          - {{label: ก{n}, payload: /greet}}\n" for n in range(14))
    replace_in(path, "        choices:\n", "        choices:\n" + many)
    assert [p.severity for p in check(nlu_data, TODAY) if "LINE shows 13" in p.message] == ["warning"]


@pytest.mark.parametrize(
    ("file", "old", "sentence"),
    [
        ("answers/conversation.yml", "ยินดีค่ะ หาก", "{}ยินดีค่ะ หาก"),
        ("answers/conversation.yml", "- สวัสดีค่ะ", "- {}สวัสดีค่ะ"),
        ("services/id_card.yml", "    th: ", "    th: {}"),
    ],
)
def test_a_text_that_nobody_reads_in_a_chat_is_an_error(nlu_data: Path, file: str, old: str, sentence: str) -> None:
    """A thousand characters, as a reader counts them, lines of one text together."""
    path = nlu_data / file
    original = path.read_text(encoding="utf-8")
    replace_in(path, old, sentence.format("ที่นี่ " * 300))  # 3 characters of 7 code points
    assert not [problem for problem in check(nlu_data, TODAY) if "characters in one text" in problem.message]
    path.write_text(original, encoding="utf-8")
    line = replace_in(path, old, sentence.format("ที่นี่ " * 340))
    [problem] = [problem for problem in check(nlu_data, TODAY) if "characters in one text" in problem.message]
    assert (problem.severity, Path(problem.file).name) == ("error", path.name)
    assert abs(problem.line - line) <= 2


def test_files_that_cannot_be_read_are_told_alone(nlu_data: Path) -> None:
    """No hundred problems that follow from one."""
    replace_in(nlu_data / "answers" / "system.yml", "answers:", "answers: [")
    (problem,) = check(nlu_data, TODAY)
    assert "not YAML" in problem.message


def test_a_new_service_is_a_draft_until_it_is_written(nlu_data: Path) -> None:
    """The template is valid but for what is to be written; written, it is a service with nothing but warnings."""
    path = new_service(nlu_data / "services", "dog_licence", TODAY)
    (draft,) = load_drafts(nlu_data / "services")
    assert (draft.id, draft.intent) == ("dog_licence", "guide_dog_licence")
    assert all("left from the template" in problem.message for problem in draft.problems)
    assert len(draft.problems) >= 10
    assert "dog_licence" not in load_services(nlu_data / "services")
    path.write_text(path.read_text(encoding="utf-8").replace('"แก้ไข: ', '"'), encoding="utf-8")
    assert load_drafts(nlu_data / "services") == []
    problems = [problem for problem in check(nlu_data, TODAY) if problem.file == str(path)]
    assert {problem.severity for problem in problems} == {"warning"}


@pytest.mark.parametrize("service_id", ["Dog", "dog-licence", "", "../dog", "1dog"])
def test_an_id_that_is_no_name_is_refused(tmp_path: Path, service_id: str) -> None:
    """Nothing is written."""
    with pytest.raises(ValueError, match="is no id"):
        new_service(tmp_path, service_id, TODAY)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_service_is_not_overwritten(nlu_data: Path) -> None:
    """Its file stays as it is."""
    before = (nlu_data / "services" / "passport.yml").read_bytes()
    with pytest.raises(FileExistsError):
        new_service(nlu_data / "services", "passport", TODAY)
    assert (nlu_data / "services" / "passport.yml").read_bytes() == before


def test_facts_are_the_agencys_own() -> None:
    """The gateway's settings fill exactly these."""
    assert {"agency_name", "agency_phone", "agency_hours", "agency_url", "privacy_url"} == FACTS
