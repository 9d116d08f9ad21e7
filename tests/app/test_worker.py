# SPDX-License-Identifier: Apache-2.0
"""The worker's process and the migration's: they start without a word that is not theirs."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg

from app.embedded_postgres import running

ROOT = Path(__file__).resolve().parents[2]


def environment(database_url: str, state: Path) -> dict[str, str]:
    """What the supervisor gives, without the machine's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRACHA_")}
    key = base64.b64encode(os.urandom(32)).decode()
    names = ("VAULT_KEY", "PSEUDONYM_KEY", "SESSION_KEY", "INTERNAL_TOKEN")
    return (
        kept
        | {f"PRACHA_{name}": key for name in names}
        | {
            "DATABASE_URL": database_url,
            "PRACHA_STATE_DIR": str(state),
            "PRACHA_ENV_FILE": "",
        }
    )


def test_the_migration_says_nothing(fresh_database_url: str, tmp_path: Path) -> None:
    """`python -m store.migrate` on an empty database."""
    done = subprocess.run(
        [sys.executable, "-m", "store.migrate"],
        cwd=ROOT,
        env=environment(fresh_database_url, tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert "App is instantiated" not in done.stderr
    assert str(ROOT) not in done.stderr


def test_a_process_says_that_it_waits_for_the_database(tmp_path: Path) -> None:
    """A server that is away: a line with the class of the error and the seconds, neither address nor password."""
    log = tmp_path / "worker.log"
    given = environment("postgresql://pracha:hush-hush@127.0.0.1:1/pracha", tmp_path)
    with (
        log.open("wb") as output,
        subprocess.Popen([sys.executable, "-m", "app.jobs"], cwd=ROOT, env=given, stdout=output) as worker,
    ):
        try:
            deadline = time.monotonic() + 20
            while not log.read_text(encoding="utf-8").endswith("\n"):
                assert time.monotonic() < deadline, "it waits in silence"
                time.sleep(0.1)
        finally:
            worker.kill()
    line = lines(log)[0]
    assert (line["event"], line["error"]) == ("database_awaited", "OperationalError")
    assert line["seconds"] >= 3
    assert "hush-hush" not in log.read_text(encoding="utf-8")


def test_every_line_of_the_worker_is_its_own(fresh_database_url: str, tmp_path: Path) -> None:
    """It works, ends when told to, and said nothing but JSON without a path of the machine."""
    log = tmp_path / "worker.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", "app.jobs"],
            cwd=ROOT,
            env=environment(fresh_database_url, tmp_path),
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as worker,
    ):
        try:
            until_it_works(fresh_database_url)
            worker.terminate()
            assert worker.wait(20) == 0
        finally:
            worker.kill()
    for line in log.read_text(encoding="utf-8").splitlines():
        assert "App is instantiated" not in line
        assert str(ROOT) not in line
        assert isinstance(json.loads(line), dict)


def until_it_works(database_url: str, patience: float = 30.0) -> None:
    """Returns when a worker has signed on; until the tables are there it has not."""
    deadline = time.monotonic() + patience
    while True:
        with psycopg.connect(database_url) as connection, contextlib.suppress(psycopg.errors.UndefinedTable):
            if connection.execute("SELECT 1 FROM procrastinate_workers").fetchone():
                return
        assert time.monotonic() < deadline, "no worker"
        time.sleep(0.1)


def test_a_lost_database_is_one_line_and_the_worker_comes_back(tmp_path: Path) -> None:
    """With the class of the error; when the database is there again, jobs run on."""
    log, server = tmp_path / "worker.log", tmp_path / "server"
    server.mkdir()
    with ExitStack() as stack:
        with running(server) as url:
            output = stack.enter_context(log.open("wb"))
            command, given = [sys.executable, "-m", "app.jobs"], environment(url, tmp_path)
            worker = stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=given, stdout=output, stderr=output))
            stack.callback(worker.kill)
            until_it_works(url)
        time.sleep(5)
        lost = [line for line in lines(log) if line["logger"] == "psycopg.pool"]
        assert [line["error"] for line in lost] == ["OperationalError"]
        with running(server) as url:
            with psycopg.connect(url) as connection:
                connection.execute("DELETE FROM procrastinate_workers")
            until_it_works(url)
            worker.terminate()
            assert worker.wait(15) == 0


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
