# SPDX-License-Identifier: Apache-2.0
"""Text typed with the keyboard left on the other language: l;ylfu is สวัสดี, ้ำสสน is hello."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

from thai import lexicon
from thai.english import COMMON
from thai.normalise import normalise
from thai.protected import PROTECTED
from thai.tokens import Tokenizer

_TYPEABLE = re.compile(r"[ -~\n]+")
_WORD = re.compile(r"[A-Za-z]+")
# Marks that stand for Thai letters inside a word: English has them only at a word's edge.
_INSIDE = re.compile(
    r"[A-Za-z0-9][;\[\]\\/=`^][A-Za-z0-9]|[A-Za-z],[A-Za-z]|[a-z][A-Z]|[0-9;'\[\]][A-Za-z]|[A-Za-z][0-9;\[\]]"
)
_EDGES = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SHORTEST = 4  # letters; three of them make a Thai word too easily, unless a mark is among them (.=j is ใช่)
_SHORT = re.compile(r"(?=.*[A-Za-z])(?=.*[;\[\]\\/=`^.,'\-])[!-~]{3}")
_LONG = 12  # keys; so many never make Thai words by chance
_NOT_ENGLISH = 2  # pairs of letters that no common English word has
_LONGEST = 120  # keys; the tokenizer's time grows with the square of hostile text
_THAI_KEYS = re.compile("[\u0e01-\u0e5b !-~\n]{2,120}")
_THAI_LETTER = re.compile("[ก-๎]")
_ENGLISH_KEYS = re.compile(r"[A-Za-z0-9 .,!?'@\-]+")
# a mark with no letter under it, or two that no letter can carry: nothing that Thai has
_NO_THAI = re.compile("(?:^|[\\s])[ะัาำิ-ฺๅ็-๎]|[ะาำ][ัิ-ฺ็-๎]|[ัิ-ู]{2}|[เแโใไ](?:$|[\\sะัิ-ฺ็-๎])")
_STRAY = 0.5  # share of letters in Thai words, below which it is no Thai
_COVERED = 0.85  # measured: all wrong-layout samples reach 1.0, English all but ok, wifi and stop stay below


class Vocabulary(Protocol):
    """What the check needs of a tokenizer."""

    def coverage(self, text: str) -> float:
        """Return the share of `text` that dictionary words cover."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A message as it was meant; `confirm` asks the citizen first, since it could be English as well."""

    text: str
    certainty: Literal["certain", "confirm"]


def repair(text: str, known_words: Vocabulary | Iterable[str]) -> Repair | None:
    """Return the Thai that was meant by keys pressed in the English layout, or None when the text stands.

    `known_words`: a `Tokenizer`, or domain words to build one from (slow the first time). English words,
    e-mail addresses, links, handles, case and parcel numbers, pm2.5 and anything with a Thai letter in it are
    left alone.

    >>> words = Tokenizer()
    >>> repair("l;ylfu8iy[", words)
    Repair(text='สวัสดีครับ', certainty='certain')
    >>> repair("pm2.5", words), repair("wifi", words), repair("stop", words)
    (None, None, None)
    """
    text = text.strip()
    if not _could_be_thai(text):
        return None
    vocabulary = known_words if hasattr(known_words, "coverage") else _tokenizer(frozenset(known_words))
    for keys in (text, _without_caps_lock(text)):
        thai = _as_thai(keys) if keys else ""
        if thai and vocabulary.coverage(thai) >= _COVERED:
            certain = bool(_INSIDE.search(text)) or len(text) >= _LONG or _strange_pairs(text) >= _NOT_ENGLISH
            return Repair(thai, "certain" if certain and len(text) >= _SHORTEST else "confirm")
    return None


def repair_english(text: str, known_words: Vocabulary | Iterable[str]) -> Repair | None:
    """Return the English that was meant by keys pressed in the Thai layout, or None when the text stands.

    Only common English words are recognised. What begins as no Thai word can, or is none, is certain; what could be
    read as Thai is `confirm`.

    >>> words = Tokenizer()
    >>> repair_english("้ำสสน", words)
    Repair(text='hello', certainty='certain')
    >>> repair_english("ไรดร", words), repair_english("นา", words), repair_english("สวัสดี", words)
    (Repair(text='wifi', certainty='confirm'), None, None)
    """
    from pythainlp.util import thai_to_eng

    text = text.strip()
    if not _THAI_KEYS.fullmatch(text) or not _THAI_LETTER.search(text):
        return None
    keys = str(thai_to_eng(text))
    words = [word.lower() for word in _WORD.findall(keys)]
    if not words or not _ENGLISH_KEYS.fullmatch(keys) or any(word not in COMMON for word in words):
        return None
    if max(map(len, words)) < 2 or text in lexicon.words():
        return None
    if _NO_THAI.search(text):
        return Repair(keys, "certain")
    vocabulary = known_words if hasattr(known_words, "coverage") else _tokenizer(frozenset(known_words))
    stray = vocabulary.coverage(text) < _STRAY and len(keys) >= _SHORTEST
    return Repair(keys, "certain" if stray else "confirm")


def _strange_pairs(text: str) -> int:
    """How many pairs of letters stand together in `text` and in no common English word."""
    known = _english_pairs()
    return sum(word[at : at + 2] not in known for word in _WORD.findall(text.lower()) for at in range(len(word) - 1))


@lru_cache(maxsize=1)
def _english_pairs() -> frozenset[str]:
    return frozenset(word[at : at + 2] for word in COMMON for at in range(len(word) - 1))


def _could_be_thai(text: str) -> bool:
    if not _TYPEABLE.fullmatch(text) or not _WORD.search(text):
        return False
    if len(text) > _LONGEST or (sum(not char.isspace() for char in text) < _SHORTEST and not _SHORT.fullmatch(text)):
        return False
    if PROTECTED.search(text):
        return False
    words = [chunk.strip(_EDGES).lower() for chunk in text.split()]
    return sum(word in COMMON for word in words) * 2 < len(words)


def _without_caps_lock(text: str) -> str:
    return text.lower() if text.isupper() else ""


def _as_thai(keys: str) -> str:
    from pythainlp.util import eng_to_thai

    return normalise(eng_to_thai(keys))


@lru_cache(maxsize=2)
def _tokenizer(words: frozenset[str]) -> Tokenizer:
    return Tokenizer(words)
