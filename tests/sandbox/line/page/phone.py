# SPDX-License-Identifier: Apache-2.0
"""The phone page in a browser: what a citizen sees and does there, as verbs for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from playwright.sync_api import ConsoleMessage, Error, FilePayload, Locator, Page, expect


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
    def menu(self) -> Locator:
        """The rich menu, whatever it is called."""
        return self.page.locator("#rich-menu")

    @property
    def menu_bar(self) -> Locator:
        """Opens and closes the rich menu."""
        return self.page.locator(".menu-bar")

    @property
    def newest(self) -> Locator:
        """The newest message of the bot."""
        return self.log.locator(".row.bot").last

    def open(self, server: str, user: str | None) -> None:
        """Load the page of somebody, by id or name, or the choice of people; from then on all its errors are noted."""
        _watch(self)
        self.page.goto(f"{server}/line" + (f"?user={quote(user)}" if user else ""))
        expect(self.page.locator("#phone")).to_have_attribute("aria-busy", "false")

    def tap(self, name: str) -> None:
        """Tap what has exactly this name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose_files(self, opening: Callable[[], None], *files: FilePayload) -> None:
        """Do what opens the machine's file picker, and choose there."""
        with self.page.expect_file_chooser() as choosing:
            opening()
        choosing.value.set_files(files)

    def say(self, words: str) -> None:
        self.field.fill(words)
        self.field.press("Enter")
        expect(self.log.locator(".row.me").last).to_contain_text(words)


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
