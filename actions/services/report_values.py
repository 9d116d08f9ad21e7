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
    r"|แจ้งปัญหา|แจ้งเหตุ|แจ้งเรื่อง|แจ้ง|ร้องเรียน|ร้องทุกข์|รายงาน|ปัญหา|เรื่องร้องเรียน|เรื่อง|report|complain(?:t)?|problem"
    r"|ขออนุญาต|ขอ|อยากจะ|อยาก|ต้องการ|จะ|ช่วย|รบกวน|หน่อย|ด้วย|มี|ใหม่|เจ้าหน้าที่|แอดมิน|admin"
    r"|สอบถาม|ผม|ดิฉัน|หนู|เรา|พี่|คุณ|a\b|i\b|want|to\b|please|can\b|the\b"
    r"|นะครับ|นะคะ|นะ|ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[A-Za-z\u0E01-\u0E2E]")
_FEWEST_LETTERS = 3

_HANDLE = re.compile(r"⟦(?P<kind>[a-z_]+):[^⟧\s]+⟧")
_CONTACT_KINDS = {"phone": "phone", "email": "email", "private": "other"}


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


def contact(text: object) -> str | None:
    """The handle of a contact in a text from which the vault took personal data; None when there is none.

    A phone number or e-mail wins over other sealed text. Never the words themselves: they stay in the vault.
    """
    if not isinstance(text, str):
        return None
    found = [match for match in _HANDLE.finditer(text) if match["kind"] in _CONTACT_KINDS]
    found.sort(key=lambda match: match["kind"] == "private")
    return found[0][0] if found else None


def contact_kind(handle: object) -> str | None:
    """ "phone", "email" or "other" for a handle; None when no contact was left."""
    match = _HANDLE.fullmatch(handle) if isinstance(handle, str) else None
    return _CONTACT_KINDS.get(match["kind"]) if match else None
