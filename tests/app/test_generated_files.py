# SPDX-License-Identifier: Apache-2.0
"""Files that are made from others are up to date, and lock files are whole and name no index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.settings_docs import pages
from app.settings_table import all_rows
from app.third_party import LOCKS, NPM_LOCK, PAGE, npm_packages, pinned

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("path", sorted(pages()), ids=lambda path: path.name)
def test_settings_documentation_is_fresh(path: Path) -> None:
    """`.env.example` and `docs/settings.md` are what `make docs` writes."""
    assert path.read_text(encoding="utf-8") == pages()[path], "run `make docs`"


def test_example_file_sets_nothing_and_names_everything() -> None:
    """Copying `.env.example` to `.env` changes nothing; every setting stands in it."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
    named = {match[1] for line in lines if (match := re.match(r"#([A-Z0-9_]+)=", line))}
    assert named == {row.name for row in all_rows()}


def test_third_party_page_lists_every_locked_package() -> None:
    """Each name and version of the lock files stands in THIRD_PARTY.md."""
    rows = set(re.findall(r"^\| (\S+) \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    locked = {pair for _, lock, _ in LOCKS for pair in pinned((ROOT / lock).read_text()).items()}
    locked |= {(name, version) for name, version, _ in npm_packages((ROOT / NPM_LOCK).read_text())}
    assert len(locked) > 100
    assert locked - rows == set(), "run `make docs`"


@pytest.mark.parametrize("lock", [lock for _, lock, _ in LOCKS])
def test_lock_files_carry_hashes_and_no_index(lock: str) -> None:
    """Every pinned package has a hash; no address of an index or a file stands in it."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-zA-Z0-9])", "\n" + text)
    unhashed = [entry.split()[0] for entry in entries if "==" in entry.split("\n")[0] and "--hash=sha256:" not in entry]
    assert unhashed == []
    assert re.findall(r"(?m)^\s*(?:-i|-f|--\S*index\S*|--find-links)\b|https?://|file:", text) == []


def test_npm_lock_names_no_registry() -> None:
    """The web chat's lock has integrity hashes and no resolved addresses."""
    text = (ROOT / NPM_LOCK).read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert '"integrity"' in text


def test_bot_tools_are_locked_apart_from_the_application() -> None:
    """The lock of the application pins nothing of Rasa's frozen world."""
    assert "rasa" not in pinned((ROOT / "locks" / "app.txt").read_text())
    assert "tensorflow" not in pinned((ROOT / "bot" / "requirements.lock").read_text())
