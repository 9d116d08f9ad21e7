# SPDX-License-Identifier: Apache-2.0
"""The words of which Thai times are made, and what an hour means in the six-hour system."""

from __future__ import annotations

from typing import Literal

from thai.date_words import DAY_WORDS, GAP, MONTHS, NUMBER_WORD, WEEKDAYS, any_of
from thai.lexicon import listed

Part = Literal["morning", "noon", "afternoon", "evening", "night"]

_PART_FORMS: dict[Part, str] = {
    "morning": "เช้ามืด เช้าตรู่ รุ่งเช้า เช้า สาย",
    "noon": "กลางวัน",
    "afternoon": "บ่าย",
    "evening": "เย็น พลบค่ำ หัวค่ำ ค่ำ แลง",
    "night": "กลางคืน กลางดึก ดึก คืน",
}
PARTS: dict[str, Part] = {word: part for part, words in _PART_FORMS.items() for word in listed(words)}
#: words that are something else unless ตอน, ช่วง or a day stands beside them: cold, line, to give back
PART = any_of(list(PARTS))
#: before a part of the day or a time with a dot: what makes it one
TIME_WORDS = listed(
    "เวลา ตี ทำการ ราชการ ตอน ช่วง ประมาณ ราว ราวๆ สัก ตั้งแต่ ก่อน หลัง ถึง นัด เริ่ม เปิด ปิด เลิก เจอกัน ภายใน น. โมง ไม่เกิน"
)
DAY_ENDS = (
    *DAY_WORDS,
    *(word for word in WEEKDAYS),
    "วันหยุด",
    "ทุกวัน",
    "เมื่อ",
    "วันเดียวกัน",
    *(m for m in MONTHS if not m.isascii()),
)

LEFT = r"(?<![0-9])(?<![0-9][.,:/\-])"
ONE = r"(?:หนึ่ง|นึง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)"
HOUR = rf"(?:[0-9]{{1,2}}(?![0-9])|{NUMBER_WORD})"
TO = r"(?:-|~|ไปจนถึง|จนถึง|ไปถึง|ถึง)"
_COUNTED = (
    r"(?:คน|คัน|ท่าน|คิว|บาท|วัน|เดือน|ปี|ชั่วโมง|ชม|รอบ|ครั้ง|ใบ|ราย|ที|ตัว|แผ่น|เครื่อง"
    r"|หลัง(?:คา)?|ชุด|เรื่อง|ห้อง|แห่ง|จุด|ซอย|ถนน|หมู่|โมง|ทุ่ม|นาฬิกา|น\.|ตำบล|ต\.|ม\.)"
)
_MONTH = any_of([name for name in MONTHS if len(name) > 2])
#: a number here is no minute: 9 โมง 15 ธ.ค., 9 โมง 15 คน
NOT_MINUTES = rf"(?![0-9]|[.:/,\-][0-9]|{GAP}(?:{_COUNTED}|{_MONTH}|{TO}{GAP}[0-9])|เอ็ด|สิบ|{ONE})"
NOT_COUNTED = rf"(?![0-9]|[.:/,][0-9]|{GAP}(?:{_COUNTED.replace('|โมง', '')}|{_MONTH}))"
MINUTES = (
    rf"(?:{GAP}(?:(?P<half>ครึ่ง)|(?P<min>[0-9]{{1,2}}(?![0-9])|{NUMBER_WORD}){GAP}นาที"
    rf"|(?P<bare>[0-5][0-9]|(?:ยี่|{ONE})?สิบ(?:เอ็ด|{ONE})?){NOT_MINUTES}))?"
)
MORE = r"(?:(?P<more>กว่า(?:ๆ|เกือบ)?|เศษ(?:ๆ)?|นิดๆ|ต้นๆ|ปลายๆ)|ตรง(?:เป๊ะ)?)?"

Hours = tuple[tuple[int, ...], bool]


def mong(hour: int, part: Part | None) -> Hours:
    """Return the hours of the day that N โมง can mean with or without a part of the day, and whether it is clear;
    no hours: there is no such time. Source: Royal Institute's usage; สามโมงเช้า for 09:00 is old, so asked.

    >>> mong(9, None), mong(3, None), mong(5, "evening")
    (((9,), True), ((15, 9), False), ((17,), True))
    """
    if not 1 <= hour <= 23:
        return (), False
    if part == "morning":
        return ((hour,), True) if 6 <= hour <= 11 else (((hour + 6,) if hour < 6 else (hour,)), False)
    if part in {"evening", "night"}:
        return (
            ((hour + 12,), 3 <= hour <= 6) if hour <= 8 else (((hour + 12, hour) if hour < 12 else (hour % 24,)), False)
        )
    if part == "afternoon":
        return ((hour + 12,), hour < 6) if hour <= 6 else ((hour,), False)
    if hour <= 5:
        return (hour + 12, hour + 6), False
    return ((6, 18), False) if hour == 6 else ((hour,), hour <= 12)


def thum(hour: int) -> Hours:
    """Return the hours that N ทุ่ม can mean; past five it is old counting or a slip, so asked.

    >>> thum(2), thum(6)
    (((20,), True), ((0,), False))
    """
    if 1 <= hour <= 5:
        return (hour + 18,), True
    if hour == 6:
        return (0,), False
    return ((hour + 12, (hour + 18) % 24), False) if hour <= 11 else ((), False)


def clock(hour: int, part: Part | None, *, official: bool, padded: bool) -> Hours:
    """Return the hours that HH in HH.MM can mean: as written with น., before noon or after without it.

    >>> clock(2, "afternoon", official=False, padded=False), clock(2, None, official=False, padded=False)
    (((14,), True), ((14, 2), False))
    """
    if hour > 24:
        return (), False
    if part in {"afternoon", "evening"} and 1 <= hour < 12:
        return ((hour + 12,), True) if hour <= (6 if part == "afternoon" else 11) else ((hour, hour + 12), False)
    if part == "night" and hour <= 12:
        return ((hour + 12,), True) if 6 <= hour < 12 else ((hour % 12,), True)
    if part == "morning" and hour >= 12:
        return (hour % 24,), False
    if part is None and not official and not padded and 1 <= hour <= 6:
        return ((hour + 12, hour) if hour < 6 else (hour, hour + 12)), False
    return (hour % 24,), True
