# SPDX-License-Identifier: Apache-2.0
"""Events that come in together are stored together, and none of them pays for another's trouble."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import event as happening
from sqlalchemy import text
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.gathering import Gathering
from core.messages import Event, Message
from store import inbox
from store.conversations import open_conversation
from store.engine import open_engine, transaction
from store.sealing import Seal
from tests.store.copies import copy_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def engine(template_url: str) -> AsyncIterator[AsyncEngine]:
    with copy_of(template_url) as url:
        engine = open_engine(url, 8)
        yield engine
        await engine.dispose()


@pytest.fixture
def seal() -> Seal:
    return Seal(os.urandom(32))


def words(text_: str, event_id: str | None = None) -> Event:
    return Event("line", event_id or uuid.uuid4().hex, Message(text_), datetime.now(UTC))


async def someone(engine: AsyncEngine, seal: Seal) -> int:
    return (await open_conversation(engine, seal, b"a key", "line", uuid.uuid4().hex)).id


def statements(engine: AsyncEngine, name: str) -> list[str]:
    """What is sent to the database from now on and has this name in its comment."""
    seen: list[str] = []

    @happening.listens_for(engine.sync_engine, "before_cursor_execute")
    def _(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if f"-- {name}:" in statement:
            seen.append(statement)

    return seen


async def test_fifty_at_once_are_few_statements(engine: AsyncEngine, seal: Seal) -> None:
    """The first goes alone; those that came meanwhile go together, and every one gets its own number."""
    gathering = Gathering(engine, seal)
    people = [await someone(engine, seal) for _ in range(10)]
    alone, together = statements(engine, "receive"), statements(engine, "receive_together")
    stored = await asyncio.gather(*(gathering.receive(people[n % 10], words(str(n))) for n in range(50)))
    assert [found.seq for found in stored] == [1 + n // 10 for n in range(50)]
    assert all(found.fresh and found.line is not None for found in stored)
    assert len(alone) + len(together) <= 3
    assert not gathering.busy


async def test_the_same_event_twice_and_one_of_nobody(engine: AsyncEngine, seal: Seal) -> None:
    """Told to the one whom it concerns; the others are stored."""
    gathering = Gathering(engine, seal)
    person, twin = await someone(engine, seal), words("ซ้ำ")
    first, second, nobody, last = await asyncio.gather(
        gathering.receive(person, twin),
        gathering.receive(person, twin),
        gathering.receive(2**40, words("ไม่มีใคร")),
        gathering.receive(person, words("ต่อ")),
        return_exceptions=True,
    )
    assert isinstance(nobody, LookupError)
    assert [(found.seq, found.fresh) for found in (first, second, last) if isinstance(found, inbox.Received)] == [
        (1, True),
        (1, False),
        (2, True),
    ]


async def test_a_twin_elsewhere_harms_nobody(engine: AsyncEngine, seal: Seal) -> None:
    """Another gateway stores one of them at the same moment: that one is known, the others are stored."""
    gathering = Gathering(engine, seal)
    person, other, twin = await someone(engine, seal), await someone(engine, seal), words("แฝด")
    async with transaction(engine).begin() as connection:
        await connection.execute(text("SELECT 1 FROM conversations WHERE id = :id FOR UPDATE"), {"id": person})
        elsewhere = asyncio.create_task(inbox.receive(engine, seal, person, twin))
        await waits(engine, 1)
        here = [asyncio.create_task(gathering.receive(*one)) for one in ((person, twin), (other, words("อีกคน")))]
        await waits(engine, 2)
    assert await elsewhere == (1, True)
    found = await asyncio.gather(*here)
    assert [(one.seq, one.fresh) for one in found] == [(1, False), (1, True)]


async def test_no_database(engine: AsyncEngine, seal: Seal) -> None:
    """Everybody is told, also who came meanwhile, and the next one is tried again."""
    gathering = Gathering(engine, seal)
    person = await someone(engine, seal)
    away = open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none", 2)
    broken = Gathering(away, seal)
    failures = await asyncio.gather(*(broken.receive(person, words(str(n))) for n in range(5)), return_exceptions=True)
    assert all(isinstance(failure, SQLAlchemyError) for failure in failures)
    assert not broken.busy
    await away.dispose()
    assert (await gathering.receive(person, words("กลับมาแล้ว"))).seq == 1


async def test_who_goes_away_stops_nobody(engine: AsyncEngine, seal: Seal) -> None:
    """A connection that breaks while its event is stored: the event is kept, and so are those that wait with it."""
    gathering = Gathering(engine, seal)
    person = await someone(engine, seal)
    tasks = [asyncio.create_task(gathering.receive(person, words(str(n)))) for n in range(4)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[2].cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [one.seq for one in found if isinstance(one, inbox.Received)] == [2, 4]
    assert (await gathering.receive(person, words("ต่อ"))).seq == 5


async def waits(engine: AsyncEngine, number: int) -> None:
    """Until so many statements wait for a lock."""
    statement = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    async with engine.connect() as connection, asyncio.timeout(10):
        while int(await connection.scalar(statement) or 0) < number:  # noqa: ASYNC110  it is the database that waits
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "bad",
    [Event("line", "a\x00b", Message("x"), datetime.now(UTC)), Event("line", "c", Message(b"x"), datetime.now(UTC))],  # type: ignore[arg-type]
    ids=["refused by the database", "cannot be sealed"],
)
async def test_what_cannot_be_stored_harms_nobody(engine: AsyncEngine, seal: Seal, bad: Event) -> None:
    """One of ninety, more than go together: it is told so, all the others are stored, and nobody waits for ever."""
    gathering = Gathering(engine, seal)
    person = await someone(engine, seal)
    events = [words(str(n)) for n in range(90)]
    events[20] = bad
    async with asyncio.timeout(15):
        found = await asyncio.gather(*(gathering.receive(person, one) for one in events), return_exceptions=True)
    assert [n for n, one in enumerate(found) if not isinstance(one, inbox.Received)] == [20]
    assert isinstance(found[20], (DataError, TypeError))
    assert sorted(one.seq for one in found if isinstance(one, inbox.Received)) == list(range(1, 90))
    assert not gathering.busy


async def test_a_deadlock_is_not_the_end(engine: AsyncEngine, seal: Seal) -> None:
    """PostgreSQL makes the statement give way: its events are stored one by one."""
    gathering = Gathering(engine, seal)
    person = await someone(engine, seal)
    async with engine.connect() as connection:
        for statement in (
            "CREATE SEQUENCE statements",
            "CREATE FUNCTION gives_way() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('statements') = 2 THEN "
            "RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END IF; RETURN NULL; END $$",
            "CREATE TRIGGER gives_way BEFORE INSERT ON inbox FOR EACH STATEMENT EXECUTE FUNCTION gives_way()",
        ):
            await connection.execute(text(statement))
    first = await gathering.receive(person, words("0"))
    rest = await asyncio.gather(*(gathering.receive(person, words(str(n))) for n in range(10)))
    assert [one.seq for one in (first, *rest)] == list(range(1, 12))


async def test_who_waits_when_it_is_stopped_is_told(engine: AsyncEngine, seal: Seal) -> None:
    """The process ends while the database hangs: an error for each, and not an endless wait."""
    gathering = Gathering(engine, seal)
    person = await someone(engine, seal)
    async with transaction(engine).begin() as connection:
        await connection.execute(text("SELECT 1 FROM conversations WHERE id = :id FOR UPDATE"), {"id": person})
        asking = [asyncio.create_task(gathering.receive(person, words(str(n)))) for n in range(70)]
        await waits(engine, 1)
        assert gathering._storing is not None
        gathering._storing.cancel()
        done, pending = await asyncio.wait(asking, timeout=3)
    assert (len(done), len(pending)) == (70, 0)
    assert all(isinstance(one.exception(), OSError) for one in done)
    assert not gathering.busy
