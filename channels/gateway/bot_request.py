# SPDX-License-Identifier: Apache-2.0
"""What the bot is asked: an event as the bot may see it, with identifiers behind handles and choices by their meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway import choices
from channels.gateway.privacy import Vault
from core.messages import Choice, Content, Location, Media, Message
from store.leases import Claimed
from store.sealing import Seal

#: emoji, signs and spaces alone: nothing that the bot could understand
_ONLY_SIGNS = regex.compile(
    r"[\p{Extended_Pictographic}\p{Emoji_Component}\p{P}\p{S}\s&&[^\p{N}\u0e00-\u0e7f]]+", regex.V1
)


def only_signs(content: Content) -> bool:
    """Whether there is nothing in a message that the bot could understand."""
    return isinstance(content, Message) and _ONLY_SIGNS.fullmatch(content.text) is not None


async def request_of(
    engine: AsyncEngine, seal: Seal, vault: Vault, claimed: Claimed, content: Content
) -> Mapping[str, Any] | None:
    """The content part of the bot's request (docs/developers/wire.md §2); None for a choice that means nothing any more.

    Raises ValueError for what the gateway deals with by itself.
    """
    conversation_id = claimed.conversation_id
    if isinstance(content, Message):
        meant = choices.typed(seal, conversation_id, claimed.offered, content.text)
        if meant is None:
            return {"text": await vault.sealed(conversation_id, content.text, claimed.requested_slot)}
        return {"choice": {"payload": meant.payload, "label": meant.label}}
    if isinstance(content, Choice):
        meant = await choices.tapped(engine, seal, conversation_id, claimed.offer_seq, content.choice)
        return None if meant is None else {"choice": {"payload": meant.payload, "label": meant.label}}
    if isinstance(content, Location):
        return {"location": {"lat": content.lat, "lon": content.lon}}
    if isinstance(content, Media):
        return {"media": {"id": content.media, "kind": "image"}}
    raise ValueError(f"a {content.kind} is nothing to ask the bot about")
