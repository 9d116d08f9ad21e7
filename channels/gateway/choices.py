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

_TOKEN = re.compile(r"([0-9]{1,12})\.([0-9]{1,3})\.([0-9]{1,3})")
_INTENT = re.compile(r"/([a-z_]+)")
#: Intents that mean nothing without the question they answer: a yes, a value for a form, a step of it, the erasing.
#: Their choices count only while theirs is the newest offer; an old "yes" must never answer a question that was asked
#: after it. Every other choice (services, guides, a case's state) says by itself what is wanted, and stays good.
ANSWER_INTENTS = frozenset({"affirm", "deny", "skip", "inform", "correct", "cancel", "confirm_erase", "keep_my_data"})


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


async def tapped(
    engine: AsyncEngine, seal: Seal, conversation_id: int, offer_seq: int | None, token: str
) -> Meant | None:
    """What a tap on a token means now; None also for the answer to a question that is no longer the newest offer."""
    meant = await look_up(engine, seal, conversation_id, token)
    if meant is None or (_answers_a_question(meant) and _seq_of(token) != offer_seq):
        return None
    return meant


def typed(seal: Seal, conversation_id: int, offered: bytes | None, text: str) -> Meant | None:
    """The choice whose label was typed instead of tapped, among those of an answer's sealed blocks."""
    if offered is None:
        return None
    wanted = normalise(text)
    blocks = outbox.opened(seal, conversation_id, offered)
    return next((meant for meant in offered_in(blocks or ()) if normalise(meant.label) == wanted), None)


def offered_in(blocks: Sequence[Block]) -> Iterable[Meant]:
    """Every choice in blocks, in order."""
    for block in blocks:
        for choice in block.get("choices") or ():
            yield _meant(choice)


def _answers_a_question(meant: Meant) -> bool:
    """A payload that cannot be read counts as one: what it would do is not known."""
    intent = _INTENT.match(meant.payload)
    return intent is None or intent[1] in ANSWER_INTENTS


def _seq_of(token: str) -> int:
    return int(token.partition(".")[0])


def _meant(choice: Any) -> Meant:
    return Meant(payload=str(choice["payload"]), label=str(choice["label"]))
