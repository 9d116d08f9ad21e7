# SPDX-License-Identifier: Apache-2.0
"""A conversation is erased when its citizen asks: all of theirs, nobody else's, and no place too early."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event, Message
from store import cases, inbox, leases, outbox, retention, vault
from store.conversations import Conversation, open_conversation
from store.media import MediaStore, add_media
from store.sealing import Seal
from tests.store.conftest import KEY
from tests.store.retention.rows import file_case, sql, talk


async def test_erasing_one_touches_no_other(
    engine: AsyncEngine, seal: Seal, files: MediaStore, conversation: Conversation
) -> None:
    """One conversation is forgotten, its neighbour keeps everything; an erased conversation can be erased again."""
    other = await open_conversation(engine, seal, KEY, "web", str(uuid.uuid4()))
    for thread in (conversation, other):
        await talk(engine, seal, thread)
        await vault.put(engine, seal, KEY, thread.id, "phone", "+66812345678")
        await sql(engine, "INSERT INTO trackers (conversation, body) VALUES (:key, '{}')", key=thread.key)
        await add_media(engine, files, thread.id, b"\xff\xd8", "image/jpeg")
    ticket = await file_case(engine, seal, conversation)
    for _ in range(2):
        await retention.erase(engine, files, conversation.id)
    assert await outbox.lines_after(engine, conversation.id, 0) == []
    assert len(await outbox.lines_after(engine, other.id, 0)) == 2
    for table in ("vault", "media"):
        rows = await sql(engine, f"SELECT conversation_id FROM {table}")
        assert [row.conversation_id for row in rows] == [other.id]
    assert [row.conversation for row in await sql(engine, "SELECT conversation FROM trackers")] == [other.key]
    description, contact = await cases.sealed_parts(engine, seal, ticket)
    assert (description, contact) == ("หลุมลึก", None)
    assert await cases.cases_of(engine, conversation.id) == []


@pytest.mark.parametrize("finished_first", [False, True])
async def test_erasing_leaves_the_place_only_while_somebody_must_go_there(
    engine: AsyncEngine, seal: Seal, files: MediaStore, conversation: Conversation, finished_first: bool
) -> None:
    """An open case keeps words, place, pin and photo; when it is closed they go with the next night, figures stay."""
    photo = (await add_media(engine, files, conversation.id, b"\xff\xd8", "image/jpeg")).id
    ticket = await file_case(engine, seal, conversation, lat=16.4, lon=102.8, province="ขอนแก่น", media=[photo])
    other = await open_conversation(engine, seal, KEY, "web", str(uuid.uuid4()))
    kept = await file_case(engine, seal, other, lat=16.4, lon=102.8)
    await cases.set_state(engine, kept, "finish", actor="officer:1", reason="ทดสอบ")
    if finished_first:
        await cases.set_state(engine, ticket, "finish", actor="officer:1", reason="ทดสอบ")
    await retention.erase(engine, files, conversation.id)
    if not finished_first:
        assert (await retention.apply_rules(engine))["cases"] == await retention.forget_files(engine, files) == 0
        case = await cases.case_by_ticket(engine, ticket)
        assert case is not None
        assert (case.address, case.lat, case.lon) == ("หน้าวัด", 16.4, 102.8)
        await cases.set_state(engine, ticket, "irrelevant", actor="officer:1", reason="ทดสอบ")
    assert (await retention.apply_rules(engine))["cases"] == await retention.forget_files(engine, files) == 1
    case = await cases.case_by_ticket(engine, ticket)
    assert case is not None
    assert (case.address, case.lat, case.lon, case.province) == (None, None, None, "ขอนแก่น")
    assert await cases.sealed_parts(engine, seal, ticket) == (None, None)
    assert (await cases.history(engine, ticket))[-1 if finished_first else -2].reason == retention.ERASED
    neighbour = await cases.case_by_ticket(engine, kept)
    assert neighbour is not None
    assert neighbour.address == "หน้าวัด"


async def test_erasing_cancels_what_waits(
    engine: AsyncEngine, seal: Seal, files: MediaStore, conversation: Conversation
) -> None:
    """Staff erase a conversation with a waiting message: it is not answered any more, and the count is right."""
    event = Event("web", str(uuid.uuid4()), Message("ยังรออยู่"), datetime.now(timezone.utc))
    await inbox.receive(engine, seal, conversation.id, event)
    await retention.erase(engine, files, conversation.id)
    assert await leases.claim(engine, uuid.uuid4(), 5, 10.0) == []
    [row] = await sql(engine, "SELECT pending, wake_at FROM conversations")
    assert tuple(row) == (0, None)
