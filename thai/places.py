# SPDX-License-Identifier: Apache-2.0
"""Provinces, districts and subdistricts as citizens name them, with every reading that is possible."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from thai import lexicon
from thai.particles import strip_particles
from thai.place import Kind, Place, PlaceMatch, related
from thai.place_names import DISTRICT_NICKNAMES, GUARDED, NOT_AFTER, PLACE_BEFORE, PROVINCE_NICKNAMES, STRICT, is_hours
from thai.place_repair import Speller

_KINDS: dict[int, Kind] = {2: "province", 4: "district", 6: "subdistrict"}
_LENGTHS: dict[Kind, int] = {"province": 2, "district": 4, "subdistrict": 6}
_PREFIX_KINDS: dict[str, tuple[Kind, ...]] = {
    "จังหวัด": ("province",),
    "จว.": ("province",),
    "จ.": ("province",),
    "อบจ.": ("province",),
    "อบจ": ("province",),
    "อำเภอ": ("district",),
    "อ.": ("district",),
    "เขต": ("district",),
    "ตำบล": ("subdistrict",),
    "ต.": ("subdistrict",),
    "อบต.": ("subdistrict",),
    "อบต": ("subdistrict",),
    "แขวง": ("subdistrict",),
    "เทศบาลนคร": ("province", "district"),
    "เทศบาลเมือง": ("province", "district", "subdistrict"),
}
_PREFIX = re.compile("(" + "|".join(re.escape(p) for p in sorted(_PREFIX_KINDS, key=len, reverse=True)) + r") {0,2}")
_CAPITAL = "เมือง"  # อ.เมือง: the district of whichever provincial capital
_BETWEEN = re.compile(r"[\s,/()\-]{0,4}")
_MARK = re.compile("[ะ-ฺๅ็-๎]")  # continues the letter before it
_LEAD = "เแโใไ"  # belongs to the letter after it
_REPAIRABLE = 400  # characters: in longer text repairing every name would take too long
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class _Hit:
    """A name found, before its neighbours are looked at; a weak one needs a neighbour that contains it."""

    start: int
    end: int
    codes: frozenset[str]
    weak: bool = False
    repaired: bool = False


class Gazetteer:
    """The index over places.json; build it once, it does not change."""

    def __init__(
        self, places: Iterable[Place], abolished: Iterable[tuple[str, str, Iterable[str]]], english: Mapping[str, str]
    ) -> None:
        """`abolished`: code, name and the codes of what it became; `english`: province code -> name."""
        self._places = {place.code: place for place in places}
        self._names: dict[str, set[str]] = {}
        for place in self._places.values():
            self._names.setdefault(place.name.translate(_ASCII_LOWER), set()).add(place.code)
        self._capitals = frozenset(
            p.code for p in self._places.values() if p.kind == "district" and p.name == _CAPITAL + p.province
        )
        self._add_nicknames()
        for code, name, successors in abolished:
            # An area of today keeps its name in its province; an abolished one leads to what it became.
            today = {c for c in successors if c in self._places}
            if today and not any(c[:2] == code[:2] and len(c) == len(code) for c in self._names.get(name, ())):
                self._names.setdefault(name, set()).update(today)
        for code, name in english.items():
            for form in (name.lower(), name.lower().replace(" ", "")):
                self._names.setdefault(form, set()).add(code)
        self._common = frozenset(lexicon.words() & self._names.keys())
        self._lengths = _lengths(self._names)
        self._speller = Speller(
            provinces=[name for name, codes in self._names.items() if any(len(code) == 2 for code in codes)],
            districts=[p.name for p in self._places.values() if p.kind == "district"],
        )

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Gazetteer:
        """Build the index from the content of places.json (`catalogue.places.build_places`).

        Raises ValueError for another format and KeyError or ValueError for malformed rows.
        """
        if content["format"] != 1:
            raise ValueError(f"places.json has format {content['format']}, expected 1")
        rows = {row[0]: row for row in content["places"]}
        return cls(
            (_place(code, rows) for code in rows),
            ((code, name, successors) for code, name, successors in content["abolished"]),
            {row[0]: row[2] for row in rows.values() if len(row[0]) == 2},
        )

    @classmethod
    def load(cls, path: str | Path) -> Gazetteer:
        """Read places.json; raises OSError when it cannot be read, ValueError when it is not such a file."""
        return cls.from_dict(json.loads(Path(path).read_text(encoding="utf-8")))

    def find(self, text: str) -> list[PlaceMatch]:
        """Return the places that `text` names, in order; offsets are exact in `text`.

        Names that stand side by side are one match of the smallest area, narrowed by the larger ones
        ("อ.เมือง ขอนแก่น"). A bare name is the province before the district of that name; a subdistrict needs
        its prefix, the area it lies in beside it, or must be the whole message.
        """
        lowered = text.translate(_ASCII_LOWER)
        hits = self._whole(lowered) or self._scan(lowered)
        return [self._match(text, group) for group in self._groups(lowered, hits)]

    def get(self, code: str) -> Place | None:
        """Return the area with a DOPA code, or None."""
        return self._places.get(code)

    def names(self) -> list[str]:
        """Return the Thai names of provinces and districts and the nicknames: words for the tokenizer."""
        keep = (name for name, codes in self._names.items() if any(len(code) < 6 for code in codes))
        return sorted(name for name in keep if "\u0e00" <= name[0] <= "\u0e7f" and " " not in name)

    def _add_nicknames(self) -> None:
        official = {p.name: p.code for p in self._places.values() if p.kind == "province"}
        for nickname, province in PROVINCE_NICKNAMES.items():
            if province in official:
                self._names.setdefault(nickname, set()).add(official[province])
        districts = {(p.name, p.province): p.code for p in self._places.values() if p.kind == "district"}
        for nickname, district in DISTRICT_NICKNAMES.items():
            if district in districts:
                self._names.setdefault(nickname, set()).add(districts[district])

    def _whole(self, text: str) -> list[_Hit]:
        core = strip_particles(text.strip()).strip()
        codes = frozenset(_largest(self._names.get(core, ())))
        size = len(next(iter(codes), ""))
        # แสงสว่าง, ถนน and อากาศ are subdistricts, too, and สอง is a district.
        if not codes or (size == 4 and core in STRICT) or (size == 6 and core in self._common):
            return []
        start = text.index(core)
        return [_Hit(start, start + len(core), codes)]

    def _scan(self, text: str) -> list[_Hit]:
        hits: list[_Hit] = []
        position = 0
        while position < len(text):
            hit = self._prefixed(text, position) or self._bare(text, position)
            if hit is None:
                position += 1
                continue
            hits.append(hit)
            # a weak name may hide a strong one that starts inside it
            position = position + 1 if hit.weak else hit.end
        strong = [hit for hit in hits if not hit.weak]
        if not strong and len(text) <= _REPAIRABLE:
            found = self._speller.bare(text)
            strong = [_Hit(s, e, frozenset(_largest(self._names[name])), repaired=True) for s, e, name in found]
        weak = [w for w in hits if w.weak and not any(s.start < w.end and w.start < s.end for s in strong)]
        return sorted([*strong, *weak], key=lambda hit: hit.start)

    def _longest(self, text: str, start: int) -> list[tuple[str, int]]:
        """Return the names that begin at `start`, longest first, with their ends."""
        found = []
        for length in self._lengths.get(text[start : start + 2], ()):
            name = text[start : start + length]
            end = start + length
            if name in self._names and _ends_a_word(text, name, start, end):
                found.append((name, end))
        return found

    def _prefixed(self, text: str, position: int) -> _Hit | None:
        match = _PREFIX.match(text, position)
        if match is None:
            return None
        kinds = _PREFIX_KINDS[match[1]]
        for name, end in self._longest(text, match.end()):
            codes = self._of_kind(name, kinds, bangkok=match[1] in ("เขต", "แขวง"))
            if codes:
                return _Hit(position, end, codes)
        if kinds == ("district",) and match[1] != "เขต" and text.startswith(_CAPITAL, match.end()):
            return _Hit(position, match.end() + len(_CAPITAL), self._capitals)
        repaired = self._speller.after_prefix(text, match.end(), kinds) if len(text) <= _REPAIRABLE else None
        if repaired:
            end, name = repaired
            return _Hit(position, end, self._of_kind(name, kinds, bangkok=match[1] == "เขต"), repaired=True)
        return None

    def _of_kind(self, name: str, kinds: tuple[Kind, ...], *, bangkok: bool) -> frozenset[str]:
        codes = self._names[name]
        chosen: set[str] = set()
        for kind in kinds:
            chosen = {code for code in codes if len(code) == _LENGTHS[kind]}
            if chosen:
                break
        here = {code for code in chosen if code.startswith("10") is bangkok}
        return frozenset(here or chosen)

    def _bare(self, text: str, position: int) -> _Hit | None:
        if position and (text[position - 1] in _LEAD or _MARK.match(text, position)):
            return None
        weak: _Hit | None = None
        for name, end in self._longest(text, position):
            codes = frozenset(_largest(self._names[name]))
            size = len(next(iter(codes)))
            if size < 6 and self._may_stand_bare(text, name, position):
                return _Hit(position, end, codes)
            apart = position == 0 or text[position - 1].isspace()
            if weak is None and apart and not (size == 6 and (name in self._common or name == "ในเมือง")):
                weak = _Hit(position, end, codes, weak=True)
        return weak

    def _may_stand_bare(self, text: str, name: str, position: int) -> bool:
        before = text[max(0, position - 12) : position]
        if before.endswith(NOT_AFTER) or name in STRICT or is_hours(text, name, position):
            return False
        if name in GUARDED or len(name) <= 4:
            return before.rstrip().endswith(PLACE_BEFORE)
        return True

    def _groups(self, text: str, hits: list[_Hit]) -> list[list[_Hit]]:
        """Join neighbours of which one contains the other, narrowed to what fits; drop weak ones left alone."""
        groups: list[list[_Hit]] = [[hit] for hit in hits[:1]]
        for before, hit in pairwise(hits):
            group = groups[-1]
            adjacent = _BETWEEN.fullmatch(text, before.end, hit.start) is not None
            joined = _narrow([*group, hit]) if adjacent else None
            if joined:
                groups[-1] = joined
            else:
                groups.append([hit])
        return [group for group in groups if not all(hit.weak for hit in group) or _names_a_province(group)]

    def _match(self, text: str, group: list[_Hit]) -> PlaceMatch:
        start, end = group[0].start, group[-1].end
        smallest = max(group, key=lambda hit: len(next(iter(hit.codes))))
        candidates = tuple(self._places[code] for code in sorted(smallest.codes))
        return PlaceMatch(start, end, text[start:end], candidates, any(hit.repaired for hit in group))


def _narrow(group: list[_Hit]) -> list[_Hit] | None:
    """Return the hits with the codes that lie in one another, or None when some pair has none."""
    narrowed: list[_Hit] = []
    for index, hit in enumerate(group):
        codes = hit.codes
        for other in (*group[:index], *group[index + 1 :]):
            codes = related(codes, other.codes)
        if not codes:
            return None
        narrowed.append(replace(hit, codes=codes))
    return narrowed


def _names_a_province(group: list[_Hit]) -> bool:
    """Two doubtful names prove one another when one is the other's province: สอง แพร่."""
    return len(group) > 1 and any(len(code) == 2 for hit in group for code in hit.codes)


def _largest(codes: Iterable[str]) -> set[str]:
    """Of all areas of a name, keep the provinces, else the districts, else the subdistricts."""
    codes = list(codes)
    size = min(map(len, codes), default=0)
    return {code for code in codes if len(code) == size}


def _ends_a_word(text: str, name: str, start: int, end: int) -> bool:
    if end < len(text) and _MARK.match(text, end):
        return False
    if name[0].isascii():
        around = text[start - 1 : start] + text[end : end + 1]
        return not any(char.isascii() and char.isalnum() for char in around)
    return True


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:2], set()).add(len(name))
    return {head: tuple(sorted(sizes, reverse=True)) for head, sizes in lengths.items()}


def _place(code: str, rows: Mapping[str, list[Any]]) -> Place:
    row, district = rows[code], rows.get(code[:4]) if len(code) > 2 else None
    located = district if len(code) == 6 and district else row
    return Place(
        code, row[1], _KINDS[len(code)], rows[code[:2]][1], district[1] if district else None, located[3], located[4]
    )
