# SPDX-License-Identifier: Apache-2.0
"""Choices: a citizen holds only a short token; what it means stays with the answer that offered it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Block
from store import outbox
from store.sealing import Seal
from thai.normalise import normalise

_TOKEN = re.compile(r"(\d{1,12})\.(\d{1,3})\.(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a choice stands for: the bot's payload (`/intent{…}`) and the words on the button."""

    payload: str
    label: str


async def look_up(engine: AsyncEngine, seal: Seal, conversation_id: int, token: str) -> Meant | None:
    """What a token means in this conversation; None when it means nothing (any more)."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    seq, block, choice = (int(part) for part in match.groups())
    blocks = await outbox.blocks_of(engine, seal, conversation_id, seq)
    if blocks is None or block >= len(blocks):
        return None
    offered = blocks[block].get("choices") or []
    return _meant(offered[choice]) if choice < len(offered) else None


async def typed(
    engine: AsyncEngine, seal: Seal, conversation_id: int, offer_seq: int | None, text: str
) -> Meant | None:
    """The choice whose label was typed instead of tapped, among those that answer number `offer_seq` offers."""
    if offer_seq is None:
        return None
    wanted = normalise(text)
    blocks = await outbox.blocks_of(engine, seal, conversation_id, offer_seq)
    return next((meant for meant in offered_in(blocks or ()) if normalise(meant.label) == wanted), None)


def offered_in(blocks: Sequence[Block]) -> Iterable[Meant]:
    """Every choice in blocks, in order."""
    for block in blocks:
        for choice in block.get("choices") or ():
            yield _meant(choice)


def _meant(choice: Any) -> Meant:
    return Meant(payload=str(choice["payload"]), label=str(choice["label"]))
