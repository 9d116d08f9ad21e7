# SPDX-License-Identifier: Apache-2.0
"""An event stored and leased in one statement: the same promises as when both happen one after the other."""

from __future__ import annotations

import asyncio
import uuid

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Message
from store import inbox, turns
from store.notify import notifications, tell
from store.sealing import Seal
from tests.store.conftest import NewConversation
from tests.store.test_inbox import LEASE, claim_of, done, event


async def test_the_first_event_is_leased_with_its_arrival(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """What the worker gets is what a claim would have given it, and the turn ends as any other."""
    conversation, owner = await new_conversation(), uuid.uuid4()
    received = await inbox.receive_and_claim(engine, seal, conversation.id, event("ไฟดับ"), owner, LEASE)
    claimed, line = received.claimed, received.line
    assert claimed is not None
    assert line is not None
    assert (received.seq, received.fresh, claimed.attempts, claimed.key) == (1, True, 1, conversation.key)
    assert (line.seq, line.author, line.sealed) == (1, "citizen", claimed.payload)
    assert claimed.payload is not None
    content, _ = inbox.open_payload(seal, conversation.id, claimed.payload)
    assert content == Message("ไฟดับ")
    assert await claim_of(engine, conversation, uuid.uuid4()) is None
    result = await turns.finish(engine, seal, owner, claimed, done(), pulled=True)
    assert result is not None
    assert [(one.seq, one.author) for one in result.lines] == [(2, "bot")]
    again = await inbox.receive_and_claim(engine, seal, conversation.id, event("อีก"), owner, LEASE)
    assert (again.seq, again.claimed is not None) == (3, True)


async def test_what_waits_or_is_held_is_not_leased(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """An older event goes first; a lease of somebody else, or of an officer, stands."""
    waiting, held, officer = await new_conversation(), await new_conversation(), await new_conversation()
    await inbox.receive(engine, seal, waiting.id, event("หนึ่ง"))
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "UPDATE conversations SET lease_owner = gen_random_uuid(), lease_until = now() + interval '1 min' WHERE id = :id"
            ),
            {"id": held.id},
        )
        await connection.execute(
            text("UPDATE conversations SET with_officer = true WHERE id = :id"), {"id": officer.id}
        )
    for conversation in (waiting, held, officer):
        received = await inbox.receive_and_claim(engine, seal, conversation.id, event("สอง"), uuid.uuid4(), LEASE)
        assert received.fresh
        assert received.claimed is None
    claimed = await claim_of(engine, waiting, uuid.uuid4())
    assert claimed is not None
    assert claimed.attempts == 1


async def test_a_lapsed_lease_is_taken_over(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """A worker that died while it held a conversation without work keeps nobody waiting."""
    conversation = await new_conversation()
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "UPDATE conversations SET lease_owner = gen_random_uuid(), lease_until = now() - interval '1 s' WHERE id = :id"
            ),
            {"id": conversation.id},
        )
    received = await inbox.receive_and_claim(engine, seal, conversation.id, event(), uuid.uuid4(), LEASE)
    assert received.claimed is not None


async def test_of_many_at_once_one_is_in_work(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Twins and others from two processes at the same moment: one lease, one row per event, numbers without gaps."""
    conversation, owners = await new_conversation(), [uuid.uuid4(), uuid.uuid4()]
    twin = event()
    many = [twin, event(), twin, event(), twin, event()]
    got = await asyncio.gather(
        *(
            inbox.receive_and_claim(engine, seal, conversation.id, one, owners[number % 2], LEASE)
            for number, one in enumerate(many)
        )
    )
    assert sum(one.claimed is not None for one in got) == 1
    assert sorted({one.seq for one in got}) == [1, 2, 3, 4]
    assert sum(one.fresh for one in got) == 4


async def test_others_are_told_of_many_at_once(migrated_url: str, engine: AsyncEngine) -> None:
    """One transaction notifies of several conversations; the statements that store notify nobody."""
    heard: list[str] = []
    listening, told = asyncio.Event(), asyncio.Event()

    async def listen() -> None:
        async for _, payload in notifications(migrated_url, ("inbox",)):
            listening.set()
            heard.append(payload)
            if "12" in heard:
                told.set()

    listener = asyncio.create_task(listen())
    try:
        await asyncio.wait_for(listening.wait(), 5)
        await tell(engine, "inbox", {11, 12})
        await asyncio.wait_for(told.wait(), 5)
    finally:
        listener.cancel()
    assert sorted(heard) == ["", "11", "12"]


async def test_a_statement_that_stores_notifies_nobody(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation, migrated_url: str
) -> None:
    """A notification in it would make all commits wait for one lock."""
    heard: list[str] = []
    listening = asyncio.Event()

    async def listen() -> None:
        async for _, payload in notifications(migrated_url, ("inbox", "outbox")):
            listening.set()
            heard.append(payload)

    listener = asyncio.create_task(listen())
    try:
        await asyncio.wait_for(listening.wait(), 5)
        conversation, owner = await new_conversation(), uuid.uuid4()
        await inbox.receive(engine, seal, conversation.id, event())
        claimed = await claim_of(engine, conversation, owner)
        assert claimed is not None
        assert await turns.finish(engine, seal, owner, claimed, done(), pulled=True) is not None
        await asyncio.sleep(0.2)
    finally:
        listener.cancel()
    assert str(conversation.id) not in heard
