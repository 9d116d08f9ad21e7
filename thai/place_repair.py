# SPDX-License-Identifier: Apache-2.0
"""Misspelt names of provinces and districts, brought back by similarity; never by PyThaiNLP's `correct`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from thai import lexicon
from thai.particles import strip_particles

# Measured on misspelt provinces and services: at 85 of 100 fourteen of seventeen come back and none wrongly.
_SIMILAR = 85
_SHORTEST = 5  # letters; shorter names are one slip away from other words
_LONGEST = 24
_CHUNK = re.compile(r"[\u0e00-\u0e7f]+")
_LEADING = re.compile(r"^(?:แถวๆ|แถว|ที่|ใน|อยู่|จาก|ไป|ฝุ่น|อากาศ|ค่าฝุ่น|เมือง|ตัวเมือง|ย่าน|วันนี้)+")
_TRAILING = re.compile(r"(?:วันนี้|ตอนนี้|เมื่อวาน|พรุ่งนี้|เป็นไง|เป็นยังไง|เป็นอย่างไร|เท่าไหร่|เท่าไร|ไหม|มั้ย|บ้าง|หน่อย|ดีไหม)+$")


class Speller:
    """Knows the names that a misspelling may be brought back to."""

    def __init__(self, provinces: Iterable[str], districts: Iterable[str]) -> None:
        self._provinces = _long_thai(provinces)
        self._districts = _long_thai(districts)

    def bare(self, text: str) -> list[tuple[int, int, str]]:
        """Return `(start, end, name)` of the runs of Thai letters that are nearly a province's name.

        Only a run that stands by itself, apart from a few words said around places, is compared: inside running
        text every third word is near some name.
        """
        found = []
        for chunk in _CHUNK.finditer(text):
            word = chunk[0]
            lead = _LEADING.match(word)
            start = chunk.start() + (lead.end() if lead else 0)
            core = _TRAILING.sub("", strip_particles(text[start : chunk.end()]))
            name = self._nearest(core, self._provinces)
            if name:
                found.append((start, start + len(core), name))
        return found

    def after_prefix(self, text: str, start: int, kinds: tuple[str, ...]) -> tuple[int, str] | None:
        """Return `(end, name)` for the misspelt name after จ., จังหวัด, อ. or อำเภอ, or None."""
        choices = self._provinces if kinds[0] == "province" else self._districts if kinds[0] == "district" else ()
        chunk = _CHUNK.match(text, start)
        if not choices or chunk is None:
            return None
        core = _TRAILING.sub("", strip_particles(chunk[0]))
        name = self._nearest(core, choices)
        return (start + len(core), name) if name else None

    def _nearest(self, word: str, choices: Sequence[str]) -> str | None:
        if not _SHORTEST <= len(word) <= _LONGEST or word in lexicon.words():
            return None
        from rapidfuzz import fuzz, process

        best = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=_SIMILAR)
        return best[0] if best else None


def _long_thai(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if len(name) >= _SHORTEST and _CHUNK.fullmatch(name)}))
