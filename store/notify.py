# SPDX-License-Identifier: Apache-2.0
"""Hears the database's notifications (`inbox`, `outbox`: the id of a conversation) on a connection of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from collections.abc import Set as AbstractSet

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from store.engine import plain_url

_log = logging.getLogger(__name__)


_TELL = text("SELECT pg_notify(:channel, id::text) FROM unnest(CAST(:ids AS bigint[])) told (id)")


async def tell(engine: AsyncEngine, channel: str, conversation_ids: Collection[int]) -> None:
    """Notifies the other processes of many conversations at once.

    Not part of the statements that store: every transaction that notifies holds one lock of the whole database while
    it waits for the disk. What is lost between the two is found by the poll.
    """
    async with engine.connect() as connection:
        await connection.execute(_TELL, {"channel": channel, "ids": list(conversation_ids)})


async def notifications(
    url: str, channels: tuple[str, ...], own: AbstractSet[int] = frozenset()
) -> AsyncIterator[tuple[str, str]]:
    """Yields (channel, payload) for ever; after a lost connection it listens anew and yields (channel, "") for each,
    because something may have been missed. What came from one of the `own` backends is left out: whoever wrote it
    knows already."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                plain_url(url), autocommit=True, connect_timeout=5
            ) as connection:
                for channel in channels:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                for channel in channels:
                    yield channel, ""
                async for notice in connection.notifies():
                    if notice.pid not in own:
                        yield notice.channel, notice.payload
        except psycopg.Error as error:
            _log.warning("listening interrupted: %s", type(error).__name__)
        await asyncio.sleep(0.5)
