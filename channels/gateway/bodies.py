# SPDX-License-Identifier: Apache-2.0
"""Reads what is posted at the public door: never more than is allowed, and never for longer."""

from __future__ import annotations

import asyncio

from aiohttp import BodyPartReader, web

from channels.web.parse import Refused

#: seconds for a message; it is a few hundred bytes
BODY_SECONDS = 10.0
#: seconds for a photo; 10 MB over a poor mobile line
FILE_SECONDS = 120.0


async def read_body(request: web.Request, limit: int, seconds: float | None = None) -> bytes:
    """The whole body. Raises Refused: 413 as soon as it is too large, without keeping the rest; 408 when it is too slow."""
    if (request.content_length or 0) > limit:
        raise Refused("too_long", 413)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS if seconds is None else seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise Refused("too_long", 413)
    except TimeoutError:
        raise Refused("too_slow", 408) from None
    return bytes(body)


async def read_file(request: web.Request, limit: int, seconds: float | None = None) -> bytes:
    """The multipart field `file`. Raises Refused: `bad_upload` (400, 413, 415), `too_slow` (408)."""
    if not request.content_type.startswith("multipart/"):
        raise Refused("bad_upload", 415)
    if (request.content_length or 0) > limit + 4_096:
        raise Refused("bad_upload", 413)
    try:
        async with asyncio.timeout(FILE_SECONDS if seconds is None else seconds):
            content = await _field(request, limit)
    except TimeoutError:
        raise Refused("too_slow", 408) from None
    except (ValueError, AssertionError):
        content = None
    if content is None:
        raise Refused("bad_upload", 400)
    return content


async def _field(request: web.Request, limit: int) -> bytes | None:
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if isinstance(part, BodyPartReader) and part.name == "file":
            content = bytearray()
            while chunk := await part.read_chunk():
                content += chunk
                if len(content) > limit:
                    raise Refused("bad_upload", 413)
            return bytes(content)
    return None
