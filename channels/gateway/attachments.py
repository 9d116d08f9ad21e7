# SPDX-License-Identifier: Apache-2.0
"""Fetches what citizens send from the channel that holds it, checks it by its content, and stores it once."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakValueDictionary

import puremagic
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.uploads import BadUpload, clean_upload
from core.errors import Rejected, Unavailable
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
#: files of one kind that are fetched at the same time: pictures have a room of their own
_AT_ONCE = 4
#: seconds that a turn waits for its file before it makes room for other people's turns
_TURN_WAITS = 5.0
#: seconds that it waits when it comes again
_AGAIN = 0.5
#: seconds for the first try of a file; a longer one is interrupted, so that a video which the channel is still
#: preparing keeps nobody else's out, and each further one may take twice as long
_FIRST_TRY = 4.0
_TRIES = 4


class Fetcher(Protocol):
    """The part of a channel that holds files."""

    async def content(self, source: str, largest: int) -> bytes:
        """The bytes of a file. Raises verdicts; Rejected when it is gone for good or too large."""
        ...


@dataclass(slots=True)
class _UnderWay:
    """A file that is being fetched."""

    task: asyncio.Task[StoredMedia]
    #: when the first turn that wanted it has waited long enough, on the monotonic clock
    turn_waits_until: float | None = None


class Attachments:
    """Stores the files of messages. largest: bytes; turn_waits and first_try: seconds."""

    def __init__(
        self,
        engine: AsyncEngine,
        files: MediaStore,
        fetchers: Mapping[str, Fetcher],
        largest: int,
        *,
        turn_waits: float = _TURN_WAITS,
        first_try: float = _FIRST_TRY,
    ) -> None:
        self._engine = engine
        self._files = files
        self._fetchers = fetchers
        self._largest = largest
        self._turn_waits = turn_waits
        self._first_try = first_try
        self._pictures = asyncio.Semaphore(_AT_ONCE)
        self._others = asyncio.Semaphore(_AT_ONCE)
        #: one fetch at a time in each conversation, whatever somebody sends
        self._queues: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._under_way: dict[tuple[int, str], _UnderWay] = {}

    def begin(self, channel: str, conversation_id: int, message_id: str, attachment: Attachment) -> None:
        """Fetches in the background: the channel keeps files for a while only, and the turn may have to wait."""
        self._begun(channel, conversation_id, message_id, attachment)

    async def close(self) -> None:
        """Ends what is under way; the turn fetches it again."""
        tasks = [one.task for one in self._under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def stored(self, channel: str, conversation_id: int, message_id: str, attachment: Attachment) -> StoredMedia:
        """The stored file, fetched now when it was not yet.

        Raises Rejected when it cannot be had (gone, taken back, too large, of a kind that we do not take), other
        verdicts for trouble that passes; Unavailable also when it takes so long that the turn had better come again.
        """
        under_way = self._under_way.get((conversation_id, message_id))
        if under_way is None:
            known = await media_of_message(self._engine, conversation_id, message_id)
            if known is not None:
                return known
            under_way = self._begun(channel, conversation_id, message_id, attachment)
        now = time.monotonic()
        if under_way.turn_waits_until is None:
            under_way.turn_waits_until = now + self._turn_waits
        await asyncio.wait({under_way.task}, timeout=max(under_way.turn_waits_until - now, _AGAIN))
        if not under_way.task.done() or under_way.task.cancelled():
            raise Unavailable("attachment_under_way")
        return under_way.task.result()

    def _begun(self, channel: str, conversation_id: int, message_id: str, attachment: Attachment) -> _UnderWay:
        key = (conversation_id, message_id)
        if (under_way := self._under_way.get(key)) is not None:
            return under_way
        task = asyncio.create_task(self._fetched(channel, conversation_id, message_id, attachment))
        under_way = self._under_way[key] = _UnderWay(task)

        def ended(task: asyncio.Task[StoredMedia]) -> None:
            del self._under_way[key]
            if not task.cancelled() and (error := task.exception()) is not None:
                _log.info("attachment_not_fetched", error=type(error).__name__)

        task.add_done_callback(ended)
        return under_way

    async def _fetched(
        self, channel: str, conversation_id: int, message_id: str, attachment: Attachment
    ) -> StoredMedia:
        fetcher = self._fetchers.get(channel)
        if fetcher is None or attachment.source.startswith("https:"):
            # An address of somebody's own: to call it would let strangers use our network.
            raise Rejected("attachment_elsewhere")
        queue = self._queues.setdefault(conversation_id, asyncio.Lock())
        room = self._pictures if attachment.media == "image" else self._others
        for number in range(_TRIES):
            # First the queue of one's own conversation: so nobody has more than one place in the room's queue.
            async with queue, room:
                raw = await self._try(fetcher, attachment.source, self._first_try * 2**number)
                if raw is not None:
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
            await asyncio.sleep(self._first_try / 4 * 2**number)
        raise Unavailable("attachment_too_slow")

    async def _try(self, fetcher: Fetcher, source: str, seconds: float) -> bytes | None:
        """The bytes of a file; None when they did not come in time."""
        try:
            async with asyncio.timeout(seconds) as limit:
                return await fetcher.content(source, self._largest)
        except TimeoutError:
            if not limit.expired():
                raise
            return None


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
