# SPDX-License-Identifier: Apache-2.0
"""Cases: filed once, moved by somebody for a reason, told without personal data."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from store import cases
from store.case_list import Wanted, list_cases
from store.cases import STATES, Case, NewCase, UnknownCase
from store.sealing import Seal, Unsealable
from tests.store.conftest import NewConversation


async def file(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation, key: str | None = None, **changes: Any
) -> tuple[Case, bool]:
    fields: dict[str, Any] = {
        "problem_type": "แสงสว่าง",
        "description": "ไฟดับทั้งซอย",
        "contact": "⟦phone:abcdef⟧",
        "address": "หน้าวัด",
        "lat": 16.4,
        "lon": 102.8,
        **changes,
    }
    if "conversation_id" not in fields:
        fields["conversation_id"] = (await new_conversation()).id
    ticket = f"2569-{uuid.uuid4().hex[:6].upper()}"
    return await cases.file_case(engine, seal, NewCase(**fields), ticket_id=ticket, key=key or str(uuid.uuid4()))


async def test_a_case_is_filed_once(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """Ten at once with one key: one case, one line of history."""
    conversation, key = await new_conversation(), str(uuid.uuid4())
    filed = await asyncio.gather(
        *(file(engine, seal, new_conversation, key, conversation_id=conversation.id) for _ in range(10))
    )
    assert len({case.ticket_id for case, _ in filed}) == 1
    assert [fresh for _, fresh in filed].count(True) == 1
    assert len(await cases.cases_of(engine, conversation.id, 20)) == 1
    [change] = await cases.history(engine, filed[0][0].ticket_id)
    assert (change.actor, change.state_from, change.state_to) == ("citizen", None, "start")


async def test_words_and_contact_are_sealed_to_their_case(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """The table does not hold them in the clear, and they cannot be moved to another case."""
    one, _ = await file(engine, seal, new_conversation)
    other, _ = await file(engine, seal, new_conversation)
    assert await cases.sealed_parts(engine, seal, one.ticket_id) == ("ไฟดับทั้งซอย", "⟦phone:abcdef⟧")
    async with engine.connect() as connection:
        row = (await connection.execute(text("SELECT * FROM cases WHERE id = :id"), {"id": one.id})).one()
        assert "ไฟดับ".encode() not in b"".join(bytes(v) for v in row if isinstance(v, (bytes, memoryview)))
        assert "ไฟดับ" not in str([v for v in row if not isinstance(v, (bytes, memoryview))])
        await connection.execute(
            text("UPDATE cases SET description = :stolen WHERE id = :id"), {"stolen": row.description, "id": other.id}
        )
    with pytest.raises(Unsealable):
        await cases.sealed_parts(engine, seal, other.ticket_id)


async def test_a_case_walks_through_its_states(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Start, in progress, finished: each step with actor and reason; the times of the first start and the end are kept."""
    case, _ = await file(engine, seal, new_conversation)
    assert (case.state, case.state_th) == ("start", "รอรับเรื่อง")
    moved, changed = await cases.set_state(engine, case.ticket_id, "inprogress", actor="officer:7", reason="รับเรื่องแล้ว")
    assert (moved.state_th, moved.note, changed) == ("กำลังดำเนินการ", "รับเรื่องแล้ว", True)
    assert moved.last_activity > case.last_activity
    finished, _ = await cases.set_state(engine, case.ticket_id, "finish", actor="officer:8", reason="ซ่อมเสร็จ")
    again, changed = await cases.set_state(engine, case.ticket_id, "finish", actor="officer:8", reason="ซ่อมเสร็จจริง ๆ")
    assert (finished.state, again.state, changed) == ("finish", "finish", False)
    steps = [
        (one.actor, one.state_from, one.state_to, one.reason) for one in await cases.history(engine, case.ticket_id)
    ]
    assert steps == [
        ("citizen", None, "start", "filed"),
        ("officer:7", "start", "inprogress", "รับเรื่องแล้ว"),
        ("officer:8", "inprogress", "finish", "ซ่อมเสร็จ"),
        ("officer:8", "finish", "finish", "ซ่อมเสร็จจริง ๆ"),
    ]
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                text("SELECT timestamp_inprogress, timestamp_finished FROM cases WHERE id = :id"), {"id": case.id}
            )
        ).one()
    assert case.timestamp <= row.timestamp_inprogress <= row.timestamp_finished


async def test_whose_case_it_is(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """The key of the conversation that filed it; a case outlives its conversation and belongs to nobody then."""
    case, _ = await file(engine, seal, new_conversation)
    found = await cases.case_and_owner(engine, case.ticket_id)
    async with engine.connect() as connection:
        key = await connection.scalar(
            text("SELECT key FROM conversations WHERE id = :id"), {"id": case.conversation_id}
        )
        assert found == (case, key)
        await connection.execute(
            text("UPDATE cases SET conversation_id = NULL WHERE ticket_id = :ticket"), {"ticket": case.ticket_id}
        )
    found = await cases.case_and_owner(engine, case.ticket_id)
    assert found is not None
    assert found[1] is None
    assert await cases.case_and_owner(engine, "2569-000000") is None


async def test_two_officers_at_once(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """Both changes are in the history, one after the other, each from the state that the other left."""
    case, _ = await file(engine, seal, new_conversation)
    await asyncio.gather(
        *(cases.set_state(engine, case.ticket_id, state, actor="o", reason="r") for state in ("inprogress", "forward"))
    )
    _, first, second = await cases.history(engine, case.ticket_id)
    assert (first.state_from, second.state_from) == ("start", first.state_to)
    now = await cases.case_by_ticket(engine, case.ticket_id)
    assert now is not None
    assert now.state == second.state_to


async def test_unknown_numbers_and_states(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """A number or a state that there is not is an error, and the database would refuse the state too."""
    case, _ = await file(engine, seal, new_conversation)
    assert await cases.case_by_ticket(engine, "2569-000000") is None
    with pytest.raises(UnknownCase):
        await cases.set_state(engine, "2569-000000", "finish", actor="o", reason="r")
    with pytest.raises(UnknownCase):
        await cases.sealed_parts(engine, seal, "2569-000000")
    with pytest.raises(ValueError, match="unknown state"):
        await cases.set_state(engine, case.ticket_id, "lost", actor="o", reason="r")
    with pytest.raises(IntegrityError):
        async with engine.connect() as connection:
            await connection.execute(
                text("UPDATE cases SET state_type_latest = 'lost' WHERE id = :id"), {"id": case.id}
            )
    assert len(await cases.history(engine, case.ticket_id)) == 1


async def test_lists_are_newest_first(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """A conversation's cases, and all cases of a state, with a limit."""
    conversation = await new_conversation()
    filed = [
        (await file(engine, seal, new_conversation, conversation_id=conversation.id))[0].ticket_id for _ in range(3)
    ]
    await cases.set_state(engine, filed[0], "follow", actor="o", reason="r")
    assert [case.ticket_id for case in await cases.cases_of(engine, conversation.id)] == filed[::-1]
    assert [case.ticket_id for case in await cases.cases_of(engine, conversation.id, most=1)] == filed[2:]
    assert filed[0] in await listed(engine, state="follow")
    assert filed[1] not in await listed(engine, state="follow")
    assert await listed(engine, most=2) == filed[:0:-1]


async def listed(engine: AsyncEngine, most: int = 50, **wanted: Any) -> list[str]:
    """The numbers that a list shows."""
    return [one.case.ticket_id for one in await list_cases(engine, Wanted(**wanted), most)]


async def test_a_list_shows_only_what_is_wanted(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Open ones, a type, words in number, place or note; several filters hold together. Sealed words are not found."""
    road = (await file(engine, seal, new_conversation, problem_type="ถนน", address="ตลาดบ้านทดสอบ"))[0].ticket_id
    light = (await file(engine, seal, new_conversation, address="ซอย 100% Test"))[0].ticket_id
    done = (await file(engine, seal, new_conversation, problem_type="ถนน"))[0].ticket_id
    gone = (await file(engine, seal, new_conversation, problem_type="ถนน"))[0].ticket_id
    await cases.set_state(engine, done, "finish", actor="o", reason="ปะหลุมแล้ว")
    await cases.set_state(engine, gone, "irrelevant", actor="o", reason="ที่ดินเอกชน")
    assert (await listed(engine, most=2, open_only=True)) == [light, road]
    assert (await listed(engine, most=3, problem_type="ถนน")) == [gone, done, road]
    assert await listed(engine, words="ตลาดบ้านทดสอบ") == [road]
    assert await listed(engine, words="100% test") == [light]
    assert await listed(engine, words="0%0") == []
    assert await listed(engine, words=done.lower()) == [done]
    assert await listed(engine, words="ปะหลุม") == [done]
    assert await listed(engine, words="ปะหลุม", open_only=True) == []
    assert await listed(engine, words="ไฟดับทั้งซอย") == []


async def test_a_list_counts_photos(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """An officer sees which cases have a picture."""
    conversation = await new_conversation()
    photos = [await photo_of(engine, conversation.id) for _ in range(2)]
    with_photos, _ = await file(engine, seal, new_conversation, conversation_id=conversation.id, media=photos)
    without, _ = await file(engine, seal, new_conversation, conversation_id=conversation.id)
    shown = {one.case.ticket_id: one.photos for one in await list_cases(engine, most=2)}
    assert shown == {with_photos.ticket_id: 2, without.ticket_id: 0}


async def test_a_case_takes_only_its_own_photos(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Somebody else's photo cannot be hung onto a case."""
    mine, theirs = await new_conversation(), await new_conversation()
    own, foreign = await photo_of(engine, mine.id), await photo_of(engine, theirs.id)
    case, _ = await file(engine, seal, new_conversation, conversation_id=mine.id, media=[own, foreign, "m_none"])
    assert await cases.photos_of(engine, case.ticket_id) == [own]


async def photo_of(engine: AsyncEngine, conversation_id: int) -> str:
    """The id of a new photo of a conversation."""
    photo = f"m_{uuid.uuid4().hex}"
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "INSERT INTO media (id, conversation_id, content_type, bytes, sha256) VALUES (:n, :o, 'image/png', 1, '')"
            ),
            {"n": photo, "o": conversation_id},
        )
    return photo


def test_every_state_has_words() -> None:
    """Traffy's six states, each with the words that citizens see."""
    assert set(STATES) == {"start", "inprogress", "forward", "follow", "finish", "irrelevant"}
    assert all(STATES.values())
