# SPDX-License-Identifier: Apache-2.0
"""The embedded PostgreSQL: made once, private, and up again whatever was killed."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from app.embedded_postgres import (
    DatabaseProblem,
    data_dir,
    embedded_url,
    prepare,
    running,
    server_process,
    socket_dir,
    wait_ready,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """A short path: sockets fit in it, and the server's user can pass."""
    folder = Path(tempfile.mkdtemp(prefix="pracha-t-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_what_is_written_is_there_after_a_restart(state_dir: Path) -> None:
    """The second start uses the database of the first."""
    with running(state_dir) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('ฝุ่น')")
    with running(state_dir) as url, psycopg.connect(url) as connection:
        row = connection.execute("SELECT word FROM kept").fetchone()
    assert row == ("ฝุ่น",)


def test_it_listens_on_no_port_and_only_its_owner_reaches_the_socket(state_dir: Path) -> None:
    """No password is asked, so nobody else may get near."""
    with running(state_dir):
        server = server_process(state_dir)
        assert server is not None
        assert [c for c in server.net_connections("inet") if c.status == psutil.CONN_LISTEN] == []
        assert stat.S_IMODE(socket_dir(state_dir).stat().st_mode) == 0o700
        assert stat.S_IMODE(data_dir(state_dir).stat().st_mode) == 0o700


def test_sorting_does_not_depend_on_the_machine(state_dir: Path) -> None:
    """The builtin locale: the same everywhere, and Thai is text like any other."""
    with running(state_dir) as url, psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT datlocprovider::text, datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'postgres'"
        ).fetchone()
    assert row == ("b", "C.UTF-8", "UTF8")


def test_it_starts_again_after_a_kill(state_dir: Path) -> None:
    """kill -9 leaves its lock files behind; the next start takes over what was committed."""
    command = [sys.executable, "-m", "app.embedded_postgres"]
    environment = {**os.environ, "PRACHA_STATE_DIR": str(state_dir)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as first:
        wait_ready(embedded_url(state_dir))
        with psycopg.connect(embedded_url(state_dir)) as connection:
            connection.execute("CREATE TABLE kept ()")
        server = server_process(state_dir)
        assert server is not None
        assert server.pid == first.pid, "the supervisor must watch the server itself"
        os.kill(first.pid, signal.SIGKILL)
    assert (data_dir(state_dir) / "postmaster.pid").exists()
    with running(state_dir) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_lock_whose_number_belongs_to_another_process_is_stale(state_dir: Path) -> None:
    """In a container the killed server's process id is soon taken again; that must not stop the start."""
    with running(state_dir):
        pass
    # PostgreSQL itself sees through a process of another user, and through its own parent: this one is neither.
    user = data_dir(state_dir).stat().st_uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=user) as other:
        lines = [str(other.pid), str(data_dir(state_dir)), "1", "5432", str(socket_dir(state_dir)), "", "0 0", "ready"]
        (data_dir(state_dir) / "postmaster.pid").write_text("\n".join(lines))
        (socket_dir(state_dir) / ".s.PGSQL.5432.lock").write_text("\n".join(lines))
        try:
            with running(state_dir) as url:
                wait_ready(url, 1)
        finally:
            other.kill()


def test_a_half_made_database_is_made_anew(state_dir: Path) -> None:
    """Whoever pulled the plug during initdb gets a whole database, not half of one."""
    draft = data_dir(state_dir).with_name("data.new")
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18")
    prepare(state_dir)
    assert not draft.exists()
    assert (data_dir(state_dir) / "global" / "pg_control").exists()


def test_another_version_is_told_in_plain_words(state_dir: Path) -> None:
    """A database of another PostgreSQL is refused with what to do, and left alone."""
    data_dir(state_dir).mkdir(parents=True)
    (data_dir(state_dir) / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseProblem, match=r"PostgreSQL 16, this is 18.*pg_upgrade.*DATABASE_URL"):
        prepare(state_dir)


def test_a_long_path_gets_its_socket_elsewhere(state_dir: Path) -> None:
    """A socket's path has at most 103 bytes; a deep checkout works all the same."""
    deep = state_dir / ("ก" * 30) / "state"
    deep.mkdir(parents=True)
    folder = socket_dir(deep)
    assert not folder.is_relative_to(deep)
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= 103
    try:
        with running(deep) as url:
            wait_ready(url, 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_folder_of_somebody_else_is_refused(state_dir: Path) -> None:
    """Under /tmp anybody can make the socket's folder first: a link in its place stops the start."""
    target = state_dir / "trap"
    target.mkdir()
    socket_dir(state_dir).parent.mkdir(parents=True)
    socket_dir(state_dir).symlink_to(target)
    with pytest.raises(DatabaseProblem, match="belongs to somebody else"):
        prepare(state_dir)


def test_waiting_ends_with_a_reason(state_dir: Path) -> None:
    """No server: after the given time an error, not for ever."""
    with pytest.raises(DatabaseProblem, match="did not answer"):
        wait_ready(embedded_url(state_dir), 0.2)


def test_a_throwaway_server_ends_with_the_process_that_asked_for_it() -> None:
    """Its input ends when its parent dies, so a killed test run leaves no server and no folder."""
    command = [sys.executable, "-m", "app.throwaway_postgres"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        url = server.stdout.readline().strip()
        wait_ready(url, 1)
        server.stdin.close()
        assert server.wait(20) == 0
    assert not Path(url.partition("host=")[2]).exists()
