# SPDX-License-Identifier: Apache-2.0
"""`pracha backup`: the database, the citizens' media and the live model in one file."""

from __future__ import annotations

import os
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from app.embedded_postgres import BINARIES
from app.progress import working
from app.settings import Settings


class BackupFailed(Exception):
    """Nothing was written; the text says why."""


def backup(settings: Settings, target: Path | None) -> Path:
    """Write a tar file (readable by its owner only) and return its path. Keys are not in it.

    `database.dump` is for `pg_restore`; `state/` holds the media and the model. Raises BackupFailed.
    """
    target = target or settings.state_dir / "backup" / f"prachabot-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    if target.exists():
        raise BackupFailed(f"{target} is there already")
    try:
        psycopg.connect(settings.database_url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        raise BackupFailed("the database does not answer: is the stack running?") from error
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            dump = Path(folder) / "database.dump"
            with working("copying the database"):
                _dump(settings.database_url, dump)
            with (
                working("packing"),
                os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            ):
                _pack(file, dump, settings.state_dir)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def _dump(url: str, target: Path) -> None:
    command = [str(BINARIES / "pg_dump"), "--format=custom", "--no-owner", "--file", str(target)]
    environment = {**os.environ, **libpq_environment(url)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed((done.stderr.strip().splitlines() or ["pg_dump failed"])[0])


def libpq_environment(url: str) -> dict[str, str]:
    """The address as libpq's environment variables: in the arguments every user of the machine could read it."""
    names = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    return {
        variable.decode(): str(value)
        for keyword, value in conninfo_to_dict(url).items()
        if value is not None and (variable := names.get(keyword))
    }


def _pack(file: BinaryIO, dump: Path, state_dir: Path) -> None:
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.add(dump, arcname="database.dump")
        for name in ("media", "rasa"):
            if (state_dir / name).is_dir():
                archive.add(state_dir / name, arcname=f"state/{name}")
