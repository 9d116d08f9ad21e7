# SPDX-License-Identifier: Apache-2.0
"""thai.times: the table of what citizens write, spans, every hour of the six-hour system, and the sample vectors."""

from __future__ import annotations

import pytest

from tests.thai.when_cases import agrees, shown, table, vectors
from thai.lexicon import listed
from thai.times import find, find_beside

_HOURS = listed("หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ สิบเอ็ด")


@pytest.mark.parametrize(("text", "expected"), table("times"))
def test_table(text: str, expected: str) -> None:
    """Each text gives the times of the table, as certain as it says."""
    assert shown(find(text)) == expected


def test_the_six_hour_system() -> None:
    """Each hour of the day in words and in digits, with ครึ่ง and with minutes."""
    said = [(f"ตี{_HOURS[n]}", f"ตี {n + 1}", n + 1) for n in range(5)]
    said += [(f"{_HOURS[n]}โมงเช้า", f"{n + 1} โมงเช้า", n + 1) for n in range(5, 11)]
    said += [(f"บ่าย{_HOURS[n]}", f"บ่าย {n + 1} โมง", n + 13) for n in range(5)]
    said += [(f"{_HOURS[n]}โมงเย็น", f"{n + 1}โมงเย็น", n + 13) for n in range(2, 6)]
    said += [(f"{_HOURS[n]}ทุ่ม", f"{n + 1} ทุ่ม", n + 19) for n in range(5)]
    for words, digits, hour in said:
        for text in (words, digits):
            assert shown(find(text)) == f"{hour:02d}:00", text
            assert shown(find(text + "ครึ่ง")) == f"{hour:02d}:30", text
            assert shown(find(text + "สิบห้านาที")) == f"{hour:02d}:15", text
            assert shown(find(text + " 45 นาที")) == f"{hour:02d}:45", text


def test_every_minute() -> None:
    """Every minute of a day with น., with and without the leading nought, as digits with a dot, a colon and none."""
    for minute in range(1440):
        hour, rest = divmod(minute, 60)
        for text in (f"{hour}.{rest:02d} น.", f"{hour:02d}:{rest:02d} น.", f"{hour:02d}{rest:02d} น."):
            assert shown(find(text)) == f"{hour:02d}:{rest:02d}", text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("ขอนัด 9.00-16.30 น.ค่ะ", "9.00-16.30 น."),
        ("สะดวกบ่ายสองโมงครึ่งครับ", "บ่ายสองโมงครึ่ง"),
        ("มาตอนเช้า ๘.๓๐ น. ได้ไหม", "ตอนเช้า ๘.๓๐ น."),
        ("ไฟดับตอนสองทุ่มกว่าๆ", "สองทุ่มกว่าๆ"),
        ("โทร ⟦phone:1234⟧ ก่อนห้าโมงเย็น", "ห้าโมงเย็น"),
    ],
)
def test_span(text: str, part: str) -> None:
    """A finding covers the words of the time and nothing else."""
    (found,) = find(text)
    assert text[found.start : found.end] == part


def test_a_dot_needs_company() -> None:
    """9.30 in a sentence is a time only by a word of time, or directly after a date that the caller names."""
    assert find("คะแนน 9.30 เท่านั้น") == []
    assert shown(find("เริ่ม 9.30 เท่านั้น")) == "09:30"
    assert find("15 ธ.ค. 69 9.30 ไปทำบัตร") == []
    assert shown(find_beside("15 ธ.ค. 69 9.30 ไปทำบัตร", [(0, 10)])) == "09:30"


@pytest.mark.contract_data
def test_sample_vectors() -> None:
    """All sample vectors of times come out as graded."""
    assert [v["text"] for v in vectors("time") if not agrees(find(v["text"]), v)] == []
