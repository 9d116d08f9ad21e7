# SPDX-License-Identifier: Apache-2.0
"""thai.dates: the table of what citizens write, spans, other days than the table's, and the sample vectors."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from tests.thai.when_cases import NOW, agrees, shown, table, vectors
from thai import holidays_th
from thai.dates import find
from thai.dates_display import THAILAND


@pytest.mark.parametrize(("text", "expected"), table("dates"))
def test_table(text: str, expected: str) -> None:
    """Each text gives the days of the table, as certain as it says."""
    assert shown(find(text, NOW)) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("ขอเลื่อนนัดเป็นวันศุกร์ที่ 27 พ.ย. 69 นะคะ", "วันศุกร์ที่ 27 พ.ย. 69"),
        ("น้ำไม่ไหลตั้งแต่เมื่อวานแล้วค่ะ", "เมื่อวาน"),
        ("ระหว่างวันที่ ๑๒ – ๑๕ ธ.ค. ไม่อยู่บ้าน", "วันที่ ๑๒ – ๑๕ ธ.ค."),
        ("โทร ⟦phone:1234⟧ วันที่ 5 ธ.ค.ครับ", "วันที่ 5 ธ.ค."),
        ("เจอกันอีก 3 วันค่ะ", "อีก 3 วัน"),
    ],
)
def test_span(text: str, part: str) -> None:
    """A finding covers the words of the date and nothing else, also among Thai digits and handles."""
    (found,) = find(text, NOW)
    assert text[found.start : found.end] == part


@pytest.mark.parametrize(
    ("day", "text", "expected"),
    [
        ("2026-11-25", "วันศุกร์หน้า", "? 2026-12-04 2026-11-27"),
        ("2026-11-25", "ศุกร์นี้", "2026-11-27"),
        ("2026-11-25", "จันทร์นี้", "? 2026-11-30 2026-11-23"),
        ("2026-11-25", "วันพุธ", "? 2026-12-02 2026-11-25"),
        ("2026-11-27", "วันเสาร์", "2026-11-28"),
        ("2026-11-25", "สัปดาห์หน้า", "? week:2026-11-30/2026-12-06"),
        ("2026-12-31", "พรุ่งนี้", "2027-01-01"),
        ("2026-12-31", "วันที่ 5", "? 2027-01-05 2026-12-05"),
        ("2026-12-31", "เดือนหน้า", "? 2027-01-01/2027-01-31"),
        ("2026-12-31", "ปีใหม่", "2027-01-01"),
        ("2027-01-10", "ปีใหม่", "? 2028-01-01 2027-01-01"),
        ("2027-01-31", "อีก 1 เดือน", "2027-02-28"),
        ("2028-02-29", "อีก 1 ปี", "2029-02-28"),
        ("2028-02-01", "สิ้นเดือน", "2028-02-29"),
        ("2027-02-10", "29 ก.พ.", "? 2028-02-29"),
        ("2027-04-20", "สงกรานต์", "? 2028-04-13 2028-04-13/2028-04-15 2027-04-13 2027-04-13/2027-04-15"),
        ("2030-05-05", "15/1/29", "? 2029-01-15 1986-01-15"),
        ("2030-05-05", "15/1/35", "? 1992-01-15 2035-01-15"),
        ("2026-03-01", "15 มี.ค.", "2026-03-15"),
        ("2026-05-15", "ต้นเดือน", "? 2026-06-01 2026-05-01"),
        ("2026-05-01", "ต้นเดือน", "2026-05-01"),
        ("2050-05-01", "วันมาฆบูชา", "-"),
    ],
)
def test_other_days(day: str, text: str, expected: str) -> None:
    """The same words on other days: within a week, at the end of a month and a year, in a leap year."""
    now = datetime.combine(date.fromisoformat(day), NOW.timetz())
    assert shown(find(text, now)) == expected


def test_links_and_handles_hold_no_dates() -> None:
    """What stands in a link, an address or a handle is no date."""
    assert find("ดู https://example.com/2026-11-27 และ 2026-11-27@example.com", NOW) == []


def test_today_is_thailands() -> None:
    """At 20:00 UTC it is tomorrow in Thailand already."""
    evening = datetime(2026, 11, 22, 20, 0, tzinfo=timezone.utc)
    assert [found.value for found in find("วันนี้", evening)] == ["2026-11-23"]


def test_a_base_without_zone_is_refused() -> None:
    """A base without a time zone could name the wrong day."""
    with pytest.raises(ValueError, match="time zone"):
        find("วันนี้", datetime(2026, 11, 22, 9, 0))  # noqa: DTZ001


def test_at_the_ends_of_the_calendar() -> None:
    """The first and the last days that Python knows raise nothing."""
    texts = [
        "พรุ่งนี้",
        "เมื่อวาน",
        "สัปดาห์หน้า",
        "เดือนหน้า",
        "ปีหน้า",
        "ปีที่แล้ว",
        "วันศุกร์หน้า",
        "สงกรานต์",
        "อีก 999 ปี",
        "31/12",
        "วันที่ 5",
    ]
    for base in (datetime(1, 1, 1, 12, tzinfo=THAILAND), datetime(9999, 12, 31, 12, tzinfo=THAILAND)):
        for text in texts:
            find(text, base)


def test_the_moons_holidays_are_pythainlps() -> None:
    """Every full moon of the table is the fifteenth waxing day of the right month by PyThaiNLP's calendar."""
    from pythainlp.util import to_lunar_date

    months = {"มาฆบูชา": {"3", "4"}, "วิสาขบูชา": {"6", "7"}, "อาสาฬหบูชา": {"8"}, "ออกพรรษา": {"11"}, "ลอยกระทง": {"12"}}
    for year in range(2020, 2041):
        for name, allowed in months.items():
            ((day, _),) = holidays_th.days(name, year)
            words = to_lunar_date(day).split()
            assert words[:3] == ["ขึ้น", "15", "ค่ำ"], (name, day)
            assert words[-1] in allowed, (name, day)
        ((lent, _),) = holidays_th.days("เข้าพรรษา", year)
        assert lent - timedelta(days=1) == holidays_th.days("อาสาฬหบูชา", year)[0][0]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("มาฆบูชา", "2024-02-24"), ("มาฆบูชา", "2026-03-03"), ("วิสาขบูชา", "2025-05-11"), ("วิสาขบูชา", "2026-05-31"),
        ("อาสาฬหบูชา", "2023-08-01"), ("อาสาฬหบูชา", "2026-07-29"), ("ลอยกระทง", "2025-11-05"), ("ลอยกระทง", "2023-11-27"),
    ],
)  # fmt: skip
def test_the_moons_holidays_as_announced(name: str, day: str) -> None:
    """The table gives the days that the government announced, also in years with two eighth months."""
    wanted = date.fromisoformat(day)
    assert holidays_th.days(name, wanted.year) == [(wanted, wanted)]


@pytest.mark.contract_data
def test_sample_vectors() -> None:
    """All sample vectors of dates come out as graded."""
    wrong = [v["text"] for v in vectors("date") if not agrees(find(v["text"], datetime.fromisoformat(v["base"])), v)]
    assert wrong == []
