# SPDX-License-Identifier: Apache-2.0
"""A real Chromium on the phone page of a fresh sandbox; every page must end without an error or a policy violation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import (
    Browser,
    ViewportSize,
    sync_playwright,
)

from tests.sandbox.line.page.phone import PhonePage
from tests.sandbox.line.page.stage import USER, Stage, png, staged

#: A pattern, not a function: the browser asks us for these only, and never waits for a test that sleeps.
_OUTSIDE = re.compile(r"https?://(?!127\.0\.0\.1[:/])")


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for this folder: it holds an event loop, which other tests must not meet."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield running
        running.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A sandbox and a bot."""
    with staged() as both:
        yield both


@pytest.fixture
def phone_at(browser: Browser, stage: Stage) -> Iterator[Callable[..., PhonePage]]:
    """Opens the page: `phone_at(width, height, user=…, touch=…)`; `user=None` opens the choice of people."""
    opened: list[PhonePage] = []

    def open_at(width: int = 1280, height: int = 900, user: str | None = USER, *, touch: bool = False) -> PhonePage:
        context = browser.new_context(
            viewport=ViewportSize(width=width, height=height), locale="th-TH", has_touch=touch, reduced_motion="reduce"
        )
        # Whatever lies outside this machine is one picture.
        context.route(_OUTSIDE, lambda route: route.fulfill(body=png(64, 64), content_type="image/png"))
        here = PhonePage(context.new_page())
        opened.append(here)
        here.page.set_default_timeout(5000)
        here.open(stage.url, user)
        return here

    yield open_at
    for one in opened:
        problems = list(one.problems)
        one.page.context.close()
        assert problems == []


@pytest.fixture
def phone(phone_at: Callable[..., PhonePage], stage: Stage) -> PhonePage:
    """The page of a friend of the account, on a desktop."""
    stage.befriend()
    return phone_at()
