# SPDX-License-Identifier: Apache-2.0
"""Leases: by which one worker at a time takes a conversation's oldest event, gives it back, or goes on with the next.

Order and once-only rest on three things in the database, none in memory: the unique (channel, event id), the lease on
the conversation row, and the partial unique index that allows one event in work per conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

#: by this the events of one conversation are taken; channels number what happened in one moment by the event's id
_ORDER = """(i.state = 'doing') DESC, i.occurred_at, i.event_id COLLATE "C", i.seq"""


def columns_of(conversation: str, event: str) -> str:
    """What a worker needs to know of an event that it takes: SQL over the aliases of both rows.

    Words that were edited before they are taken are the newest ones that came, whatever came first.
    """
    return f"""
           {conversation}.id AS conversation_id, {conversation}.key, {conversation}.channel, {conversation}.locale,
           {conversation}.requested_slot, {conversation}.active_form, {conversation}.told_waiting_at,
           {conversation}.noticed_privacy_at IS NOT NULL AS noticed_privacy, {conversation}.offer_seq,
           (SELECT blocks FROM outbox o
            WHERE o.conversation_id = {conversation}.id AND o.seq = {conversation}.offer_seq) AS offered,
           {conversation}.greeted_at > now() - interval '30 minutes' AS greeted,
           COALESCE({event}.occurred_at < {conversation}.answered_until, false) AS late,
           {event}.id AS inbox_id, {event}.turn_id, {event}.kind, {event}.attempts, {event}.received_at,
           {event}.occurred_at, {event}.seq,
           CASE WHEN {event}.kind = 'message' AND {event}.payload IS NOT NULL
                THEN COALESCE((SELECT e.payload FROM inbox e
                               WHERE e.conversation_id = {event}.conversation_id AND e.message_id = {event}.message_id
                                 AND e.kind = 'edited' AND e.payload IS NOT NULL
                               ORDER BY e.occurred_at DESC, e.event_id COLLATE "C" DESC LIMIT 1), {event}.payload)
                ELSE {event}.payload END AS payload"""


_CLAIM = text(
    f"""
    -- claim: lease up to :room conversations that have work, and take the oldest open event of each
    WITH ready AS (
      SELECT id FROM conversations
      WHERE wake_at <= now() AND NOT with_officer AND (lease_until IS NULL OR lease_until < now())
      ORDER BY wake_at LIMIT :room
      FOR UPDATE SKIP LOCKED)
    , leased AS (
      UPDATE conversations c SET lease_owner = :owner, lease_until = now() + make_interval(secs => :lease)
      FROM ready WHERE c.id = ready.id
      RETURNING c.*)
    , head AS (
      SELECT leased.id AS conversation_id, oldest.id AS inbox_id
      FROM leased LEFT JOIN LATERAL (
        SELECT i.id FROM inbox i
        WHERE i.conversation_id = leased.id AND i.state IN ('todo', 'doing')
        ORDER BY {_ORDER} LIMIT 1) oldest ON true)
    , taken AS (
      UPDATE inbox i SET state = 'doing', attempts = attempts + 1
      FROM head WHERE i.id = head.inbox_id
      RETURNING i.*)
    SELECT {columns_of("l", "t")},
           EXTRACT(epoch FROM now() - t.received_at)::float AS age
    FROM leased l LEFT JOIN taken t ON t.conversation_id = l.id
    """
)
_NEXT = text(
    f"""
    -- take_next: the next event of a conversation whose lease we hold
    WITH oldest AS (
      SELECT i.id FROM inbox i JOIN conversations c ON c.id = i.conversation_id
      WHERE i.conversation_id = :conversation_id AND c.lease_owner = :owner AND i.state IN ('todo', 'doing')
      ORDER BY {_ORDER} LIMIT 1)
    , taken AS (UPDATE inbox i SET state = 'doing', attempts = attempts + 1 FROM oldest WHERE i.id = oldest.id RETURNING i.*)
    SELECT {columns_of("c", "t")},
           EXTRACT(epoch FROM now() - t.received_at)::float AS age
    FROM taken t JOIN conversations c ON c.id = t.conversation_id
    """
)
_PUT_BACK = text(
    """
    -- put_back: try the event again after :delay seconds; the conversation waits, the others go on
    WITH mine AS (
      UPDATE conversations
      SET lease_owner = NULL, lease_until = NULL, wake_at = now() + make_interval(secs => :delay)
      WHERE id = :conversation_id AND lease_owner = :owner
      RETURNING id)
    UPDATE inbox SET state = 'todo', attempts = :attempts, reason = :reason
    FROM mine WHERE inbox.id = :inbox_id AND inbox.state = 'doing'
    """
)
_LET_GO = text(
    """
    -- let_go: end the lease; what came in meanwhile is seen by the count on the row, never by a second look
    UPDATE conversations
    SET lease_owner = NULL, lease_until = NULL, wake_at = CASE WHEN pending > 0 THEN now() END
    WHERE id = :conversation_id AND lease_owner = :owner
    """
)
_RENEW = text(
    """
    -- renew: keep the leases that a living worker works on.
    -- Locked in the order of store.together, so that neither waits for a row while it holds one that the other wants.
    WITH held AS (
      SELECT id FROM conversations WHERE lease_owner = :owner AND id = ANY(:ids) ORDER BY id FOR UPDATE)
    UPDATE conversations c SET lease_until = now() + make_interval(secs => :lease)
    FROM held WHERE c.id = held.id
    """
)
_RELEASE_ALL = text(
    """
    -- release_all: a worker that stops hands back what it holds; locked in order, as by renew
    WITH held AS (SELECT id FROM conversations WHERE lease_owner = :owner ORDER BY id FOR UPDATE)
    UPDATE conversations c SET lease_owner = NULL, lease_until = NULL FROM held WHERE c.id = held.id
    """
)
_MEND = text(
    """
    -- mend: safety net for counts that no statement of ours should ever leave wrong; rows in work are left alone
    UPDATE conversations c SET pending = counted.n, wake_at = CASE WHEN counted.n > 0 THEN COALESCE(c.wake_at, now()) END
    FROM (SELECT c2.id, count(i.id)::int AS n FROM conversations c2
          LEFT JOIN inbox i ON i.conversation_id = c2.id AND i.state IN ('todo', 'doing')
          WHERE c2.lease_owner IS NULL AND (c2.pending > 0 OR c2.wake_at IS NOT NULL)
            AND c2.last_event_at < now() - interval '1 minute'
          GROUP BY c2.id) counted
    WHERE c.id = counted.id AND c.lease_owner IS NULL AND c.pending IS DISTINCT FROM counted.n
    """
)
_DEPTH = text(
    """
    -- depth: how much waits and for how long
    SELECT count(*) FILTER (WHERE state IN ('todo', 'doing')) AS waiting,
           COALESCE(EXTRACT(epoch FROM now() - min(received_at) FILTER (WHERE state IN ('todo', 'doing'))), 0)::float AS oldest,
           count(*) FILTER (WHERE state = 'dead') AS dead
    FROM inbox WHERE state IN ('todo', 'doing', 'dead')
    """
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An event in work, with what the worker needs to know of its conversation. Holds no opened text."""

    conversation_id: int
    key: str
    channel: str
    locale: str
    active_form: str | None
    requested_slot: str | None
    noticed_privacy: bool
    told_waiting_at: datetime | None
    #: number of the newest answer, when it offered choices, and its sealed blocks (store.outbox.opened)
    offer_seq: int | None
    offered: bytes | None
    inbox_id: int
    turn_id: UUID
    kind: str
    payload: bytes | None
    attempts: int
    #: seconds since it arrived, when it was taken
    age: float
    #: the citizen was greeted within the last half hour
    greeted: bool
    occurred_at: datetime
    #: something that happened after it had been answered before it was taken
    late: bool


@dataclass(frozen=True, slots=True)
class Depth:
    """How full the inbox is: events, seconds, events."""

    waiting: int
    oldest_seconds: float
    dead: int


def claimed_of(row: Any) -> Claimed:
    """The event in a row with `columns_of`."""
    return Claimed(
        conversation_id=row.conversation_id,
        key=row.key,
        channel=row.channel,
        locale=row.locale,
        active_form=row.active_form,
        requested_slot=row.requested_slot,
        noticed_privacy=row.noticed_privacy,
        told_waiting_at=row.told_waiting_at,
        offer_seq=row.offer_seq,
        offered=row.offered,
        inbox_id=row.inbox_id,
        turn_id=row.turn_id,
        kind=row.kind,
        payload=row.payload,
        attempts=row.attempts,
        age=row.age,
        greeted=bool(row.greeted),
        occurred_at=row.occurred_at,
        late=row.late,
    )


async def claim(engine: AsyncEngine, owner: UUID, room: int, lease_seconds: float) -> Sequence[Claimed]:
    """Takes the oldest event of up to `room` conversations that nobody holds. Order of the result is not defined."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_CLAIM, {"owner": owner, "room": room, "lease": lease_seconds})).all()
        for row in rows:
            # Its work was done between the look and the lock: give it back at once.
            if row.inbox_id is None:
                await connection.execute(_LET_GO, {"conversation_id": row.conversation_id, "owner": owner})
    return [claimed_of(row) for row in rows if row.inbox_id is not None]


async def take_next(engine: AsyncEngine, owner: UUID, conversation_id: int) -> Claimed | None:
    """The next open event of a conversation that `owner` has leased, or None."""
    async with engine.connect() as connection:
        row = (await connection.execute(_NEXT, {"owner": owner, "conversation_id": conversation_id})).one_or_none()
    return None if row is None else claimed_of(row)


async def put_back(
    engine: AsyncEngine, owner: UUID, claimed: Claimed, *, delay: float, attempts: int, reason: str
) -> None:
    """Gives an event back, to be tried again after `delay` seconds with `attempts` counted so far."""
    async with engine.connect() as connection:
        await connection.execute(
            _PUT_BACK,
            {
                "owner": owner,
                "conversation_id": claimed.conversation_id,
                "inbox_id": claimed.inbox_id,
                "delay": delay,
                "attempts": attempts,
                "reason": reason[:200],
            },
        )


async def let_go(engine: AsyncEngine, owner: UUID, conversation_id: int) -> None:
    """Ends the lease on a conversation; it is woken at once if something came in meanwhile."""
    async with engine.connect() as connection:
        await connection.execute(_LET_GO, {"owner": owner, "conversation_id": conversation_id})


async def renew(engine: AsyncEngine, owner: UUID, conversation_ids: Sequence[int], lease_seconds: float) -> None:
    """Keeps these leases of `owner` for another `lease_seconds`; those that it no longer works on lapse."""
    async with engine.connect() as connection:
        await connection.execute(_RENEW, {"owner": owner, "ids": list(conversation_ids), "lease": lease_seconds})


async def release_all(engine: AsyncEngine, owner: UUID) -> None:
    """Hands back every lease of `owner`, when it stops."""
    async with engine.connect() as connection:
        await connection.execute(_RELEASE_ALL, {"owner": owner})


async def mend(engine: AsyncEngine) -> int:
    """Repairs counts of waiting events; returns how many were wrong (0 is what it should be)."""
    async with engine.connect() as connection:
        return (await connection.execute(_MEND)).rowcount


async def depth(engine: AsyncEngine) -> Depth:
    """How much is waiting, for the metrics."""
    async with engine.connect() as connection:
        row = (await connection.execute(_DEPTH)).one()
    return Depth(waiting=row.waiting, oldest_seconds=row.oldest, dead=row.dead)
