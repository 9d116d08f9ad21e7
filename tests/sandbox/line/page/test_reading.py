# SPDX-License-Identifier: Apache-2.0
"""On a small telephone the newest answer can be read from its beginning, and what is being typed can be seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.sandbox.line.page.phone import PhonePage
from tests.sandbox.line.page.samples import SAY, box, bubble, flex, text, words
from tests.sandbox.line.page.stage import Stage

LONG = flex(bubble(box(*(words(f"บรรทัดที่ {number}") for number in range(40)))))


@pytest.fixture
def small(phone_at: Callable[..., PhonePage], stage: Stage) -> PhonePage:
    """A small telephone with enough of a conversation to scroll."""
    stage.befriend()
    stage.push(*(text(f"ก่อนหน้า {number}") for number in range(15)))
    return phone_at(360, 640)


def from_top(row: Locator) -> float:
    """Pixels from the upper edge of the conversation to that of a row; negative when its beginning cannot be seen."""
    return float(
        row.evaluate("one => one.getBoundingClientRect().top - one.closest('.log').getBoundingClientRect().top")
    )


def is_at_end(phone: PhonePage) -> bool:
    return bool(phone.log.evaluate("one => one.scrollHeight - one.scrollTop - one.clientHeight < 2"))


def test_a_long_answer_is_shown_from_its_beginning(small: PhonePage, stage: Stage) -> None:
    """All of its messages are one answer; a short one is shown at the end, as ever."""
    assert is_at_end(small)
    small.say("ถามค่ะ")
    stage.push(LONG, text("สนใจเรื่องไหนคะ", SAY))
    expect(small.quick).to_be_visible()
    assert 0 <= from_top(small.log.locator(".row.bot").filter(has_text="บรรทัดที่ 39")) < 20
    small.say("ขอบคุณค่ะ")
    stage.push(text("ยินดีค่ะ"))
    expect(small.newest).to_contain_text("ยินดีค่ะ")
    assert is_at_end(small)


def test_later_news_are_shown_to_who_has_not_scrolled(small: PhonePage, stage: Stage) -> None:
    """Somebody who reads something older is left where they read."""
    stage.push(LONG)
    expect(small.log.get_by_text("บรรทัดที่ 39")).to_be_attached()
    small.page.wait_for_timeout(1700)  # longer than the messages of one answer are apart
    stage.push(text("เรื่องของคุณเสร็จแล้วค่ะ"))
    expect(small.log.get_by_text("เรื่องของคุณเสร็จแล้วค่ะ")).to_be_in_viewport()
    small.log.evaluate("one => { one.scrollTop = 50 }")
    stage.push(text("อีกข่าวค่ะ"))
    expect(small.newest).to_contain_text("อีกข่าวค่ะ")
    assert small.log.evaluate("one => one.scrollTop") == 50


def test_the_keyboard_takes_the_place_of_the_menu(small: PhonePage, stage: Stage) -> None:
    """As on a telephone; the bar opens it again, and the answer above keeps its beginning in sight."""
    stage.call("POST", f"/v2/bot/user/all/richmenu/{stage.menu('เมนูหลัก', SAY)}")
    expect(small.menu).to_be_visible()
    small.field.click()
    expect(small.menu).to_be_hidden()
    small.say("ถามค่ะ")
    stage.push(LONG)
    expect(small.newest).to_contain_text("บรรทัดที่ 39")
    small.menu_bar.click()
    expect(small.menu).to_be_visible()
    assert 0 <= from_top(small.newest) < 20


def test_the_field_grows_with_its_words(small: PhonePage) -> None:
    """Up to some lines; after sending it is as small as before."""
    high = "one => one.getBoundingClientRect().height"
    empty = small.field.evaluate(high)
    small.field.fill("ขอสอบถามเรื่องการต่อใบขับขี่ที่หมดอายุไปแล้วสองปี ต้องสอบใหม่ไหมคะ")
    grown = small.field.evaluate(high)
    assert grown >= empty + 40
    assert small.field.evaluate("one => one.scrollHeight - one.clientHeight") <= 2
    small.field.fill("ยาว " * 300)
    assert grown < small.field.evaluate(high) < 130
    small.field.press("Enter")
    expect(small.field).to_have_value("")
    assert small.field.evaluate(high) == empty


def test_a_message_is_named_in_short(small: PhonePage, stage: Stage) -> None:
    """Whole characters and an ellipsis, in the heading of what can be done with it."""
    stage.push(text("กี่" * 50))
    expect(small.newest).to_contain_text("กี่กี่")
    small.newest.get_by_role("button").click()
    expect(small.sheet.get_by_role("heading")).to_have_text("กี่" * 40 + "…")
