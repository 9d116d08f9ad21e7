# SPDX-License-Identifier: Apache-2.0
"""What stands around a numeral: whether it counts something, is said loosely, is negative, or is no number at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from thai import lexicon
from thai.lexicon import listed
from thai.numeral_parts import Part
from thai.particles import strip_particles

_MARKS = re.compile("[ะัาำิ-ฺๅ็-๎]")
_THAI = re.compile("[ก-๎]")
_MONEY = "บาท|บ\\.|สตางค์|สตัง|ตังค์|สลึง"
_COUNTED = (
    "คน|ท่าน|ราย|วัน|คืน|สัปดาห์|อาทิตย์|เดือน|ปี|ขวบ|ชั่วโมง|ชม\\.|นาที|วินาที|โมง|ทุ่ม|นาฬิกา|ครั้ง|รอบ|ต้น|ตัว|หลัง|ห้อง|ใบ|ชุด|"
    "ชิ้น|อัน|แผ่น|เล่ม|ฉบับ|เรื่อง|ข้อ|หน่วย|กิโล|กก|กม|เมตร|ซม|ไร่|งาน|ตารางวา|ตารางเมตร|ตร\\.|ขวด|กล่อง|ถุง|ลูก|คัน|แห่ง|จุด|ที่|สาย|"
    "ดวง|เส้น|ลิตร|ซีซี|องศา|เท่า|เปอร์เซ็น|เปอร์เซนต์|%|หมู่|ชั้น|ครัวเรือน|หลังคาเรือน|บ้าน|ช่อง|แถว|มื้อ|เม็ด|โดส|เข็ม|เครื่อง|บัญชี"
)
_AFTER = re.compile(f" ?(?:{_COUNTED}|{_MONEY})")
_AFTER_NO_MONEY = re.compile(f" ?(?:{_COUNTED})")
_BEFORE = re.compile(
    "(?:จำนวน|ร้อยละ|ประมาณ|ราวๆ|ราว|เกือบ|อายุ|ราคา|ค่าปรับ|เป็นเงิน|เงิน|จ่าย|เลข|เลขที่|หมายเลข|เบอร์|หมู่ที่|หมู่|ซอย|ห้อง|ชั้น|ข้อ|ข้อที่|ที่|วันที่|คิว|"
    "ช่อง|ทั้งหมด|รวม|อีก|ครบ|เกิน|เหลือ|คะแนน|ลำดับ|อันดับ|ตัวเลือก|คือ|เอา|มี|ได้|เป็น) ?$"
)
# หลายร้อย, ไม่กี่พัน, หลักหมื่น, นับแสน: no number can be made of them
_VAGUE_BEFORE = re.compile("(?:หลายๆ|หลาย|ไม่กี่|กี่|หลัก|นับ|เป็นเรือน|เรือน|บาง) ?$")
_ABOUT_BEFORE = re.compile(
    "(?:ประมาณ|โดยประมาณ|ราวๆ|ราว|เกือบๆ|เกือบ|เฉียดๆ|เฉียด|ไม่ถึง|ไม่เกิน|มากกว่า|น้อยกว่า|อย่างน้อย|อย่างมาก|เกิน|กว่า|สักประมาณ|สัก|ซัก|"
    "น่าจะ|แถวๆ|ไม่ต่ำกว่า|ตั้งแต่|สูงสุด|ต่ำสุด|เป็น) ?$"
)
_ABOUT_AFTER = re.compile(
    f" ?(?:(?:{_MONEY}|คน|วัน|ปี|เดือน)? ?(?:กว่าๆ|กว่า|เศษๆ|เศษ|นิดๆ|หน่อยๆ|ต้นๆ|กลางๆ|ปลายๆ|โดยประมาณ|ขึ้นไป|เป็นต้นไป|อัพ)|\\+|ๆ)"
)
_HALF_AFTER = re.compile(f" ?(?:{_COUNTED}|{_MONEY})? ?ครึ่ง")
_MONEY_AFTER = re.compile(f" ?(?:{_MONEY})")
_PERCENT_WORD = "ร้อยละ"
_MINUS_WORD = re.compile("(ติดลบ|ลบ) ?$")
_MINUS = re.compile(r"(?:^|[\s(])[-−]$")
#: names and words that begin with a numeral, or have one in them, and that the dictionary lacks
_NAME = re.compile(
    "|".join(
        listed(
            "สามร้อยยอด สิบสองปันนา สิบสองปันณา ร้อยแปดพันเก้า สามพันโบก สองพี่น้อง สามพราน สามโคก สามเงา สามชุก สามง่าม สามชัย สามย่าน สามเสน "
            "สามก๊ก สามล้อ สามัคคี สองแคว สองแถว สองยาง สี่คิ้ว สี่พระยา สี่มุม ห้าแยก เจ็ดเสมียน เก้าเลี้ยว แปดริ้ว แปดลิ้ว ยี่งอ หลักสี่ หลักห้า หลักหก "
            "พันทิป พันธุ์ พันทาง แสนสุข แสนสิริ แสนแสบ แสนตอ แสนคำ หมื่นไวย ล้านนา ล้านช้าง พันตำรวจ พันจ่า ร้อยตำรวจ ร้อยโท สิบตำรวจ บึงสามพัน "
            "ทองแสนขัน บางสองร้อย หนองสองห้อง ทองหนึ่ง จุดเดียว หกล้อ สิบล้อ เสาร์ห้า"
        )
    )
)
_DIGITS = re.compile("[0-9๐-๙]")
_MOST_LETTERS = 600
_MOST_DIGITS = 300
_LONGEST_NAME = 12
_LEAD = 8  # characters before an answer that is a number and nothing else
_TAIL = 40  # after it: politeness and marks


def whole_answer(plain: str, start: int, end: int) -> bool:
    """Tell whether the message is nothing but `plain[start:end]`, politeness and marks aside."""
    # bounded, since this is asked of every number of a long message
    if start > _LEAD or len(plain) - end > _TAIL or plain[:start].strip(" \t\n\"'(฿"):
        return False
    rest = plain[end:].strip()
    return not rest or not strip_particles("ก " + rest).removeprefix("ก").strip(" .!?)\"'ๆ")


def within_reason(text: str) -> str:
    """Return the text, or its first 600 characters where it is a heap of digits: finding identifiers in 2,000 characters
    of digits and dashes takes more than 20 ms, and no citizen writes them."""
    return text if len(text) <= _MOST_LETTERS or len(_DIGITS.findall(text)) <= _MOST_DIGITS else text[:_MOST_LETTERS]


def counted(plain: str, start: int, end: int, *, money: bool = True) -> bool:
    """Tell whether a word of measure follows (คน, วัน, บาท) or, with `money`, one of counting goes before (จำนวน)."""
    if not money:
        return _AFTER_NO_MONEY.match(plain, end) is not None
    return bool(_AFTER.match(plain, end) or _BEFORE.search(plain, max(0, start - 16), start))


def blocked(plain: str, start: int, end: int, parts: Sequence[Part]) -> Literal["word", "number", "either"]:
    """Tell what numeral words are inside a longer message: a number, a part of another word (ห้าม), or either."""
    if _VAGUE_BEFORE.search(plain, max(0, start - 12), start):
        return "word"
    if _in_name(plain, start, end):
        return "word"
    if plain.startswith(_PERCENT_WORD, start) or (
        len(parts) == 1 and parts[0].typed == "ศูนย์" and not _money(plain, end)
    ):
        return "word"
    measure = counted(plain, start, end)
    longer = _longer_word(plain, parts[-1].start, end) or _longer_before(plain, start, parts[0].end)
    if len(parts) == 1:
        if measure:
            return "number" if not _longer_before(plain, start, parts[0].end) else "either"
        return "word" if longer else "either"
    if parts[-1].typed == "เอ็ด" and plain[start:end] == "ร้อยเอ็ด" and not measure:
        return "either"  # a province
    return "either" if longer and not measure else "number"


def _in_name(plain: str, start: int, end: int) -> bool:
    names = _NAME.finditer(plain, max(0, start - _LONGEST_NAME), end + _LONGEST_NAME)
    return any(name.start() < end and start < name.end() for name in names)


def about(plain: str, start: int, end: int) -> bool:
    """Tell whether the number is said to be a rough one: ประมาณ, เกือบ, กว่า, ขึ้นไป."""
    return bool(_ABOUT_BEFORE.search(plain, max(0, start - 16), start) or _ABOUT_AFTER.match(plain, end))


def quantity_after(plain: str, end: int) -> bool:
    """Tell whether half of what is counted is added after its word: สองปีครึ่ง is not 2."""
    return _HALF_AFTER.match(plain, end) is not None


def signed(plain: str, start: int, *, literal: bool) -> tuple[int, bool] | None:
    """Return where the sign before the number begins and whether it can only be one; None without a sign.

    ลบ 5 รายการ is an order to delete.
    """
    word = _MINUS_WORD.search(plain, max(0, start - 8), start)
    if word:
        return word.start(), word[1] == "ติดลบ"
    if literal and _MINUS.search(plain, max(0, start - 2), start):
        return start - 1, False
    return None


def _money(plain: str, end: int) -> bool:
    return _MONEY_AFTER.match(plain, end) is not None


def _longer_word(plain: str, start: int, end: int) -> bool:
    known = lexicon.words()
    for length in range(end - start + 1, 13):
        if start + length > len(plain) or not _THAI.match(plain, start + length - 1):
            break
        if plain[start : start + length] in known and not _MARKS.match(plain, start + length):
            return True
    return False


def _longer_before(plain: str, start: int, end: int) -> bool:
    known = lexicon.words()
    for begin in range(start - 1, max(-1, start - 11), -1):
        if not _THAI.match(plain, begin):
            break
        word = plain[begin:end]
        if word in known and not _MARKS.match(word) and not word.startswith(("ที่", "วันที่", "สิบ", "ยี่")):
            return True
    return False
