# SPDX-License-Identifier: Apache-2.0
"""The inbox: what arrived, each event once; and the lease by which a worker takes a conversation's oldest event.

Order and once-only rest on three things in the database, none in memory: the unique (channel, event id), the lease on
the conversation row, and the partial unique index that allows one event in work per conversation.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Content, Event, content_from_json, content_to_json
from store.outbox import Line
from store.sealing import Seal

_RECEIVE = text(
    """
    -- receive: one event into the inbox; its conversation gets the next number and is woken.
    -- A twin that commits at the same moment makes the unique index refuse the whole statement, so that no number and
    -- no count is spent on it. With an :owner, a conversation in which nothing else waits is leased to him with this
    -- event in work: one statement instead of two. Nobody is notified here: a notification makes all commits of
    -- the database queue for one lock, and none of them could share a write to the disk (store.notify.tell).
    WITH found AS (
      SELECT id, CAST(:owner AS uuid) IS NOT NULL AND pending = 0 AND NOT with_officer
                 AND (lease_owner IS NULL OR lease_until < now()) AS leased
      FROM conversations
      WHERE id = :conversation_id
        AND NOT EXISTS (SELECT FROM inbox WHERE channel = :channel AND event_id = :event_id)
      FOR UPDATE)
    , conversation AS (
      UPDATE conversations c
      SET last_seq = last_seq + 1, pending = pending + 1, wake_at = COALESCE(wake_at, now()), last_event_at = now(),
          lease_owner = CASE WHEN leased THEN CAST(:owner AS uuid) ELSE lease_owner END,
          lease_until = CASE WHEN leased THEN now() + make_interval(secs => :lease) ELSE lease_until END
      FROM found WHERE c.id = found.id
      RETURNING c.*, leased)
    , arrived AS (
      INSERT INTO inbox (channel, event_id, conversation_id, seq, kind, payload, occurred_at, message_id, state, attempts)
      SELECT :channel, :event_id, id, last_seq, :kind, :payload, :occurred_at, CAST(:message_id AS text),
             CASE WHEN leased THEN 'doing' ELSE 'todo' END, CASE WHEN leased THEN 1 ELSE 0 END
      FROM conversation
      RETURNING *)
    SELECT c.leased, c.id AS conversation_id, c.key, c.channel, c.locale, c.requested_slot, c.active_form,
           c.noticed_privacy_at IS NOT NULL AS noticed_privacy, c.told_waiting_at, c.offer_seq,
           (SELECT blocks FROM outbox o WHERE o.conversation_id = c.id AND o.seq = c.offer_seq) AS offered,
           c.greeted_at > now() - interval '30 minutes' AS greeted,
           a.id AS inbox_id, a.turn_id, a.kind, a.payload, a.attempts, a.received_at, a.seq, 0.0::float AS age
    FROM conversation c, arrived a
    """
)
_SEQ_OF = text(
    """
    -- seq_of: the number that an event already has
    SELECT seq FROM inbox WHERE channel = :channel AND event_id = :event_id AND conversation_id = :conversation_id
    """
)
_CLAIM = text(
    """
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
        ORDER BY (i.state = 'doing') DESC, i.occurred_at, i.seq LIMIT 1) oldest ON true)
    , taken AS (
      UPDATE inbox i SET state = 'doing', attempts = attempts + 1
      FROM head WHERE i.id = head.inbox_id
      RETURNING i.*)
    SELECT l.id AS conversation_id, l.key, l.channel, l.locale, l.requested_slot, l.active_form,
           l.noticed_privacy_at IS NOT NULL AS noticed_privacy, l.told_waiting_at, l.offer_seq,
           (SELECT blocks FROM outbox o WHERE o.conversation_id = l.id AND o.seq = l.offer_seq) AS offered,
           l.greeted_at > now() - interval '30 minutes' AS greeted,
           t.id AS inbox_id, t.turn_id, t.kind, t.payload, t.attempts, t.received_at, t.seq,
           EXTRACT(epoch FROM now() - t.received_at)::float AS age
    FROM leased l LEFT JOIN taken t ON t.conversation_id = l.id
    """
)
_NEXT = text(
    """
    -- take_next: the next event of a conversation whose lease we hold
    WITH oldest AS (
      SELECT i.id FROM inbox i JOIN conversations c ON c.id = i.conversation_id
      WHERE i.conversation_id = :conversation_id AND c.lease_owner = :owner AND i.state IN ('todo', 'doing')
      ORDER BY (i.state = 'doing') DESC, i.occurred_at, i.seq LIMIT 1)
    , taken AS (UPDATE inbox i SET state = 'doing', attempts = attempts + 1 FROM oldest WHERE i.id = oldest.id RETURNING i.*)
    SELECT c.id AS conversation_id, c.key, c.channel, c.locale, c.requested_slot, c.active_form,
           c.noticed_privacy_at IS NOT NULL AS noticed_privacy, c.told_waiting_at, c.offer_seq,
           (SELECT blocks FROM outbox o WHERE o.conversation_id = c.id AND o.seq = c.offer_seq) AS offered,
           c.greeted_at > now() - interval '30 minutes' AS greeted,
           t.id AS inbox_id, t.turn_id, t.kind, t.payload, t.attempts, t.received_at, t.seq,
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
    -- renew: keep the leases that a living worker works on
    UPDATE conversations SET lease_until = now() + make_interval(secs => :lease)
    WHERE lease_owner = :owner AND id = ANY(:ids)
    """
)
_RELEASE_ALL = text(
    """
    -- release_all: a worker that stops hands back what it holds
    UPDATE conversations SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = :owner
    """
)
_RECORD = text(
    """
    -- record: something that needs no answer, kept as it came; numbered like everything else
    WITH conversation AS (
      UPDATE conversations SET last_seq = last_seq + 1, last_event_at = now()
      WHERE id = :conversation_id AND NOT EXISTS (SELECT FROM inbox WHERE channel = :channel AND event_id = :event_id)
      RETURNING id, last_seq)
    INSERT INTO inbox (channel, event_id, conversation_id, seq, kind, payload, occurred_at, message_id, state, finished_at)
    SELECT :channel, :event_id, id, last_seq, 'recorded', :payload, :occurred_at, CAST(:message_id AS text), 'done', now()
    FROM conversation
    RETURNING seq
    """
)
_RENEW_TOKEN = text(
    """
    -- renew_token: the same event came again, and its reply token counts from now on unless it was used
    UPDATE inbox SET token_at = now()
    WHERE channel = :channel AND event_id = :event_id AND token_used_at IS NULL
      AND occurred_at > now() - interval '20 minutes'
    """
)
_TAKE_BACK = text(
    """
    -- take_back: a message that its sender took back: unanswered it is cancelled, its words go in any case.
    -- The conversation is locked first, as everywhere.
    WITH conversation AS (SELECT id FROM conversations WHERE id = :conversation_id FOR UPDATE)
    , back AS (
      UPDATE inbox SET payload = NULL, state = CASE WHEN state = 'todo' THEN 'cancelled' ELSE state END,
             finished_at = COALESCE(finished_at, CASE WHEN state = 'todo' THEN now() END)
      FROM conversation
      WHERE conversation_id = conversation.id AND message_id = :message_id AND kind <> 'signal' AND state <> 'doing'
      RETURNING turn_id, (state = 'cancelled' AND finished_at = now())::int AS cancelled)
    , counted AS (
      UPDATE conversations c
      SET pending = GREATEST(pending - gone.n, 0), wake_at = CASE WHEN pending > gone.n THEN wake_at END
      FROM (SELECT sum(cancelled)::int AS n FROM back) gone
      WHERE c.id = :conversation_id AND gone.n > 0)
    SELECT turn_id FROM back
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


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an event that came in."""

    seq: int
    #: False: the same event had come before
    fresh: bool
    #: how it stands in the conversation, when it is new
    line: Line | None = None
    #: the event in work, when the conversation was leased with it
    claimed: Claimed | None = None


@dataclass(frozen=True, slots=True)
class Depth:
    """How full the inbox is: events, seconds, events."""

    waiting: int
    oldest_seconds: float
    dead: int


def _place(conversation_id: int) -> str:
    return f"inbox:{conversation_id}"


async def receive(engine: AsyncEngine, seal: Seal, conversation_id: int, event: Event) -> tuple[int, bool]:
    """Stores one event and returns (its number in the conversation, whether it was new). Committed on return.

    The same (channel, event id) gets the same number for ever, also when two arrive at once.
    Raises LookupError for a conversation that does not exist.
    """
    received = await receive_and_claim(engine, seal, conversation_id, event, None, 0.0)
    return received.seq, received.fresh


async def receive_and_claim(
    engine: AsyncEngine, seal: Seal, conversation_id: int, event: Event, owner: UUID | None, lease_seconds: float
) -> Received:
    """The same as `receive`; a conversation in which nothing else waits is leased to `owner` with it, as by `claim`."""
    payload = seal.seal_json(
        {
            "content": content_to_json(event.content),
            "locale": event.locale,
            "envelope": dict(event.envelope),
            "message_id": event.message_id,
        },
        _place(conversation_id),
    )
    key = {"channel": event.channel, "event_id": event.event_id, "conversation_id": conversation_id}
    more = {
        "kind": event.content.kind,
        "payload": payload,
        "occurred_at": event.occurred_at,
        "message_id": event.message_id,
    }
    async with engine.connect() as connection:
        try:
            row = (
                await connection.execute(_RECEIVE, {**key, **more, "owner": owner, "lease": lease_seconds})
            ).one_or_none()
        except IntegrityError:
            row = None
        if row is None:
            seq = await connection.scalar(_SEQ_OF, key)
            if seq is None:
                raise LookupError("no such conversation")
            return Received(seq=int(seq), fresh=False)
    line = Line(seq=row.seq, author="citizen", at=row.received_at, kind=row.kind, sealed=row.payload)
    return Received(seq=row.seq, fresh=True, line=line, claimed=_claimed(row) if row.leased else None)


async def record(engine: AsyncEngine, seal: Seal, conversation_id: int, event: Event, raw: Mapping[str, Any]) -> None:
    """Keeps something that needs no answer, `raw` as the channel sent it. The same event is kept once."""
    parameters = {
        "channel": event.channel,
        "event_id": event.event_id,
        "conversation_id": conversation_id,
        "payload": seal.seal_json({"raw": raw}, _place(conversation_id)),
        "occurred_at": event.occurred_at,
        "message_id": event.message_id,
    }
    async with engine.connect() as connection:
        # A twin at the same moment is refused by the unique index: it is kept already.
        with contextlib.suppress(IntegrityError):
            await connection.execute(_RECORD, parameters)


async def renew_token(engine: AsyncEngine, channel: str, event_id: str) -> None:
    """The channel delivered an event again: a reply to it is possible for another minute."""
    async with engine.connect() as connection:
        await connection.execute(_RENEW_TOKEN, {"channel": channel, "event_id": event_id})


async def take_back(engine: AsyncEngine, conversation_id: int, message_id: str) -> list[UUID]:
    """Forgets the words of a message that its sender took back; a waiting one is not answered any more.

    Returns the turns that the message had, which the bot must forget. One in work is left for the next call.
    """
    async with engine.connect() as connection:
        parameters = {"conversation_id": conversation_id, "message_id": message_id}
        return list((await connection.scalars(_TAKE_BACK, parameters)).all())


def open_payload(seal: Seal, conversation_id: int, payload: bytes) -> tuple[Content, Mapping[str, Any]]:
    """The content and the whole stored payload of an event. Raises store.sealing.Unsealable."""
    data = seal.open_json(payload, _place(conversation_id))
    return content_from_json(data["content"]), data


def _claimed(row: Any) -> Claimed:
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
    )


async def claim(engine: AsyncEngine, owner: UUID, room: int, lease_seconds: float) -> Sequence[Claimed]:
    """Takes the oldest event of up to `room` conversations that nobody holds. Order of the result is not defined."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_CLAIM, {"owner": owner, "room": room, "lease": lease_seconds})).all()
        for row in rows:
            # Its work was done between the look and the lock: give it back at once.
            if row.inbox_id is None:
                await connection.execute(_LET_GO, {"conversation_id": row.conversation_id, "owner": owner})
    return [_claimed(row) for row in rows if row.inbox_id is not None]


async def take_next(engine: AsyncEngine, owner: UUID, conversation_id: int) -> Claimed | None:
    """The next open event of a conversation that `owner` has leased, or None."""
    async with engine.connect() as connection:
        row = (await connection.execute(_NEXT, {"owner": owner, "conversation_id": conversation_id})).one_or_none()
    return None if row is None else _claimed(row)


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
