# SPDX-License-Identifier: Apache-2.0
"""The words around a date that change what it means: เมื่อ, ตั้งแต่, ประมาณ, ทุก."""

from __future__ import annotations

import re

from thai.date_words import GAP
from thai.date_years import Direction

_LOOK = 24  # characters before
_PAST = ("เมื่อ", "เมื่อวัน", "เมื่อตอน", "ที่แล้วคือ")
_OPEN = ("ตั้งแต่", "ตั้งแต่เมื่อ", "เกิด", "เกิดเมื่อ", "วันเกิด", "เกิดวัน", "นับจาก", "นับตั้งแต่", "มาตั้งแต่", "จาก")
_APPROXIMATE = (
    "ถัดจาก",
    "ประมาณ",
    "ราว",
    "ราวๆ",
    "แถว",
    "แถวๆ",
    "ช่วง",
    "ช่วงๆ",
    "ก่อน",
    "หลัง",
    "หลังจาก",
    "ใกล้",
    "ใกล้ๆ",
    "สัก",
    "น่าจะ",
    "กลางๆ",
)
_EVERY = ("ทุก", "แต่ละ", "ทุกวัน", "every")
_EVERY_AFTER = re.compile(rf"{GAP}(?:ของ{GAP})?(?:ทุก|แต่ละ)")
_UNTIL = re.compile(rf"{GAP}(?:-|~|จนถึง|ไปจนถึง|ไปถึง|ถึง){GAP}(?!วันนี้|ปัจจุบัน|ตอนนี้|เดี๋ยวนี้|ขณะนี้|บัดนี้|เมื่อ)")
#: after a date or a period: which one is meant
COMING = r"(?:ที่จะถึงนี้|ที่จะถึง|ที่จะมาถึงนี้|ที่จะมาถึง|ที่กำลังจะถึง|ที่กำลังจะมาถึง|ข้างหน้า)"
GONE = r"(?:ที่ผ่านมานี้|ที่ผ่านมา|ที่เพิ่งผ่านมา|ที่แล้ว|ก่อนหน้านี้)"


def direction(text: str, start: int, end: int) -> Direction:
    """Return where the words before `start` put a date without a year; ตั้งแต่ … ถึง … is a plan, not a past."""
    before = _before(text, start)
    if before.endswith(_OPEN):
        return "near" if _UNTIL.match(text, end) else "open"
    return "past" if before.endswith(_PAST) else "near"


def is_approximate(text: str, start: int) -> bool:
    """Tell whether the words before `start` make what follows a rough value or a limit: ประมาณ, ช่วง, ก่อน, หลัง."""
    return _before(text, start).endswith(_APPROXIMATE)


def is_recurring(text: str, start: int, end: int) -> bool:
    """Tell whether the words around name each such day (ทุกวันศุกร์, วันที่ 5 ของทุกเดือน), so no one day."""
    return _before(text, start).rstrip(" ๆ").endswith(_EVERY) or _EVERY_AFTER.match(text, end) is not None


def is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether nothing but politeness stands around."""
    return not text[:start].strip() and (len(text) - end < 16) and _POLITE.fullmatch(text, end) is not None


def follows(text: str, start: int, words: tuple[str, ...]) -> bool:
    """Tell whether one of the words stands directly before `start`, but for space."""
    return _before(text, start).endswith(words)


def _before(text: str, start: int) -> str:
    return text[max(0, start - _LOOK) : start].rstrip(" \t\n:")


_POLITE = re.compile(r"[ \t\n]*(?:(?:นะ)?(?:ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ|ฮะ)|นะ)?[ \t\n.!]*")
