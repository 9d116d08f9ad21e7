# SPDX-License-Identifier: Apache-2.0
"""Action objects: what may be tapped, by the limits of the place where it stands.

Limits: https://developers.line.biz/en/reference/messaging-api/#action-objects
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.line.checks import Findings, utf16_units

ACTIONS = (
    "postback", "message", "uri", "datetimepicker", "camera", "cameraRoll", "location", "richmenuswitch", "clipboard",
)  # fmt: skip
_QUICK_REPLY_ONLY = ("camera", "cameraRoll", "location")
_TIMES = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "time": re.compile(r"\d{2}:\d{2}"),
    "datetime": re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an action stands: how long its label may be, and whether it must have one."""

    name: str
    label: int
    needs_label: bool


QUICK_REPLY = Place(name="quick reply", label=20, needs_label=True)
TEMPLATE = Place(name="template", label=20, needs_label=True)
IMAGE_CAROUSEL = Place(name="image carousel", label=12, needs_label=False)
RICH_MENU = Place(name="rich menu", label=20, needs_label=False)
FLEX_BUTTON = Place(name="flex button", label=40, needs_label=True)
#: tapping a whole box, text, image or bubble, or a template's image
AREA = Place(name="area", label=40, needs_label=False)


def check_action(found: Findings, action: Any, path: str, place: Place) -> None:
    """Note what is wrong with an action; `path` ends with the separator of its properties."""
    if not isinstance(action, dict):
        found.add(path.rstrip("./"), "May not be empty")
        return
    kind = found.one_of(action, "type", path, ACTIONS, required=True)
    if kind is None:
        return
    if kind in _QUICK_REPLY_ONLY and place is not QUICK_REPLY:
        found.add(f"{path}type", f"the action {kind} can be set for quick replies only")
    if kind == "richmenuswitch" and place is not RICH_MENU:
        found.add(f"{path}type", "the action richmenuswitch can be set for rich menus only")
    found.text(action, "label", path, place.label, required=place.needs_label)
    _CHECKS.get(kind, _nothing_more)(found, action, path)


def _nothing_more(_found: Findings, _action: Any, _path: str) -> None:
    """Camera, camera roll and location have a label only."""


def _postback(found: Findings, action: Any, path: str) -> None:
    found.text(action, "data", path, 300, clusters=False)
    found.text(action, "displayText", path, 300, required=False)
    found.text(action, "text", path, 300, required=False)
    if "displayText" in action and "text" in action:
        found.add(f"{path}text", "displayText and text cannot both be set")
    option = found.one_of(action, "inputOption", path, ("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"))
    if "fillInText" in action:
        found.text(action, "fillInText", path, 300)
        if option != "openKeyboard":
            found.add(f"{path}fillInText", "fillInText needs the inputOption openKeyboard")


def _message(found: Findings, action: Any, path: str) -> None:
    found.text(action, "text", path, 300)


def _uri(found: Findings, action: Any, path: str) -> None:
    check_address(found, action, "uri", path)


def check_address(found: Findings, body: Any, name: str, path: str) -> None:
    """Note what is wrong with the address at `name` that a tap opens."""
    value = body.get(name)
    if not isinstance(value, str) or not 0 < utf16_units(value) <= 1000:
        found.add(f"{path}{name}", "Length must be between 1 and 1000")
        return
    # https://developers.line.biz/en/reference/messaging-api/#uri-action: no other scheme, so no mailto.
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("http", "https", "line", "tel") or any(letter.isspace() for letter in value):
        found.add(f"{path}{name}", "invalid uri scheme" if scheme else "invalid uri")


def _datetimepicker(found: Findings, action: Any, path: str) -> None:
    found.text(action, "data", path, 300, clusters=False)
    mode = found.one_of(action, "mode", path, tuple(_TIMES), required=True)
    if mode is None:
        return
    limits: dict[str, str] = {}
    for name in ("initial", "min", "max"):
        value = action.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or not _TIMES[mode].fullmatch(value):
            found.add(f"{path}{name}", "invalid date format")
        else:
            limits[name] = value.upper()
    if "min" in limits and "max" in limits and limits["min"] >= limits["max"]:
        found.add(f"{path}max", "max must be later than min")
    if "initial" in limits and not limits.get("min", "") <= limits["initial"] <= limits.get("max", "~"):
        found.add(f"{path}initial", "initial must lie between min and max")


def _rich_menu_switch(found: Findings, action: Any, path: str) -> None:
    found.text(action, "data", path, 300, clusters=False)
    found.text(action, "richMenuAliasId", path, 32)


def _clipboard(found: Findings, action: Any, path: str) -> None:
    found.text(action, "clipboardText", path, 1000, clusters=False)


_CHECKS = {
    "postback": _postback,
    "message": _message,
    "uri": _uri,
    "datetimepicker": _datetimepicker,
    "richmenuswitch": _rich_menu_switch,
    "clipboard": _clipboard,
}
