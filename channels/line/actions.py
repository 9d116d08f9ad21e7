# SPDX-License-Identifier: Apache-2.0
"""LINE's action objects: what a tap on a quick reply, a row or a link does."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import regex
from yarl import URL

from channels.line.limits import DISPLAY_TEXT, LABEL, URI, shorten

#: Labels are one line of words that are seen (`limits.one_line`); they come shortened, in `displayText` nearly whole.
Action = dict[str, Any]

_TELEPHONE = regex.compile(r"\+?[0-9*#]{2,20}")
#: what people write between the digits of a number
_BETWEEN_DIGITS = regex.compile(r"[\s().\-–]+")
#: Quick replies can open these; elsewhere LINE's own addresses do (developers.line.biz, "LINE URL scheme").
_ADDRESSES = {
    "location": "https://line.me/R/nv/location/",
    "camera": "https://line.me/R/nv/camera/",
    "cameraRoll": "https://line.me/R/nv/cameraRoll/single",
}


def postback(label: str, data: str) -> Action:
    """Sends `data` to us and shows the whole label as what the citizen said."""
    return {
        "type": "postback",
        "label": _label(label),
        "data": data,
        "displayText": shorten(label, DISPLAY_TEXT),
    }


def request(kind: str, label: str) -> Action:
    """Opens `location`, `camera` or `cameraRoll`; for quick replies only."""
    return {"type": kind, "label": _label(label)}


def uri(label: str, url: str) -> Action | None:
    """Opens a web page or calls a number; None for an address that LINE would refuse (`mailto:`, over 1,000 characters)."""
    address = _address(url)
    if address is None or len(address) > URI:
        return None
    return {"type": "uri", "label": _label(label), "uri": address}


def share(label: str, text: str) -> Action:
    """Lets the citizen pass a short text on to friends or to their own notes."""
    return {
        "type": "uri",
        "label": _label(label),
        "uri": f"https://line.me/R/share?text={quote(text, safe='')}",
    }


def outside_quick_replies(action: Action) -> Action:
    """The same action in a form that Flex allows."""
    if action["type"] in _ADDRESSES:
        return {"type": "uri", "label": action["label"], "uri": _ADDRESSES[action["type"]]}
    return action


def _label(words: str) -> str:
    return shorten(words, LABEL)


def _address(url: str) -> str | None:
    scheme, _, rest = url.strip().partition(":")
    if scheme.lower() == "tel":
        number = _BETWEEN_DIGITS.sub("", rest)
        return f"tel:{number}" if _TELEPHONE.fullmatch(number) else None
    if scheme.lower() != "https":
        return None
    try:
        address = URL(url.strip())
    except ValueError:
        return None
    return str(address) if address.host else None
