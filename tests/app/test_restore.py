# SPDX-License-Identifier: Apache-2.0
"""A backup of the embedded database, restored into the oldest server that we promise and into a new embedded one."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from app.cli import main
from app.embedded_postgres import running, wait_ready
from app.stack_lock import take_lock
from app.state_paths import run_dir
from store.migrate import migrate
from tests.conftest import ROOT, new_database

OLDEST = "15"
OLDEST_FOLDER = f"/usr/lib/postgresql/{OLDEST}/bin"  # Debian's
#: a line of data that looks like the setting which an older server does not know
LOOKALIKE = "SET transaction_timeout = 0;"


@pytest.fixture(scope="session")
def oldest_server() -> Iterator[str]:
    """URL of a server of the oldest PostgreSQL that install.md names. A missing one fails the test."""
    programs = Path(os.environ.get("PRACHA_POSTGRES_15", OLDEST_FOLDER))
    if not (programs / "initdb").exists():
        pytest.fail(f"no PostgreSQL {OLDEST} here: install Debian's `postgresql-{OLDEST}`, or set PRACHA_POSTGRES_15")
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    folder = Path(tempfile.mkdtemp(prefix="pracha-pg15-"))
    os.chown(folder, user, -1)
    make = [
        str(programs / "initdb"),
        "-D",
        str(folder / "data"),
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "-N",
    ]
    subprocess.run([*make, "--locale=C.UTF-8"], user=user, cwd="/", check=True, capture_output=True)
    command = [
        str(programs / "postgres"),
        "-D",
        str(folder / "data"),
        "-k",
        str(folder),
        "-c",
        "listen_addresses=",
        "-F",
    ]
    url = f"postgresql://postgres@/postgres?host={quote(str(folder), safe='/')}"
    with subprocess.Popen(command, user=user, cwd="/", stderr=subprocess.DEVNULL) as server:
        try:
            wait_ready(url)
            yield url
        finally:
            server.terminate()
            server.wait(20)
            shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("PRACHA_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PRACHA_ENV_FILE", "")
    monkeypatch.setenv("PRACHA_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of an embedded database of this version, with a conversation, a photo and a line that looks like SQL."""
    folder = tmp_path_factory.mktemp("saved")
    state = folder / "state"
    (state / "media").mkdir(parents=True)
    (state / "media" / "photo").write_bytes(b"jpeg")
    with pytest.MonkeyPatch.context() as patch, running(state) as url:
        patch.setenv("PRACHA_ENV_FILE", "")
        patch.setenv("PRACHA_STATE_DIR", str(state))
        patch.delenv("DATABASE_URL", raising=False)
        migrate(url)
        with psycopg.connect(url) as connection:
            connection.execute(
                "INSERT INTO audit (actor, act, subject, reason) SELECT 'somsri', 'test', n::text, %s"
                " FROM generate_series(1, 60) n",
                [LOOKALIKE],
            )
            connection.execute("CREATE TABLE notes AS SELECT %s::text AS note", [LOOKALIKE])
        assert main(["backup", str(folder / "copy.tar")]) == 0
    return folder / "copy.tar"


def kept(url: str) -> list[tuple[int, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT (SELECT count(*) FROM audit), note FROM notes").fetchall()


def test_a_backup_goes_into_the_oldest_server(
    saved: Path, oldest_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All rows and photos arrive, this version finds its tables there, and a second time is refused."""
    with new_database(oldest_server) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        assert main(["restore", str(saved)]) == 0, capsys.readouterr().err
        assert kept(url) == [(60, LOOKALIKE)]
        assert (tmp_path / "state" / "media" / "photo").read_bytes() == b"jpeg"
        migrate(url)
        assert kept(url) == [(60, LOOKALIKE)]
        assert main(["restore", str(saved)]) == 1
        assert "the database is not empty" in capsys.readouterr().err


def test_a_backup_goes_into_the_embedded_database(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is made, filled and stopped again; a file that is there already stays."""
    state = tmp_path / "state"
    (state / "media").mkdir(parents=True)
    (state / "media" / "photo").write_bytes(b"mine")
    assert main(["restore", str(saved)]) == 0, capsys.readouterr().err
    assert not (state / "pg" / "data" / "postmaster.pid").exists()
    assert (state / "media" / "photo").read_bytes() == b"mine"
    with running(state) as url:
        assert kept(url) == [(60, LOOKALIKE)]


def test_a_dump_without_its_end_leaves_nothing_behind(
    saved: Path,
    fresh_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file that was cut off is told in one line, and the database is empty as before."""
    with tarfile.open(saved) as archive:
        archive.extract("database.dump", tmp_path, filter="data")
    dump = tmp_path / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-40])
    with tarfile.open(tmp_path / "half.tar", "w") as archive:
        archive.add(dump, arcname="database.dump")
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    assert main(["restore", str(tmp_path / "half.tar")]) == 1
    said = capsys.readouterr().err
    assert "the database refused: pg_restore: error:" in said
    with psycopg.connect(fresh_database_url) as connection:
        assert connection.execute("SELECT to_regclass('audit')").fetchone() == (None,)


def test_what_cannot_be_restored_is_one_clear_line(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No backup at all, a server that is away (without its password), a stack that runs."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hush-hush@127.0.0.1:1/none")
    other = tmp_path / "other.tar"
    other.write_bytes(b"no tar")
    assert main(["restore", str(other)]) == 1
    assert "is no backup" in capsys.readouterr().err
    assert main(["restore", str(saved)]) == 1
    said = capsys.readouterr().err
    assert "the database: the server does not answer: " in said
    assert "hush-hush" not in said
    run_dir(tmp_path / "state").mkdir(parents=True, exist_ok=True)
    with take_lock(tmp_path / "state"):
        assert main(["restore", str(saved)]) == 1
    assert f"the stack runs (process {os.getpid()}): stop it first" in capsys.readouterr().err


def test_psql_reaches_the_database_of_the_stack(fresh_database_url: str) -> None:
    """As privacy.md has it: the address and its password are in nobody's process list."""
    given = {**os.environ, "DATABASE_URL": fresh_database_url}
    command = [sys.executable, "-m", "app.psql", "-At", "-c", "SELECT current_database()"]
    said = subprocess.check_output(command, cwd=ROOT, env=given, text=True)
    assert said.strip() == fresh_database_url.partition("?")[0].rpartition("/")[2]
