# SPDX-License-Identifier: Apache-2.0
"""What of a guide is told, by aspect and situation, on the shipped guides."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from catalogue import guides
from catalogue.answers import Answers, NlgRequest, render
from catalogue.model import ASPECTS, Service

GUIDES = [
    "id_card",
    "house_registration",
    "driving_licence",
    "passport",
    "birth_certificate",
    "marriage_registration",
    "name_change",
    "elderly_allowance",
    "disability_card",
    "property_tax",
]


def said(answers: Answers, services: Mapping[str, Service], response: str, **request: object) -> str:
    """All words of an answer."""
    made = render(answers, services, NlgRequest(response=response, **request))  # type: ignore[arg-type]
    return "\n".join(str(block) for block in made)


def test_the_ten_guides_are_there(services: Mapping[str, Service]) -> None:
    """By the ids that intents and tests use."""
    assert {service.id for service in services.values() if service.guide} == set(GUIDES)


@pytest.mark.parametrize("guide", GUIDES)
@pytest.mark.parametrize("aspect", [None, *ASPECTS])
@pytest.mark.parametrize("locale", ["th", "en"])
def test_every_aspect_of_every_guide_has_something_to_say(
    answers: Answers, services: Mapping[str, Service], guide: str, aspect: str | None, locale: str
) -> None:
    """With the day of its facts, a source that can be opened and no placeholder left over."""
    entities = (("aspect", aspect),) if aspect else ()
    card, choices = render(
        answers, services, NlgRequest(response=f"utter_guide_{guide}", locale=locale, entities=entities)
    )
    retrieved = services[guide].source.retrieved
    told = f"{retrieved.day} พ.ย. {retrieved.year + 543}" if locale == "th" else f"{retrieved.day} Nov {retrieved.year}"
    assert told in card["text"]
    assert card["source"]["url"].startswith("https://")
    assert "{" not in str(card["title"]) + card["text"] + str([field["value"] for field in card["fields"]])
    assert len(card["text"].splitlines()) >= 2
    assert choices["type"] == "choices"
    assert len(choices["choices"]) <= 13


def test_in_a_known_case_the_overview_tells_the_steps(answers: Answers, services: Mapping[str, Service]) -> None:
    """They are few then, and often what was asked; without a case they are a choice."""
    known = (("situation", "expired"), ("aspect", "all"))
    card, steps, choices = render(
        answers, services, NlgRequest(response="utter_guide_driving_licence", locale="th", entities=known)
    )
    assert "ด้วยตนเอง" in card["text"]
    assert "หมดอายุเกิน 1 ปีต้องสอบข้อเขียน" in steps["text"]
    assert "อบรม สอบข้อเขียน และสอบขับรถ" not in steps["text"]
    assert choices["type"] == "choices"


def test_a_situation_leaves_out_what_does_not_hold(answers: Answers, services: Mapping[str, Service]) -> None:
    """A lost card costs 100 baht and needs no old card."""
    lost = said(answers, services, "utter_guide_id_card", entities=(("situation", "lost"),))
    assert "บัตรหาย" in lost
    assert "100 บาท" in lost
    assert "บัตรเดิม" not in lost
    assert "ไม่เสียค่าธรรมเนียม" not in lost


def test_without_a_situation_everything_is_told_and_offered(answers: Answers, services: Mapping[str, Service]) -> None:
    """Parts that hold only sometimes say when; the situations are choices that keep the aspect."""
    asked = NlgRequest(response="utter_guide_id_card", entities=(("aspect", "documents"),))
    card, choices = render(answers, services, asked)
    assert "• (บัตรหมดอายุ / บัตรชำรุด / เปลี่ยนชื่อหรือย้ายที่อยู่) บัตรเดิม" in card["text"]
    payloads = [choice["payload"] for choice in choices["choices"]]
    assert '/guide_id_card{"situation": "lost", "aspect": "documents"}' in payloads
    assert '/guide_more{"aspect": "fee"}' in payloads


def test_another_word_for_a_situation(services: Mapping[str, Service]) -> None:
    """A child's ID card is a first card; a situation that a guide does not tell apart changes nothing."""
    guide = services["id_card"].guide
    assert guide is not None
    assert guides.known_situation(guide, "child") == "first"
    assert guides.known_situation(guide, "foreigner") is None
    assert guides.known_situation(guide, None) is None


def test_of_several_situations_the_one_that_matters(answers: Answers, services: Mapping[str, Service]) -> None:
    """A word that means nothing for this guide does not hide the one that does."""
    lost = (("situation", "house"), ("situation", "lost"), ("situation", "child"))
    assert "บัตรหาย)" in said(answers, services, "utter_guide_id_card", entities=lost)


def test_asked_for_several_things_the_overview_tells_all(answers: Answers, services: Mapping[str, Service]) -> None:
    """'ใช้อะไรบ้าง กี่บาท' is not answered with half."""
    both = (("aspect", "documents"), ("aspect", "fee"))
    card = render(answers, services, NlgRequest(response="utter_guide_id_card", entities=both))[0]
    assert [field["label"] for field in card["fields"]] == ["เอกสารที่ต้องใช้", "ค่าธรรมเนียม", "สถานที่", "ระยะเวลา"]


def test_more_continues_the_last_guide_in_its_situation(answers: Answers, services: Mapping[str, Service]) -> None:
    """'ค่าธรรมเนียมเท่าไหร่' after a lost house registration."""
    slots = {"last_guide": "house_registration", "guide_situation": "lost"}
    fee = said(answers, services, "utter_guide_more", slots=slots, entities=(("aspect", "fee"),))
    assert "20 บาท" in fee
    assert "ย้ายปลายทาง" not in fee
    steps = said(answers, services, "utter_guide_more", slots=slots)
    assert "ขั้นตอน: ทะเบียนบ้าน" in steps


def test_more_can_change_to_a_named_service(answers: Answers, services: Mapping[str, Service]) -> None:
    """'แล้วพาสปอร์ตล่ะ' after another guide."""
    slots = {"last_guide": "id_card"}
    assert "หนังสือเดินทาง" in said(
        answers, services, "utter_guide_more", slots=slots, entities=(("service", "passport"),)
    )


@pytest.mark.parametrize("response", ["utter_guide_more", "utter_list_guides"])
def test_without_a_guide_all_are_offered(answers: Answers, services: Mapping[str, Service], response: str) -> None:
    """Each as a choice that leads to it."""
    (block,) = render(answers, services, NlgRequest(response=response))
    assert [choice["payload"] for choice in block["choices"]] == [f"/guide_{guide}" for guide in sorted(GUIDES)]


def test_a_service_without_guide_has_no_arguments(services: Mapping[str, Service]) -> None:
    """Asking for one is a mistake of the caller."""
    with pytest.raises(ValueError, match="no guide"):
        guides.arguments_for(services["air_quality"], None, None, "th")


@pytest.mark.parametrize(("aspect", "told"), [("fee", "ขึ้นกับอายุ สอบถาม"), ("time", "วันที่เงินเข้า: สอบถาม")])
def test_the_old_age_allowance_says_whom_to_ask_for_what_its_source_does_not_tell(
    answers: Answers, services: Mapping[str, Service], aspect: str, told: str
) -> None:
    """ "How much a month" is answered honestly, not with the fee for registering alone."""
    words = said(answers, services, "utter_guide_elderly_allowance", entities=(("aspect", aspect),))
    assert told in words
    assert "02-241-9000" in words
