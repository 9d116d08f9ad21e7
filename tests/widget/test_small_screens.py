# SPDX-License-Identifier: Apache-2.0
"""On a small phone, with its keyboard open, what was said and what can be tapped stay in sight."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.widget.chatpage import ChatPage
from tests.widget.probes import TO_END

Open = Callable[..., ChatPage]

#: height in px of a part of the panel
HEIGHT = "(one) => one.getBoundingClientRect().height"
#: number of lines on which an inline element stands
LINES = "(one) => one.getClientRects().length"


def test_the_head_is_one_slim_line(chat: Open) -> None:
    """A long title is cut with dots, not set on a second line."""
    here = chat(320, 568).open()
    head = here.panel.locator(".head")
    assert head.evaluate(HEIGHT) <= 56
    here.page.evaluate("document.querySelector('pracha-chat').dataset.title = 'ศูนย์บริการประชาชนเทศบาลเมืองตัวอย่างเหนือ'")
    expect(head).to_contain_text("ตัวอย่างเหนือ")
    assert head.evaluate(HEIGHT) <= 56


def test_a_low_screen_shows_the_conversation(chat: Open) -> None:
    """At 300 px of height more than half is the log; the footer's link is in the menu as well."""
    here = chat(320, 300).open()
    here.say("อะไรก็ได้")
    assert here.panel.locator(".logbox").evaluate(HEIGHT) >= 165
    expect(here.panel.locator(".foot")).to_be_hidden()
    here.panel.get_by_role("button", name="เมนู").click()
    expect(here.panel.get_by_role("link", name="นโยบายความเป็นส่วนตัว")).to_be_visible()
    here.page.keyboard.press("Escape")
    here.page.set_viewport_size({"width": 320, "height": 568})
    expect(here.panel.locator(".foot")).to_be_visible()


def test_the_end_stays_in_sight_when_the_keyboard_opens(chat: Open) -> None:
    """The buttons of the last question lie where they can be tapped; who reads further up is not moved."""
    here = chat(320, 568).open()
    for text in ("ฝุ่นเชียงใหม่", "ข้าม"):
        here.say(text)
    here.panel.locator(".scroll").evaluate("(box) => box.scrollTo({ top: box.scrollHeight, behavior: 'instant' })")
    here.page.wait_for_timeout(300)
    here.page.set_viewport_size({"width": 320, "height": 300})
    here.page.wait_for_timeout(300)
    assert here.page.evaluate(TO_END) < 2
    expect(here.panel.get_by_role("button", name="ยกเลิก")).to_be_in_viewport(ratio=1)
    here.page.set_viewport_size({"width": 320, "height": 568})
    here.panel.locator(".scroll").evaluate("(box) => box.scrollTo({ top: 0, behavior: 'instant' })")
    here.page.wait_for_timeout(300)
    here.page.set_viewport_size({"width": 320, "height": 300})
    here.page.wait_for_timeout(300)
    assert here.panel.locator(".scroll").evaluate("(box) => box.scrollTop") == 0


@pytest.mark.parametrize("width", [320, 330, 340, 350, 360])
def test_numbers_and_short_links_are_not_broken(chat: Open, width: int) -> None:
    """A case number is copied, a path is read: each in one piece, in words, titles and choices."""
    here = chat(width, 640).open()
    here.say("ถูกต้อง")
    number = here.log.get_by_text("2569-7KMPX4", exact=True)
    assert number.evaluate(LINES) == 1
    assert here.log.get_by_role("link", name="/privacy").evaluate(LINES) == 1


def test_the_way_to_the_end_lies_on_no_words(chat: Open) -> None:
    """A bar over the whole width under the log, not a button in the middle of a line."""
    here = chat(320, 568).open()
    here.say("ยาว")
    bar = here.panel.get_by_role("button", name="ข้อความล่าสุด")
    expect(bar).to_be_visible()
    box, log = bar.bounding_box(), here.panel.locator(".logbox").bounding_box()
    assert box is not None
    assert log is not None
    assert (round(box["x"]), round(box["width"])) == (round(log["x"]), round(log["width"]))
    assert round(box["y"] + box["height"]) == round(log["y"] + log["height"])
    assert box["height"] <= 48
    bar.click()
    expect(bar).to_be_hidden()
    assert here.page.evaluate(TO_END) < 2


def _choose_photo(here: ChatPage) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": out.getvalue()}
    here.page.locator("pracha-chat input.gallery").set_input_files(picture)  # type: ignore[arg-type]
    expect(here.panel.get_by_role("img", name="รูปที่จะส่ง")).to_be_visible()


def test_words_do_not_leave_a_chosen_photo_behind(chat: Open) -> None:
    """With a photo waiting the citizen is asked; both go, the photo first."""
    here = chat(320, 568).open()
    _choose_photo(here)
    assert here.panel.locator(".preview").evaluate(HEIGHT) <= 130
    here.field.fill("หลุมลึกมาก")
    here.field.press("Enter")
    expect(here.panel.get_by_role("alert")).to_have_text("ส่งรูปนี้ด้วยไหมคะ")
    expect(here.said).to_have_count(0)
    here.panel.get_by_role("button", name="ส่งรูปกับข้อความ").click()
    expect(here.said.last).to_contain_text("หลุมลึกมาก")
    expect(here.log.locator(".citizen canvas")).to_have_count(1)
    assert "หลุมลึกมาก" not in here.said.first.locator(".bubble, canvas").first.inner_text()
    expect(here.field).to_have_value("")
    expect(here.panel.locator(".preview")).to_have_count(0)


def test_the_words_can_go_alone(chat: Open) -> None:
    """The photo is put away then, not kept over the log."""
    here = chat(320, 568).open()
    _choose_photo(here)
    here.field.fill("ไม่ส่งรูปแล้ว")
    here.field.press("Enter")
    here.panel.get_by_role("button", name="ส่งแต่ข้อความ").click()
    expect(here.said.last).to_contain_text("ไม่ส่งรูปแล้ว")
    expect(here.panel.locator(".preview")).to_have_count(0)
    expect(here.log.locator(".citizen canvas")).to_have_count(0)


def test_send_without_words_sends_the_photo(chat: Open) -> None:
    """The button at the field does what it seems to do."""
    here = chat(320, 568).open()
    _choose_photo(here)
    here.panel.get_by_role("button", name="ส่งข้อความ").click()
    expect(here.said.last.locator("canvas")).to_be_visible()
    expect(here.panel.locator(".preview")).to_have_count(0)
