# SPDX-License-Identifier: Apache-2.0
"""Reads the values of a city report from what citizens type: pure rules, no sentence of ours."""

from __future__ import annotations

import re

from thai.normalise import normalise
from thai.particles import fold

#: Traffy Fondue's problem types, so that a later bridge to it is one to one.
PROBLEM_TYPES = (
    "ถนน", "ทางเท้า", "แสงสว่าง", "ขยะ", "น้ำท่วม", "ท่อระบายน้ำ", "กลิ่น", "เสียงรบกวน", "ต้นไม้", "สายไฟ", "ป้าย",
    "จราจร", "คลอง", "ความสะอาด", "สัตว์จรจัด", "ความปลอดภัย", "อื่นๆ",
)  # fmt: skip

#: A slot that the citizen chose to leave empty.
SKIPPED = "-"

#: Words with which a report is announced or a talk is opened, and which say nothing about the problem itself.
_OPENING = re.compile(
    r"สวัสดี|หวัดดี|ดีจ้า|ดีครับ|ดีค่ะ|ฮัลโหล|ฮาโหล|hello|hi\b|hey|good (?:morning|afternoon|evening)"
    r"|แจ้งปัญหา|แจ้งเหตุ|แจ้งเรื่อง|แจ้ง|ร้องเรียน|ร้องทุกข์|รายงาน|ปัญหา|เมือง|เรื่องร้องเรียน|เรื่อง|report|complain(?:t)?|problem"
    r"|ขออนุญาต|ขอ|อยากจะ|อยาก|ต้องการ|จะ|ช่วย|รบกวน|หน่อย|ด้วย|มี|ใหม่|เจ้าหน้าที่|แอดมิน|admin"
    r"|สอบถาม|ผม|ดิฉัน|หนู|เรา|พี่|คุณ|a\b|i\b|want|to\b|please|can\b|the\b"
    r"|นะครับ|นะคะ|นะ|ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"^\s*(?:ขอ|อยาก|ต้องการ|จะ)*\s*(?:แจ้ง(?:ปัญหา|เรื่อง)?|ร้องเรียน(?:เรื่อง)?|เรื่อง|ปัญหา)\s*|(?:หน่อย|ด้วย)\s*$"
)
_LETTER = re.compile(r"[A-Za-z\u0E01-\u0E2E]")
_FEWEST_LETTERS = 3

_HANDLE = re.compile(r"⟦(?P<kind>[a-z_]+):[^⟧\s]+⟧")
#: Kinds of handles by which somebody can be reached, with what is told of them.
_REACHES = {"phone": "phone", "email": "email", "account": "other"}
_WHOLE = "private"

_REFUSAL = re.compile(
    r"^\s*(?:-|ไม่|ยังไม่|อย่า|ขอไม่|ขอข้าม|ข้าม|เว้น|ผ่าน|ขอบ(?:คุณ|ใจ)|no\b|nope|none|not\b|don'?t|thank|thx|skip)",
    re.IGNORECASE,
)
_NO_IDEA = re.compile(
    r"^\s*(?:ข้าม|ผ่าน|เว้น|ไม่(?:ค่อย)?(?:รู้|ทราบ|แน่ใจ|มี|บอก|เอา)|จำไม่ได้|แล้วแต่|อะไรก็ได้|ไหนก็ได้)"
    r"|^\s*(?:skip|pass|don'?t know|no idea|not sure|dunno|idk|whatever)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"ทำไม|ยังไง|อย่างไร|เพื่ออะไร|ไหม\s*(?:คะ|ครับ)?$|ไม่ได้|ไม่เป็น|หาไม่เจอ|เหรอ|หรอ|\?|\b(?:why|how|what|can't|cannot)\b",
    re.IGNORECASE,
)
_WAITS = re.compile(r"รอ|แป๊?[บป]|เดี๋ยว|กำลัง|สักครู่|ซักครู่|\b(?:wait|moment|hold on|second|taking)\b", re.IGNORECASE)
_LIVE_WIRE = re.compile(
    r"ประกายไฟ|ไฟช็อ?ต|ไฟช๊อต|ไฟ(?:ฟ้า)?รั่ว|ไฟ(?:ฟ้า)?ดูด|หม้อแปลง(?:ไฟ)?(?:ระเบิด|ไหม้|ไฟไหม้)|ชนเสาไฟ"
    r"|เสาไฟ(?:ฟ้า)?\S{0,12}(?:ล้ม|หัก|เอียง|โค่น|เอน)"
    r"|สายไฟ(?:ฟ้า|แรงสูง)?\S{0,12}(?:ขาด|ตก|หล่น|ร่วง|ช็อต|ไหม้|ห้อย|หย่อน)|(?:พาด|ทับ|เกี่ยว|โดน)สายไฟ"
    r"|\b(?:live wire|fallen (?:wire|pole|power line)|sparks?|sparking|power line (?:down|fell))\b",
    re.IGNORECASE,
)


def description(text: str) -> str | None:
    """The words of a problem, cleaned of repeated letters; None when only a greeting or an announcement is left.

    >>> description("แจ้งปัญหาหน่อยครับ"), description("ไฟถนนดับ มืดมากกก")
    (None, 'ไฟถนนดับ มืดมาก')
    """
    words = normalise(text).strip()
    if not is_telling(words):
        return None
    return words


def is_telling(text: str) -> bool:
    """True when something is left of the text after its greeting and announcement."""
    left = _OPENING.sub(" ", fold(text))
    return len(_LETTER.findall(left)) >= _FEWEST_LETTERS


def is_type_alone(text: str) -> bool:
    """True for no more than the name of a kind of problem ("ถนน", "ไฟ"): it does not say what is wrong."""
    return _ANNOUNCED.sub("", fold(text)).strip() in (*PROBLEM_TYPES, "ไฟ", "ไฟฟ้า", "น้ำ", "ท่อ", "สะพาน")


def problem_type(value: object) -> str | None:
    """Traffy's name of a problem type from its name as typed or chosen; None for any other word.

    >>> problem_type(" ถนนค่ะ"), problem_type("อื่น ๆ"), problem_type("จักรวาล")
    ('ถนน', 'อื่นๆ', None)
    """
    if not isinstance(value, str):
        return None
    typed = re.sub(r"\s+(?=ๆ)", "", fold(value)).strip()
    typed = "อื่นๆ" if typed == "อื่น" else typed
    return next((name for name in PROBLEM_TYPES if name == typed), None)


def sealed_contact(text: object) -> str | None:
    """The handles of a contact in a text from which the vault took personal data; None when nothing in it reaches
    the citizen.

    Sealed words stand before what reaches. Never the words themselves: they stay in the vault.

    >>> sealed_contact("⟦private:aa⟧ ⟦phone:bb⟧"), sealed_contact("⟦private:aa⟧"), sealed_contact("โทร ⟦phone:bb⟧")
    ('⟦private:aa⟧ ⟦phone:bb⟧', None, '⟦phone:bb⟧')
    """
    if not isinstance(text, str):
        return None
    found = list(_HANDLE.finditer(text))
    reaching = sorted(
        (one for one in found if one["kind"] in _REACHES), key=lambda one: list(_REACHES).index(one["kind"])
    )
    if not reaching:
        return None
    whole = [one[0] for one in found if one["kind"] == _WHOLE]
    return " ".join([*whole[:1], reaching[0][0]])


def contact(value: object) -> str | None:
    """The handle to file of a contact as the slot keeps it: the whole answer, which may hold a name, else the number."""
    known = sealed_contact(value)
    return known.split(" ")[0] if known else None


def contact_kind(value: object) -> str | None:
    """ "phone", "email" or "other" for a contact as the slot keeps it; None when none was left."""
    known = sealed_contact(value)
    match = _HANDLE.fullmatch(known.split(" ")[-1]) if known else None
    return _REACHES.get(match["kind"]) if match else None


def refuses(text: str) -> bool:
    """Whether words decline something optional.

    >>> refuses("ไม่อยากให้"), refuses("ขอบคุณค่ะ"), refuses("ป้าแดงข้างบ้าน")
    (True, True, False)
    """
    return _REFUSAL.search(text) is not None


def has_no_idea(text: str) -> bool:
    """Whether somebody cannot or will not say ("ไม่รู้", "ข้าม")."""
    return _NO_IDEA.search(text) is not None


def asks_back(text: str) -> bool:
    """Whether words ask about the question instead of answering it ("ทำไมต้องถาม", "ส่งตำแหน่งไม่ได้")."""
    return _QUESTION.search(text) is not None


def asks_for_time(text: str) -> bool:
    """Whether somebody is about to do it ("รอแป๊บนะ กำลังถ่าย")."""
    return _WAITS.search(text) is not None


def is_live_wire(text: str) -> bool:
    """Whether a problem may kill whoever comes near it: a wire or pole that is down, sparks."""
    return _LIVE_WIRE.search(text) is not None
