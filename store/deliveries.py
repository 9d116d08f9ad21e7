# SPDX-License-Identifier: Apache-2.0
"""Deliveries: an answer on its way to a channel that must be called, one call after the other, each with its result.

An answer goes out in its place: while an older one of the same conversation is open, no newer one is begun. That a call
is tried is committed before it is made, so that after a crash it is known that its fate is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from store.sealing import Seal

Method = Literal["reply", "push"]

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
_PREPARE = text(
    """
    -- prepare: the calls that an answer takes, made once
    INSERT INTO deliveries (conversation_id, outbox_id, ordinal, messages)
    SELECT :conversation_id, :outbox_id, made.ordinal - 1, made.messages
    FROM unnest(CAST(:calls AS bytea[])) WITH ORDINALITY made (messages, ordinal)
    ON CONFLICT (outbox_id, ordinal) DO NOTHING
    """
)
_OF_ANSWER = text(
    """
    SELECT id, ordinal, messages, retry_key, method, attempts, unsure, state FROM deliveries
    WHERE outbox_id = :outbox_id ORDER BY ordinal
    """
)
_TRYING = text(
    """
    -- trying: from now on it is not known whether the channel has it
    WITH tried AS (
      UPDATE deliveries SET method = :method, attempts = attempts + 1, unsure = true, tried_at = now()
      WHERE id = :id AND state = 'todo' RETURNING outbox_id)
    , used AS (
      UPDATE inbox SET token_used_at = COALESCE(token_used_at, now())
      FROM tried JOIN outbox o ON o.id = tried.outbox_id
      WHERE :method = 'reply' AND inbox.turn_id = o.turn_id)
    SELECT count(*) FROM tried
    """
)
_SENT = text(
    """
    -- sent: the channel has it; with the last call its answer has been given
    WITH done AS (
      UPDATE deliveries SET state = 'sent', messages = NULL, unsure = false, finished_at = now(), reason = NULL,
             request_id = :request_id, accepted_request_id = :accepted_request_id
      WHERE id = :id RETURNING outbox_id)
    UPDATE outbox SET state = 'sent', finished_at = now(), lease_owner = NULL, lease_until = NULL
    FROM done WHERE outbox.id = done.outbox_id AND :last AND outbox.state = 'todo'
    """
)
_NOT_SENT = text(
    """
    -- not_sent: what is known of a failed try
    UPDATE deliveries SET unsure = :unsure, reason = :reason WHERE id = :id
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
_CLOSE = text(
    """
    -- close_contact: nobody is there any more: what was still to be said is not said.
    -- News of it may come late: who has done something since that event is there again.
    WITH gone AS (
      UPDATE contacts SET state = 'blocked' FROM conversations c
      WHERE c.id = :conversation_id AND contacts.id = c.contact_id
        AND NOT EXISTS (SELECT FROM inbox later JOIN inbox this ON this.id = CAST(:inbox_id AS bigint)
                        WHERE later.conversation_id = c.id AND later.occurred_at > this.occurred_at)
      RETURNING c.id)
    , unsaid AS (
      UPDATE outbox SET state = 'cancelled', reason = 'recipient gone', finished_at = now(),
             lease_owner = NULL, lease_until = NULL
      FROM gone WHERE outbox.conversation_id = gone.id AND outbox.state = 'todo'
      RETURNING outbox.id)
    UPDATE deliveries SET state = 'cancelled', reason = 'recipient gone', finished_at = now(), messages = NULL
    FROM unsaid WHERE deliveries.outbox_id = unsaid.id AND deliveries.state = 'todo'
    """
)
_REOPEN = text(
    """
    -- reopen_contact
    UPDATE contacts SET state = 'active' FROM conversations c
    WHERE c.id = :conversation_id AND contacts.id = c.contact_id AND contacts.state = 'blocked'
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
class Delivery:
    """One call of an answer."""

    id: int
    ordinal: int
    messages: bytes | None
    retry_key: UUID
    #: how it was tried last
    method: Method | None
    attempts: int
    #: the last try may have been accepted
    unsure: bool
    open: bool

    def __repr__(self) -> str:
        return f"Delivery({self.id})"


def _place(conversation_id: int) -> str:
    return f"delivery:{conversation_id}"


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


async def deliveries_of(engine: AsyncEngine, outbox_id: int) -> list[Delivery]:
    """The calls of an answer in their order; empty when they have not been made yet."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_OF_ANSWER, {"outbox_id": outbox_id})).all()
    return [
        Delivery(
            id=row.id,
            ordinal=row.ordinal,
            messages=row.messages,
            retry_key=row.retry_key,
            method=row.method,
            attempts=row.attempts,
            unsure=row.unsure,
            open=row.state == "todo",
        )
        for row in rows
    ]


async def prepare(
    engine: AsyncEngine, seal: Seal, answer: Answer, calls: Sequence[Sequence[Mapping[str, Any]]]
) -> list[Delivery]:
    """Stores the calls of an answer, each with a retry key of its own, unless they were stored before."""
    sealed = [seal.seal_json(list(call), _place(answer.conversation_id)) for call in calls]
    parameters = {"conversation_id": answer.conversation_id, "outbox_id": answer.id, "calls": sealed}
    async with engine.connect() as connection:
        await connection.execute(_PREPARE, parameters)
    return await deliveries_of(engine, answer.id)


def open_messages(seal: Seal, conversation_id: int, sealed: bytes) -> list[dict[str, Any]]:
    """The channel's own messages of one call. Raises store.sealing.Unsealable."""
    return list(seal.open_json(sealed, _place(conversation_id)))


async def trying(engine: AsyncEngine, delivery_id: int, method: Method) -> bool:
    """Commits that a call is about to be made; False when it is not to be made any more (cancelled, or made elsewhere).

    A reply uses up its event's token, whatever comes of it.
    """
    async with engine.connect() as connection:
        return bool(await connection.scalar(_TRYING, {"id": delivery_id, "method": method}))


async def sent(
    engine: AsyncEngine,
    delivery_id: int,
    *,
    last: bool,
    request_id: str | None = None,
    accepted_request_id: str | None = None,
) -> None:
    """Commits that the channel has a call; `last` of its answer ends the answer. Its messages are wiped."""
    parameters = {
        "id": delivery_id,
        "last": last,
        "request_id": request_id,
        "accepted_request_id": accepted_request_id,
    }
    async with engine.connect() as connection:
        await connection.execute(_SENT, parameters)


async def not_sent(engine: AsyncEngine, delivery_id: int, *, unsure: bool, reason: str) -> None:
    """Commits how a try failed; `unsure` when the channel may have it all the same."""
    async with engine.connect() as connection:
        await connection.execute(_NOT_SENT, {"id": delivery_id, "unsure": unsure, "reason": reason[:200]})


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


async def close_contact(engine: AsyncEngine, conversation_id: int, inbox_id: int | None = None) -> None:
    """The contact cannot be reached any more (blocked, left): everything still unsaid is cancelled.

    inbox_id: the event that says so; nothing happens when something else happened in the conversation after it.
    """
    async with engine.connect() as connection:
        await connection.execute(_CLOSE, {"conversation_id": conversation_id, "inbox_id": inbox_id})


async def reopen_contact(engine: AsyncEngine, conversation_id: int) -> None:
    """The contact can be reached again (unblocked, invited again)."""
    async with engine.connect() as connection:
        await connection.execute(_REOPEN, {"conversation_id": conversation_id})
