# SPDX-License-Identifier: Apache-2.0
"""LINE's rules for message objects, written down a second time, apart from the code that keeps to them.

From https://developers.line.biz/en/reference/messaging-api/ (message objects, action objects, Flex Message).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import regex

Json = dict[str, Any]

QUICK_REPLY_ACTIONS = {"postback", "message", "uri", "datetimepicker", "camera", "cameraRoll", "location", "clipboard"}
FLEX_ACTIONS = {"postback", "message", "uri", "datetimepicker", "clipboard", "richmenuswitch"}
#: what RFC 3986 lets stand in a URI
_URI = re.compile(r"(?:https://[!-;=?-Z_a-z~\[\]]+|tel:\+?[0-9*#]+)")
_COLOUR = re.compile(r"#[0-9A-F]{6}")
_WHITE = "#FFFFFF"


def utf16(text: str) -> int:
    """UTF-16 code units; fails on a lone surrogate."""
    return len(text.encode("utf-16-le")) // 2


def graphemes(text: str) -> int:
    """Extended grapheme clusters of UAX 29."""
    return len(regex.findall(r"\X", text))


def is_seen(text: str) -> bool:
    """Whether anything of it shows."""
    return any(unicodedata.category(char) not in {"Zs", "Zl", "Zp", "Cc", "Cf"} for char in text)


def check_list(messages: Sequence[Json]) -> None:
    """What one answer's objects must be, together and each."""
    for message in messages[:-1]:
        assert "quickReply" not in message, "only the last object's quick replies are shown"
    for message in messages:
        check_message(message)


def check_message(message: Json) -> None:
    """One message object that LINE takes."""
    json.dumps(message, ensure_ascii=False).encode()
    if "quickReply" in message:
        _quick_reply(message["quickReply"])
    kind = message["type"]
    if kind == "text":
        assert is_seen(message["text"])
        assert utf16(message["text"]) <= 5000
    elif kind == "image":
        for key in ("originalContentUrl", "previewImageUrl"):
            assert _URI.fullmatch(message[key])
            assert message[key].startswith("https://")
            assert len(message[key]) <= 2000
    else:
        assert kind == "flex"
        assert is_seen(message["altText"])
        assert utf16(message["altText"]) <= 1500
        _container(message["contents"])


def flex_texts(value: Any) -> Iterator[str]:
    """Every text component's words, in order."""
    if isinstance(value, Mapping):
        if value.get("type") == "text" and "size" in value:
            yield value["text"]
        for one in value.values():
            yield from flex_texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from flex_texts(one)


def actions(value: Any) -> Iterator[Json]:
    """Every action object, in order."""
    if isinstance(value, Mapping):
        if isinstance(value.get("action"), Mapping):
            yield dict(value["action"])
        for key, one in value.items():
            if key != "action":
                yield from actions(one)
    elif isinstance(value, list):
        for one in value:
            yield from actions(one)


def seen(messages: Sequence[Json]) -> str:
    """All words that somebody reads in these objects, also after a tap."""
    words: list[str] = []
    for message in messages:
        words += [message["text"]] if message["type"] == "text" else flex_texts(message)
        words += [str(action.get("displayText") or action.get("label", "")) for action in actions(message)]
    return "\n".join(words)


def _quick_reply(quick: Json) -> None:
    assert 1 <= len(quick["items"]) <= 13
    for item in quick["items"]:
        assert item["type"] == "action"
        assert item["action"]["type"] in QUICK_REPLY_ACTIONS
        assert is_seen(item["action"]["label"])
        _action(item["action"])


def _action(action: Json) -> None:
    assert graphemes(action.get("label", "")) <= 20
    assert "\n" not in action.get("label", "")
    if "label" in action:
        assert is_seen(action["label"])
    if action["type"] == "postback":
        assert re.fullmatch(r"[0-9]{1,19}\.[0-9]+\.[0-9]+", action["data"]), "a token of ours, nothing personal"
        assert len(action["data"]) <= 300
        assert is_seen(action["displayText"])
        assert graphemes(action["displayText"]) <= 300
    if action["type"] == "uri":
        assert _URI.fullmatch(action["uri"]), action["uri"]
        assert len(action["uri"]) <= 1000


def _container(container: Json) -> None:
    if container["type"] == "carousel":
        bubbles = container["contents"]
        assert 2 <= len(bubbles) <= 12
        assert _bytes(container) <= 50 * 1000
        assert len({bubble.get("size") for bubble in bubbles}) == 1
    else:
        bubbles = [container]
    for bubble in bubbles:
        assert bubble["type"] == "bubble"
        assert _bytes(bubble) <= 30 * 1000
        assert "body" in bubble
        for block in ("header", "body", "footer"):
            if block in bubble:
                _component(bubble[block], _WHITE)


def _component(component: Json, ground: str) -> None:
    if "action" in component:
        assert component["action"]["type"] in FLEX_ACTIONS
        _action(component["action"])
    if component["type"] == "text":
        assert is_seen(component["text"])
        assert component["wrap"] is True
        assert _COLOUR.fullmatch(component["color"])
        assert contrast(component["color"], ground) >= 4.5
        return
    assert component["type"] == "box"
    assert component["contents"]
    ground = component.get("backgroundColor", ground)
    assert _COLOUR.fullmatch(ground)
    for one in component["contents"]:
        _component(one, ground)


def _bytes(value: Json) -> int:
    """At its longest: with blanks between the tokens, and every letter beyond ASCII escaped."""
    return len(json.dumps(value).encode())


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#RRGGBB` colours (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
