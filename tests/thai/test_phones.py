# SPDX-License-Identifier: Apache-2.0
"""thai.phones: numbers of the Thai plan, extensions, hotlines."""

from __future__ import annotations

import pytest

from thai.phones import HOTLINES, find

MOBILE, BANGKOK = "+66812345678", "+6621234567"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0812345678", MOBILE),
        ("081-234-5678", MOBILE),
        ("081 234 5678", MOBILE),
        ("081.234.5678", MOBILE),
        ("08-1234-5678", MOBILE),
        ("๐๘๑-๒๓๔-๕๖๗๘", MOBILE),
        ("+66 81 234 5678", MOBILE),
        ("+66812345678", MOBILE),
        ("66812345678", MOBILE),
        ("+66(0)812345678", MOBILE),
        ("0066812345678", MOBILE),
        ("โทร.0812345678", MOBILE),
        ("เบอร์ 0812345678 ค่ะ", MOBILE),
        ("081–234–5678", MOBILE),
        ("02-123-4567", BANGKOK),
        ("(02) 123 4567", BANGKOK),
        ("0-2123-4567", BANGKOK),
        ("02 123 4567", BANGKOK),
        ("+66-2-123-4567", BANGKOK),
        ("053-123456", "+6653123456"),
        ("053 123 456", "+6653123456"),
        ("0898765432", "+66898765432"),
        ("0612345678", "+66612345678"),
        ("0812345678 ต่อ 12", f"{MOBILE};ext=12"),
        ("02-1234567#12", f"{BANGKOK};ext=12"),
        ("02-123-4567 กด 0", f"{BANGKOK};ext=0"),
        ("02 123 4567 ext. 305", f"{BANGKOK};ext=305"),
        ("02 123 4567 เบอร์ต่อ 12", f"{BANGKOK};ext=12"),
        ("02-123-4567 (ภายใน 305)", f"{BANGKOK};ext=305"),
        ("1800-123-456", "+661800123456"),
        ("+1 650 253 0000", "+16502530000"),
        ("1669", "hotline:1669"),
        ("191", "hotline:191"),
        ("๑๖๖๙", "hotline:1669"),
        ("สายด่วน 1330", "hotline:1330"),
        ("โทร 1422", "hotline:1422"),
        ("199 ครับ", "hotline:199"),
        ("ต้องโทร 199 ไหม", "hotline:199"),
        ("เบอร์1111", "hotline:1111"),
    ],
)
def test_certain(text: str, value: str) -> None:
    """One written form for every way to type a number."""
    assert [(one.values, one.certainty) for one in find(text)] == [((value,), "certain")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("02-123-4567-9", BANGKOK),
        ("02-123-4567 ถึง 9", BANGKOK),
        ("02 123 4567 ต่อ 101, 102", f"{BANGKOK};ext=101"),
        ("ศูนย์แปดหนึ่งสองสามสี่ห้าหกเจ็ดแปด", MOBILE),
        ("ปี 1155", "hotline:1155"),
        ("1112", "hotline:1112"),
    ],
)
def test_confirm(text: str, value: str) -> None:
    """Several lines, a number said in words, a hotline's digits elsewhere, one that only the plan knows."""
    assert [(one.values, one.certainty) for one in find(text)] == [((value,), "confirm")]


@pytest.mark.parametrize("text", ["081234567", "08123456789", "0512345678", "0112345678", "1234", "123", "โทร 1999"])
def test_refused(text: str) -> None:
    """A digit too few or too many, a range that the plan has not, a hotline that there is not."""
    assert [(one.values, one.certainty) for one in find(text)] == [((), "reject")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2500",
        "555",
        "มี 191 คน",
        "191 วัน",
        "1234567890121",
        "2569-7KMPX4",
        "EY123456785TH",
        "15/01/2567",
        "14:30",
    ],
)
def test_nothing(text: str) -> None:
    """Amounts, dates, ids and parcels are no telephone numbers."""
    assert find(text) == []


def test_two_numbers() -> None:
    """Each of two numbers is certain; only short ones after a number are its other lines."""
    found = find("081-2345678 หรือ 02-1234567")
    assert [(one.value) for one in found] == [MOBILE, BANGKOK]


@pytest.mark.parametrize("number", sorted(HOTLINES))
def test_every_hotline(number: str) -> None:
    """Each hotline of the table, named as one, is certain."""
    assert [one.values for one in find(f"สายด่วน {number}")] == [(f"hotline:{number}",)]
