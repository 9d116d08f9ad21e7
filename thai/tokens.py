# SPDX-License-Identifier: Apache-2.0
"""Thai words with exact offsets, by nlpo3 (or PyThaiNLP's newmm) and the domain's own dictionary."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from thai import lexicon
from thai.protected import EMAIL, HANDLE, URL

_FORMAT = "2"  # part of the version: raise it when the rules below change what a token is
# What is not Thai needs no dictionary and is cut the same way for both engines: one token each for a handle,
# a link, pm2.5, covid-19, 14:30, 15/01/67, 1,500.50 and a run of marks or emoji.
_ATOM = re.compile(
    f"{HANDLE}|{URL}|{EMAIL}"
    r"|(?P<thai>[\u0e00-\u0e7f]+)"
    r"|[0-9]+(?:[.,:/\-][0-9]+)*(?![^\W_\u0e00-\u0e7f])"
    r"|[^\W\u0e00-\u0e7f]+(?:[.\-'’&][^\W\u0e00-\u0e7f]+)*"
    r"|[^\s\w\u0e00-\u0e7f]+"
)
_THAI_RUN = re.compile(r"[\u0e00-\u0e7f]+")
# nlpo3's time grows with the square of an ambiguous text: 500 times มกรา take it 2.5 s, and newmm 5 ms.
_LONG_TEXT = 120  # characters


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it stands: `source[start:end] == text`."""

    text: str
    start: int
    end: int


class Tokenizer:
    """Cuts messages into words with PyThaiNLP's dictionary plus the domain's words.

    `engine`: "nlpo3", "newmm", or None for nlpo3 where it is installed. Both give the same tokens on ordinary
    text (measured); newmm takes four times as long. Words with a space or without a Thai letter in `words` are
    ignored, since only runs of Thai letters reach the engine. Raises ValueError for another engine name and
    ImportError for nlpo3 asked for by name and missing.
    """

    def __init__(self, words: Iterable[str] = (), engine: str | None = None) -> None:
        self._domain = frozenset(word for word in words if _THAI_RUN.fullmatch(word))
        self._known = lexicon.words() | self._domain
        self.version = _version(self._domain)
        self.engine, self._cut = _engine(engine, self.version, self._known)
        #: for long texts; loaded when the first one comes
        self._cut_long = self._cut if self.engine == "newmm" else _when_needed(lambda: _newmm(self._known))

    def tokens(self, text: str) -> list[Token]:
        """Return the words of `text` in order, without spaces; offsets are exact in `text` as given.

        >>> [token.text for token in Tokenizer(["ไฟดับ"]).tokens("ไฟดับ pm2.5 ⟦phone:k3f9⟧")]
        ['ไฟดับ', 'pm2.5', '⟦phone:k3f9⟧']
        """
        cut = self._cut if len(text) <= _LONG_TEXT else self._cut_long
        found: list[Token] = []
        for match in _ATOM.finditer(text):
            start = match.start()
            if match.lastgroup != "thai":
                found.append(Token(match[0], start, match.end()))
                continue
            for word in cut(match[0]):
                found.append(Token(word, start, start + len(word)))
                start += len(word)
        return found

    def coverage(self, text: str) -> float:
        """Return the share (0.0–1.0) of the characters, spaces aside, that lie in dictionary words of two
        letters or more; 0.0 for empty text.

        >>> Tokenizer().coverage("สวัสดีครับ"), Tokenizer().coverage("hello")
        (1.0, 0.0)
        """
        total = sum(1 for char in text if not char.isspace())
        if not total:
            return 0.0
        return sum(len(t.text) for t in self.tokens(text) if len(t.text) > 1 and t.text in self._known) / total

    def knows(self, word: str) -> bool:
        """Tell whether `word` stands in PyThaiNLP's or the domain's dictionary."""
        return word in self._known


def _version(domain: frozenset[str]) -> str:
    """Hash what decides the tokens: the rules here, PyThaiNLP's dictionary and the domain's words."""
    digest = hashlib.sha256(f"{_FORMAT}\n{_lexicon_hash()}\n".encode())
    digest.update("\n".join(sorted(domain)).encode())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _lexicon_hash() -> str:
    return hashlib.sha256("\n".join(sorted(lexicon.words())).encode()).hexdigest()


def _engine(name: str | None, version: str, words: frozenset[str]) -> tuple[str, Callable[[str], list[str]]]:
    if name not in (None, "nlpo3", "newmm"):
        raise ValueError(f"unknown tokenizer engine: {name}")
    if name != "newmm":
        try:
            return "nlpo3", _nlpo3(version, words)
        except ImportError:
            if name == "nlpo3":
                raise
    return "newmm", _newmm(words)


def _nlpo3(version: str, words: frozenset[str]) -> Callable[[str], list[str]]:
    import nlpo3

    # nlpo3 takes a dictionary only from a file, reads it whole, and keeps it under its name for the life of
    # the process; a second load under the same name changes nothing.
    with tempfile.TemporaryDirectory(prefix="thai-words-") as folder:
        path = Path(folder) / "words.txt"
        path.write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")
        nlpo3.load_dict(str(path), version)

    def cut(text: str) -> list[str]:
        words: list[str] = nlpo3.segment(text, version)
        return words

    return cut


def _when_needed(make: Callable[[], Callable[[str], list[str]]]) -> Callable[[str], list[str]]:
    made = lru_cache(maxsize=1)(make)

    def cut(text: str) -> list[str]:
        return made()(text)

    return cut


def _newmm(words: frozenset[str]) -> Callable[[str], list[str]]:
    from pythainlp.tokenize.newmm import segment
    from pythainlp.util import Trie

    trie = Trie(words)

    def cut(text: str) -> list[str]:
        return list(segment(text, custom_dict=trie))

    return cut
