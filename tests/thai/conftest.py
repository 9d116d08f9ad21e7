# SPDX-License-Identifier: Apache-2.0
"""Shared material of the Thai tests: the real places file, a tokenizer, generated Thai text."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from thai.places import Gazetteer
from thai.tokens import Tokenizer

# What takes long under load is not wrong; the time limits that count are tests of their own.
settings.register_profile("thai", deadline=None)
settings.load_profile("thai")

ROOT = Path(__file__).resolve().parents[2]
# geothai needs Python 3.11: on 3.10, the bot's Python, the file comes from the app's own environment, as it
# does in the product, and the tests of its builder belong to that environment alone.
collect_ignore = [] if find_spec("geothai") else ["test_places_file.py"]


@cache
def places_content() -> dict[str, Any]:
    """The content of places.json as `pracha train` would write it."""
    if find_spec("geothai"):
        from catalogue.places import build_places

        return build_places()
    script = "import json; from catalogue.places import build_places; print(json.dumps(build_places()))"
    app_python = ROOT / ".venv" / "bin" / "python"
    built = subprocess.run([str(app_python), "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    content: dict[str, Any] = json.loads(built.stdout)
    return content


@pytest.fixture(scope="session")
def places() -> dict[str, Any]:
    """The content of places.json."""
    return places_content()


@pytest.fixture(scope="session")
def gazetteer(places: dict[str, Any]) -> Gazetteer:
    """The index over all of Thailand."""
    return Gazetteer.from_dict(places)


@pytest.fixture(scope="session")
def tokenizer(gazetteer: Gazetteer) -> Tokenizer:
    """A tokenizer with the words that the product adds."""
    return Tokenizer([*gazetteer.names(), "ไฟดับ", "จองคิว", "น้ำไม่ไหล", "บัตรทอง"])
