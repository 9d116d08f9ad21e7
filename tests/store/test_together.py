# SPDX-License-Identifier: Apache-2.0
"""Many events with one statement: each as if it had come alone."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event, Message, Signal
from store import inbox, leases
from store.engine import transaction
from store.sealing import Seal
from store.together import receive_together
from tests.store.conftest import NewConversation

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)


def event(words: str = "สวัสดี", event_id: str | None = None, message_id: str | None = None) -> Event:
    return Event("web", event_id or str(uuid.uuid4()), Message(words), NOW, message_id=message_id)


async def counts(engine: AsyncEngine, conversation_id: int) -> tuple[int, int, bool]:
    """(last number, events that wait, whether somebody is to be woken) of a conversation."""
    async with engine.connect() as connection:
        found = await connection.execute(
            text("SELECT last_seq, pending, wake_at <= now() AS woken FROM conversations WHERE id = :id"),
            {"id": conversation_id},
        )
        row = found.one()
    return row.last_seq, row.pending, bool(row.woken)


async def test_events_of_many_conversations(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """Each conversation numbers its own, in the order given, and goes on from what it has."""
    one, two = await new_conversation(), await new_conversation()
    await inbox.receive(engine, seal, one.id, event("ก่อนหน้า"))
    given = [
        (one.id, event("ก")),
        (two.id, event("ข")),
        (one.id, event("ค")),
        (two.id, event("ง")),
        (one.id, event("จ")),
    ]
    stored = await receive_together(engine, seal, given)
    assert [found and (found.seq, found.fresh, found.claimed) for found in stored] == [
        (2, True, None),
        (1, True, None),
        (3, True, None),
        (2, True, None),
        (4, True, None),
    ]
    assert await counts(engine, one.id) == (4, 4, True)
    assert await counts(engine, two.id) == (2, 2, True)
    for (conversation_id, sent), found in zip(given, stored, strict=True):
        assert found is not None
        assert found.line is not None
        content, _ = inbox.open_payload(seal, conversation_id, found.line.sealed)
        assert content == sent.content
        assert found.line.kind == "message"


async def test_they_are_answered_in_their_order(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """What was stored together is claimed one after the other, by the time that the channel gave it."""
    conversation, owner = await new_conversation(), uuid.uuid4()
    late = event("หลัง")
    early = Event("web", str(uuid.uuid4()), Message("ก่อน"), NOW - timedelta(seconds=5))
    await receive_together(engine, seal, [(conversation.id, late), (conversation.id, early)])
    [first] = [one for one in await leases.claim(engine, owner, 500, 5.0) if one.conversation_id == conversation.id]
    content, _ = inbox.open_payload(seal, conversation.id, first.payload or b"")
    assert content == Message("ก่อน")


async def test_what_cannot_be_stored_with_the_others(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Known before, twice among them, taken back, of nobody: no number is spent on it, and the others go on."""
    conversation = await new_conversation()
    known, twice = event("มาก่อนแล้ว"), event("ซ้ำ")
    await inbox.receive(engine, seal, conversation.id, known)
    unsend = Event("web", str(uuid.uuid4()), Signal("unsend", about="m1"), NOW, message_id="m1")
    await inbox.receive(engine, seal, conversation.id, unsend)
    stored = await receive_together(
        engine,
        seal,
        [
            (conversation.id, known),
            (conversation.id, twice),
            (conversation.id, twice),
            (conversation.id, event("ถอนแล้ว", message_id="m1")),
            (2**40, event("ไม่มีใคร")),
            (conversation.id, event("ปกติ")),
        ],
    )
    assert [found and found.seq for found in stored] == [None, 3, None, None, None, 4]
    assert (await counts(engine, conversation.id))[:2] == (4, 4)


async def test_a_twin_at_the_same_moment_stores_nothing(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Both have looked and found nothing, then the other one commits: all or none."""
    conversation, twin = await new_conversation(), event("แฝด")
    async with transaction(engine).begin() as connection:
        await connection.execute(text("SELECT 1 FROM conversations WHERE id = :id FOR UPDATE"), {"id": conversation.id})
        alone = asyncio.create_task(inbox.receive(engine, seal, conversation.id, twin))
        await waiting(engine, 1)
        together = asyncio.create_task(
            receive_together(engine, seal, [(conversation.id, twin), (conversation.id, event())])
        )
        await waiting(engine, 2)
    assert await alone == (1, True)
    with pytest.raises(IntegrityError):
        await together
    assert (await counts(engine, conversation.id))[:2] == (1, 1)


async def test_two_at_once_do_not_lock_each_other_out(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """The same conversations in opposite orders, many times."""
    ids = [(await new_conversation()).id for _ in range(8)]
    calls = [
        receive_together(engine, seal, [(one, event()) for one in (ids if number % 2 else reversed(ids))])
        for number in range(12)
    ]
    async with asyncio.timeout(20):
        results = await asyncio.gather(*calls)
    assert all(found is not None for stored in results for found in stored)
    assert {await counts(engine, one) for one in ids} == {(12, 12, True)}


async def waiting(engine: AsyncEngine, number: int) -> None:
    """Until so many statements wait for a lock."""
    statement = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    async with engine.connect() as connection, asyncio.timeout(10):
        while int(await connection.scalar(statement) or 0) < number:  # noqa: ASYNC110  it is the database that waits
            await asyncio.sleep(0.01)
