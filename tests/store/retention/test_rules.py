# SPDX-License-Identifier: Apache-2.0
"""Forgetting, table by table: what is old goes, what is not stays, and no table is forgotten by the rules."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event, Message
from store import cases, inbox, leases, outbox, retention, vault
from store.conversations import Conversation, open_conversation
from store.media import MediaStore, add_media, find_media
from store.sealing import Seal
from store.tables import metadata
from tests.store.conftest import KEY
from tests.store.retention.rows import file_case, sql, talk

DAYS = {rule.table: rule.days for rule in retention.RULES}


def test_every_table_has_a_rule() -> None:
    """A new table cannot come without somebody deciding how long it keeps what it holds."""
    ruled = {rule.table for rule in retention.RULES}
    assert len(ruled) == len(retention.RULES)
    assert ruled.isdisjoint(retention.COVERED_ELSEWHERE)
    assert ruled | set(retention.COVERED_ELSEWHERE) == set(metadata.tables)
    assert all(rule.days > 0 and rule.why for rule in retention.RULES)
    assert all(retention.COVERED_ELSEWHERE.values())


async def test_nothing_young_is_touched(
    engine: AsyncEngine, seal: Seal, files: MediaStore, conversation: Conversation
) -> None:
    """Right after it happened, and a day before its time is over, everything is still there."""
    await talk(engine, seal, conversation)
    await vault.put(engine, seal, KEY, conversation.id, "phone", "+66812345678")
    await file_case(engine, seal, conversation)
    await sql(engine, "INSERT INTO trackers (conversation, body) VALUES ('web:1', '{}')")
    for table, column in AGE_COLUMNS.items():
        await sql(engine, f"UPDATE {table} SET {column} = now() - make_interval(days => :days)", days=DAYS[table] - 1)
    assert set((await retention.apply_rules(engine)).values()) == {0}


#: table → the column that tells its rows' age
AGE_COLUMNS = {
    "inbox": "finished_at",
    "outbox": "created_at",
    "trackers": "updated_at",
    "vault": "created_at",
    "turns": "finished_at",
    "cases": "last_activity",
}


async def aged(engine: AsyncEngine, table: str) -> int:
    """Makes every row of a table a day older than its rule allows, applies the rules and tells how many rows changed."""
    column = AGE_COLUMNS[table]
    await sql(engine, f"UPDATE {table} SET {column} = now() - make_interval(days => :days)", days=DAYS[table] + 1)
    return (await retention.apply_rules(engine))[table]


async def test_words_that_came_in_go_after_a_week(engine: AsyncEngine, seal: Seal, conversation: Conversation) -> None:
    """The payload goes, the row stays for order and count; what waits to be answered is not touched."""
    await talk(engine, seal, conversation)
    waiting = Event("web", str(uuid.uuid4()), Message("ยังรออยู่"), datetime.now(timezone.utc))
    await inbox.receive(engine, seal, conversation.id, waiting)
    await sql(
        engine, "UPDATE inbox SET received_at = now() - interval '9 days', occurred_at = now() - interval '9 days'"
    )
    await sql(engine, "UPDATE inbox SET finished_at = now() - interval '8 days' WHERE state = 'done'")
    assert (await retention.apply_rules(engine))["inbox"] == 1
    rows = await sql(engine, "SELECT state, payload IS NULL AS wiped FROM inbox ORDER BY seq")
    assert [tuple(row) for row in rows] == [("done", True), ("todo", False)]
    [claimed] = await leases.claim(engine, uuid.uuid4(), 5, 10.0)
    assert claimed.payload is not None


async def test_answers_go_after_a_month(engine: AsyncEngine, seal: Seal, conversation: Conversation) -> None:
    """The blocks go; the number stays taken, so that a browser reads on without a gap."""
    await talk(engine, seal, conversation)
    assert await aged(engine, "outbox") == 1
    assert [line.author for line in await outbox.lines_after(engine, conversation.id, 0)] == ["citizen"]
    assert await outbox.last_seq(engine, conversation.id) == 2
    await talk(engine, seal, conversation)
    assert await outbox.last_seq(engine, conversation.id) == 4


async def test_trackers_go_after_a_month(engine: AsyncEngine) -> None:
    """The bot's memory of a conversation that was left."""
    await sql(engine, "INSERT INTO trackers (conversation, body) VALUES ('web:1', '{}')")
    assert await aged(engine, "trackers") == 1
    assert await sql(engine, "SELECT 1 FROM trackers") == []


async def test_sealed_identifiers_go_after_a_month(engine: AsyncEngine, seal: Seal, conversation: Conversation) -> None:
    """Nobody needs them any more."""
    await vault.put(engine, seal, KEY, conversation.id, "phone", "+66812345678")
    assert await aged(engine, "vault") == 1
    assert await sql(engine, "SELECT 1 FROM vault") == []


@pytest.mark.parametrize(
    ("state", "idle_days", "kept"),
    [
        ("start", 31, True),
        ("inprogress", 300, True),
        ("finish", 10, True),
        ("finish", 31, False),
        ("irrelevant", 31, False),
    ],
)
async def test_the_contact_of_an_open_case_stays(
    engine: AsyncEngine, seal: Seal, conversation: Conversation, state: str, idle_days: int, kept: bool
) -> None:
    """As long as a case is open its citizen can be reached, and a month after it was closed."""
    await vault.put(engine, seal, KEY, conversation.id, "phone", "+66812345678")
    ticket = await file_case(engine, seal, conversation)
    await cases.set_state(engine, ticket, state, actor="officer:1", reason="ทดสอบ")
    await sql(engine, "UPDATE cases SET last_activity = now() - make_interval(days => :days)", days=idle_days)
    assert await aged(engine, "vault") == (0 if kept else 1)


@pytest.mark.parametrize(
    ("state", "kept"), [("start", True), ("follow", True), ("finish", False), ("irrelevant", False)]
)
async def test_an_open_case_can_be_answered_after_a_silent_year(
    engine: AsyncEngine, seal: Seal, conversation: Conversation, state: str, kept: bool
) -> None:
    """Everything aged together: the contact row must not take an open case's telephone number along."""
    handle = await vault.put(engine, seal, KEY, conversation.id, "phone", "+66812345678")
    ticket = await file_case(engine, seal, conversation, contact=handle)
    await cases.set_state(engine, ticket, state, actor="officer:1", reason="ทดสอบ")
    await sql(engine, "UPDATE vault SET created_at = now() - interval '400 days'")
    await sql(engine, "UPDATE cases SET last_activity = now() - interval '400 days'")
    await sql(engine, "UPDATE conversations SET last_event_at = now() - interval '400 days'")
    changed = await retention.apply_rules(engine)
    assert (changed["vault"], changed["contacts"]) == ((0, 0) if kept else (1, 1))
    case = await cases.case_by_ticket(engine, ticket)
    assert case is not None
    assert (case.conversation_id == conversation.id) is kept
    assert await vault.originals(engine, seal, conversation.id, [handle]) == (
        {handle: ("phone", "+66812345678")} if kept else {}
    )


async def test_an_open_case_keeps_the_identifiers_in_its_words(
    engine: AsyncEngine, seal: Seal, conversation: Conversation
) -> None:
    """Also without a contact: description and place may hold handles, which nobody could read any more."""
    handle = await vault.put(engine, seal, KEY, conversation.id, "phone", "+66812345678")
    ticket = await file_case(engine, seal, conversation, contact=None, description=f"ป้ายมีเบอร์ {handle}")
    assert await aged(engine, "vault") == 0
    await sql(engine, "UPDATE conversations SET last_event_at = now() - interval '366 days'")
    assert (await retention.apply_rules(engine))["contacts"] == 0
    assert await vault.originals(engine, seal, conversation.id, [handle]) == {handle: ("phone", "+66812345678")}
    await cases.set_state(engine, ticket, "finish", actor="officer:1", reason="ทดสอบ")
    await sql(engine, "UPDATE cases SET last_activity = now() - interval '31 days'")
    changed = await retention.apply_rules(engine)
    assert (changed["vault"], changed["contacts"]) == (1, 1)


async def test_turns_go_after_a_year(engine: AsyncEngine, seal: Seal, conversation: Conversation) -> None:
    """Figures of a year, then gone."""
    await talk(engine, seal, conversation)
    assert await aged(engine, "turns") == 1
    assert await sql(engine, "SELECT 1 FROM turns") == []


async def test_a_silent_contact_goes_after_a_year_with_everything(
    engine: AsyncEngine, seal: Seal, files: MediaStore, conversation: Conversation
) -> None:
    """Contact, conversation, words and identifiers go; the case stays with the agency and names nobody."""
    await talk(engine, seal, conversation)
    await vault.put(engine, seal, KEY, conversation.id, "phone", "+66812345678")
    ticket = await file_case(engine, seal, conversation)
    await cases.set_state(engine, ticket, "finish", actor="officer:1", reason="ทดสอบ")
    lively = await open_conversation(engine, seal, KEY, "web", str(uuid.uuid4()))
    await sql(
        engine,
        "UPDATE conversations SET last_event_at = now() - interval '366 days' WHERE id = :id",
        id=conversation.id,
    )
    assert (await retention.apply_rules(engine))["contacts"] == 1
    for table in ("inbox", "outbox", "turns", "vault"):
        assert await sql(engine, f"SELECT 1 FROM {table}") == []
    assert [row.id for row in await sql(engine, "SELECT id FROM conversations")] == [lively.id]
    case = await cases.case_by_ticket(engine, ticket)
    assert case is not None
    assert case.conversation_id is None


async def test_a_case_loses_its_words_after_two_years(
    engine: AsyncEngine, seal: Seal, conversation: Conversation
) -> None:
    """Description, contact, place and pin go, the area and the figures stay; its history stays too."""
    ticket = await file_case(engine, seal, conversation, province="ขอนแก่น", lat=16.4, lon=102.8)
    assert await aged(engine, "cases") == 1
    assert await cases.sealed_parts(engine, seal, ticket) == (None, None)
    case = await cases.case_by_ticket(engine, ticket)
    assert case is not None
    assert (case.address, case.lat, case.lon, case.province) == (None, None, None, "ขอนแก่น")
    assert len(await cases.history(engine, ticket)) == 1
    assert (await retention.apply_rules(engine))["cases"] == 0


async def test_files_go_with_their_reason(
    engine: AsyncEngine, seal: Seal, files: MediaStore, conversation: Conversation
) -> None:
    """A photo of no case goes after a month, a case's photo with the case's words; bytes and row, and no others."""
    loose, of_case, young = [
        (await add_media(engine, files, conversation.id, b"\xff\xd8", "image/jpeg")).id for _ in range(3)
    ]
    ticket = await file_case(engine, seal, conversation, media=[of_case])
    await sql(engine, "UPDATE media SET created_at = now() - interval '31 days' WHERE id <> :id", id=young)
    assert await retention.forget_files(engine, files) == 1
    assert await find_media(engine, conversation.id, loose) is None
    with pytest.raises(FileNotFoundError):
        files.read(loose)
    assert files.read(of_case) == files.read(young) == b"\xff\xd8"
    assert await cases.photos_of(engine, ticket) == [of_case]
    await sql(engine, "UPDATE cases SET last_activity = now() - interval '731 days'")
    assert await retention.forget_files(engine, files) == 1
    with pytest.raises(FileNotFoundError):
        files.read(of_case)
    assert await retention.forget_files(engine, files) == 0


async def test_the_photo_of_a_case_outlives_its_contact(
    engine: AsyncEngine, seal: Seal, files: MediaStore, conversation: Conversation
) -> None:
    """A contact that goes does not take a case's photo along, and no bytes are left behind that nobody would remove."""
    of_case, loose = [(await add_media(engine, files, conversation.id, b"\xff\xd8", "image/jpeg")).id for _ in range(2)]
    ticket = await file_case(engine, seal, conversation, media=[of_case])
    await cases.set_state(engine, ticket, "finish", actor="officer:1", reason="ทดสอบ")
    await sql(engine, "UPDATE conversations SET last_event_at = now() - interval '366 days'")
    await sql(engine, "UPDATE media SET created_at = now() - interval '366 days'")
    assert (await retention.apply_rules(engine))["contacts"] == 1
    assert await cases.photos_of(engine, ticket) == [of_case]
    assert files.read(of_case) == b"\xff\xd8"
    await retention.forget_files(engine, files)
    with pytest.raises(FileNotFoundError):
        files.read(loose)
    await sql(engine, "UPDATE cases SET last_activity = now() - interval '731 days'")
    await retention.forget_files(engine, files)
    with pytest.raises(FileNotFoundError):
        files.read(of_case)
