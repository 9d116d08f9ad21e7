# SPDX-License-Identifier: Apache-2.0
"""Migrations make exactly the tables that the code knows, once, whoever runs them and how often."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from store.engine import driver_url
from store.migrate import migrate, migrate_when_up
from store.tables import metadata

ROOT = Path(__file__).parents[2]


def ours(_: Any, name: str | None, kind: str, __: bool, ___: Any) -> bool:
    """Tables of the job library and of alembic are not ours to compare."""
    return not (
        kind == "table" and name is not None and (name.startswith("procrastinate") or name == "alembic_version")
    )


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True, "include_object": ours}
    )
    return list(compare_metadata(context, metadata))


def contents(url: str) -> list[tuple[Any, ...]]:
    """Every table, column, index, constraint and function of the database."""
    engine = create_engine(driver_url(url))
    try:
        with engine.connect() as connection:
            rows = connection.execute(
                text(
                    """
                    SELECT 'column', table_name::text, column_name::text, data_type::text FROM information_schema.columns
                    WHERE table_schema = 'public'
                    UNION ALL SELECT 'index', tablename::text, indexname::text, indexdef FROM pg_indexes
                      WHERE schemaname = 'public'
                    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
                      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
                    UNION ALL SELECT 'function', proname::text, '', '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
                    ORDER BY 1, 2, 3, 4
                    """
                )
            ).all()
            return [tuple(row) for row in rows]
    finally:
        engine.dispose()


def test_the_tables_are_those_of_the_code(migrated_url: str) -> None:
    """A migrated database and store.tables do not differ: no table, column, type, default or index."""
    engine = create_engine(driver_url(migrated_url))
    try:
        with engine.connect() as connection:
            assert differences(connection) == []
            # and the comparison would see it
            connection.execute(text("ALTER TABLE runtime ADD COLUMN more text"))
            connection.execute(text("DROP INDEX inbox_one_doing"))
            assert len(differences(connection)) == 2
            connection.rollback()
    finally:
        engine.dispose()


def test_migrating_again_changes_nothing(migrated_url: str) -> None:
    """The second run finds everything done."""
    before = contents(migrated_url)
    assert len(before) > 150
    migrate(migrated_url)
    assert contents(migrated_url) == before


def test_many_at_once_migrate_once(fresh_database_url: str, migrated_url: str) -> None:
    """Five processes that start together bring the same database up without an error."""
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(migrate, [fresh_database_url] * 5))
    assert contents(fresh_database_url) == contents(migrated_url)


def test_it_is_a_command_too(fresh_database_url: str, migrated_url: str) -> None:
    """`python -m store.migrate` reads DATABASE_URL, and says so when there is none."""
    line = [sys.executable, "-m", "store.migrate"]
    environment = {"DATABASE_URL": fresh_database_url, "PATH": "/usr/bin:/bin"}
    subprocess.run(line, cwd=ROOT, env=environment, check=True, timeout=60)
    assert contents(fresh_database_url) == contents(migrated_url)
    silent = subprocess.run(
        line, cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, check=False, timeout=60, capture_output=True, text=True
    )
    assert silent.returncode == 2
    assert silent.stderr == "DATABASE_URL is not set\n"


def test_the_last_step_can_be_undone(fresh_database_url: str, migrated_url: str) -> None:
    """Down to the step before and up again: the same database."""
    migrate(fresh_database_url)
    engine = create_engine(driver_url(fresh_database_url))
    try:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(ROOT / "store" / "migrations"))
            config.attributes["connection"] = connection
            command.downgrade(config, "-1")
    finally:
        engine.dispose()
    assert contents(fresh_database_url) != contents(migrated_url)
    migrate(fresh_database_url)
    assert contents(fresh_database_url) == contents(migrated_url)


def test_a_server_that_never_comes_is_told() -> None:
    """After its patience the error is raised, not swallowed."""
    with pytest.raises(OperationalError):
        migrate_when_up("postgresql://postgres@127.0.0.1:1/none", patience=0.3)


@pytest.mark.parametrize("url", ["mysql://root@localhost/x", "sqlite:///x.db"])
def test_another_database_is_refused(url: str) -> None:
    """PostgreSQL and nothing else."""
    with pytest.raises(ValueError, match="postgresql://"):
        migrate(url)
