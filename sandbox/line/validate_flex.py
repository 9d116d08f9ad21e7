# SPDX-License-Identifier: Apache-2.0
"""Flex Messages: bubbles and carousels, their components, sizes, colours and byte limits.

Rules: https://developers.line.biz/en/reference/messaging-api/#flex-message . Properties are named by their path in the
container (`/body/contents/0/text`), as LINE does.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.line.checks import Findings, utf16_units
from sandbox.line.validate_action import AREA, FLEX_BUTTON, check_action

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
MAX_BUBBLES = 12

_PLACED = {"margin", "position", "offsetTop", "offsetBottom", "offsetStart", "offsetEnd"}
_BOX_ONLY = {
    "layout", "contents", "flex", "spacing", "backgroundColor", "borderColor", "borderWidth", "cornerRadius", "width",
    "maxWidth", "height", "maxHeight", "paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd",
    "action", "justifyContent", "alignItems", "background",
}  # fmt: skip
_SPAN = {"text", "size", "color", "weight", "style", "decoration"}
#: Properties that each component knows; another one is refused.
KNOWN = {
    "box": _BOX_ONLY | _PLACED,
    "button": {"flex", "color", "style", "action", "gravity", "height", "adjustMode", "scaling"} | _PLACED,
    "image": {
        "url", "flex", "align", "gravity", "size", "aspectRatio", "aspectMode", "backgroundColor", "action", "animated",
    } | _PLACED,
    "video": {"url", "previewUrl", "altContent", "aspectRatio", "action"},
    "icon": {"url", "size", "aspectRatio", "scaling"} | _PLACED,
    "text": {
        "flex", "align", "gravity", "wrap", "lineSpacing", "action", "maxLines", "contents", "adjustMode", "scaling",
    } | _SPAN | _PLACED,
    "span": _SPAN,
    "separator": {"margin", "color"},
    "filler": {"flex"},
}  # fmt: skip
_INSIDE = {
    "horizontal": ("box", "button", "image", "text", "separator", "filler"),
    "vertical": ("box", "button", "image", "text", "separator", "filler"),
    "baseline": ("icon", "text", "filler"),
}
_WORDS = {
    "position": ("relative", "absolute"),
    "weight": ("regular", "bold"),
    "decoration": ("none", "underline", "line-through"),
    "align": ("start", "end", "center"),
    "gravity": ("top", "bottom", "center"),
    "justifyContent": ("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"),
    "alignItems": ("center", "flex-start", "flex-end"),
    "aspectMode": ("fit", "cover"),
    "adjustMode": ("shrink-to-fit",),
}
_STEPS = ("none", "xs", "sm", "md", "lg", "xl", "xxl")
_FONT = ("xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl")
_PIXELS = re.compile(r"\d+(\.\d+)?px")
_SHARE = re.compile(r"\d+(\.\d+)?%")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
_RATIO = re.compile(r"\d+(\.\d+)?:\d+(\.\d+)?")


def check_flex(found: Findings, container: Any) -> None:
    """Note what is wrong with the `contents` of a Flex Message."""
    if not isinstance(container, dict):
        found.add("/", "must be specified")
        return
    kind = found.one_of(container, "type", "/", ("bubble", "carousel"), required=True)
    if kind == "bubble":
        _bubble(found, container, "/")
    elif kind == "carousel":
        _carousel(found, container)


def _bytes(container: Any) -> int:
    return len(json.dumps(container, ensure_ascii=False, separators=(",", ":")).encode())


def _carousel(found: Findings, container: Any) -> None:
    bubbles = found.items(container, "contents", "/", 1, MAX_BUBBLES)
    for index, bubble in enumerate(bubbles):
        if isinstance(bubble, dict) and bubble.get("type") == "bubble":
            _bubble(found, bubble, f"/contents/{index}/")
        else:
            found.add(f"/contents/{index}", "invalid property")
    if len({bubble.get("size", "mega") for bubble in bubbles if isinstance(bubble, dict)}) > 1:
        found.add("/contents", "all bubbles must have the same size")
    if _bytes(container) > CAROUSEL_BYTES:
        found.add("/", f"the size must be at most {CAROUSEL_BYTES} bytes")


def _bubble(found: Findings, bubble: Any, path: str) -> None:
    _known(found, bubble, {"size", "direction", "header", "hero", "body", "footer", "styles", "action"}, path)
    found.one_of(bubble, "size", path, ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"))
    found.one_of(bubble, "direction", path, ("ltr", "rtl"))
    if not any(bubble.get(block) for block in ("header", "hero", "body", "footer")):
        found.add(path, "At least one block must be specified")
    for block in ("header", "body", "footer"):
        if block in bubble:
            _component(found, bubble[block], f"{path}{block}", ("box",))
    if "hero" in bubble:
        _component(found, bubble["hero"], f"{path}hero", ("box", "image", "video"))
    for block, style in (bubble.get("styles") or {}).items():
        _known(
            found, {"type": "", **style}, {"backgroundColor", "separator", "separatorColor"}, f"{path}styles/{block}/"
        )
        for name in ("backgroundColor", "separatorColor"):
            _matches(found, style, name, f"{path}styles/{block}/", (), _COLOUR)
    if "action" in bubble:
        check_action(found, bubble["action"], f"{path}action/", AREA)
    if _bytes(bubble) > BUBBLE_BYTES:
        found.add(path, f"the size must be at most {BUBBLE_BYTES} bytes")


def _known(found: Findings, body: dict[str, Any], names: set[str], path: str) -> None:
    for name in body.keys() - names - {"type"}:
        found.add(f"{path}{name}", "unknown field")


def _matches(found: Findings, body: Any, name: str, path: str, words: tuple[str, ...], *forms: re.Pattern[str]) -> None:
    value = body.get(name)
    if value is None or value in words:
        return
    if not isinstance(value, str) or not any(form.fullmatch(value) for form in forms):
        found.add(f"{path}{name}", "invalid property")


def _component(found: Findings, component: Any, where: str, allowed: tuple[str, ...]) -> None:
    if not isinstance(component, dict) or component.get("type") not in allowed:
        found.add(where, "invalid property")
        return
    kind = component["type"]
    path = f"{where}/"
    _known(found, component, KNOWN[kind], path)
    _common(found, component, kind, path)
    if kind == "box":
        _box(found, component, path)
    elif kind == "text":
        _text(found, component, path)
    elif kind == "span":
        found.text(component, "text", path, 2000, clusters=False)
    elif kind == "button":
        check_action(found, component.get("action"), f"{path}action/", FLEX_BUTTON)
        found.one_of(component, "style", path, ("primary", "secondary", "link"))
        found.one_of(component, "height", path, ("sm", "md"))
    elif kind in ("image", "icon", "video"):
        _media(found, component, kind, path)


def _common(found: Findings, component: Any, kind: str, path: str) -> None:
    """Properties that mean the same in several components."""
    for name, words in _WORDS.items():
        found.one_of(component, name, path, words)
    for name in ("color", "backgroundColor", "borderColor"):
        _matches(found, component, name, path, (), _COLOUR)
    for name in ("margin", "spacing"):
        _matches(found, component, name, path, _STEPS, _PIXELS)
    for name in component.keys() & {"offsetTop", "offsetBottom", "offsetStart", "offsetEnd"}:
        _matches(found, component, name, path, _STEPS, _PIXELS, _SHARE)
    if "flex" in component:
        found.number(component, "flex", path, 0, 10_000)
    if kind in ("text", "span", "icon"):
        _matches(found, component, "size", path, _FONT, _PIXELS)
    if "action" in component and kind != "button":
        check_action(found, component["action"], f"{path}action/", AREA)


def _box(found: Findings, box: Any, path: str) -> None:
    layout = found.one_of(box, "layout", path, tuple(_INSIDE), required=True)
    for name in ("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"):
        _matches(found, box, name, path, _STEPS, _PIXELS, _SHARE)
    for name in ("width", "maxWidth", "height", "maxHeight"):
        _matches(found, box, name, path, (), _PIXELS, _SHARE)
    _matches(found, box, "cornerRadius", path, _STEPS, _PIXELS)
    _matches(found, box, "borderWidth", path, ("none", "light", "normal", "medium", "semi-bold", "bold"), _PIXELS)
    contents = box.get("contents")
    if not isinstance(contents, list):
        found.add(f"{path}contents", "must be specified")
        return
    for index, component in enumerate(contents):
        _component(found, component, f"{path}contents/{index}", _INSIDE.get(layout or "vertical", ()))


def _text(found: Findings, text: Any, path: str) -> None:
    spans = text.get("contents")
    if spans:
        for index, span in enumerate(spans):
            _component(found, span, f"{path}contents/{index}", ("span",))
    elif not isinstance(text.get("text"), str) or not text["text"]:
        found.add(f"{path}text", "must be non-empty text")
    elif utf16_units(text["text"]) > 2000:
        found.add(f"{path}text", "Length must be between 1 and 2000")
    found.one_of(text, "style", path, ("normal", "italic"))
    if "maxLines" in text:
        found.number(text, "maxLines", path, 0, 10_000)
    _matches(found, text, "lineSpacing", path, (), _PIXELS)


def _media(found: Findings, media: Any, kind: str, path: str) -> None:
    found.url(media, "url", path, 2000)
    _matches(found, media, "aspectRatio", path, (), _RATIO)
    if kind == "image":
        _matches(found, media, "size", path, (*_FONT, "full"), _PIXELS, _SHARE)
    if kind == "video":
        found.url(media, "previewUrl", path, 2000)
        _component(found, media.get("altContent"), f"{path}altContent", ("box", "image"))
