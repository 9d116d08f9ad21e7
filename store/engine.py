# SPDX-License-Identifier: Apache-2.0
"""Opens the database: one engine per process, and the two ways in which a statement runs."""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def driver_url(url: str) -> str:
    """`postgresql://…` as people write it → the form that names our driver. Raises ValueError for another database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        raise ValueError("DATABASE_URL must begin with postgresql://")
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def plain_url(url: str) -> str:
    """The same address without SQLAlchemy's driver name, for libpq and psycopg.

    SQLAlchemy writes a space as ` ` before the `?` and as `+` after it; libpq takes `%20` only.
    """
    rendered = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    address, mark, options = rendered.partition("?")
    return address.replace(" ", "%20") + mark + options.replace("+", "%20")


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def open_engine(url: str, size: int = 8) -> AsyncEngine:
    """An engine with at most `size` connections, which notices a restarted server by itself.

    Ledger statements are complete by themselves, so the engine runs in autocommit: one round trip each, no empty
    BEGIN/COMMIT around them. What needs several statements opens `transaction(engine)`.
    """
    address = make_url(driver_url(url))
    asked = address.query.get("options", "")
    options = " ".join(asked) if isinstance(asked, tuple) else asked
    return create_async_engine(
        address,
        pool_size=size,
        max_overflow=0,
        pool_timeout=10,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        json_serializer=_dumps,
        # UTC, whatever the server's own: psycopg makes every time one of the session's zone.
        connect_args={"connect_timeout": 5, "prepare_threshold": 2, "options": f"{options} -c timezone=UTC".strip()},
    )


def backends(engine: AsyncEngine) -> AbstractSet[int]:
    """Process ids of the server's ends of this engine's connections, kept up to date from now on.

    Call it before the first statement: it makes it possible to tell one's own notifications from others'.
    """
    pids: set[int] = set()
    by_connection: dict[int, int] = {}

    def opened(connection: Any, _: Any) -> None:
        by_connection[id(connection)] = pid = connection.driver_connection.info.backend_pid
        pids.add(pid)

    def closed(connection: Any, _: Any) -> None:
        pids.discard(by_connection.pop(id(connection), 0))

    event.listen(engine.sync_engine, "connect", opened)
    event.listen(engine.sync_engine, "close", closed)
    return pids


def transaction(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, for `async with transaction(engine).begin() as connection:` over several statements."""
    return engine.execution_options(isolation_level="READ COMMITTED")
