# SPDX-License-Identifier: Apache-2.0
"""Dead letters: events that could not be answered and answers that could not be delivered, to be seen and replayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

#: the kind of a letter that is an answer of ours
ANSWER = "answer"
_LIST = text(
    """
    SELECT i.id, i.channel, c.key, i.kind, i.reason, i.received_at, i.attempts, i.payload IS NOT NULL AS replayable
    FROM inbox i JOIN conversations c ON c.id = i.conversation_id
    WHERE i.state = 'dead' AND (CAST(:reason AS text) IS NULL OR i.reason = :reason)
    ORDER BY i.id DESC LIMIT CAST(:most AS bigint)
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


_LIST_ANSWERS = text(
    """
    SELECT o.id, c.channel, c.key, o.reason, o.created_at, o.blocks IS NOT NULL AS replayable,
           (SELECT COALESCE(sum(d.attempts), 0) FROM deliveries d WHERE d.outbox_id = o.id AND d.state = 'dead')::int AS tries
    FROM outbox o JOIN conversations c ON c.id = o.conversation_id
    WHERE o.state = 'dead' AND (CAST(:reason AS text) IS NULL OR o.reason = :reason)
    ORDER BY o.id DESC LIMIT CAST(:most AS bigint)
    """
)
_REPLAY_ANSWER = text(
    """
    -- replay_answer: what had not gone out goes out after all. A call that the channel may have has its key for as long
    -- as the channel knows it; one that was refused, or whose key has lapsed, is a new call.
    WITH revived AS (
      UPDATE outbox SET state = 'todo', attempts = 0, reason = NULL, finished_at = NULL, available_at = now()
      WHERE id = :id AND state = 'dead' AND blocks IS NOT NULL RETURNING id, conversation_id)
    , calls AS (
      UPDATE deliveries SET state = 'todo', reason = NULL, finished_at = NULL,
             retry_key = CASE WHEN lasts THEN retry_key ELSE gen_random_uuid() END,
             key_at = CASE WHEN lasts THEN key_at ELSE now() END,
             method = CASE WHEN lasts THEN method END, unsure = lasts
      FROM (SELECT d.id, d.unsure AND d.key_at > now() - interval '24 hours' AS lasts
            FROM deliveries d JOIN revived ON revived.id = d.outbox_id
            WHERE d.state = 'dead' AND d.messages IS NOT NULL) dead
      WHERE deliveries.id = dead.id)
    SELECT pg_notify('outbox', conversation_id::text) FROM revived
    """
)


@dataclass(frozen=True, slots=True, order=True)
class LetterName:
    """By this staff tell letters apart: `12` is an event, `a12` an answer."""

    answer: bool
    id: int

    def __str__(self) -> str:
        return f"a{self.id}" if self.answer else str(self.id)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What did not get through; `reason` names the verdict, never the words."""

    id: int
    channel: str
    conversation: str
    #: of the event, or `answer`
    kind: str
    reason: str | None
    received_at: datetime
    attempts: int
    #: False once the words were wiped
    replayable: bool

    @property
    def called(self) -> LetterName:
        """What it is called, to have it replayed."""
        return LetterName(self.kind == ANSWER, self.id)

    @property
    def name(self) -> str:
        """The same as staff read it."""
        return str(self.called)


async def list_dead(engine: AsyncEngine, most: int | None = 50, reason: str | None = None) -> list[DeadLetter]:
    """The newest events that could not be answered, for this reason or any; `most` None is all of them."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_LIST, {"most": most, "reason": reason})).all()
    return [
        DeadLetter(row.id, row.channel, row.key, row.kind, row.reason, row.received_at, row.attempts, row.replayable)
        for row in rows
    ]


async def list_dead_answers(engine: AsyncEngine, most: int | None = 50, reason: str | None = None) -> list[DeadLetter]:
    """The newest answers that could not be delivered, for this reason or any; `most` None is all of them."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_LIST_ANSWERS, {"most": most, "reason": reason})).all()
    return [
        DeadLetter(row.id, row.channel, row.key, ANSWER, row.reason, row.created_at, row.tries, row.replayable)
        for row in rows
    ]


async def replay_answer(engine: AsyncEngine, outbox_id: int) -> bool:
    """Has an answer delivered after all; False when there is no dead one with this id or its words are gone."""
    async with engine.connect() as connection:
        return (await connection.execute(_REPLAY_ANSWER, {"id": outbox_id})).first() is not None


async def replay(engine: AsyncEngine, inbox_id: int) -> bool:
    """Puts a dead letter back to work; False when there is none with this id or its words are gone."""
    async with engine.connect() as connection:
        return (await connection.execute(_REPLAY, {"id": inbox_id})).first() is not None
