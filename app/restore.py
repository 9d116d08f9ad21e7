# SPDX-License-Identifier: Apache-2.0
"""`pracha restore`: what `pracha backup` wrote, into an empty database (ours, or any server from PostgreSQL 15 on)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from app.backup import libpq_environment
from app.embedded_postgres import BINARIES, DatabaseProblem, prepare, wait_ready
from app.leftovers import stop_leftovers
from app.progress import working
from app.settings import ROOT, Settings
from app.stack_lock import StackRuns, take_lock
from app.start_check import DatabaseAway, server_version
from app.state_paths import log_dir, run_dir
from store.engine import plain_url

_DUMP = "database.dump"
_STATE = "state/"
# What the dump of a newer PostgreSQL sets and an older one does not know; each is only a wish for the restore itself.
_NEWER_SETTINGS = (b"SET transaction_timeout ",)
_HEAD_LINES = 40  # settings stand at the very top; further down a line may be somebody's data
_TABLES = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


class RestoreFailed(Exception):
    """The text says why. The database is as it was."""


def restore(settings: Settings, source: Path) -> int:
    """Fill the empty database of these settings and the state directory; the number of files put there.

    All of the database or nothing of it. A file of the state directory that is there already stays.
    Raises RestoreFailed, OSError.
    """
    run_dir(settings.state_dir).mkdir(parents=True, exist_ok=True)
    try:
        lock = take_lock(settings.state_dir)
    except StackRuns as runs:
        raise RestoreFailed(f"the stack runs (process {runs.holder}): stop it first") from None
    try:
        with (
            lock,
            tarfile.open(source) as archive,
            tempfile.TemporaryDirectory(dir=settings.state_dir, prefix=".restore-") as folder,
        ):
            if _DUMP not in archive.getnames():
                raise RestoreFailed(f"{source} is no backup of `pracha backup`: there is no {_DUMP} in it")
            archive.extract(_DUMP, folder, filter="data")
            with _server(settings) as url:
                refuse_unless_empty(url)
                with working("filling the database"):
                    load_dump(Path(folder) / _DUMP, url)
            return _put_files(archive, settings.state_dir)
    except tarfile.TarError as error:
        raise RestoreFailed(f"{source} is no backup of `pracha backup`: {error}") from error
    except DatabaseProblem as problem:
        raise RestoreFailed(str(problem)) from problem


def refuse_unless_empty(url: str) -> None:
    """Raises RestoreFailed: the server does not answer, is too old, or holds tables already."""
    try:
        server_version(url)
    except DatabaseAway as away:
        raise RestoreFailed(f"the database: {away}") from away
    with psycopg.connect(plain_url(url), connect_timeout=5) as connection:
        (tables,) = connection.execute(_TABLES).fetchone() or (0,)
    if tables:
        raise RestoreFailed(
            "the database is not empty: name an empty one in DATABASE_URL, or another PRACHA_STATE_DIR, or move it away"
        )


def load_dump(dump: Path, url: str) -> None:
    """A dump of `pg_dump --format=custom` into an empty database, in one transaction. Raises RestoreFailed.

    pg_restore itself would send an older server settings that only newer ones know; so its script goes through here.
    """
    write = [str(BINARIES / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    read = [str(BINARIES / "psql"), "--no-psqlrc", "--quiet", "--output", os.devnull]
    read += ["--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse", "--file=-"]
    with tempfile.TemporaryFile() as said:
        writer = subprocess.Popen(write, stdout=subprocess.PIPE, stderr=said)
        reader = subprocess.Popen(
            read, stdin=subprocess.PIPE, stderr=said, env={**os.environ, **libpq_environment(url)}
        )
        assert writer.stdout is not None
        assert reader.stdin is not None
        try:
            with writer.stdout as script, reader.stdin as target:
                target.write(b"BEGIN;\n")
                for number, line in enumerate(script):
                    if number >= _HEAD_LINES or not line.startswith(_NEWER_SETTINGS):
                        target.write(line)
                # Not psql's --single-transaction: that commits what came before a broken end, too.
                if writer.wait() == 0:
                    target.write(b"COMMIT;\n")
        except BrokenPipeError:
            pass  # psql stopped at an error, which it said
        finally:
            codes = writer.wait(), reader.wait()
        if any(codes):
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            raise RestoreFailed(f"the database refused: {(lines or ['psql failed'])[0]}")


@contextmanager
def _server(settings: Settings) -> Iterator[str]:
    """The URL of a server that answers: the one of DATABASE_URL, or ours for the time of a `with` block."""
    if not settings.embedded_database:
        yield settings.database_url
        return
    stop_leftovers(settings.state_dir)  # of a killed stack: its server may still hold the data folder
    prepare(settings.state_dir)  # what cannot be made is told now, not by a server that never answers
    log_dir(settings.state_dir).mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PRACHA_STATE_DIR": str(settings.state_dir)}
    with (
        (log_dir(settings.state_dir) / "postgres.log").open("ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", "app.embedded_postgres"], cwd=ROOT, env=environment, stdout=log, stderr=log
        ) as server,
    ):
        try:
            wait_ready(settings.database_url)
            yield settings.database_url
        finally:
            server.send_signal(signal.SIGINT)


def _put_files(archive: tarfile.TarFile, state_dir: Path) -> int:
    """The media and the model of the backup, beside what is there."""
    put = 0
    for member in archive.getmembers():
        if not member.isfile() or not member.name.startswith(_STATE):
            continue
        name = member.name.removeprefix(_STATE)
        if (state_dir / name).exists():
            continue
        archive.extract(member.replace(name=name), state_dir, filter="data")
        put += 1
    return put
