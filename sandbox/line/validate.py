# SPDX-License-Identifier: Apache-2.0
"""Message objects: every limit that makes LINE answer 400, checked before anything is sent.

Limits: https://developers.line.biz/en/reference/messaging-api/#message-objects
"""

from __future__ import annotations

from typing import Any

from sandbox.line.checks import Findings
from sandbox.line.errors import invalid, invalid_message
from sandbox.line.validate_action import QUICK_REPLY, check_action
from sandbox.line.validate_flex import check_flex
from sandbox.line.validate_imagemap import check_imagemap
from sandbox.line.validate_template import check_template

MESSAGES = (
    "text", "textV2", "sticker", "image", "video", "audio", "location", "imagemap", "template", "flex", "coupon",
)  # fmt: skip
MAX_MESSAGES = 5
_TOP = {"type", "quickReply", "sender"}
_KNOWN = {
    "text": {"text", "emojis", "quoteToken"},
    "textV2": {"text", "substitution", "quoteToken"},
    "sticker": {"packageId", "stickerId", "quoteToken"},
    "image": {"originalContentUrl", "previewImageUrl"},
    "video": {"originalContentUrl", "previewImageUrl", "trackingId"},
    "audio": {"originalContentUrl", "duration"},
    "location": {"title", "address", "latitude", "longitude"},
    "imagemap": {"baseUrl", "altText", "baseSize", "actions", "video"},
    "template": {"altText", "template"},
    "flex": {"altText", "contents"},
    "coupon": {"couponId", "deliveryTag"},
}


def check_messages(body: Any, *, loopback_http: bool) -> list[dict[str, Any]]:
    """The messages of a send request; raises `Refused` (400) in LINE's words with every problem."""
    found = Findings(loopback_http)
    messages = found.items(body, "messages", "", 1, MAX_MESSAGES)
    for index, message in enumerate(messages):
        if not isinstance(message, dict):
            found.add(f"messages[{index}]", "May not be empty")
            continue
        _message(found, message, f"messages[{index}].")
    if found.problems:
        raise invalid(found.problems)
    for index, message in enumerate(messages):
        # LINE looks into templates and Flex containers only when the rest of the body is right.
        inner = Findings(loopback_http)
        if message["type"] == "flex":
            check_flex(inner, message["contents"])
        elif message["type"] == "template":
            check_template(inner, message["template"], "template/")
        if inner.problems:
            raise invalid_message(index, inner.problems)
    return list(messages)


def _message(found: Findings, message: dict[str, Any], path: str) -> None:
    kind = found.one_of(message, "type", path, MESSAGES, required=True)
    if kind is None:
        return
    for name in message.keys() - _KNOWN[kind] - _TOP:
        found.add(f"{path}{name}", "unknown field")
    _CHECKS[kind](found, message, path)
    if "quickReply" in message:
        _quick_reply(found, message["quickReply"], f"{path}quickReply.")
    if "sender" in message:
        _sender(found, message["sender"], f"{path}sender.")


def _quick_reply(found: Findings, quick: Any, path: str) -> None:
    if not isinstance(quick, dict):
        found.add(path.rstrip("."), "May not be empty")
        return
    for index, item in enumerate(found.items(quick, "items", path, 1, 13)):
        where = f"{path}items[{index}]."
        if not isinstance(item, dict) or item.get("type", "action") != "action":
            found.add(f"{where}type", "Must be one of the following values: [action]")
            continue
        found.url(item, "imageUrl", where, 2000, required=False)
        check_action(found, item.get("action"), f"{where}action.", QUICK_REPLY)


def _sender(found: Findings, sender: Any, path: str) -> None:
    if not isinstance(sender, dict):
        found.add(path.rstrip("."), "May not be empty")
        return
    found.text(sender, "name", path, 20, required=False)
    found.url(sender, "iconUrl", path, 2000, required=False)


def _text(found: Findings, message: Any, path: str) -> None:
    text = found.text(message, "text", path, 5000, clusters=False)
    if text is not None and not text.strip():
        found.add(f"{path}text", "May not be empty")


def _sticker(found: Findings, message: Any, path: str) -> None:
    found.text(message, "packageId", path, 20)
    found.text(message, "stickerId", path, 20)


def _image(found: Findings, message: Any, path: str) -> None:
    found.url(message, "originalContentUrl", path, 2000)
    found.url(message, "previewImageUrl", path, 2000)


def _audio(found: Findings, message: Any, path: str) -> None:
    found.url(message, "originalContentUrl", path, 2000)
    found.number(message, "duration", path, 1, 24 * 3600 * 1000)


def _location(found: Findings, message: Any, path: str) -> None:
    found.text(message, "title", path, 100)
    found.text(message, "address", path, 100)
    found.number(message, "latitude", path, -90, 90)
    found.number(message, "longitude", path, -180, 180)


def _alternative(name: str) -> Any:
    def check(found: Findings, message: Any, path: str) -> None:
        found.text(message, "altText", path, 1500, clusters=False)
        if not isinstance(message.get(name), dict):
            found.add(f"{path}{name}", "May not be empty")

    return check


def _coupon(found: Findings, message: Any, path: str) -> None:
    found.text(message, "couponId", path, 100)
    found.text(message, "deliveryTag", path, 30, required=False)


_CHECKS: dict[str, Any] = {
    "text": _text,
    "textV2": _text,
    "sticker": _sticker,
    "image": _image,
    "video": _image,
    "audio": _audio,
    "location": _location,
    "imagemap": check_imagemap,
    "template": _alternative("template"),
    "flex": _alternative("contents"),
    "coupon": _coupon,
}
