# SPDX-License-Identifier: Apache-2.0
"""The words of which Thai dates are made: months, weekdays, relative days, small numbers, and patterns for them."""

from __future__ import annotations

import re

from thai.lexicon import listed
from thai.normalise import arabic_digits
from thai.protected import PROTECTED

#: at most this much space between two words of a date; a bound, so that matching stays linear
GAP = r"[ \t\n]{0,3}"

_MONTH_FORMS = (
    "มกราคม มกรา มกราค มกคม ม.ค. ม.ค มค. มค january jan",
    "กุมภาพันธ์ กุมภาพันธุ์ กุมภาพัน กุมภา กุมพา กุมพาพันธ์ ก.พ. ก.พ กพ. กพ february feb",
    "มีนาคม มีนา มี.ค. มี.ค มีค. มีค march mar",
    "เมษายน เมษา เมศา เมศายน เม.ย. เม.ย เมย. เมย april apr",
    "พฤษภาคม พฤษภา พฤศภาคม พฤศภา พ.ค. พ.ค พค. พค may",
    "มิถุนายน มิถุนา มิ.ย. มิ.ย มิย. มิย june jun",
    "กรกฎาคม กรกฎา กรกฏาคม กรกฏา กรกดาคม กรกดา ก.ค. ก.ค กค. กค july jul",
    "สิงหาคม สิงหา ส.ค. ส.ค สค. สค august aug",
    "กันยายน กันยา ก.ย. ก.ย กย. กย september sept sep",
    "ตุลาคม ตุลา ต.ค. ต.ค ตค. ตค october oct",
    "พฤศจิกายน พฤศจิกา พฤษจิกายน พฤษจิกา พฤจิกายน พฤจิกา พฤศจิ พ.ย. พ.ย พย. พย november nov",
    "ธันวาคม ธันวา ทันวาคม ทันวา ธ.ค. ธ.ค ธค. ธค december dec",
)
MONTHS: dict[str, int] = {form: number for number, forms in enumerate(_MONTH_FORMS, 1) for form in listed(forms)}

_WEEKDAY_FORMS = (
    "จันทร์ จันทร monday",
    "อังคาร์ อังคาร อังคาน tuesday",
    "พุธ wednesday",
    "พฤหัสบดี พฤหัสฯ พฤหัส พฤหัด พฤหัศ พฤ.หัส thursday",
    "ศุกร์ ศุกร สุกร์ friday",
    "เสาร์ เสาร saturday",
    "อาทิตย์ อาทิตย อาทิด sunday",
)
WEEKDAYS: dict[str, int] = {form: number for number, forms in enumerate(_WEEKDAY_FORMS) for form in listed(forms)}
#: what stands before a number and a month only: จ. is also a province, อ. a district
WEEKDAY_LETTERS = {"จ.": 0, "อ.": 1, "พ.": 2, "พฤ.": 3, "ศ.": 4, "ส.": 5, "อา.": 6}

#: days from today, and whether the word says it for certain
DAY_WORDS: dict[str, tuple[tuple[int, ...], bool]] = {
    **dict.fromkeys(listed("วันนี้ วันนี่ วันเนี้ย วันเนี่ย today"), ((0,), True)),
    **dict.fromkeys(listed("เช้านี้ สายนี้ เที่ยงนี้ บ่ายนี้ เย็นนี้ ค่ำนี้ คืนนี้ tonight"), ((0,), True)),
    **dict.fromkeys(listed("เมื่อเช้านี้ เมื่อเช้า เมื่อสาย เมื่อเที่ยง เมื่อบ่าย"), ((0,), True)),
    **dict.fromkeys(listed("เมื่อเย็นวาน เมื่อวานเย็น"), ((-1,), True)),
    **dict.fromkeys(listed("เมื่อตอนเช้า เมื่อตะกี้ เมื่อกี้"), ((0,), True)),
    **dict.fromkeys(listed("เมื่อเย็น เมื่อค่ำ"), ((0, -1), False)),  # said in the morning it is yesterday's
    **dict.fromkeys(listed("เมื่อคืนนี้ เมื่อคืน"), ((-1, 0), False)),
    **dict.fromkeys(listed("วันพรุ่งนี้ พรุ่งนี้ พรุ่งนี่ พรุ้งนี้ พุ่งนี้ พุ้งนี้ พรุ่งเน้ พรุงนี้ วันพรุ่ง พน. tomorrow tmr"), ((1,), True)),
    **dict.fromkeys(listed("วันมะรืนนี้ วันมะรืน มะรืนนี้ มะรืน มะรีน มะลืน มะลืนนี้"), ((2,), True)),
    **dict.fromkeys(listed("มะเรื่องนี้ มะเรื่อง"), ((3,), True)),
    **dict.fromkeys(listed("เมื่อวานนี้ เมื่อวาน เมื่อวันวาน วานนี้ มื่อวาน เมือวาน เมื่อวาร yesterday"), ((-1,), True)),
    **dict.fromkeys(listed("เมื่อวานซืนนี้ เมื่อวานซืน วานซืน เมื่อวานซืด"), ((-2,), True)),
    "เมื่อวานก่อน": ((-2, -1), False),
    "เมื่อวันก่อน": ((-2, -3, -1), False),
    # Isan, the north, the south
    **dict.fromkeys(listed("มื้ออื่น มื่ออื่น วันพูก วันพู่ก วันผูก ต่อเช้า ต่อโพรก"), ((1,), True)),
    **dict.fromkeys(listed("มื้อวาน มื่อวาน แรกวา ตะวา วันวา แต่วา"), ((-1,), True)),
    **dict.fromkeys(listed("มื้อฮือ มื่อฮือ วันฮือ ต่อรือ"), ((2,), True)),
    "มื้อนี้": ((0,), False),  # Isan: today; elsewhere: this meal
    "มื้อซืน": ((-2,), True),
}

_UNITS = listed("ศูนย์ หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า")
_LOOSE = {"นึง": 1, "เจด": 7, "ซาว": 20, "ซาวเอ็ด": 21}


def _number_words() -> dict[str, int]:
    """Return the words for 0–99: สิบเอ็ด and สิบหนึ่ง, ยี่สิบ and the slips that are common."""
    found = {word: value for value, word in enumerate(_UNITS)} | _LOOSE
    for tens in range(1, 10):
        ten = {1: "สิบ", 2: "ยี่สิบ"}.get(tens, _UNITS[tens] + "สิบ")
        found[ten] = tens * 10
        found[ten + "เอ็ด"] = found[ten + "นึง"] = tens * 10 + 1
        found |= {ten + _UNITS[unit]: tens * 10 + unit for unit in range(1, 10)}
    return found


NUMBER_WORDS: dict[str, int] = _number_words()


def any_of(words: list[str] | tuple[str, ...]) -> str:
    """Return a pattern for one of the words, the longest first.

    >>> any_of(["a.", "ab"])
    '(?:a\\\\.|ab)'
    """
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))})"


_TENS = r"(?:สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|ยี่)?สิบ"
_ONE_DIGIT = r"(?:หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)"
#: one word number from 0 to 99, as far as it goes
NUMBER_WORD = rf"(?:{_TENS}(?:เอ็ด|นึง|{_ONE_DIGIT})?|{_ONE_DIGIT}|นึง|ศูนย์|เจด|ซาวเอ็ด|ซาว)"
#: digits that do not go on to the left; nor as a decimal, a telephone number, a house number or a range
LEFT = r"(?<![0-9])(?<![0-9][.,/:\-])"
#: 1 to 2 digits, or a word
DAY = rf"(?:{LEFT}[0-9]{{1,2}}(?![0-9])|{NUMBER_WORD})"

#: before a number in words: not the end of a longer one (ร้อยยี่สิบ)
WORD_LEFT = "".join(f"(?<!{word})" for word in (*_UNITS[1:], "ยี่", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน", "ล้าน"))

_undotted = [form for form in MONTHS if re.fullmatch("[ก-ฮ]{2}|[ก-ฮ]ี?ิ?[ก-ฮ]|เ[ก-ฮ]{2}", form)]
_latin = [form for form in MONTHS if form.isascii() and form.isalpha()]
_thai = [form for form in MONTHS if form not in {*_undotted, *_latin}]
#: a month by name; the undotted abbreviations and the English names only where the word ends
MONTH = rf"(?:{any_of(_thai)}|{any_of(_undotted)}(?![ก-๎])|{any_of(_latin)}(?![a-z])\.?)"
#: full names, which need no number beside them
FULL_MONTH = any_of([listed(forms)[0] for forms in _MONTH_FORMS])
WEEKDAY = any_of(list(WEEKDAYS))

_PLAIN = str.maketrans("–—‒−／．：～\u00a0", "----/.:- ")


def plain(text: str) -> str:
    """Return `text` as the patterns read it, every offset unchanged: Arabic digits, one kind of dash and space,
    lower case, and blanks for handles, links and addresses.

    >>> plain("๑๕–๑๖ JAN ⟦phone:k3f9⟧")
    '15-16 jan ￿￿￿￿￿￿￿￿￿￿￿￿'
    """
    text = arabic_digits(text).translate(_PLAIN)
    lower = text.lower()
    if len(lower) != len(text):  # İ and a few others become two characters
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return PROTECTED.sub(lambda kept: "\uffff" * len(kept[0]), lower)


def number(text: str) -> int:
    """Return the value of what `DAY` or `NUMBER_WORD` matched.

    >>> number("ยี่สิบเอ็ด"), number("07")
    (21, 7)
    """
    return NUMBER_WORDS[text] if text in NUMBER_WORDS else int(text)


def month(text: str) -> int:
    """Return the number of the month that `MONTH` matched.

    >>> month("ธ.ค."), month("jan.")
    (12, 1)
    """
    return MONTHS[text] if text in MONTHS else MONTHS[text.rstrip(".")]
