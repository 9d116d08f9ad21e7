# SPDX-License-Identifier: Apache-2.0
"""thai.case_numbers: every number made is found however it is typed, and slips are noticed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.thai.strategies import LONG_MESSAGES, MESSAGES, seconds
from thai import case_numbers

NUMBERS = st.builds(
    lambda year, seed: case_numbers.make(year, random.Random(seed)), st.integers(2500, 2699), st.integers(0, 10**9)
)


@given(NUMBERS)
def test_every_number_made_is_right_and_found(number: str) -> None:
    """Lower case, spaces, Thai digits, another dash or none at all lead to the same number."""
    assert case_numbers.check(number)
    thai = number.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    for typed in (number, number.lower(), number.replace("-", " "), number.replace("-", ""), number.replace("-", " – "), thai,
                  f"เรื่อง{number}ครับ", f"{number[:8]} {number[8:]}"):  # fmt: skip
        found = case_numbers.find(f"ถาม {typed} หน่อย")
        assert [one.value for one in found] == [number], typed


@given(NUMBERS, st.integers(5, 10), st.sampled_from(case_numbers.ALPHABET))
def test_one_wrong_character_is_noticed(number: str, index: int, char: str) -> None:
    """Every single wrong character fails the check and is reported as mistyped."""
    wrong = number[:index] + char + number[index + 1 :]
    if wrong != number:
        assert not case_numbers.check(wrong)
        assert case_numbers.find(wrong) == []
        assert [one.value for one in case_numbers.find_mistyped(wrong)] == [wrong]


def test_nearly_every_swap_is_noticed() -> None:
    """Of all swaps of neighbours at most one in a hundred passes."""
    rng = random.Random(7)
    swaps = passed = 0
    for _ in range(1000):
        number = case_numbers.make(2569, rng)
        for index in range(5, 10):
            if number[index] != number[index + 1]:
                swapped = number[:index] + number[index + 1] + number[index] + number[index + 2 :]
                swaps += 1
                passed += case_numbers.check(swapped)
    assert passed / swaps < 0.01


def test_the_wrong_year_is_noticed() -> None:
    """Last year's digits with this year's characters do not pass."""
    assert case_numbers.check("2569-7KMPX4")
    assert not case_numbers.check("2568-7KMPX4")


@pytest.mark.parametrize(
    "text",
    [
        "2569",
        "ปี 2569 please",
        "2569-ABCDE",
        "12569-7KMPX4",
        "2569-7KMPX45",
        "2569-7KMPI4",
        "1234-7KMPX4",
        "081-234-5678",
    ],
)
def test_no_case_number(text: str) -> None:
    """Years, words, phone numbers and longer codes are none."""
    assert case_numbers.find(text) == []


@pytest.mark.parametrize("text", ["2569-7kmpx4", "2569 7KMPX4", "๒๕๖๙-7KMPX4", "", "2569-7KMPX4 "])
def test_check_wants_the_written_form(text: str) -> None:
    """Only the written form passes the check itself."""
    assert not case_numbers.check(text)


def test_the_year_is_checked() -> None:
    """A Christian year is a mistake of the caller."""
    with pytest.raises(ValueError, match="not a Buddhist year: 2026"):
        case_numbers.make(2026)


def test_without_a_seed_numbers_differ() -> None:
    """A thousand numbers hold at most a rare clash."""
    assert len({case_numbers.make(2569) for _ in range(1000)}) >= 998


@given(MESSAGES)
def test_total(text: str) -> None:
    """No input raises, and what is found checks."""
    assert all(case_numbers.check(one.value) for one in case_numbers.find(text))


@given(LONG_MESSAGES)
def test_long_input(text: str) -> None:
    """2,000 characters of anything take less than 20 ms."""
    assert seconds(lambda: case_numbers.find(text), 0.02) < 0.02


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("ตามเรื่อง 6mxvth", "6MXVTH"), ("๒๕๖๙", "2569"), ("2569-", "2569"), ("เลข 6MXVTH ครับ", "6MXVTH"),
        ("ปี 2569", None), ("2569-6MXVTH", None), ("2569 6mxvth", None), ("MXVTHA", None), ("234567", None), ("", None),
        ("6MXVTHH", None),
    ],
)  # fmt: skip
def test_a_piece_of_a_number(text: str, part: str | None) -> None:
    """What is left when the year or the six characters are missing; words, other numbers and whole ones are none."""
    assert case_numbers.find_part(text) == part
