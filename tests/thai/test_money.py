# SPDX-License-Identifier: Apache-2.0
"""thai.money: amounts in baht with satang."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thai.money import find


@pytest.mark.parametrize(
    ("text", "values", "certainty"),
    [
        ("500 บาท", ["500"], "certain"),
        ("500บาท", ["500"], "certain"),
        ("฿1,234.50", ["1234.5"], "certain"),
        ("๑,๒๓๔ บาท", ["1234"], "certain"),
        ("สองพันห้าร้อยบาทห้าสิบสตางค์", ["2500.5"], "certain"),
        ("5 บาท 75 สตางค์", ["5.75"], "certain"),
        ("ห้าบาทสามสลึง", ["5.75"], "certain"),
        ("ห้าสิบสตางค์", ["0.5"], "certain"),
        ("สามสลึง", ["0.75"], "certain"),
        ("สองร้อยบาทถ้วน", ["200"], "certain"),
        ("500.-", ["500"], "certain"),
        ("500 บ.", ["500"], "certain"),
        ("300 THB", ["300"], "certain"),
        ("1.5 ล้านบาท", ["1500000"], "certain"),
        ("สองบาทครึ่ง", ["2.5"], "certain"),
        ("ครึ่งล้านบาท", ["500000"], "certain"),
        ("200 บาท 3 คน", ["200"], "certain"),
        ("ประมาณ 500 บาท", ["500"], "confirm"),
        ("พันกว่าบาท", ["1000"], "confirm"),
        ("300 กว่าบาท", ["300"], "confirm"),
        ("500 บาทกว่าๆ", ["500"], "confirm"),
        ("2 หมื่น 5 บาท", ["25000", "20005"], "confirm"),
        ("สองบาทห้าสิบ", ["2.5", "2"], "confirm"),
        ("ราคา 500", ["500"], "confirm"),
        ("ค่าปรับพันห้า", ["1500", "1005"], "confirm"),
        ("ทอง 2 บาท", ["2"], "confirm"),
        ("1,000-2,000 บาท", ["1000", "2000"], "confirm"),
        ("ติดลบ 500 บาท", ["-500"], "confirm"),
        ("5 บาท 150 สตางค์", ["6.5"], "confirm"),
        ("สองสามร้อยบาท", ["200", "300"], "confirm"),
    ],
)
def test_amount(text: str, values: list[str], certainty: str) -> None:
    """One amount, in baht; rough or doubtful ones are asked about."""
    assert [(one.values, one.certainty) for one in find(text)] == [(tuple(map(Decimal, values)), certainty)]


@pytest.mark.parametrize("text", ["มี 3 คน", "500", "บาทเดียว", "บ้าน 5 บ้าน", "สวัสดี", "5 บ.ม."])
def test_no_amount(text: str) -> None:
    """A number without a word of money is none."""
    assert find(text) == []


@given(st.integers(1, 10**11))
def test_as_on_a_receipt(satang: int) -> None:
    """PyThaiNLP's `bahttext`, the line of words on a receipt, is read back."""
    from pythainlp.util import bahttext

    value = Decimal(satang) / 100
    [one] = find(bahttext(float(value)))
    assert value in one.values
    assert one.certainty == "confirm" or one.value == value
