# SPDX-License-Identifier: Apache-2.0
"""The chain as a citizen sees it: a real browser, the demo page, the widget, and everything behind it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.e2e.conftest import is_png, picture_file
from tests.e2e.stack import Stack
from tests.widget.chatpage import ChatPage, open_page

NUMBER = re.compile(r"25\d{2}-[0-9A-Z]{6}")
ANSWER = 30_000  # milliseconds


@pytest.fixture
def chat(browser: Browser, stack: Stack) -> Iterator[ChatPage]:
    """The demo page on a phone's screen, with the chat open; it must end without an error in the console."""
    context = browser.new_context(viewport=ViewportSize(width=412, height=915), locale="th-TH", reduced_motion="reduce")
    chat = open_page(context.new_page(), stack.url, "/").open()
    chat.page.set_default_timeout(ANSWER)
    expect.set_options(timeout=ANSWER)
    yield chat
    problems = list(chat.problems)
    context.close()
    assert problems == []


def say(chat: ChatPage, text: str) -> str:
    """Types a message, waits for its answer and returns the answer's words."""
    before = chat.answers.count()
    chat.say(text)
    chat.page.wait_for_timeout(300)
    return "\n".join(chat.answers.nth(i).inner_text() for i in range(before, chat.answers.count()))


def report(chat: ChatPage) -> str:
    """Reports a street light, answering what is asked; returns the case number."""
    said = say(chat, "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมากกก")
    for _ in range(8):
        if found := NUMBER.search(said):
            return found.group(0)
        said = say(chat, "ใช่" if re.search("ยืนยัน|ถูกต้อง", said) else "ข้าม")
    raise AssertionError(said)


def test_chain_in_the_browser(chat: ChatPage) -> None:
    """Every sentence of the first page of the README, typed in a browser, gets a true answer."""
    assert "เชียงใหม่" in say(chat, "ฝุ่นแถวเชียงใหม่วันนี้เป็นยังไง")
    assert "นครราชสีมา" in say(chat, "pm2.5 โคราช")
    number = report(chat)
    assert "รอรับเรื่อง" in say(chat, f"เรื่อง {number} ถึงไหนแล้ว")
    assert "ข้อมูล ณ วันที่" in say(chat, "บัตรปชชหายต้องใช้อะไรบ้าง")
    assert "สวัสดี" in say(chat, "l;ylfu")
    assert re.search("1111|เจ้าหน้าที่", say(chat, "อยากได้สูตรทำต้มยำกุ้งอร่อยๆ"))


def test_widget_keeps_the_conversation_over_a_reload(chat: ChatPage) -> None:
    """After a reload the same messages stand there, once each, and the next one is answered."""
    say(chat, "สวัสดีครับ")
    say(chat, "ขอบคุณครับ")
    before = chat.log.locator(".row").all_inner_texts()
    chat.page.reload()
    if not chat.panel.is_visible():
        chat.open()
    expect(chat.said).to_have_count(2)
    assert chat.log.locator(".row").all_inner_texts() == before
    assert say(chat, "pm2.5 โคราช")


def test_widget_hands_out_the_citizens_own_data(chat: ChatPage) -> None:
    """ขอข้อมูลของฉัน ends in a file on the citizen's device that holds what was said."""
    say(chat, "pm2.5 โคราช")
    say(chat, "ขอสำเนาข้อมูลของฉัน")
    with chat.page.expect_download() as downloading:
        chat.log.get_by_role("button", name="ดาวน์โหลดข้อมูลของฉัน").click()
    kept = json.loads(Path(downloading.value.path()).read_text(encoding="utf-8"))
    assert "pm2.5 โคราช" in [line["said"].get("text") for line in kept["conversation"] if line["from"] == "citizen"]


def test_chain_picture(chat: ChatPage) -> None:
    """The picture of the README is taken from the running chat."""
    say(chat, "ฝุ่นแถวเชียงใหม่วันนี้เป็นยังไง")
    target = picture_file("chat.png")
    chat.page.screenshot(path=target)
    assert is_png(target)
