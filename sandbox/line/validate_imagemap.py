# SPDX-License-Identifier: Apache-2.0
"""Imagemaps: a picture with areas that can be tapped, and perhaps a film in it.

Limits: https://developers.line.biz/en/reference/messaging-api/#imagemap-message
"""

from __future__ import annotations

from typing import Any

from sandbox.line.checks import Findings
from sandbox.line.validate_action import check_address

_ACTIONS = ("uri", "message", "clipboard")
_LABEL = 50
_WIDTH = 1040
#: LINE names no largest height, nor that an area must lie inside the picture
_LARGEST = 100_000


def check_imagemap(found: Findings, message: Any, path: str) -> None:
    """Note what is wrong with an imagemap; `path` ends with the separator of its properties."""
    found.url(message, "baseUrl", path, 2000)
    found.text(message, "altText", path, 1500, clusters=False)
    size = message.get("baseSize")
    if not isinstance(size, dict):
        found.add(f"{path}baseSize", "May not be empty")
    else:
        found.number(size, "width", f"{path}baseSize.", _WIDTH, _WIDTH)
        found.number(size, "height", f"{path}baseSize.", 1, _LARGEST)
    for index, action in enumerate(found.items(message, "actions", path, 1, 50)):
        _action(found, action, f"{path}actions[{index}].")
    if message.get("video") is not None:
        _video(found, message["video"], f"{path}video.")


def _action(found: Findings, action: Any, path: str) -> None:
    """Of its own kind: `linkUri` instead of `uri`, a longer label and text than elsewhere, and an area."""
    if not isinstance(action, dict):
        found.add(path.rstrip("."), "May not be empty")
        return
    kind = found.one_of(action, "type", path, _ACTIONS, required=True)
    found.text(action, "label", path, _LABEL, required=False)
    if kind == "uri":
        check_address(found, action, "linkUri", path)
    elif kind == "message":
        found.text(action, "text", path, 400)
    elif kind == "clipboard":
        found.text(action, "clipboardText", path, 1000, clusters=False)
    _area(found, action, path)


def _area(found: Findings, body: Any, path: str) -> None:
    area = body.get("area")
    if not isinstance(area, dict):
        found.add(f"{path}area", "May not be empty")
        return
    for name, least in (("x", 0), ("y", 0), ("width", 1), ("height", 1)):
        found.number(area, name, f"{path}area.", least, _LARGEST)


def _video(found: Findings, video: Any, path: str) -> None:
    if not isinstance(video, dict):
        found.add(path.rstrip("."), "May not be empty")
        return
    found.url(video, "originalContentUrl", path, 2000)
    found.url(video, "previewImageUrl", path, 2000)
    _area(found, video, path)
    link = video.get("externalLink")
    if isinstance(link, dict):
        check_address(found, link, "linkUri", f"{path}externalLink.")
        found.text(link, "label", f"{path}externalLink.", 30)
    elif link is not None:
        found.add(f"{path}externalLink", "May not be empty")
