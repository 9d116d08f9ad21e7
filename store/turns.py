# SPDX-License-Identifier: Apache-2.0
"""Turns: an event's end. Inbox row, turn, conversation and answer change together or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Block
from core.outcomes import Outcome
from store.leases import Claimed
from store.outbox import Line, place_of
from store.sealing import Seal

_FINISH = text(
    """
    -- finish: the event is done; its turn and its answer exist. Nothing happens when the lease is no longer ours.
    -- While more events wait the lease is kept, so that the worker goes straight on with the next one.
    WITH mine AS (
      UPDATE conversations
      SET pending = GREATEST(pending - 1, 0),
          last_seq = last_seq + :answers,
          active_form = CAST(:active_form AS text), requested_slot = CAST(:requested_slot AS text),
          noticed_privacy_at = COALESCE(noticed_privacy_at, CASE WHEN :noticed_privacy THEN now() END),
          -- what came in after the wish to be forgotten is not forgotten with it
          erase_requested_at = CASE WHEN :erase THEN (SELECT received_at FROM inbox WHERE id = CAST(:inbox_id AS bigint))
                                    ELSE erase_requested_at END,
          told_waiting_at = NULL,
          answered_until = GREATEST(answered_until, CAST(:occurred_at AS timestamptz)),
          greeted_at = CASE WHEN :greeted THEN now() ELSE greeted_at END,
          offer_seq = CASE WHEN :keep_form THEN offer_seq WHEN :offers THEN last_seq + :answers END,
          lease_owner = CASE WHEN pending > 1 THEN lease_owner END,
          lease_until = CASE WHEN pending > 1 THEN lease_until END,
          wake_at = CASE WHEN pending > 1 THEN now() END
      WHERE id = :conversation_id AND lease_owner = :owner
      RETURNING id, last_seq, pending)
    , done AS (
      UPDATE inbox SET state = :inbox_state, reason = CAST(:reason AS text), finished_at = now()
      FROM mine WHERE inbox.id = :inbox_id AND inbox.state = 'doing'
      RETURNING inbox.id)
    , turn AS (
      INSERT INTO turns (id, conversation_id, inbox_id, outcome, intent, confidence, understanding, reason, bot_ms, late)
      SELECT CAST(:turn_id AS uuid), mine.id, CAST(:inbox_id AS bigint), :outcome, CAST(:intent AS text),
             CAST(:confidence AS float8), CAST(:understanding AS jsonb), CAST(:reason AS text), CAST(:bot_ms AS float8), :late
      FROM mine, done
      ON CONFLICT (id) DO UPDATE
        SET outcome = EXCLUDED.outcome, intent = EXCLUDED.intent, confidence = EXCLUDED.confidence,
            understanding = EXCLUDED.understanding, reason = EXCLUDED.reason, finished_at = now())
    , answer AS (
      INSERT INTO outbox (conversation_id, turn_id, seq, author, blocks, state, finished_at)
      SELECT mine.id, CAST(:turn_id AS uuid), mine.last_seq - :answers + said.ordinal, said.author, said.blocks, :outbox_state,
             CASE WHEN :outbox_state = 'sent' THEN now() END
      FROM mine, done, unnest(CAST(:authors AS text[]), CAST(:blocks AS bytea[])) WITH ORDINALITY said (author, blocks, ordinal)
      RETURNING conversation_id, created_at)
    , hurried AS (
      -- Who writes is there again, and so is the channel: what waits for a later try goes first, and goes now.
      UPDATE outbox SET available_at = now() FROM mine
      WHERE :outbox_state = 'todo' AND outbox.conversation_id = mine.id AND outbox.state = 'todo'
        AND outbox.available_at > now() + interval '10 seconds')
    SELECT mine.pending, mine.last_seq, (SELECT min(created_at) FROM answer) AS said_at FROM mine
    """
)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: who says it and its blocks."""

    author: str
    blocks: Sequence[Block]

    def __repr__(self) -> str:
        return f"Said({self.author}, {len(self.blocks)} blocks)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Everything that one turn changes."""

    outcome: Outcome
    answers: Sequence[Said]
    intent: str | None = None
    confidence: float | None = None
    #: names and figures only, never the citizen's words
    understanding: Mapping[str, Any] = field(default_factory=dict)
    active_form: str | None = None
    requested_slot: str | None = None
    #: the turn did not go through the bot: whatever form is being filled in goes on
    keep_form: bool = False
    noticed_privacy: bool = False
    erase: bool = False
    greeted: bool = False
    #: why it failed, for staff; makes the event a dead letter when `dead` is set
    reason: str | None = None
    dead: bool = False
    #: milliseconds that the bot took
    bot_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Continuation:
    """What the worker still holds after a turn."""

    #: events of the same conversation that wait; above 0 the lease was kept
    pending: int
    #: number of the conversation's newest line
    last_seq: int
    #: the answers as they stand in the conversation now
    lines: Sequence[Line]


async def finish(
    engine: AsyncEngine, seal: Seal, owner: UUID, claimed: Claimed, finished: Finished, *, pulled: bool
) -> Continuation | None:
    """Commits the end of a turn. None means that the lease had been lost and that nothing was changed.

    pulled: whether the channel's citizens fetch their answers (the web), so that storing them is the delivery.
    """
    place = place_of(claimed.conversation_id)
    sealed = [seal.seal_json(list(said.blocks), place) for said in finished.answers]
    parameters = {
        "conversation_id": claimed.conversation_id,
        "owner": owner,
        "inbox_id": claimed.inbox_id,
        "occurred_at": claimed.occurred_at,
        "late": claimed.late,
        "inbox_state": "dead" if finished.dead else "done",
        "turn_id": claimed.turn_id,
        "answers": len(finished.answers),
        "authors": [said.author for said in finished.answers],
        "blocks": sealed,
        "outbox_state": "sent" if pulled else "todo",
        "outcome": finished.outcome.value,
        "intent": finished.intent,
        "confidence": finished.confidence,
        "understanding": json.dumps(finished.understanding, ensure_ascii=False),
        "reason": finished.reason and finished.reason[:200],
        "bot_ms": finished.bot_ms,
        "active_form": claimed.active_form if finished.keep_form else finished.active_form,
        "requested_slot": claimed.requested_slot if finished.keep_form else finished.requested_slot,
        "keep_form": finished.keep_form,
        "offers": bool(finished.answers) and any(block.get("choices") for block in finished.answers[-1].blocks),
        "noticed_privacy": finished.noticed_privacy,
        "erase": finished.erase,
        "greeted": finished.greeted,
    }
    async with engine.connect() as connection:
        row = (await connection.execute(_FINISH, parameters)).one_or_none()
    if row is None:
        return None
    first = row.last_seq - len(sealed) + 1
    lines = [
        Line(seq=first + number, author=said.author, at=row.said_at, kind="answer", sealed=blocks)
        for number, (said, blocks) in enumerate(zip(finished.answers, sealed, strict=True))
        if row.said_at is not None
    ]
    return Continuation(pending=row.pending, last_seq=row.last_seq, lines=lines)
