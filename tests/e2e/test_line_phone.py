# SPDX-License-Identifier: Apache-2.0
"""LINE as a citizen sees it: the sandbox's phone page in a real browser, the emulated platform, and everything behind it."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import psycopg
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, ViewportSize, expect

from app.settings import load_settings
from tests.e2e.conftest import is_png, picture_file
from tests.e2e.stack import Stack
from tests.e2e.test_chain import LABEL, NUMBER
from tests.sandbox.line.page.phone import PhonePage

ANSWER = 30_000  # milliseconds


@pytest.fixture
def phone_of(browser: Browser, stack: Stack) -> Iterator[Callable[[str], PhonePage]]:
    """Opens the page of somebody new on a small telephone; it must end without an error in the console."""
    opened: list[PhonePage] = []

    def open_of(name: str) -> PhonePage:
        _call(stack, "/line/api/users", {"displayName": name, "language": "th"})
        context = browser.new_context(
            viewport=ViewportSize(width=360, height=740), locale="th-TH", has_touch=True, reduced_motion="reduce",
            device_scale_factor=2,
        )  # fmt: skip
        phone = PhonePage(context.new_page())
        opened.append(phone)
        phone.page.set_default_timeout(ANSWER)
        expect.set_options(timeout=ANSWER)
        phone.open(f"http://127.0.0.1:{stack.ports['SANDBOX']}", name)
        return phone

    yield open_of
    for phone in opened:
        problems = list(phone.problems)
        phone.page.context.close()
        assert problems == []


def _call(stack: Stack, path: str, body: object = None) -> Any:
    """A call of the platform's interface for phones."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{stack.ports['SANDBOX']}{path}", data, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def journal(stack: Stack, name: str) -> list[dict[str, Any]]:
    """What happened in somebody's chat."""
    user = next(one for one in _call(stack, "/line/api/users")["users"] if one["displayName"] == name)
    entries: list[dict[str, Any]] = _call(stack, f"/line/api/users/{user['userId']}/messages")["messages"]
    return entries


def answered(phone: PhonePage, act: Callable[[], None]) -> str:
    """Does something, waits until the bot has said what it has to say, and returns the words."""
    rows = phone.log.locator(".row.bot:not(.typing)")
    before = rows.count()
    act()
    expect(rows.nth(before)).to_be_visible()
    expect(phone.log.locator(".typing")).to_have_count(0)
    phone.page.wait_for_timeout(400)  # messages of one answer come together
    return "\n".join(rows.nth(index).locator(".body").inner_text() for index in range(before, rows.count()))


def say(phone: PhonePage, words: str) -> str:
    return answered(phone, lambda: phone.say(words))


def tap(phone: PhonePage, name: str) -> str:
    return answered(phone, lambda: phone.tap(name))


def tap_menu(phone: PhonePage, name: str) -> str:
    """Opens the rich menu if it is closed, and taps an area."""
    if not phone.menu.is_visible():
        phone.menu_bar.click()
    return answered(phone, lambda: phone.menu.get_by_role("button", name=name, exact=True).click())


def take_picture(phone: PhonePage, name: str) -> None:
    """For the documentation: the whole telephone, with nothing under the mouse or focused."""
    target = picture_file(name)
    phone.page.mouse.move(180, 30)
    phone.page.evaluate("document.activeElement.blur()")
    phone.page.screenshot(path=target)
    assert is_png(target)


def lamp_post() -> FilePayload:
    """A photo of a street without light."""
    picture = Image.new("RGB", (900, 700), "#1d2a44")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 520, 900, 700), fill="#2c2f36")
    pen.line((300, 560, 300, 120, 420, 100), fill="#7d8694", width=16)
    pen.ellipse((395, 88, 465, 128), fill="#4a5160")
    for start in range(40, 900, 180):
        pen.rectangle((start, 600, start + 90, 612), fill="#c9c9b0")
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return FilePayload(name="ไฟดับ.jpg", mimeType="image/jpeg", buffer=kept.getvalue())


def test_line_phone_a_newcomer_sees_greeting_and_menu(phone_of: Callable[[str], PhonePage]) -> None:
    """Nobody has set anything up: the menu is there, a friend is greeted, and the menu speaks two languages."""
    phone = phone_of("สมบูรณ์")
    menu = phone.page.get_by_role("group", name="เมนูบริการ")
    expect(menu).to_be_visible()
    assert "ประชาบอต" in tap(phone, "เพิ่มเพื่อน")
    assert re.search("ที่ไหน|จังหวัด|พื้นที่", tap_menu(phone, "คุณภาพอากาศ"))
    phone.tap("English")
    english = phone.page.get_by_role("group", name="Menu", exact=True)
    expect(english).to_be_visible()
    assert not re.search("[ก-๙]", tap_menu(phone, "Documents and steps"))
    phone.tap("ภาษาไทย")
    expect(menu).to_be_visible()


def test_line_phone_air_quality(phone_of: Callable[[str], PhonePage]) -> None:
    """A card with station, value, band, time and source, coloured as its band, with the label of the demonstration."""
    phone = phone_of("สมศรี")
    tap(phone, "เพิ่มเพื่อน")
    say(phone, "สวัสดีค่ะ")
    said = say(phone, "ฝุ่นแถวเชียงใหม่วันนี้เป็นยังไง")
    for words in ("เชียงใหม่", "PM2.5", LABEL):
        assert words in said
    take_picture(phone, "line-air.png")


def test_line_phone_report_and_follow(phone_of: Callable[[str], PhonePage], stack: Stack) -> None:
    """Words, photo, place and a yes make a case; what an officer does is pushed; the menu finds the case again."""
    name = "สมชาย"
    phone = phone_of(name)
    tap(phone, "เพิ่มเพื่อน")
    tap_menu(phone, "แจ้งปัญหาเมือง")
    said = say(phone, "ไฟถนนดับ มืดมากกก")
    for _ in range(8):
        if found := NUMBER.search(said):
            break
        offers = phone.quick.get_by_role("button")
        labels = [offers.nth(index).inner_text() for index in range(offers.count())]
        said = _answer(phone, labels)
    assert found is not None, said
    number = found.group(0)
    take_picture(phone, "line-report.png")
    for state, thai in (("inprogress", "กำลังดำเนินการ"), ("finish", "เสร็จสิ้น")):
        told = answered(phone, lambda state=state: _set_state(stack, number, state))  # type: ignore[misc]
        assert number in told
        assert thai in told
        assert journal(stack, name)[-1]["via"] == "push"
    assert number in tap_menu(phone, "ติดตามเรื่อง")
    shown = stack.pracha("case", "show", number, "--actor", "officer-1").stdout
    assert "ไฟถนนดับ" in shown
    assert "แจ้งปัญหาเมือง" not in shown, "the words on the menu are no description"


def _answer(phone: PhonePage, labels: list[str]) -> str:
    """Answers one question of the report as its quick replies suggest."""
    if "ส่งตำแหน่ง" in labels:
        phone.tap("ส่งตำแหน่ง")
        return answered(phone, lambda: phone.sheet.get_by_role("button", name="บึงแก่นนคร").click())
    if "ถ่ายภาพ" in labels:
        return answered(phone, lambda: phone.choose_files(lambda: phone.tap("ถ่ายภาพ"), lamp_post()))
    if "ใช่ ส่งเรื่อง" in labels:
        return tap(phone, "ใช่ ส่งเรื่อง")
    return tap(phone, "ไม่ให้เบอร์")


def _set_state(stack: Stack, number: str, state: str) -> None:
    done = stack.pracha("case", "set-state", number, state, "--actor", "officer-1", "--reason", "ทดสอบการแจ้งผล")
    assert done.returncode == 0, done.stderr


def test_line_phone_guide_of_a_lost_id_card(phone_of: Callable[[str], PhonePage]) -> None:
    """What it needs, with the date of the facts; the menu opens beneath and leaves the beginning of the card in sight."""
    phone = phone_of("สมปอง")
    tap(phone, "เพิ่มเพื่อน")
    tap_menu(phone, "เอกสาร และขั้นตอน")
    said = say(phone, "บัตรปชชหายต้องใช้อะไรบ้าง")
    assert "บัตร" in said
    assert "ข้อมูล ณ วันที่" in said
    phone.menu_bar.click()
    take_picture(phone, "line-guide.png")


def test_line_phone_a_message_is_taken_back(phone_of: Callable[[str], PhonePage], stack: Stack) -> None:
    """It is gone from the chat, and nobody keeps its words."""
    phone = phone_of("สมใจ")
    tap(phone, "เพิ่มเพื่อน")
    say(phone, "ขอบคุณที่ช่วยเรื่องซอยกระดังงาค่ะ")
    assert "กระดังงา" in _kept(stack)
    phone.log.get_by_role("button", name=re.compile("ตัวเลือกของข้อความ ขอบคุณที่ช่วย")).click()
    phone.tap("ยกเลิกการส่ง")
    expect(phone.log.get_by_text("คุณยกเลิกการส่งข้อความนี้แล้ว")).to_be_visible()
    until = time.monotonic() + 20
    while "กระดังงา" in _kept(stack) and time.monotonic() < until:
        time.sleep(0.2)
    assert "กระดังงา" not in _kept(stack)


def _kept(stack: Stack) -> str:
    """What the bot remembers of all conversations; other tables are sealed."""
    url = load_settings("demo", environ=dict(stack.environment)).database_url
    with psycopg.connect(url) as connection:
        return json.dumps([row[0] for row in connection.execute("SELECT body FROM trackers")], ensure_ascii=False)


def test_line_phone_the_menu_comes_back(phone_of: Callable[[str], PhonePage], stack: Stack) -> None:
    """The platform forgot everything, as after a restart: its menus come again by themselves."""
    _call(stack, "/line/control/reset", {})
    phone = phone_of("สมพร")
    expect(phone.page.get_by_role("group", name="เมนูบริการ")).to_be_visible()
