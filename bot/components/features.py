# SPDX-License-Identifier: Apache-2.0
"""What the intent classifier looks at: words and letter runs of a normalised message, without what says nothing
about the request (particles, laughter, and the very place, number or handle that was named)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from thai import particles

#: Kinds of entity that stand for one another: which place it is does not change what is asked.
_MASKS = {"place": "⟦place⟧", "case_number": "⟦case⟧"}
_CHAR_SIZES = range(2, 6)

#: A word of a message: text, start, end.
Word = Sequence[object]


def words_of(normal: str, words: Iterable[Word], spans: Iterable[Sequence[object]]) -> list[str]:
    """The words that count, lower case, masked spans as one word each.

    normal: the normalised text; words: [text, start, end] in it; spans: [kind, start, end] to be masked.
    """
    ends = len(particles.strip_particles(normal))
    laughs = particles.laughter(normal)
    masks = sorted((int(str(start)), int(str(end)), str(kind)) for kind, start, end in spans)
    kept: list[str] = []
    last_mask = -1
    for text, start, end in words:
        first, last = int(str(start)), int(str(end))
        if any(begin <= first and last <= stop for begin, stop in laughs):
            continue
        index = next((i for i, (begin, stop, _) in enumerate(masks) if first < stop and begin < last), None)
        if index is not None:
            if index != last_mask:
                kind = masks[index][2]
                kept.append(_MASKS.get(kind, f"⟦{kind}⟧"))
                last_mask = index
            continue
        if first >= ends:
            continue
        kept.append(str(text).casefold())
    return [word for word in kept if not _is_mark(word)]


def is_mask(word: str) -> bool:
    """Whether a word stands for a masked span."""
    return word.startswith("⟦")


def word_features(words: Sequence[str]) -> Counter[str]:
    """Words and pairs of neighbours, with their numbers."""
    padded = ["<", *words, ">"]
    return Counter([*words, *(f"{one} {two}" for one, two in pairwise(padded))])


def char_features(words: Sequence[str]) -> Counter[str]:
    """Runs of 2–5 letters over the joined words: Thai is written without spaces, and typing errors move the borders
    of words."""
    text = _joined(words)
    return Counter(text[i : i + size] for size in _CHAR_SIZES for i in range(len(text) - size + 1))


def _joined(words: Sequence[str]) -> str:
    """Thai words run together, others apart, a mask as one private letter, so that runs cross the borders as typed."""
    parts = [" "]
    for word in words:
        if is_mask(word):
            parts.append(chr(0xE000 + sum(map(ord, word)) % 0x1000))
        elif word[0].isascii():
            parts.append(f" {word} ")
        else:
            parts.append(word)
    return "".join([*parts, " "]).replace("  ", " ")


def _is_mark(word: str) -> bool:
    """Punctuation says nothing; emoji and question marks in any number do not either."""
    return not is_mask(word) and not any(char.isalnum() or "\u0e00" <= char <= "\u0e7f" for char in word)
