# SPDX-License-Identifier: Apache-2.0
"""Answers on their way to a channel that must be called: one at a time in each conversation, each by one worker.

An answer goes out in its place: while an older one of the same conversation is open, no newer one is begun.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_CLAIM = text(
    """
    -- claim_answers: lease up to :room answers, each the oldest open one of its conversation
    WITH heads AS (
      SELECT DISTINCT ON (conversation_id) id FROM outbox WHERE state = 'todo' ORDER BY conversation_id, seq)
    , ready AS (
      SELECT o.id FROM outbox o JOIN heads USING (id) JOIN conversations c ON c.id = o.conversation_id
      WHERE o.state = 'todo' AND o.available_at <= now() AND (o.lease_until IS NULL OR o.lease_until < now())
        AND c.channel = ANY(:channels)
      ORDER BY o.available_at LIMIT :room
      FOR UPDATE OF o SKIP LOCKED)
    , leased AS (
      UPDATE outbox o SET lease_owner = :owner, lease_until = now() + make_interval(secs => :lease)
      FROM ready WHERE o.id = ready.id
      RETURNING o.*)
    SELECT l.id, l.conversation_id, l.seq, l.turn_id IS NOT NULL AS in_turn, l.blocks, c.key, c.channel, c.locale,
           l.attempts, p.address, p.state AS contact_state, i.payload, i.token_used_at IS NOT NULL AS token_used,
           EXTRACT(epoch FROM now() - COALESCE(i.token_at, i.received_at))::float AS token_age,
           EXTRACT(epoch FROM now() - l.created_at)::float AS age
    FROM leased l JOIN conversations c ON c.id = l.conversation_id JOIN contacts p ON p.id = c.contact_id
    LEFT JOIN inbox i ON i.turn_id = l.turn_id
    """
)
_KEEP = text(
    """
    -- keep_answer: another call of the same answer takes its own time
    UPDATE outbox SET lease_until = now() + make_interval(secs => :lease)
    WHERE id = :id AND lease_owner = :owner AND state = 'todo'
    """
)
_LATER = text(
    """
    -- later: the answer is tried again after :delay seconds; the conversation's newer ones wait behind it
    UPDATE outbox SET lease_owner = NULL, lease_until = NULL, attempts = attempts + :counted,
           available_at = now() + make_interval(secs => :delay), reason = :reason
    WHERE id = :id AND lease_owner = :owner
    """
)
_END = text(
    """
    -- end: the answer will not go out (any more): dead for staff to see, or cancelled
    WITH ended AS (
      UPDATE outbox SET state = :state, reason = :reason, finished_at = now(), lease_owner = NULL, lease_until = NULL
      WHERE id = :id AND state = 'todo' RETURNING id)
    UPDATE deliveries SET state = :state, reason = :reason, finished_at = now(),
           messages = CASE WHEN :state = 'dead' THEN messages END
    FROM ended WHERE deliveries.outbox_id = ended.id AND deliveries.state = 'todo'
    """
)
_UNDELIVERED = text(
    """
    -- undelivered: how much is on its way and for how long, and what could not be delivered
    SELECT count(*) FILTER (WHERE state = 'todo') AS waiting,
           COALESCE(EXTRACT(epoch FROM now() - min(created_at) FILTER (WHERE state = 'todo')), 0)::float AS oldest,
           count(*) FILTER (WHERE state = 'dead') AS dead
    FROM outbox WHERE state IN ('todo', 'dead')
    """
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is to be delivered now. `repr` shows nothing that a citizen could read."""

    id: int
    conversation_id: int
    key: str
    channel: str
    locale: str
    seq: int
    #: it answers an event, and is not said on our own account
    in_turn: bool
    blocks: bytes | None
    address: bytes | None
    reachable: bool
    #: the event that it answers, sealed: it holds what a reply needs
    event: bytes | None
    #: seconds since a reply to that event became possible
    token_age: float | None
    token_used: bool
    #: seconds since it was said
    age: float
    #: tries that failed by its own fault
    attempts: int

    def __repr__(self) -> str:
        return f"Answer({self.id}, {self.channel})"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Answers that have not reached their channel: waiting, seconds, given up."""

    waiting: int
    oldest_seconds: float
    dead: int


async def claim_answers(
    engine: AsyncEngine, owner: UUID, room: int, lease_seconds: float, channels: Collection[str]
) -> list[Answer]:
    """Leases the oldest undelivered answer of up to `room` conversations on these channels."""
    parameters = {"owner": owner, "room": room, "lease": lease_seconds, "channels": list(channels)}
    async with engine.connect() as connection:
        rows = (await connection.execute(_CLAIM, parameters)).all()
    return [
        Answer(
            id=row.id,
            conversation_id=row.conversation_id,
            key=row.key,
            channel=row.channel,
            locale=row.locale,
            seq=row.seq,
            in_turn=row.in_turn,
            blocks=row.blocks,
            address=row.address,
            reachable=row.contact_state == "active",
            event=row.payload,
            token_age=row.token_age,
            token_used=row.token_used,
            age=row.age,
            attempts=row.attempts,
        )
        for row in rows
    ]


async def keep_answer(engine: AsyncEngine, owner: UUID, outbox_id: int, lease_seconds: float) -> bool:
    """Holds an answer for another `lease_seconds`; False when it is not ours (any more) or has ended."""
    async with engine.connect() as connection:
        parameters = {"id": outbox_id, "owner": owner, "lease": lease_seconds}
        return (await connection.execute(_KEEP, parameters)).rowcount > 0


async def later(
    engine: AsyncEngine, owner: UUID, outbox_id: int, *, delay: float, reason: str, counted: bool = True
) -> None:
    """Gives an answer back, to be tried again after `delay` seconds. `counted`: the try was the answer's own fault."""
    parameters = {
        "id": outbox_id,
        "owner": owner,
        "delay": delay,
        "reason": reason[:200],
        "counted": int(counted),
    }
    async with engine.connect() as connection:
        await connection.execute(_LATER, parameters)


async def end(engine: AsyncEngine, outbox_id: int, *, state: Literal["sent", "dead", "cancelled"], reason: str) -> None:
    """Ends an open answer that will not go out: dead letters are shown to staff."""
    async with engine.connect() as connection:
        await connection.execute(_END, {"id": outbox_id, "state": state, "reason": reason[:200]})


async def undelivered(engine: AsyncEngine) -> Undelivered:
    """How much is on its way, for the metrics."""
    async with engine.connect() as connection:
        row = (await connection.execute(_UNDELIVERED)).one()
    return Undelivered(waiting=row.waiting, oldest_seconds=row.oldest, dead=row.dead)
