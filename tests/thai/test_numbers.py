# SPDX-License-Identifier: Apache-2.0
"""thai.numbers: numbers in digits and words; what is said loosely is never certain."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thai.numbers import find, small_number

CERTAIN = """
2500: 2500 | 0: 0 | ๑๒๓: 123 | １２３: 123 | 1,234.50: 1234.50 | ๑,๕๐๐: 1500
1,000,000: 1000000 | 0.5: 0.5 | .5: 0.5 | 2½: 2.5 | ศูนย์: 0 | หนึ่ง: 1 | สอง: 2 | หก: 6
เจ็ด: 7 | สิบ: 10 | สิบเอ็ด: 11 | สิบสอง: 12 | ยี่สิบ: 20 | ยี่สิบเอ็ด: 21 | ห้าสิบห้า: 55
เก้าสิบเก้า: 99 | ร้อย: 100 | ร้อยเอ็ด: 101 | ร้อยสิบสอง: 112 | หนึ่งร้อยห้า: 105
สองร้อยห้าสิบ: 250 | พัน: 1000 | สองพันห้าร้อย: 2500 | สองพันห้าร้อยหก: 2506
หนึ่งพันสองร้อยห้า: 1205 | พันห้าร้อย: 1500 | สองหมื่นห้าพัน: 25000 | สามแสน: 300000
หนึ่งล้าน: 1000000 | สิบล้านห้าแสน: 10500000 | สิบเอ็ดล้าน: 11000000 | ร้อยล้าน: 100000000
สองล้านล้าน: 2000000000000 | สองพันสิบห้า: 2015
เก้าแสนเก้าหมื่นเก้าพันเก้าร้อยเก้าสิบเก้า: 999999 | 1.5 ล้าน: 1500000 | 2 หมื่น: 20000
2 พัน 5 ร้อย: 2500 | 5 พัน 500: 5500 | 3 แสน 5 หมื่น: 350000 | 15 ล้าน: 15000000
2.5แสน: 250000 | สิบสองจุดห้า: 12.5 | สามจุดหนึ่งสี่: 3.14 | ศูนย์จุดห้า: 0.5
จุดห้า: 0.5 | หนึ่งจุดห้าล้าน: 1500000 | สองจุดห้าแสน: 250000 | ร้อยจุดสอง: 100.2
ครึ่งล้าน: 500000 | ครึ่งร้อย: 50 | ล้านครึ่ง: 1500000 | สองล้านครึ่ง: 2500000
สองครึ่ง: 2.5 | สิบครึ่ง: 10.5 | เศษสามส่วนสี่: 0.75 | ลบห้า: -5 | -5: -5 | −2.5: -2.5
ติดลบ 500: -500 | ลบสองร้อย: -200 | สามคน: 3 | มีสามคนค่ะ: 3 | 5 kg: 5 | 300บาท: 300
ห้าคนครับ: 5 | ข้อ 2 ค่ะ: 2 | สองค่ะ: 2 | 2 ครับ: 2 | ซอย 5: 5 | เบอร์สอง: 2
จำนวน สิบสอง ใบ: 12 | ร้อยละ 5: 5 | 5%: 5 | สามร้อยหกสิบห้าวัน: 365 | สองพัน ห้าร้อย: 2500
(12): 12 | ราคา1,500บาท: 1500
"""

CONFIRM = """
หมื่นแปด: 18000 10008 | พันห้า: 1500 1005 | แสนสอง: 120000 100002 | สองพันห้า: 2500 2005
สองแสนสาม: 230000 200003 | สามหมื่นห้า: 35000 30005 | ล้านสอง: 1200000 1000002
สิบล้านห้า: 10500000 10000005 | 2 หมื่น 5: 25000 20005 | 3 ล้าน 5: 3500000 3000005
2 พัน 5: 2500 2005 | ร้อยห้า: 105 150 | สองร้อยห้า: 205 250 | ร้อยยี่: 120
พันนึง: 1000 1100 | ร้อยนึง: 100 110 | พันหนึ่ง: 1100 1001 1000 | 1 แสน 25: 100025 125000
แสนครึ่ง: 150000 100000.5 | สองสามพัน: 2000 3000 | สามสี่คน: 3 4 | ห้าหกร้อย: 500 600
3-5 คน: 3 5 | 10 ถึง 15: 10 15 | 1,000-2,000: 1000 2000 | ประมาณ 500: 500 | เกือบร้อย: 100
2,000 กว่า: 2000 | 20 กว่าคน: 20 | พันกว่าบาท: 1000 | มากกว่าสองร้อย: 200 | 100+: 100
ราวๆ สามสิบ: 30 | สองโหล: 24 2 | 3 คู่: 6 3 | 5k: 5000 | 1,5: 1.5 15 | 1.234.567: 1234567
12,34,567: 1234567 | หนึ่งสองสาม: 123 | ลบ 5 รายการ: -5 5 | ไปร้อยเอ็ด: 101
สามวันครึ่ง: 3 | สองปีครึ่ง: 2 | สองจุดห้าสิบ: 2.5 | พันห้าล้าน: 1005000000
"""

NOTHING = """
สวัสดีครับ | ผมสามารถไปได้ | ห้ามจอด | ไปห้าง | ศูนย์บริการ | สี่แยก | สองแถว | ยี่ห้อ
หกล้ม | เก้าอี้ | พันธุ์ | สามี | สัมพันธ์ | ล้านนา | สามร้อยยอด | หลักสี่ | พันตำรวจโท
ลบข้อมูล | 0812345678 | 02-123-4567 | 15/1/67 | 12:30 | 2569-7KMPX4 | EY123456785TH | A4
pm2.5 | covid19 | 4G | 1.2.3.4 | 007 | 00 | หลายพัน | ไม่กี่ร้อย | หลักหมื่น
บ้านเลขที่ 12/3 | https://example.com/12 | ⟦phone:k3f9⟧ | 1234567890123 | ครึ่ง | จุดจอดรถ
ล้าง | แสง | ร้อยตรี | ผูกพัน | กระสวย | ๆ
"""


def rows(table: str) -> list[tuple[str, tuple[Decimal, ...]]]:
    """The cells `text: value value` of a table."""
    cells = [cell.strip() for cell in table.replace("\n", "|").split("|") if cell.strip()]
    return [(text, tuple(map(Decimal, values.split()))) for text, values in (cell.rsplit(": ", 1) for cell in cells)]


@pytest.mark.parametrize(("text", "values"), rows(CERTAIN))
def test_certain(text: str, values: tuple[Decimal, ...]) -> None:
    """A number that can be read in one way only."""
    assert [(one.values, one.certainty) for one in find(text)] == [(values, "certain")]


@pytest.mark.parametrize(("text", "values"), rows(CONFIRM))
def test_confirm(text: str, values: tuple[Decimal, ...]) -> None:
    """A number that could be another, or is rough: the likeliest reading stands first."""
    assert [(one.values, one.certainty) for one in find(text)] == [(values, "confirm")]


@pytest.mark.parametrize("text", [text.strip() for text in NOTHING.strip().replace("\n", "|").split("|")])
def test_nothing(text: str) -> None:
    """Words that hold a numeral, codes, telephone numbers and dates are no numbers."""
    assert find(text) == []


def test_the_last_word_may_be_another() -> None:
    """สิบห้ามจอด is ten and no parking, or fifteen and nothing that makes sense: it is asked about."""
    assert [one.certainty for one in find("บอกสิบห้ามจอด")] == ["confirm"]


def test_several() -> None:
    """Each number of a message is found where it stands."""
    text = "ค่าปรับ 1 พัน 3 วัน กับอีกสองร้อยบาท"
    assert [(one.value, text[one.start : one.end]) for one in find(text)] == [(1000, "1 พัน"), (3, "3"), (200, "สองร้อย")]


@given(st.integers(0, 10**12))
def test_said_in_full(number: int) -> None:
    """What PyThaiNLP spells is read back; where it is certain it is right."""
    from pythainlp.util import num_to_thaiword

    [one] = find(num_to_thaiword(number))
    assert number in one.values
    assert one.certainty == "confirm" or one.value == number


@given(st.integers(0, 10**9 - 1))
def test_written_with_commas(number: int) -> None:
    """Digits in groups of three, Western and Thai, are that number."""
    from pythainlp.util import arabic_digit_to_thai_digit

    for typed in (f"{number:,}", str(number), arabic_digit_to_thai_digit(f"{number:,}")):
        assert [one.value for one in find(typed)] == [number]


@pytest.mark.parametrize(("digits", "certainties"), [("1234567890", ["confirm"]), ("1234567890123", [])])
def test_long_rows_of_digits(digits: str, certainties: list[str]) -> None:
    """Ten digits without commas may be an account, thirteen are an identifier."""
    assert [one.certainty for one in find(digits)] == certainties


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [("วันที่ยี่สิบเอ็ด", 6, (21, 16)), ("๑๕ มกรา", 0, (15, 2)), ("สองทุ่ม", 0, (2, 3)), ("สิบห้ามกรา", 0, (15, 6)), ("ร้อย", 0, None),
     ("123", 0, None), ("กข", 0, None), ("", 0, None), ("สามี", 0, None), ("สองสาม", 0, None), ("ครึ่ง", 0, None), ("เอ็ด", 0, None)],
)  # fmt: skip
def test_small_number(text: str, position: int, expected: tuple[int, int] | None) -> None:
    """The number from 0 to 99 at a position, for the parsers of dates and times."""
    assert small_number(text, position) == expected
