# SPDX-License-Identifier: Apache-2.0
"""Dead letters: events that could not be answered, for staff to see and to replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_LIST = text(
    """
    SELECT i.id, i.channel, c.key, i.kind, i.reason, i.received_at, i.attempts, i.payload IS NOT NULL AS replayable
    FROM inbox i JOIN conversations c ON c.id = i.conversation_id WHERE i.state = 'dead' ORDER BY i.id DESC LIMIT :most
    """
)
_REPLAY = text(
    """
    -- replay: the event is to be answered after all; a new turn id, because the old turn has ended
    WITH revived AS (
      UPDATE inbox SET state = 'todo', attempts = 0, reason = NULL, finished_at = NULL, turn_id = gen_random_uuid()
      WHERE id = :id AND state = 'dead' AND payload IS NOT NULL RETURNING conversation_id)
    , woken AS (
      UPDATE conversations SET pending = pending + 1, wake_at = COALESCE(wake_at, now())
      FROM revived WHERE conversations.id = revived.conversation_id RETURNING conversations.id)
    SELECT pg_notify('inbox', id::text) FROM woken
    """
)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that could not be answered; `reason` names the verdict, never the words."""

    id: int
    channel: str
    conversation: str
    kind: str
    reason: str | None
    received_at: datetime
    attempts: int
    #: False once the words were wiped
    replayable: bool


async def list_dead(engine: AsyncEngine, most: int = 50) -> list[DeadLetter]:
    """The newest dead letters."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_LIST, {"most": most})).all()
    return [
        DeadLetter(row.id, row.channel, row.key, row.kind, row.reason, row.received_at, row.attempts, row.replayable)
        for row in rows
    ]


async def replay(engine: AsyncEngine, inbox_id: int) -> bool:
    """Puts a dead letter back to work; False when there is none with this id or its words are gone."""
    async with engine.connect() as connection:
        return (await connection.execute(_REPLAY, {"id": inbox_id})).first() is not None
