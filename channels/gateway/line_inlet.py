# SPDX-License-Identifier: Apache-2.0
"""What LINE's webhook keeps between requests: the channel's secret, and which conversations it has seen."""

from __future__ import annotations

from collections import OrderedDict

from sqlalchemy.ext.asyncio import AsyncEngine

from store import conversations
from store.sealing import Seal

CHANNEL = "line"
#: conversations whose row is known, by address; it saves two statements an event
_REMEMBERED = 50_000


class LineInlet:
    """The secret of the channel, the bot's own user id (None accepts any destination), and known conversations."""

    def __init__(
        self, engine: AsyncEngine, seal: Seal, pseudonym_key: bytes, secret: bytes, destination: str | None
    ) -> None:
        self.secret = secret
        self.destination = destination
        self._engine = engine
        self._seal = seal
        self._pseudonym_key = pseudonym_key
        #: bytes of bodies that are being read or stored
        self.held = 0
        self._known: OrderedDict[str, int] = OrderedDict()

    async def conversation(self, address: str) -> int:
        """The conversation of a LINE user, group or room, made on first sight."""
        known = self._known.get(address)
        if known is not None:
            self._known.move_to_end(address)
            return known
        opened = await conversations.open_conversation(self._engine, self._seal, self._pseudonym_key, CHANNEL, address)
        self._known[address] = opened.id
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return opened.id

    def forget(self, address: str) -> None:
        """Its row is gone: the next event makes it anew."""
        self._known.pop(address, None)
