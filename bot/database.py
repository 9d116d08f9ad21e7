# SPDX-License-Identifier: Apache-2.0
"""A few kept PostgreSQL connections that are given up at the first doubt.

A pool with back-off would make the first citizen after a restart of the database wait; here a connection is opened
when one is needed, so the first turn after the restart works, and while the database is down each turn fails at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg

_CONNECTIONS = 8
_SECONDS = 5


class Connections:
    """At most `size` autocommit connections of one event loop; each statement may take `seconds`."""

    def __init__(self, url: str, size: int = _CONNECTIONS, seconds: int = _SECONDS) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._seconds = seconds
        self._free: list[psycopg.AsyncConnection] = []
        self._room = asyncio.Semaphore(size)

    def __repr__(self) -> str:
        return f"Connections(<{len(self._free)} free>)"

    @asynccontextmanager
    async def one(self) -> AsyncIterator[psycopg.AsyncConnection]:
        """A connection, kept afterwards only if nothing at all went wrong in the block.

        Raises psycopg.Error when the database cannot be reached.
        """
        async with self._room:
            connection = self._free.pop() if self._free else await self._open()
            try:
                yield connection
            except BaseException:
                # Also on cancellation: a statement may still be under way, so its connection is of no use.
                await _drop(connection)
                raise
            self._free.append(connection)

    async def drop_free(self) -> None:
        """Close what is kept and not in use, because one of them turned out to be dead."""
        free, self._free = self._free, []
        for connection in free:
            await _drop(connection)

    async def _open(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            connect_timeout=self._seconds,
            application_name="prachabot-bot",
            # A tracker need not be on disk before its answer: the gateway commits the turn's end later and waits for
            # the disk, and with it for all that was written before. What a crash takes is done again as the same turn.
            options=f"-c statement_timeout={self._seconds * 1000} -c synchronous_commit=off",
        )


async def _drop(connection: psycopg.AsyncConnection) -> None:
    # It is being thrown away because it is broken.
    with suppress(psycopg.Error, OSError, asyncio.TimeoutError):
        await asyncio.wait_for(connection.close(), 1)
