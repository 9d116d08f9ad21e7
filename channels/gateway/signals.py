# SPDX-License-Identifier: Apache-2.0
"""What the gateway does by itself about things that happened without words: a follow, a sticker, a message taken back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.bot_client import BotClient
from core.messages import Signal
from store import deliveries, inbox
from store.inbox import Claimed
from store.media import MediaStore, forget_media_of

#: the gateway's own answer to a signal; what is not here is not answered
_ANSWERS = {
    "follow": "system_welcome",
    "sticker": "system_sticker",
    "join": "system_group_policy",
    "group_message": "system_group_policy",
}


@dataclass(frozen=True, slots=True)
class Signals:
    """Acts on signals."""

    engine: AsyncEngine
    files: MediaStore
    bot: BotClient

    async def act(self, claimed: Claimed, signal: Signal) -> str | None:
        """Does what a signal asks for; the name of the answer to it, None for silence. Raises the bot's verdicts."""
        if signal.name in ("unfollow", "leave"):
            await deliveries.close_contact(self.engine, claimed.conversation_id)
        elif signal.name == "unsend" and signal.about is not None:
            await self._forget_message(claimed, signal.about)
        return _ANSWERS.get(signal.name)

    async def _forget_message(self, claimed: Claimed, message_id: str) -> None:
        """The words, the file and what the bot keeps of a message that its sender took back."""
        for turn_id in await inbox.take_back(self.engine, claimed.conversation_id, message_id):
            await self.bot.erase(claimed.key, turn_id)
        await forget_media_of(self.engine, self.files, claimed.conversation_id, message_id)
