# SPDX-License-Identifier: Apache-2.0
"""Cuts text that is too long for a channel where a Thai reader would, and never inside a character."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from thai import protected

if TYPE_CHECKING:
    from thai.tokens import Tokenizer

# A leading vowel stands before its consonant, but Unicode's rules count it as a character of its own.
_CLUSTER = r"[เแโใไ]*\X"
_WINDOW = 240  # characters before the limit in which a better place to cut is looked for


def utf16_units(text: str) -> int:
    """Return the length as LINE and Telegram count it: UTF-16 code units.

    >>> utf16_units("ก😀")
    3
    """
    return len(text) + sum(char > "\uffff" for char in text)


def clusters(text: str) -> list[str]:
    """Return the characters as a reader sees them; joined they are the text.

    >>> clusters("เก่าน้ำ")
    ['เก่', 'า', 'น้ำ']
    """
    import regex

    return [str(found) for found in regex.findall(_CLUSTER, text)]


def cut(text: str, limit: int, length: Callable[[str], int] = len) -> list[str]:
    """Return `text` in parts of at most `limit` by `length`, which joined are the text.

    `length` counts characters by default; pass `utf16_units` for LINE and Telegram. The best place near the end
    of a part is taken: a blank line, a line, a space, a Thai word, a cluster. Handles `⟦…⟧` and links stay
    whole unless one alone is longer than `limit`. Empty text gives no part. Raises ValueError for a limit below 1.

    >>> cut("สวัสดีครับคุณสมชาย", 12)
    ['สวัสดีครับ', 'คุณสมชาย']
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    parts: list[str] = []
    rest = text
    while rest and length(rest) > limit:
        end = _end_of_part(rest, limit, length)
        parts.append(rest[:end])
        rest = rest[end:]
    return [*parts, rest] if rest else parts


def shorten(text: str, limit: int, length: Callable[[str], int] = len) -> str:
    """Return `text` when it fits into `limit`, else its first part and an ellipsis (…), together within it.

    >>> shorten("แจ้งปัญหาไฟถนนดับ", 12)
    'แจ้งปัญหา…'
    """
    if length(text) <= limit:
        return text
    if limit < 2:
        return "…"[:limit]
    return cut(text, limit - 1, length)[0].rstrip() + "…"


def _end_of_part(text: str, limit: int, length: Callable[[str], int]) -> int:
    last = _fitting(text, limit, length)
    keep = [(start, end) for start, end in protected.spans(text[: last + 4096]) if start < last]
    safe = _boundaries(text, last)
    whole = [end for end in safe if not any(start < end < stop for start, stop in keep)]
    best = _best(text, whole)
    if best:
        return best
    return safe[-1] if safe else last  # one link or one cluster longer than a part


def _fitting(text: str, limit: int, length: Callable[[str], int]) -> int:
    """Return the largest index at which the text before it fits; `length` grows with the text."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _boundaries(text: str, last: int) -> list[int]:
    """Return the ends of whole clusters up to `last`; one more cluster is read, since `last` may cut it."""
    ends: list[int] = []
    position = 0
    for cluster in clusters(text[: last + 64]):
        position += len(cluster)
        if position > last:
            break
        ends.append(position)
    return ends


def _best(text: str, ends: list[int]) -> int | None:
    if not ends:
        return None
    last = ends[-1]
    allowed = set(ends)
    earliest = max(1, min(last // 2, last), last - _WINDOW)
    for mark in ("\n\n", "\n", " "):
        found = text.rfind(mark, earliest, last)
        if found >= 0 and found + len(mark) in allowed:
            return found + len(mark)
    starts = (earliest + token.end for token in _tokenizer().tokens(text[earliest : last + 32]))
    words = [end for end in starts if end in allowed]
    return words[-1] if words else last


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    from thai.tokens import Tokenizer

    return Tokenizer()
