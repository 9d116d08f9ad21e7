# SPDX-License-Identifier: Apache-2.0
"""What the pages say exists: links, headings, make targets, commands with their options, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from app.cli import main
from app.settings_table import all_rows

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
#: read before any settings or by the tests alone, so that they are no rows of the table
OTHER_NAMES = {"PRACHA_ENV_FILE", "PRACHA_CHROMIUM", "PRACHA_POSTGRES_15"}

_FENCE = re.compile(r"^( *)```[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
_WORD = re.compile(r"[a-z][a-z-]*$")


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _prose(page: Path) -> str:
    """The page without fenced code."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def _code(page: Path) -> Iterator[str]:
    """Each line of fenced code without its comment, and each inline span, on one line."""
    for fence in _FENCE.finditer(page.read_text(encoding="utf-8")):
        for line in fence[2].replace("\\\n", " ").splitlines():
            yield re.sub(r"(^| )# .*", "", line)
    for span in _SPAN.finditer(_prose(page)):
        yield " ".join(span[1].split())


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    # Thai vowels and tones are marks, which \w does not count.
    return {re.sub(r"[^\w\u0e00-\u0e7f -]", "", title.lower()).replace(" ", "-") for title in titles}


def _links(page: Path) -> Iterator[tuple[Path, str]]:
    """(target, anchor) of each relative link."""
    for found in _LINK.finditer(_prose(page)):
        path, _, anchor = unquote(found[1]).partition("#")
        if not re.match(r"[a-z]+:", path):
            yield (page.parent / path).resolve() if path else page, anchor


def _targets(line: str) -> list[str]:
    """What a line asks make for: `make setup train K=x` → setup, train."""
    asked = []
    for call in re.finditer(r"(?:^|[\s&;|(])make ((?:[\w=.'-]+ ?)+)", line):
        for word in call[1].split():
            if "=" not in word:
                asked.append(word)
            elif "'" in word:
                break  # a value with spaces
    return asked


def _commands(line: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(words, options) of each call of pracha in a line."""
    for call in re.finditer(r"(?:^|[\s/])pracha ([^|;&>]+)", line):
        words: list[str] = []
        parts = call[1].split()
        for part in parts:
            if not _WORD.match(part):
                break
            words.append(part)
        yield tuple(words), tuple(part.partition("=")[0] for part in parts if part.startswith("--"))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_relative_links_resolve(page: Path) -> None:
    """A link to a file or folder of ours finds it, and its heading too."""
    broken = [
        f"{target}#{anchor}"
        for target, anchor in _links(page)
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in _anchors(target))
    ]
    assert broken == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    """Nobody has to know a page's name to find it."""
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or not page.exists():
            continue
        seen.add(page)
        waiting += page.rglob("*.md") if page.is_dir() else []
        waiting += [target for target, _ in _links(page)] if page.suffix == ".md" else []
    assert [_name(page) for page in PAGES if page not in seen] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_make_targets_exist(page: Path) -> None:
    """Whatever a page asks make for is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", makefile, re.MULTILINE))
    asked = {target for line in _code(page) for target in _targets(line)}
    assert asked - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_exist(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each call of `pracha` is a command of ours, with options that it has."""
    wrong = []
    for words, options in {call for line in _code(page) for call in _commands(line)}:
        code = main([*words, "--help"])
        said = capsys.readouterr().out
        missing = [option for option in options if not re.search(rf"{option}\b", said)]
        if code != 0 or missing:
            wrong.append((*words, *missing))
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_settings_exist(page: Path) -> None:
    """Each PRACHA_… name is a row of the settings, a secret's `_FILE`, or one of the few others."""
    known = {row.name for row in all_rows()} | {f"{row.name}_FILE" for row in all_rows() if row.secret}
    named = set(re.findall(r"PRACHA_[A-Z0-9]+(?:_[A-Z0-9]+)*", page.read_text(encoding="utf-8")))
    assert named - known - OTHER_NAMES == set()


def test_both_readmes_show_the_same_commands_and_sentences() -> None:
    """What can be typed is the same in English and in Thai."""

    def typed(name: str) -> set[str]:
        page = ROOT / name
        rows = re.findall(r"^\| (`[^|]+`) \|", page.read_text(encoding="utf-8"), re.MULTILINE)
        calls = {line.strip() for line in _code(page) if _targets(line) or any(_commands(line))}
        return calls | set(rows)

    assert len(typed("README.md")) > 10
    assert typed("README.md") == typed("README.th.md")
