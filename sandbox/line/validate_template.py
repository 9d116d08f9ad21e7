# SPDX-License-Identifier: Apache-2.0
"""Template messages: buttons, confirm, carousel and image carousel.

Limits: https://developers.line.biz/en/reference/messaging-api/#template-messages
"""

from __future__ import annotations

from typing import Any

from sandbox.line.checks import Findings
from sandbox.line.validate_action import AREA, IMAGE_CAROUSEL, TEMPLATE, check_action

TEMPLATES = ("buttons", "confirm", "carousel", "image_carousel")


def check_template(found: Findings, template: Any, path: str) -> None:
    """Note what is wrong with the `template` of a template message."""
    if not isinstance(template, dict):
        found.add(path.rstrip("."), "May not be empty")
        return
    kind = found.one_of(template, "type", path, TEMPLATES, required=True)
    if kind is not None:
        {"buttons": _buttons, "confirm": _confirm, "carousel": _carousel, "image_carousel": _image_carousel}[kind](
            found, template, path
        )


def _look(found: Findings, body: Any, path: str) -> None:
    found.one_of(body, "imageAspectRatio", path, ("rectangle", "square"))
    found.one_of(body, "imageSize", path, ("cover", "contain"))


def _column(found: Findings, body: Any, path: str, long: int, short: int, actions: int) -> None:
    """Title, text, image and actions of buttons or of one carousel column; text is shorter beside image or title."""
    found.url(body, "thumbnailImageUrl", path, 2000, required=False)
    found.text(body, "title", path, 40, required=False)
    beside = "title" in body or "thumbnailImageUrl" in body
    found.text(body, "text", path, short if beside else long)
    if "defaultAction" in body:
        check_action(found, body["defaultAction"], f"{path}defaultAction.", AREA)
    for index, action in enumerate(found.items(body, "actions", path, 1, actions)):
        check_action(found, action, f"{path}actions[{index}].", TEMPLATE)


def _buttons(found: Findings, template: Any, path: str) -> None:
    _look(found, template, path)
    _column(found, template, path, 160, 60, 4)


def _confirm(found: Findings, template: Any, path: str) -> None:
    found.text(template, "text", path, 240)
    for index, action in enumerate(found.items(template, "actions", path, 2, 2)):
        check_action(found, action, f"{path}actions[{index}].", TEMPLATE)


def _carousel(found: Findings, template: Any, path: str) -> None:
    _look(found, template, path)
    columns = found.items(template, "columns", path, 1, 10)
    sizes: set[int] = set()
    shapes: set[tuple[bool, bool]] = set()
    for index, column in enumerate(columns):
        where = f"{path}columns[{index}]."
        if not isinstance(column, dict):
            found.add(where.rstrip("."), "May not be empty")
            continue
        _column(found, column, where, 120, 60, 3)
        shapes.add(("title" in column, "thumbnailImageUrl" in column))
        if isinstance(column.get("actions"), list):
            sizes.add(len(column["actions"]))
    if len(sizes) > 1:
        found.add(f"{path}columns", "The number of actions must be the same for all columns")
    if len(shapes) > 1:
        found.add(f"{path}columns", "Titles and images must be set for all columns or for none")


def _image_carousel(found: Findings, template: Any, path: str) -> None:
    for index, column in enumerate(found.items(template, "columns", path, 1, 10)):
        where = f"{path}columns[{index}]."
        if not isinstance(column, dict):
            found.add(where.rstrip("."), "May not be empty")
            continue
        found.url(column, "imageUrl", where, 2000)
        check_action(found, column.get("action"), f"{where}action.", IMAGE_CAROUSEL)
