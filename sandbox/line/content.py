# SPDX-License-Identifier: Apache-2.0
"""Files behind messages: prepared for a while (202), there (200), taken back (410) or unknown (404).

Rules: https://developers.line.biz/en/reference/messaging-api/#get-content
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, UnidentifiedImageError

from sandbox.line.errors import GONE, NOT_FOUND
from sandbox.line.state import Media, Platform, Sent

_PREVIEW = (240, 240)


def keep(platform: Platform, message: Sent, data: bytes, mime: str) -> None:
    """Store the bytes of a message; audio and video are prepared for `platform.transcoding` seconds first."""
    wait = platform.transcoding if message.type in ("audio", "video") else 0.0
    platform.media[message.id] = Media(data=data, mime=mime, ready_at=platform.clock.now() + wait)


def _find(platform: Platform, message_id: str) -> Media:
    message, media = platform.messages.get(message_id), platform.media.get(message_id)
    if message is None or media is None:
        raise NOT_FOUND.refusal()
    if message.unsent:
        raise GONE.refusal()
    return media


def fetch(platform: Platform, message_id: str) -> Media | None:
    """The media of a message, None while they are prepared; 404 or 410 otherwise."""
    media = _find(platform, message_id)
    if media.failed:
        raise NOT_FOUND.refusal()
    return media if media.ready_at <= platform.clock.now() else None


def transcoding(platform: Platform, message_id: str) -> str:
    """`processing`, `succeeded` or `failed`, for audio and video; 404 for others."""
    media = _find(platform, message_id)
    if platform.messages[message_id].type not in ("audio", "video"):
        raise NOT_FOUND.refusal()
    if media.failed:
        return "failed"
    return "succeeded" if media.ready_at <= platform.clock.now() else "processing"


def preview(platform: Platform, message_id: str) -> bytes | None:
    """A small JPEG of a picture, None while it is prepared; 404 when there can be none."""
    media = fetch(platform, message_id)
    if media is None:
        return None
    try:
        picture = Image.open(BytesIO(media.data))
        picture.thumbnail(_PREVIEW)
    except (UnidentifiedImageError, OSError):
        raise NOT_FOUND.refusal() from None
    small = BytesIO()
    picture.convert("RGB").save(small, "JPEG")
    return small.getvalue()
