# SPDX-License-Identifier: Apache-2.0
"""thai.identifiers against somebody who writes numbers oddly: any separator is seen through, other numbers are left."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.thai.strategies import seconds
from thai.identifiers import find

SEPARATORS = (
    " ", "\t", "\u00a0", "\n", "\r\n", *map(chr, range(0x2000, 0x200B)), "\u202f", "\u3000",
    "-", ".", "_", *map(chr, range(0x2010, 0x2016)), "\u2212", "\u30fb", "\uff0d", "/", ",", "~", "|", ":", "*", "／", "，",
    "\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\ufe0f", "\u20e3", "\ufe0f\u20e3",
)  # fmt: skip
CARD = (1, 4, 5, 2, 1)
#: how a telephone number is spoken and written, a mobile one and a fixed one
MOBILE = ((3, 3, 4), (3, 7), (2, 4, 4), (2, 8), (10,), (1,) * 10)
FIXED = ((2, 3, 4), (2, 7), (3, 6), (1, 4, 4), (9,), (1,) * 9)
GAPS = st.lists(st.sampled_from(SEPARATORS), min_size=1, max_size=5).map("".join)


def found(text: str) -> list[tuple[str, str]]:
    """Kind and value of what is found."""
    return [(one.kind, one.value) for one in find(text)]


def with_check_digit(twelve: str) -> str:
    """The thirteen digits of a national id."""
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(twelve))
    return f"{twelve}{(11 - total % 11) % 10}"


def written(draw: st.DrawFn, digits: str, groups: tuple[int, ...]) -> str:
    """The digits in these groups, with any separators between them."""
    parts, at = [], 0
    for length in groups:
        parts.append(digits[at : at + length])
        at += length
    return parts[0] + "".join(draw(GAPS) + part for part in parts[1:])


@st.composite
def national_ids(draw: st.DrawFn) -> tuple[str, str]:
    """(a valid id, how it is written): grouped as on the card, digit by digit or in one run."""
    number = with_check_digit(draw(st.from_regex(r"[1-8][0-9]{11}", fullmatch=True)))
    return number, written(draw, number, draw(st.sampled_from([CARD, (1,) * 13, (13,)])))


@st.composite
def phones(draw: st.DrawFn) -> tuple[str, str]:
    """(a telephone number, how it is written)."""
    if draw(st.booleans()):
        number, groups = draw(st.from_regex(r"0[689][0-9]{8}", fullmatch=True)), draw(st.sampled_from(MOBILE))
    else:
        number, groups = draw(st.from_regex(r"0[2357][2-9][0-9]{6}", fullmatch=True)), draw(st.sampled_from(FIXED))
    return number, written(draw, number, groups)


@given(national_ids())
@example((with_check_digit("110170023070"), "1 1 0 1 7 0 0 2 3 0 7 0 8"))
def test_a_valid_id_is_found_with_any_separators(drawn: tuple[str, str]) -> None:
    """Whatever stands between the digits or their groups, the whole number is sealed as what it is."""
    number, typed = drawn
    assert found(f"ของผม {typed} ครับ") == [("thai_id", number)]


@given(phones())
@example(("022000000", "0 2 2 0 0 0 0 0.0"))
def test_a_phone_is_found_with_any_separators(drawn: tuple[str, str]) -> None:
    """Whatever stands between the groups of a telephone number, it is sealed."""
    number, typed = drawn
    text = f"ติดต่อ {typed} ครับ"
    assert found(text) == [("phone", f"+66{number[1:]}")]
    assert typed not in "".join(text[: find(text)[0].start] + text[find(text)[0].end :])


@given(st.from_regex(r"[1-8][0-9]{12}", fullmatch=True), st.data())
def test_a_mistyped_id_is_found_when_it_is_grouped_as_on_the_card(number: str, data: st.DataObject) -> None:
    """A slip in one digit changes nothing: the shape says what it is."""
    parts = [number[:1], number[1:5], number[5:10], number[10:12], number[12:]]
    typed = parts[0] + "".join(data.draw(GAPS) + part for part in parts[1:])
    assert ("thai_id", number) in found(f"ของผม {typed} ครับ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("081/2345678", [("phone", "+66812345678")]),
        ("081,234,5678", [("phone", "+66812345678")]),
        ("081 --- 234 --- 5678", [("phone", "+66812345678")]),
        ("0️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", [("phone", "+66812345678")]),
        ("+66/81/234/5678", [("phone", "+66812345678")]),
        ("66:81:234:5678", [("phone", "+66812345678")]),
        ("08/12/34/56/78", [("phone", "+66812345678")]),
        ("โทร O812345678", [("phone", "+66812345678")]),
        ("โทร o81-234-567o", [("phone", "+66812345670")]),
        ("1/1017/00230/70/8", [("thai_id", "1101700230708")]),
        ("เลขบัตร 11O17OO23O7O8", [("thai_id", "1101700230708")]),
        ("ข้อ 1 1-1017-00230-70-8", [("thai_id", "1101700230708")]),
        ("บัตรประชาชน 110/170023/0709", [("thai_id", "1101700230709")]),
        ("บัญชี 123/4/56789/0", [("bank_account", "1234567890")]),
        ("เลขบัญชีกสิกร 123,4,56789,0", [("bank_account", "1234567890")]),
        ("123−4−56789−0", [("bank_account", "1234567890")]),
        ("somchai @ example.com", [("email", "somchai@example.com")]),
        ("somchai＠example.com", [("email", "somchai@example.com")]),
        ("อีเมล สมชาย@ตัวอย่าง.ไทย ค่ะ", [("email", "สมชาย@ตัวอย่าง.ไทย")]),
        ("อีเมล สมชาย @ ตัวอย่าง.ไทย ค่ะ", [("email", "สมชาย@ตัวอย่าง.ไทย")]),
        ("0812345678\n0898765432", [("phone", "+66812345678"), ("phone", "+66898765432")]),
        ("081-234-5678/089-876-5432", [("phone", "+66812345678"), ("phone", "+66898765432")]),
        ("เปิด 10:05, 081-234-5678", [("phone", "+66812345678")]),
        ("12/345 เชียงใหม่ 50200 081-234-5678", [("phone", "+66812345678")]),
        ("99/1 50200 081-234-5678", [("phone", "+66812345678")]),
        ("3 081-234-5678 09", [("phone", "+66812345678")]),
    ],
)
def test_what_an_attacker_typed(text: str, expected: list[tuple[str, str]]) -> None:
    """Each of these once went past the vault, or could be lost beside another number."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    ["12/11/2569", "วันที่ 12/11/2569 10:30 น.", "12/11/2569 - 15/11/2569", "12-11-2569, 10:30:15", "1,234,567.00 บาท",
     "โอนเงิน 12,345,678.00 บาท", "โอนเงิน 1,234,567,890 บาท", "โอนเงินวันที่ 12/11/2569 10:30", "โอนเงินเมื่อ 12/11/69 10:30 น.",
     "งบ 1,234,567,890,123 บาท", "600,700,800,1000", "เบี้ย 600/700/800/1000", "0-1055-56123-45-6", "0/1055/56123/45/6",
     "0 1055 56123 45 6", "0105556123456", "99/1", "99/123 หมู่ 4", "เลขที่ 12/345", "13.7563, 100.5018", "18.7883,98.98531",
     "13.756331 100.501765", "191", "1669", "โทร 1567 หรือ 1669, 191", "EY145587896TH", "EY 145587896 TH", "2569-7KMPX4",
     "ที่ มท 0816.3/12345", "มท 0203/2567", "08:30 - 16:30, 17:00", "08:30-16:30", "เจอกัน @ ถ.นิมมาน",
     "พบที่ @ ร้านกาแฟ", "1,2,3,4,5,6,7,8,9",
     "ระยะ 1:50000", "คะแนน 3:2 4:1 5:0", "สูตร 1*2*3", "AO 12", "o2", "ห้อง O1"],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    """Dates, times, amounts, juristic ids, places, parcels, cases, letters' numbers and hotlines are no identifiers."""
    assert found(text) == []


@pytest.mark.parametrize(
    "piece",
    ["1 ", "1", "0-", "1" + "-" * 12, "0812345678", "1-1017-00230-70-8\n", "08/", "+66", "(0", "a@", "ก @ ", "1,234,", "O", "1️⃣",
     "12/11/",     "a" * 64 + "@", "1.2.", "0) ("],
)  # fmt: skip
def test_the_time_is_linear(piece: str) -> None:
    """5,000 characters of anything that begins like an identifier take less than 150 ms, twice as many about twice that."""
    text = (piece * 5_000)[:5_000]
    assert seconds(lambda: find(text), 0.15) < 0.15
