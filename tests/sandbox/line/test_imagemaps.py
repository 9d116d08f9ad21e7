# SPDX-License-Identifier: Apache-2.0
"""Imagemaps at their limits and one beyond."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.line.state import Platform
from tests.sandbox.line.conftest import Client, call

Json = dict[str, Any]
HTTPS = "https://example.com/a"
AREA: Json = {"x": 0, "y": 0, "width": 520, "height": 520}
SAY: Json = {"type": "message", "text": "ซ้าย", "area": AREA}
OPEN: Json = {"type": "uri", "linkUri": HTTPS, "area": AREA}
FILM: Json = {"originalContentUrl": HTTPS, "previewImageUrl": HTTPS, "area": AREA}


def imagemap(*actions: Any, **more: Any) -> Json:
    """An imagemap with these actions, one that is right if none is given."""
    size = {"width": 1040, "height": 520}
    shown = {"type": "imagemap", "baseUrl": HTTPS, "altText": "แผนผัง", "baseSize": size}
    return {**shown, "actions": list(actions) or [SAY], **more}


def less(whole: Json, name: str) -> Json:
    """Without one property."""
    return {key: value for key, value in whole.items() if key != name}


GOOD: list[Json] = [
    imagemap(SAY, OPEN, {"type": "clipboard", "clipboardText": "ก" * 1000, "area": AREA}),
    imagemap({**SAY, "text": "ก" * 400, "label": "ก" * 50}), imagemap({**OPEN, "linkUri": "tel:1111"}), imagemap(*[SAY] * 50),
    imagemap(video=FILM), imagemap(video={**FILM, "externalLink": {"linkUri": HTTPS, "label": "ก" * 30}}),
]  # fmt: skip

BAD: list[tuple[Json, str]] = [
    (imagemap(less(SAY, "area")), "actions[0].area"), (imagemap({**SAY, "area": []}), "actions[0].area"),
    (imagemap(SAY, {**OPEN, "area": less(AREA, "width")}), "actions[1].area.width"),
    (imagemap({**SAY, "area": {**AREA, "x": -1}}), "actions[0].area.x"),
    (imagemap({**SAY, "area": {**AREA, "height": 0}}), "actions[0].area.height"),
    (imagemap({**SAY, "area": {**AREA, "y": "0"}}), "actions[0].area.y"),
    (imagemap("ซ้าย"), "actions[0]"), (imagemap({"type": "camera", "area": AREA}), "actions[0].type"),
    (imagemap({**SAY, "text": "ก" * 401}), "actions[0].text"), (imagemap({**SAY, "label": "ก" * 51}), "actions[0].label"),
    (imagemap({"type": "uri", "uri": HTTPS, "area": AREA}), "actions[0].linkUri"),
    (imagemap({**OPEN, "linkUri": "mailto:a@example.com"}), "actions[0].linkUri"),
    (imagemap({"type": "clipboard", "clipboardText": "ก" * 1001, "area": AREA}), "actions[0].clipboardText"),
    (imagemap(*[SAY] * 51), "actions"), (imagemap(baseSize={"width": 1000, "height": 520}), "baseSize.width"),
    (imagemap(altText=""), "altText"), (imagemap(baseUrl="http://example.com/a"), "baseUrl"),
    (imagemap(video=less(FILM, "area")), "video.area"), (imagemap(video=less(FILM, "previewImageUrl")), "video.previewImageUrl"),
    (imagemap(video={**FILM, "externalLink": {"linkUri": HTTPS}}), "video.externalLink.label"),
]  # fmt: skip


async def checked(client: Client, platform: Platform, message: Json) -> tuple[int, Json]:
    """(status, body) of LINE's own validation call."""
    status, body = await call(client, platform, "POST", "/v2/bot/message/validate/push", json={"messages": [message]})
    return status, body


@pytest.mark.parametrize("message", GOOD, ids=lambda message: str(message)[100:180])
async def test_an_imagemap_at_its_limits_passes(client: Client, platform: Platform, message: Json) -> None:
    """What LINE would take."""
    assert await checked(client, platform, message) == (200, {})


@pytest.mark.parametrize(("message", "where"), BAD, ids=lambda value: value if isinstance(value, str) else "")
async def test_an_imagemap_beyond_its_limits_is_400(
    client: Client, platform: Platform, message: Json, where: str
) -> None:
    """One problem, named by its property: an action without an area above all, which nobody could tap."""
    status, body = await checked(client, platform, message)
    assert status == 400
    assert [detail["property"] for detail in body["details"]] == [f"messages[0].{where}"]
