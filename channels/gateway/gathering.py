# SPDX-License-Identifier: Apache-2.0
"""Stores events that come in faster than they can be begun: those that arrive during one commit share the next."""

from __future__ import annotations

import asyncio

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event
from store import inbox
from store.inbox import Received
from store.sealing import Seal
from store.together import receive_together

#: events of one statement: 50 webhooks at once are one or two
_MOST = 64

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

    async def _store_these(self, taken: list[_Waiting]) -> None:
        results: list[Received | None] = [None] * len(taken)
        try:
            if len(taken) > 1:
                results = await receive_together(self._engine, self._seal, [one[:2] for one in taken])
        except IntegrityError:
            pass  # another gateway has one of them under way; one by one it harms nobody else
        except BaseException as error:
            for _, _, stored in taken:
                _fail(stored, error)
            if not isinstance(error, (SQLAlchemyError, OSError)):
                raise
            return
        for (conversation_id, event, stored), result in zip(taken, results, strict=True):
            try:
                found = result or await inbox.receive_and_claim(
                    self._engine, self._seal, conversation_id, event, None, 0.0
                )
            except (SQLAlchemyError, OSError, LookupError) as error:
                _fail(stored, error)
            else:
                if not stored.done():
                    stored.set_result(found)


def _fail(stored: asyncio.Future[Received], error: BaseException) -> None:
    if not stored.done():
        stored.set_exception(error)
        stored.exception()  # its asker may have gone: no complaint about it then
