# SPDX-License-Identifier: Apache-2.0
"""The privacy page tells who carries what a citizen writes, in Thai and in English."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "channels" / "web" / "pages" / "privacy.html"


class ByLanguage(HTMLParser):
    """Collects the words of a page by the `lang` of the element that they stand in."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "img"}:
            self._open.append((tag, dict(attrs).get("lang") or (self._open[-1][1] if self._open else "")))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            language = self._open[-1][1]
            self.words[language] = f"{self.words.get(language, '')} {data}"


@pytest.mark.parametrize("language", ["th", "en"])
def test_who_carries_messages_is_named(language: str) -> None:
    """A company beside the agency sees what is written on its channel: its name stands there, not the app's alone."""
    page = ByLanguage()
    page.feed(PAGE.read_text(encoding="utf-8"))
    words = " ".join(page.words[language].split())
    for name in ("LINE", "LY Corporation", "Telegram Messenger Inc."):
        assert name in words
