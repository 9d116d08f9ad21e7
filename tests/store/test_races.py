# SPDX-License-Identifier: Apache-2.0
"""Races that a quick machine hides, made certain: everybody is held at the conversation's row, then let go at once."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event, Message
from store import inbox, leases, outbox
from store.conversations import open_conversation
from store.engine import open_engine, transaction
from store.sealing import Seal
from store.together import receive_together
from tests.store.conftest import NewConversation

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def event(event_id: str | None = None) -> Event:
    return Event("web", event_id or str(uuid.uuid4()), Message("พร้อมกัน"), datetime.now(timezone.utc))


@asynccontextmanager
async def held(engine: AsyncEngine, conversation_id: int, waiting: int) -> AsyncIterator[None]:
    """Holds a conversation's row until so many statements wait for it."""
    async with transaction(engine).begin() as connection:
        await connection.execute(text("SELECT 1 FROM conversations WHERE id = :id FOR UPDATE"), {"id": conversation_id})
        yield
        async with engine.connect() as watching, asyncio.timeout(10):
            while int(await watching.scalar(_WAITING) or 0) < waiting:  # noqa: ASYNC110  it is the database that waits
                await asyncio.sleep(0.01)


async def at_once(engine: AsyncEngine, conversation_id: int, calls: Sequence[Awaitable[Any]]) -> list[Any]:
    """Runs these calls so that each has begun before any of them can end."""
    async with held(engine, conversation_id, len(calls)):
        running = [asyncio.ensure_future(call) for call in calls]
    return list(await asyncio.gather(*running))


async def test_twins_of_one_event(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """Six deliveries of one event that have all begun before one ended: one row, one number, one count, no gap after."""
    conversation, one = await new_conversation(), event()
    got = await at_once(engine, conversation.id, [inbox.receive(engine, seal, conversation.id, one) for _ in range(6)])
    assert sorted(got) == [(1, False)] * 5 + [(1, True)]
    assert await inbox.receive(engine, seal, conversation.id, event()) == (2, True)
    async with engine.connect() as connection:
        pending = await connection.scalar(
            text("SELECT pending FROM conversations WHERE id = :id"), {"id": conversation.id}
        )
    assert pending == 2


async def test_different_events_at_once(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """Six different events get six numbers in a row."""
    conversation = await new_conversation()
    got = await at_once(
        engine, conversation.id, [inbox.receive(engine, seal, conversation.id, event()) for _ in range(6)]
    )
    assert sorted(got) == [(seq, True) for seq in range(1, 7)]


async def test_notices_at_once(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """Six gateways that want to say the notice of waiting: one does."""
    conversation = await new_conversation()
    blocks = [{"type": "text", "text": "รอสักครู่"}]
    calls = [outbox.say(engine, seal, conversation.id, blocks, pulled=True, waiting=True) for _ in range(6)]
    assert sorted(await at_once(engine, conversation.id, calls), key=str) == [1, None, None, None, None, None]


async def test_claims_at_once_wait_for_nobody(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """A held conversation is passed over: who claims meanwhile gets nothing of it and does not wait."""
    conversation = await new_conversation()
    await inbox.receive(engine, seal, conversation.id, event())
    async with held(engine, conversation.id, 0):
        async with asyncio.timeout(5):
            claimed = await leases.claim(engine, uuid.uuid4(), 500, 5.0)
    assert conversation.id not in [one.conversation_id for one in claimed]


@pytest.mark.parametrize("renewed", [True, False], ids=["renew", "release_all"])
async def test_leases_and_arrivals_never_wait_for_each_other(own_url: str, seal: Seal, renewed: bool) -> None:
    """Rows lie in the table in another order than that of their ids: both take them by the ids, so none gives way."""
    as_they_lie = "options=-c%20enable_indexscan%3Doff%20-c%20enable_bitmapscan%3Doff"
    engine, owner = open_engine(f"{own_url}{'&' if '?' in own_url else '?'}{as_they_lie}", 6), uuid.uuid4()
    ids = [(await open_conversation(engine, seal, b"k", "line", uuid.uuid4().hex)).id for _ in range(2)]
    async with engine.connect() as connection:
        for id_ in reversed(ids):
            statement = text("UPDATE conversations SET lease_owner = :owner, lease_until = now() WHERE id = :id")
            await connection.execute(statement, {"owner": owner, "id": id_})
    async with transaction(engine).begin() as connection:
        await connection.execute(text("SELECT 1 FROM conversations WHERE id = :id FOR UPDATE"), {"id": ids[0]})
        arriving = asyncio.create_task(receive_together(engine, seal, [(id_, event()) for id_ in ids]))
        await many_wait(engine, 1)
        keeping = asyncio.create_task(
            leases.renew(engine, owner, ids, 5.0) if renewed else leases.release_all(engine, owner)
        )
        await many_wait(engine, 2)
    stored, _ = await asyncio.gather(arriving, keeping)
    assert [one is not None and one.seq for one in stored] == [1, 1]
    await engine.dispose()


async def many_wait(engine: AsyncEngine, number: int) -> None:
    """Until so many statements wait for a lock."""
    async with engine.connect() as watching, asyncio.timeout(10):
        while int(await watching.scalar(_WAITING) or 0) < number:  # noqa: ASYNC110  it is the database that waits
            await asyncio.sleep(0.01)
