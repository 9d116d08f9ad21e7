# SPDX-License-Identifier: Apache-2.0
"""Files that citizens send: bytes in the media store (any fsspec file system), facts about them in a table."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass

import fsspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.errors import Rejected
from store.engine import transaction

_ADD = text(
    """
    -- add_media: unless the sender took the message back while its file was fetched
    INSERT INTO media (id, conversation_id, content_type, bytes, sha256, message_id, set_id)
    SELECT :id, :conversation_id, :content_type, :bytes, :sha256, CAST(:message_id AS text), CAST(:set_id AS text)
    WHERE NOT EXISTS (
      SELECT FROM inbox WHERE conversation_id = :conversation_id AND message_id = CAST(:message_id AS text)
                          AND kind = 'unsend')
    ON CONFLICT (conversation_id, message_id) WHERE message_id IS NOT NULL DO UPDATE SET bytes = media.bytes
    RETURNING id, content_type, bytes
    """
)
_LOCK = text("SELECT FROM conversations WHERE id = :conversation_id FOR SHARE")
_GET = text("SELECT id, content_type, bytes FROM media WHERE id = :id AND conversation_id = :conversation_id")
_OF_MESSAGE = text(
    "SELECT id, content_type, bytes FROM media WHERE conversation_id = :conversation_id AND message_id = :message_id"
)
_FORGET_MESSAGE = text(
    "DELETE FROM media WHERE conversation_id = :conversation_id AND message_id = :message_id RETURNING id"
)
_ATTACH_LATE = text(
    """
    -- attach_late: a photo that came within two minutes of a report, or of its last photo, or together with one of them
    WITH recent AS (
      SELECT c.id, c.ticket_id, c.timestamp FROM cases c
      WHERE c.conversation_id = :conversation_id
        AND (c.timestamp > now() - interval '2 minutes'
             OR EXISTS (SELECT FROM media m WHERE m.case_id = c.id AND m.id <> :media
                        AND (m.created_at > now() - interval '2 minutes'
                             OR m.set_id = (SELECT set_id FROM media WHERE id = :media))))
      ORDER BY c.id DESC LIMIT 1)
    , linked AS (
      UPDATE media SET case_id = recent.id FROM recent
      WHERE media.id = :media AND media.conversation_id = :conversation_id RETURNING media.id)
    SELECT recent.ticket_id,
           NOT EXISTS (SELECT FROM media m WHERE m.case_id = recent.id AND m.id <> :media
                       AND m.created_at > recent.timestamp) AS first
    FROM recent, linked
    """
)
_EARLIER_SIBLING = text(
    """
    SELECT EXISTS (
      SELECT FROM media m JOIN media one ON one.id = :media AND m.set_id = one.set_id
      WHERE m.conversation_id = :conversation_id AND (m.created_at, m.id) < (one.created_at, one.id))
    """
)
_OF_CASE = text(
    """
    SELECT m.id, m.content_type, m.bytes FROM media m JOIN cases c ON c.id = m.case_id
    WHERE c.ticket_id = :ticket_id ORDER BY m.created_at, m.id
    """
)


class TakenBack(Rejected):
    """The sender took the message back before its file was stored: nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """A file of one conversation."""

    id: str
    content_type: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Late:
    """A photo that was added to a case after it had been filed."""

    ticket_id: str
    #: no other photo had been added before
    first: bool


class MediaStore:
    """Where the bytes lie: a folder or a bucket, by fsspec's URL (`file:///…/media`, `s3://…`)."""

    def __init__(self, url: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(url)

    def _path(self, media_id: str) -> str:
        return f"{self._root}/{media_id[2:4]}/{media_id}"

    def write(self, media_id: str, content: bytes) -> None:
        path = self._path(media_id)
        self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        with self._files.open(path, "wb") as file:
            file.write(content)

    def read(self, media_id: str) -> bytes:
        with self._files.open(self._path(media_id), "rb") as file:
            return bytes(file.read())

    def erase(self, media_id: str) -> None:
        if self._files.exists(self._path(media_id)):
            self._files.rm(self._path(media_id))


async def add_media(
    engine: AsyncEngine,
    files: MediaStore,
    conversation_id: int,
    content: bytes,
    content_type: str,
    *,
    message_id: str | None = None,
    set_id: str | None = None,
) -> StoredMedia:
    """Stores a file that was checked already; the bytes are there before the row is.

    message_id: the channel's id of the message that brought it: its file is stored once, the first stays.
    set_id: several photos that were sent together share it.
    Raises TakenBack when its sender took that message back.
    """
    media_id = f"m_{secrets.token_hex(12)}"
    await asyncio.to_thread(files.write, media_id, content)
    values = {
        "id": media_id,
        "conversation_id": conversation_id,
        "content_type": content_type,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "message_id": message_id,
        "set_id": set_id,
    }
    async with transaction(engine).begin() as connection:
        # An unsend that is being received waits for this or is seen: none can come in between and find no file.
        await connection.execute(_LOCK, {"conversation_id": conversation_id})
        row = (await connection.execute(_ADD, values)).one_or_none()
    if row is None or row.id != media_id:
        await asyncio.to_thread(files.erase, media_id)
    if row is None:
        raise TakenBack("taken_back")
    return StoredMedia(id=row.id, content_type=row.content_type, bytes=row.bytes)


async def media_of_message(engine: AsyncEngine, conversation_id: int, message_id: str) -> StoredMedia | None:
    """The file that a message of the channel brought, when it was stored."""
    parameters = {"conversation_id": conversation_id, "message_id": message_id}
    async with engine.connect() as connection:
        row = (await connection.execute(_OF_MESSAGE, parameters)).one_or_none()
    return None if row is None else StoredMedia(id=row.id, content_type=row.content_type, bytes=row.bytes)


async def forget_media_of(engine: AsyncEngine, files: MediaStore, conversation_id: int, message_id: str) -> None:
    """Erases the file of a message that its sender took back."""
    parameters = {"conversation_id": conversation_id, "message_id": message_id}
    async with engine.connect() as connection:
        ids = (await connection.scalars(_FORGET_MESSAGE, parameters)).all()
    for media_id in ids:
        await asyncio.to_thread(files.erase, media_id)


async def find_media(engine: AsyncEngine, conversation_id: int, media_id: str) -> StoredMedia | None:
    """A file of this conversation, or None: another conversation's file does not exist for it."""
    async with engine.connect() as connection:
        row = (await connection.execute(_GET, {"id": media_id, "conversation_id": conversation_id})).one_or_none()
    return None if row is None else StoredMedia(id=row.id, content_type=row.content_type, bytes=row.bytes)


async def attach_late(engine: AsyncEngine, conversation_id: int, media_id: str) -> Late | None:
    """Adds a photo to the report that it evidently belongs to; None when there is none so recent."""
    parameters = {"conversation_id": conversation_id, "media": media_id}
    async with engine.connect() as connection:
        row = (await connection.execute(_ATTACH_LATE, parameters)).one_or_none()
    return None if row is None else Late(ticket_id=row.ticket_id, first=row.first)


async def has_earlier_sibling(engine: AsyncEngine, conversation_id: int, media_id: str) -> bool:
    """Whether another photo of the same set was stored before this one."""
    parameters = {"conversation_id": conversation_id, "media": media_id}
    async with engine.connect() as connection:
        return bool(await connection.scalar(_EARLIER_SIBLING, parameters))


async def media_of_case(engine: AsyncEngine, ticket_id: str) -> list[StoredMedia]:
    """The files that belong to a case, in the order in which they came. The caller records who looked."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_OF_CASE, {"ticket_id": ticket_id})).all()
    return [StoredMedia(id=row.id, content_type=row.content_type, bytes=row.bytes) for row in rows]
