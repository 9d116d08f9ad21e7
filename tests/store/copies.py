# SPDX-License-Identifier: Apache-2.0
"""Copies of a migrated database: a tenth of the time that a migration takes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


@contextmanager
def copy_of(template_url: str) -> Iterator[str]:
    """A new database with everything that the template has; gives its URL. Nobody may be connected to the template."""
    parts = urlsplit(template_url)
    template, name = parts.path.lstrip("/"), f"copy_{uuid.uuid4().hex[:16]}"
    server = parts._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    try:
        yield parts._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
