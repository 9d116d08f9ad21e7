# SPDX-License-Identifier: Apache-2.0
"""Tells words that say where from words that do not, for answers to "where" in which nothing known was found."""

from __future__ import annotations

import re

#: Words of place and landmarks, prepositions, and how names of villages begin; any of them, or a digit, is enough.
_PLACE = re.compile(
    r"[0-9๐-๙]"
    r"|หน้า|หลัง(?!จาก)|ข้าง|ใกล้|แถว|(?<!ไม่)ตรง|ริม|ปาก(?!หมา|เสีย)|ท้าย|กลาง|ใต้|บน|เยื้อง|ฝั่ง|ละแวก|ย่าน|แถบ|บริเวณ|ระหว่าง|ก่อนถึง|ถัดจาก|ติดกับ|จุด|^\s*(?:ที่|ใน|อยู่)"
    r"|ซอย|ซ\.|ถนน|ถ\.|ตรอก|ทาง(?:เข้า|ออก|ด่วน|รถไฟ|หลวง|ลัด|โค้ง|ลง|ขึ้น|ม้าลาย|เท้า)|แยก|โค้ง|วงเวียน|สะพาน|ป้าย|เสาไฟ|ไฟแดง|เกาะ|กิโล|กม\."
    r"|หมู่|ม\.|บ้าน|ชุมชน|ตำบล|ต\.|อำเภอ|อ\.|เขต|แขวง|จังหวัด|จ\.|เทศบาล|อบต|เมือง|ตลาด|วัด(?!ไข้|ดวง)|มัสยิด|สุเหร่า|โบสถ์|เจดีย์|เมรุ|ป่าช้า"
    r"|โรง(?:เรียน|พยาบาล|บาล|แรม|งาน|สี|พัก|หนัง)|รร\.?|รพ\.?|มหา(?:ลัย|วิทยาลัย)|วิทยาลัย|ศูนย์|ศาล|สถานี|สำนักงาน|ที่ว่าการ|ธนาคาร|ไปรษณีย์"
    r"|ห้าง|ร้าน|เซเว่น|โลตัส|บิ๊กซี|แม็คโคร|ปั๊ม|ปั้ม|ปตท|คอนโด|หอพัก|อพาร์ท|แฟลต|อาคาร|ตึก|สวน|สนาม|ลาน|นิคม|โครงการ|อนุสาวรีย์|หอนาฬิกา"
    r"|คลอง|แม่น้ำ|บึง|สระ|อ่างเก็บน้ำ|เขื่อน|ฝาย|หาด|ท่า(?:น้ำ|เรือ|รถ)|หนอง|โนน|โคก|ห้วย|ดอน|ดอย|ทุ่ง|บาง(?!ที|คน|ครั้ง|อย่าง|วัน)"
    r"|\b(?:near|front|behind|beside|next to|opposite|across|between|at|in|on|road|rd|street|soi|lane|village|moo"
    r"|school|temple|wat|market|hospital|station|mall|plaza|park|bridge|corner|junction|intersection|house|shop|bank|canal|beach|district|city|town|airport|university)\b",
    re.IGNORECASE,
)
#: An answer to another question, or talk about the weather and the bot.
_TALK = re.compile(
    r"^\s*(?:ใช่|ไม่|โอเค|ตกลง|ได้|เออ|อือ|ครับ|ค่ะ|คะ|ขอบคุณ|สวัสดี|ยืนยัน|ส่งเรื่อง|ข้าม|ผ่าน"
    r"|(?:yes|yeah|yep|ok|okay|sure|no|nope|none|hi|hello|thanks?|skip|send|pass|correct)\b)"
    r"|วันนี้|พรุ่งนี้|เมื่อไ(?:หร่|ร)|อากาศ|ร้อน|บอ[ทต]|โง่|เสียเวลา|เบื่อ|รำคาญ|หงุดหงิด|ช้ามาก|ไร้สาระ|ห่วย|\b(?:today|weather|hot|bot|stupid)\b",
    re.IGNORECASE,
)


def says_where(text: str) -> bool:
    """Whether something in the words belongs to a place.

    >>> says_where("ปากซอยวัดป่า"), says_where("วันนี้ร้อนมาก"), says_where("yes")
    (True, False, False)
    """
    return _PLACE.search(text) is not None


def is_talk(text: str) -> bool:
    """Whether words are plainly about something else than a place.

    >>> is_talk("วันนี้เสียเวลามาก บอทโง่"), is_talk("yes"), is_talk("ลุงมีขายก๋วยเตี๋ยว")
    (True, True, False)
    """
    return _TALK.search(text) is not None
