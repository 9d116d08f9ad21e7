# SPDX-License-Identifier: Apache-2.0
"""Words that settle what a message is about where the classifier must not be trusted alone. Free of Rasa."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

#: A place with any words around it looks to the classifier like most questions about the air.
_AIR = re.compile(
    r"ฝุ่น|ฝุน|พีเอ็ม|อากาศ|ควัน|มลพิษ|มลภาวะ|หน้ากาก|แมส|หายใจ|กลางแจ้ง|เครื่องฟอก"
    r"|pm\s*2[.,]?5|\bpm\b|aqi|dust|smog|haz[ey]|smok[ey]|\bair\b|pollut|\bmask",
    re.IGNORECASE,
)
_AROUND_A_PLACE = re.compile(
    r"แล้ว|ตอนนี้|วันนี้|เป็นไง|เป็นยังไง|ล่ะ|ละ|หล่ะ|ที่|แถว|ใน|ของ|จังหวัด|อำเภอ|เขต|นะ|ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ|and|what about|how about|in\b|at\b",
    re.IGNORECASE,
)
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
    rest, at = "", 0
    for start, end in places:
        rest += text[at:start] + " "
        at = max(at, end)
    return not _LETTER.search(_AROUND_A_PLACE.sub(" ", rest + text[at:]))


def is_emergency(text: str, words: Iterable[Sequence[Any]], names_service: bool = False) -> bool:
    """Whether words say for certain that a life is in danger; words: [text, start, end] as the tokenizer cut it.

    names_service: the message is about a paper, which a fire may have taken ("บัตรหายตอนไฟไหม้บ้าน").
    """
    edges = {0, len(text)}.union(*({start, end} for _, start, end in words))
    patterns = (_DANGER,) if names_service else (_DANGER, _BURNING)
    return any(_whole(text, match, edges) for pattern in patterns for match in pattern.finditer(text))


def _whole(text: str, match: re.Match[str], edges: set[int]) -> bool:
    """Not a piece of a longer word: ทะเบียนบ้าน is no house that burns."""
    if match.end() < len(text) and _MARK.match(text, match.end()):
        return False
    return match.start() in edges
