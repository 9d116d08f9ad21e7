# SPDX-License-Identifier: Apache-2.0
"""Reads what a citizen changes at the read-back of a report: "ผิดแล้ว สถานที่คือหน้าโรงเรียน", "ใช่ แต่เพิ่มว่า…"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.interfaces import Tracker

from actions.place import parse_place
from actions.services import place_slots, report_values
from actions.turn import entities, entity, message_text

#: What a change of each field empties, so that the form asks it again.
EMPTIED = {
    "report_description": ("report_description",),
    "report_type": ("report_type",),
    "report_place": ("report_place",),
    "report_photo": ("report_photo", "report_photos"),
    "report_contact": ("report_contact",),
}
_ADDED = re.compile(
    r"(?:แต่|และ|แล้ว)?\s*(?:ขอ|อยาก|ช่วย|ให้)*\s*เพิ่ม(?:เติม)?(?:ว่า|คือ|ด้วยว่า)?\s*"
    r"|\b(?:but|please|and)?\s*add(?: that)?\s*",
    re.IGNORECASE,
)
_NAMED = r"(?:สถานที่|ที่เกิดเหตุ|ที่อยู่|ตำแหน่ง|จุด|ประเภท|ปัญหา|รายละเอียด)"
_VALUE = re.compile(rf"{_NAMED}\S{{0,8}}?\s*(?:ที่ถูก)?\s*(?:คือ|เป็น|อยู่ที่|อยู่|ต้องเป็น|[:=])?\s*(.+)$")
_OPENING = re.compile(
    r"^(?:\s|[,.]|ถูก(?:ต้อง)?|ใช่|โอเค|ตกลง|ผิด|แก้ไข|แก้|เปลี่ยน|ขอ|แต่|แล้ว|เลย|หน่อย|นะ|ครับ|คับ|ค่ะ|คะ|จ้า|yes\b|no\b|but\b|ok\b)+",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?:ไม่ใช่|ไม่ได้|มิใช่|not)\s*$", re.IGNORECASE)
#: "ไม่ใช่วัดหนองแวง เป็นวัดหนองบัว": what it is stands last.
_INSTEAD = re.compile(
    r"(?:ไม่ใช่|ไม่ได้(?:อยู่|เป็น)|มิใช่|\bnot)\s*\S.*?\s*(?:แต่|ต้อง|ที่ถูก)*\s*(?:เป็น|คือ|อยู่ที่|อยู่|\bbut\b|\bit is\b)\s*(?:ที่)?\s*(\S.*)$",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:\s|มัน|ที่?จริงๆ?|จริงๆ|จริง|เป็น|คือ|ต้อง|อยู่ที่|อยู่|ตรงที่)+")
_POLITE = re.compile(r"(?:\s|นะ|ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ|แทน)+$")
_LETTER = re.compile(r"[A-Za-z\u0E01-\u0E2E]")


def read_changes(tracker: Tracker) -> dict[str, Any]:
    """The slots that this message changes, with their new values; None for one that is to be asked again.

    Empty when the message names nothing that can be changed.
    """
    said = message_text(tracker)
    described = tracker.slots.get("report_description") or ""
    contact = report_values.sealed_contact(said)
    if contact is not None:
        return {"report_contact": contact}
    added = _ADDED.search(said)
    if added is not None:
        more = said[added.end() :].strip()
        if _tells(more) and entity(tracker, "field") is None:
            return {"report_description": f"{described} {more}".strip()}
    changes = {**_type(tracker, said), **_place(tracker, said)}
    named = entity(tracker, "field")
    if named == "report_description" and not changes:
        value = _VALUE.search(said)
        if value is not None and report_values.is_telling(value[1]):
            return {"report_description": value[1].strip()}
    if changes:
        if "report_type" in changes and named != "report_type" and not _only_type(said, changes["report_type"]):
            # Another problem than the one described: the citizen's words for it belong to the report.
            changes["report_description"] = f"{described} {_OPENING.sub('', said) or said}".strip()
        return changes
    return dict.fromkeys(EMPTIED.get(str(named), ()))


def _type(tracker: Tracker, said: str) -> dict[str, Any]:
    for found in tracker.latest_message.get("entities") or []:
        if not isinstance(found, Mapping) or found.get("entity") != "problem_type":
            continue
        known = report_values.problem_type(found.get("value"))
        if known is not None and not _NOT.search(said[: found.get("start") or 0]):
            return {"report_type": known}
    if entities(tracker, "problem_type"):
        # The one found is what it is not; what it is may be named after it.
        for name in report_values.PROBLEM_TYPES:
            at = said.rfind(name)
            if at >= 0 and not _NOT.search(said[:at]):
                return {"report_type": name}
    return {}


def _place(tracker: Tracker, said: str) -> dict[str, Any]:
    named = entity(tracker, "field") == "report_place"
    words = _place_words(said) if named or entity(tracker, "landmark", "place") is not None else ""
    if entity(tracker, "landmark", "place", "location") is not None:
        slots, _ = place_slots.report_place(None, tracker, asked=False)
        found = slots.get("report_place")
        if found and _tells(words) and entity(tracker, "problem_type", "location") is None:
            # All of what was said: rules know the district but not the temple before it.
            inside = parse_place(entity(tracker, "place"))
            kept = found.get("candidates") if inside is not None and inside.text in words else []
            found = {**found, "text": words, "candidates": kept or []}
        return {**slots, "report_place": found} if found else {}
    place = parse_place(words) if named and _VALUE.search(said) and _tells(words) else None
    return {"report_place": {"text": words, "candidates": []}} if place is not None else {}


def _place_words(said: str) -> str:
    """The words of the place in a change of it: without what it is not, the field's name and the politeness."""
    instead, value = _INSTEAD.search(said), _VALUE.search(said)
    words = instead[1] if instead is not None else value[1] if value is not None else _OPENING.sub("", said)
    return _POLITE.sub("", _LEADING.sub("", words.strip())).strip()


def _only_type(said: str, name: str) -> bool:
    """Whether nothing but the type's own name is said ("เป็นสายไฟ")."""
    left = _OPENING.sub("", said).replace(name, "")
    return not _tells(re.sub(r"เป็น|คือ|ประเภท|ไม่ใช่|ค่ะ|ครับ|นะ", "", left))


def _tells(words: str) -> bool:
    return len(_LETTER.findall(words)) >= 3
