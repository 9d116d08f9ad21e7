# SPDX-License-Identifier: Apache-2.0
"""The compiled project: deterministic, whole or not at all, and what Rasa and the bot need in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalogue.authored import AuthoringError
from catalogue.compile import CompileReport, compile_project
from tests.catalogue.conftest import ROOT, replace_in

BASE = ROOT


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CompileReport]:
    """The shipped files, compiled once."""
    out = tmp_path_factory.mktemp("state") / "rasa"
    return out, compile_project(ROOT / "nlu_data", BASE, out)


@pytest.fixture(scope="module")
def domain(project: tuple[Path, CompileReport]) -> dict[str, Any]:
    """The compiled domain."""
    loaded: dict[str, Any] = yaml.safe_load((project[0] / "domain.yml").read_text(encoding="utf-8"))
    return loaded


def rules(out: Path) -> Iterator[dict[str, Any]]:
    """All compiled rules."""
    for path in sorted((out / "data" / "rules").glob("*.yml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]


def contents(out: Path) -> dict[str, bytes]:
    """Every file's bytes by its path."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def with_places(project: tuple[Path, CompileReport], out: Path) -> None:
    """Puts the built places.json where the next compile keeps it: building takes seconds."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "places.json").write_bytes((project[0] / "places.json").read_bytes())


def test_the_same_input_gives_the_same_bytes(project: tuple[Path, CompileReport], tmp_path: Path) -> None:
    """In another place, and a second time nothing is written."""
    out, report = project
    with_places(project, tmp_path)
    again = compile_project(ROOT / "nlu_data", BASE, tmp_path)
    assert contents(tmp_path) == contents(out)
    assert again.data_hash == report.data_hash
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert compile_project(ROOT / "nlu_data", BASE, tmp_path).changed == ()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == times


def test_everything_that_wire_md_promises_is_there(project: tuple[Path, CompileReport]) -> None:
    """The files of §5, but the models."""
    out, report = project
    names = set(contents(out))
    assert {"domain.yml", "config.yml", "endpoints.yml", "credentials.yml"} <= names
    assert {"lexicon.json", "places.json", "extractors.json"} <= names
    assert set(report.files) == names
    assert (report.services, report.intents) == (12, 35)


def test_a_changed_answer_does_not_change_the_project(
    project: tuple[Path, CompileReport], nlu_data: Path, tmp_path: Path
) -> None:
    """Texts come from the NLG endpoint: no training for a word."""
    out = tmp_path / "rasa"
    with_places(project, out)
    replace_in(nlu_data / "answers" / "conversation.yml", "กลับมาสอบถาม", "มาถาม")
    assert compile_project(nlu_data, BASE, out).data_hash == project[1].data_hash


def test_what_is_gone_is_removed_and_models_stay(
    project: tuple[Path, CompileReport], nlu_data: Path, tmp_path: Path
) -> None:
    """A removed intent must not be trained on from a file left over."""
    out = tmp_path / "rasa"
    with_places(project, out)
    compile_project(nlu_data, BASE, out)
    model = out / "models" / "x.tar.gz"
    model.parent.mkdir()
    model.write_bytes(b"model")
    replace_in(nlu_data / "rules" / "general.yml", "  - rule: abuse\n", "  - rule: rude\n")
    (nlu_data / "stories" / "test_conversations.yml").unlink()
    report = compile_project(nlu_data, BASE, out)
    assert "tests/test_conversations.yml" in report.changed
    assert not (out / "tests" / "test_conversations.yml").exists()
    assert model.read_bytes() == b"model"


def test_nothing_is_written_when_anything_is_wrong(
    project: tuple[Path, CompileReport], nlu_data: Path, tmp_path: Path
) -> None:
    """The last good project stays whole."""
    out = tmp_path / "rasa"
    with_places(project, out)
    compile_project(nlu_data, BASE, out)
    before = contents(out)
    replace_in(nlu_data / "services" / "id_card.yml", "risk: low", "risk: no")
    replace_in(nlu_data / "lookups" / "field.yml", "รายละเอียด,", "รายการ,")
    with pytest.raises(AuthoringError):
        compile_project(nlu_data, BASE, out)
    assert contents(out) == before


def test_missing_hand_written_files_are_named_together(nlu_data: Path, tmp_path: Path) -> None:
    """All of them, before any work."""
    with pytest.raises(AuthoringError) as caught:
        compile_project(nlu_data, tmp_path, tmp_path / "rasa")
    assert [Path(problem.file).name for problem in caught.value.problems] == [
        "domain.yml",
        "config.yml",
        "endpoints.yml",
        "credentials.yml",
    ]


def test_a_base_that_defines_the_same_is_refused(
    project: tuple[Path, CompileReport], nlu_data: Path, tmp_path: Path
) -> None:
    """Two definitions of one slot would hide one of them; what the base adds is kept."""
    base, out = tmp_path / "base", tmp_path / "rasa"
    base.mkdir()
    for name in ("config.yml", "endpoints.yml", "credentials.yml"):
        (base / name).write_bytes((ROOT / name).read_bytes())
    (base / "domain.yml").write_text("slots: {extra: {type: text, mappings: [{type: custom}]}}", encoding="utf-8")
    with_places(project, out)
    compile_project(nlu_data, base, out)
    assert "extra" in yaml.safe_load((out / "domain.yml").read_text(encoding="utf-8"))["slots"]
    (base / "domain.yml").write_text("slots: {air_place: {type: text}}", encoding="utf-8")
    with pytest.raises(AuthoringError, match="both define slots air_place"):
        compile_project(nlu_data, base, out)


def test_a_broken_places_file_is_built_again(project: tuple[Path, CompileReport], tmp_path: Path) -> None:
    """A cut-off file, as after a crash, is not kept."""
    (tmp_path / "places.json").write_bytes(b'{"fingerprint": ')
    compile_project(ROOT / "nlu_data", BASE, tmp_path)
    assert (tmp_path / "places.json").read_bytes() == (project[0] / "places.json").read_bytes()


def test_the_domain_has_the_agreed_names(domain: dict[str, Any]) -> None:
    """Intents, entities, forms and actions of the house."""
    agreed = [
        "greet",
        "goodbye",
        "thanks",
        "bot_identity",
        "help",
        "ask_human",
        "affirm",
        "deny",
        "cancel",
        "skip",
        "inform",
        "correct",
        "repeat",
        "report_problem",
        "track_case",
        "ask_air_quality",
        "guide_more",
        "erase_my_data",
        "export_my_data",
        "ask_privacy",
        "change_language",
        "emergency",
        "complaint_about_bot",
        "abuse",
        "out_of_scope",
        "nlu_clarify",
        "confirm_erase",
    ]
    assert set(agreed) <= set(domain["intents"])
    handles = {"thai_id", "passport", "phone", "email", "bank_account", "private"}
    others = {"place", "landmark", "problem_type", "case_number", "aspect", "situation", "location", "media", "field"}
    assert handles | others <= set(domain["entities"])
    assert domain["forms"]["report_form"]["required_slots"][0] == "report_description"
    assert domain["forms"]["air_quality_form"] == {"required_slots": ["air_place"]}
    assert domain["actions"] == [
        "action_air_quality",
        "action_ask_report_confirmed",
        "action_cancel_form",
        "action_correct_report",
        "action_repeat",
        "action_request_erase",
        "action_request_export",
        "action_submit_report",
        "action_track_case",
        "validate_air_quality_form",
        "validate_report_form",
    ]
    assert domain["session_config"]["session_expiration_time"] == 0
    assert all(name.startswith("utter_") for name in domain["responses"])
    assert "utter_guide_id_card" in domain["responses"]


def test_no_slot_steers_the_dialogue_by_its_value(domain: dict[str, Any]) -> None:
    """Rules depend on intents and loops only, so that a value can never make a rule fail to match."""
    assert {slot["influence_conversation"] for slot in domain["slots"].values()} == {False}


def test_slots_are_filled_only_by_answers_to_their_question(domain: dict[str, Any]) -> None:
    """No mapping without an intent takes free text, and every answer in a form is an `inform`."""
    for name, slot in domain["slots"].items():
        for mapping in slot["mappings"]:
            if mapping["type"] != "from_text":
                continue
            intents = mapping["intent"] if isinstance(mapping["intent"], list) else [mapping["intent"]]
            assert set(intents) <= {"inform", "report_problem", "start_city_report"}, name
            if intents == ["inform"]:
                assert [condition["requested_slot"] for condition in mapping["conditions"]] == [name]


def test_guides_remember_themselves(domain: dict[str, Any]) -> None:
    """last_guide by intent; a guide without a situation forgets the one before."""
    told = domain["slots"]["last_guide"]["mappings"]
    assert {"type": "from_intent", "intent": "guide_passport", "value": "passport"} in told
    situations = domain["slots"]["guide_situation"]["mappings"]
    assert situations[0]["type"] == "from_entity"
    assert {"type": "from_intent", "intent": "guide_passport", "value": "any"} in situations


def test_every_plain_rule_holds_inside_every_form(project: tuple[Path, CompileReport]) -> None:
    """Answered, then the form asks again; none twice for one form and intent."""
    made = list(rules(project[0]))
    names = [rule["rule"] for rule in made]
    assert len(names) == len(set(names))
    for form in ("report_form", "air_quality_form"):
        loops = [rule for rule in made if {"active_loop": form} in rule.get("condition", [])]
        begun = [
            (rule["steps"][0]["intent"], tuple(rule["steps"][0].get("entities", ())))
            for rule in loops
            if "intent" in rule["steps"][0]
        ]
        assert len(begun) == len(set(begun))
        greeted = next(rule for rule in loops if rule["steps"][0].get("intent") == "greet")
        assert greeted["steps"][1:] == [{"action": "utter_greet"}, {"action": form}, {"active_loop": form}]
        asked = {intent for intent, _ in begun}
        assert {"cancel", "inform", "skip", "affirm", "deny", "repeat", "confirm_erase", "guide_id_card"} <= asked


def test_another_service_inside_a_form(project: tuple[Path, CompileReport]) -> None:
    """A question about air is answered inside a report; a report takes over from the question about air."""
    steps = {rule["rule"]: rule["steps"] for rule in rules(project[0])}
    assert steps["report_form: asked for ask_air_quality"] == [
        {"intent": "ask_air_quality"},
        {"action": "action_air_quality"},
        {"action": "report_form"},
        {"active_loop": "report_form"},
    ]
    assert steps["air_quality_form: asked for report_problem"] == [
        {"intent": "report_problem"},
        {"action": "action_deactivate_loop"},
        {"active_loop": None},
        {"action": "report_form"},
        {"active_loop": "report_form"},
    ]


def test_a_form_can_be_begun_by_a_choice(project: tuple[Path, CompileReport], domain: dict[str, Any]) -> None:
    """Outside and inside every form; only the description hears the words (validate_report_form drops a label)."""
    steps = {rule["rule"]: rule["steps"] for rule in rules(project[0])}
    begun = [{"action": "report_form"}, {"active_loop": "report_form"}]
    assert steps["report_form: begin with start_city_report"] == [{"intent": "start_city_report"}, *begun]
    assert steps["report_form: asked for start_city_report"][1:] == begun
    assert steps["air_quality_form: asked for start_city_report"][-2:] == begun
    assert "start_city_report" in domain["intents"]
    taken = [
        name
        for name, slot in domain["slots"].items()
        for mapping in slot["mappings"]
        if mapping["type"] == "from_text" and "start_city_report" in mapping.get("intent", ())
    ]
    assert taken == ["report_description"]


def test_examples_are_the_labelled_ones_and_the_services_own(project: tuple[Path, CompileReport]) -> None:
    """Rasa's form, each once."""
    text = (project[0] / "data" / "nlu" / "guide_id_card.yml").read_text(encoding="utf-8")
    loaded = yaml.safe_load(text)
    lines = loaded["nlu"][0]["examples"].splitlines()
    assert "- บัตรปชชหายต้องใช้อะไรบ้าง" in lines
    assert len(lines) == len(set(lines)) > 20
    assert "examples: |" in text


def test_the_lexicon_has_what_general_dictionaries_lack(project: tuple[Path, CompileReport]) -> None:
    """Service names, problem words, government terms, provinces, districts and nicknames; its hash is its version."""
    lexicon = json.loads((project[0] / "lexicon.json").read_text(encoding="utf-8"))
    terms = "ไฟดับ น้ำไม่ไหล จองคิว บัตรทอง เบี้ยยังชีพ ภาษีป้าย ใบอนุญาตก่อสร้าง บัตรคนพิการ ทางรัฐ พร้อมเพย์ ปชช. ค่าไฟ"
    assert set(terms.split()) <= set(lexicon["words"])
    assert {"โคราช", "เชียงใหม่", "หางดง", "พาสปอร์ต", "ไฟถนนดับ", "ฟุตบาท"} <= set(lexicon["words"])
    assert lexicon["words"] == sorted(set(lexicon["words"]))
    assert len(lexicon["version"]) == 64
    assert not [word for word in lexicon["words"] if " " in word or word.isascii()]


def test_extractors_map_words_to_values(project: tuple[Path, CompileReport]) -> None:
    """Problem types by Traffy's names, aspects, situations, fields and guides."""
    table = json.loads((project[0] / "extractors.json").read_text(encoding="utf-8"))
    assert table["problem_type"]["ไฟถนนดับ"] == "แสงสว่าง"
    assert table["aspect"]["กี่บาท"] == "fee"
    assert table["situation"]["หาย"] == "lost"
    assert table["field"]["เบอร์โทร"] == "report_contact"
    assert table["service"]["บัตรปชช"] == "id_card"
    assert table["language"]["อังกฤษ"] == "en"
    assert set(table["problem_type"].values()) == {
        "ถนน",
        "ทางเท้า",
        "แสงสว่าง",
        "ขยะ",
        "น้ำท่วม",
        "ท่อระบายน้ำ",
        "กลิ่น",
        "เสียงรบกวน",
        "ต้นไม้",
        "สายไฟ",
        "ป้าย",
        "จราจร",
        "คลอง",
        "ความสะอาด",
        "สัตว์จรจัด",
        "ความปลอดภัย",
        "อื่นๆ",
    }
