# SPDX-License-Identifier: Apache-2.0
"""Message objects at their limits and one beyond, with LINE's words for what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.line.checks import graphemes, utf16_units
from sandbox.line.state import Platform
from tests.sandbox.line.conftest import Client, call

Json = dict[str, Any]
HTTPS = "https://example.com/a.jpg"


async def checked(client: Client, platform: Platform, *messages: Any) -> tuple[int, Json]:
    """(status, body) of LINE's own validation call."""
    status, body = await call(
        client, platform, "POST", "/v2/bot/message/validate/reply", json={"messages": list(messages)}
    )
    return status, body


def msg(**more: Any) -> Json:
    """A text message."""
    return {"type": "text", "text": "ค่ะ", **more}


def quick(count: int = 1, **action: Any) -> Json:
    """A text with quick replies."""
    one = {"label": "ใช่", **action} if "type" in action else {"type": "message", "label": "ใช่", "text": "ใช่", **action}
    return msg(quickReply={"items": [{"type": "action", "action": one}] * count})


def buttons(**more: Any) -> Json:
    """A buttons template."""
    action = {"type": "message", "label": "ใช่", "text": "ใช่"}
    template = {"type": "buttons", "text": "เลือก", "actions": [action], **more}
    return {"type": "template", "altText": "เลือก", "template": template}


def confirm(count: int = 2, text: str = "ยืนยันไหมคะ") -> Json:
    """A confirm template."""
    action = {"type": "message", "label": "ใช่", "text": "ใช่"}
    return {
        "type": "template",
        "altText": "ยืนยัน",
        "template": {"type": "confirm", "text": text, "actions": [action] * count},
    }


def carousel(actions: list[int], text: str = "แผน", **more: Any) -> Json:
    """A carousel template with so many actions per column."""
    action = {"type": "message", "label": "ใช่", "text": "ใช่"}
    columns = [{"text": text, "actions": [action] * count, **more} for count in actions]
    return {"type": "template", "altText": "แผน", "template": {"type": "carousel", "columns": columns}}


def image_carousel(count: int, label: str = "ดู") -> Json:
    """An image carousel template."""
    column = {"imageUrl": HTTPS, "action": {"type": "uri", "label": label, "uri": "https://example.com"}}
    return {"type": "template", "altText": "รูป", "template": {"type": "image_carousel", "columns": [column] * count}}


def bubble(*contents: Any, **more: Any) -> Json:
    """A bubble with a body."""
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": list(contents)}, **more}


def flex(container: Any, alt: str = "สถานะ") -> Json:
    """A Flex Message."""
    return {"type": "flex", "altText": alt, "contents": container}


def words(count: int = 1) -> Json:
    """A Flex text."""
    return {"type": "text", "text": "ก" * count}


def button(label: str = "โทร", uri: str = "tel:1111", **more: Any) -> Json:
    """A Flex button."""
    return {"type": "button", "action": {"type": "uri", "label": label, "uri": uri}, **more}


PICKER: Json = {"type": "datetimepicker", "label": "วัน", "data": "d", "mode": "date"}

GOOD: list[Any] = [
    msg(text="ก" * 5000), msg(text="😢" * 2500), msg(sender={"name": "ก" * 20, "iconUrl": HTTPS}),
    {"type": "textV2", "text": "สวัสดี {name}", "substitution": {}},
    {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    {"type": "image", "originalContentUrl": HTTPS, "previewImageUrl": HTTPS},
    {"type": "audio", "originalContentUrl": HTTPS, "duration": 1000},
    {"type": "location", "title": "สำนักงานเขต", "address": "ถนนสมมติ", "latitude": 13.7, "longitude": 100.5},
    quick(13), quick(label="สำเนาทะเบียนบ้านนี่ค่ะ"), quick(type="location", label="ส่งตำแหน่ง"),
    quick(type="camera", label="ถ่ายรูป"), quick(type="cameraRoll", label="เลือกรูป"),
    quick(type="postback", data="ก" * 300, displayText="ก" * 300), quick(type="uri", uri="tel:1111"),
    quick(type="uri", uri="https://example.com/" + "a" * 980), quick(**PICKER),
    quick(**PICKER, initial="2026-11-23", min="2026-11-22", max="2026-12-31"),
    quick(type="clipboard", clipboardText="ก" * 1000),
    buttons(text="ก" * 160), buttons(title="ก" * 40, text="ก" * 60),
    buttons(actions=[{"type": "message", "label": "ก" * 20, "text": "ก" * 300}] * 4),
    confirm(text="ก" * 240), carousel([3] * 10, text="ก" * 120), carousel([1, 1], title="ก" * 40, text="ก" * 60),
    image_carousel(10, "ก" * 12),
    flex(bubble(words(2000))), flex(bubble(words()), alt="ก" * 1500), flex(bubble(button("ก" * 40))),
    flex({"type": "carousel", "contents": [bubble(words())] * 12}),
    flex(bubble({"type": "text", "contents": [{"type": "span", "text": "ก", "weight": "bold"}]})),
    flex(bubble({"type": "separator", "margin": "md"}, {"type": "filler"},
                {"type": "image", "url": HTTPS, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover"},
                {"type": "box", "layout": "baseline", "contents": [{"type": "icon", "url": HTTPS}, words()]}),
         ),
    flex({"type": "bubble", "size": "kilo", "hero": {"type": "box", "layout": "horizontal", "contents": [],
          "backgroundColor": "#00FF0080", "paddingAll": "12px", "cornerRadius": "md", "width": "50%"},
          "styles": {"hero": {"backgroundColor": "#FFFFFF", "separator": True}}}),
]  # fmt: skip

BAD: list[tuple[Any, str]] = [
    ({"type": "nosuch"}, "messages[0].type"), ({"type": "text"}, "messages[0].text"), (msg(text=" "), "messages[0].text"),
    (msg(text="ก" * 5001), "messages[0].text"), (msg(text="😢" * 2500 + "ก"), "messages[0].text"),
    (msg(colour="red"), "messages[0].colour"), ("ค่ะ", "messages[0]"), (msg(text=7), "messages[0].text"),
    (msg(sender={"name": "ก" * 21}), "messages[0].sender.name"),
    ({"type": "sticker", "packageId": "446"}, "messages[0].stickerId"),
    ({"type": "image", "originalContentUrl": "http://example.com/a", "previewImageUrl": HTTPS},
     "messages[0].originalContentUrl"),
    ({"type": "audio", "originalContentUrl": HTTPS}, "messages[0].duration"),
    ({"type": "location", "title": "ก" * 101, "address": "ถ", "latitude": 13, "longitude": 100}, "messages[0].title"),
    ({"type": "location", "title": "ก", "address": "ถ", "latitude": 91, "longitude": 100}, "messages[0].latitude"),
    (quick(14), "messages[0].quickReply.items"), (quick(0), "messages[0].quickReply.items"),
    (quick(label="ก" * 21), "messages[0].quickReply.items[0].action.label"),
    (quick(label=""), "messages[0].quickReply.items[0].action.label"),
    (quick(text="ก" * 301), "messages[0].quickReply.items[0].action.text"),
    (quick(type="postback", data="ก" * 301), "messages[0].quickReply.items[0].action.data"),
    (quick(type="postback", data="d", displayText="ก" * 301), "messages[0].quickReply.items[0].action.displayText"),
    (quick(type="uri", uri="mailto:a@example.com"), "messages[0].quickReply.items[0].action.uri"),
    (quick(type="uri", uri="https://example.com/" + "a" * 981), "messages[0].quickReply.items[0].action.uri"),
    (quick(type="uri", uri="https://example.com/ก ข"), "messages[0].quickReply.items[0].action.uri"),
    (quick(**PICKER, initial="23/11/2569"), "messages[0].quickReply.items[0].action.initial"),
    (quick(**PICKER, min="2026-12-31", max="2026-11-22"), "messages[0].quickReply.items[0].action.max"),
    (quick(type="datetimepicker", data="d", mode="day"), "messages[0].quickReply.items[0].action.mode"),
    (quick(type="richmenuswitch", data="d", richMenuAliasId="a"), "messages[0].quickReply.items[0].action.type"),
    (quick(type="clipboard", clipboardText="ก" * 1001), "messages[0].quickReply.items[0].action.clipboardText"),
    (buttons(text="ก" * 161), "template/text"), (buttons(title="ก", text="ก" * 61), "template/text"),
    (buttons(title="ก" * 41), "template/title"),
    (buttons(actions=[{"type": "message", "label": "ก", "text": "ก"}] * 5), "template/actions"),
    (buttons(actions=[{"type": "location", "label": "ก"}]), "template/actions[0].type"),
    (buttons(actions=[{"type": "message", "label": "ก" * 21, "text": "ก"}]), "template/actions[0].label"),
    (confirm(1), "template/actions"), (confirm(3), "template/actions"), (confirm(text="ก" * 241), "template/text"),
    (carousel([1] * 11), "template/columns"), (carousel([1, 2]), "template/columns"),
    (carousel([4]), "template/columns[0].actions"), (carousel([1], text="ก" * 121), "template/columns[0].text"),
    (image_carousel(11), "template/columns"), (image_carousel(1, "ก" * 13), "template/columns[0].action.label"),
    ({**buttons(), "altText": "ก" * 1501}, "messages[0].altText"), (flex(bubble(words()), alt=""), "messages[0].altText"),
    (flex(None), "messages[0].contents"), (flex({"type": "bubble"}), "/"), (flex({"type": "tower"}), "/type"),
    (flex({"type": "carousel", "contents": [bubble(words())] * 13}), "/contents"),
    (flex({"type": "carousel", "contents": [bubble(words()), bubble(words(), size="kilo")]}), "/contents"),
    (flex(bubble(*[words(1000)] * 11)), "/"),
    (flex({"type": "carousel", "contents": [bubble(*[words(1000)] * 3)] * 6}), "/"),
    (flex(bubble({"type": "text", "text": ""})), "/body/contents/0/text"),
    (flex(bubble({"type": "video"})), "/body/contents/0"), (flex(bubble(button("ก" * 41))), "/body/contents/0/action/label"),
    (flex(bubble(button(uri="mailto:a@example.com"))), "/body/contents/0/action/uri"),
    (flex(bubble(button(color="green"))), "/body/contents/0/color"),
    (flex(bubble(button(style="big"))), "/body/contents/0/style"),
    (flex(bubble({**words(), "size": "huge"})), "/body/contents/0/size"),
    (flex(bubble({**words(), "colour": "#000000"})), "/body/contents/0/colour"),
    (flex(bubble({**words(), "margin": "5"})), "/body/contents/0/margin"),
    (flex(bubble({"type": "image", "url": "http://example.com/a.png"})), "/body/contents/0/url"),
    (flex(bubble({"type": "box", "layout": "baseline", "contents": [button()]})), "/body/contents/0/contents/0"),
    (flex(bubble({"type": "box", "layout": "grid", "contents": []})), "/body/contents/0/layout"),
    (flex(bubble(words(), footer=words())), "/footer"), (flex(bubble(words(), size="tera")), "/size"),
]  # fmt: skip


@pytest.mark.parametrize("message", GOOD, ids=lambda message: str(message)[:70])
async def test_a_message_at_its_limits_passes(client: Client, platform: Platform, message: Json) -> None:
    """What LINE would take."""
    assert await checked(client, platform, message) == (200, {})


@pytest.mark.parametrize(("message", "where"), BAD, ids=lambda value: str(value)[:60])
async def test_a_message_beyond_its_limits_is_400(
    client: Client, platform: Platform, message: Json, where: str
) -> None:
    """The property is named as LINE names it."""
    status, body = await checked(client, platform, message)
    assert status == 400
    assert where in [detail["property"] for detail in body["details"]], body


async def test_every_problem_is_told_at_once(client: Client, platform: Platform) -> None:
    """The count stands in the message, in LINE's documented words."""
    status, body = await checked(client, platform, {"type": "text"}, {"type": "nosuch"})
    assert status == 400
    assert body["message"] == "The request body has 2 error(s)"
    assert body["details"][0] == {"message": "May not be empty", "property": "messages[0].text"}


async def test_flex_problems_name_their_message(client: Client, platform: Platform) -> None:
    """As seen from LINE: the message's index outside, a path in the container inside."""
    status, body = await checked(client, platform, msg(), flex({"type": "bubble"}))
    assert status == 400
    assert body == {
        "message": "A message (messages[1]) in the request body is invalid",
        "details": [{"message": "At least one block must be specified", "property": "/"}],
    }


@pytest.mark.parametrize("count", [0, 6])
async def test_one_to_five_messages(client: Client, platform: Platform, count: int) -> None:
    """No fewer, no more."""
    status, body = await checked(client, platform, *[msg()] * count)
    assert (status, body["details"][0]["property"]) == (400, "messages")


async def test_http_pictures_pass_on_this_machine_only(client: Client, platform: Platform) -> None:
    """For a demo without a certificate, and not when a test is strict."""
    local = "http://localhost:8080/a.jpg"
    message = {"type": "image", "originalContentUrl": local, "previewImageUrl": local}
    assert (await checked(client, platform, message))[0] == 200
    platform.loopback_http = False
    assert (await checked(client, platform, message))[0] == 400


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"data": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": b"[]", "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": b"\xff", "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": b"a=b", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 415),
        ({"json": {"messages": [], "pad": "x" * 2_100_000}}, 413),
    ],
)
async def test_a_body_that_is_no_json_object(
    client: Client, platform: Platform, options: dict[str, Any], status: int
) -> None:
    """Refused with a message and a request id."""
    answered, body = await call(client, platform, "POST", "/v2/bot/message/push", **options)
    assert answered == status
    assert body["message"]


def test_lengths_are_counted_as_line_counts() -> None:
    """Seventeen clusters in twenty-one code points; an emoji is two units and one cluster."""
    assert (graphemes("ขอคัดสำเนาทะเบียนบ้าน"), utf16_units("ขอคัดสำเนาทะเบียนบ้าน")) == (17, 21)
    assert (graphemes("👨‍👩‍👧"), utf16_units("😢")) == (1, 2)
