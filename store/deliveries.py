# SPDX-License-Identifier: Apache-2.0
"""Deliveries: the calls by which an answer goes to a channel, one after the other, each with its result.

That a call is tried is committed before it is made, so that after a crash it is known that its fate is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.ports import Method
from store.answers import Answer
from store.sealing import Seal

_PREPARE = text(
    """
    -- prepare: the calls that an answer takes, made once, and not for one that was cancelled meanwhile
    INSERT INTO deliveries (conversation_id, outbox_id, ordinal, messages)
    SELECT :conversation_id, :outbox_id, made.ordinal - 1, made.messages
    FROM unnest(CAST(:calls AS bytea[])) WITH ORDINALITY made (messages, ordinal)
    WHERE EXISTS (SELECT FROM outbox WHERE id = :outbox_id AND state = 'todo')
    ON CONFLICT (outbox_id, ordinal) DO NOTHING
    """
)
_OF_ANSWER = text(
    """
    SELECT id, ordinal, messages, retry_key, method, attempts, unsure, state,
           EXTRACT(epoch FROM now() - key_at)::float AS key_age
    FROM deliveries
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
_REPLY_CLOSED = text(
    """
    -- reply_closed: the channel refused the reply for certain: this call has not been made in any way
    UPDATE deliveries SET method = NULL, unsure = false, reason = :reason WHERE id = :id AND state = 'todo'
    """
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call of an answer."""

    id: int
    ordinal: int
    messages: bytes | None
    retry_key: UUID
    #: seconds since that key was made, just before the first try with it
    key_age: float
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
            key_age=row.key_age,
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
    """Stores the calls of an answer, each with a retry key of its own, unless they were stored before.

    None for an answer that has ended.
    """
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


async def reply_closed(engine: AsyncEngine, delivery_id: int, *, reason: str) -> None:
    """Commits that a reply was not taken and that its token is closed; `trying` has marked the token as used."""
    async with engine.connect() as connection:
        await connection.execute(_REPLY_CLOSED, {"id": delivery_id, "reason": reason[:200]})
