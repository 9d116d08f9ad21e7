# SPDX-License-Identifier: Apache-2.0
"""The few words that LINE's own controls need beside an answer's, as the web chat has them in strings.ts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from thai.dates_display import THAILAND, date_time

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Labels of one language; those of actions keep to 20 clusters."""

    locale: str
    source: str
    observed: str
    fetched: str
    camera: str
    album: str
    place: str
    share: str
    picture: str

    def moment(self, iso: str) -> str:
        """A wire time as citizens read it; what is no aware time stays as it came."""
        try:
            said = datetime.fromisoformat(iso)
            moment = said.astimezone(THAILAND)
        except (ValueError, OverflowError):
            return iso
        if said.tzinfo is None:
            return iso
        if self.locale == "en":
            return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M}"
        return date_time(moment)


_THAI = Words(
    locale="th",
    source="ที่มา",
    observed="ข้อมูลเมื่อ",
    fetched="ดึงข้อมูลเมื่อ",
    camera="ถ่ายภาพ",
    album="เลือกภาพ",
    place="ส่งตำแหน่ง",
    share="แชร์เลขที่เรื่อง",
    picture="รูปภาพ",
)
_ENGLISH = Words(
    locale="en",
    source="Source",
    observed="As of",
    fetched="Retrieved",
    camera="Take a photo",
    album="Choose a photo",
    place="Share location",
    share="Share the number",
    picture="Picture",
)


def words_of(locale: str) -> Words:
    """The labels of a locale; Thai where there are none."""
    return _ENGLISH if locale == "en" else _THAI
