# SPDX-License-Identifier: Apache-2.0
"""A conversation in a real browser: blocks, trouble on the way, resume, and pages of other sites (W-01…06, W-09, W-10)."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Request, Route, expect

from tests.widget.chatpage import ChatPage, open_page
from tests.widget.probes import FORBID_STORAGE, FORGE_SESSION, NEWEST_ROW_TOP, TO_END

Open = Callable[..., ChatPage]


def _photo(width: int = 3000, height: int = 2000) -> bytes:
    """A JPEG with a hidden remark, as a phone's camera would leave one."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "hidden remark"
    Image.new("RGB", (width, height), "#3a7d44").save(out, "JPEG", exif=exif)
    return out.getvalue()


def _json(request: Request) -> dict[str, Any]:
    """The body of a request that holds an object."""
    body: dict[str, Any] = json.loads(request.post_data or "null")
    return body


def test_choices_stay_until_they_are_answered(chat: Open) -> None:
    """Buttons stand under the question, go with the answer, and the answer is sent as the choice's id."""
    here = chat().open()
    here.say("อะไรก็ได้")
    button = here.log.get_by_role("button", name="แจ้งปัญหา")
    expect(button).to_be_visible()
    with here.page.expect_request("**/chat/messages?*") as sent:
        button.click()
    body = _json(sent.value)
    assert body["choice"] == "report"
    assert "text" not in body
    expect(button).to_be_hidden()
    expect(here.said.last).to_contain_text("แจ้งปัญหา")


def test_choices_can_be_typed_too(chat: Open) -> None:
    """Typing instead of tapping answers the question as well."""
    here = chat().open()
    here.say("อะไรก็ได้")
    here.say("ฝุ่นเชียงใหม่")
    expect(here.log.get_by_role("button", name="แจ้งปัญหา")).to_have_count(0)


def test_card_tells_level_source_time_and_that_it_is_made_up(chat: Open) -> None:
    """Level not by colour alone; observation time with the Buddhist year; the sandbox label; only safe links."""
    here = chat().open()
    here.say("ฝุ่นเชียงใหม่")
    card = here.log.locator(".card")
    expect(card.get_by_role("img", name="ระดับ 4 จาก 5")).to_be_visible()
    expect(card).to_contain_text("ข้อมูลสมมติ (โหมดทดลอง)")
    assert re.search(r"ข้อมูลเมื่อ \d{1,2} \S+ 25\d\d \d\d:\d\d น\.", card.inner_text())
    assert {link.get_attribute("href") for link in card.get_by_role("link").all()} == {
        "https://air4thai.pcd.go.th/",
        "tel:1650",
    }
    for link in card.locator("a[target=_blank]").all():
        assert link.get_attribute("rel") == "noopener noreferrer"


def test_carousel_moves_by_its_buttons(chat: Open) -> None:
    """Cards that do not fit can be reached without a swipe."""
    here = chat().open()
    here.say("สถานี")
    strip = here.log.get_by_role("list", name="รายการแบบเลื่อน")
    assert strip.evaluate("one => one.scrollLeft") == 0
    here.log.get_by_role("button", name="รายการถัดไป").click()
    here.page.wait_for_function(
        "() => document.querySelector('pracha-chat').shadowRoot.querySelector('.carousel ul').scrollLeft > 100"
    )


def test_markup_from_outside_is_only_text(chat: Open) -> None:
    """W-05: tags and script addresses are shown as they were written; unknown blocks show nothing."""
    here = chat().open()
    here.say('<img src=x onerror="alert(1)"> html')
    bubble = here.answers.last.locator(".bubble").last
    expect(bubble).to_contain_text('<img src=x onerror="alert(1)"> [link](javascript:alert(1)) http://example.com/')
    assert here.log.locator(".bubble img, .bubble script").count() == 0
    assert [link.get_attribute("href") for link in bubble.get_by_role("link").all()] == ["https://www.example.go.th/"]
    assert "hologram" not in here.log.inner_text()


def test_location_is_asked_for_by_a_tap_and_sent(chat: Open) -> None:
    """What it is for stands beside the button; nothing is asked before the tap."""
    here = chat()
    here.page.context.grant_permissions(["geolocation"])
    here.page.context.set_geolocation({"latitude": 18.7883131, "longitude": 98.9853})
    here.open()
    here.say("ไฟถนนดับ")
    expect(here.log.get_by_text("ตำแหน่งจะใช้กับเรื่องนี้เท่านั้น")).to_be_visible()
    with here.page.expect_request("**/chat/messages?*") as sent:
        here.log.get_by_role("button", name="ส่งตำแหน่งปัจจุบัน").click()
    assert _json(sent.value)["location"] == {"lat": 18.78831, "lon": 98.9853}
    expect(here.said.last).to_contain_text("ตำแหน่งที่ส่ง")
    expect(here.said).to_have_count(2)


def test_a_refused_location_says_what_to_do_instead(chat: Open) -> None:
    """The citizen can go on by typing the place."""
    here = chat().open()
    here.page.context.clear_permissions()
    here.say("ไฟถนนดับ")
    here.page.evaluate(
        "() => { navigator.geolocation.getCurrentPosition = (_, fail) => fail({ code: 1, PERMISSION_DENIED: 1 }); }"
    )
    here.log.get_by_role("button", name="ส่งตำแหน่งปัจจุบัน").click()
    expect(here.log.get_by_text("พิมพ์ชื่อสถานที่แทนได้ค่ะ")).to_be_visible()


def test_photo_is_previewed_made_small_and_stripped_before_it_leaves(chat: Open) -> None:
    """W-09: preview, send, and the bytes that leave hold neither the hidden data nor 12 megapixels."""
    here = chat().open()
    here.say("ตำแหน่ง")
    with here.page.expect_file_chooser() as chooser:
        here.log.get_by_role("button", name="เลือกรูป").click()
    chooser.value.set_files({"name": "hole.jpg", "mimeType": "image/jpeg", "buffer": _photo()})
    expect(here.panel.get_by_role("img", name="รูปที่จะส่ง")).to_be_visible()
    uploads: list[bytes] = []

    def keep(route: Route) -> None:
        uploads.append(route.request.post_data_buffer or b"")
        route.continue_()

    here.page.route("**/chat/uploads", keep)
    here.panel.get_by_role("button", name="ส่งรูปนี้").click()
    expect(here.said.last.locator("canvas")).to_be_visible()
    body = uploads[0]
    assert b'name="file"' in body
    assert b"hidden remark" not in body
    sent = Image.open(io.BytesIO(body[body.index(b"\xff\xd8") : body.rindex(b"\xff\xd9") + 2]))
    assert sent.size == (1600, 1067)
    expect(here.panel.get_by_role("img", name="รูปที่จะส่ง")).to_have_count(0)
    # After a reload the photo comes back from the server, with the token in the header.
    here.page.reload()
    here.page.wait_for_function(
        "() => document.querySelector('pracha-chat').shadowRoot.querySelector('.citizen canvas')?.width === 1600"
    )
    here.page.wait_for_timeout(500)
    assert here.page.evaluate(TO_END) < 2, "the late photo does not push the end out of sight"


def test_a_photo_can_be_given_up_and_a_text_file_is_no_photo(chat: Open) -> None:
    """Cancel leaves nothing behind; a wrong file is told at once."""
    here = chat().open()
    gallery = here.page.locator("pracha-chat input.gallery")
    gallery.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(here.panel.get_by_text("ไฟล์นี้ไม่ใช่รูปภาพ")).to_be_visible()
    here.panel.get_by_role("button", name="ยกเลิก").click()
    expect(here.panel.get_by_text("ไฟล์นี้ไม่ใช่รูปภาพ")).to_be_hidden()


def test_a_refused_message_says_why_and_can_be_sent_again(chat: Open) -> None:
    """W-10: the server's own sentence, and a button; the retry carries the same id."""
    here = chat().open()
    here.expected.append("429")
    ids: list[str] = []

    def limit(route: Route) -> None:
        ids.append(_json(route.request)["id"])
        if len(ids) == 1:
            route.fulfill(status=429, json={"error": "too_many", "message": "ส่งถี่ไปนิดค่ะ รอสักครู่นะคะ"})
        else:
            route.continue_()

    here.page.route("**/chat/messages?*", limit)
    here.field.fill("เร็วไป")
    here.field.press("Enter")
    expect(here.said.last).to_contain_text("ส่งไม่สำเร็จ: ส่งถี่ไปนิดค่ะ รอสักครู่นะคะ")
    here.said.last.get_by_role("button", name="ลองอีกครั้ง").click()
    expect(here.answers.first).to_be_visible()
    assert ids[0] == ids[1]
    expect(here.said).to_have_count(1)
    expect(here.said).not_to_contain_text("ส่งไม่สำเร็จ")


def test_offline_is_told_and_what_was_written_goes_out_later_in_order(chat: Open) -> None:
    """W-02: banner, queue, and no message lost or doubled when the network is back."""
    here = chat().open()
    here.expected.append("ERR_INTERNET_DISCONNECTED")
    here.say("ก่อน")
    here.page.context.set_offline(True)
    expect(here.panel.get_by_text("ไม่มีการเชื่อมต่อ")).to_be_visible()
    for text in ("หนึ่ง", "สอง"):
        here.field.fill(text)
        here.field.press("Enter")
    expect(here.said.last).to_contain_text("รอส่ง")
    here.page.context.set_offline(False)
    expect(here.answers).to_have_count(3, timeout=15_000)
    expect(here.panel.get_by_text("ไม่มีการเชื่อมต่อ")).to_be_hidden()
    texts = here.said.locator(".bubble").all_inner_texts()
    assert texts == ["ก่อน", "หนึ่ง", "สอง"]


def test_a_reload_goes_on_where_it_was(chat: Open) -> None:
    """W-02: panel, log, draft and language survive; nothing stands twice."""
    here = chat().open()
    here.say("จำฉันได้ไหม")
    here.field.fill("ยังไม่ส่ง")
    before = here.log.locator(".bubble").all_inner_texts()
    here.page.reload()
    expect(here.said).to_have_count(1)
    assert here.log.locator(".bubble").all_inner_texts() == before
    expect(here.field).to_have_value("ยังไม่ส่ง")


def test_an_expired_session_is_told(chat: Open) -> None:
    """W-03: a token that the server refuses shows no history; the citizen starts anew and knows it."""
    here = chat().open()
    here.expected.append("401")
    here.say("เก่า")
    here.page.evaluate(FORGE_SESSION)
    here.page.reload()
    expect(here.panel.get_by_text("การสนทนาก่อนหน้าหมดอายุแล้ว")).to_be_visible()
    expect(here.said).to_have_count(0)
    here.say("ใหม่")
    expect(here.said).to_have_count(1)


def test_a_closed_chat_shows_how_much_is_new(chat: Open) -> None:
    """An answer that comes after closing is not missed."""
    here = chat().open()
    here.say("เก่า")
    here.field.fill("ใหม่")
    here.field.press("Enter")
    here.page.keyboard.press("Escape")
    expect(here.launcher).to_have_accessible_name(re.compile("มีข้อความใหม่ 1 ข้อความ"))
    here.open()
    here.page.keyboard.press("Escape")
    expect(here.launcher).not_to_have_accessible_name(re.compile("มีข้อความใหม่"))


def test_leaving_shows_nothing_of_the_conversation_to_the_next_person(chat: Open) -> None:
    """On a shared computer the menu ends the conversation here."""
    here = chat().open()
    here.say("ลับ")
    here.panel.get_by_role("button", name="เมนู").click()
    here.panel.get_by_role("button", name="ออกจากการสนทนานี้").click()
    expect(here.said).to_have_count(0)
    kept = here.page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
    assert ":session" not in kept
    assert "ลับ" not in kept
    here.page.reload()
    expect(here.panel.get_by_text("สวัสดีค่ะ ยินดีให้บริการค่ะ")).to_be_visible()


def test_a_long_answer_is_shown_from_its_beginning(chat: Open) -> None:
    """The log does not run past the first lines; a button leads to the end."""
    here = chat(360, 640).open()
    here.say("ยาว")
    here.page.wait_for_timeout(400)
    top = here.log.evaluate(NEWEST_ROW_TOP)
    assert 0 <= top < 40
    here.panel.get_by_role("button", name="ข้อความล่าสุด").click()
    expect(here.panel.get_by_role("button", name="ข้อความล่าสุด")).to_be_hidden()


@pytest.mark.parametrize(
    "body",
    [
        '<script src="{server}/widget.js" data-title="ศูนย์ช่วยเหลือ" data-lang="en" data-position="left" '
        'data-color="#ffd43b"></script>',
        '<script src="{server}/widget.js"></script><pracha-chat data-api="{server}" data-title="ศูนย์ช่วยเหลือ" data-lang="en" '
        'data-position="left" data-color="#ffd43b"></pracha-chat><script src="{server}/widget.js"></script>',
    ],
    ids=["script tag", "element"],
)
def test_it_works_on_another_site_under_a_strict_policy(
    browser: Browser, server: str, other_site: Callable[[str, str], str], body: str
) -> None:
    """W-04: one script tag or the element, no inline code or style, no violation, no cookie, one widget."""
    policy = (
        f"default-src 'none'; script-src {server}; connect-src {server}; "
        "require-trusted-types-for 'script'; trusted-types lit-html"
    )
    context = browser.new_context(viewport={"width": 1000, "height": 700})
    page = context.new_page()
    site = other_site(
        f"<!DOCTYPE html><html lang=en><title>City</title><body>{body.format(server=server)}</body></html>", policy
    )
    here = open_page(page, site, "/")
    here.open()
    here.say("ฝุ่นเชียงใหม่")
    here.page.locator("pracha-chat input.gallery").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": _photo(300, 200)}
    )
    expect(here.panel.get_by_role("img", name="Photo to send")).to_be_visible()
    assert page.locator("pracha-chat").count() == 1
    expect(here.panel.get_by_role("heading", name="ศูนย์ช่วยเหลือ")).to_be_visible()
    box = here.panel.bounding_box()
    assert box is not None
    assert box["x"] < 100, "on the left"
    header = page.locator("pracha-chat .head")
    assert header.evaluate("one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]") == [
        "rgb(255, 212, 59)",
        "rgb(0, 0, 0)",
    ]
    assert context.cookies() == []
    assert here.problems == []
    context.close()


def test_a_page_that_forbids_storage_still_has_a_chat(browser: Browser, server: str) -> None:
    """A sandboxed frame has no storage at all."""
    page = browser.new_page()
    page.add_init_script(FORBID_STORAGE)
    here = open_page(page, server, "/").open()
    here.say("สวัสดี")
    assert here.problems == []
    page.close()


def test_the_widget_asks_nobody_else(chat: Open, server: str) -> None:
    """No third party, no font, no cookie: every request goes to the chat server."""
    here = chat()
    asked: list[str] = []
    here.page.on("request", lambda request: asked.append(request.url))
    here.page.reload()
    here.open()
    here.say("ฝุ่นเชียงใหม่")
    assert asked
    assert [url for url in asked if not url.startswith(server)] == []
    token = json.loads(here.page.evaluate("Object.entries(localStorage).find(([key]) => key.endsWith(':session'))[1]"))[
        "token"
    ]
    assert not [url for url in asked if token in url]
