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
from store.conversations import open_conversation
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
