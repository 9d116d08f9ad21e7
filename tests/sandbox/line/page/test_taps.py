# SPDX-License-Identifier: Apache-2.0
"""What people do on the page is what the bot is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.sandbox.line.page import samples
from tests.sandbox.line.page.conftest import PhonePage
from tests.sandbox.line.page.samples import SAY, TAP, WEB, box, bubble, flex, template, text, words
from tests.sandbox.line.page.stage import USER, Stage, png


def choose_files(page: Page, opening: Callable[[], None], *files: FilePayload) -> None:
    with page.expect_file_chooser() as choosing:
        opening()
    choosing.value.set_files(files)


def picture(name: str = "รูป.png") -> FilePayload:
    return FilePayload(name=name, mimeType="image/png", buffer=png(40, 30))


def test_a_text_is_sent_by_enter_and_by_the_button(phone: PhonePage, stage: Stage) -> None:
    """Shift and Enter begin a new line; blanks alone are not sent."""
    phone.field.fill("   ")
    phone.field.press("Enter")
    phone.field.fill("หนึ่ง")
    phone.field.press("Shift+Enter")
    phone.page.keyboard.type("สอง")
    phone.field.press("Enter")
    expect(phone.field).to_have_value("")
    phone.field.fill("สาม")
    phone.tap("ส่ง")
    told = [event["message"]["text"] for event in stage.events(2)]
    assert told == ["หนึ่ง\nสอง", "สาม"]
    assert stage.events(2)[0]["source"] == {"type": "user", "userId": USER}
    expect(phone.log.locator(".row.me .bubble")).to_have_text(["หนึ่ง\nสอง", "สาม"])


def test_emoji_go_into_the_text(phone: PhonePage, stage: Stage) -> None:
    """Where the cursor is, without sending."""
    phone.field.fill("ไฟดับ")
    phone.tap("อีโมจิและสติกเกอร์")
    phone.tap("😡")
    phone.tap("🔥")
    expect(phone.field).to_have_value("ไฟดับ😡🔥")
    phone.tap("ส่ง")
    assert stage.event()["message"]["text"] == "ไฟดับ😡🔥"


def test_a_sticker_is_sent_at_once(phone: PhonePage, stage: Stage) -> None:
    """With its ids and keywords."""
    phone.tap("อีโมจิและสติกเกอร์")
    phone.tap("สติกเกอร์ โอเค")
    message = stage.event()["message"]
    assert (message["type"], message["keywords"]) == ("sticker", ["โอเค", "ตกลง"])
    expect(phone.log.locator(".row.me").get_by_role("img", name="สติกเกอร์ โอเค")).to_be_visible()


def test_a_picture_is_sent_and_shown(phone: PhonePage, stage: Stage) -> None:
    """The bytes come to the bot as they were."""
    phone.tap("ส่งรูป ไฟล์ หรือตำแหน่ง")
    choose_files(phone.page, lambda: phone.tap("เลือกรูป"), picture())
    message = stage.event()["message"]
    assert (message["type"], message["contentProvider"]) == ("image", {"type": "line"})
    shown = phone.log.locator(".row.me img")
    expect(shown).to_be_visible()
    assert shown.evaluate("async (one) => (await one.decode(), one.naturalWidth)") == 40


def test_pictures_sent_together_are_a_set(phone: PhonePage, stage: Stage) -> None:
    """In their order; a file and a sound go beside them as what they are."""
    phone.tap("ส่งรูป ไฟล์ หรือตำแหน่ง")
    paper = FilePayload(name="คำร้อง.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7")
    choose_files(phone.page, lambda: phone.tap("เลือกรูป"), picture("ก.png"), picture("ข.png"))
    first, second = (event["message"]["imageSet"] for event in stage.events(2))
    assert first["id"] == second["id"]
    assert [(one["index"], one["total"]) for one in (first, second)] == [(1, 2), (2, 2)]
    phone.tap("ส่งรูป ไฟล์ หรือตำแหน่ง")
    choose_files(phone.page, lambda: phone.tap("ไฟล์"), paper)
    assert stage.event(3)["message"]["fileName"] == "คำร้อง.pdf"
    expect(phone.log.get_by_role("link", name="คำร้อง.pdf")).to_have_attribute("download", "คำร้อง.pdf")


def test_a_known_place_is_sent(phone: PhonePage, stage: Stage) -> None:
    """With name, address and coordinates."""
    phone.tap("ส่งรูป ไฟล์ หรือตำแหน่ง")
    phone.tap("ตำแหน่ง")
    phone.sheet.get_by_role("button", name="ประตูท่าแพ").click()
    message = stage.event()["message"]
    assert (message["title"], message["latitude"], message["longitude"]) == ("ประตูท่าแพ", 18.788, 98.993)
    expect(phone.log.locator(".row.me")).to_contain_text("ประตูท่าแพ")


def test_own_coordinates_are_sent(phone: PhonePage, stage: Stage) -> None:
    """Those outside the world are not."""
    phone.tap("ส่งรูป ไฟล์ หรือตำแหน่ง")
    phone.tap("ตำแหน่ง")
    phone.sheet.get_by_label("ละติจูด").fill("91")
    phone.sheet.get_by_label("ลองจิจูด").fill("100.25")
    phone.tap("ส่งตำแหน่งนี้")
    expect(phone.sheet).to_be_visible()
    phone.sheet.get_by_label("ละติจูด").fill("13.5")
    phone.tap("ส่งตำแหน่งนี้")
    message = stage.event()["message"]
    assert (message["latitude"], message["longitude"]) == (13.5, 100.25)
    assert "title" not in message


QUICK: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (SAY, {"type": "message", "message": {"type": "text", "text": "ช่วยด้วยค่ะ"}}),
    (TAP, {"type": "postback", "postback": {"data": "4.0.1"}}),
]


@pytest.mark.parametrize(("action", "told"), QUICK, ids=["message", "postback"])
def test_a_quick_reply_is_told_and_hides_the_others(
    phone: PhonePage, stage: Stage, action: dict[str, Any], told: dict[str, Any]
) -> None:
    """What it says stands in the chat as the user's words."""
    stage.push(text("เลือกได้เลยค่ะ", action, WEB))
    phone.tap(action["label"])
    event = stage.event()
    assert event["type"] == told["type"]
    part = event[event["type"]]
    assert {key: part[key] for key in told[told["type"]]} == told[told["type"]]
    expect(phone.log.locator(".row.me")).to_contain_text(action.get("text") or action["displayText"])
    expect(phone.quick).to_be_hidden()


def test_a_silent_postback_hides_the_quick_replies_too(phone: PhonePage, stage: Stage) -> None:
    """Without words of its own nothing appears in the chat."""
    stage.push(text("เลือกได้เลยค่ะ", {"type": "postback", "label": "เงียบ", "data": "d"}))
    phone.tap("เงียบ")
    assert stage.event()["postback"] == {"data": "d"}
    expect(phone.quick).to_be_hidden()
    expect(phone.log.locator(".row.me")).to_have_count(0)


def test_quick_replies_open_place_camera_and_album(phone: PhonePage, stage: Stage) -> None:
    """They stay until something was sent."""
    kinds = {"location": "ส่งตำแหน่ง", "camera": "ถ่ายรูป", "cameraRoll": "เลือกจากอัลบั้ม"}
    stage.push(text("ขอรูปค่ะ", *({"type": kind, "label": label} for kind, label in kinds.items())))
    phone.tap("ส่งตำแหน่ง")
    expect(phone.sheet.get_by_role("heading", name="ส่งตำแหน่ง")).to_be_visible()
    phone.page.keyboard.press("Escape")
    expect(phone.quick).to_be_visible()
    choose_files(phone.page, lambda: phone.tap("ถ่ายรูป"), picture())
    assert stage.event()["message"]["type"] == "image"
    expect(phone.quick).to_be_hidden()
    stage.push(text("อีกรูปค่ะ", {"type": "cameraRoll", "label": "เลือกจากอัลบั้ม"}))
    choose_files(phone.page, lambda: phone.tap("เลือกจากอัลบั้ม"), picture())
    assert stage.event(2)["message"]["type"] == "image"


@pytest.mark.parametrize(
    ("mode", "first", "chosen"),
    [
        ("date", "2026-11-20", "2026-11-25"),
        ("time", "08:00", "09:30"),
        ("datetime", "2026-11-20t08:00", "2026-11-25T09:30"),
    ],
)
def test_a_chosen_time_is_told(phone: PhonePage, stage: Stage, mode: str, first: str, chosen: str) -> None:
    """It begins at the initial one and is told in the mode's own form."""
    stage.push(
        text("วันไหนคะ", {"type": "datetimepicker", "label": "เลือกวัน", "data": "d", "mode": mode, "initial": first})
    )
    phone.tap("เลือกวัน")
    field = phone.sheet.locator("input")
    expect(field).to_have_value(first.upper())
    field.fill(chosen)
    phone.tap("ตกลง")
    assert stage.event()["postback"] == {"data": "d", "params": {mode: chosen}}


def test_a_link_opens_beside_the_chat(phone: PhonePage, stage: Stage) -> None:
    """In a window that cannot reach back; the bot is not told."""
    stage.push(text("ดูข่าวค่ะ", WEB))
    with phone.page.expect_popup() as opening:
        phone.quick.get_by_role("link", name="เปิดเว็บ").click()
    assert opening.value.url == WEB["uri"]
    assert opening.value.evaluate("window.opener") is None
    assert stage.bot.received == []


@pytest.mark.parametrize(
    ("address", "heading"),
    [("location/", "ส่งตำแหน่ง"), ("share", "แชร์ข้อความ")],
)
def test_addresses_of_the_app_itself_open_its_own_sheets(
    phone: PhonePage, stage: Stage, address: str, heading: str
) -> None:
    """No page of somebody else is opened for them."""
    url = "https://line.me/R/share?text=2569-AB12CD" if address == "share" else f"https://line.me/R/nv/{address}"
    row = box(words("แตะ"), action={"type": "uri", "label": "แตะ", "uri": url})
    stage.push(flex(bubble(row)))
    phone.tap("แตะ")
    expect(phone.sheet.get_by_role("heading", name=heading)).to_be_visible()
    if address == "share":
        expect(phone.sheet).to_contain_text("2569-AB12CD")


def test_every_tappable_part_of_a_flex_message_acts(phone: PhonePage, stage: Stage) -> None:
    """Button, box, text, picture, a box around something tappable, and a whole bubble."""

    def tap(data: str) -> dict[str, Any]:
        return {"type": "postback", "label": data, "data": data}

    image = {"type": "image", "url": stage.picture, "action": tap("picture")}
    around = box(words("ข้างใน", action=tap("inner")), words("รอบนอก"), action=tap("outer"), paddingAll="20px")
    contents = bubble(
        {"type": "button", "action": tap("button")}, box(words("กล่อง"), action=tap("box")), words("คำ", action=tap("text")),
        image, around, words("ที่เหลือ"), action=tap("bubble"),
    )  # fmt: skip
    stage.push(flex(contents))
    drawn = phone.newest
    drawn.get_by_role("button", name="button").click()
    for name in ("กล่อง", "คำ", "ข้างใน"):
        drawn.get_by_role("button", name=name, exact=True).click()
    drawn.get_by_role("button", name="picture").click()
    drawn.get_by_role("button", name="outer").click(position={"x": 5, "y": 5})
    drawn.get_by_role("button", name="bubble").click(position={"x": 5, "y": 5})
    told = [event["postback"]["data"] for event in stage.events(7)]
    assert told == ["button", "box", "text", "inner", "picture", "outer", "bubble"]


def test_templates_and_imagemaps_act(phone: PhonePage, stage: Stage) -> None:
    """Buttons, confirm, both carousels and the areas of a picture."""
    every = samples.every_kind(stage.picture)
    stage.push(template("confirm", text="ถูกไหมคะ", actions=[SAY, {**TAP, "label": "ไม่"}]), every["image_carousel"])
    stage.push(every["imagemap"])
    phone.tap("ขอความช่วยเหลือ")
    phone.tap("ไม่")
    phone.tap("รูปแรก")
    phone.tap("ซีกซ้าย")
    assert [event["type"] for event in stage.events(4)] == ["message", "postback", "postback", "message"]
    assert stage.event(4)["message"]["text"] == "ซ้าย"


def test_words_are_copied(phone: PhonePage, stage: Stage) -> None:
    """A clipboard action, and the menu of a text."""
    phone.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    stage.push(text("เลขเรื่อง 2569-AB12CD", {"type": "clipboard", "label": "คัดลอกเลข", "clipboardText": "2569-AB12CD"}))
    phone.tap("คัดลอกเลข")
    expect(phone.page.get_by_role("status").last).to_contain_text("คัดลอกแล้ว")
    assert phone.page.evaluate("navigator.clipboard.readText()") == "2569-AB12CD"


def test_a_rich_menu_acts_switches_and_closes(phone: PhonePage, stage: Stage) -> None:
    """It opens as the bot wishes, and changes by alias without being closed."""
    switch = {"type": "richmenuswitch", "label": "หน้าถัดไป", "richMenuAliasId": "second", "data": "to-second"}
    first = stage.menu("เมนูหลัก", SAY, switch)
    second = stage.menu("เมนูสอง", {**TAP, "inputOption": "closeRichMenu"})
    stage.call("POST", "/v2/bot/richmenu/alias", {"richMenuAliasId": "second", "richMenuId": second})
    stage.call("POST", f"/v2/bot/user/{USER}/richmenu/{first}")
    menu = phone.page.get_by_role("group", name="เมนูหลัก")
    expect(menu).to_be_visible()
    phone.tap("ขอความช่วยเหลือ")
    assert stage.event()["message"]["text"] == "ช่วยด้วยค่ะ"
    phone.tap("หน้าถัดไป")
    expect(phone.page.get_by_role("group", name="เมนูสอง")).to_be_visible()
    assert stage.event(2)["postback"]["params"] == {"newRichMenuAliasId": "second", "status": "SUCCESS"}
    phone.tap("ยืนยัน")
    expect(phone.page.get_by_role("group", name="เมนูสอง")).to_be_hidden()
    bar = phone.page.get_by_role("button", name="เมนูสอง")
    expect(bar).to_have_attribute("aria-expanded", "false")
    bar.click()
    expect(phone.page.get_by_role("button", name="ยืนยัน", exact=True)).to_be_visible()
    stage.call("DELETE", f"/v2/bot/user/{USER}/richmenu")
    expect(bar).to_be_hidden()


def test_the_keyboard_can_be_opened_with_words_in_it(phone: PhonePage, stage: Stage) -> None:
    """`openKeyboard` with `fillInText`: ready to be completed."""
    fill = {"type": "postback", "label": "พิมพ์ที่อยู่", "data": "d", "inputOption": "openKeyboard", "fillInText": "บ้านเลขที่ "}
    stage.push(text("ที่ไหนคะ", fill))
    phone.tap("พิมพ์ที่อยู่")
    expect(phone.field).to_have_value("บ้านเลขที่ ")
    expect(phone.field).to_be_focused()


def test_a_message_is_taken_back(phone: PhonePage, stage: Stage) -> None:
    """Through its menu; the bot learns which one, and it does not come back with a reload."""
    phone.say("ผิดค่ะ")
    sent = stage.event()["message"]["id"]
    phone.log.get_by_role("button", name="ตัวเลือกของข้อความ ผิดค่ะ").click()
    phone.tap("ยกเลิกการส่ง")
    assert stage.event(2)["unsend"] == {"messageId": sent}
    for _ in range(2):
        expect(phone.log.get_by_text("คุณยกเลิกการส่งข้อความนี้แล้ว")).to_be_visible()
        expect(phone.log.get_by_text("ผิดค่ะ")).to_have_count(0)
        phone.page.reload()


def test_a_message_is_changed(phone: PhonePage, stage: Stage) -> None:
    """The new words stand there, marked."""
    phone.say("ไฟดับ")
    phone.log.get_by_role("button", name="ตัวเลือกของข้อความ ไฟดับ").click()
    phone.tap("แก้ไขข้อความ")
    phone.sheet.get_by_role("textbox").fill("ไฟดับหน้าตลาด")
    phone.tap("บันทึก")
    assert stage.event(2)["message"]["text"] == "ไฟดับหน้าตลาด"
    expect(phone.log.locator(".row.me")).to_contain_text("ไฟดับหน้าตลาด")
    expect(phone.log.locator(".row.me")).to_contain_text("แก้ไขแล้ว")


@pytest.mark.parametrize("how", ["press", "right button"])
def test_a_long_press_opens_the_menu_of_a_message(phone: PhonePage, stage: Stage, how: str) -> None:
    """And is no tap on what lies under the finger."""
    stage.push(flex(bubble(box(words("กล่อง"), action=TAP))))
    target = phone.newest.get_by_role("button", name="กล่อง")
    if how == "press":
        target.click(delay=700)
    else:
        target.click(button="right")
    expect(phone.sheet.get_by_role("button", name="ดูข้อมูลดิบ")).to_be_visible()
    phone.page.wait_for_timeout(100)
    assert stage.bot.received == []
    phone.page.keyboard.press("Escape")
    target.press("Enter")
    assert stage.event()["postback"]["data"] == "4.0.1"


def test_what_the_platform_refuses_is_said(phone: PhonePage, stage: Stage) -> None:
    """The words stay in the field."""
    phone.expected.append("409")
    phone.field.fill("ส่งไม่ได้")
    phone.page.route("**/text", lambda route: (stage.do("block"), route.continue_()))
    phone.tap("ส่ง")
    expect(phone.page.get_by_role("status").last).to_contain_text("ทำไม่สำเร็จ")
    expect(phone.field).to_have_value("ส่งไม่ได้")
