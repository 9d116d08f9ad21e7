# SPDX-License-Identifier: Apache-2.0
"""What a citizen does on a page with the widget, as verbs for tests."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, expect

from tests.widget.probes import LISTEN


@dataclass
class ChatPage:
    """A browser page with the widget on it."""

    page: Page
    problems: list[str] = field(default_factory=list)
    #: console messages that a test causes on purpose contain one of these
    expected: list[str] = field(default_factory=list)

    @property
    def launcher(self) -> Locator:
        return self.page.locator("pracha-chat .launcher")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def field(self) -> Locator:
        return self.panel.get_by_role("textbox")

    @property
    def log(self) -> Locator:
        return self.panel.get_by_role("log")

    def open(self) -> ChatPage:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def say(self, text: str) -> None:
        """Types, sends, and waits until something answered."""
        before = self.answers.count()
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.answers.nth(before)).to_be_visible()

    @property
    def answers(self) -> Locator:
        return self.log.locator(".row.bot")

    @property
    def said(self) -> Locator:
        return self.log.locator(".row.citizen")

    def listen(self) -> None:
        self.page.evaluate(LISTEN)

    def announced(self) -> list[str]:
        return list(self.page.evaluate("window.announced"))


def open_page(page: Page, server: str, path: str) -> ChatPage:
    """The page, loaded, with every console error, page error and policy violation collected."""
    chat = ChatPage(page)

    def note(text: str) -> None:
        if not any(expected in text for expected in chat.expected):
            chat.problems.append(text)

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            note(message.text)

    def crash(error: Error) -> None:
        note(str(error))

    page.on("console", console)
    page.on("pageerror", crash)
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective))"
    )
    page.goto(server + path)
    page.locator("pracha-chat").wait_for(state="attached")
    return chat
