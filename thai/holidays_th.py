# SPDX-License-Identifier: Apache-2.0
"""Thailand's holidays by name: those of a fixed day, those of a rule, and those of the moon."""

from __future__ import annotations

from datetime import date

from thai.lexicon import listed

#: name → (month, first day, last day); Cabinet resolutions as of 2026
_FIXED: dict[str, tuple[int, int, int]] = {
    **dict.fromkeys(listed("วันขึ้นปีใหม่ วันปีใหม่ ขึ้นปีใหม่ ปีใหม่"), (1, 1, 1)),
    **dict.fromkeys(listed("วันครูแห่งชาติ วันครู"), (1, 16, 16)),
    **dict.fromkeys(listed("วันวาเลนไทน์ วาเลนไทน์"), (2, 14, 14)),
    "วันจักรี": (4, 6, 6),
    **dict.fromkeys(listed("วันมหาสงกรานต์ วันสงกรานต์ สงกรานต์ ปีใหม่ไทย วันปีใหม่ไทย"), (4, 13, 15)),
    **dict.fromkeys(listed("วันผู้สูงอายุแห่งชาติ วันผู้สูงอายุ"), (4, 13, 13)),
    **dict.fromkeys(listed("วันแรงงานแห่งชาติ วันแรงงาน"), (5, 1, 1)),
    "วันฉัตรมงคล": (5, 4, 4),
    **dict.fromkeys(listed("วันแม่แห่งชาติ วันแม่"), (8, 12, 12)),
    **dict.fromkeys(listed("วันนวมินทรมหาราช วันคล้ายวันสวรรคตรัชกาลที่9"), (10, 13, 13)),
    **dict.fromkeys(listed("วันปิยมหาราช วันปิยะ"), (10, 23, 23)),
    **dict.fromkeys(listed("วันพ่อแห่งชาติ วันพ่อ วันชาติ"), (12, 5, 5)),
    **dict.fromkeys(listed("วันรัฐธรรมนูญ"), (12, 10, 10)),
    **dict.fromkeys(listed("วันคริสต์มาส คริสต์มาส คริสมาสต์ คริสมาส วันคริสมาส วันคริสมาสต์ christmas"), (12, 25, 25)),
    **dict.fromkeys(listed("วันสิ้นปี คืนส่งท้ายปี"), (12, 31, 31)),
}
_CHILDREN = frozenset(listed("วันเด็กแห่งชาติ วันเด็ก"))  # the second Saturday of January
#: the King's and the Queen's birthdays carry the same words
_BIRTHDAYS = {"วันเฉลิมพระชนมพรรษา": ((6, 3), (7, 28)), "วันเฉลิม": ((6, 3), (7, 28))}
#: name → (column of the table below, days after that full moon)
_MOON_NAMES: dict[str, tuple[int, int]] = {
    **dict.fromkeys(listed("วันมาฆบูชา มาฆบูชา วันมาฆะ"), (0, 0)),
    **dict.fromkeys(listed("วันวิสาขบูชา วิสาขบูชา วันวิสาขะ"), (1, 0)),
    **dict.fromkeys(listed("วันอาสาฬหบูชา อาสาฬหบูชา วันอาสาฬหะ"), (2, 0)),
    **dict.fromkeys(listed("วันเข้าพรรษา เข้าพรรษา"), (2, 1)),
    **dict.fromkeys(listed("วันออกพรรษา ออกพรรษา"), (3, 0)),
    **dict.fromkeys(listed("วันลอยกระทง ลอยกระทง"), (4, 0)),
}
#: Full moons as MMDD: Makha, Visakha, Asalha, the eleventh month, the twelfth. Made with PyThaiNLP's `to_lunar_date`
#: (a test compares them): in a year with two eighth months the first two feasts are a month later.
_MOONS = """
    2020 0208 0506 0705 1002 1031
    2021 0226 0526 0724 1021 1119
    2022 0216 0515 0713 1010 1108
    2023 0306 0603 0801 1029 1127
    2024 0224 0522 0720 1017 1115
    2025 0212 0511 0710 1007 1105
    2026 0303 0531 0729 1026 1124
    2027 0221 0520 0718 1015 1113
    2028 0210 0508 0706 1003 1101
    2029 0227 0527 0725 1022 1120
    2030 0217 0516 0714 1011 1109
    2031 0206 0505 0704 1001 1030
    2032 0225 0524 0722 1019 1117
    2033 0214 0513 0711 1008 1106
    2034 0304 0601 0730 1027 1125
    2035 0222 0521 0719 1016 1114
    2036 0211 0509 0708 1005 1103
    2037 0301 0529 0727 1024 1122
    2038 0219 0518 0716 1013 1111
    2039 0208 0507 0705 1002 1031
    2040 0226 0525 0723 1020 1118
"""
_FULL_MOONS = {int(line[:4]): line.split()[1:] for line in map(str.strip, _MOONS.strip().splitlines())}

#: every name that `days` knows, the longest first
NAMES: tuple[str, ...] = tuple(sorted({*_FIXED, *_CHILDREN, *_BIRTHDAYS, *_MOON_NAMES}, key=len, reverse=True))


def days(name: str, year: int) -> list[tuple[date, date]]:
    """Return the first and last days that a holiday's name can mean in a year of the Christian era, the likeliest
    first; none for a feast of the moon outside 2020–2040. Raises KeyError for a name that is not in `NAMES`.

    >>> days("วันสงกรานต์", 2027)
    [(datetime.date(2027, 4, 13), datetime.date(2027, 4, 13)), (datetime.date(2027, 4, 13), datetime.date(2027, 4, 15))]
    """
    if name in _CHILDREN:
        first = date(year, 1, 1)
        second_saturday = date(year, 1, 8 + (5 - first.weekday()) % 7)
        return [(second_saturday, second_saturday)]
    if name in _BIRTHDAYS:
        return [(date(year, *day), date(year, *day)) for day in _BIRTHDAYS[name]]
    if name in _MOON_NAMES:
        return _of_the_moon(name, year)
    month, day, last = _FIXED[name]
    first, end = date(year, month, day), date(year, month, last)
    return [(first, first)] if first == end else [(first, first), (first, end)]


def is_fixed(name: str) -> bool:
    """Tell whether the calendar alone says when the holiday is: the moon's days are computed, so they are confirmed."""
    return name not in _MOON_NAMES


def _of_the_moon(name: str, year: int) -> list[tuple[date, date]]:
    column, after = _MOON_NAMES[name]
    if year not in _FULL_MOONS:
        return []
    moon = _FULL_MOONS[year][column]
    day = date.fromordinal(date(year, int(moon[:2]), int(moon[2:])).toordinal() + after)
    return [(day, day)]
