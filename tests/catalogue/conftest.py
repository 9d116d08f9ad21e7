# SPDX-License-Identifier: Apache-2.0
"""The shipped authored files, loaded once, and copies that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from catalogue.answers import Answers, load_answers
from catalogue.load import load_services
from catalogue.model import Service
from core.messages import texts_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def answers() -> Answers:
    """All shipped answers."""
    return load_answers(ROOT / "nlu_data" / "answers")


@pytest.fixture(scope="session")
def services() -> Mapping[str, Service]:
    """All shipped services."""
    return load_services(ROOT / "nlu_data" / "services")


@pytest.fixture
def nlu_data(tmp_path: Path) -> Path:
    """A copy of nlu_data that a test may change."""
    copy = tmp_path / "nlu_data"
    shutil.copytree(ROOT / "nlu_data", copy)
    return copy


def replace_in(path: Path, old: str, new: str) -> int:
    """Replaces the first `old` in a file, which must be there, and returns the line where it stood."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def words(blocks: list[dict[str, Any]]) -> str:
    """Everything readable in some blocks."""
    return "\n".join(texts_of(blocks))
