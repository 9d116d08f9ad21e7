# SPDX-License-Identifier: Apache-2.0
"""Photos at the public door: only pictures come in, and they belong to their session."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.channels.gateway.stack import PHOTO, Stack, upload
from tests.fakes.bot_server import Bot

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORM = {"Content-Type": "multipart/form-data; boundary=x"}
PART = b"--x\r\nContent-Disposition: form-data; name=file\r\n"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("no multipart", {"data": b"abc"}),
        ("no boundary", {"data": b"abc", "headers": {"Content-Type": "multipart/form-data"}}),
        ("wrong boundary", {"data": b"abc", "headers": FORM}),
        ("cut off", {"data": b"--x\r\nContent-Disposition: form-data", "headers": FORM}),
        ("bad header", {"data": b"--x\r\n\xff\xfe: \r\n\r\nabc\r\n--x--", "headers": FORM}),
        ("bad length", {"data": PART + b"Content-Length: -5\r\n\r\nabc\r\n--x--", "headers": FORM}),
        ("odd coding", {"data": PART + b"Content-Transfer-Encoding: rot13\r\n\r\nabc\r\n--x--", "headers": FORM}),
        ("nested", {"data": b"--x\r\nContent-Type: multipart/mixed\r\n\r\nabc\r\n--x--", "headers": FORM}),
        ("another field", {"data": {"photo": io.BytesIO(PHOTO)}}),
        ("an empty file", {"data": {"file": io.BytesIO(b"")}}),
        ("a text called jpg", {"data": {"file": io.BytesIO(b"hello")}}),
        (
            "SVG",
            {"data": {"file": io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")}},
        ),
        ("PDF", {"data": {"file": io.BytesIO(b"%PDF-1.7 ...")}}),
        ("a cut-off photo", {"data": {"file": io.BytesIO(PHOTO[:200])}}),
    ],
)
async def test_what_is_no_photo_is_refused(stack: Stack, name: str, arguments: dict[str, Any]) -> None:
    """Anything but a picture that can be drawn: 4xx with a sentence (W-09)."""
    citizen = await stack.citizen()
    status, data, _ = await citizen.call("POST", "/chat/uploads", **arguments)
    assert 400 <= status < 500, name
    assert data["message"]


async def test_too_large_an_upload_is_refused(stack: Stack) -> None:
    """More than the limit is a 413, whether the length is told or not."""
    citizen = await stack.citizen()
    large = b"x" * (stack.gateway.config.max_upload + 10_000)
    status, data, _ = await citizen.call("POST", "/chat/uploads", data={"file": io.BytesIO(large)})
    assert (status, data["error"]) == (413, "bad_upload")


async def test_a_photo_goes_to_the_bot_as_its_id(stack: Stack, bot: Bot) -> None:
    """Upload, then the message: the bot gets an id, the citizen sees the photo in the conversation."""
    citizen = await stack.citizen()
    media = await upload(citizen, PHOTO)
    status, posted = await citizen.post({"media": media})
    assert status == 202
    await citizen.answers(1, after=posted["seq"])
    assert bot.ran[-1].content == {"media": {"id": media, "kind": "image"}}
    assert (await citizen.events())[0]["blocks"] == [{"type": "image", "media": media, "alt": ""}]
