# SPDX-License-Identifier: Apache-2.0
"""Files that take long keep nobody else waiting, and what was taken back meanwhile is not kept."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.attachments import Attachments
from core.errors import Rejected, Unavailable
from core.messages import Attachment, Event, Signal
from store.conversations import open_conversation
from store.engine import open_engine, transaction
from store.inbox import receive
from store.media import MediaStore, StoredMedia, TakenBack, add_media
from store.sealing import Seal
from tests.channels.gateway.stack import PHOTO, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(400)
#: seconds that a turn waits for its file here
WAITS = 0.4
SEAL = Seal(os.urandom(32))


@dataclass(slots=True)
class Channel:
    """Holds files; one whose name begins with "slow" is handed out once everything is `ready`."""

    ready: asyncio.Event = field(default_factory=asyncio.Event)
    asked: Counter[str] = field(default_factory=Counter)

    async def content(self, source: str, largest: int) -> bytes:
        self.asked[source] += 1
        if source.startswith("slow"):
            await self.ready.wait()
        return (PHOTO if "photo" in source else MP4)[:largest]


@dataclass(frozen=True, slots=True)
class Desk:
    """Attachments over a database and a folder of their own."""

    engine: AsyncEngine
    files: MediaStore
    folder: Path
    channel: Channel
    attachments: Attachments

    async def person(self) -> int:
        """Somebody new: the number of the conversation."""
        return (await open_conversation(self.engine, SEAL, b"key", "line", uuid.uuid4().hex)).id

    async def turn(self, conversation_id: int, message: str) -> StoredMedia:
        """What a turn asks for; the message's id is the file's name."""
        return await self.attachments.stored("line", conversation_id, message, _file(message))

    def begin(self, conversation_id: int, message: str) -> None:
        """What the intake asks for."""
        self.attachments.begin("line", conversation_id, message, _file(message))

    async def unsend(self, conversation_id: int, message: str) -> None:
        """The sender takes the message back."""
        about = Signal("unsend", message)
        event = Event("line", uuid.uuid4().hex, about, datetime.now(UTC), message_id=message)
        await receive(self.engine, SEAL, conversation_id, event)

    async def rows(self, conversation_id: int) -> int:
        """How many files the ledger knows of this person."""
        async with self.engine.connect() as connection:
            asked = text("SELECT count(*) FROM media WHERE conversation_id = :id")
            return int(await connection.scalar(asked, {"id": conversation_id}) or 0)

    def kept(self) -> int:
        """How many files lie in the store."""
        return sum(path.is_file() for path in self.folder.rglob("*"))


def _file(name: str) -> Attachment:
    return Attachment(name, "image" if "photo" in name else "video")


@pytest_asyncio.fixture(loop_scope="session")
async def desk(own_database: str, tmp_path: Path) -> AsyncIterator[Desk]:
    engine, files, channel = open_engine(own_database), MediaStore(tmp_path.as_uri()), Channel()
    # One try is longer than any test, unless the test is about that.
    attachments = Attachments(engine, files, {"line": channel}, 100_000, turn_waits=WAITS, first_try=30.0)
    yield Desk(engine, files, tmp_path, channel, attachments)
    await attachments.close()
    await engine.dispose()


# ---- who waits for whom -----------------------------------------------------------------------------------------


async def test_a_turn_that_waits_for_its_file_makes_room(desk: Desk) -> None:
    """After a while it had better come again; the fetch goes on, is one, and the turn that comes again has it."""
    person, started = await desk.person(), time.monotonic()
    desk.begin(person, "slow photo")
    with pytest.raises(Unavailable):
        await desk.turn(person, "slow photo")
    assert time.monotonic() - started < WAITS + 1
    desk.channel.ready.set()
    stored = await desk.turn(person, "slow photo")
    assert stored.content_type == "image/jpeg"
    assert desk.channel.asked == {"slow photo": 1}


async def test_a_file_that_is_there_is_not_waited_for(desk: Desk) -> None:
    """Whatever else is under way, in the same conversation too."""
    person = await desk.person()
    stored = await desk.turn(person, "photo")
    for number in range(6):
        desk.begin(person, f"slow photo {number}")
        desk.begin(await desk.person(), f"slow photo of another {number}")
    assert await desk.turn(person, "photo") == stored


async def test_one_person_s_videos_keep_nobody_else_s_out(desk: Desk) -> None:
    """Of twenty from one person one is fetched at a time, so that another's is there at once."""
    person = await desk.person()
    for number in range(20):
        desk.begin(person, f"slow video {number}")
    await until(lambda: desk.channel.asked.total() > 0)
    assert (await desk.turn(await desk.person(), "video")).content_type == "video/mp4"
    assert desk.channel.asked == {"slow video 0": 1, "video": 1}
    desk.channel.ready.set()

    async def all_there() -> bool:
        return await desk.rows(person) == 20

    await until(all_there)


async def test_videos_of_many_people_keep_no_photo_out(desk: Desk) -> None:
    """Pictures have a room of their own."""
    for number in range(10):
        desk.begin(await desk.person(), f"slow video {number}")
    assert (await desk.turn(await desk.person(), "photo")).content_type == "image/jpeg"


async def test_a_video_that_is_still_prepared_is_waited_for_outside(desk: Desk) -> None:
    """Ten people's long videos: another one's is there soon, and theirs are asked for again and had in the end."""
    attachments = Attachments(desk.engine, desk.files, {"line": desk.channel}, 100_000, turn_waits=10.0, first_try=0.3)
    people = [await desk.person() for _ in range(10)]
    try:
        for person in people:
            attachments.begin("line", person, "slow video", _file("slow video"))
        another, started = await desk.person(), time.monotonic()
        await attachments.stored("line", another, "video", _file("video"))
        assert time.monotonic() - started < 2.5
        desk.channel.ready.set()
        for person in people:
            stored = await attachments.stored("line", person, "slow video", _file("slow video"))
            assert stored.content_type == "video/mp4"
    finally:
        await attachments.close()


async def test_the_end_of_a_gateway_is_no_end_of_a_turn(desk: Desk) -> None:
    """A fetch that is ended leaves the event to be tried again."""
    turn = asyncio.create_task(desk.turn(await desk.person(), "slow photo"))
    await until(lambda: desk.channel.asked.total() > 0)
    await desk.attachments.close()
    with pytest.raises(Unavailable):
        await turn


# ---- what was taken back ----------------------------------------------------------------------------------------


async def test_a_photo_taken_back_while_it_is_fetched_is_not_kept(desk: Desk) -> None:
    """Neither its row nor its bytes; another photo of the same person is."""
    person = await desk.person()
    desk.begin(person, "slow photo")
    await until(lambda: desk.channel.asked.total() > 0)
    turn = asyncio.create_task(desk.turn(person, "slow photo"))
    await desk.unsend(person, "slow photo")
    desk.channel.ready.set()
    with pytest.raises(Rejected):
        await turn
    assert (await desk.rows(person), desk.kept()) == (0, 0)
    await desk.turn(person, "photo")
    assert (await desk.rows(person), desk.kept()) == (1, 1)


async def test_somebody_else_s_unsend_says_nothing(desk: Desk) -> None:
    """The same id in another conversation."""
    person = await desk.person()
    await desk.unsend(await desk.person(), "photo")
    assert (await desk.turn(person, "photo")).content_type == "image/jpeg"


async def test_an_unsend_that_is_just_being_received_is_seen(desk: Desk) -> None:
    """It has its number but is not committed: storing waits for it, or it would find no file and be done."""
    person = await desk.person()
    async with transaction(desk.engine).begin() as connection:
        await connection.execute(
            text("UPDATE conversations SET last_seq = last_seq + 1 WHERE id = :id"), {"id": person}
        )
        storing = asyncio.create_task(
            add_media(desk.engine, desk.files, person, PHOTO, "image/jpeg", message_id="photo")
        )
        await asyncio.wait({storing}, timeout=0.4)
        await connection.execute(
            text(
                """
                INSERT INTO inbox (channel, event_id, conversation_id, seq, kind, occurred_at, message_id, state)
                VALUES ('line', :event, :id, 1, 'unsend', now(), 'photo', 'todo')
                """
            ),
            {"id": person, "event": uuid.uuid4().hex},
        )
    with pytest.raises(TakenBack):
        await storing
    assert (await desk.rows(person), desk.kept()) == (0, 0)
