# SPDX-License-Identifier: Apache-2.0
"""Thai typed with the keyboard left on English: l;ylfu is สวัสดี."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

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
_SHORTEST = 4  # letters; three of them make a Thai word too easily
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
            certain = bool(_INSIDE.search(text)) or len(text) >= 12
            return Repair(thai, "certain" if certain else "confirm")
    return None


def _could_be_thai(text: str) -> bool:
    if not _TYPEABLE.fullmatch(text) or not _WORD.search(text):
        return False
    if sum(not char.isspace() for char in text) < _SHORTEST or len(text) > 400:
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
