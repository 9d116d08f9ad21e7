# SPDX-License-Identifier: Apache-2.0
"""The inbox on a real PostgreSQL: once only, in order, one worker per conversation, nothing lost."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event, Message
from core.outcomes import Outcome
from store import inbox, leases, turns
from store.conversations import Conversation
from store.sealing import Seal
from tests.store.conftest import NewConversation

LEASE = 5.0


def event(words: str = "สวัสดี", event_id: str | None = None, at: datetime | None = None) -> Event:
    return Event(
        channel="web",
        event_id=event_id or str(uuid.uuid4()),
        content=Message(words),
        occurred_at=at or datetime.now(timezone.utc),
    )


async def claim_of(engine: AsyncEngine, conversation: Conversation, owner: uuid.UUID) -> leases.Claimed | None:
    """Claims until this conversation's event comes up (other tests leave theirs in the same database)."""
    for claimed in await leases.claim(engine, owner, 500, LEASE):
        if claimed.conversation_id == conversation.id:
            return claimed
    return None


def done() -> turns.Finished:
    return turns.Finished(outcome=Outcome.ANSWERED, answers=[turns.Said("bot", [{"type": "text", "text": "ค่ะ"}])])


async def test_the_same_event_id_is_stored_once_and_keeps_its_number(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Forty deliveries of one event, ten at a time, make one row, one number and one count."""
    conversation = await new_conversation()
    one = event(event_id=f"twin-{conversation.id}")
    results = [
        result
        for _ in range(4)
        for result in await asyncio.gather(*(inbox.receive(engine, seal, conversation.id, one) for _ in range(10)))
    ]
    assert {seq for seq, _ in results} == {1}
    assert [fresh for _, fresh in results].count(True) == 1
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                text("SELECT last_seq, pending FROM conversations WHERE id = :id"), {"id": conversation.id}
            )
        ).one()
    assert (row.last_seq, row.pending) == (1, 1)


async def test_an_event_of_no_conversation_is_refused(engine: AsyncEngine, seal: Seal) -> None:
    """A conversation that was forgotten takes nothing more."""
    with pytest.raises(LookupError):
        await inbox.receive(engine, seal, 2**40, event())


async def test_the_payload_is_sealed(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """The database never holds what the citizen wrote."""
    conversation = await new_conversation()
    await inbox.receive(engine, seal, conversation.id, event("ความลับของฉัน"))
    async with engine.connect() as connection:
        payload = await connection.scalar(
            text("SELECT payload FROM inbox WHERE conversation_id = :id"), {"id": conversation.id}
        )
    assert "ความลับ".encode() not in bytes(payload)
    content, _ = inbox.open_payload(seal, conversation.id, payload)
    assert content == Message("ความลับของฉัน")


async def test_one_event_of_a_conversation_is_in_work_at_a_time(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Ten workers claim at once: one of them gets the first event, nobody the second."""
    conversation = await new_conversation()
    for words in ("หนึ่ง", "สอง"):
        await inbox.receive(engine, seal, conversation.id, event(words))
    owners = [uuid.uuid4() for _ in range(10)]
    got = [c for c in await asyncio.gather(*(claim_of(engine, conversation, owner) for owner in owners)) if c]
    assert len(got) == 1
    assert got[0].payload is not None
    assert inbox.open_payload(seal, conversation.id, got[0].payload)[0] == Message("หนึ่ง")


async def test_the_database_itself_refuses_a_second_event_in_work(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Were a worker wrong, the partial unique index makes it an error, not a reordered answer."""
    conversation = await new_conversation()
    for _ in range(2):
        await inbox.receive(engine, seal, conversation.id, event())
    with pytest.raises(IntegrityError):
        async with engine.connect() as connection:
            await connection.execute(
                text("UPDATE inbox SET state = 'doing' WHERE conversation_id = :id"), {"id": conversation.id}
            )


async def test_events_are_taken_in_the_order_in_which_they_happened(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """A channel may deliver late: the time of the event decides, then the number."""
    conversation = await new_conversation()
    noon = datetime(2026, 11, 22, 5, tzinfo=timezone.utc)
    for words, minutes in (("สาม", 3), ("หนึ่ง", 1), ("สอง", 2)):
        await inbox.receive(engine, seal, conversation.id, event(words, at=noon + timedelta(minutes=minutes)))
    owner = uuid.uuid4()
    claimed = await claim_of(engine, conversation, owner)
    order: list[str] = []
    while claimed is not None and claimed.payload is not None:
        content, _ = inbox.open_payload(seal, conversation.id, claimed.payload)
        assert isinstance(content, Message)
        order.append(content.text)
        continuation = await turns.finish(engine, seal, owner, claimed, done(), pulled=True)
        assert continuation is not None
        assert continuation.pending == 3 - len(order)
        claimed = await leases.take_next(engine, owner, conversation.id) if continuation.pending else None
    assert order == ["หนึ่ง", "สอง", "สาม"]


async def test_a_dead_workers_event_is_taken_again_with_the_same_turn_id(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """The lease lapses; the next worker gets the event in work first, even when an older one came in late."""
    conversation = await new_conversation()
    await inbox.receive(engine, seal, conversation.id, event("หนึ่ง"))
    first = await claim_of(engine, conversation, uuid.uuid4())
    assert first is not None
    await inbox.receive(engine, seal, conversation.id, event("มาช้า", at=datetime(2020, 1, 1, tzinfo=timezone.utc)))
    assert await claim_of(engine, conversation, uuid.uuid4()) is None
    async with engine.connect() as connection:
        await connection.execute(
            text("UPDATE conversations SET lease_until = now() - interval '1 second' WHERE id = :id"),
            {"id": conversation.id},
        )
    second = await claim_of(engine, conversation, uuid.uuid4())
    assert second is not None
    assert (second.turn_id, second.attempts) == (first.turn_id, 2)


async def test_a_worker_that_lost_its_lease_changes_nothing(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Two workers believe that they have the event: only the holder of the lease can finish it, once."""
    conversation = await new_conversation()
    await inbox.receive(engine, seal, conversation.id, event())
    late, current = uuid.uuid4(), uuid.uuid4()
    first = await claim_of(engine, conversation, late)
    assert first is not None
    async with engine.connect() as connection:
        await connection.execute(
            text("UPDATE conversations SET lease_until = now() WHERE id = :id"), {"id": conversation.id}
        )
    await asyncio.sleep(0.01)
    second = await claim_of(engine, conversation, current)
    assert second is not None
    assert await turns.finish(engine, seal, late, first, done(), pulled=True) is None
    assert await turns.finish(engine, seal, current, second, done(), pulled=True) is not None
    assert await turns.finish(engine, seal, current, second, done(), pulled=True) is None
    async with engine.connect() as connection:
        answers = await connection.scalar(
            text("SELECT count(*) FROM outbox WHERE conversation_id = :id"), {"id": conversation.id}
        )
    assert answers == 1


async def test_a_message_that_arrives_while_a_turn_ends_wakes_the_conversation(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Whatever the interleaving of arrival and end, no event is left behind asleep."""
    owner = uuid.uuid4()
    for _ in range(60):
        conversation = await new_conversation()
        await inbox.receive(engine, seal, conversation.id, event())
        claimed = await claim_of(engine, conversation, owner)
        assert claimed is not None
        await asyncio.gather(
            turns.finish(engine, seal, owner, claimed, done(), pulled=True),
            inbox.receive(engine, seal, conversation.id, event("ต่อ")),
        )
        following = await leases.take_next(engine, owner, conversation.id)
        following = following or await claim_of(engine, conversation, owner)
        assert following is not None
        assert await turns.finish(engine, seal, owner, following, done(), pulled=True) is not None
        async with engine.connect() as connection:
            row = (
                await connection.execute(
                    text("SELECT pending, wake_at, lease_owner FROM conversations WHERE id = :id"),
                    {"id": conversation.id},
                )
            ).one()
        assert tuple(row) == (0, None, None)


async def test_an_event_that_was_put_back_waits_and_holds_up_its_own_conversation_only(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """During the delay the conversation is not claimed; after it the same event comes first again."""
    conversation = await new_conversation()
    await inbox.receive(engine, seal, conversation.id, event("หนึ่ง"))
    await inbox.receive(engine, seal, conversation.id, event("สอง"))
    owner = uuid.uuid4()
    claimed = await claim_of(engine, conversation, owner)
    assert claimed is not None
    await leases.put_back(engine, owner, claimed, delay=0.3, attempts=0, reason="bot away")
    assert await claim_of(engine, conversation, owner) is None
    await asyncio.sleep(0.35)
    again = await claim_of(engine, conversation, owner)
    assert again is not None
    assert (again.turn_id, again.attempts) == (claimed.turn_id, 1)


async def test_wrong_counts_are_found_and_mended(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """The safety net: a waiting event that no count knows of is woken."""
    conversation = await new_conversation()
    await inbox.receive(engine, seal, conversation.id, event())
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "UPDATE conversations SET pending = 2, wake_at = NULL, last_event_at = now() - interval '1 hour' WHERE id = :id"
            ),
            {"id": conversation.id},
        )
    assert await leases.mend(engine) >= 1
    assert await claim_of(engine, conversation, uuid.uuid4()) is not None


async def test_many_workers_answer_everything_once_and_in_order(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Twenty conversations, ten messages each, five workers: every message has one answer, in its order."""
    threads = [await new_conversation() for _ in range(20)]
    mine = {thread.id for thread in threads}
    for number in range(10):
        await asyncio.gather(*(inbox.receive(engine, seal, t.id, event(str(number))) for t in threads))
    seen: dict[int, list[str]] = {thread.id: [] for thread in threads}

    async def work(owner: uuid.UUID) -> None:
        while any(len(done_so_far) < 10 for done_so_far in seen.values()):
            for claimed in await leases.claim(engine, owner, 3, LEASE):
                following: leases.Claimed | None = claimed
                while following is not None and following.payload is not None:
                    if following.conversation_id in mine:
                        content, _ = inbox.open_payload(seal, following.conversation_id, following.payload)
                        assert isinstance(content, Message)
                        seen[following.conversation_id].append(content.text)
                    left = await turns.finish(engine, seal, owner, following, done(), pulled=True)
                    assert left is not None
                    following = (
                        await leases.take_next(engine, owner, following.conversation_id) if left.pending else None
                    )
            await asyncio.sleep(0)

    await asyncio.wait_for(asyncio.gather(*(work(uuid.uuid4()) for _ in range(5))), 60)
    assert all(order == [str(n) for n in range(10)] for order in seen.values())
