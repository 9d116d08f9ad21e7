# SPDX-License-Identifier: Apache-2.0
"""The shipped answers: what they say, in which words, and that none breaks on missing or strange values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from catalogue.answers import (
    Answers,
    NlgRequest,
    load_answers,
    render,
    render_system,
)
from catalogue.model import Service
from core.messages import BLOCK_TYPES
from tests.catalogue.conftest import ROOT, words

FACTS = {
    "agency_name": "เทศบาลนครตัวอย่าง",
    "agency_phone": "02 000 0000",
    "agency_hours": "จันทร์–ศุกร์",
    "privacy_url": "https://example.go.th/privacy",
}
#: all but the templates of guides, which are said through utter_guide_* (test_guides.py)
ALL = sorted(name for name in load_answers(ROOT / "nlu_data" / "answers").by_id if not name.startswith("guide_"))
STATION = {
    "place": "เชียงใหม่",
    "station": "ศูนย์ราชการจังหวัด",
    "pm25": 38.2,
    "level": "4",
    "observed_at": "2026-11-22T16:00:00+07:00",
    "source_name": "Air4Thai",
    "source_url": "https://air4thai.pcd.go.th",
    "sandbox": False,
}


def check_block(block: Mapping[str, Any]) -> None:
    """The promises of wire.md §1 for one block."""
    kind = block["type"]
    assert kind in BLOCK_TYPES
    if kind == "choices":
        assert block["choices"]
        for choice in block["choices"]:
            assert set(choice) == {"label", "payload"}
            assert re.match(r"/[a-z_]+($|\{)", choice["payload"])
            _, brace, rest = choice["payload"].partition("{")
            assert not brace or isinstance(json.loads(brace + rest), dict)
    if kind == "card":
        assert block["title"]
        assert all(set(field) == {"label", "value"} for field in block["fields"])
        assert all(link["url"].split(":")[0] in {"https", "tel", "mailto"} for link in block["links"])
        assert block.get("level", "1") in {"1", "2", "3", "4", "5"}
        assert isinstance(block.get("source", {"sandbox": False})["sandbox"], bool)
    if kind in {"text", "location_request", "photo_request"}:
        assert block["text"]


@pytest.mark.parametrize("answer_id", ALL)
@pytest.mark.parametrize("locale", ["th", "en"])
def test_every_answer_can_be_said_with_nothing_passed(
    answers: Answers, services: Mapping[str, Service], answer_id: str, locale: str
) -> None:
    """An action that forgets an argument makes a shorter answer; no placeholder is ever shown."""
    for block in render(answers, services, NlgRequest(response=answer_id, locale=locale)):
        check_block(block)
        assert not re.search(r"\{[a-z_]+(\|[a-z_]+)?\}", words([block]))


def test_air_quality_uses_the_departments_own_words(answers: Answers, services: Mapping[str, Service]) -> None:
    """The five band names of the Pollution Control Department, word for word."""
    told = []
    for level in "12345":
        arguments = {**STATION, "level": level}
        (card,) = render(answers, services, NlgRequest(response="utter_air_quality", arguments=arguments))
        told.append(card["text"].splitlines()[0])
        assert card["level"] == level
    assert told == [
        "ระดับดีมาก",
        "ระดับดี",
        "ระดับปานกลาง",
        "ระดับเริ่มมีผลกระทบต่อสุขภาพ",
        "ระดับมีผลกระทบต่อสุขภาพ",
    ]


def test_air_quality_tells_time_source_and_sandbox(answers: Answers, services: Mapping[str, Service]) -> None:
    """Live data is never shown without when and from where."""
    (card,) = render(
        answers, services, NlgRequest(response="utter_air_quality", arguments={**STATION, "sandbox": True})
    )
    check_block(card)
    assert {"label": "PM2.5 เฉลี่ย 24 ชม.", "value": "38.2 มคก./ลบ.ม."} in card["fields"]
    assert card["source"] == {
        "name": "Air4Thai",
        "url": "https://air4thai.pcd.go.th",
        "observed_at": "2026-11-22T16:00:00+07:00",
        "sandbox": True,
    }


def test_without_a_level_nothing_is_said_about_health(answers: Answers, services: Mapping[str, Service]) -> None:
    """A missing band drops its words; nothing is guessed."""
    (card,) = render(answers, services, NlgRequest(response="utter_air_quality", arguments={**STATION, "level": None}))
    assert "text" not in card
    assert "level" not in card


@pytest.mark.parametrize("name", ["utter_air_quality", "utter_air_quality_stations", "utter_air_quality_estimate"])
@pytest.mark.parametrize("locale", ["th", "en"])
def test_a_card_says_once_when_it_was_measured(
    answers: Answers, services: Mapping[str, Service], name: str, locale: str
) -> None:
    """Beside its source, where every channel shows it; a field of its own would say it twice."""
    moment = "2026-11-22T16:00:00+07:00"
    listed = {**STATION, "observed_at": moment}
    known = {**listed, "stations": [listed], "source_name": "Air4Thai", "sandbox": False}
    (card,) = render(answers, services, NlgRequest(response=name, arguments=known, locale=locale))
    assert card["source"]["observed_at"] == moment
    assert "16:00" not in json.dumps(card["fields"], ensure_ascii=False)


def test_a_service_that_is_off_says_where_to_look(answers: Answers, services: Mapping[str, Service]) -> None:
    """The official page and the hotline; not that trying again would help."""
    known = {"agency_name": "Air4Thai กรมควบคุมมลพิษ", "agency_url": "https://air4thai.pcd.go.th/"}
    (card,) = render(answers, services, NlgRequest(response="utter_air_quality_off", arguments=known))
    assert "ยังไม่เปิดให้บริการข้อมูลนี้" in card["title"]
    assert [link["url"] for link in card["links"]] == ["https://air4thai.pcd.go.th/", "tel:1650"]
    assert "อีกครั้ง" not in words([card])


def test_an_agency_that_is_down_is_told_with_what_is_known(answers: Answers, services: Mapping[str, Service]) -> None:
    """With and without a last value."""
    known = {
        "agency_name": "กรมควบคุมมลพิษ",
        "last_pm25": 21.0,
        "last_level": "2",
        "last_station": "ศูนย์ราชการจังหวัด",
        "last_observed_at": "2026-11-22T14:00:00+07:00",
    }
    request = NlgRequest(response="utter_air_quality_unavailable", arguments=known)
    with_value = words(render(answers, services, request))
    assert "ระบบของ กรมควบคุมมลพิษ ไม่ตอบ" in with_value
    assert "21 มคก./ลบ.ม." in with_value
    assert "22 พ.ย. 2569 เวลา 14:00 น." in with_value
    assert "ข้อมูลสมมติ" not in with_value
    sandboxed = NlgRequest(response="utter_air_quality_unavailable", arguments={**known, "sandbox": True})
    assert "ข้อมูลสมมติ (โหมดทดลอง)" in words(render(answers, services, sandboxed)).splitlines()
    without = words(render(answers, services, NlgRequest(response="utter_air_quality_unavailable")))
    assert "ไม่ตอบ" in without
    assert "มคก." not in without


def test_the_readback_shows_everything_but_the_contact(answers: Answers, services: Mapping[str, Service]) -> None:
    """That a contact was given is said, the contact is not; what was skipped has no line."""
    filled = {"description": "ไฟดับ", "type": "แสงสว่าง", "place": "หน้าวัด", "photos": 2, "contact_kind": "phone"}
    card, choices = render(answers, services, NlgRequest(response="utter_report_readback", arguments=filled))
    assert [field["value"] for field in card["fields"]] == [
        "ไฟดับ",
        "แสงสว่าง",
        "หน้าวัด",
        "2 ภาพ",
        "หมายเลขโทรศัพท์ที่ให้ไว้",
    ]
    assert [choice["payload"] for choice in choices["choices"]] == ["/affirm", "/correct", "/cancel"]
    skipped = {**filled, "photos": None, "contact_kind": None}
    card, _ = render(answers, services, NlgRequest(response="utter_report_readback", arguments=skipped))
    assert [field["label"] for field in card["fields"]] == ["ปัญหา", "ประเภท", "สถานที่"]


def test_states_of_a_case_are_told_by_their_codes(answers: Answers, services: Mapping[str, Service]) -> None:
    """In both languages; a code that is not known falls back on the words that came with it."""
    case = {"ticket_id": "2569-7KMPX4", "state": "inprogress", "state_th": "กำลังดำเนินการ", "type": "ถนน"}
    thai = words(render(answers, services, NlgRequest(response="utter_case_status", arguments=case)))
    english = words(render(answers, services, NlgRequest(response="utter_case_status", arguments=case, locale="en")))
    assert "กำลังดำเนินการ" in thai
    assert "ถนน" in thai
    assert "In progress" in english
    assert "Road" in english
    odd = {**case, "state": "new_code", "state_th": "สถานะใหม่"}
    assert "สถานะใหม่" in words(render(answers, services, NlgRequest(response="utter_case_status", arguments=odd)))


def test_my_cases_are_one_line_and_one_choice_each(answers: Answers, services: Mapping[str, Service]) -> None:
    """`each` over a list argument."""
    cases = [
        {
            "ticket_id": "2569-7KMPX4",
            "type": "ถนน",
            "state": "start",
            "state_th": "รอรับเรื่อง",
            "timestamp": "2026-11-22",
        },
        {"ticket_id": "2569-8KMPX5", "type": None, "state": "finish", "state_th": "เสร็จสิ้น", "timestamp": None},
    ]
    card, choices = render(answers, services, NlgRequest(response="utter_my_cases", arguments={"cases": cases}))
    assert card["fields"] == [
        {"label": "2569-7KMPX4", "value": "ถนน · รอรับเรื่อง · 22 พ.ย. 2569"},
        {"label": "2569-8KMPX5", "value": "เสร็จสิ้น"},
    ]
    assert choices["choices"][1]["payload"] == '/track_case{"case_number": "2569-8KMPX5"}'
    assert "text" not in card


def test_an_ambiguous_place_becomes_choices(answers: Answers, services: Mapping[str, Service]) -> None:
    """The whole value travels in the payload, so that the next turn is certain."""
    value = {"text": "เมือง", "candidates": [{"code": "4201", "name": 'เมือง"เลย', "kind": "district"}]}
    slots = {"place_said": "เมือง", "place_choices": [{"label": "อ.เมือง จ.เลย", "value": value}]}
    for response in ("utter_ask_air_place", "utter_ask_report_place"):
        (block,) = render(answers, services, NlgRequest(response=response, slots=slots))
        payload = block["choices"][0]["payload"]
        assert json.loads(payload.removeprefix("/inform")) == {"place": value}
        (asked,) = render(answers, services, NlgRequest(response=response, slots={"place_choices": None}))
        assert asked["type"] == "location_request"


def test_clarify_offers_the_likeliest_meanings_and_keeps_what_was_said(
    answers: Answers, services: Mapping[str, Service]
) -> None:
    """Three named intents at most, never the fallbacks, with the entities of the message."""
    request = NlgRequest(
        response="utter_clarify",
        ranking=("nlu_clarify", "ask_air_quality", "out_of_scope", "guide_passport", "no_such", "help", "greet"),
        entities=(("place", {"text": "โคราช"}), ("phone", "⟦phone:k3f9⟧")),
    )
    (block,) = render(answers, services, request)
    assert [(choice["label"], choice["payload"]) for choice in block["choices"]] == [
        ("ตรวจค่าฝุ่น PM2.5", '/ask_air_quality{"place": {"text": "โคราช"}}'),
        ("หนังสือเดินทาง", '/guide_passport{"place": {"text": "โคราช"}}'),
        ("ดูว่าทำอะไรได้บ้าง", '/help{"place": {"text": "โคราช"}}'),
        ("ไม่ใช่เรื่องเหล่านี้", "/help"),
    ]


def test_a_report_chosen_from_several_meanings_does_not_begin_with_the_words_of_its_button(
    answers: Answers, services: Mapping[str, Service]
) -> None:
    """`report_problem` would make "แจ้งปัญหาเมือง" the description."""
    request = NlgRequest(response="utter_clarify", ranking=("report_problem",), entities=(("problem_type", "ถนน"),))
    (block,) = render(answers, services, request)
    assert block["choices"][0] == {
        "label": "แจ้งปัญหาเมือง",
        "payload": '/start_city_report{"problem_type": "ถนน"}',
    }


def test_emergencies_come_with_numbers_first(answers: Answers, services: Mapping[str, Service]) -> None:
    """Police, fire, ambulance and, for whoever does not want to live, 1323: in the first block, and to be called."""
    first, card = render(answers, services, NlgRequest(response="utter_emergency"))
    assert [line.split()[0] for line in first["text"].splitlines()[1:]] == ["191", "199", "1669", "1323"]
    assert [link["url"] for link in card["links"]] == ["tel:191", "tel:199", "tel:1669", "tel:1323"]


def test_the_bot_says_that_it_is_a_program(answers: Answers, services: Mapping[str, Service]) -> None:
    """And offers a person."""
    (block,) = render(answers, services, NlgRequest(response="utter_bot_identity"), FACTS)
    assert "โปรแกรมตอบอัตโนมัติของเทศบาลนครตัวอย่าง ไม่ใช่เจ้าหน้าที่" in block["text"]
    assert block["choices"][0]["payload"] == "/ask_human"


def test_a_person_can_be_reached_with_or_without_settings(answers: Answers, services: Mapping[str, Service]) -> None:
    """The agency's own number when it is set, the government's hotline always."""
    (card,) = render(answers, services, NlgRequest(response="utter_ask_human"), FACTS)
    assert [link["url"] for link in card["links"]] == ["tel:020000000", "tel:1111"]
    (card,) = render(answers, services, NlgRequest(response="utter_ask_human"))
    assert [link["url"] for link in card["links"]] == ["tel:1111"]


@pytest.mark.parametrize("response", ["utter_out_of_scope", "utter_default"])
def test_out_of_scope_says_what_can_be_done_and_leads_to_a_person(
    answers: Answers, services: Mapping[str, Service], response: str
) -> None:
    """Never a dead end."""
    (block,) = render(answers, services, NlgRequest(response=response))
    payloads = {choice["payload"] for choice in block["choices"]}
    assert {"/start_city_report", "/ask_air_quality", "/list_guides", "/ask_human"} <= payloads


@pytest.mark.parametrize("locale", ["th", "en"])
def test_the_privacy_notice_is_two_short_lines_with_the_link(answers: Answers, locale: str) -> None:
    """Short enough that nobody scrolls, the link in it."""
    (block,) = render_system(answers, "system_privacy_notice", {}, locale, facts=FACTS)
    lines = block["text"].splitlines()
    assert len(lines) == 2
    assert all(len(line) <= 80 for line in lines)
    assert FACTS["privacy_url"] in lines[1]


def test_the_sandbox_label_is_the_agreed_one(answers: Answers) -> None:
    """Acceptance looks for these words."""
    assert render_system(answers, "system_label_sandbox", {}, "th") == [
        {"type": "text", "text": "ข้อมูลสมมติ (โหมดทดลอง)"}
    ]


def test_an_apology_names_what_is_saved(answers: Answers) -> None:
    """Fields by their names; nothing about saving when nothing was filled."""
    saved = [{"field": "report_description"}, {"field": "report_place"}]
    told = words(render_system(answers, "system_apology", {"saved": saved}, "th"))
    assert "• รายละเอียด\n• สถานที่" in told
    assert "ยังอยู่ครบ" in told
    assert "ยังอยู่ครบ" not in words(render_system(answers, "system_apology", {"saved": None}, "th"))


def test_a_changed_case_is_told_with_the_officers_note(answers: Answers) -> None:
    """State in the reader's words, then the note."""
    changed = {"ticket_id": "2569-7KMPX4", "state": "finish", "state_th": "เสร็จสิ้น", "note": "เปลี่ยนหลอดแล้ว"}
    (card,) = render_system(answers, "system_case_state_changed", changed, "th")
    assert card["title"] == "เรื่องเลขที่ 2569-7KMPX4"
    assert "เสร็จสิ้น" in card["text"]
    assert "หมายเหตุจากเจ้าหน้าที่: เปลี่ยนหลอดแล้ว" in card["text"]


@pytest.mark.parametrize(("response", "order"), [("utter_erased", "erase")])
def test_orders_to_the_gateway_stand_after_the_sentence(
    answers: Answers, services: Mapping[str, Service], response: str, order: str
) -> None:
    """The gateway obeys a directive; the citizen reads the sentence."""
    sentence, directive = render(answers, services, NlgRequest(response=response))
    assert sentence["type"] == "text"
    assert directive == {"type": "directive", "name": order}


@pytest.mark.parametrize("channel", ["line", "telegram"])
@pytest.mark.parametrize("locale", ["th", "en"])
def test_where_nothing_can_be_downloaded_the_agency_is_named(
    answers: Answers, services: Mapping[str, Service], channel: str, locale: str
) -> None:
    """A copy is a file of the web chat; elsewhere two short sentences say whom to ask, with or without a telephone."""
    request = NlgRequest(response="utter_exporting", locale=locale, channel=channel)
    (block,) = render(answers, services, request, FACTS)
    sentences = block["text"].splitlines()
    assert len(sentences) == 2
    assert all(len(sentence) <= 80 for sentence in sentences)
    assert FACTS["agency_name"] in sentences[1]
    assert FACTS["agency_phone"] in sentences[1]
    assert [choice["payload"] for choice in block["choices"]] == ["/ask_human"]
    (block,) = render(answers, services, request, FACTS | {"agency_phone": ""})
    assert FACTS["agency_name"] in block["text"].splitlines()[1]
    on_web = NlgRequest(response="utter_exporting", locale=locale, channel="web")
    assert [block["type"] for block in render(answers, services, on_web, FACTS)] == ["text", "download"]
