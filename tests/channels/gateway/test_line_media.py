# SPDX-License-Identifier: Apache-2.0
"""Files from LINE: fetched at once, looked into, kept without what they tell of their sender, or refused politely."""

from __future__ import annotations

import asyncio
import io
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image
from sqlalchemy import Row, text

from tests.channels.gateway.line_stack import LineStack, Phone, running_line
from tests.channels.gateway.stack import PHOTO, TOKEN, until
from tests.fakes.bot_server import Bot, Say, running_bot
from tests.store.copies import copy_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

UNUSABLE = "เปิดไฟล์นี้ไม่ได้"
KEPT = "ได้รับไฟล์แล้วค่ะ"
LARGEST = 200_000
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
M4A = b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00M4A mp42isom\x00\x00\x00\x00" + bytes(400)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(400)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(template_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LineStack]:
    """A gateway on LINE that takes small files only; each test has people of its own."""
    async with running_bot(TOKEN) as bot:
        with copy_of(template_url) as url:
            folder = Path(tmp_path_factory.mktemp("line"))
            async with running_line(url, bot, folder, poll=0.5, max_upload=LARGEST) as stack:
                yield stack


async def friend(line: LineStack) -> Phone:
    """Somebody who has had the notice about privacy, so that each answer is one message."""
    phone = await line.phone()
    await phone.say("ทักทายก่อน")
    await phone.answers(1)
    return phone


async def rows(line: LineStack, statement: str, **values: Any) -> list[Row[Any]]:
    async with line.gateway.gateway.engine.connect() as connection:
        return list((await connection.execute(text(statement), values)).all())


async def files_of(line: LineStack, *messages: str) -> list[Row[Any]]:
    """The stored files of messages."""
    return await rows(line, "SELECT * FROM media WHERE message_id = ANY(:ids) ORDER BY id", ids=list(messages))


def picture(colour: str = "orange", *, place: bool = False) -> bytes:
    """A JPEG, with the place where it was taken if wanted."""
    out, image = io.BytesIO(), Image.new("RGB", (40, 30), colour)
    exif = Image.Exif()
    if place:
        exif[0x010F] = "Telephone of Somsri"
        exif.get_ifd(0x8825)[2] = (13.0, 45.0, 22.0)
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


async def send(phone: Phone, kind: str, content: bytes, **query: str) -> str:
    """A file of any kind; its message id."""
    headers = {"Content-Type": "application/octet-stream"}
    return str((await phone.do(kind, data=content, headers=headers, params=query))["id"])


async def file_case(line: LineStack, *media: str, words: str = "ไฟดับหน้าบ้าน") -> str:
    """Files a case of the conversation that spoke to the bot last, as its action does; the case's number."""
    headers = {"Idempotency_Key": f"key-{uuid.uuid4()}"}
    body = {
        "conversation": line.bot.ran[-1].conversation,
        "type": "ไฟฟ้า",
        "description": words,
        "place": {"text": "หน้าวัดตัวอย่าง"},
        "media": list(media),
    }
    status, data = await line.gateway.ask("POST", "/internal/cases", body, **headers)
    assert status == 201, data
    return str(data["ticket_id"])


async def photos_of(line: LineStack, ticket: str) -> int:
    [row] = await rows(
        line, "SELECT count(*) AS n FROM media m JOIN cases c ON c.id = m.case_id WHERE c.ticket_id = :t", t=ticket
    )
    return int(row.n)


# ---- what comes in ----------------------------------------------------------------------------------------------


async def test_l_in_15_a_photo_loses_what_it_tells_of_its_sender(line: LineStack) -> None:
    """Fetched and stored without EXIF and place; the bot gets our id of it, never LINE's."""
    phone = await friend(line)
    message = await phone.photo(picture(place=True))
    await phone.answers(1)
    [row] = await files_of(line, message)
    assert row.id in str(line.bot.ran[-1].content)
    assert message not in str(line.bot.ran[-1].content)
    kept = line.gateway.gateway.files.read(row.id)
    assert b"Somsri" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.size, dict(image.getexif())) == ((40, 30), {})


async def test_l_in_15_a_file_is_fetched_before_its_turn(line: LineStack) -> None:
    """LINE keeps files for a while only: it is fetched while the conversation is still busy with something else."""
    phone = await friend(line)
    line.bot.on("ทำงานอยู่นาน", Say(takes=1.0))
    await phone.say("ทำงานอยู่นาน")
    await until(lambda: any(one.get("text") == "ทำงานอยู่นาน" for one in line.bot.requests))
    message = await phone.photo(PHOTO)

    async def is_there() -> bool:
        return len(await files_of(line, message)) == 1

    await until(is_there, within=0.8)
    assert line.bot.turns_of("ทำงานอยู่นาน") == []
    await phone.answers(2)


@pytest.mark.parametrize(
    ("kind", "content", "type_"),
    [
        ("file", PDF, "application/pdf"),
        ("audio", M4A, "audio/mp4"),
        ("video", MP4, "video/mp4"),
        ("file", M4A, "audio/mp4"),
    ],
    ids=["PDF", "voice", "video", "m4a file"],
)
async def test_l_in_14_a_document_or_a_sound_is_kept(line: LineStack, kind: str, content: bytes, type_: str) -> None:
    """Stored as it came, under the type that stands in it; the citizen is asked for words, and the bot is not."""
    phone = await friend(line)
    asked = len(line.bot.requests)
    message = await send(phone, kind, content, **({"name": "เอกสาร.exe"} if kind == "file" else {}))
    [got] = await phone.answers(1)
    assert (got["via"], KEPT in got["message"]["text"]) == ("reply", True)
    [row] = await files_of(line, message)
    assert (row.content_type, line.gateway.gateway.files.read(row.id)) == (type_, content)
    assert len(line.bot.requests) == asked


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("file", b"MZ\x90\x00" + bytes(200)),
        ("file", b"<html><script>alert(1)</script></html>"),
        ("file", b"PK\x03\x04" + bytes(60)),
        ("image", b"%PDF-1.4 not a picture"),
        ("image", picture()[:50]),
        ("audio", b"<html>"),
        ("file", b"%PDF-1.4\n" + bytes(LARGEST)),
        ("image", picture() + bytes(LARGEST)),
    ],
    ids=["program", "page", "archive", "no picture", "half a picture", "no sound", "large file", "large picture"],
)
async def test_l_in_15_what_cannot_be_taken_is_refused_politely(line: LineStack, kind: str, content: bytes) -> None:
    """A wrong type, by what stands in it, or too large: one sentence, nothing stored, and the chat goes on."""
    phone = await friend(line)
    message = await send(phone, kind, content, **({"name": "รายงาน.pdf"} if kind == "file" else {}))
    [got] = await phone.answers(1)
    assert UNUSABLE in got["message"]["text"]
    assert await files_of(line, message) == []
    await phone.say("ไปต่อได้ไหม")
    [got] = await phone.answers(1)
    assert "ไปต่อได้ไหม" in got["message"]["text"]


async def test_l_in_15_an_empty_file_is_refused_politely(line: LineStack) -> None:
    """Not one byte: one sentence at once, as for any other file that says nothing."""
    phone = await friend(line)
    line.platform.webhook.hold = True
    message = await send(phone, "file", b"x", name="ว่าง.pdf")
    line.platform.media[message].data = b""
    await line.control("/release", {})
    [got] = await phone.answers(1)
    assert UNUSABLE in got["message"]["text"]


@pytest.mark.parametrize("how", ["gone", "unknown"])
async def test_l_in_15_a_file_that_is_gone_is_said_politely(line: LineStack, how: str) -> None:
    """410 or 404 from LINE: one sentence."""
    phone = await friend(line)
    line.platform.webhook.hold = True
    message = await phone.photo(PHOTO)
    if how == "gone":
        line.platform.messages[message].unsent = True
    else:
        del line.platform.media[message]
    await line.control("/release", {})
    [got] = await phone.answers(1)
    assert UNUSABLE in got["message"]["text"]
    assert {one["status"] for one in await line.calls("content")} >= {410 if how == "gone" else 404}


async def test_l_in_15_what_line_still_prepares_is_waited_for(line: LineStack) -> None:
    """202: asked again with more and more time between, then fetched."""
    phone = await friend(line)
    await line.control("", {"transcoding": 1.2})
    try:
        message = await send(phone, "audio", M4A)
        [got] = await phone.answers(1)
    finally:
        await line.control("", {"transcoding": 0})
    assert KEPT in got["message"]["text"]
    assert len(await files_of(line, message)) == 1
    statuses = [
        one["status"] for one in line.platform.calls if message in one["path"] and "transcoding" not in one["path"]
    ]
    assert statuses[0] == 202
    assert statuses[-1] == 200


async def test_sounds_that_line_still_prepares_keep_nobody_s_answer(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """More people with long recordings than there are turns at a time: another one's words are answered soon."""
    async with running_line(own_database, own_bot, tmp_path, poll=0.3, slots=2) as small:
        phone = await friend(small)
        await small.control("", {"transcoding": 30})
        for _ in range(3):
            await send(await small.phone(), "audio", M4A)
        await until(lambda: len([one for one in small.platform.calls if "content" in one["path"]]) >= 2)
        await phone.say("ไฟถนนดับ")
        [got] = await phone.answers(1, within=12.0)
        assert "ไฟถนนดับ" in got["message"]["text"]


async def test_l_in_15_a_passing_trouble_with_a_file_is_not_seen(line: LineStack) -> None:
    """LINE cannot give it now: tried again, and the citizen gets the usual answer."""
    phone = await friend(line)
    await line.fault("content", "error", times=2)
    message = await phone.photo(PHOTO)
    [got] = await phone.answers(1)
    assert UNUSABLE not in got["message"]["text"]
    assert len(await files_of(line, message)) == 1


async def test_l_in_15_an_address_of_somebodys_own_is_never_called(line: LineStack) -> None:
    """A picture that lies elsewhere: politely refused, and nobody connects to that place."""
    called: list[object] = []

    async def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.append(writer.get_extra_info("peername"))
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        phone = await friend(line)
        port = server.sockets[0].getsockname()[1]
        asked = len(await line.calls("content"))
        await phone.do("image", {"url": f"https://127.0.0.1:{port}/a.jpg"})
        [got] = await phone.answers(1)
        assert UNUSABLE in got["message"]["text"]
        await asyncio.sleep(0.2)
        assert len(await line.calls("content")) == asked  # nor is it an id of LINE's
    assert called == []


async def test_l_in_11_a_photo_taken_back_is_erased(line: LineStack) -> None:
    """Its row and its bytes go, and the bot is told which turn to forget."""
    phone = await friend(line)
    message = await phone.photo(PHOTO)
    await phone.answers(1)
    [row] = await files_of(line, message)
    assert line.gateway.gateway.files.read(row.id)
    await phone.do("unsend", {"messageId": message})

    async def erased() -> bool:
        return await files_of(line, message) == []

    await until(erased)
    await until(lambda: line.bot.ran[-1].turn_id in line.bot.erased_turns)

    def gone() -> bool:
        try:
            line.gateway.gateway.files.read(row.id)
        except FileNotFoundError:
            return True
        return False

    await until(gone)


# ---- photos of a report -----------------------------------------------------------------------------------------


async def test_photos_sent_together_during_a_report_are_one_answer(line: LineStack) -> None:
    """Three photos of one set while the report asks for one: one goes to the bot, all belong to the case."""
    phone = await friend(line)
    line.bot.on("แจ้งไฟดับ", Say(active_form="report_form", requested_slot="report_photo"))
    await phone.say("แจ้งไฟดับ")
    await phone.answers(1)
    line.bot.default = Say(active_form="report_form", requested_slot="report_contact")
    asked = len(line.bot.ran)
    try:
        messages = [
            await phone.photo(picture(colour), set="SET1" + phone.user[:8], index=str(number + 1), total="3")
            for number, colour in enumerate(("red", "green", "blue"))
        ]
        await phone.answers(1)
        await phone.nothing(1.0)
    finally:
        line.bot.default = Say()
    assert len(line.bot.ran) == asked + 1
    stored = await files_of(line, *messages)
    assert len(stored) == 3
    given = [row.id for row in stored if row.id in str(line.bot.ran[-1].content)]
    assert len(given) == 1
    assert await photos_of(line, await file_case(line, *given)) == 3


async def test_photos_sent_together_outside_a_report_are_one_answer(line: LineStack) -> None:
    """Nobody is asked three times what the three photos are about."""
    phone = await friend(line)
    asked = len(line.bot.ran)
    for number, colour in enumerate(("red", "green", "blue")):
        await phone.photo(picture(colour), set="SET2" + phone.user[:8], index=str(number + 1), total="3")
    await phone.answers(1)
    await phone.nothing(1.0)
    assert len(line.bot.ran) == asked + 1


async def test_photos_soon_after_a_report_belong_to_it(line: LineStack) -> None:
    """Three photos within two minutes: attached, said once with the number of the case, and the bot is not asked."""
    phone = await friend(line)
    await phone.say("แจ้งเรื่องเสร็จแล้ว")
    await phone.answers(1)
    ticket = await file_case(line)
    asked = len(line.bot.requests)
    await phone.photo(picture("red"))
    [got] = await phone.answers(1)
    assert ticket in got["message"]["text"]
    for number, colour in enumerate(("green", "blue")):
        await phone.photo(picture(colour), set="SET3" + phone.user[:8], index=str(number + 1), total="2")
    await phone.nothing(1.0)
    assert len(line.bot.requests) == asked
    assert await photos_of(line, ticket) == 3


async def test_a_photo_long_after_a_report_is_another_matter(line: LineStack) -> None:
    """After two minutes the bot is asked what it is about."""
    phone = await friend(line)
    await phone.say("แจ้งเรื่องเมื่อนานมาแล้ว")
    await phone.answers(1)
    ticket = await file_case(line)
    await rows(
        line, "UPDATE cases SET timestamp = now() - interval '121 s' WHERE ticket_id = :t RETURNING id", t=ticket
    )
    asked = len(line.bot.ran)
    await phone.photo(PHOTO)
    await phone.answers(1)
    assert len(line.bot.ran) == asked + 1
    assert await photos_of(line, ticket) == 0


async def test_another_persons_photo_stays_theirs(line: LineStack) -> None:
    """Two people at the same minute: the photo of one never ends up in the case of the other."""
    phone, other = await friend(line), await friend(line)
    await phone.say("แจ้งเรื่องของฉัน")
    await phone.answers(1)
    ticket = await file_case(line)
    await other.photo(PHOTO)
    await other.answers(1)
    assert await photos_of(line, ticket) == 0
