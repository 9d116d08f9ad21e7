# SPDX-License-Identifier: Apache-2.0
"""Everybody can use the page, and it runs nothing but its own files."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.channels.line.samples import kinds_drawn
from tests.sandbox.line.page import samples
from tests.sandbox.line.page.phone import PhonePage
from tests.sandbox.line.page.samples import SAY, TAP, text
from tests.sandbox.line.page.stage import USER, Stage

Open = Callable[..., PhonePage]


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_any_state(phone_at: Open, stage: Stage, width: int) -> None:
    """The choice of people, a stranger's chat, a full one, the trays, the menu, the sheets and the loading animation."""
    found: list[str] = []

    def look(here: PhonePage, state: str) -> None:
        violations = Axe().run(here.page).response["violations"]
        found.extend(f"{state}: {one['id']}: {[node['target'] for node in one['nodes']]}" for one in violations)

    look(phone_at(width, 900, user=None), "people")
    look(phone_at(width, 900), "stranger")
    stage.befriend()
    stage.call("POST", f"/v2/bot/user/{USER}/richmenu/{stage.menu('เมนูหลัก', SAY, TAP)}")
    ours = kinds_drawn()
    stage.push(*[message for name in list(ours) if (drawn := ours[name]) for message in drawn[:1]])
    stage.do("sticker", {"packageId": "90001", "stickerId": "900013"})
    stage.do("location", {"latitude": 1.5, "longitude": 99})
    stage.push(*samples.every_kind(stage.picture).values())
    here = phone_at(width, 900)
    look(here, "full")
    stage.call("POST", "/v2/bot/chat/loading/start", {"chatId": USER, "loadingSeconds": 20})
    expect(here.log.locator(".typing")).to_be_visible()
    look(here, "loading")
    for name in ("อีโมจิและสติกเกอร์", "ส่งรูป ไฟล์ หรือตำแหน่ง"):
        here.tap(name)
        look(here, name)
    here.tap("ตำแหน่ง")
    look(here, "places")
    here.page.keyboard.press("Escape")
    here.tap("ตัวเลือกของแชต")
    look(here, "options")
    here.tap("บล็อกบัญชีนี้")
    expect(here.field).to_be_disabled()
    look(here, "blocked")
    assert not found, "\n".join(found)


def test_the_policy_allows_the_pages_own_files_only(stage: Stage) -> None:
    """Nothing inline, no evaluation, no frame, no form; pictures and films may lie elsewhere."""
    with urlopen(f"{stage.url}/line") as answer:
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        page = answer.read().decode()
    assert policy["default-src"] == "'none'"
    assert [policy[name] for name in ("script-src", "style-src", "connect-src")] == ["'self'"] * 3
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in str(policy)
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page)


@pytest.mark.parametrize("name", ["main.js", "phone.css", "icon.svg"])
def test_the_pages_files_are_served_as_what_they_are(stage: Stage, name: str) -> None:
    """With their type, and never guessed."""
    with urlopen(f"{stage.url}/line/page/{name}") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers.get_content_type() in ("text/javascript", "text/css", "image/svg+xml")


@pytest.mark.parametrize(
    "name",
    [
        "no.js",
        "index.html",
        "..%2Fmount.py",
        "..%2Fpage%2Fmain.js",
        "..%2F..%2Fserver.py",
        "%2E%2E%2Fmount.js",
        "%00.js",
    ],
)
def test_nothing_else_is_served(stage: Stage, name: str) -> None:
    """Neither unknown names nor the code beside the page."""
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{stage.url}/line/page/{name}")
    assert refused.value.code == 404


def test_a_policy_violation_would_be_seen(phone: PhonePage) -> None:
    """The fixture's listener hears what the browser refuses."""
    phone.expected += ["policy:", "Content Security Policy"]
    seen: list[str] = []
    phone.page.on("console", lambda message: seen.append(message.text))
    phone.page.evaluate("document.body.setAttribute('style', 'color: red')")
    phone.page.wait_for_timeout(200)
    assert any("policy: style-src-attr" in one for one in seen)


def test_everything_works_by_keyboard(phone: PhonePage, stage: Stage) -> None:
    """Tab reaches the newest answers, the focus is seen, a sheet gives it back."""
    stage.push(text("เลือกได้เลยค่ะ", TAP))
    expect(phone.quick).to_be_visible()
    phone.field.focus()
    choice = phone.quick.get_by_role("button", name="ยืนยัน")
    for _ in range(4):
        phone.page.keyboard.press("Shift+Tab")
        if choice.evaluate("one => one === document.activeElement"):
            break
    expect(choice).to_be_focused()
    assert (
        choice.evaluate("one => getComputedStyle(one).outlineStyle + getComputedStyle(one).outlineWidth") == "solid3px"
    )
    phone.page.keyboard.press("Enter")
    assert stage.event()["postback"]["data"] == "4.0.1"
    menu = phone.page.get_by_role("button", name="ตัวเลือกของแชต")
    menu.focus()
    phone.page.keyboard.press("Enter")
    expect(phone.sheet).to_be_visible()
    phone.page.keyboard.press("Escape")
    expect(phone.sheet).to_have_count(0)
    expect(menu).to_be_focused()


def test_only_news_is_read_aloud(phone: PhonePage, stage: Stage) -> None:
    """The history enters a silent log; what comes later enters a live one."""
    stage.push(text("เก่าค่ะ"))
    expect(phone.newest).to_contain_text("เก่าค่ะ")
    phone.page.add_init_script(
        "window.live = []; new MutationObserver((all) => all.forEach(({target, addedNodes}) =>"
        " target.role === 'log' && addedNodes.length && window.live.push(target.getAttribute('aria-live'))))"
        ".observe(document, {childList: true, subtree: true})"
    )
    phone.page.reload()
    expect(phone.newest).to_contain_text("เก่าค่ะ")
    phone.page.wait_for_timeout(100)
    assert set(phone.page.evaluate("window.live")) == {"off"}
    stage.push(text("ใหม่ค่ะ"))
    expect(phone.newest).to_contain_text("ใหม่ค่ะ")
    expect(phone.log).to_have_attribute("aria-live", "polite")
    assert phone.page.evaluate("window.live").count("polite") == 1


@pytest.mark.parametrize("width", [320, 1280])
def test_targets_are_large_enough(phone_at: Open, stage: Stage, width: int) -> None:
    """At least 24 by 24 px, as WCAG 2.2 asks."""
    stage.befriend()
    stage.push(*samples.every_kind(stage.picture).values())
    here = phone_at(width, 900)
    expect(here.quick).to_be_visible()
    small = here.page.evaluate(
        "[...document.querySelectorAll('button, .quick a, .top a, textarea')].filter((one) => one.getClientRects().length)"
        ".filter((one) => one.offsetWidth < 24 || one.offsetHeight < 24).map((one) => one.outerHTML)"
    )
    assert small == []
