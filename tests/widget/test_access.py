# SPDX-License-Identifier: Apache-2.0
"""Everybody can use the widget: by keyboard, by ear, on small screens, in two languages (W-05, W-07, W-08)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.widget.chatpage import ChatPage
from tests.widget.probes import LABELS, LINE_STARTS, SMALL_TARGETS, STICKS_OUT, TYPE_OF, WATCH_HISTORY

Open = Callable[..., ChatPage]


def _walk(chat: ChatPage) -> None:
    """Brings every kind of block on the screen."""
    for text in ("ฝุ่นเชียงใหม่", "สถานี", "ไฟถนนดับ", "ตำแหน่ง", "ข้าม", "รูป", "html"):
        chat.say(text)


@pytest.mark.parametrize(("width", "dark"), [(320, False), (768, False), (1280, False), (1280, True), (320, True)])
def test_axe_finds_nothing_in_any_state(chat: Open, width: int, dark: bool) -> None:
    """W-07: no violation of any severity, closed, empty, full, with the menu, in English and offline."""
    here = chat(width, 900, dark=dark)
    found: list[str] = []

    def look(state: str) -> None:
        violations = Axe().run(here.page).response["violations"]
        found.extend(f"{state}: {one['id']}: {[node['target'] for node in one['nodes']]}" for one in violations)

    look("closed")
    here.open()
    look("empty")
    _walk(here)
    look("full")
    here.panel.get_by_role("button", name="เมนู").click()
    look("menu")
    here.page.keyboard.press("Escape")
    here.panel.get_by_role("button", name="Switch to English").click()
    look("English")
    here.page.context.set_offline(True)
    here.expected.append("ERR_INTERNET_DISCONNECTED")
    expect(here.panel.get_by_text("You are offline")).to_be_visible()
    look("offline")
    here.page.context.set_offline(False)
    assert not found, "\n".join(found)


def test_privacy_page_has_no_violation(chat: Open, server: str) -> None:
    """The pages around the widget are held to the same standard."""
    here = chat(320, 900)
    here.page.goto(f"{server}/privacy")
    assert Axe().run(here.page).response["violations"] == []
    assert here.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_everything_works_by_keyboard(chat: Open) -> None:
    """W-07: Tab to the launcher, Enter, type, answer, choose with the keyboard, Escape gives the focus back."""
    here = chat()
    here.launcher.focus()
    here.page.keyboard.press("Enter")
    expect(here.field).to_be_focused()
    here.page.keyboard.type("สวัสดี")
    here.page.keyboard.press("Shift+Enter")
    here.page.keyboard.type("สองบรรทัด")
    here.page.keyboard.press("Enter")
    expect(here.said.first).to_contain_text("สวัสดี\nสองบรรทัด")
    choice = here.panel.get_by_role("button", name="แจ้งปัญหา")
    expect(choice).to_be_visible()
    for _ in range(12):
        here.page.keyboard.press("Shift+Tab")
        if choice.evaluate("one => one === one.getRootNode().activeElement"):
            break
    expect(choice).to_be_focused()
    outline = choice.evaluate("one => getComputedStyle(one).outlineStyle + getComputedStyle(one).outlineWidth")
    assert outline == "solid3px", "focus is visible"
    here.page.keyboard.press("Enter")
    expect(here.said.nth(1)).to_contain_text("แจ้งปัญหา")
    expect(here.field).to_be_focused()
    here.page.keyboard.press("Escape")
    expect(here.panel).to_be_hidden()
    expect(here.launcher).to_be_focused()


def test_escape_closes_the_menu_before_the_panel(chat: Open) -> None:
    """One Escape undoes one thing."""
    here = chat().open()
    menu = here.panel.get_by_role("button", name="เมนู")
    menu.click()
    expect(here.panel.get_by_role("button", name="ติดต่อเจ้าหน้าที่")).to_be_visible()
    here.page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(here.panel).to_be_visible()
    here.page.keyboard.press("Escape")
    expect(here.panel).to_be_hidden()


def test_tab_stays_inside_only_while_the_panel_covers_the_page(chat: Open) -> None:
    """Full screen is a modal dialog; on a desktop the page stays reachable."""
    small = chat(360, 640).open()
    assert small.panel.get_attribute("aria-modal") == "true"
    for _ in range(20):
        small.page.keyboard.press("Tab")
        assert small.page.evaluate("document.activeElement.tagName") == "PRACHA-CHAT"
    large = chat(1280, 800).open()
    assert large.panel.get_attribute("aria-modal") is None


def test_each_message_is_read_aloud_once(chat: Open) -> None:
    """W-07: a question and its answer enter the live log once each, whichever of POST and poll is faster."""
    here = chat().open()
    here.listen()
    here.say("อะไรก็ได้")
    here.page.wait_for_timeout(400)
    heard = here.announced()
    assert len([text for text in heard if "คุณพิมพ์ว่า" in text]) == 1
    assert len([text for text in heard if "อะไรก็ได้" in text and "คุณพิมพ์ว่า" not in text]) == 1
    assert "ผู้ช่วย" in next(text for text in heard if "คุณพิมพ์ว่า" in text), "says who speaks"


def test_history_is_not_read_aloud_after_a_reload(chat: Open) -> None:
    """W-07: only news is announced, not the whole conversation again."""
    here = chat().open()
    here.say("เก่า")
    here.page.add_init_script(WATCH_HISTORY)
    here.page.reload()
    expect(here.said).to_have_count(1)
    here.page.wait_for_timeout(300)
    seen = here.page.evaluate("window.live")
    assert seen
    assert set(seen) == {"off"}
    expect(here.log).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("zoom", [1, 2])
def test_nothing_is_cut_off_at_320_pixels_and_200_percent(chat: Open, zoom: int) -> None:
    """W-08: reflow without sideways scrolling; 200 % zoom is half the pixels on the same screen."""
    here = chat(640 // 2 if zoom == 2 else 320, 568 if zoom == 1 else 360).open()
    _walk(here)
    here.say("ยาว")
    assert here.page.evaluate(STICKS_OUT) == []
    assert here.page.evaluate(SMALL_TARGETS) == []


def test_thai_is_large_enough_and_never_cut_inside_a_cluster(chat: Open) -> None:
    """W-08: at least 16 px, line height of 1.6 or more, no letter spacing, also on a page that made 1rem small."""
    here = chat(320, 640)
    here.page.evaluate("document.documentElement.style.fontSize = '10px'")
    here.open()
    here.say("ยาว")
    size, line, spacing = here.answers.first.locator(".bubble").first.evaluate(TYPE_OF)
    assert size >= 16
    assert line / size >= 1.6
    assert spacing == "normal"
    # Every visual line must begin with a character that can begin one: never a vowel or tone mark above or below.
    starts = here.answers.last.locator(".bubble").last.evaluate(LINE_STARTS)
    assert len(starts) > 5
    assert not [start for start in starts if start in "ะัาำิีึืฺุู็่้๊๋์ํๅๆฯ"], starts


def test_the_switch_changes_every_word_and_the_language_of_the_widget(chat: Open) -> None:
    """W-08: lang and all labels; Thai answers stay marked as Thai; the choice is remembered."""
    here = chat().open()
    here.say("อะไรก็ได้")
    here.panel.get_by_role("button", name="Switch to English").click()
    root = here.page.locator("pracha-chat [lang]").first
    expect(root).to_have_attribute("lang", "en")
    expect(here.panel.get_by_role("textbox", name="Type a message")).to_be_visible()
    expect(here.answers.first.locator(".bubble").first).to_have_attribute("lang", "th")
    names = here.page.evaluate(LABELS)
    assert not [name for name in names if any("\u0e00" <= letter <= "\u0e7f" for letter in name)]
    here.page.reload()
    expect(root).to_have_attribute("lang", "en")
