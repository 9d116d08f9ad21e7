# SPDX-License-Identifier: Apache-2.0
"""Stores events that come in faster than they can be begun: those that arrive during one commit share the next."""

from __future__ import annotations

import asyncio

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event
from store import inbox
from store.inbox import Received
from store.sealing import Seal
from store.together import receive_together

#: events of one statement: 50 webhooks at once are one or two
_MOST = 64

#: PostgreSQL's word for: of two that waited for each other you were the one to give way
_DEADLOCK = "40P01"

_Waiting = tuple[int, Event, "asyncio.Future[Received]"]


class Gathering:
    """Events in the order in which they came; nobody waits longer than for the statement under way and his own."""

    def __init__(self, engine: AsyncEngine, seal: Seal) -> None:
        self._engine = engine
        self._seal = seal
        self._waiting: list[_Waiting] = []
        self._storing: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether something waits or is being stored: what comes after it must not overtake it."""
        return self._storing is not None

    async def receive(self, conversation_id: int, event: Event) -> Received:
        """What `store.inbox.receive_and_claim` returns without a lease. Raises what it raises."""
        stored: asyncio.Future[Received] = asyncio.get_running_loop().create_future()
        self._waiting.append((conversation_id, event, stored))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store())
        return await stored

    async def _store(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
                await self._store_these(taken)
        finally:
            self._storing = None
            left, self._waiting = self._waiting, []
            _nobody_waits(left)

    async def _store_these(self, taken: list[_Waiting]) -> None:
        try:
            results = await self._together(taken)
            for (conversation_id, event, stored), result in zip(taken, results, strict=True):
                try:
                    found = result or await inbox.receive_and_claim(
                        self._engine, self._seal, conversation_id, event, None, 0.0
                    )
                except Exception as error:  # noqa: BLE001  it is his who asked, and nobody else's
                    _fail(stored, error)
                else:
                    if not stored.done():
                        stored.set_result(found)
        except Exception as error:  # noqa: BLE001  each of those who asked gets it
            for _, _, stored in taken:
                _fail(stored, error)
        finally:
            _nobody_waits(taken)

    async def _together(self, taken: list[_Waiting]) -> list[Received | None]:
        """One result an event; None for what must be stored by itself. Raises when the database is away."""
        if len(taken) > 1:
            try:
                return await receive_together(self._engine, self._seal, [one[:2] for one in taken])
            except Exception as error:
                if _is_away(error):
                    raise
                # One of them is under way in another gateway, or can be stored by nobody: one by one it harms no other.
        return [None] * len(taken)


def _is_away(error: Exception) -> bool:
    """Whether the trouble is the database's own, so that one by one would be no better."""
    if isinstance(error, OperationalError):
        return getattr(error.orig, "sqlstate", None) != _DEADLOCK
    return isinstance(error, (InterfaceError, PoolTimeout, OSError))


def _fail(stored: asyncio.Future[Received], error: BaseException) -> None:
    if not stored.done():
        stored.set_exception(error)
        stored.exception()  # its asker may have gone: no complaint about it then


def _nobody_waits(left: list[_Waiting]) -> None:
    """Whoever still waits when nothing more is stored, because it was stopped, is told so."""
    for _, _, stored in left:
        _fail(stored, ConnectionAbortedError("not stored"))
