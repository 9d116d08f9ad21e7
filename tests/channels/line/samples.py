# SPDX-License-Identifier: Apache-2.0
"""Answers as LINE gets them: one for each kind of object that we make, and everything that the catalogue can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from catalogue.answers import NlgRequest, load_answers, render
from catalogue.load import load_services
from catalogue.model import ASPECTS
from channels.line import render as line

ROOT = Path(__file__).resolve().parents[3]
PUBLIC_URL = "https://chat.example.go.th"
FACTS = {
    "agency_name": "เทศบาลนครตัวอย่าง",
    "agency_phone": "02 000 0000",
    "agency_hours": "จันทร์–ศุกร์ 08:30–16:30 น.",
    "privacy_url": "https://example.go.th/privacy",
}

Json = dict[str, Any]


def choices(count: int, label: str = "ตัวเลือกที่ {}", text: str = "เลือกได้เลยค่ะ") -> Json:
    """A question with `count` choices."""
    offered = [{"label": label.format(number + 1), "payload": f"/secret_{number}"} for number in range(count)]
    return {"type": "choices", "text": text, "choices": offered}


def card(**fields: Any) -> Json:
    """A card about the air, with every field."""
    return {
        "type": "card",
        "title": "คุณภาพอากาศ เชียงใหม่",
        "level": "4",
        "text": "ระดับเริ่มมีผลกระทบต่อสุขภาพ\nควรลดเวลากลางแจ้งค่ะ 😷",
        "fields": [
            {"label": "PM2.5 เฉลี่ย 24 ชม.", "value": "38.2 มคก./ลบ.ม."},
            {"label": "สถานีตรวจวัด", "value": "ศูนย์ราชการจังหวัดเชียงใหม่ อำเภอเมืองเชียงใหม่"},
        ],
        "source": {
            "name": "Air4Thai",
            "url": "https://air4thai.pcd.go.th",
            "observed_at": "2026-11-22T16:00:00+07:00",
            "sandbox": True,
            "label": "ข้อมูลสมมติ (โหมดทดลอง)",
        },
        "links": [
            {"label": "ดูข้อมูลที่ต้นทาง", "url": "https://air4thai.pcd.go.th/ค่าฝุ่น?ที่=เชียงใหม่"},
            {"label": "โทร 1650", "url": "tel:1650"},
            {"label": "อีเมล", "url": "mailto:ask@example.go.th"},
        ],
        **fields,
    }


#: blocks of every kind of wire.md §1, and what each becomes beyond its limit
KINDS: Mapping[str, list[Json]] = {
    "text": [{"type": "text", "text": "สวัสดีค่ะ 🙏 ยินดีให้บริการ"}],
    "long text": [{"type": "text", "text": "ขอคัดสำเนาทะเบียนบ้านค่ะ " * 500}],
    "choices": [choices(13)],
    "many choices": [choices(14)],
    "hundreds of choices": [choices(200)],
    "two questions": [choices(2), choices(3)],
    "choices without words": [choices(2, text="")],
    "card": [card()],
    "plain card": [card(level=None, source=None, links=[])],
    "case": [card(title="รับเรื่องแล้วค่ะ เลขที่ 2569-6MXVTH", level=None)],
    "long card": [card(text="ขั้นตอนการขอมีบัตรประจำตัวประชาชน " * 800)],
    "carousel": [{"type": "carousel", "cards": [card(level=level) for level in "12345"]}],
    "long carousel": [{"type": "carousel", "cards": [card() for _ in range(40)]}],
    "image": [{"type": "image", "url": "https://example.go.th/แผนที่.png", "alt": "แผนที่สำนักงานเขต"}],
    "image of ours": [{"type": "image", "url": "/static/map.png", "alt": "แผนที่"}],
    "media": [{"type": "image", "media": "m_1", "alt": "ภาพถนน"}],
    "location request": [{"type": "location_request", "text": "เกิดขึ้นที่ไหนคะ", "label": "ส่งตำแหน่ง"}],
    "photo request": [{"type": "photo_request", "text": "มีภาพถ่ายไหมคะ", "label": "ส่งภาพ"}, choices(1)],
    "requests and two questions": [
        {"type": "photo_request", "text": "มีภาพถ่ายไหมคะ", "label": "ส่งภาพ"},
        {"type": "location_request", "text": "ที่ไหนคะ", "label": "ส่งตำแหน่ง"},
        choices(2),
        choices(2),
    ],
    "download": [{"type": "text", "text": "พร้อมแล้วค่ะ"}, {"type": "download", "label": "x", "path": "/chat/export"}],
    "directive": [{"type": "text", "text": "ลบแล้วค่ะ"}, {"type": "directive", "name": "erase"}],
}


def drawn(blocks: list[Json], locale: str = "th") -> list[Json]:
    """The blocks as LINE's objects."""
    return line.render(5, blocks, locale=locale, public_url=PUBLIC_URL)


def kinds_drawn() -> dict[str, list[Json]]:
    """The objects of every kind of block."""
    return {name: drawn(blocks) for name, blocks in KINDS.items()}


def shipped() -> Iterator[tuple[str, str, list[Json]]]:
    """(name, locale, blocks) of every shipped answer with and without values, and every guide in every situation."""
    answers = load_answers(ROOT / "nlu_data" / "answers")
    services = load_services(ROOT / "nlu_data" / "services")
    arguments = _declared_arguments()
    for locale in ("th", "en"):
        for name in answers.by_id:
            if name.startswith("guide_"):
                continue  # said through utter_guide_*
            for given in ({}, arguments.get(name, {})):
                request = NlgRequest(response=name, locale=locale, arguments=given, channel="line")
                yield name, locale, render(answers, services, request, FACTS)
        for service in services.values():
            if service.guide is None:
                continue
            situations = [None, *(situation.id for situation in service.guide.situations)]
            for aspect in (None, *ASPECTS):
                for situation in situations:
                    said = {"aspect": aspect, "situation": situation}
                    entities = tuple((key, value) for key, value in said.items() if value)
                    response = f"utter_guide_{service.id}"
                    request = NlgRequest(response=response, locale=locale, entities=entities, channel="line")
                    yield f"{response}:{aspect}:{situation}", locale, render(answers, services, request, FACTS)


def shipped_drawn() -> dict[str, list[Json]]:
    """The objects of everything that the catalogue can say."""
    return {f"{name} {locale} {index}": drawn(made, locale) for index, (name, locale, made) in enumerate(shipped())}


def _declared_arguments() -> dict[str, dict[str, Any]]:
    """A value for each argument that an answer declares: 15 items for a list."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "nlu_data" / "answers").glob("*.yml")):
        for answer in yaml.safe_load(path.read_text(encoding="utf-8")).get("answers", ()):
            given: dict[str, Any] = {}
            for argument in answer.get("arguments", ()):
                if isinstance(argument, str):
                    given[argument] = _value(argument, 0)
                else:
                    for name, fields in argument.items():
                        given[name] = [{field: _value(field, number) for field in fields} for number in range(15)]
            found[answer["id"]] = given
    return found


def _value(name: str, number: int) -> Any:
    if name.endswith("_at") or name in {"timestamp", "last_activity", "retrieved"}:
        return "2026-11-22T09:00:00+00:00"
    special = {
        "level": "4",
        "last_level": "5",
        "sandbox": True,
        "state": "inprogress",
        "ticket_id": "2569-6MXVTH",
        "source_url": "https://air4thai.pcd.go.th",
        "agency_url": "https://air4thai.pcd.go.th",
        "privacy_url": FACTS["privacy_url"],
        "field": "report_place",
        "intent": "report_problem",
    }
    if name in special:
        return special[name]
    if name.startswith(("pm25", "last_pm25", "aqi", "distance", "age_", "limit", "seconds", "more")):
        return 38.2 + number
    return f"ซอยตัวอย่าง {number + 1} ตำบลช้างเผือก"
