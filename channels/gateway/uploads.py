# SPDX-License-Identifier: Apache-2.0
"""Looks at an uploaded file by its content, never by its name, and takes out what it tells about the citizen."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor

from PIL import Image, ImageOps, UnidentifiedImageError

#: what may come in, by Pillow's name for it, and what it is stored as
_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/png"}
#: pixels in the file; a 50-megapixel telephone fits, a decompression bomb does not
MAX_PIXELS = 64_000_000
#: pixels to be held in memory, four bytes each, a few times over. A JPEG is made smaller while it is read, so a large
#: photo fits; a PNG must be read whole, and 49 megapixels of one colour are a file of 190 kB
MAX_DECODED = 25_000_000
#: pixels of the longer side as stored: enough to see a pothole
MAX_SIDE = 2_560


class BadUpload(Exception):
    """The file is not a picture that we take."""


#: one photo after another: each may take a hundred megabytes for a second
_CLEANER = ThreadPoolExecutor(1, thread_name_prefix="photo")


async def clean_upload(content: bytes) -> tuple[bytes, str]:
    """`clean_image` in a thread of its own. Raises BadUpload."""
    return await asyncio.get_running_loop().run_in_executor(_CLEANER, clean_image, content)


def clean_image(content: bytes) -> tuple[bytes, str]:
    """(the picture without EXIF, place or other extras; its content type), upright and at most MAX_SIDE on a side.

    The picture is drawn anew, so that nothing but its pixels can survive. Raises BadUpload.
    """
    try:
        # Photos are cleaned in threads, so no warnings filter here: it would hold for all of them.
        with Image.open(io.BytesIO(content), formats=list(_FORMATS)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise BadUpload("too many pixels")
            kind = picture.format or ""
            picture.draft(None, (MAX_SIDE, MAX_SIDE))
            if picture.width * picture.height > MAX_DECODED:
                raise BadUpload("too many pixels")
            # made small first, then turned: turning makes a copy
            picture.thumbnail((MAX_SIDE, MAX_SIDE), reducing_gap=None)
            upright = ImageOps.exif_transpose(picture)
            plain = Image.new("RGBA" if _transparent(upright) else "RGB", upright.size)
            plain.paste(upright.convert(plain.mode))
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise BadUpload(type(error).__name__) from error
    if kind == "GIF" or plain.mode == "RGBA":
        kind = "WEBP" if kind == "WEBP" else "PNG"
    out = io.BytesIO()
    plain.save(out, kind, **({"quality": 85} if kind in ("JPEG", "WEBP") else {}))
    return out.getvalue(), _FORMATS[kind]


def _transparent(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
