# SPDX-License-Identifier: Apache-2.0
"""Who holds the phone, whether they are friends with the account, and what happens when the platform goes away."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.sandbox.line.page.phone import PhonePage
from tests.sandbox.line.page.samples import SAY, text
from tests.sandbox.line.page.stage import USER, Stage

Open = Callable[..., PhonePage]


def test_a_person_is_chosen(phone_at: Open, stage: Stage) -> None:
    """The choice stands in the address; a name does as well as an id."""
    here = phone_at(user=None)
    expect(here.page.get_by_role("listitem")).to_have_count(3)
    here.page.get_by_role("link", name="สมหญิง ใจดีมาก").click()
    expect(here.field).to_be_visible()
    assert here.page.url == f"{stage.url}/line?user={USER}"
    other = phone_at(user="ปรีชา แก้วทดลอง")
    expect(other.page.locator(".top")).to_contain_text("ปรีชา แก้วทดลอง")


def test_a_person_is_made(phone_at: Open, stage: Stage) -> None:
    """And lands in their own chat, as no friend yet."""
    here = phone_at(user=None)
    here.page.get_by_label("ชื่อที่แสดง").fill("วันดี ทดสอบ")
    here.tap("เพิ่มและเปิดแชต")
    expect(here.page.locator(".top")).to_contain_text("วันดี ทดสอบ")
    here.tap("เพิ่มเพื่อน")
    assert stage.event()["source"]["userId"] != USER


def test_an_unknown_person_is_asked_to_choose(phone_at: Open) -> None:
    """The page says whom it did not find."""
    here = phone_at(user="ใครก็ไม่รู้")
    expect(here.page.get_by_role("alert")).to_contain_text("ใครก็ไม่รู้")
    expect(here.page.get_by_role("listitem")).to_have_count(3)


def test_people_follow_block_and_come_back(phone_at: Open, stage: Stage) -> None:
    """The bot is told each time; a blocker cannot write and gets nothing."""
    here = phone_at()
    here.tap("เพิ่มเพื่อน")
    expect(here.page.get_by_role("button", name="เพิ่มเพื่อน")).to_be_hidden()
    stage.push(text("ยินดีค่ะ", SAY))
    expect(here.quick).to_be_visible()
    here.tap("ตัวเลือกของแชต")
    here.tap("บล็อกบัญชีนี้")
    expect(here.field).to_be_disabled()
    expect(here.quick).to_be_hidden()
    stage.push(text("หายไปค่ะ"))
    here.tap("เลิกบล็อก")
    expect(here.field).to_be_enabled()
    assert [event["type"] for event in stage.events(3)] == ["follow", "unfollow", "follow"]
    assert stage.event(3)["follow"] == {"isUnblocked": True}
    expect(here.log.get_by_text("หายไปค่ะ")).to_have_count(0)


def test_two_people_have_two_chats(phone_at: Open, stage: Stage) -> None:
    """What one writes and gets, the other does not see."""
    stage.befriend()
    one, other = phone_at(), phone_at(user="Anna Sample")
    one.say("ของฉันค่ะ")
    stage.push(text("ของคุณค่ะ"))
    expect(one.newest).to_contain_text("ของคุณค่ะ")
    expect(other.log.locator(".row")).to_have_count(0)


def test_a_reset_empties_the_chat(phone: PhonePage, stage: Stage) -> None:
    """Without a reload; what comes after it is shown."""
    phone.say("เก่า")
    stage.control("/reset")
    expect(phone.log.locator(".row")).to_have_count(0)
    expect(phone.page.get_by_role("button", name="เพิ่มเพื่อน")).to_be_visible()
    phone.say("ใหม่")
    expect(phone.log.locator(".row")).to_have_count(1)


def test_a_reset_sends_a_made_person_back_to_the_choice(phone_at: Open, stage: Stage) -> None:
    """They are not there any more."""
    made = stage.call("POST", "/line/api/users", {"displayName": "วันดี ทดสอบ", "friend": True})["userId"]
    here = phone_at(user=made)
    here.expected.append("404")
    here.say("สวัสดีค่ะ")
    stage.control("/reset")
    expect(here.page.get_by_role("alert")).to_contain_text("วันดี ทดสอบ")


def test_a_lost_platform_is_said_and_waited_for(phone: PhonePage, stage: Stage) -> None:
    """Messages that came meanwhile are shown once it is back."""
    phone.expected.append("ERR_INTERNET_DISCONNECTED")
    phone.page.context.set_offline(True)
    stage.push(text("ระหว่างนั้นค่ะ"))
    said = phone.page.get_by_text("ติดต่อแพลตฟอร์มจำลองไม่ได้")
    expect(said).to_be_visible()
    phone.page.context.set_offline(False)
    expect(phone.newest).to_contain_text("ระหว่างนั้นค่ะ")
    expect(said).to_be_hidden()


def test_a_missing_webhook_is_said(phone_at: Open, stage: Stage) -> None:
    """Otherwise nobody would understand why there is no answer."""
    said = "บอตยังไม่ได้ตั้ง webhook"
    expect(phone_at().page.get_by_text(said)).to_be_hidden()
    stage.control("/reset", {"keep_webhook": False})
    here = phone_at()
    expect(here.page.get_by_text(said)).to_be_visible()
    stage.control(body={"webhook": {"url": f"{stage.elsewhere}/webhook"}})
    here.say("ถึงแล้วค่ะ")
    expect(here.page.get_by_text(said)).to_be_hidden()


def test_the_day_stands_above_its_messages_once(phone: PhonePage, stage: Stage) -> None:
    """In the Buddhist year; times are Thailand's."""
    phone.say("วันนี้")
    stage.control(body={"clock": {"advance": 86_400}})
    stage.push(text("พรุ่งนี้ค่ะ"), text("อีกข้อค่ะ"))
    days = phone.log.locator(".day")
    expect(days).to_have_count(2)
    expect(days).to_have_text(["22 พฤศจิกายน 2569", "23 พฤศจิกายน 2569"])
    expect(phone.newest).to_contain_text(re.compile("16:40"))
