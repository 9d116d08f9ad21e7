# SPDX-License-Identifier: Apache-2.0
"""The outbox: what was said to a citizen, in order; for channels that are fetched it is also the delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Block
from store.sealing import Seal, Unsealable


def place_of(conversation_id: int) -> str:
    """The place to which an answer's sealed blocks are bound."""
    return f"outbox:{conversation_id}"


_SAY = text(
    """
    -- say: something to a citizen outside a turn (a notice of trouble, a case's new state)
    WITH conversation AS (
      UPDATE conversations
      SET last_seq = last_seq + 1, told_waiting_at = CASE WHEN :waiting THEN now() ELSE told_waiting_at END
      WHERE id = :conversation_id AND (NOT :waiting OR told_waiting_at IS NULL)
      RETURNING id, last_seq, channel)
    , said AS (
      INSERT INTO outbox (conversation_id, turn_id, seq, author, blocks, state, finished_at)
      SELECT id, CAST(:turn_id AS uuid), last_seq, :author, :blocks,
             CASE WHEN :pulled THEN 'sent' ELSE 'todo' END, CASE WHEN :pulled THEN now() END
      FROM conversation
      RETURNING conversation_id, seq)
    SELECT seq, pg_notify('outbox', conversation_id::text) FROM said
    """
)
_AFTER = text(
    """
    -- after: both sides of a conversation from a number on, at most :most of them
    SELECT * FROM (
      SELECT seq, 'citizen' AS author, received_at AS at, kind, payload AS sealed FROM inbox
      WHERE conversation_id = :conversation_id AND seq > :after AND payload IS NOT NULL AND state <> 'cancelled'
      UNION ALL
      SELECT seq, author, created_at, 'answer', blocks FROM outbox
      WHERE conversation_id = :conversation_id AND seq > :after AND blocks IS NOT NULL AND state <> 'cancelled') both_sides
    ORDER BY seq LIMIT :most
    """
)
_LAST = text("SELECT last_seq FROM conversations WHERE id = :conversation_id")
_ONE = text("SELECT blocks FROM outbox WHERE conversation_id = :conversation_id AND seq = :seq AND blocks IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation as it is stored; `sealed` is bound to the inbox or outbox by `author`."""

    seq: int
    author: str
    at: datetime
    kind: str
    sealed: bytes


async def say(
    engine: AsyncEngine,
    seal: Seal,
    conversation_id: int,
    blocks: Sequence[Block],
    *,
    author: str = "system",
    pulled: bool,
    waiting: bool = False,
    turn_id: UUID | None = None,
) -> int | None:
    """Says something outside a turn; returns its number.

    turn_id: the turn under way that it is said about, whose reply it may use.
    waiting: it is the one notice of a spell of waiting: said once until the next answer, None when it was said before.
    """
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                _SAY,
                {
                    "conversation_id": conversation_id,
                    "author": author,
                    "blocks": seal.seal_json(list(blocks), place_of(conversation_id)),
                    "pulled": pulled,
                    "waiting": waiting,
                    "turn_id": turn_id,
                },
            )
        ).first()
    return None if row is None else int(row.seq)


async def lines_after(engine: AsyncEngine, conversation_id: int, after: int, most: int = 200) -> list[Line]:
    """The conversation's lines with a number above `after`, oldest first."""
    async with engine.connect() as connection:
        rows = (
            await connection.execute(_AFTER, {"conversation_id": conversation_id, "after": after, "most": most})
        ).all()
    return [Line(seq=row.seq, author=row.author, at=row.at, kind=row.kind, sealed=row.sealed) for row in rows]


async def last_seq(engine: AsyncEngine, conversation_id: int) -> int:
    """The number of the newest line, 0 for none."""
    async with engine.connect() as connection:
        return int(await connection.scalar(_LAST, {"conversation_id": conversation_id}) or 0)


async def blocks_of(engine: AsyncEngine, seal: Seal, conversation_id: int, seq: int) -> list[dict[str, Any]] | None:
    """The blocks of one answer, or None when there is none (any more)."""
    async with engine.connect() as connection:
        sealed = await connection.scalar(_ONE, {"conversation_id": conversation_id, "seq": seq})
    return None if sealed is None else opened(seal, conversation_id, sealed)


def opened(seal: Seal, conversation_id: int, sealed: bytes) -> list[dict[str, Any]] | None:
    """The blocks; None when they were sealed with a key that is gone: as if they had been wiped."""
    try:
        return list(seal.open_json(sealed, place_of(conversation_id)))
    except Unsealable:
        return None
