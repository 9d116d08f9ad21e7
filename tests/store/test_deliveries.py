# SPDX-License-Identifier: Apache-2.0
"""Deliveries on a real PostgreSQL: an answer at a time, in order, by one worker, with every try on record."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event, Signal
from store import answers, contacts, deliveries, inbox, leases, outbox, turns
from store.answers import Answer
from store.conversations import Conversation, open_conversation
from store.sealing import Seal
from tests.store.conftest import KEY
from tests.store.test_inbox import done

LEASE = 30.0


@dataclass(frozen=True, slots=True)
class Line:
    """A channel of one test's own, so that no other test's answers are claimed."""

    engine: AsyncEngine
    seal: Seal
    channel: str = field(default_factory=lambda: f"line-{uuid.uuid4().hex[:12]}")

    async def contact(self) -> Conversation:
        return await open_conversation(self.engine, self.seal, KEY, self.channel, f"U{uuid.uuid4().hex}")

    async def say(self, conversation: Conversation, words: str) -> None:
        """A notice outside any turn."""
        await outbox.say(self.engine, self.seal, conversation.id, [{"type": "text", "text": words}], pulled=False)

    async def event(self, conversation: Conversation, at: datetime | None = None) -> leases.Claimed:
        """An event, already in work."""
        content, when = Signal("follow"), at or datetime.now(timezone.utc)
        event = Event(self.channel, str(uuid.uuid4()), content, when, envelope={"reply_token": "t"})
        received = await inbox.receive_and_claim(self.engine, self.seal, conversation.id, event, uuid.uuid4(), LEASE)
        assert received.claimed is not None
        return received.claimed

    async def answered(self, conversation: Conversation) -> None:
        """An event with its answer."""
        content = Signal("follow")
        event = Event(
            self.channel, str(uuid.uuid4()), content, datetime.now(timezone.utc), envelope={"reply_token": "t"}
        )
        owner = uuid.uuid4()
        received = await inbox.receive_and_claim(self.engine, self.seal, conversation.id, event, owner, LEASE)
        assert received.claimed is not None
        assert await turns.finish(self.engine, self.seal, owner, received.claimed, done(), pulled=False)

    async def claim(self, owner: uuid.UUID | None = None, room: int = 10, lease: float = LEASE) -> list[Answer]:
        return await answers.claim_answers(self.engine, owner or uuid.uuid4(), room, lease, [self.channel])

    async def calls(self, answer: Answer, *texts: str) -> list[deliveries.Delivery]:
        made = [[{"type": "text", "text": one}] for one in texts]
        return await deliveries.prepare(self.engine, self.seal, answer, made)

    async def row(self, statement: str, **values: Any) -> Row[Any]:
        async with self.engine.connect() as connection:
            return (await connection.execute(text(statement), values)).one()

    async def states(self, conversation: Conversation) -> list[tuple[str, str | None]]:
        """(state of the answer, states of its calls joined) in the answers' order."""
        statement = text(
            "SELECT o.state, string_agg(d.state, ' ' ORDER BY d.ordinal) AS calls FROM outbox o "
            "LEFT JOIN deliveries d ON d.outbox_id = o.id WHERE o.conversation_id = :id GROUP BY o.id ORDER BY o.seq"
        )
        async with self.engine.connect() as connection:
            return [(row.state, row.calls) for row in (await connection.execute(statement, {"id": conversation.id}))]

    async def contact_state(self, conversation: Conversation) -> str:
        found = await self.row(
            "SELECT p.state FROM contacts p JOIN conversations c ON c.contact_id = p.id WHERE c.id = :id",
            id=conversation.id,
        )
        return str(found.state)


@pytest.fixture
def line(engine: AsyncEngine, seal: Seal) -> Line:
    return Line(engine, seal)


async def test_one_answer_of_a_conversation_is_taken_and_the_oldest_first(line: Line) -> None:
    """The second answer waits until the first has ended, whatever that end is."""
    somchai, somsri = await line.contact(), await line.contact()
    for words in ("หนึ่ง", "สอง"):
        await line.say(somchai, words)
    await line.say(somsri, "ของอีกคน")
    taken = await line.claim()
    assert sorted((one.conversation_id, one.seq) for one in taken) == [(somchai.id, 1), (somsri.id, 1)]
    assert await line.claim() == []
    first = next(one for one in taken if one.conversation_id == somchai.id)
    [call] = await line.calls(first, "หนึ่ง")
    assert await deliveries.trying(line.engine, call.id, "push")
    await deliveries.sent(line.engine, call.id, last=True, request_id="r1")
    [second] = await line.claim()
    assert (second.conversation_id, second.seq) == (somchai.id, 2)
    row = await line.row("SELECT state, request_id, messages FROM deliveries WHERE id = :id", id=call.id)
    assert tuple(row) == ("sent", "r1", None)


async def test_an_answer_that_is_tried_later_holds_up_its_conversation_only(line: Line) -> None:
    """Order is worth a wait: the newer answer of the same person stays behind, the others go on."""
    somchai, somsri = await line.contact(), await line.contact()
    for words in ("หนึ่ง", "สอง"):
        await line.say(somchai, words)
    owner = uuid.uuid4()
    [answer] = await line.claim(owner)
    await answers.later(line.engine, owner, answer.id, delay=60, reason="rate")
    await line.say(somsri, "ของอีกคน")
    assert [one.conversation_id for one in await line.claim()] == [somsri.id]
    await line.row("UPDATE outbox SET available_at = now() WHERE id = :id RETURNING id", id=answer.id)
    [again] = await line.claim()
    assert (again.id, again.attempts) == (answer.id, 1)


async def test_a_pause_counts_no_try(line: Line) -> None:
    """A channel that is shut is not the answer's fault; only the holder can put it off."""
    conversation, owner = await line.contact(), uuid.uuid4()
    await line.say(conversation, "รอก่อน")
    [answer] = await line.claim(owner)
    await answers.later(line.engine, uuid.uuid4(), answer.id, delay=0, reason="somebody else")
    assert await line.claim() == []
    for _ in range(3):
        await answers.later(line.engine, owner, answer.id, delay=-1, reason="401", counted=False)
        [answer] = await line.claim(owner)
    assert answer.attempts == 0


async def test_two_workers_never_hold_the_same_answer(line: Line) -> None:
    """Twenty conversations, five workers at the same moment: each answer is held once."""
    for _ in range(20):
        await line.say(await line.contact(), "แย่งกัน")
    got = await asyncio.gather(*(line.claim(room=7) for _ in range(5)))
    ids = [one.id for some in got for one in some]
    assert len(ids) == len(set(ids)) == 20


async def test_a_lease_lapses_and_what_was_tried_is_known(line: Line) -> None:
    """A worker dies between the call and its record: the next one knows how it was tried, and that it may be there."""
    conversation = await line.contact()
    await line.answered(conversation)
    [answer] = await line.claim(lease=0.05)
    assert (answer.in_turn, answer.token_used) == (True, False)
    [call] = await line.calls(answer, "หนึ่ง")
    assert (call.unsure, call.method, call.attempts) == (False, None, 0)
    assert await deliveries.trying(line.engine, call.id, "reply")
    await asyncio.sleep(0.1)
    [again] = await line.claim()
    assert (again.id, again.token_used) == (answer.id, True)
    [found] = await line.calls(again, "something else")
    assert (found.id, found.retry_key) == (call.id, call.retry_key)
    assert (found.method, found.unsure, found.attempts, found.open) == ("reply", True, 1, True)
    assert deliveries.open_messages(line.seal, conversation.id, found.messages or b"") == [
        {"type": "text", "text": "หนึ่ง"}
    ]
    await deliveries.not_sent(line.engine, call.id, unsure=False, reason="status 500")
    [known] = await deliveries.deliveries_of(line.engine, answer.id)
    assert known.unsure is False


async def test_a_push_leaves_the_token_alone(line: Line) -> None:
    """Only a reply uses the token up."""
    conversation = await line.contact()
    await line.answered(conversation)
    [answer] = await line.claim(lease=0.0)
    [call] = await line.calls(answer, "หนึ่ง")
    await deliveries.trying(line.engine, call.id, "push")
    [again] = await line.claim()
    assert again.token_used is False


async def test_calls_are_made_once_and_each_has_a_key_of_its_own(line: Line) -> None:
    """Two workers prepare the same answer: the first one's calls stand, with their keys."""
    conversation = await line.contact()
    await line.say(conversation, "ยาว")
    [answer] = await line.claim()
    first, second = await asyncio.gather(line.calls(answer, "ก", "ข"), line.calls(answer, "ค", "ง"))
    assert [one.id for one in first] == [one.id for one in second]
    assert len({one.retry_key for one in first}) == 2
    assert [one.ordinal for one in first] == [0, 1]


async def test_the_answer_ends_with_its_last_call(line: Line) -> None:
    """A call in the middle ends nothing; the last one does."""
    conversation = await line.contact()
    await line.say(conversation, "ยาว")
    [answer] = await line.claim()
    first, last = await line.calls(answer, "ก", "ข")
    await deliveries.sent(line.engine, first.id, last=False)
    assert await line.states(conversation) == [("todo", "sent todo")]
    await deliveries.sent(line.engine, last.id, last=True, request_id="r2", accepted_request_id="r1")
    assert await line.states(conversation) == [("sent", "sent sent")]
    row = await line.row("SELECT request_id, accepted_request_id FROM deliveries WHERE id = :id", id=last.id)
    assert tuple(row) == ("r2", "r1")


async def test_dead_keeps_the_words_for_staff_and_cancelled_does_not(line: Line) -> None:
    """A dead letter can be looked into; what is cancelled is gone. The conversation goes on after both."""
    conversation = await line.contact()
    for words in ("หนึ่ง", "สอง", "สาม"):
        await line.say(conversation, words)
    for state in ("dead", "cancelled"):
        [answer] = await line.claim()
        [call] = await line.calls(answer, "คำ")
        await answers.end(line.engine, answer.id, state=state, reason="why")
        row = await line.row("SELECT state, reason, messages FROM deliveries WHERE id = :id", id=call.id)
        assert (row.state, row.reason, row.messages is None) == (state, "why", state == "cancelled")
    assert [one.seq for one in await line.claim()] == [3]


async def test_a_closed_reply_is_no_try_that_may_have_worked(line: Line) -> None:
    """LINE refused the reply for certain: the row says so, and the token stays used."""
    await line.answered(await line.contact())
    [answer] = await line.claim(lease=0.0)
    [call] = await line.calls(answer, "คำ")
    assert await deliveries.trying(line.engine, call.id, "reply")
    await deliveries.reply_closed(line.engine, call.id, reason="Invalid reply token")
    [again] = await line.claim()
    [call] = await deliveries.deliveries_of(line.engine, again.id)
    assert (again.token_used, call.method, call.unsure, call.open, call.attempts) == (True, None, False, True, 1)
    await deliveries.sent(line.engine, call.id, last=True)
    await deliveries.reply_closed(line.engine, call.id, reason="late")
    row = await line.row("SELECT state, reason FROM deliveries WHERE id = :id", id=call.id)
    assert tuple(row) == ("sent", None)


async def test_an_end_is_final(line: Line) -> None:
    """A worker whose lease had lapsed cannot call dead what another has sent."""
    conversation = await line.contact()
    await line.say(conversation, "ส่งแล้ว")
    [answer] = await line.claim()
    [call] = await line.calls(answer, "ส่งแล้ว")
    await deliveries.sent(line.engine, call.id, last=True)
    await answers.end(line.engine, answer.id, state="dead", reason="late")
    assert await line.states(conversation) == [("sent", "sent")]
    assert await deliveries.trying(line.engine, call.id, "push") is False


async def test_a_closed_contact_is_told_nothing_more(line: Line) -> None:
    """What was unsaid is cancelled with its calls, also one in a worker's hands; what was sent stays sent."""
    conversation, other = await line.contact(), await line.contact()
    for words in ("หนึ่ง", "สอง", "สาม"):
        await line.say(conversation, words)
    await line.say(other, "ของอีกคน")
    answer = next(one for one in await line.claim() if one.conversation_id == conversation.id)
    [call] = await line.calls(answer, "หนึ่ง")
    await deliveries.sent(line.engine, call.id, last=True)
    [answer] = await line.claim()
    first, second = await line.calls(answer, "สอง", "สองต่อ")
    assert await deliveries.trying(line.engine, first.id, "push")
    await contacts.close_contact(line.engine, conversation.id)
    await deliveries.sent(line.engine, first.id, last=False)
    assert await deliveries.trying(line.engine, second.id, "push") is False
    assert await line.states(conversation) == [("sent", "sent"), ("cancelled", "sent cancelled"), ("cancelled", None)]
    assert await line.states(other) == [("todo", None)]
    assert (await line.contact_state(conversation), await line.contact_state(other)) == ("blocked", "active")
    await line.say(conversation, "ข่าวหลังจากนั้น")
    [late] = await line.claim()
    assert late.reachable is False
    await contacts.reopen_contact(line.engine, conversation.id)
    assert await line.contact_state(conversation) == "active"


async def test_old_news_of_a_block_close_nobody(line: Line) -> None:
    """The unfollow comes late, after what the citizen did since: they are there."""
    conversation = await line.contact()
    now = datetime.now(timezone.utc)
    gone = await line.event(conversation, now - timedelta(minutes=5))
    await line.say(conversation, "ข่าว")
    await contacts.close_contact(line.engine, conversation.id, gone.inbox_id)
    assert await line.contact_state(conversation) == "blocked"
    await contacts.reopen_contact(line.engine, conversation.id)
    event = Event(line.channel, str(uuid.uuid4()), Signal("follow"), now)
    await inbox.receive(line.engine, line.seal, conversation.id, event)
    await line.say(conversation, "ข่าวใหม่")
    await contacts.close_contact(line.engine, conversation.id, gone.inbox_id)
    assert await line.contact_state(conversation) == "active"
    assert [state for state, _ in await line.states(conversation)] == ["cancelled", "todo"]


async def test_the_age_of_a_token_counts_from_its_last_delivery(line: Line) -> None:
    """Seconds since the event came, or since it came again; None for what answers no event."""
    conversation = await line.contact()
    await line.answered(conversation)
    await line.row(
        "UPDATE inbox SET received_at = now() - interval '70 s' WHERE conversation_id = :id RETURNING id",
        id=conversation.id,
    )
    [answer] = await line.claim(lease=0.0)
    assert answer.token_age is not None
    assert 69 < answer.token_age < 75
    row = await line.row("SELECT event_id FROM inbox WHERE conversation_id = :id", id=conversation.id)
    await inbox.renew_token(line.engine, line.channel, row.event_id)
    [answer] = await line.claim()
    assert answer.token_age is not None
    assert answer.token_age < 5
    other = await line.contact()
    await line.say(other, "ข่าว")
    [notice] = await line.claim()
    assert (notice.token_age, notice.event, notice.in_turn) == (None, None, False)


async def test_only_asked_channels_are_claimed(line: Line) -> None:
    """A worker without LINE leaves LINE's answers to one that has it."""
    await line.say(await line.contact(), "ของไลน์")
    assert await answers.claim_answers(line.engine, uuid.uuid4(), 500, 0.1, ["no such channel"]) == []
    assert len(await line.claim()) == 1


async def test_nothing_of_an_answer_shows(line: Line) -> None:
    """No words in a repr, and none in the table."""
    conversation = await line.contact()
    await line.say(conversation, "ความลับของฉัน")
    [answer] = await line.claim()
    [call] = await line.calls(answer, "ความลับของฉัน")
    assert "ความลับ" not in repr(answer) + repr(call)
    assert "ความลับ".encode() not in (call.messages or b"")
