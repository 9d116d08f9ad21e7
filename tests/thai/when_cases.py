# SPDX-License-Identifier: Apache-2.0
"""The tables of dates, times, moments and durations, read from tests/thai/data."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from thai.dates_display import THAILAND
from thai.found import Found
from thai.lexicon import listed

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=THAILAND)
_DATA = Path(__file__).parent / "data"
_MARKS = {"certain": "", "confirm": "? ", "reject": "!"}
_VECTORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "thai_vectors.jsonl"


def table(name: str) -> list[Any]:
    """The cases of a table, as (text, expected); each is named by its text."""
    lines = (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.rsplit(" = ", 1) for line in lines if not line.startswith("#")]
    assert len({text for text, _ in pairs}) == len(pairs), "a text stands twice"
    return [pytest.param(text, expected, id=text) for text, expected in pairs]


def shown(found: list[Found[str]]) -> str:
    """What was found in the form of the tables."""
    return " ; ".join(_MARKS[one.certainty] + " ".join(one.values) for one in found) or "-"


def vectors(kind: str) -> list[dict[str, Any]]:
    """The sample vectors of a kind."""
    lines = map(json.loads, _VECTORS.read_text(encoding="utf-8").splitlines())
    found = [line for line in lines if line["kind"] == kind]
    assert found
    return found


def agrees(found: list[Found[str]], vector: dict[str, Any]) -> bool:
    """Whether the one thing that was found is what the vector expects, asked about when it says so."""
    if len(found) != 1:
        return False
    if vector.get("reject"):
        return found[0].certainty == "reject"
    expected = vector["expect"] if isinstance(vector["expect"], list) else [vector["expect"]]
    certainty = "confirm" if vector.get("confirm") else "certain"
    return found[0].certainty == certainty and list(found[0].values) == expected


_WORDS = listed("""
    วันที่ วัน เดือน ปี พ.ศ. ค.ศ. มกราคม ม.ค. กพ ธันวา jan december จันทร์ วันศุกร์ อาทิตย์ ที่ หน้า นี้ ที่แล้ว ก่อน อีก ต้น
    กลาง สิ้น ปลาย พรุ่งนี้ เมื่อวาน เมื่อคืน คืนนี้ มะรืน สัปดาห์ สงกรานต์ ลอยกระทง วันเฉลิม วันเด็ก ปีใหม่ ทุก ของ แรก สุดท้าย ถึง - / . : , น. โมง ทุ่ม ตี
    บ่าย เที่ยง เที่ยงคืน นาฬิกา ครึ่ง นาที ชั่วโมง ชม. เช้า เย็น ค่ำ ตอน ช่วง กว่า ประมาณ หนึ่ง สอง สิบ ยี่สิบ สามสิบเอ็ด นึง 0 1 5 9 12 15
    25 29 30 31 67 69 99 000 1430 2026 2567 2569 9999 ๑๒ am pm noon ขาด เดี๋ยวนี้ ทำการ คน บาท ข้างหน้า ที่ผ่านมา ที่จะถึง week:
""")
#: what could be a date or a time, or nearly so
PHRASES = st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(["", " ", "  "])), max_size=9).map(
    lambda pieces: "".join(word + gap for word, gap in pieces)
)
#: days from which nothing may run over the end of the calendar
BASES = st.datetimes(timezones=st.just(THAILAND)).filter(lambda moment: 2 < moment.year < 9998)
