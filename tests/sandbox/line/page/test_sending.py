# SPDX-License-Identifier: Apache-2.0
"""What people write, send, change and take back by themselves is what the bot is told."""

from __future__ import annotations

from playwright.sync_api import FilePayload, expect

from tests.sandbox.line.page.phone import PhonePage
from tests.sandbox.line.page.stage import USER, Stage, photo


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
    phone.choose_files(lambda: phone.tap("เลือกรูป"), photo())
    message = stage.event()["message"]
    assert (message["type"], message["contentProvider"]) == ("image", {"type": "line"})
    shown = phone.log.locator(".row.me img")
    expect(shown).to_be_visible()
    assert shown.evaluate("async (one) => (await one.decode(), one.naturalWidth)") == 40


def test_pictures_sent_together_are_a_set(phone: PhonePage, stage: Stage) -> None:
    """In their order; a file and a sound go beside them as what they are."""
    phone.tap("ส่งรูป ไฟล์ หรือตำแหน่ง")
    paper = FilePayload(name="คำร้อง.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7")
    phone.choose_files(lambda: phone.tap("เลือกรูป"), photo("ก.png"), photo("ข.png"))
    first, second = (event["message"]["imageSet"] for event in stage.events(2))
    assert first["id"] == second["id"]
    assert [(one["index"], one["total"]) for one in (first, second)] == [(1, 2), (2, 2)]
    phone.tap("ส่งรูป ไฟล์ หรือตำแหน่ง")
    phone.choose_files(lambda: phone.tap("ไฟล์"), paper)
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


def test_what_the_platform_refuses_is_said(phone: PhonePage, stage: Stage) -> None:
    """The words stay in the field."""
    phone.expected.append("409")
    phone.field.fill("ส่งไม่ได้")
    phone.page.route("**/text", lambda route: (stage.do("block"), route.continue_()))
    phone.tap("ส่ง")
    expect(phone.page.get_by_role("status").last).to_contain_text("ทำไม่สำเร็จ")
    expect(phone.field).to_have_value("ส่งไม่ได้")
