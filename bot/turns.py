# SPDX-License-Identifier: Apache-2.0
"""Runs the turns of this process: the model in use, one turn at a time per conversation, each within its deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.failures import StoreConflict, StoreFailed, TurnFailed
from bot.turn_processor import TurnProcessor
from bot.turn_request import Erasure, Incoming
from bot.window_store import WindowTrackerStore


@dataclass
class _Line:
    """Who is in a conversation's turn and how many wait or work there."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class Turns:
    """The state of the bot process. `processor` is None until a model was loaded, checked and tried out."""

    def __init__(self, store: WindowTrackerStore) -> None:
        self.store = store
        self.processor: TurnProcessor | None = None
        #: why there is no processor: `starting`, or `no_model` once the gateway said that it has none
        self.waiting_for = "starting"
        self._lines: dict[str, _Line] = {}

    def use(self, processor: TurnProcessor) -> None:
        """Answer with this model from the next turn on; turns under way end with theirs."""
        self.processor = processor
        self.store.domain = processor.domain

    async def do(self, incoming: Incoming) -> dict[str, Any]:
        """The answer to a turn. Raises TurnFailed; its `saved`, where known, says how the form stands."""
        processor = self.processor
        if processor is None:
            raise TurnFailed(self.waiting_for)
        ends = time.monotonic() + incoming.deadline
        saved: dict[str, Any] = {}
        try:
            async with self._alone(incoming.conversation, incoming.deadline):
                return await asyncio.wait_for(processor.turn(incoming, saved), ends - time.monotonic())
        except TurnFailed as failure:
            failure.saved = saved
            raise
        except Exception as error:
            failure = TurnFailed("deadline" if isinstance(error, asyncio.TimeoutError) else "bot")
            failure.saved = saved
            raise failure from error

    async def erase(self, erasure: Erasure) -> None:
        """Forget a conversation, or the words of one of its turns. Raises TurnFailed."""
        async with self._alone(erasure.conversation, 10.0):
            try:
                if erasure.turn_id is None:
                    await self.store.erase(erasure.conversation)
                else:
                    await self.store.erase_turn(erasure.conversation, erasure.turn_id)
            except StoreConflict as error:
                raise TurnFailed("lock") from error
            except StoreFailed as error:
                raise TurnFailed("tracker_store") from error

    @asynccontextmanager
    async def _alone(self, conversation: str, seconds: float) -> AsyncIterator[None]:
        """In the order of arrival. Rasa's own lock looks once a second whether it is free."""
        line = self._lines.setdefault(conversation, _Line())
        line.users += 1
        try:
            try:
                await asyncio.wait_for(line.lock.acquire(), seconds)
            except asyncio.TimeoutError:
                raise TurnFailed("lock") from None
            try:
                yield
            finally:
                line.lock.release()
        finally:
            line.users -= 1
            if not line.users:
                self._lines.pop(conversation, None)
