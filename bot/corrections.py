# SPDX-License-Identifier: Apache-2.0
"""Tells a plain yes or no from one that changes what was read back ("ใช่ แต่เพิ่มว่าดับมา 2 คืนแล้ว"). Free of Rasa."""

from __future__ import annotations

import re
from collections.abc import Collection

#: Words with which something said is put right or added to.
_CHANGE = re.compile(
    r"แต่|เพิ่ม|แก้|เปลี่ยน|ผิด|ไม่ใช่|ไม่ถูก|จริง\s?ๆ|เป็น|คือ|ต้อง|เอา|\b(?:but|add|also|change|instead|actually|wrong|not|should)\b",
    re.IGNORECASE,
)
#: What a bare yes, no or "แก้ไขหน่อยค่ะ" is made of.
_PLAIN = re.compile(
    r"ถูกต้อง|ถูก|ใช่|ยืนยัน|ตกลง|โอเค|เรียบร้อย|ส่งเรื่อง|ส่ง|ไม่|แก้ไข|แก้|เปลี่ยน|เพิ่มเติม|เพิ่ม|ผิด|แต่|ต้องการ|ต้อง|เป็น|คือ|เอา|อยาก|ขอ|จะ|ได้|ก็|มัน"
    r"|แล้ว|เลย|หน่อย|ก่อน|อยู่|ทุกอย่าง|ทั้งหมด|หมด|ตามนี้|นี้|ข้อมูล|เรื่อง|ตรง|นั้น|นะ|ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ|ๆ"
    r"|\b(?:yes|yeah|yep|ok|okay|correct|right|no|nope|not|send|it|is|please|but|change|wrong|the|that)\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[A-Za-z\u0E01-\u0E2E]")
_FEWEST_LETTERS = 3
#: Entities that are, or name, a part of what was read back.
_VALUES = frozenset({"problem_type", "landmark", "place", "phone", "email", "field"})


def corrects(text: str, kinds: Collection[str]) -> bool:
    """Whether the answer to a read-back says more than yes or no; kinds: the entities found in it."""
    if not _VALUES.isdisjoint(kinds):
        return True
    return _CHANGE.search(text) is not None and len(_LETTER.findall(_PLAIN.sub(" ", text))) >= _FEWEST_LETTERS
