# SPDX-License-Identifier: Apache-2.0
"""The inbox: what arrived, each event once, whatever order the channel delivers in; store.leases says who works on it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Content, Event, Message, Signal, content_from_json, content_to_json
from store.engine import transaction
from store.leases import Claimed, claimed_of, columns_of
from store.outbox import Line
from store.sealing import Seal

_TAKEN_BACK = """EXISTS (
        SELECT FROM inbox WHERE conversation_id = :conversation_id AND message_id = CAST(:message_id AS text)
                            AND kind = 'unsend')"""
_RECEIVE = text(
    f"""
    -- receive: one event into the inbox; its conversation gets the next number and is woken.
    -- A twin that commits at the same moment makes the unique index refuse the whole statement, so that no number and
    -- no count is spent on it. With an :owner, a conversation in which nothing else waits is leased to him with this
    -- event in work: one statement instead of two. Nobody is notified here: a notification makes all commits of
    -- the database queue for one lock, and none of them could share a write to the disk (store.notify.tell).
    -- A message that its sender took back before it came leaves its number and nothing else.
    WITH looked AS (
      SELECT id, CAST(:kind AS text) <> 'unsend' AND CAST(:message_id AS text) IS NOT NULL AND {_TAKEN_BACK} AS gone,
             CAST(:owner AS uuid) IS NOT NULL AND pending = 0 AND NOT with_officer
               AND (lease_owner IS NULL OR lease_until < now()) AS free
      FROM conversations
      WHERE id = :conversation_id
        AND NOT EXISTS (SELECT FROM inbox WHERE channel = :channel AND event_id = :event_id)
      FOR UPDATE)
    , found AS (SELECT id, gone, free AND NOT gone AS leased FROM looked)
    , conversation AS (
      UPDATE conversations c
      SET last_seq = last_seq + 1, last_event_at = now(),
          pending = CASE WHEN gone THEN pending ELSE pending + 1 END,
          wake_at = CASE WHEN gone THEN wake_at ELSE COALESCE(wake_at, now()) END,
          lease_owner = CASE WHEN leased THEN CAST(:owner AS uuid) ELSE lease_owner END,
          lease_until = CASE WHEN leased THEN now() + make_interval(secs => :lease) ELSE lease_until END
      FROM found WHERE c.id = found.id
      RETURNING c.*, leased, gone)
    , arrived AS (
      INSERT INTO inbox (channel, event_id, conversation_id, seq, kind, payload, occurred_at, message_id, state, attempts,
                         finished_at)
      SELECT :channel, :event_id, id, last_seq, CAST(:kind AS text), CASE WHEN NOT gone THEN CAST(:payload AS bytea) END,
             :occurred_at, CAST(:message_id AS text), CASE WHEN gone THEN 'cancelled' WHEN leased THEN 'doing' ELSE 'todo' END,
             CASE WHEN leased THEN 1 ELSE 0 END, CASE WHEN gone THEN now() END
      FROM conversation
      RETURNING *)
    SELECT c.leased, c.gone, {columns_of("c", "a")}, 0.0::float AS age
    FROM conversation c, arrived a
    """
)
_SEQ_OF = text(
    """
    -- seq_of: the number that an event already has
    SELECT seq FROM inbox WHERE channel = :channel AND event_id = :event_id AND conversation_id = :conversation_id
    """
)
_RECORD = text(
    f"""
    -- record: something that needs no answer, kept as it came unless it was taken back; numbered like everything else
    WITH conversation AS (
      UPDATE conversations SET last_seq = last_seq + 1, last_event_at = now()
      WHERE id = :conversation_id AND NOT EXISTS (SELECT FROM inbox WHERE channel = :channel AND event_id = :event_id)
      RETURNING id, last_seq)
    INSERT INTO inbox (channel, event_id, conversation_id, seq, kind, payload, occurred_at, message_id, state, finished_at)
    SELECT :channel, :event_id, id, last_seq, CAST(:kind AS text), CASE WHEN NOT {_TAKEN_BACK} THEN CAST(:payload AS bytea) END,
           :occurred_at, CAST(:message_id AS text), 'done', now()
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
_LOCK = text("SELECT FROM conversations WHERE id = :conversation_id FOR UPDATE")
_TAKE_BACK = text(
    """
    -- take_back: a message that its sender took back: unanswered it is cancelled, its words go in any case
    WITH back AS (
      UPDATE inbox SET payload = NULL, state = CASE WHEN state = 'todo' THEN 'cancelled' ELSE state END,
             finished_at = COALESCE(finished_at, CASE WHEN state = 'todo' THEN now() END)
      WHERE conversation_id = :conversation_id AND message_id = :message_id AND kind <> 'unsend' AND state <> 'doing'
      RETURNING turn_id, (state = 'cancelled' AND finished_at = now())::int AS cancelled)
    , counted AS (
      UPDATE conversations c
      SET pending = GREATEST(pending - gone.n, 0), wake_at = CASE WHEN pending > gone.n THEN wake_at END
      FROM (SELECT sum(cancelled)::int AS n FROM back) gone
      WHERE c.id = :conversation_id AND gone.n > 0)
    SELECT turn_id FROM back
    """
)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an event that came in."""

    seq: int
    #: False: the same event had come before
    fresh: bool
    #: how it stands in the conversation, when it is new and was not taken back before it came
    line: Line | None = None
    #: the event in work, when the conversation was leased with it
    claimed: Claimed | None = None


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
    payload = sealed_event(seal, conversation_id, event, event.content)
    key = {"channel": event.channel, "event_id": event.event_id, "conversation_id": conversation_id}
    more = {
        "kind": kind_of(event.content),
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
    if row.gone:
        return Received(seq=row.seq, fresh=True)
    line = Line(seq=row.seq, author="citizen", at=row.received_at, kind=row.kind, sealed=row.payload)
    return Received(seq=row.seq, fresh=True, line=line, claimed=claimed_of(row) if row.leased else None)


def kind_of(content: Content) -> str:
    """What stands in the column `kind`: what was taken back must be found before its words can come."""
    return "unsend" if isinstance(content, Signal) and content.name == "unsend" else content.kind


def sealed_event(seal: Seal, conversation_id: int, event: Event, content: Content) -> bytes:
    """An event as the inbox keeps it, with what it says; bound to its conversation, read again by `open_payload`."""
    payload = {
        "content": content_to_json(content),
        "locale": event.locale,
        "envelope": dict(event.envelope),
        "message_id": event.message_id,
    }
    return seal.seal_json(payload, _place(conversation_id))


async def record(engine: AsyncEngine, seal: Seal, conversation_id: int, event: Event, raw: Mapping[str, Any]) -> bool:
    """Keeps something that needs no answer, `raw` as the channel sent it; True when it is new."""
    return await _record(
        engine, conversation_id, event, "recorded", seal.seal_json({"raw": raw}, _place(conversation_id))
    )


async def record_edit(engine: AsyncEngine, seal: Seal, conversation_id: int, event: Event, words: str) -> bool:
    """Keeps what a message (`event.message_id`) says since it was edited; True when that is new.

    The edit that happened last counts, in whatever order they come and whether the message is there yet. A turn that
    has begun goes on with the words that it has.
    """
    sealed = sealed_event(seal, conversation_id, event, Message(words))
    return await _record(engine, conversation_id, event, "edited", sealed)


async def _record(engine: AsyncEngine, conversation_id: int, event: Event, kind: str, payload: bytes) -> bool:
    parameters = {
        "channel": event.channel,
        "event_id": event.event_id,
        "conversation_id": conversation_id,
        "kind": kind,
        "payload": payload,
        "occurred_at": event.occurred_at,
        "message_id": event.message_id,
    }
    async with engine.connect() as connection:
        # A twin at the same moment is refused by the unique index: it is kept already.
        with contextlib.suppress(IntegrityError):
            return (await connection.execute(_RECORD, parameters)).first() is not None
    return False


async def renew_token(engine: AsyncEngine, channel: str, event_id: str) -> None:
    """The channel delivered an event again: a reply to it is possible for another minute."""
    async with engine.connect() as connection:
        await connection.execute(_RENEW_TOKEN, {"channel": channel, "event_id": event_id})


async def take_back(engine: AsyncEngine, conversation_id: int, message_id: str) -> list[UUID]:
    """Forgets the words of a message that its sender took back; a waiting one is not answered any more.

    Returns the turns that the message had, which the bot must forget. One in work is left for the next call.
    """
    parameters = {"conversation_id": conversation_id, "message_id": message_id}
    async with transaction(engine).begin() as connection:
        # The conversation first, as everywhere, and by itself: so the next statement sees a message that came meanwhile.
        await connection.execute(_LOCK, {"conversation_id": conversation_id})
        return list((await connection.scalars(_TAKE_BACK, parameters)).all())


def open_payload(seal: Seal, conversation_id: int, payload: bytes) -> tuple[Content, Mapping[str, Any]]:
    """The content and the whole stored payload of an event. Raises store.sealing.Unsealable."""
    data = opened(seal, conversation_id, payload)
    return content_from_json(data["content"]), data


def opened(seal: Seal, conversation_id: int, payload: bytes) -> Mapping[str, Any]:
    """What was stored of an event: its `content` with more, or, when it is only kept, `raw`. Raises Unsealable."""
    data: Mapping[str, Any] = seal.open_json(payload, _place(conversation_id))
    return data
