# SPDX-License-Identifier: Apache-2.0
"""thai.identifiers: personal identifiers are found however they are typed, other numbers are left."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.thai.conftest import ROOT
from tests.thai.strategies import LONG_MESSAGES, MESSAGES, seconds
from thai import case_numbers
from thai.identifiers import find, mask


def found(text: str) -> list[tuple[str, str]]:
    """Kind and value of what is found."""
    return [(one.kind, one.value) for one in find(text)]


# None of these numbers has a right check digit, so that no fixture holds somebody's number.
@pytest.mark.parametrize(
    "typed",
    ["1234567890123", "1-2345-67890-12-3", "1 2345 67890 12 3", "๑๒๓๔๕๖๗๘๙๐๑๒๓", "๑-๒๓๔๕-๖๗๘๙๐-๑๒-๓", "1.2345.67890.12.3",
     "12345 67890 123", "1–2345–67890–12–3", "1234567890123.", "1\u200b234567890123", "ID1234567890123"],
)  # fmt: skip
def test_national_id(typed: str) -> None:
    """A national id is found with any separator, and also with a wrong check digit."""
    assert found(f"เลขบัตร {typed} ครับ") == [("thai_id", "1234567890123")]
    assert found(f"บัตร{typed}ค่ะ") == [("thai_id", "1234567890123")]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0812345678", "+66812345678"),
        ("081-234-5678", "+66812345678"),
        ("081 234 5678", "+66812345678"),
        ("08 1234 5678", "+66812345678"),
        ("081.234.5678", "+66812345678"),
        ("๐๘๑-๒๓๔-๕๖๗๘", "+66812345678"),
        ("+66812345678", "+66812345678"),
        ("+66 81 234 5678", "+66812345678"),
        ("+66(0)81-234-5678", "+66812345678"),
        ("(+66) 81 234 5678", "+66812345678"),
        ("0066812345678", "+66812345678"),
        ("66812345678", "+66812345678"),
        ("02-123-4567", "+6621234567"),
        ("0-2123-4567", "+6621234567"),
        ("(02) 123 4567", "+6621234567"),
        ("053-123456", "+6653123456"),
        ("0812345678 ต่อ 12", "+66812345678;ext=12"),
        ("02-123-4567 ต่อ ๑๒๓๔", "+6621234567;ext=1234"),
        ("02 123 4567 กด 0", "+6621234567;ext=0"),
        ("tel0812345678", "+66812345678"),
        ("081\u200b2345678", "+66812345678"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_phone(typed: str, value: str) -> None:
    """Mobile, fixed and foreign numbers come out in one form."""
    assert found(f"โทร {typed} นะ") == [("phone", value)]
    start = f"โทร {typed}".index(typed)
    assert find(f"โทร {typed} นะ")[0].end == start + len(typed)


def test_two_numbers_in_a_row() -> None:
    """Numbers apart by a comma or a slash are two."""
    for text in ("0812345678, 0898765432", "0812345678/0898765432", "0812345678 หรือ 0898765432"):
        assert found(text) == [("phone", "+66812345678"), ("phone", "+66898765432")], text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ส่งมาที่ Somchai.J@Example.co.th นะ", [("email", "somchai.j@example.co.th")]),
        ("AA1234567", [("passport", "AA1234567")]),
        ("พาสปอร์ต aa 1234567", [("passport", "AA1234567")]),
        ("บัญชี 123-4-56789-0", [("bank_account", "1234567890")]),
        ("123-4-56789-0", [("bank_account", "1234567890")]),
        ("โอนเข้ากสิกร 1234567890", [("bank_account", "1234567890")]),
        ("เลขที่บัญชีออมสิน 020123456789", [("bank_account", "020123456789")]),
        ("บัญชี 0812345678", [("phone", "+66812345678")]),
    ],
)
def test_other_kinds(text: str, expected: list[tuple[str, str]]) -> None:
    """E-mail addresses, passports and accounts; where two readings have the same length the first kind wins."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    ["0105556123456", "0-1055-56123-45-6", "EY145587896TH", "ey 145587896 th", "2569-7KMPX4", "191", "1669", "โทร 1567", "1330",
     "01/02/2567", "01-02-2567", "22.11.2569 10:30", "1,234,567.50 บาท", "0.123456789", "⟦phone:k3f9⟧", "⟦thai_id:1234567890123⟧",
     "เลข 1234567890", "ทะเบียน 1กก 1234", "10200", "pm2.5", "99/12 หมู่ 4", "a123456", "2567", "12345678901234", "",
     "9234567890123", "เบี้ยคนชรา 600 700 800 1000 แบ่งยังไง"],
)  # fmt: skip
def test_not_personal(text: str) -> None:
    """Juristic numbers, parcels, cases, short numbers, dates, money, handles and plain numbers stay."""
    assert found(text) == []


def test_a_phone_number_inside_a_loose_row_of_digits_is_a_phone_number() -> None:
    """Thirteen digits grouped like no id, with a phone number in them, are no id."""
    assert ("phone", "+66812345678") in found("3 081-234-5678 09")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "+66812345678", "08X-XXX-5678"),
        ("phone", "+6621234567", "02-XXX-4567"),
        ("phone", "+66812345678;ext=12", "08X-XXX-5678 ต่อ X"),
        ("phone", "+12025550123", "XXXXXXXX0123"),
        ("thai_id", "1234567890123", "1-XXXX-XXXXX-XX-3"),
        ("passport", "AA1234567", "AXXXXXX67"),
        ("email", "somchai@example.com", "s…@example.com"),
        ("bank_account", "1234567890", "XXX-X-XX789-0"),
        ("bank_account", "020123456789", "XXXXXXXX6789"),
        ("private", "บ้านเลขที่ 9", "XXXX"),
        ("phone", "", "XXXX"),
    ],
)
def test_mask(kind: str, value: str, shown: str) -> None:
    """The owner recognises it, nobody else learns it."""
    assert mask(kind, value) == shown


def test_values_stay_out_of_repr() -> None:
    """An identifier that ends up in a log line shows no number."""
    assert "8123" not in repr(find("0812345678")[0])


@given(MESSAGES)
def test_total_ordered_and_apart(text: str) -> None:
    """No input raises; spans are in order, apart from one another, and none is inside a handle or case number."""
    ends = 0
    for one in find(text):
        assert ends <= one.start < one.end <= len(text)
        assert "⟦" not in text[one.start : one.end]
        ends = one.end
    for case in case_numbers.find(text):
        assert all(one.end <= case.start or case.end <= one.start for one in find(text))


@given(st.from_regex(r"[1-8][0-9]{12}", fullmatch=True), MESSAGES)
def test_no_national_id_escapes(number: str, around: str) -> None:
    """Thirteen digits from 1–8 between words are sealed, whatever the words are."""
    text = f"{around} ก{number}ก {around}"
    start = text.index(f"ก{number}ก") + 1
    assert any(one.start <= start and start + 13 <= one.end for one in find(text))


@given(st.sampled_from(["thai_id", "phone", "passport", "email", "bank_account", "x"]), st.text(max_size=30))
def test_mask_is_total(kind: str, value: str) -> None:
    """No value raises, and a long number never comes out whole."""
    shown = mask(kind, value)
    if len(value) > 5 and value.isdigit():
        assert value not in shown


@given(LONG_MESSAGES)
def test_long_input(text: str) -> None:
    """2,000 characters of anything take less than 20 ms."""
    assert seconds(lambda: find(text), 0.02) < 0.02


@pytest.mark.contract_data
def test_shared_vectors() -> None:
    """The sample vectors of kinds phone and national_id are met; a number of 12 digits is none."""
    path = ROOT.parent / "shared" / "data" / "thai_vectors.jsonl"
    kinds = {"phone": "phone", "national_id": "thai_id"}
    checked = 0
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if row["kind"] in kinds:
            values = [one.value for one in find(row["text"]) if one.kind == kinds[row["kind"]]]
            assert values == ([row["expect"]] if row["expect"] else [])
            checked += 1
    assert checked >= 6
