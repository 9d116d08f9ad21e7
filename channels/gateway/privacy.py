# SPDX-License-Identifier: Apache-2.0
"""Keeps personal identifiers out of the bot: handles go in, masked originals come out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import regex
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.metrics import Metrics
from core.messages import Block, texts_of
from store import vault
from store.sealing import Seal
from thai import identifiers
from thai.normalise import normalise

#: kind of a handle that stands for a whole private answer
PRIVATE = "private"


class Vault:
    """Replaces identifiers by handles for the bot and shows them masked to their own citizen."""

    def __init__(
        self,
        engine: AsyncEngine,
        seal: Seal,
        key: bytes,
        metrics: Metrics,
        private_slots: Collection[str],
        control_words: Collection[str],
    ) -> None:
        self._engine = engine
        self._seal = seal
        self._key = key
        self._metrics = metrics
        self._private_slots = frozenset(private_slots)
        self._control_words = frozenset(normalise(word) for word in control_words)

    async def sealed(self, conversation_id: int, text: str, requested_slot: str | None) -> str:
        """`text` with each identifier replaced by its handle.

        The answer to a question for something private (a name, a house address) is sealed whole, unless it is a word
        that steers the conversation, such as ยกเลิก.
        """
        text = text.replace("⟦", "[").replace("⟧", "]")  # nobody may write a handle by hand
        found = identifiers.find(text)
        if requested_slot in self._private_slots and normalise(text) not in self._control_words:
            if len(found) == 1 and _is_all_of(text, found[0]):
                return await self._put(conversation_id, found[0].kind, found[0].value)
            return await self._put(conversation_id, PRIVATE, text)
        parts: list[str] = []
        at = 0
        for one in found:
            parts += [text[at : one.start], await self._put(conversation_id, one.kind, one.value)]
            at = one.end
        return "".join([*parts, text[at:]])

    async def _put(self, conversation_id: int, kind: str, value: str) -> str:
        self._metrics.sealed.labels(kind).inc()
        return await vault.put(self._engine, self._seal, self._key, conversation_id, kind, value)

    async def shown(self, conversation_id: int, blocks: Sequence[Block]) -> list[dict[str, Any]]:
        """Blocks in which each handle is replaced by its masked original; an unknown handle by dots."""
        handles = {match.group(0) for text in texts_of(list(blocks)) for match in vault.HANDLE.finditer(text)}
        if not handles:
            return [dict(block) for block in blocks]
        known = await vault.originals(self._engine, self._seal, conversation_id, sorted(handles))
        masks = {handle: _mask(*known[handle]) if handle in known else "•••" for handle in handles}
        return [_masked(block, masks) for block in blocks]


def _is_all_of(text: str, one: identifiers.Identifier) -> bool:
    """Whether a text holds this identifier and nothing else: no name beside the number, say."""
    return not (text[: one.start] + text[one.end :]).strip(" .-")


def _mask(kind: str, value: str) -> str:
    if kind == PRIVATE:
        cluster = regex.match(r"\X", value)
        return f"{cluster.group(0) if cluster else ''}•••"
    return identifiers.mask(kind, value)


def _masked(value: Any, masks: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for handle, mask in masks.items():
            value = value.replace(handle, mask)
        return value
    if isinstance(value, Mapping):
        # A choice's payload goes back to the bot, which must see the handle.
        return {key: one if key == "payload" else _masked(one, masks) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(one, masks) for one in value]
    return value
