# SPDX-License-Identifier: Apache-2.0
"""What staff do with cases from the command line, against a real database: opening, photos, a citizen's data."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from app.cli import main
from store.cases import NewCase, file_case
from store.conversations import find_conversation, open_conversation
from store.engine import open_engine
from store.media import MediaStore, add_media
from store.migrate import migrate
from store.sealing import Seal
from store.vault import put
from tests.conftest import new_database

TICKET = "2569-6MXVTH"
JPEG = b"\xff\xd8 a photo"
PNG = b"\x89PNG another"


@pytest.fixture(scope="module")
def url(database_server: str) -> Iterator[str]:
    """A database of this version."""
    with new_database(database_server) as made:
        migrate(made)
        yield made


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One case with a contact and two photos."""

    ticket: str
    conversation: str
    database: str
    media: Path


@pytest.fixture
def filed(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Filed]:
    """The case, and settings with which `pracha` finds it."""
    key = os.urandom(32)
    for name in [name for name in os.environ if name.startswith(("PRACHA_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PRACHA_ENV_FILE", "")
    monkeypatch.setenv("PRACHA_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("PRACHA_VAULT_KEY", base64.b64encode(key).decode())
    conversation = asyncio.run(_file(url, Seal(key), MediaStore((tmp_path / "state" / "media").as_uri())))
    yield Filed(ticket=TICKET, conversation=conversation, database=url, media=tmp_path / "state" / "media")
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE contacts, cases, media, audit CASCADE")


async def _file(url: str, seal: Seal, files: MediaStore) -> str:
    engine = open_engine(url, 2)
    try:
        conversation = await open_conversation(engine, seal, b"pseudonyms", "web", str(uuid.uuid4()))
        handle = await put(engine, seal, b"pseudonyms", conversation.id, "phone", "+66812345678")
        photos = [
            (await add_media(engine, files, conversation.id, content, kind)).id
            for content, kind in ((JPEG, "image/jpeg"), (PNG, "image/png"))
        ]
        new = NewCase(
            conversation_id=conversation.id,
            problem_type="ถนน",
            description="หลุมลึก",
            contact=handle,
            address="หน้าวัด",
            media=photos,
        )
        await file_case(engine, seal, new, ticket_id=TICKET, key="once")
        return conversation.key
    finally:
        await engine.dispose()


def acts(filed: Filed) -> list[tuple[str, str, str]]:
    with psycopg.connect(filed.database) as connection:
        return connection.execute("SELECT actor, act, subject FROM audit ORDER BY id").fetchall()


def test_a_case_shows_the_key_of_its_conversation(filed: Filed, capsys: pytest.CaptureFixture[str]) -> None:
    """What `pracha data` needs is printed, and works there."""
    assert main(["case", "show", filed.ticket, "--actor", "somsri"]) == 0
    shown = capsys.readouterr().out
    assert "+66812345678" in shown
    assert filed.conversation in shown
    assert main(["data", "export", filed.conversation, "--actor", "dpo"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"][0]["ticket_id"] == filed.ticket


def test_a_phone_in_the_description_or_place_is_read_too(filed: Filed, capsys: pytest.CaptureFixture[str]) -> None:
    """Citizens write their phone anywhere: an officer reads the numbers, which is written down; what is gone stays so."""
    key = base64.b64decode(os.environ["PRACHA_VAULT_KEY"])
    phone, other = asyncio.run(_write_phones(filed, Seal(key)))
    assert main(["case", "show", filed.ticket, "--actor", "somsri"]) == 0
    shown = capsys.readouterr().out
    assert "ไฟดับ โทร +66823456789 หรือ ⟦phone:zzzzzz⟧" in shown
    assert "หน้าบ้าน +66834567890" in shown
    opened = [(actor, subject) for actor, act, subject in acts(filed) if act == "vault.open"]
    assert {actor for actor, _ in opened} == {"somsri"}
    assert {subject.partition(":")[2] for _, subject in opened} > {phone, other}


async def _write_phones(filed: Filed, seal: Seal) -> tuple[str, str]:
    """A case whose description and place hold handles, also one that is forgotten; returns the two known ones."""
    engine = open_engine(filed.database, 2)
    try:
        conversation = await find_conversation(engine, filed.conversation)
        assert conversation is not None
        with psycopg.connect(filed.database) as connection:
            connection.execute("DELETE FROM cases")
        phone = await put(engine, seal, b"pseudonyms", conversation.id, "phone", "+66823456789")
        other = await put(engine, seal, b"pseudonyms", conversation.id, "phone", "+66834567890")
        contact = await put(engine, seal, b"pseudonyms", conversation.id, "phone", "+66812345678")
        new = NewCase(
            conversation_id=conversation.id,
            problem_type="ไฟฟ้า",
            description=f"ไฟดับ โทร {phone} หรือ ⟦phone:zzzzzz⟧",
            contact=contact,
            address=f"หน้าบ้าน {other}",
        )
        await file_case(engine, seal, new, ticket_id=TICKET, key="twice")
        return phone, other
    finally:
        await engine.dispose()


def test_who_reads_is_one_line(filed: Filed, capsys: pytest.CaptureFixture[str]) -> None:
    """Line breaks and tabs become spaces; nothing, too much and control characters are refused, and nothing is shown."""
    assert main(["case", "show", filed.ticket, "--actor", "สมศรี\nใจดี\t"]) == 0
    assert {actor for actor, _, _ in acts(filed)} == {"สมศรี ใจดี"}
    before = acts(filed)
    capsys.readouterr()
    for actor in ("", " \n", "x" * 81, "evil\x1b[2J", "a\u202eb", "a\x00b"):
        assert main(["case", "show", filed.ticket, "--actor", actor]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert "--actor" in said.err
    assert acts(filed) == before


def test_an_erased_citizen_has_no_key(filed: Filed, capsys: pytest.CaptureFixture[str]) -> None:
    """A case that nobody is behind any more is shown all the same."""
    with psycopg.connect(filed.database) as connection:
        connection.execute("UPDATE cases SET conversation_id = NULL, contact = NULL")
    assert main(["case", "show", filed.ticket, "--actor", "somsri"]) == 0
    shown = capsys.readouterr().out
    assert "หลุมลึก" in shown
    assert "conversation  –" in shown


def test_another_vault_key_is_one_clear_line(
    filed: Filed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No trace, nothing half shown, and nothing written down that nobody read."""
    monkeypatch.setenv("PRACHA_VAULT_KEY", base64.b64encode(os.urandom(32)).decode())
    assert main(["case", "show", filed.ticket, "--actor", "somsri"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "pracha: sealed with another vault key than PRACHA_VAULT_KEY: it cannot be read with this one\n"
    assert acts(filed) == []


def test_the_photos_of_a_case_become_files(filed: Filed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In order, under the case's number, for their owner only; who took them is written down."""
    out = tmp_path / "photos"
    assert main(["case", "photo", filed.ticket.lower(), "--out", str(out), "--actor", "somsri"]) == 0
    first, second = out / f"{filed.ticket}-1.jpg", out / f"{filed.ticket}-2.png"
    assert capsys.readouterr().out.splitlines() == [str(first), str(second)]
    assert (first.read_bytes(), second.read_bytes()) == (JPEG, PNG)
    assert {path.stat().st_mode & 0o077 for path in (first, second)} == {0}
    assert acts(filed) == [("somsri", "case.photo", filed.ticket)]


def test_photos_never_replace_a_file(filed: Filed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, and the file that was there stays."""
    (tmp_path / f"{filed.ticket}-1.jpg").write_bytes(b"mine")
    assert main(["case", "photo", filed.ticket, "--out", str(tmp_path), "--actor", "somsri"]) == 1
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / f"{filed.ticket}-1.jpg").read_bytes() == b"mine"
    assert not (tmp_path / f"{filed.ticket}-2.png").exists()


def test_photos_that_are_not_there(filed: Filed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No such case, a case without photos, bytes that are gone: one line each."""
    assert main(["case", "photo", "2569-7KMPX4", "--out", str(tmp_path), "--actor", "somsri"]) != 0
    for file in [path for path in filed.media.rglob("*") if path.is_file()]:
        file.unlink()
    assert main(["case", "photo", filed.ticket, "--out", str(tmp_path), "--actor", "somsri"]) == 1
    assert "media" in capsys.readouterr().err
    with psycopg.connect(filed.database) as connection:
        connection.execute("DELETE FROM media")
    assert main(["case", "photo", filed.ticket, "--out", str(tmp_path), "--actor", "somsri"]) == 1
    assert "has no photos" in capsys.readouterr().err


def waiting_lines(filed: Filed) -> int:
    """How many answers wait for or went to citizens."""
    with psycopg.connect(filed.database) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM outbox").fetchall()
    return int(count)


def set_state(filed: Filed, state: str, reason: str) -> int:
    return main(["case", "set-state", filed.ticket, state, "--reason", reason, "--actor", "somsri"])


def test_a_state_has_a_thai_name_too(filed: Filed, capsys: pytest.CaptureFixture[str]) -> None:
    """As officers read it, with a space too much; what is neither is refused with all names, and nothing moves."""
    assert set_state(filed, "กำลัง ดำเนินการ", "รับเรื่องแล้ว") == 0
    assert f"{filed.ticket}: inprogress กำลังดำเนินการ" in capsys.readouterr().out
    assert main(["case", "list", "--state", "กำลังดำเนินการ"]) == 0
    assert filed.ticket in capsys.readouterr().out
    assert set_state(filed, "เรียบร้อย", "ซ่อมแล้ว") == 2
    refused = capsys.readouterr().err
    assert "finish เสร็จสิ้น" in refused
    assert main(["case", "show", filed.ticket]) == 0
    assert "ซ่อมแล้ว" not in capsys.readouterr().out


def test_the_officer_learns_whether_the_citizen_was_told(filed: Filed, capsys: pytest.CaptureFixture[str]) -> None:
    """A new state is told, the same state with another reason is not, and nobody is there to tell after an erasure."""
    before = waiting_lines(filed)
    assert set_state(filed, "forward", "ส่งแขวงทางหลวงแล้ว") == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("แจ้งประชาชนแล้ว · ")
    assert waiting_lines(filed) == before + 1
    assert set_state(filed, "forward", "แขวงทางหลวงรับแล้ว") == 0
    said = capsys.readouterr().out
    assert "ไม่ได้แจ้งประชาชน: สถานะเดิม" in said
    with psycopg.connect(filed.database) as connection:
        connection.execute("UPDATE cases SET conversation_id = NULL, contact = NULL")
    assert set_state(filed, "finish", "ซ่อมแล้ว") == 0
    assert "ไม่ได้แจ้งประชาชน: ลบการสนทนาไปแล้ว" in capsys.readouterr().out
    assert waiting_lines(filed) == before + 1


def test_a_list_is_narrowed_and_shows_age_and_photos(filed: Filed, capsys: pytest.CaptureFixture[str]) -> None:
    """Filters of the command reach the list; a case that is three days old with two photos says so."""
    with psycopg.connect(filed.database) as connection:
        connection.execute("UPDATE cases SET timestamp = now() - interval '3 days 1 hour'")
    assert main(["case", "list", "--open", "--type", "ถนน", "--find", "หน้าวัด"]) == 0
    row = capsys.readouterr().out.splitlines()[1].split()
    assert (row[0], row[5], row[-1]) == (filed.ticket, "2", "3")
    assert main(["case", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["photos"] == 2
    for other in (["--type", "ขยะ"], ["--find", "หน้าโรงเรียน"], ["--state", "finish"]):
        assert main(["case", "list", *other]) == 0
        assert capsys.readouterr().out == "none\n"
    assert set_state(filed, "finish", "ซ่อมแล้ว") == 0
    capsys.readouterr()
    assert main(["case", "list", "--open"]) == 0
    assert capsys.readouterr().out == "none\n"
