# SPDX-License-Identifier: Apache-2.0
"""One running stack and one browser for all stories, and citizens of the stack."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.citizen import Citizen
from tests.e2e.stack import ROOT, Stack, running_stack

#: `PRACHA_PICTURES=docs make e2e K='picture or line_phone'` renews the pictures of the documentation
PICTURES = ROOT / "docs" / "images" if os.environ.get("PRACHA_PICTURES") == "docs" else ROOT / "build" / "pictures"


def picture_file(name: str) -> Path:
    """Where a picture for the documentation is to be written."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES / name


def is_png(file: Path) -> bool:
    return file.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with running_stack() as running:
        yield running


@pytest.fixture
def new_citizen(stack: Stack) -> Callable[[], Citizen]:
    """Makes a citizen whom the bot has never met."""
    return lambda: Citizen(stack.url)


@pytest.fixture
def citizen(new_citizen: Callable[[], Citizen]) -> Citizen:
    return new_citizen()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium: it holds an event loop, and there can be only one such loop in a thread."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield running
        running.close()
