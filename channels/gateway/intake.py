# SPDX-License-Identifier: Apache-2.0
"""Takes in an event of a citizen: committed first, and begun at once when the turn worker has room."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.attachments import Attachments
from channels.gateway.gathering import Gathering
from channels.gateway.hub import Hub
from channels.gateway.turns import TurnWorker
from core.messages import Attachment, Event
from store import inbox
from store.inbox import Received
from store.sealing import Seal


class Intake:
    """The one way by which channels put events into the inbox."""

    def __init__(
        self, engine: AsyncEngine, seal: Seal, hub: Hub, worker: TurnWorker, attachments: Attachments, lease: float
    ) -> None:
        self._engine = engine
        self._seal = seal
        self._hub = hub
        self._worker = worker
        self._attachments = attachments
        self._lease = lease
        self._gathering = Gathering(engine, seal)

    async def receive(self, conversation_id: int, event: Event) -> tuple[int, bool]:
        """Stores one event; (its number, whether it was new). Raises LookupError for an unknown conversation."""
        received = await self._stored(conversation_id, event)
        if received.line is not None and isinstance(event.content, Attachment) and event.message_id is not None:
            # At once: the channel keeps it for a while only, and the turn may have to wait for the bot.
            self._attachments.begin(event.channel, conversation_id, event.message_id, event.content)
        if received.line is not None:
            self._hub.arrived(conversation_id, received.line)
            if received.claimed is None:
                self._hub.waits(conversation_id)
        return received.seq, received.fresh

    async def _stored(self, conversation_id: int, event: Event) -> Received:
        if not self._gathering.busy:
            with self._worker.room() as owner:
                if owner is not None:
                    received = await inbox.receive_and_claim(
                        self._engine, self._seal, conversation_id, event, owner, self._lease
                    )
                    if received.claimed is not None:
                        self._worker.begin(received.claimed)
                    return received
        # It will have to wait, so it can be stored together with the others that do.
        return await self._gathering.receive(conversation_id, event)
