# SPDX-License-Identifier: Apache-2.0
"""The shipped catalogue's synonyms, found by the rules: which guide, in which situation, and what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from bot.components.entities import Rules
from catalogue.corpus import load_corpus
from catalogue.guides import first_known
from catalogue.lexicon import build_extractors, build_lexicon
from catalogue.model import Service
from catalogue.places import build_places
from thai.normalise import normalise
from thai.places import Gazetteer
from thai.tokens import Tokenizer

NLU_DATA = Path(__file__).resolve().parents[2] / "nlu_data"


@cache
def _shipped() -> tuple[Rules, Tokenizer]:
    corpus, places = load_corpus(NLU_DATA), build_places()
    tokenizer = Tokenizer(build_lexicon(corpus, places)["words"])
    return Rules(Gazetteer.from_dict(places), build_extractors(corpus), tokenizer), tokenizer


@cache
def _services() -> Mapping[str, Service]:
    return load_corpus(NLU_DATA).services


@cache
def _found(text: str) -> tuple[tuple[str, str], ...]:
    rules, tokenizer = _shipped()
    normal = normalise(text)
    words = [[token.text, token.start, token.end] for token in tokenizer.tokens(normal)]
    return tuple((each.kind, str(each.value)) for each in rules.find(normal, words))


@pytest.mark.parametrize(
    ("text", "guide", "situation"),
    [
        ("บัตรปชชหายต้องใช้อะไรบ้าง", "id_card", "lost"),
        ("บัตร ปชช หาย", "id_card", "lost"),
        ("ทำบัตรปชชหายต้องเสียกี่บาท", "id_card", "lost"),
        ("ทำใหม่ บัตรประชาชนหาย", "id_card", "lost"),
        ("ลูกทำบัตรประชาชนหาย", "id_card", "lost"),
        ("บัตรประชาชนหมดอายุ", "id_card", "expired"),
        ("บัตรปชชแตก", "id_card", "damaged"),
        ("บัตรหัก", "id_card", "damaged"),
        ("ทำบัตรประชาชนครั้งแรก", "id_card", "first"),
        ("ลูกทำบัตรประชาชนต้องใช้อะไร", "id_card", "first"),
        ("เปลี่ยนนามสกุลแล้วทำบัตรใหม่", "id_card", "change"),
        ("ใบขับขี่หายต้องทำไง", "driving_licence", "lost"),
        ("ต่อใบขับขี่", "driving_licence", "expired"),
        ("ใบขับขี่ชำรุด", "driving_licence", "damaged"),
        ("ทำใบขับขี่ครั้งแรก", "driving_licence", "first"),
        ("renew driving licence", "driving_licence", "expired"),
        ("พาสปอร์ตหายทำไง", "passport", "lost"),
        ("พาสปอร์ตหมดอายุ", "passport", "first"),
        ("ทำพาสปอร์ตใหม่ เล่มเก่าหาย", "passport", "lost"),
        ("พาสปอร์ตเด็กต้องใช้อะไร", "passport", "child"),
        ("ย้ายเข้าทะเบียนบ้านใช้อะไร", "house_registration", "move_in"),
        ("แจ้งย้ายออก", "house_registration", "move_out"),
        ("ย้ายปลายทางทำยังไง", "house_registration", "move_destination"),
        ("เล่มทะเบียนบ้านหาย", "house_registration", "lost"),
        ("คัดสำเนาทะเบียนบ้าน", "house_registration", "copy"),
        ("แจ้งเกิดเกินกำหนด", "birth_certificate", "late"),
        ("แจ้งเกิดช้า", "birth_certificate", "late"),
        ("สูติบัตรหาย", "birth_certificate", "copy"),
        ("จดทะเบียนสมรสกับชาวต่างชาติ", "marriage_registration", "foreigner"),
        ("จดทะเบียนกับฝรั่ง", "marriage_registration", "foreigner"),
        ("เปลี่ยนชื่อตัว", "name_change", "first_name"),
        ("เปลี่ยนนามสกุลหลังแต่งงาน", "name_change", "marriage"),
        ("ตั้งนามสกุลใหม่", "name_change", "surname"),
        ("ใบเปลี่ยนชื่อหาย", "name_change", "lost"),
        ("บัตรคนพิการหมดอายุ", "disability_card", "expired"),
        ("บัตรคนพิการหาย", "disability_card", "lost"),
        ("ภาษีบ้าน", "property_tax", "house"),
        ("ภาษีที่ดินว่างเปล่า", "property_tax", "land"),
    ],
)
def test_the_situation_is_found_beside_the_service(text: str, guide: str, situation: str) -> None:
    """A name of a service, a situation and an aspect may share letters; each is found, and the guide knows it."""
    service = _services()[guide]
    assert service.guide is not None
    assert first_known(service.guide, [value for kind, value in _found(text) if kind == "situation"]) == situation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("บัตรปชชหายต้องใช้อะไรบ้าง", {("service", "id_card"), ("situation", "lost"), ("aspect", "documents")}),
        ("พาสปอร์ตหายเสียกี่บาท", {("service", "passport"), ("situation", "lost"), ("aspect", "fee")}),
        ("ย้ายเข้าทะเบียนบ้านใช้อะไร", {("situation", "move_in"), ("aspect", "documents")}),
        ("ไฟถนนดับ ต้องทำยังไง", {("problem_type", "แสงสว่าง"), ("aspect", "steps")}),
    ],
)
def test_kinds_do_not_hide_each_other(text: str, expected: set[tuple[str, str]]) -> None:
    """Each table is searched by itself."""
    assert expected <= set(_found(text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ขยะไม่มาเก็บเลย 3 อาทิตย์แล้ว เหม็นมาก", "ขยะ"),
        ("กลิ่นเหม็นจากโรงงาน", "กลิ่น"),
        ("เหม็นมากเลยค่ะ", "กลิ่น"),
        ("เพื่อนบ้านเปิดเพลงดังทุกคืน", "เสียงรบกวน"),
        ("เสาไฟล้มขวางซอย", "สายไฟ"),
        ("เสาไฟเอียงมาก", "สายไฟ"),
        ("เสาไฟดับ", "แสงสว่าง"),
        ("ยุงเยอะมาก ขอพ่นยุง", "อื่นๆ"),
        ("น้ำประปาไม่ไหล", "อื่นๆ"),
        ("ไฟฟ้าดับทั้งซอย", "อื่นๆ"),
        ("ไฟถนนดับ", "แสงสว่าง"),
    ],
)
def test_the_kind_of_problem_is_the_thing_and_not_its_smell(text: str, problem: str) -> None:
    """What stinks because nobody takes it away is refuse; a pole is no lamp."""
    assert [value for kind, value in _found(text) if kind == "problem_type"] == [problem]


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("ต้องมีพยานกี่คน", {"documents"}),
        ("ผ่อนได้ไหม", {"time"}),
        ("ต้องไปเองไหม", {"all"}),
        ("ทำแทนได้ไหม", {"all"}),
        ("ทำใบขับขี่ครั้งแรก อายุเท่าไหร่", {"all"}),
        ("ใบขับขี่หมดอายุ 2 ปี ต้องสอบใหม่ไหม", {"steps"}),
        ("เสียค่าปรับบัตรหมดอายุเท่าไหร่", {"fee"}),
        ("เปิดวันอาทิตย์ไหม", {"time"}),
    ],
)
def test_a_question_leads_to_the_part_where_its_fact_stands(text: str, aspects: set[str]) -> None:
    """The number of witnesses is among the documents; who has to go is told by the overview."""
    assert {value for kind, value in _found(text) if kind == "aspect"} == aspects


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("พรุ่งนี้ฝุ่นเชียงใหม่เยอะไหม", "forecast"),
        ("ฝุ่นเมื่อวานที่เชียงใหม่", "history"),
        ("อากาศเชียงใหม่วันนี้ร้อนไหม", "weather"),
        ("air quality bangkok tomorrow", "forecast"),
        ("ฝุ่นเชียงใหม่วันนี้", None),
        ("พรุ่งนี้ไปทำบัตรประชาชน", None),
    ],
)
def test_a_question_about_the_air_tells_when_it_asks_for_more_than_now(text: str, limit: str | None) -> None:
    """Only a question about the air has it."""
    assert [value for kind, value in _found(text) if kind == "air_limit"] == ([limit] if limit else [])
