# SPDX-License-Identifier: Apache-2.0
"""Words that settle what a message is about where the classifier must not be trusted alone. Free of Rasa."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from thai.case_numbers import find_part

#: A place with any words around it looks to the classifier like most questions about the air.
_AIR = re.compile(
    r"ฝุ่น|ฝุน|พีเอ็ม|อากาศ|ควัน|มลพิษ|มลภาวะ|หน้ากาก|แมส|หายใจ|กลางแจ้ง|เครื่องฟอก"
    r"|pm\s*2[.,]?5|\bpm\b|aqi|dust|smog|haz[ey]|smok[ey]|\bair\b|pollut|\bmask",
    re.IGNORECASE,
)
_PARTICLES = r"ล่ะ|ละ|หล่ะ|นะ|ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ|ด้วย|อ่ะ|อ่า|อะ(?!ไร)|มั่ง|บ้าง"
_AROUND_A_PLACE = re.compile(
    rf"แล้ว|ตอนนี้|วันนี้|เป็นไง|เป็นยังไง|ที่|แถว|ใน|ของ|จังหวัด|อำเภอ|เขต|{_PARTICLES}|and|what about|how about|in\b|at\b",
    re.IGNORECASE,
)
#: Beside what a guide can be asked about, these say nothing of which service is meant.
_AROUND_AN_ASPECT = re.compile(
    rf"แล้ว|ถ้า|กรณี|แบบ|ต้อง|จ่าย|กับ|ของ|ให้|ไป|ได้|โดน|อะไร|ไหม|มั้ย|หรือเปล่า|เป็น|วัน|เดือน|ปี|เปิด|ปิด|ทำการ|{_PARTICLES}"
    r"|and|what|about|how|for|if|it|is|my|the|a\b",
    re.IGNORECASE,
)
#: Kinds of entity that a follow-up about a guide is made of, and those that make it about something else.
_ASPECTS = frozenset({"aspect", "situation"})
_MATTERS = frozenset({"service", "place", "problem_type", "case_number", "landmark"})
_LETTER = re.compile(r"[A-Za-z\u0E01-\u0E2E]")
_MARK = re.compile("[ะ-ฺๅ็-๎]")

_SUICIDE = r"ฆ่าตัวตาย|ไม่อยากมีชีวิต(?:อยู่)?|อยากจบชีวิต|ไม่อยากอยู่บนโลกนี้|ผูกคอตาย|kill(?:ing)? myself|suicid(?:e|al)|end my life"
_BODY = (
    r"หัวใจหยุดเต้น|ไม่หายใจ(?:แล้ว)?|หยุดหายใจ|หมดสติ"
    r"|(?:คน|เด็ก|ลูก|พ่อ|แม่|เพื่อน|น้อง|ตา|ยาย)(?:กำลัง)?จมน้ำ|(?:is|am|are) drowning|(?:not|isn'?t|stopped) breathing|heart attack"
)
#: Drowned roads, cars and phones are no people.
_DROWNING = r"(?<!รถ)(?<!ถนน)(?<!บ้าน)(?<!มือถือ)(?<!โทรศัพท์)(?<!สะพาน)(?<!ซอย)(?<!ทาง)(?<!นา)จมน้ำ"
_HOUSE = r"(?:บ้าน|ตึก|ห้อง|อาคาร|คอนโด|โรงงาน|โรงเรียน|ตลาด|หอพัก)"
_FIRE = (
    rf"(?<!ประกัน)(?<!ซ้อม)(?<!โปร)ไฟ(?:กำลัง)?ไหม้{_HOUSE}|{_HOUSE}(?:ข้างๆ)?ไฟ(?:กำลัง)?ไหม้(?!ฟาง)|house (?:is )?on fire"
)
_SOS = r"(?<![a-z0-9])sos(?![a-z0-9])"
#: Words without which a classifier is not believed that a life is in danger, unless it is very sure. Generous: they
#: prove nothing by themselves, and the hotlines are shown once too often rather than once too seldom.
_ALARM = re.compile(
    r"ไหม้|ไฟลาม|ไฟลุก|เพลิง|ระเบิด|(?:แก๊ส|แก็ส)\S{0,8}รั่ว|กลิ่น(?:แก๊ส|แก็ส)|สารเคมี|ลวก|ควันเต็ม|ไฟดูด|ไฟช็อ[ตค]|โดนดูด|ถูกดูด|ช็อ[กต]"
    r"|สลบ|หมดสติ|ไม่รู้สึกตัว|หน้ามืด|ล้มลง|ล้มไป|ไม่ตอบแล้ว|แขนชา|ขาชา|พูดไม่ออก|บ่ฮู้|ไม่ตื่น|เรียกไม่ตอบ|ไม่ขยับ|นอนนิ่ง|แน่นิ่ง|หายใจ|หยุดเต้น|หัวใจ|หน้าอก|หน้าเขียว|ตัวเย็น"
    r"|เลือด|บาดเจ็บ|คนเจ็บ|เจ็บหนัก|สาหัส|หัวแตก|หัวฟาด|แขนขาด|ขาขาด|จมน้ำ|จมหาย|ตกน้ำ|ตกคลอง|ตกตึก|ตกบ่อ|ตกท่อ|ตกบันได|ตกนั่งร้าน|ตกลงไป|พลัดตก|โดด|ผูกคอ"
    r"|ฆ่า|(?:อยาก|จะ|สิ|ใกล้|กำลัง|คน|ลา|ยา)ตาย|มีด|ปืน|ยิง|แทง|ไล่ฟัน|ทำร้าย|ทุบตี|ซ้อม|ข่มขืน|ล่วงละเมิด|ลวนลาม|ลักพา|จับตัว"
    r"|ปล้น|โจร|คนร้าย|งัดบ้าน|ขโมยขึ้น|ขโมยเข้า|อาละวาด|ชนกัน|ชนคน|รถชน|ชนแล้ว|อุบัติเหตุ|คว่ำ|ล่ม|ถล่ม|ทับ|คนติด|ติดอยู่|ติดใน|ออกไม่ได้"
    r"|กู้ภัย|กู้ชีพ|พยาบาลด่วน|รถพยาบาล|ฉุกเฉิน|ช่วยด้วย|ช่วยที|ช่วยกัน|ช่วยแหน่|ช่วยโตย|ช่วยหนู|ช่วยผม|1669|(?<!\d)191(?!\d)|(?<!\d)199(?!\d)"
    r"|งู(?:เห่า)?กัด|หมาบ้า|ต่อย|ชัก|สำลัก|ติดคอ|กลืน|คลอด|น้ำเดิน|เกินขนาด|กินยา|ยาฆ่า|คิดสั้น|จากโลกนี้|ไม่อยากตื่น|ลูกหาย|เด็กหาย|คนหาย|ตำรวจด่วน|ตำรวจมา|จบชีวิต|มีชีวิต|ไม่อยากอยู่|ไม่ไหวแล้ว|กรีด"
    r"|น้ำป่า|น้ำพัด|หลังคา|ปากเบี้ยว|อ่อนแรง|แพ้กุ้ง|ลมแดด|เป็นลม"
    r"|fire|burn|ambulance|drown|bleed|dying|\bdie|dead|kill|suicid|unconscious|breath|chok|\bgun|knife|stab|shot|shoot"
    r"|accident|crash|rape|emergency|\bsos\b|jump|heart|collaps|attack|injur|hurt|\bhelp",
    re.IGNORECASE,
)
_DANGER = re.compile(f"{_SUICIDE}|{_BODY}|{_DROWNING}|{_SOS}", re.IGNORECASE)
_BURNING = re.compile(f"{_FIRE}|^ไฟไหม้(?:แล้ว|ช่วยด้วย|ค่ะ|ครับ)?$", re.IGNORECASE)


def speaks_of_air(text: str) -> bool:
    """Whether a message has a word of air, dust or smoke."""
    return _AIR.search(text) is not None


def is_place_alone(text: str, spans: Iterable[Sequence[Any]]) -> bool:
    """Whether a message is a place and hardly more ("แล้วโคราชล่ะ"); spans: [kind, start, end] found in it."""
    places = sorted((start, end) for kind, start, end in spans if kind == "place")
    if not places:
        return False
    return not _LETTER.search(_AROUND_A_PLACE.sub(" ", _without(text, places)))


def is_aspect_alone(text: str, entities: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a message only says what about a service, or in which case, and not which service ("ต่ออายุล่ะ").

    entities: dicts with entity, start, end in the text.
    """
    known = list(entities)
    parts = sorted((each["start"], each["end"]) for each in known if each["entity"] in _ASPECTS)
    if not parts or any(each["entity"] in _MATTERS for each in known):
        return False
    return not _LETTER.search(_AROUND_AN_ASPECT.sub(" ", _without(text, parts)))


def is_part_of_case_number(text: str) -> bool:
    """Whether a message is a piece of a case number and nothing else."""
    part = find_part(text)
    return part is not None and len(part) == len(text.strip(" -"))


def speaks_of_danger(text: str) -> bool:
    """Whether a message has a word without which it is hardly an emergency."""
    return _ALARM.search(text) is not None


def is_emergency(text: str, words: Iterable[Sequence[Any]], names_service: bool = False) -> bool:
    """Whether words say for certain that a life is in danger; words: [text, start, end] as the tokenizer cut it.

    names_service: the message is about a paper, which a fire may have taken ("บัตรหายตอนไฟไหม้บ้าน").
    """
    edges = {0, len(text)}.union(*({start, end} for _, start, end in words))
    patterns = (_DANGER,) if names_service else (_DANGER, _BURNING)
    return any(_whole(text, match, edges) for pattern in patterns for match in pattern.finditer(text))


def _without(text: str, parts: Iterable[tuple[int, int]]) -> str:
    """A text with a space for each part; parts by their beginning."""
    rest, at = "", 0
    for start, end in parts:
        rest += text[at:start] + " "
        at = max(at, end)
    return rest + text[at:]


def _whole(text: str, match: re.Match[str], edges: set[int]) -> bool:
    """Not a piece of a longer word: ทะเบียนบ้าน is no house that burns."""
    if match.end() < len(text) and _MARK.match(text, match.end()):
        return False
    return match.start() in edges
