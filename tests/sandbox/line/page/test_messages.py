# SPDX-License-Identifier: Apache-2.0
"""What the bot sends is what stands on the phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Locator, Route, expect

from tests.channels.line.samples import kinds_drawn
from tests.sandbox.line.page import samples
from tests.sandbox.line.page.phone import PhonePage
from tests.sandbox.line.page.samples import box, bubble, flex, text, words
from tests.sandbox.line.page.stage import USER, Stage

#: words, or a picture's selector, by which each kind is recognised
SEEN = {
    "emojis": "ยินดี 🙂 ค่ะ", "textV2": "สวัสดี 🙂", "sticker": "446/1988", "image": "img", "video": "video", "audio": "audio",
    "location": "ที่ว่าการอำเภอ", "buttons": "หัวข้อ", "confirm": "ถูกต้องไหมคะ", "carousel": "เปิดเว็บ", "image_carousel": "รูปแรก",
    "imagemap": "img", "bubble": "สีแดง", "flex carousel": "ใบที่ 3", "quick": "เลือกได้เลยค่ะ", "text": "บรรทัดที่สอง",
}  # fmt: skip


def style(one: Locator, name: str) -> str:
    return str(one.evaluate("(one, name) => getComputedStyle(one)[name]", name))


def box_of(one: Locator) -> FloatRect:
    found = one.bounding_box()
    assert found is not None
    return found


@pytest.mark.parametrize("kind", list(samples.every_kind("")))
def test_every_kind_of_message_is_drawn(phone: PhonePage, stage: Stage, kind: str) -> None:
    """Each by itself, and none as something that the page does not know."""
    stage.push(samples.every_kind(stage.picture)[kind])
    seen = SEEN[kind]
    body = phone.newest.locator(".body")
    expect(body).to_be_visible()
    if seen.isascii() and seen.isalpha():
        expect(body.locator(seen).first).to_be_visible()
    else:
        expect(body.get_by_text(seen).first).to_be_visible()
    expect(body).not_to_contain_text("ยังแสดง")


def test_all_that_our_bot_draws_is_shown(phone: PhonePage, stage: Stage) -> None:
    """Every message of our renderer's samples gets a row of its own, with something in it."""
    stage.control(body={"quota_used": 0, "limits": {"monthly_quota": None}})
    drawn = [message for messages in kinds_drawn().values() for message in messages]
    assert {message["type"] for message in drawn} >= {"text", "flex"}
    stage.push(*drawn)
    bodies = phone.log.locator(".row.bot .body")
    expect(bodies).to_have_count(len(drawn), timeout=20_000)
    assert bodies.evaluate_all("all => all.filter((one) => one.offsetHeight < 20).length") == 0
    expect(phone.log.get_by_text("ยังแสดง")).to_have_count(0)


def test_a_text_keeps_its_lines_and_its_addresses_can_be_opened(phone: PhonePage, stage: Stage) -> None:
    """The sentence's end is no part of an address; what looks like markup is words."""
    stage.push(text("ดู https://a.go.th/x?y=1, หรือ (https://b.go.th)\n<b>ไม่หนา</b>"))
    expect(phone.newest.get_by_role("link")).to_have_count(2)
    links = phone.newest.get_by_role("link").evaluate_all("all => all.map((one) => [one.href, one.target, one.rel])")
    assert links == [[url, "_blank", "noopener noreferrer"] for url in ("https://a.go.th/x?y=1", "https://b.go.th/")]
    assert phone.newest.locator(".bubble").inner_text().split("\n")[1] == "<b>ไม่หนา</b>"


def test_flex_measures_are_kept(phone: PhonePage, stage: Stage) -> None:
    """Width, padding, spacing, share, colour, size, weight, alignment, corners and lines, as they were asked for."""
    gradient = {"type": "linearGradient", "angle": "90deg", "startColor": "#ff0000", "endColor": "#0000ff"}
    stage.push(
        flex(
            bubble(
                box(words("หนึ่ง"), words("สอง", flex=3, align="end", weight="bold"), layout="horizontal", spacing="md"),
                words("ใหญ่", size="xxl", color="#B91C1C", decoration="line-through"),
                words("ยาว " * 60, wrap=True, maxLines=2, margin="xl"),
                words("ยาว " * 60),
                box(words("ลึก"), backgroundColor="#FFF4CC", cornerRadius="8px", paddingAll="12px", borderWidth="2px"),
                box(words("ไล่สี"), background=gradient),
                size="kilo",
            )
        )
    )  # fmt: skip
    drawn = phone.newest.locator(".flex-bubble")
    assert box_of(drawn)["width"] == 260
    one, two = drawn.get_by_text("หนึ่ง"), drawn.get_by_text("สอง")
    assert box_of(two)["width"] == pytest.approx(3 * box_of(one)["width"], abs=1)
    assert box_of(two)["x"] - box_of(one)["x"] - box_of(one)["width"] == pytest.approx(8, abs=0.5)
    assert (style(two, "textAlign"), style(two, "fontWeight")) == ("end", "700")
    large = drawn.get_by_text("ใหญ่")
    assert (style(large, "fontSize"), style(large, "color")) == ("29px", "rgb(185, 28, 28)")
    assert "line-through" in style(large, "textDecorationLine")
    assert box_of(one)["x"] - box_of(drawn)["x"] == 20
    wrapped, cut = drawn.get_by_text("ยาว").first, drawn.get_by_text("ยาว").last
    assert box_of(wrapped)["height"] == pytest.approx(2 * box_of(cut)["height"], abs=2)
    assert style(cut, "textOverflow") == "ellipsis"
    deep = drawn.get_by_text("ลึก").locator("xpath=..")
    assert (style(deep, "borderRadius"), style(deep, "padding"), style(deep, "borderTopWidth")) == (
        "8px",
        "12px",
        "2px",
    )
    assert style(deep, "backgroundColor") == "rgb(255, 244, 204)"
    assert "linear-gradient(90deg" in style(drawn.get_by_text("ไล่สี").locator("xpath=.."), "backgroundImage")


def test_values_that_are_no_measures_do_nothing(phone: PhonePage, stage: Stage) -> None:
    """Even if the platform let them through, no CSS comes in with them."""
    page = phone.page
    module = (
        "async (value) => { const m = await import('/line/page/flex_measures.js');"
        " return [m.step(value), m.colour(value), m.length(value)] }"
    )
    for value in ("url(https://a.b)", "1px;color:red", "calc(1px)", "red", "toString", "constructor"):
        assert page.evaluate(module, value) == [None, None, None]


def test_quick_replies_live_as_long_as_their_message_is_the_newest(phone: PhonePage, stage: Stage) -> None:
    """They come, are replaced, stay over a reload, and go with the next message of either side."""
    stage.push(text("หนึ่ง", samples.SAY))
    expect(phone.quick.get_by_role("button")).to_have_text(["ขอความช่วยเหลือ"])
    stage.push(text("สอง", samples.TAP, samples.WEB))
    expect(phone.quick.locator("button, a")).to_have_text(["ยืนยัน", "เปิดเว็บ"])
    phone.page.reload()
    expect(phone.quick.locator("button, a")).to_have_text(["ยืนยัน", "เปิดเว็บ"])
    phone.say("ไม่เลือกค่ะ")
    expect(phone.quick).to_be_hidden()


def test_the_animation_runs_until_the_answer(phone: PhonePage, stage: Stage) -> None:
    """Also on a page that was opened while it runs."""
    loading = {"chatId": USER, "loadingSeconds": 20}
    stage.call("POST", "/v2/bot/chat/loading/start", loading)
    typing = phone.log.locator(".typing")
    expect(typing).to_be_visible()
    phone.page.reload()
    expect(typing).to_be_visible()
    stage.push(text("มาแล้วค่ะ"))
    expect(phone.newest).to_contain_text("มาแล้วค่ะ")
    expect(typing).to_have_count(0)


def test_read_marks_stand_at_what_was_read(phone: PhonePage, stage: Stage) -> None:
    """At the message and those before it, not at later ones."""
    phone.say("หนึ่ง")
    phone.say("สอง")
    token = stage.events(2)[0]["message"]["markAsReadToken"]
    stage.call("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": token})
    rows = phone.log.locator(".row.me")
    expect(rows.first).to_contain_text("อ่านแล้ว")
    expect(rows.last).not_to_contain_text("อ่านแล้ว")


def test_the_raw_message_can_be_looked_at(phone: PhonePage, stage: Stage) -> None:
    """As it was sent, for developers."""
    stage.push(samples.every_kind(stage.picture)["bubble"])
    phone.newest.get_by_role("button", name="ตัวเลือกของข้อความ").click()
    phone.sheet.get_by_role("button", name="ดูข้อมูลดิบ").click()
    expect(phone.sheet.locator("pre")).to_contain_text('"altText": "การ์ด"')


def test_a_picture_that_cannot_be_loaded_says_so(phone: PhonePage, stage: Stage) -> None:
    """The rest of the chat goes on."""
    phone.expected.append("404")
    stage.push({"type": "image", "originalContentUrl": f"{stage.picture}.no", "previewImageUrl": f"{stage.picture}.no"})
    expect(phone.newest.get_by_role("img", name="โหลดรูปไม่ได้")).to_be_visible()
    stage.push(text("ต่อค่ะ"))
    expect(phone.newest).to_contain_text("ต่อค่ะ")


def test_a_message_that_breaks_the_drawing_does_not_take_the_chat_with_it(phone: PhonePage, stage: Stage) -> None:
    """Something that no platform would let through; the page says that it cannot show it."""
    phone.expected.append("TypeError")

    def spoil(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        for entry in told["messages"]:
            for action in entry.get("message", {}).get("actions", ()):
                del action["area"]
        route.fulfill(response=answer, json=told)

    stage.push(samples.every_kind(stage.picture)["imagemap"], text("ต่อค่ะ"))
    phone.page.route("**/messages?after=0&*", spoil)
    phone.page.reload()
    expect(phone.log.get_by_text("ยังแสดง “imagemap” ไม่ได้")).to_be_visible()
    expect(phone.newest).to_contain_text("ต่อค่ะ")


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 780), (1280, 900)])
def test_nothing_sticks_out(phone_at: Callable[..., PhonePage], stage: Stage, width: int, height: int) -> None:
    """No message makes the page or the conversation scroll sideways; only carousels do, in themselves."""
    stage.befriend()
    stage.push(*samples.every_kind(stage.picture).values())
    here = phone_at(width, height)
    expect(here.quick).to_be_visible()
    assert here.page.evaluate("document.documentElement.scrollWidth") <= width
    assert here.log.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    frame = box_of(here.page.locator("#phone"))
    assert (frame["width"], frame["height"]) == ((390, 780) if width == 1280 else (width, height))
