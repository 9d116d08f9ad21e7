# SPDX-License-Identifier: Apache-2.0
"""One spelling for what can be typed in several ways: composed marks, Thai digits, stretched letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９", "0123456789" * 2)
# Zero-width and direction marks, BOM, soft hyphen, NUL and the other control characters; tab and newline stay.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_SEPARATORS = {
    **dict.fromkeys(
        map(ord, "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"),
        " ",
    ),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u00ad\u200c\u200d\u200e\u200f\u2060\ufeff"), "\u200b"),
}
# A joiner holds emoji together; beside Thai letters it is dirt.
_JOINER = re.compile("(?<=[\u0e00-\u0e7f])\u200d+|(?<!\u200d)\u200d+(?=[\u0e00-\u0e7f])")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")
# PyThaiNLP's `normalize` runs forty patterns. What none of them can touch is left to no pattern at all; a test
# compares the two on generated text.
_MAY_CHANGE = re.compile("  | ?\n|^ | $| [ัิ-ฺ็-๎]|^[ัิ-ฺ็-๎]|เเ|[่-์][ัิ-ู็ํ]|ํ[่-๋]*า|[ะาำๅ][่-๋]|ๅ|[่-๋]{2}|([ะ-ฺเ-ๅ็์-๎]) *\\1")
# No syllable has nine vowels and marks in a row; some of PyThaiNLP's patterns take quadratic time over them.
_MARKS = re.compile("([ะ-ฺๅ็-๎]{8})[ะ-ฺๅ็-๎]+")
_TRIPLED = re.compile(r"([ก-ฮ])\1{2,}")
# A doubled last letter is a stretch only after a word with a vowel or a tone ("ครับบ"); two bare letters
# before a number are a number plate ("กก 1234").
_DOUBLED_END = re.compile(r"([ก-ฮ])\1(?![\u0e00-\u0e7f]|\s*[0-9])")
_WORD_BEFORE = re.compile(r"(?<![0-9ก-๎])[ก-๎]*[ะ-ูเ-ไ็-๎][ก-๎]*$")
_REPEATED = re.compile("ๆ{2,}")
_MOST_RUNS = 50  # stretched words in one message; past that it is no language, and asking the dictionary is slow
_LOOK_BACK = 24  # letters; dictionary words are shorter


def normalise(text: str) -> str:
    """Return `text` in the one spelling that everything after it expects; never raises.

    Unicode NFC, zero-width and control characters removed, one kind of space, PyThaiNLP's `normalize`
    (เเ→แ, ํา→ำ, marks in order, repeated vowels and tone marks), stretched consonants shortened with its
    dictionary, Thai digits as Arabic ones. No rule touches a Latin letter, an ASCII digit or punctuation, so
    handles `⟦…⟧`, links, addresses and codes come out as they went in. Idempotent.

    >>> normalise("มากกกกกก")
    'มาก'
    >>> normalise("เเม่นํ้าปิง ๑๒๓ ขอบคุณค่าาาา ⟦phone:k3f9⟧")
    'แม่น้ำปิง 123 ขอบคุณค่า ⟦phone:k3f9⟧'
    """
    text = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _settled(_MARKS.sub(r"\1", _SPACES.sub(" ", _JOINER.sub("", text))))
    few = len(_TRIPLED.findall(text)) + len(_DOUBLED_END.findall(text)) <= _MOST_RUNS
    text = _TRIPLED.sub(_shorten if few else r"\1", text)
    text = _DOUBLED_END.sub(lambda run: (_shorten(run) if few else run[1]) if _follows_a_word(run) else run[0], text)
    return arabic_digits(_REPEATED.sub("ๆ", text))


def arabic_digits(text: str) -> str:
    """Return `text` with ๐–๙ (and full-width digits) as 0–9, every offset unchanged.

    >>> arabic_digits("๒๕๖๙")
    '2569'
    """
    return text.translate(_THAI_DIGITS)


def plain_separators(text: str) -> str:
    """Return `text` with Western digits, one kind of dash and one kind of space, every offset unchanged; what is
    invisible becomes \\u200b. For parsers of numbers and codes.

    >>> plain_separators("๐๒–๑๒๓\u00a04567")
    '02-123 4567'
    """
    return arabic_digits(text).translate(_SEPARATORS)


def _settled(text: str) -> str:
    from pythainlp.util import normalize

    for _ in range(8):  # its rules feed each other: a removed space joins two vowels, NFC moves a mark
        if not _MAY_CHANGE.search(text):
            break
        settled = unicodedata.normalize("NFC", normalize(text))
        if settled == text:
            break
        text = settled
    return text


def _follows_a_word(run: re.Match[str]) -> bool:
    return _WORD_BEFORE.search(_before(run)) is not None


def _before(run: re.Match[str]) -> str:
    return run.string[max(0, run.start() - _LOOK_BACK) : run.start()]


def _shorten(run: re.Match[str]) -> str:
    """Return what a stretched run becomes: as many letters as the longest dictionary word that ends in it has."""
    from pythainlp.util import remove_trailing_repeat_consonants

    if run[1] == "ก" and run.string.startswith("ว่า", run.end()):
        return "กก"  # มากกกกว่า is มากกว่า
    _load_repeaters()
    before = _before(run)
    return remove_trailing_repeat_consonants(before + run[0], has_dictionary_updated=False)[len(before) :] or run[1]


@lru_cache(maxsize=1)
def _load_repeaters() -> None:
    from pythainlp.util import remove_trailing_repeat_consonants

    remove_trailing_repeat_consonants("", has_dictionary_updated=True)
