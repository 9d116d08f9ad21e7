# SPDX-License-Identifier: Apache-2.0
"""Takes in an event of a citizen: committed first, and begun at once when the turn worker has room."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.hub import Hub
from channels.gateway.turns import TurnWorker
from core.messages import Event
from store import inbox
from store.sealing import Seal


class Intake:
    """The one way by which channels put events into the inbox."""

    def __init__(self, engine: AsyncEngine, seal: Seal, hub: Hub, worker: TurnWorker, lease: float) -> None:
        self._engine = engine
        self._seal = seal
        self._hub = hub
        self._worker = worker
        self._lease = lease

    async def receive(self, conversation_id: int, event: Event) -> tuple[int, bool]:
        """Stores one event; (its number, whether it was new). Raises LookupError for an unknown conversation."""
        with self._worker.room() as owner:
            received = await inbox.receive_and_claim(
                self._engine, self._seal, conversation_id, event, owner, self._lease
            )
            if received.claimed is not None:
                self._worker.begin(received.claimed)
        if received.line is not None:
            self._hub.arrived(conversation_id, received.line)
            if received.claimed is None:
                self._hub.work.set()
        return received.seq, received.fresh
