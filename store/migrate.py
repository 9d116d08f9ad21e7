# SPDX-License-Identifier: Apache-2.0
"""Brings a database to the tables that this version needs; safe to run from several processes at once."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from procrastinate import SyncPsycopgConnector
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from store.engine import driver_url, plain_url

_log = structlog.get_logger(__name__)

#: Any fixed number: whoever holds this advisory lock is migrating.
_LOCK = 7_246_001
#: seconds between two words about a server that is still awaited
_SAY_EVERY = 3.0
_FOLDER = Path(__file__).parent / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Upgrades the database at `url` to `revision`; does nothing when it is there already.

    Raises sqlalchemy.exc.OperationalError when the server does not answer.
    """
    engine = create_engine(driver_url(url))
    try:
        with engine.connect() as guard:
            guard.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            guard.commit()
            try:
                with engine.begin() as connection:
                    command.upgrade(_config(connection), revision)
                with engine.connect() as connection:
                    jobs_known = connection.scalar(text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL"))
                if not jobs_known:
                    _make_job_tables(url)
            finally:
                guard.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
                guard.commit()
    finally:
        engine.dispose()


def _make_job_tables(url: str) -> None:
    """The tables of procrastinate, without an App: one that is made in `__main__` warns, and there are no jobs here."""
    connector = SyncPsycopgConnector(conninfo=plain_url(url))
    connector.open()
    try:
        SchemaManager(connector).apply_schema()
    finally:
        connector.close()


def migrate_when_up(url: str, patience: float = 60.0) -> None:
    """`migrate`, waiting up to `patience` seconds for a server that is still starting."""
    begun = said = time.monotonic()
    while True:
        try:
            return migrate(url)
        except OperationalError as error:
            now = time.monotonic()
            if now > begun + patience:
                raise
            # A server that starts with us is there within a second or two: that is no news.
            if now > said + _SAY_EVERY:
                said = now
                _log.warning("database_awaited", error=type(error.orig).__name__, seconds=round(now - begun))
            time.sleep(0.2)


def main() -> int:
    """`python -m store.migrate` with DATABASE_URL in the environment."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        print("DATABASE_URL is not set", file=sys.stderr)
        return 2
    migrate_when_up(url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
