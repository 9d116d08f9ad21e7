# SPDX-License-Identifier: Apache-2.0
"""A real Chromium on the phone page of a fresh sandbox; every page must end without an error or a policy violation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, ViewportSize, expect, sync_playwright

from tests.sandbox.line.page.stage import USER, Stage, png, staged

#: A pattern, not a function: the browser asks us for these only, and never waits for a test that sleeps.
_OUTSIDE = re.compile(r"https?://(?!127\.0\.0\.1[:/])")


@dataclass
class PhonePage:
    """The page of one user, as verbs for tests."""

    page: Page
    problems: list[str] = field(default_factory=list)
    #: console messages that a test causes on purpose contain one of these
    expected: list[str] = field(default_factory=list)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="พิมพ์ข้อความ")

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def quick(self) -> Locator:
        return self.page.get_by_role("group", name="คำตอบแนะนำ")

    @property
    def newest(self) -> Locator:
        """The newest message of the bot."""
        return self.log.locator(".row.bot").last

    def tap(self, name: str) -> None:
        """Tap what has exactly this name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def say(self, words: str) -> None:
        self.field.fill(words)
        self.field.press("Enter")
        expect(self.log.locator(".row.me").last).to_contain_text(words)


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
        here = PhonePage(context.new_page())
        opened.append(here)
        _watch(here)
        here.page.set_default_timeout(5000)
        # Whatever lies outside this machine is one picture.
        context.route(_OUTSIDE, lambda route: route.fulfill(body=png(64, 64), content_type="image/png"))
        here.page.goto(f"{stage.url}/line" + (f"?user={quote(user)}" if user else ""))
        expect(here.page.locator("#phone")).to_have_attribute("aria-busy", "false")
        return here

    yield open_at
    for one in opened:
        problems = list(one.problems)
        one.page.context.close()
        assert problems == []


def _watch(here: PhonePage) -> None:
    def note(text: str) -> None:
        if not any(expected in text for expected in here.expected):
            here.problems.append(text)

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            note(message.text)

    def crash(error: Error) -> None:
        note(str(error))

    here.page.on("console", console)
    here.page.on("pageerror", crash)
    here.page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"
    )


@pytest.fixture
def phone(phone_at: Callable[..., PhonePage], stage: Stage) -> PhonePage:
    """The page of a friend of the account, on a desktop."""
    stage.befriend()
    return phone_at()
