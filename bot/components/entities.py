# SPDX-License-Identifier: Apache-2.0
"""The rules that find entities in a normalised message, free of Rasa."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evidence import speaks_of_air
from thai import case_numbers, landmarks
from thai.places import Gazetteer
from thai.protected import HANDLE
from thai.tokens import Tokenizer

_HANDLE = re.compile(HANDLE)
#: A message has one of these; the longest synonym is the most telling ("ไฟถนนดับ" is about light, not the road).
_SINGLE = frozenset({"problem_type", "field", "language"})
#: Names outside Thailand: a place for a question about the air, where it must not be taken for one of ours; "ข้าวผัด
#: อเมริกัน" and a passport for Japan name none.
_ABROAD = "abroad"
#: What only a question about the air can have.
_OF_AIR = frozenset({_ABROAD, "air_limit"})
#: From this length on a synonym may begin or end inside what the tokenizer took for one word.
_LONG = 6
_MARK = re.compile("[ะ-ฺๅ็-๎]")


@dataclass(frozen=True)
class Found:
    """An entity in the normalised text; `masked`: the classifier shall not see which one it is."""

    kind: str
    value: Any
    start: int
    end: int
    masked: bool = False


class Rules:
    """All rules with their tables: the gazetteer, and per entity the synonyms with their canonical values."""

    def __init__(self, places: Gazetteer, synonyms: Mapping[str, Mapping[str, str]], tokenizer: Tokenizer) -> None:
        self._places = places
        self._tokenizer = tokenizer
        self._tables = [(kind, _Table(table)) for kind, table in sorted(synonyms.items()) if table]

    def find(self, text: str, words: Iterable[Sequence[Any]]) -> list[Found]:
        """Every entity of the text by position; words: [text, start, end] as the tokenizer cut it."""
        found = [
            Found(match[0][1 : match[0].index(":")], match[0], match.start(), match.end(), masked=True)
            for match in _HANDLE.finditer(text)
        ]
        # One with a wrong check character is an entity, too: the citizen is asked to look at it again.
        numbers = [*case_numbers.find(text), *case_numbers.find_mistyped(text)]
        found += [
            Found("case_number", number.value, number.start, number.end, masked=True)
            for number in numbers
            if not _overlaps(number.start, number.end, found)
        ]
        fixed = list(found)
        for place in self._places.find(text):
            if not _overlaps(place.start, place.end, fixed):
                found.append(Found("place", place.to_value(), place.start, place.end, masked=True))
        edges, air = _edges(text, words), speaks_of_air(text)
        for kind, table in self._tables:
            if kind not in _OF_AIR or air:
                found += [each for each in table.find(kind, text, edges) if not _overlaps(each.start, each.end, fixed)]
        found = _with_foreign_places(found)
        found += [
            Found("landmark", mark.text, mark.start, mark.end)
            for mark in landmarks.find(text, self._tokenizer)
            if not _overlaps(mark.start, mark.end, fixed)
        ]
        return sorted(found, key=lambda each: (each.start, each.end, each.kind))


class _Table:
    """Synonyms of one entity, looked for longest first."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._values = {synonym.casefold(): value for synonym, value in table.items()}
        longest_first = sorted(self._values, key=lambda synonym: (-len(synonym), synonym))
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def find(self, kind: str, text: str, edges: frozenset[int]) -> list[Found]:
        lowered = text.casefold() if len(text.casefold()) == len(text) else text
        hits: list[Found] = []
        position = 0
        while match := self._pattern.search(lowered, position):
            if _stands_alone(lowered, match.start(), match.end(), edges):
                hits.append(Found(kind, self._values[match[0]], match.start(), match.end()))
                position = match.end()
            else:
                position = match.start() + 1
        if kind in _SINGLE:
            return [max(hits, key=lambda hit: hit.end - hit.start)] if hits else []
        first_of: dict[Any, Found] = {}
        for hit in hits:
            first_of.setdefault(hit.value, hit)
        return list(first_of.values())


def original_span(text: str, normal: str, found: Found) -> tuple[int, int]:
    """Where an entity of the normalised text stands in the text as it was written; the whole text when its letters
    were changed on the way."""
    if text == normal:
        return found.start, found.end
    surface = normal[found.start : found.end]
    before = normal.count(surface, 0, found.start)
    start = -1
    for _ in range(before + 1):
        next_start = text.find(surface, start + 1)
        if next_start < 0:
            break
        start = next_start
    return (start, start + len(surface)) if start >= 0 else (0, len(text))


def _with_foreign_places(found: Iterable[Found]) -> list[Found]:
    """Names abroad as the entity `place` with `abroad` and no candidates; none beside a place of ours, where they only
    tell where the smoke comes from."""
    known = list(found)
    ours = any(each.kind == "place" for each in known)
    others = [each for each in known if each.kind != _ABROAD]
    if ours:
        return others
    foreign = (each for each in known if each.kind == _ABROAD)
    return [
        *others,
        *(
            Found("place", {"text": each.value, "candidates": [], "abroad": True}, each.start, each.end)
            for each in foreign
        ),
    ]


def _edges(text: str, words: Iterable[Sequence[Any]]) -> frozenset[int]:
    edges = {0, len(text)}
    for _, start, end in words:
        edges |= {start, end}
    return frozenset(edges)


def _stands_alone(text: str, start: int, end: int, edges: frozenset[int]) -> bool:
    if end < len(text) and _MARK.match(text, end):
        return False
    if text[start].isascii() or text[end - 1].isascii():
        around = text[start - 1 : start] + text[end : end + 1]
        if any(char.isascii() and char.isalnum() for char in around):
            return False
    return (start in edges and end in edges) or end - start >= _LONG


def _overlaps(start: int, end: int, found: Iterable[Found]) -> bool:
    return any(each.start < end and start < each.end for each in found)
