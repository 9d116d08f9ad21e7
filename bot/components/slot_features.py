# SPDX-License-Identifier: Apache-2.0
"""What the slot tagger looks at: each word with its neighbours, its letters, the spaces around it, and lists of names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from thai import lexicon

_DIGIT, _LATIN = re.compile("[0-9]"), re.compile("[a-zA-Z]")
_LETTER, _MARK = re.compile("[ก-ฮ]"), re.compile("[ะ-์]")
_RUN = re.compile(r"(.)\1+")
_EDGES = (1, 2, 3, 4)
_AROUND = (2, 3, 4, 6)
_LONGEST_SHAPE = 8


@dataclass(frozen=True)
class Unit:
    """A piece of a text that gets one tag: `source[start:end] == text`."""

    text: str
    start: int
    end: int


def features(source: str, units: Sequence[Unit], intent: str) -> list[list[str]]:
    """The features of each unit, as CRFsuite takes them. Pure: the same text and intent always have the same.

    intent: what the text was taken for; a day in an alarm is another slot than one in a question.
    """
    words = [unit.text.casefold() for unit in units]
    # Thai has spaces where its writer wanted a border: whole stretches between spaces say more than words.
    opens = [unit.start == 0 or source[unit.start - 1].isspace() for unit in units]
    closes = [unit.end >= len(source) or source[unit.end].isspace() for unit in units]
    stretches, number = _stretches(words, opens)
    found: list[list[str]] = []
    for index, unit in enumerate(units):
        one = _of_words(words, index)
        one += _of_letters(source, unit, words[index])
        one += ["opens"] * opens[index] + ["closes"] * closes[index]
        one += _of_intent(intent, words, index, opens=opens[index])
        if len(stretches) > 1:
            one += _of_stretches(stretches, number[index])
        found.append(one)
    return found


def _of_words(words: Sequence[str], index: int) -> list[str]:
    before2, before, word, after, after2 = (
        words[place] if 0 <= place < len(words) else ("<" if place < 0 else ">")
        for place in range(index - 2, index + 3)
    )
    found = [
        "any",
        f"w={word}",
        f"-1={before}",
        f"-2={before2}",
        f"+1={after}",
        f"+2={after2}",
        f"-1,0={before}|{word}",
        f"0,1={word}|{after}",
        f"-1,1={before}|{after}",
        f"-2,-1={before2}|{before}",
        f"1,2={after}|{after2}",
        f"-2,-1,0={before2}|{before}|{word}",
        f"0,1,2={word}|{after}|{after2}",
    ]
    found += ["first"] * (index == 0) + ["last"] * (index == len(words) - 1)
    for place, each in ((-1, before), (0, word), (1, after)):
        found += [f"{place}:{name}" for name in names().get(each, ())]
    return found


def _of_letters(source: str, unit: Unit, word: str) -> list[str]:
    found = [f"shape={shape(word)}"]
    found += ["unknown"] * (word not in lexicon.words())
    for size in _EDGES:
        if len(word) > size:
            found += [f"begin={word[:size]}", f"end={word[-size:]}"]
    # Letters over the borders of words: the dictionary does not cut where the meaning does.
    left, right = source[max(0, unit.start - _AROUND[-1]) : unit.start], source[unit.end : unit.end + _AROUND[-1]]
    for size in _AROUND:
        found += [f"left{size}={left[-size:]}", f"right{size}={right[:size]}"]
    return found


def _of_intent(intent: str, words: Sequence[str], index: int, *, opens: bool) -> list[str]:
    before = words[index - 1] if index else "<"
    after = words[index + 1] if index + 1 < len(words) else ">"
    found = [f"i={intent}", f"i,0={intent}|{words[index]}", f"i,-1={intent}|{before}", f"i,1={intent}|{after}"]
    return [*found, f"i,opens={intent}"] if opens else found


def _of_stretches(stretches: Sequence[str], index: int) -> list[str]:
    before2, before, here, after, after2 = (
        stretches[place] if 0 <= place < len(stretches) else ("<" if place < 0 else ">")
        for place in range(index - 2, index + 3)
    )
    return [
        f"s={here}",
        f"s-1={before}",
        f"s+1={after}",
        f"s-2={before2}",
        f"s+2={after2}",
        f"s-1,0={before}|{here}",
        f"s0,1={here}|{after}",
        f"s<{here[:3]}",
        f"s>{here[-3:]}",
    ]


def _stretches(words: Sequence[str], opens: Sequence[bool]) -> tuple[list[str], list[int]]:
    stretches: list[str] = []
    number: list[int] = []
    for word, is_first in zip(words, opens, strict=True):
        if is_first or not stretches:
            stretches.append("")
        stretches[-1] += word
        number.append(len(stretches) - 1)
    return stretches, number


@lru_cache(maxsize=65536)
def shape(word: str) -> str:
    """The kinds of characters in a word, runs as one.

    >>> shape("14:30"), shape("ไฟดับ"), shape("pm2.5")
    ('0:0', 'ากาก', 'x0.0')
    """
    kinds = _MARK.sub("า", _LETTER.sub("ก", _LATIN.sub("x", _DIGIT.sub("0", word))))
    return _RUN.sub(r"\1", kinds)[:_LONGEST_SHAPE]


@lru_cache(maxsize=1)
def names() -> Mapping[str, tuple[str, ...]]:
    """Words that are names, with the kinds of their lists (given names, family names, countries, provinces), from
    PyThaiNLP's corpora, which are in its wheel."""
    from pythainlp.corpus import countries, provinces, thai_family_names, thai_female_names, thai_male_names

    lists = {
        "female": thai_female_names(),
        "male": thai_male_names(),
        "family": thai_family_names(),
        "country": countries(),
        "province": provinces(),
    }
    found: dict[str, tuple[str, ...]] = {}
    for kind, words in lists.items():
        for word in words:
            if len(word) > 1:
                found[word] = (*found.get(word, ()), kind)
    return found
