# SPDX-License-Identifier: Apache-2.0
"""Hand-made message objects of every kind, as a bot would send them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

SAY: Json = {"type": "message", "label": "ขอความช่วยเหลือ", "text": "ช่วยด้วยค่ะ"}
WEB: Json = {"type": "uri", "label": "เปิดเว็บ", "uri": "https://www.example.go.th/news"}
TAP: Json = {"type": "postback", "label": "ยืนยัน", "data": "4.0.1", "displayText": "ยืนยันเรื่องนี้"}


def text(words: str, *quick: Json) -> Json:
    """A text, with quick replies if actions are given."""
    items = [{"type": "action", "action": action} for action in quick]
    return {"type": "text", "text": words, **({"quickReply": {"items": items}} if items else {})}


def flex(contents: Json) -> Json:
    """A Flex Message."""
    return {"type": "flex", "altText": "การ์ด", "contents": contents}


def box(*contents: Json, layout: str = "vertical", **look: Any) -> Json:
    """A box."""
    return {"type": "box", "layout": layout, "contents": list(contents), **look}


def words(said: str, **look: Any) -> Json:
    """A text component."""
    return {"type": "text", "text": said, **look}


def bubble(*body: Json, **more: Any) -> Json:
    """A bubble with these components in its body."""
    return {"type": "bubble", "body": box(*body), **more}


def template(kind: str, **more: Any) -> Json:
    """A template message."""
    return {"type": "template", "altText": "แบบ", "template": {"type": kind, **more}}


def rich_bubble(picture: str) -> Json:
    """A bubble with every component that there is."""
    return bubble(
        words("หัวเรื่อง", size="xl", weight="bold"),
        box(words("ซ้าย", color="#595959"), words("ขวา", flex=3, decoration="underline"), layout="baseline"),
        {"type": "separator", "margin": "md"},
        box({"type": "filler"}, words("กลาง", flex=0), {"type": "filler"}, layout="horizontal", cornerRadius="md"),
        {"type": "text", "text": "รวม", "contents": [{"type": "span", "text": "สีแดง", "color": "#B91C1C"}], "wrap": True},
        box({"type": "icon", "url": picture}, words("มีไอคอน"), layout="baseline"),
        hero={"type": "image", "url": picture, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover", "action": WEB},
        footer=box({"type": "button", "style": "primary", "action": TAP}, {"type": "button", "action": WEB}, spacing="sm"),
        styles={"footer": {"separator": True, "backgroundColor": "#F4F4F8"}},
    )  # fmt: skip


def every_kind(picture: str) -> dict[str, Json]:
    """One message of each kind; the pictures are all this one."""
    column = {"title": "หัวข้อ", "text": "เลือกได้เลยค่ะ", "thumbnailImageUrl": picture, "actions": [TAP, WEB]}
    area = {"x": 0, "y": 0, "width": 520, "height": 520}
    return {
        "text": text("ดูที่ https://www.example.go.th/a?b=1 นะคะ\nบรรทัดที่สอง"),
        "emojis": {**text("ยินดี $ ค่ะ"), "emojis": [{"index": 6, "productId": "p", "emojiId": "001"}]},
        "textV2": {"type": "textV2", "text": "สวัสดี {who}", "substitution": {"who": {"type": "emoji"}}},
        "sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
        "image": {"type": "image", "originalContentUrl": picture, "previewImageUrl": picture},
        "video": {"type": "video", "originalContentUrl": f"{picture}.mp4", "previewImageUrl": picture},
        "audio": {"type": "audio", "originalContentUrl": f"{picture}.m4a", "duration": 1000},
        "location": {"type": "location", "title": "ที่ว่าการอำเภอ", "address": "นครราชสีมา", "latitude": 14.9, "longitude": 102.1},
        "buttons": template("buttons", **column),
        "confirm": template("confirm", text="ถูกต้องไหมคะ", actions=[TAP, SAY]),
        "carousel": template("carousel", columns=[column, {**column, "defaultAction": SAY}]),
        "image_carousel": template("image_carousel", columns=[{"imageUrl": picture, "action": {**TAP, "label": "รูปแรก"}}]),
        "imagemap": {
            "type": "imagemap", "baseUrl": picture, "altText": "แผนผัง", "baseSize": {"width": 1040, "height": 520},
            "actions": [{"type": "message", "label": "ซีกซ้าย", "text": "ซ้าย", "area": area}],
        },
        "bubble": flex(rich_bubble(picture)),
        "flex carousel": flex({"type": "carousel", "contents": [bubble(words(f"ใบที่ {n}")) for n in (1, 2, 3)]}),
        "quick": text("เลือกได้เลยค่ะ", {"type": "location", "label": "ส่งตำแหน่ง"}, {"type": "camera", "label": "ถ่ายรูป"}, TAP, WEB),
    }  # fmt: skip
