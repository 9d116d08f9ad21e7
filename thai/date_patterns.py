# SPDX-License-Identifier: Apache-2.0
"""The patterns of dates that name their day; groups: d, d2 days, m month, wd, wl weekday, y, ey, wy year, be, ce era."""

from __future__ import annotations

import re

from thai.date_context import COMING, GONE
from thai.date_words import DAY, FULL_MONTH, GAP, LEFT, MONTH, NUMBER_WORD, WEEKDAY, WEEKDAY_LETTERS, any_of

ONE = r"(?:ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)"
_CLOCK = r"(?:โมง|ทุ่ม|นาฬิกา|น\.|น(?![ก-๎])|am|pm|a\.m|p\.m)"
_NOT_A_YEAR = (
    rf"(?![0-9]|[.:,/][0-9]|{GAP}(?:{_CLOCK}|วัน(?![ก-๎])|เดือน|ปี|คน|ชั่วโมง|ชม|นาที|บาท|คัน|คิว|ท่าน|ครั้ง)"
    rf"|{GAP}(?:-|ถึง){GAP}[0-9]{{1,2}}(?:[.:][0-9]|{GAP}{_CLOCK})|-[0-9]{{3}}|{GAP}{MONTH}|[a-z])"
)
_YEAR_WORDS = (
    rf"สองพันห้าร้อย(?:{NUMBER_WORD})?|สองพัน(?:{NUMBER_WORD})|สองห้า{ONE}{ONE}|{ONE}{ONE}|(?:ยี่|{ONE})สิบ(?:เอ็ด|{ONE})?"
)
_BUDDHIST = r"(?:พ\.? ?ศ\.?|พุทธศักราช|be(?![a-z])|b\.e\.)"
_CHRISTIAN = r"(?:ค\.? ?ศ\.?|คริสต์?ศักราช|ce(?![a-z])|ad(?![a-z])|a\.d\.)"
_ERA = rf"(?:ปี{GAP})?(?:(?P<be>{_BUDDHIST})|(?P<ce>{_CHRISTIAN}))|ปี"
_WHICH = rf"(?P<which>ปี(?:นี้|หน้า|ถัดไป|ที่แล้ว|ที่ผ่านมา|ก่อน)|{COMING}|{GONE}|นี้|หน้า)"
_YEAR = (
    rf"(?:{GAP}{_WHICH}|(?:-|{GAP}[/.,]?{GAP})(?:(?:{_ERA}){GAP}(?P<ey>[0-9]{{4}}|[0-9]{{2}}|{_YEAR_WORDS})(?![0-9]|เอ็ด|{ONE}|สิบ)"
    rf"|'?(?P<y>[0-9]{{4}}|[0-9]{{2}}){_NOT_A_YEAR}|(?P<wy>{_YEAR_WORDS})(?!เอ็ด|{ONE}|สิบ|{GAP}(?:{_CLOCK}|วัน|เดือน|คน|นาที|ชั่วโมง))))?"
)
_WD = rf"(?:(?:วัน)?(?P<wd>{WEEKDAY}){GAP}(?:ที่{GAP}|,{GAP})?|(?<![ก-๎0-9.])(?P<wl>{any_of(list(WEEKDAY_LETTERS))}){GAP}(?:ที่{GAP})?)"
_SEP = r"(?P<sep>-|~|จนถึง|ถึง|และ|กับ|หรือ|,|to)"
_THE = rf"วัน ?ที่{GAP}"

NAMED = re.compile(
    rf"{_WD}?(?:{_THE})?(?P<d>{DAY})(?:st|nd|rd|th)?(?:{GAP}{_SEP}{GAP}(?:{_THE})?(?P<d2>[0-9]{{1,2}}|{NUMBER_WORD}))?"
    rf"{GAP}[-/.,]?{GAP}(?:of )?(?:เดือน{GAP})?(?P<m>{MONTH}){_YEAR}"
)
ENGLISH = re.compile(
    r"(?<![a-z])(?P<m>[a-z]{3,9})\.?[ ]{1,2}(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?(?![0-9]|[.:][0-9])"
    r"(?:,?[ ]{1,2}(?P<y>[0-9]{4})(?![0-9]))?"
)
SLASHED = re.compile(
    rf"{_WD}?(?:{_THE})?(?:(?P<d>{LEFT}[0-9]{{1,2}})(?: ?- ?(?P<d2>[0-9]{{1,2}})(?= ?/))?)"
    r" ?(?P<s>[/.\-]) ?(?P<m>[0-9]{1,2}) ?(?P=s) ?"
    r"(?:(?P<be>พ\.?ศ\.?)|(?P<ce>ค\.?ศ\.?))? ?'?(?P<y>[0-9]{4}|[0-9]{2})(?![0-9]|[/.\-:][0-9]| ?(?:ล้าน|บาท|%|กม|ไร่|เมตร))"
)
YEAR_FIRST = re.compile(
    r"(?<![0-9/.\-])(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})(?![0-9]|[-/.][0-9])"
)
SPACED = re.compile(
    rf"(?P<d>{LEFT}[0-9]{{1,2}}) {{1,2}}(?P<m>[0-9]{{1,2}}) {{1,2}}(?P<y>[0-9]{{4}})(?![0-9]|[-/.:][0-9])"
)
SOLID = re.compile(rf"(?P<d>{LEFT}[0-9]{{2}})(?P<m>[0-9]{{2}})(?P<y>[0-9]{{4}})(?![0-9.])")
SHORT = re.compile(rf"(?P<pre>{_WD}|{_THE})?(?P<d>{LEFT}[0-9]{{1,2}}) ?/ ?(?P<m>[0-9]{{1,2}})(?![0-9]| ?[-/.:] ?[0-9])")
_MONTH_RELATIVE = rf"เดือน(?P<mr>นี้|หน้า|ถัดไป|{GONE}|ก่อน)"
NUMBERED = re.compile(
    rf"(?:เดือน(?P<mb>นี้|หน้า|ถัดไป|ที่แล้ว|ก่อน){GAP})?"
    rf"(?:(?:วัน)?(?P<wd>{WEEKDAY})(?:{GAP}ที่{GAP}|{GAP}(?=[0-9]{{1,2}}{_NOT_A_YEAR}))|{_THE})(?P<d>[0-9]{{1,2}}|{NUMBER_WORD})(?![0-9]|[.:/][0-9]|สิบ|{ONE}|ร้อย)"
    rf"(?:{GAP}{_SEP}{GAP}(?:{_THE})?(?P<d2>[0-9]{{1,2}}(?![0-9.:/])))?"
    rf"(?:{GAP}(?:ของ{GAP})?(?:{_MONTH_RELATIVE}"
    rf"|เดือน{GAP}(?P<m>[0-9]{{1,2}}|{NUMBER_WORD})(?![0-9]|{GAP}(?:วัน|ปี{GAP}[^0-9 พค])){_YEAR}"
    rf"|(?P<next>นี้|{COMING}|{GONE})))?"
)
MONTH_ALONE = re.compile(
    rf"(?:เดือน{GAP}(?P<m>{MONTH})|(?<![0-9])(?P<m2>{FULL_MONTH})|(?<![0-9ก-๎])(?P<m3>{MONTH})"
    rf"|(?<![0-9])(?<![0-9] )เดือน{GAP}(?P<mn>1[0-2]|[1-9])(?![0-9]|{GAP}(?:วัน|คน|เดือน))){_YEAR}"
)
YEAR_ALONE = re.compile(
    rf"(?:ปี{GAP}(?:(?P<be>{_BUDDHIST})|(?P<ce>{_CHRISTIAN}))?|(?P<be2>พ\.ศ\.|พุทธศักราช)|(?P<ce2>ค\.ศ\.)){GAP}"
    rf"(?P<y>[0-9]{{4}}(?![0-9])|(?<=[ปี. ])[4-9][0-9]{_NOT_A_YEAR})"
)
