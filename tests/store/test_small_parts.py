# SPDX-License-Identifier: Apache-2.0
"""Sealing, the vault's table, media, outbox, dead letters, conversations, notifications and the engine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import uuid
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event, Message
from core.outcomes import Outcome
from store import dead, inbox, leases, outbox, turns, vault
from store.conversations import find_conversation, open_conversation, set_locale
from store.engine import driver_url, open_engine, plain_url, transaction
from store.media import MediaStore, add_media, find_media
from store.notify import notifications
from store.sealing import Seal, Unsealable, pseudonym
from tests.store.conftest import KEY, NewConversation

# ---- sealing ----------------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens_in_its_place_only(value: bytes, place: str) -> None:
    """The same key and place open it; another key, another place, one changed byte do not."""
    seal = Seal(b"k" * 32)
    sealed = seal.seal(value, place)
    assert seal.open(sealed, place) == value
    assert sealed != seal.seal(value, place)
    for other, where, content in (
        (Seal(b"x" * 32), place, sealed),
        (seal, place + "x", sealed),
        (seal, place, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (seal, place, sealed[:10]),
        (seal, place, b"\x02" + sealed[1:]),
        (seal, place, b""),
    ):
        with pytest.raises(Unsealable):
            other.open(content, where)


def test_the_key_is_right_and_never_shown() -> None:
    """32 bytes, and no key in a log."""
    for wrong in (b"", b"short", b"k" * 33):
        with pytest.raises(ValueError, match="32 bytes"):
            Seal(wrong)
    assert "k" * 5 not in repr(Seal(b"k" * 32)).replace("key", "")


def test_half_a_character_is_sealed_as_a_question_mark() -> None:
    """JSON can hold half a surrogate pair, UTF-8 cannot; whole characters stay."""
    seal = Seal(b"k" * 32)
    sealed = seal.seal_json({"raw": ["ก\ud83d", "😀", "\udc00"], "\udfff": 1}, "here")
    assert seal.open_json(sealed, "here") == {"raw": ["ก?", "😀", "?"], "?": 1}


def test_pseudonyms() -> None:
    """The same contact always has the same one; another key, channel or address another; the address is not in it."""
    one = pseudonym(b"key", "line", "U0123")
    assert one == pseudonym(b"key", "line", "U0123")
    assert one.startswith("line:")
    assert (
        len(
            {
                one,
                pseudonym(b"other", "line", "U0123"),
                pseudonym(b"key", "web", "U0123"),
                pseudonym(b"key", "line", "U0124"),
            }
        )
        == 4
    )
    assert "U0123" not in one


# ---- vault ------------------------------------------------------------------------------------------------------


async def test_a_value_has_one_handle_in_a_conversation(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Ten at once get the same handle; another conversation gets another."""
    mine, theirs = await new_conversation(), await new_conversation()
    handles = await asyncio.gather(*(vault.put(engine, seal, KEY, mine.id, "phone", "+66812345678") for _ in range(10)))
    assert len(set(handles)) == 1
    assert vault.HANDLE.fullmatch(handles[0])
    assert await vault.put(engine, seal, KEY, theirs.id, "phone", "+66812345678") != handles[0]
    assert await vault.put(engine, seal, KEY, mine.id, "private", "+66812345678") != handles[0]


async def test_opening_is_written_down(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """One value for one purpose: a line in the audit log; nothing for a handle of somebody else."""
    mine, theirs = await new_conversation(), await new_conversation()
    handle = await vault.put(engine, seal, KEY, mine.id, "phone", "+66812345678")

    async def lines() -> int:
        async with engine.connect() as connection:
            return int(await connection.scalar(text("SELECT count(*) FROM audit")) or 0)

    before = await lines()
    assert await vault.open_one(engine, seal, theirs.id, handle, actor="a", purpose="p") is None
    assert await lines() == before
    assert await vault.open_one(engine, seal, mine.id, handle, actor="a", purpose="p") == "+66812345678"
    assert await lines() == before + 1


async def test_originals_of_a_lost_key_are_gone(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """What another key sealed is as if it were not there; putting it again seals it anew under its handle."""
    conversation = await new_conversation()
    lost = Seal(os.urandom(32))
    handle = await vault.put(engine, lost, KEY, conversation.id, "phone", "+66812345678")
    assert await vault.originals(engine, seal, conversation.id, [handle]) == {}
    assert await vault.put(engine, seal, KEY, conversation.id, "phone", "+66812345678") == handle
    assert await vault.originals(engine, seal, conversation.id, [handle]) == {handle: ("phone", "+66812345678")}
    assert await vault.originals(engine, seal, conversation.id, []) == {}


# ---- media ------------------------------------------------------------------------------------------------------


async def test_a_file_belongs_to_its_conversation(
    engine: AsyncEngine, tmp_path: Path, new_conversation: NewConversation
) -> None:
    """Stored, found by its own conversation, erased; erasing twice harms nobody."""
    files = MediaStore(tmp_path.as_uri())
    mine, theirs = await new_conversation(), await new_conversation()
    stored = await add_media(engine, files, mine.id, b"\xff\xd8", "image/jpeg")
    assert await find_media(engine, mine.id, stored.id) == stored
    assert await find_media(engine, theirs.id, stored.id) is None
    assert files.read(stored.id) == b"\xff\xd8"
    files.erase(stored.id)
    files.erase(stored.id)
    with pytest.raises(FileNotFoundError):
        files.read(stored.id)


# ---- outbox -----------------------------------------------------------------------------------------------------


async def test_the_notice_of_waiting_is_said_once(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Ten at once: one notice, one number; other words are always said."""
    conversation = await new_conversation()
    blocks = [{"type": "text", "text": "รอสักครู่"}]
    said = await asyncio.gather(
        *(outbox.say(engine, seal, conversation.id, blocks, pulled=True, waiting=True) for _ in range(10))
    )
    assert sorted(seq for seq in said if seq) == [1]
    assert await outbox.say(engine, seal, conversation.id, blocks, pulled=True) == 2
    assert await outbox.blocks_of(engine, seal, conversation.id, 2) == blocks
    assert await outbox.blocks_of(engine, seal, conversation.id, 3) is None


async def test_both_sides_in_one_order(engine: AsyncEngine, seal: Seal, new_conversation: NewConversation) -> None:
    """Messages and words of ours that come at once have different numbers without gaps, and pages join exactly."""
    conversation = await new_conversation()

    async def write(number: int) -> None:
        if number % 2:
            await outbox.say(engine, seal, conversation.id, [{"type": "text", "text": str(number)}], pulled=True)
        else:
            event = Event("web", str(uuid.uuid4()), Message(str(number)), datetime.now(timezone.utc))
            await inbox.receive(engine, seal, conversation.id, event)

    await asyncio.gather(*(write(number) for number in range(30)))
    lines = await outbox.lines_after(engine, conversation.id, 0)
    assert [line.seq for line in lines] == list(range(1, 31))
    assert await outbox.last_seq(engine, conversation.id) == 30
    paged, after = [], 0
    while page := await outbox.lines_after(engine, conversation.id, after, most=7):
        paged += page
        after = page[-1].seq
    assert paged == lines


async def test_the_database_knows_authors_and_states(engine: AsyncEngine, new_conversation: NewConversation) -> None:
    """A word that is not in the glossary is refused by the table itself."""
    conversation = await new_conversation()
    for statement in (
        "INSERT INTO outbox (conversation_id, seq, author) VALUES (:id, 1, 'robot')",
        "INSERT INTO outbox (conversation_id, seq, author, state) VALUES (:id, 1, 'bot', 'flying')",
        "UPDATE conversations SET pending = -1 WHERE id = :id",
        "UPDATE contacts SET state = 'moved' WHERE id = (SELECT contact_id FROM conversations WHERE id = :id)",
    ):
        with pytest.raises(IntegrityError):
            async with engine.connect() as connection:
                await connection.execute(text(statement), {"id": conversation.id})


# ---- dead letters and answers of a turn -------------------------------------------------------------------------


async def test_a_dead_letter_is_listed_and_replayed_once(
    engine: AsyncEngine, seal: Seal, new_conversation: NewConversation
) -> None:
    """Replayed by two at once it comes back once, with a new turn id, before what came later; without words it cannot."""
    conversation, owner = await new_conversation(), uuid.uuid4()
    event = Event("web", str(uuid.uuid4()), Message("ค้าง"), datetime.now(timezone.utc))
    await inbox.receive(engine, seal, conversation.id, event)
    claimed = next(c for c in await leases.claim(engine, owner, 500, 60) if c.conversation_id == conversation.id)
    apology = turns.Said("system", [{"type": "text", "text": "ขออภัยค่ะ"}])
    finished = turns.Finished(outcome=Outcome.FAILED, answers=[apology], reason="action", dead=True)
    await turns.finish(engine, seal, owner, claimed, finished, pulled=True)
    assert await outbox.blocks_of(engine, seal, conversation.id, 2) == list(apology.blocks)
    [letter] = [one for one in await dead.list_dead(engine, 500) if one.conversation == conversation.key]
    assert (letter.reason, letter.replayable, letter.attempts) == ("action", True, 1)
    replayed = await asyncio.gather(dead.replay(engine, letter.id), dead.replay(engine, letter.id))
    assert sorted(replayed) == [False, True]
    again = next(c for c in await leases.claim(engine, owner, 500, 60) if c.conversation_id == conversation.id)
    assert again.turn_id != claimed.turn_id
    assert again.attempts == 1
    await turns.finish(engine, seal, owner, again, finished, pulled=True)
    async with engine.connect() as connection:
        await connection.execute(text("UPDATE inbox SET payload = NULL WHERE id = :id"), {"id": letter.id})
    assert not await dead.replay(engine, letter.id)
    assert not await dead.replay(engine, 2**40)


# ---- conversations ----------------------------------------------------------------------------------------------


async def test_a_contact_has_one_conversation(engine: AsyncEngine, seal: Seal) -> None:
    """Opened ten times at once it is one; its address is sealed; its language is remembered."""
    address = f"U{uuid.uuid4().hex}"
    opened = await asyncio.gather(*(open_conversation(engine, seal, KEY, "line", address, "en") for _ in range(10)))
    assert len({one.id for one in opened}) == 1
    found = await find_conversation(engine, opened[0].key)
    assert found is not None
    assert (found.id, found.locale) == (opened[0].id, "en")
    await set_locale(engine, found.id, "th")
    changed = await find_conversation(engine, found.key)
    assert changed is not None
    assert changed.locale == "th"
    assert await find_conversation(engine, "line:nobody") is None
    async with engine.connect() as connection:
        sealed = await connection.scalar(
            text("SELECT address FROM contacts WHERE pseudonym = :key"), {"key": found.key}
        )
    assert address.encode() not in bytes(sealed)
    assert seal.open(sealed, f"contact:{found.key}").decode() == address


# ---- engine and notifications -----------------------------------------------------------------------------------


def test_addresses_of_the_database() -> None:
    """As people write them, with the driver and without."""
    assert driver_url("postgresql://u:p@h/d") == "postgresql+psycopg://u:p@h/d"
    assert driver_url("postgres://u@h/d".replace("postgres:", "postgresql:")) == "postgresql+psycopg://u@h/d"
    assert plain_url("postgresql+psycopg://u:p@h/d") == "postgresql://u:p@h/d"
    folder = plain_url("postgresql://a%20b:p%20w%2B@/d?host=/tmp/sp%20ace%20%E0%B8%81%25%2B/x")
    found = conninfo_to_dict(folder)
    assert found == {"user": "a b", "password": "p w+", "dbname": "d", "host": "/tmp/sp ace ก%+/x"}
    with pytest.raises(ValueError, match="postgresql://"):
        driver_url("sqlite://")


async def test_a_session_is_in_utc_whatever_the_servers_zone(own_url: str) -> None:
    """A time at the end of year 9999 can be read, and what the address asks for itself still counts."""
    engine = open_engine(own_url + ("&" if "?" in own_url else "?") + "options=-c%20statement_timeout%3D7s", 2)
    async with engine.connect() as connection:
        name = await connection.scalar(text("SELECT current_database()"))
        await connection.execute(text(f"ALTER DATABASE \"{name}\" SET timezone = 'Asia/Bangkok'"))
    await engine.dispose()
    async with engine.connect() as connection:
        last = await connection.scalar(text("SELECT timestamptz '9999-12-31 23:59:59.999+00'"))
        assert last == datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=timezone.utc)
        assert await connection.scalar(text("SHOW statement_timeout")) == "7s"
    await engine.dispose()


async def test_a_transaction_is_all_or_nothing(engine: AsyncEngine) -> None:
    """Single statements commit by themselves; a transaction that fails leaves nothing."""
    name = uuid.uuid4().hex
    put = text("INSERT INTO runtime (name, value) VALUES (:name, '1')")
    with contextlib.suppress(ZeroDivisionError):
        async with transaction(engine).begin() as connection:
            await connection.execute(put, {"name": name})
            raise ZeroDivisionError
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM runtime WHERE name = :name"), {"name": name}) == 0
        await connection.execute(put, {"name": name})
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM runtime WHERE name = :name"), {"name": name}) == 1


async def test_the_ears_hear_and_hear_again(own_url: str) -> None:
    """A notification arrives at once; after a lost connection the listener says "look again" for every channel."""
    heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    async def listen() -> None:
        async for one in notifications(own_url, ("inbox", "outbox")):
            heard.put_nowait(one)

    engine = open_engine(own_url, 1)
    listener = asyncio.create_task(listen())
    try:
        async with asyncio.timeout(20):
            assert [await heard.get(), await heard.get()] == [("inbox", ""), ("outbox", "")]
            async with engine.connect() as connection:
                await connection.execute(text("SELECT pg_notify('outbox', '7')"))
                assert await heard.get() == ("outbox", "7")
                await connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                    )
                )
            assert [await heard.get(), await heard.get()] == [("inbox", ""), ("outbox", "")]
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
        await engine.dispose()
