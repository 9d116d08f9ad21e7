# SPDX-License-Identifier: Apache-2.0
"""Many events into the inbox with one statement: what comes in while the disk writes shares the next write to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event
from store.inbox import Received, kind_of, sealed_event
from store.outbox import Line
from store.sealing import Seal

_RECEIVE = text(
    """
    -- receive_together: events of many conversations, each numbered in its own in the order given; none is leased.
    -- The rows of the conversations are locked in their order, so that two of these never wait for each other.
    WITH given AS (
      SELECT DISTINCT ON (channel, event_id) *
      FROM unnest(CAST(:conversation_ids AS bigint[]), CAST(:channels AS text[]), CAST(:event_ids AS text[]),
                  CAST(:kinds AS text[]), CAST(:payloads AS bytea[]), CAST(:occurred AS timestamptz[]),
                  CAST(:message_ids AS text[]))
           WITH ORDINALITY g (conversation_id, channel, event_id, kind, payload, occurred_at, message_id, place)
      ORDER BY channel, event_id, place)
    , fresh AS (
      SELECT *, row_number() OVER (PARTITION BY conversation_id ORDER BY place) AS number FROM given
      WHERE NOT EXISTS (SELECT FROM inbox i WHERE i.channel = given.channel AND i.event_id = given.event_id)
        AND NOT EXISTS (SELECT FROM inbox i WHERE i.conversation_id = given.conversation_id
                        AND i.message_id = given.message_id AND i.kind = 'unsend'))
    , counted AS (SELECT conversation_id, max(number)::int AS n FROM fresh GROUP BY conversation_id)
    , locked AS (
      SELECT c.id FROM conversations c JOIN counted ON counted.conversation_id = c.id ORDER BY c.id FOR UPDATE OF c)
    , conversation AS (
      UPDATE conversations c
      SET last_seq = last_seq + n, pending = pending + n, wake_at = COALESCE(wake_at, now()), last_event_at = now()
      FROM locked JOIN counted ON counted.conversation_id = locked.id WHERE c.id = locked.id
      RETURNING c.id, c.last_seq - n AS before)
    , arrived AS (
      INSERT INTO inbox (channel, event_id, conversation_id, seq, kind, payload, occurred_at, message_id, state, attempts)
      SELECT f.channel, f.event_id, f.conversation_id, before + f.number, f.kind, f.payload, f.occurred_at, f.message_id,
             'todo', 0
      FROM fresh f JOIN conversation ON conversation.id = f.conversation_id
      RETURNING channel, event_id, conversation_id, seq, received_at)
    SELECT place, arrived.seq, arrived.received_at FROM arrived JOIN given USING (channel, event_id)
    """
)


async def receive_together(
    engine: AsyncEngine, seal: Seal, events: Sequence[tuple[int, Event]]
) -> list[Received | None]:
    """Stores events, each with the id of its conversation, all or none; committed on return.

    One result an event, in order: None for an event that was there before, came twice in `events`, was taken back
    before it came, or whose conversation is unknown; `store.inbox.receive` says which.
    Raises IntegrityError when somebody else stores one of them at the same moment: then nothing was stored.
    """
    rows = [
        (conversation_id, event, sealed_event(seal, conversation_id, event, event.content))
        for conversation_id, event in events
    ]
    async with engine.connect() as connection:
        stored = await connection.execute(
            _RECEIVE,
            {
                "conversation_ids": [conversation_id for conversation_id, _, _ in rows],
                "channels": [event.channel for _, event, _ in rows],
                "event_ids": [event.event_id for _, event, _ in rows],
                "kinds": [kind_of(event.content) for _, event, _ in rows],
                "payloads": [payload for _, _, payload in rows],
                "occurred": [event.occurred_at for _, event, _ in rows],
                "message_ids": [event.message_id for _, event, _ in rows],
            },
        )
        found = {row.place - 1: row for row in stored}
    results: list[Received | None] = []
    for index, (_, event, payload) in enumerate(rows):
        row = found.get(index)
        if row is None:
            results.append(None)
            continue
        line = Line(seq=row.seq, author="citizen", at=row.received_at, kind=kind_of(event.content), sealed=payload)
        results.append(Received(seq=row.seq, fresh=True, line=line))
    return results
