# SPDX-License-Identifier: Apache-2.0
"""The patterns of times of day; groups: h, h0, hp hours, part of the day, and those of `MINUTES`."""

from __future__ import annotations

import re

from thai.date_words import GAP
from thai.time_words import HOUR, MINUTES, MORE, NOT_COUNTED, ONE, PART, TO

SIGN = re.compile(r"[0-9]|โมง|ทุ่ม|ตี|บ่าย|เที่ยง|นาฬิกา|เช้า|สาย|เย็น|ค่ำ|คืน|ดึก|กลางวัน|แลง|noon|midnight")
_BEFORE = rf"(?:(?:ตอน|ช่วง|เวลา)?(?P<part>{PART})(?:วันนี้|นี้|ๆ)?{GAP})?"
_PAIR = rf"(?:(?P<h0>{HOUR})(?:{GAP}โมง)?{GAP}(?P<sep>{TO}|หรือ){GAP}|(?P<hp>{ONE}(?=(?:{ONE}|สิบ){GAP}(?:โมง|ทุ่ม))|สิบ(?=สิบ)))?"
MONG = re.compile(
    rf"{_BEFORE}(?<![0-9][.,:/])(?<![0-9]){_PAIR}(?P<h>{HOUR}){GAP}โมง(?:{GAP}(?:ตอน)?(?P<after>เช้า|เย็น|บ่าย|ค่ำ))?{MINUTES}"
    rf"(?:{GAP}(?:ตอน)?(?P<after2>เช้า|เย็น|บ่าย|ค่ำ))?{MORE}"
)
THUM = re.compile(rf"{_BEFORE}(?<![0-9][.,:/])(?<![0-9]){_PAIR}(?P<h>{HOUR}){GAP}ทุ่ม(?!เท){MINUTES}{MORE}")
ONE_THUM = re.compile(rf"ทุ่ม(?!เท)(?P<one>นึง|หนึ่ง)?{MINUTES}{MORE}")
_DIGIT = rf"(?:[1-6](?!ๆ|%)|{ONE})"
BAI = re.compile(
    rf"(?:ตอน|ช่วง)?(?P<word>บ่าย|ตี){GAP}(?:(?P<h0>{_DIGIT}){GAP}(?:โมง{GAP})?(?P<sep>{TO}|หรือ){GAP}(?:บ่าย|ตี)?{GAP}"
    rf"|(?P<hp>{ONE})(?={ONE}(?!สิบ|{GAP}นาที)))?"
    rf"(?P<h>โมง|{_DIGIT}(?=(?P<ok>{NOT_COUNTED}))){GAP}(?:โมง(?:เย็น)?)?{MINUTES}{MORE}"
)
NOON = re.compile(
    rf"(?P<pre>ตอน|ช่วง|เวลา)?เที่ยง(?P<kind>คืน|วัน)?(?!ธรรม|แท้|ว|ง)(?P<about>ๆ)?(?:ตรง(?!ต่อ))?{MINUTES}{MORE}"
)
NAHLIKA = re.compile(rf"(?<![0-9][.,:/])(?<![0-9])(?P<h>{HOUR}){GAP}(?:นาฬิกา|นาฬกา|นาริกา){MINUTES}{MORE}")
_UNIT = rf"(?:{GAP}(?:(?P<n>น(?:\.|(?![ก-๎]))|นาฬิกา)|(?P<ap>[ap])\.?m(?:\.|(?![a-z]))))"
_MEASURE = r"(?:บาท|กม|กิโล|เมตร|%|หน่วย|ลิตร|องศา|ไร่|ตร\.|ล้าน|แสน|คะแนน|มก|มม|ซม|ตัน|kg|km|usd)"
DIGITAL = re.compile(
    rf"{_BEFORE}(?P<h>(?<![0-9])(?<![0-9][.,:/])[0-9]{{1,2}})(?P<dot>[.:])(?P<m>[0-9]{{1,2}})(?::[0-9]{{2}})?"
    rf"(?![0-9]|[.:/][0-9]|,[0-9]{{3}}|{GAP}{_MEASURE}){_UNIT}?"
)
WHOLE_HOUR = re.compile(
    rf"{_BEFORE}(?<![0-9])(?<![0-9][.,:/])(?:(?P<h0>[0-9]{{1,2}}|[0-9]{{4}}|[0-9]{{1,2}}[.:][0-9]{{2}})"
    rf" ?(?P<sep>{TO}|หรือ) ?)?(?P<h>[0-9]{{1,2}}|[0-9]{{3,4}}){_UNIT}"
)
ENGLISH = re.compile(r"(?<![a-z])(?P<word>noon|midday|midnight)(?![a-z])")
PART_OF_DAY = re.compile(rf"(?P<pre>ตอน|ช่วง|ภาค|ยาม|เวลา)?{GAP}(?P<part>{PART})(?P<post>นี้|ๆ)?")
UNTIL = re.compile(rf"{GAP}(?:{TO}|to|until){GAP}(?:เวลา{GAP})?")
HOUR_BEFORE = re.compile(rf"(?<![0-9.:])(?P<h>[01]?[0-9]|2[0-3])(?P<sep> ?{TO} ?| )$")
NEIGHBOURS = re.compile(rf"{GAP}(?:และ|กับ|หรือ|เป็น|,|/){GAP}")
LESS_BEFORE = re.compile(rf"(?:อีก|ขาด){GAP}(?P<n>{HOUR}){GAP}นาที{GAP}(?:จะ|ก่อน|ถึง|เป็น)?{GAP}$")
LESS_AFTER = re.compile(rf"{GAP}ขาด{GAP}(?:อีก{GAP})?(?P<n>{HOUR}){GAP}นาที")
