# SPDX-License-Identifier: Apache-2.0
"""Word lists: PyThaiNLP's dictionary, loaded once, and the small ones written in this package."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """Return PyThaiNLP's 62,000 Thai words (`words_th`, in the wheel; no download)."""
    from pythainlp.corpus import thai_words

    return frozenset(thai_words())


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a list that is written as a text, so that long lists stay readable.

    >>> listed("ซอย ถนน")
    ('ซอย', 'ถนน')
    """
    return tuple(text.split())


def longest_word_ending(text: str, longest: int = 24) -> str:
    """Return the longest dictionary word that `text` ends with, or the empty string.

    >>> longest_word_ending("ทีมชนะ")
    'ชนะ'
    """
    known = words()
    for length in range(min(longest, len(text)), 0, -1):
        if text[-length:] in known:
            return text[-length:]
    return ""
