# SPDX-License-Identifier: Apache-2.0
"""The turn worker: takes conversations that have work, and answers each of their events once, in order.

Nothing is decided in memory. A worker may die at any line: the lease lapses, another takes the same event with the
same turn id, and the bot answers a turn that it has done already without running it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Iterator, Mapping

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.answering import Answering
from channels.gateway.asking import Asking
from channels.gateway.bot_client import BotClient
from channels.gateway.composing import SystemAnswers
from channels.gateway.config import GatewayConfig
from channels.gateway.hub import Hub, woken
from channels.gateway.metrics import Metrics
from channels.gateway.own_answers import OwnAnswers
from channels.gateway.privacy import Vault
from core.ports import PushChannel
from store import leases
from store.leases import Claimed
from store.media import MediaStore
from store.sealing import Seal

_log = structlog.get_logger(__name__)


class TurnWorker:
    """Answers up to `slots` conversations at a time, one event at a time each."""

    def __init__(
        self,
        config: GatewayConfig,
        engine: AsyncEngine,
        seal: Seal,
        bot: BotClient,
        answers: SystemAnswers,
        vault: Vault,
        files: MediaStore,
        hub: Hub,
        metrics: Metrics,
        own: OwnAnswers,
        channels: Mapping[str, PushChannel],
    ) -> None:
        self.owner = uuid.uuid4()
        self._config = config
        self._engine = engine
        self._hub = hub
        asking = Asking(config, engine, seal, bot, answers, hub, channels)
        self._answering = Answering(
            config, engine, seal, bot, answers, vault, files, hub, metrics, own, asking, self.owner
        )
        self._active: dict[asyncio.Task[None], int] = {}
        #: places kept for events that are being stored
        self._kept = 0
        self._working = False

    async def run(self) -> None:
        """Works until cancelled. Trouble with the database only makes it wait."""
        keeper = asyncio.create_task(self._keep_leases())
        self._working = True
        try:
            while True:
                try:
                    await self._fill()
                except (SQLAlchemyError, OSError) as error:
                    _log.warning("database_away", error=type(error).__name__)
                    await asyncio.sleep(0.5)
        finally:
            self._working = False
            keeper.cancel()
            for task in self._active:
                task.cancel()
            await asyncio.gather(*self._active, keeper, return_exceptions=True)
            # When the database is away too, the leases lapse by themselves.
            with contextlib.suppress(SQLAlchemyError, OSError):
                await leases.release_all(self._engine, self.owner)

    @contextlib.contextmanager
    def room(self) -> Iterator[uuid.UUID | None]:
        """A place kept while an event is stored: the owner for its lease, or None when there is none to be had."""
        if not self._working or self._config.slots - len(self._active) - self._kept <= 0:
            yield None
            return
        self._kept += 1
        try:
            yield self.owner
        finally:
            self._kept -= 1

    def begin(self, claimed: Claimed) -> None:
        """Answers an event whose conversation was leased to `owner`, and what comes in there meanwhile."""
        if not self._working:
            return  # nobody renews the lease any more: it lapses, and another worker takes the event
        task = asyncio.create_task(self._conversation(claimed))
        self._active[task] = claimed.conversation_id
        task.add_done_callback(self._freed)

    async def _fill(self) -> None:
        self._hub.work.clear()
        room = self._config.slots - len(self._active) - self._kept
        taken = await leases.claim(self._engine, self.owner, room, self._config.lease) if room > 0 else ()
        for claimed in taken:
            self.begin(claimed)
        if taken and len(taken) == room:
            return
        await woken(self._hub.work, self._config.poll)

    def _freed(self, task: asyncio.Task[None]) -> None:
        self._active.pop(task, None)
        if len(self._active) == self._config.slots - 1:
            self._hub.work.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("conversation_failed", error=type(error).__name__)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._config.lease / 3)
            if self._active:
                try:
                    held = list(self._active.values())
                    # In time for the next try: a renewal that hangs must not cost the leases of all.
                    async with asyncio.timeout(self._config.lease / 3):
                        await leases.renew(self._engine, self.owner, held, self._config.lease)
                except (SQLAlchemyError, OSError, TimeoutError) as error:
                    _log.warning("lease_not_renewed", error=type(error).__name__)

    async def _conversation(self, claimed: Claimed | None) -> None:
        """Answers a conversation's events until none waits or one must wait."""
        while claimed is not None:
            try:
                more = await self._answering.event(claimed)
            except (SQLAlchemyError, OSError) as error:
                # The database is away: the lease lapses and the event is taken again.
                _log.warning("turn_not_stored", turn=str(claimed.turn_id), error=type(error).__name__)
                return
            if not more or not self._working:
                return
            conversation_id = claimed.conversation_id
            claimed = await leases.take_next(self._engine, self.owner, conversation_id)
            if claimed is None:
                await leases.let_go(self._engine, self.owner, conversation_id)
