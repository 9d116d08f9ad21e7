# SPDX-License-Identifier: Apache-2.0
"""Fetches what citizens send from the channel that holds it, checks it by its content, and stores it once."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Mapping
from typing import Protocol

import puremagic
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.uploads import BadUpload, clean_upload
from core.errors import Rejected, Verdict
from core.messages import Attachment
from store.media import MediaStore, StoredMedia, add_media, media_of_message

_log = structlog.get_logger(__name__)

#: files besides pictures that officers can open, by what stands in them
_OTHERS = frozenset(
    {
        "application/pdf",
        "audio/mp4",
        "audio/x-m4a",
        "audio/mpeg",
        "audio/aac",
        "audio/ogg",
        "video/mp4",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
#: files under way at the same time
_AT_ONCE = 4


class Fetcher(Protocol):
    """The part of a channel that holds files."""

    async def content(self, source: str, largest: int) -> bytes:
        """The bytes of a file. Raises verdicts; Rejected when it is gone for good or too large."""
        ...


class Attachments:
    """Stores the files of messages. largest: bytes."""

    def __init__(self, engine: AsyncEngine, files: MediaStore, fetchers: Mapping[str, Fetcher], largest: int) -> None:
        self._engine = engine
        self._files = files
        self._fetchers = fetchers
        self._largest = largest
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, channel: str, conversation_id: int, message_id: str, attachment: Attachment) -> None:
        """Fetches in the background: the channel keeps files for a while only, and the turn may have to wait."""
        task = asyncio.create_task(self._quietly(channel, conversation_id, message_id, attachment))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Ends what is under way; the turn fetches it again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _quietly(self, channel: str, conversation_id: int, message_id: str, attachment: Attachment) -> None:
        try:
            await self.stored(channel, conversation_id, message_id, attachment)
        except (Verdict, SQLAlchemyError, OSError) as error:
            _log.info("attachment_not_fetched", error=type(error).__name__)

    async def stored(self, channel: str, conversation_id: int, message_id: str, attachment: Attachment) -> StoredMedia:
        """The stored file, fetched now when it was not yet.

        Raises Rejected when it cannot be had (gone, too large, of a kind that we do not take), other verdicts for
        trouble that passes.
        """
        async with self._room:
            known = await media_of_message(self._engine, conversation_id, message_id)
            if known is not None:
                return known
            fetcher = self._fetchers.get(channel)
            if fetcher is None or attachment.source.startswith("https:"):
                # An address of somebody's own: to call it would let strangers use our network.
                raise Rejected("attachment_elsewhere")
            raw = await fetcher.content(attachment.source, self._largest)
            content, content_type = await _checked(attachment, raw)
            return await add_media(
                self._engine,
                self._files,
                conversation_id,
                content,
                content_type,
                message_id=message_id,
                set_id=attachment.set_id,
            )


async def _checked(attachment: Attachment, content: bytes) -> tuple[bytes, str]:
    if attachment.media == "image":
        try:
            return await clean_upload(content)
        except BadUpload as error:
            raise Rejected("bad_upload") from error
    try:
        found = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):  # ValueError: there is nothing in it
        found = []
    kinds = [one.mime_type for one in found if one.mime_type in _OTHERS]
    if not kinds or ("officedocument" in kinds[0] and not _is_office(content)):
        raise Rejected("bad_upload")
    return content, kinds[0]


def _is_office(content: bytes) -> bool:
    """Whether an archive is an office document: by its first bytes every archive is one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
