# SPDX-License-Identifier: Apache-2.0
"""Vehicle number plates in a message: letters, digits and the province."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias, cast

from thai import lexicon
from thai.found import Found
from thai.lexicon import listed
from thai.normalise import plain_separators
from thai.number_context import counted, whole_answer
from thai.place_names import PROVINCE_NICKNAMES

Plate: TypeAlias = "tuple[str, str, str | None]"

# กก 1234, 1กก 1234, กกก 123 (motorcycles), 70-1234 (lorries and buses)
_PLATE = re.compile(
    r"(?<![0-9A-Za-zก-๎.,/\-])(?:(?P<letters>[1-9]? ?[ก-ฮ]{1,3})(?P<gap> ?[-.]? ?)(?P<digits>[0-9]{1,6})"
    r"(?![ก-ฮ]{1,3} ?[-.]? ?[0-9])|(?P<lorry>[1-9][0-9])(?P<dash> ?- ?)(?P<number>[0-9]{4}))(?![0-9])(?![.,:/\-][0-9])"
)
_STUCK = re.compile(
    r"(?<=[ก-๎])(?P<letters>[1-9][ก-ฮ]{2})(?P<gap> ?[-.]? ?)(?P<digits>[0-9]{1,6})(?![0-9])(?![.,:/\-][0-9])"
)
_AFTER_WORD = re.compile(
    r"(?:ทะเบียนรถ|ทะเบียน|ป้ายแดง|ป้าย)(?:เลขที่|เลข|หมายเลข|คือ)? ?(?P<letters>[1-9]? ?[ก-ฮ]{1,3})(?P<gap> ?[-.]? ?)"
    r"(?P<digits>[0-9]{1,6})(?![0-9])(?![.,:/\-][0-9])"
)
_PLATE_WORD = re.compile("ทะเบียน|ป้าย|รถเก๋ง|รถกระบะ|รถยนต์|รถตู้|มอเตอร์ไซ|มอไซ|จยย|รถบรรทุก|สิบล้อ|รถเมล์|รถคัน|แท็กซี่|เก๋ง|กระบะ")
_NEAR = 24  # characters before the plate
_BEFORE_PROVINCE = re.compile(r"[ ,\n(]{0,3}(?:จังหวัด|จ\.|จว\.?)? ?")
_AFTER_PROVINCE = re.compile(r"(?![ะัาำิ-ฺๅ็-๎])")
_THAI_RUN = re.compile("[ก-๎]+")
# months, eras, measures and offices, written short: มค 67, พศ 2569, ปอ 510
_ABBREVIATIONS = frozenset(
    listed(
        "มค กพ พค กค สค กย ตค พย ธค พศ คศ รศ มอก กม ชม ซม มม มล ตร ลบ รร รพ สน สภ ปณ อบต อบจ กทม กฟน กฟภ กปน กปภ บขส ปอ ขส"
    )
)
_NO_WORDS = frozenset({"กก"})  # a reed, in the dictionary; a plate in the street
_MOST_DIGITS = 4
_SIMILAR = 85  # of 100; measured for names of provinces, see thai.place_repair
_SHORTEST = 5  # letters of a name that may be misspelt
_LONGEST_NAME = 24  # letters, English names included
_SHORT_NAME = 3  # letters; a shorter one must stand alone: กก 1234 ชม


def find(text: str) -> list[Found[Plate]]:
    """Return the plates of `text` as `(letters, digits, province)`, the province None when it is not said.

    Without a province, a digit before the letters or a word such as ทะเบียน near, letters that make a word are no plate
    (รถ 12, ครบ 500). Digits that no plate has are `reject`; a province that was misspelt makes it `confirm`.

    >>> [(found.values, found.certainty) for found in find("ฮก-99 เชียงใหม่")]
    [((('ฮก', '99', 'เชียงใหม่'),), 'certain')]
    >>> [found.values for found in find("ทะเบียน ๑กก ๑๒๓๔ กทม.")], find("รถ 12 คัน")
    ([(('1กก', '1234', 'กรุงเทพมหานคร'),)], [])
    """
    plain = plain_separators(text)
    found: list[Found[Plate]] = []
    for pattern in (_AFTER_WORD, _PLATE, _STUCK):
        for match in pattern.finditer(plain):
            one = _judged(plain, match)
            if one and all(one.end <= other.start or other.end <= one.start for other in found):
                found.append(one)
    return sorted(found, key=lambda one: one.start)


def _judged(plain: str, match: re.Match[str]) -> Found[Plate] | None:
    parts = match.groupdict()
    lorry = parts.get("lorry")
    letters = lorry or parts["letters"].replace(" ", "")
    digits = parts["number"] if lorry else parts["digits"]
    start = match.start("lorry") if lorry else match.start("letters")
    province, end, exact = _province_after(plain, match.end())
    if province is None:
        province = _province_before(plain, start)
    named = province is not None or _PLATE_WORD.search(plain, max(0, start - _NEAR), start) is not None
    whole = whole_answer(plain, start, end)
    if not _is_plate(letters, named=named, whole=whole):
        return None
    if province is None and counted(plain, match.end(), match.end(), money=False) and not whole:
        return None
    if (
        len(digits) > _MOST_DIGITS
        or digits[0] == "0"
        or (letters[0].isdigit() and len(letters) > _SHORT_NAME and not lorry)
    ):
        return Found("plate", (), start, end, "reject") if named or whole else None
    sure = exact and (named or (whole and not lorry and not _is_word(letters)) or letters[0].isdigit())
    return Found(
        "plate", ((letters, digits, province),), start, end, "certain" if sure and (named or not lorry) else "confirm"
    )


def _is_plate(letters: str, *, named: bool, whole: bool) -> bool:
    if named:
        return True
    if letters.isdigit():
        return whole
    if letters[0].isdigit():
        return len(letters) > 2  # 1ก 12 is as often a room
    return len(letters) > 1 and (whole or not _is_word(letters))


def _is_word(letters: str) -> bool:
    return letters not in _NO_WORDS and (letters in _ABBREVIATIONS or letters in lexicon.words())


def _province_after(plain: str, end: int) -> tuple[str | None, int, bool]:
    """The province after the digits, where it ends, and whether it was spelt as it should be."""
    lead = _BEFORE_PROVINCE.match(plain, end)
    start = lead.end() if lead else end
    names = _provinces()
    for length in range(min(_LONGEST_NAME, len(plain) - start), 1, -1):
        name = plain[start : start + length].lower()
        if name in names and _AFTER_PROVINCE.match(plain, start + length):
            if len(name.strip(".")) <= _SHORT_NAME and _THAI_RUN.match(plain, start + length):
                continue
            return names[name], start + length, True
    return _nearest(plain, start) or (None, end, True)


def _nearest(plain: str, start: int) -> tuple[str, int, bool] | None:
    run = _THAI_RUN.match(plain, start)
    if run is None or not _SHORTEST <= len(run[0]) <= _LONGEST_NAME or run[0] in lexicon.words():
        return None
    # Loaded late: importing this package loads nothing heavy.
    from rapidfuzz import fuzz, process

    best = process.extractOne(
        run[0], [n for n in _provinces() if len(n) >= _SHORTEST], scorer=fuzz.ratio, score_cutoff=_SIMILAR
    )
    return (_provinces()[best[0]], run.end(), False) if best else None


def _province_before(plain: str, start: int) -> str | None:
    before = plain[max(0, start - _LONGEST_NAME) : start].rstrip(" ,-").lower()
    names = _provinces()
    for begin in range(len(before)):
        name = before[begin:]
        if len(name) > _SHORT_NAME and name in names:
            return names[name]
    return None


@lru_cache(maxsize=1)
def _provinces() -> dict[str, str]:
    """Every way to name a province -> its official name: PyThaiNLP's list with its abbreviations, and nicknames."""
    from pythainlp.corpus import provinces

    rows = cast("list[dict[str, str]]", provinces(details=True))

    names = {nickname.lower(): official for nickname, official in PROVINCE_NICKNAMES.items()}
    for row in rows:
        official = "กรุงเทพมหานคร" if row["name_th"].startswith("กรุงเทพ") else row["name_th"]
        for form in (official, row["abbr_th"], f"{row['abbr_th']}.", row["name_en"].lower()):
            names.setdefault(form, official)
    return names
