# SPDX-License-Identifier: Apache-2.0
"""Contacts and their conversations: opened once, known to everybody else by pseudonym only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from store.sealing import Seal, pseudonym

_OPEN = text(
    """
    -- open_conversation: the conversation of a contact, made on first sight
    WITH known AS (
      INSERT INTO contacts (channel, pseudonym, address) VALUES (:channel, :key, :address)
      ON CONFLICT (pseudonym) DO UPDATE SET state = CASE contacts.state WHEN 'blocked' THEN 'active' ELSE contacts.state END
      RETURNING id)
    INSERT INTO conversations (key, contact_id, channel, locale) SELECT :key, id, :channel, :locale FROM known
    ON CONFLICT (key) DO UPDATE SET last_event_at = now()
    RETURNING id, key, channel, locale
    """
)
_BY_KEY = text(
    """
    -- conversation_by_key
    SELECT id, key, channel, locale FROM conversations WHERE key = :key
    """
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread of one contact; `key` is the pseudonym."""

    id: int
    key: str
    channel: str
    locale: str


def _conversation(row: Any) -> Conversation:
    return Conversation(id=row.id, key=row.key, channel=row.channel, locale=row.locale)


async def open_conversation(
    engine: AsyncEngine, seal: Seal, pseudonym_key: bytes, channel: str, address: str, locale: str = "th"
) -> Conversation:
    """The conversation of the contact at `address` (a LINE user id, a chat id, a web session), made when it is new."""
    key = pseudonym(pseudonym_key, channel, address)
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                _OPEN,
                {
                    "channel": channel,
                    "key": key,
                    "address": seal.seal(address.encode(), f"contact:{key}"),
                    "locale": locale,
                },
            )
        ).one()
    return _conversation(row)


async def find_conversation(engine: AsyncEngine, key: str) -> Conversation | None:
    """The conversation with this pseudonym, or None."""
    async with engine.connect() as connection:
        row = (await connection.execute(_BY_KEY, {"key": key})).one_or_none()
    return None if row is None else _conversation(row)


_BY_ID = text("SELECT id, key, channel, locale FROM conversations WHERE id = :id")


async def conversation_by_id(engine: AsyncEngine, conversation_id: int) -> Conversation | None:
    """The conversation with this id, or None."""
    async with engine.connect() as connection:
        row = (await connection.execute(_BY_ID, {"id": conversation_id})).one_or_none()
    return None if row is None else _conversation(row)


_SET_LOCALE = text("UPDATE conversations SET locale = :locale WHERE id = :id")


async def set_locale(engine: AsyncEngine, conversation_id: int, locale: str) -> None:
    """Remembers the language that the citizen chose (`th` or `en`)."""
    async with engine.connect() as connection:
        await connection.execute(_SET_LOCALE, {"id": conversation_id, "locale": locale})


_ADDRESS = text(
    """
    SELECT c.key, p.address FROM conversations c JOIN contacts p ON p.id = c.contact_id
    WHERE c.id = :id AND p.state = 'active' AND p.address IS NOT NULL
    """
)


async def address_of(engine: AsyncEngine, seal: Seal, conversation_id: int) -> str | None:
    """Where the channel reaches the contact; None when it cannot (any more)."""
    async with engine.connect() as connection:
        row = (await connection.execute(_ADDRESS, {"id": conversation_id})).one_or_none()
    return None if row is None else seal.open(row.address, f"contact:{row.key}").decode()
