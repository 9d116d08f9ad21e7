# SPDX-License-Identifier: Apache-2.0
"""What the gateway deals with by itself: signals without words, files that are still with the channel, later photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.attachments import Attachments
from channels.gateway.bot_client import BotClient
from core.errors import Rejected, Unavailable
from core.messages import Attachment, Content, Media, Signal
from store import contacts, inbox
from store.leases import Claimed
from store.media import MediaStore, TakenBack, attach_late, forget_media_of, has_earlier_sibling

#: the gateway's own answer to a signal; what is not here is not answered
_ANSWERS = {
    "follow": "system_welcome",
    "sticker": "system_sticker",
    "join": "system_group_policy",
    "group_message": "system_group_policy",
}
#: seconds for which a file is tried to be had
_FETCH_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Own:
    """The gateway's own answer by its name; None is silence."""

    answer: str | None
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """Deals with events before the bot is asked."""

    engine: AsyncEngine
    files: MediaStore
    bot: BotClient
    attachments: Attachments

    async def deal(self, claimed: Claimed, content: Content, message_id: str | None) -> Content | Own:
        """What is left for the bot, or our own answer. Raises verdicts for trouble that passes."""
        if isinstance(content, Signal):
            await self._act(claimed, content)
            return Own(_ANSWERS.get(content.name))
        if isinstance(content, Attachment):
            return await self._file(claimed, content, message_id)
        if isinstance(content, Media):
            return await self._late(claimed, content) or content
        return content

    async def _act(self, claimed: Claimed, signal: Signal) -> None:
        if signal.name in ("unfollow", "leave"):
            await contacts.close_contact(self.engine, claimed.conversation_id, claimed.inbox_id)
        elif signal.name in ("follow", "join"):
            await contacts.reopen_contact(self.engine, claimed.conversation_id)
        elif signal.name == "unsend" and signal.about is not None:
            for turn_id in await inbox.take_back(self.engine, claimed.conversation_id, signal.about):
                await self.bot.erase(claimed.key, turn_id)
            await forget_media_of(self.engine, self.files, claimed.conversation_id, signal.about)

    async def _file(self, claimed: Claimed, attachment: Attachment, message_id: str | None) -> Content | Own:
        """Stored, a photo goes to the bot; of several that came together only the first does."""
        try:
            stored = await self.attachments.stored(
                claimed.channel, claimed.conversation_id, message_id or str(claimed.turn_id), attachment
            )
        except TakenBack:
            return Own(None)  # whoever took it back wants to hear nothing of it
        except Rejected:
            return Own("system_attachment_unusable")
        except Unavailable:
            if claimed.age > _FETCH_PATIENCE:
                return Own("system_attachment_unusable")
            raise
        if attachment.media != "image":
            return Own("system_attachment_kept")
        if (late := await self._late(claimed, Media(stored.id))) is not None:
            return late
        if attachment.set_id and await has_earlier_sibling(self.engine, claimed.conversation_id, stored.id):
            return Own(None)
        return Media(stored.id)

    async def _late(self, claimed: Claimed, photo: Media) -> Own | None:
        """Soon after a report a photo belongs to the report, and that is said once; None for any other photo."""
        if claimed.active_form is not None:
            return None
        late = await attach_late(self.engine, claimed.conversation_id, photo.media)
        if late is None:
            return None
        return Own("system_photo_added", {"ticket_id": late.ticket_id}) if late.first else Own(None)
