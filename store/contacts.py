# SPDX-License-Identifier: Apache-2.0
"""Whether a contact can be reached: who blocks us or leaves is told nothing, who comes back is told again."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_CLOSE = text(
    """
    -- close_contact: nobody is there any more: what was still to be said is not said.
    -- News of it may come late: who has done something since that event is there again.
    WITH gone AS (
      UPDATE contacts SET state = 'blocked' FROM conversations c
      WHERE c.id = :conversation_id AND contacts.id = c.contact_id
        AND NOT EXISTS (SELECT FROM inbox later JOIN inbox this ON this.id = CAST(:inbox_id AS bigint)
                        WHERE later.conversation_id = c.id AND (later.occurred_at, later.event_id COLLATE "C")
                                                                > (this.occurred_at, this.event_id COLLATE "C"))
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
