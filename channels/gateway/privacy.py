# SPDX-License-Identifier: Apache-2.0
"""Keeps personal identifiers out of the bot: handles go in, masked originals come out."""

from __future__ import annotations

import re
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
#: kind of a handle that stands for an account at which somebody can be written to
ACCOUNT = "account"
#: kinds of identifiers by which somebody can be reached
_REACHES = ("phone", "email")

#: What stands around a number without adding to it: "เบอร์ 0812345678 ค่ะ".
_AROUND = re.compile(
    r"เบอร์(?:โทรศัพท์|โทร|มือถือ|ติดต่อ)?|หมายเลข(?:โทรศัพท์)?|โทรศัพท์|โทร\.?|มือถือ|อีเมล์?|เมล์?|ติดต่อ|กลับ|ได้|ที่|ของ|คือ|นี้|เลย"
    r"|ผม|ดิฉัน|หนู|ฉัน|เรา|นะ|ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ|\b(?:tel|phone|mobile|call|e-?mail|mail|my|me|is|number|at|on)\b",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:\bline\b|ไลน์|ไลด์|\big\b|\bfb\b|facebook|instagram|เฟซบุ๊ก|เฟสบุ๊ก|เฟซ|เฟส)\s*(?:\bid\b|ไอดี)?\s*[:=]?\s*@?[\w.\-]{3,}"
    r"|^\s*@[A-Za-z0-9._\-]{3,}\s*$",
    re.IGNORECASE,
)
#: A refusal or a question speaks to the bot and names nobody: sealed, it would be taken for the answer.
_SPEAKS_TO_THE_BOT = re.compile(
    r"^\s*(?:ไม่|ยังไม่|มะ?ไม่|อย่า|ขอไม่|ขอข้าม|ข้าม|เว้น|ผ่าน|ขอบ(?:คุณ|ใจ)|หยุด|รอ|เดี๋ยว|แป๊บ|เปลี่ยน|แก้|เอ๊ะ|no\b|nope|none|not\b|don'?t|thank|thx|skip|wait)"
    r"|ทำไม|เพื่ออะไร|เอาไป|อะไร|เป็นไง|เท่าไ[หร]|ยังไง|อย่างไร|จำเป็น|ไหม\s*(?:คะ|ครับ|ค่ะ)?\s*\??\s*$|\?\s*$|^\s*(?:why|what|how)\b",
    re.IGNORECASE,
)
#: Words of danger must be understood wherever they are typed, whatever stands beside them.
_DANGER = re.compile(
    r"หมดสติ|จมน้ำ|ไฟไหม้|ช่วยด้วย|ไม่หายใจ|หัวใจ|เลือด|ฉุกเฉิน|อยากตาย|ฆ่าตัวตาย|จบชีวิต|ไม่อยากอยู่|ไม่อยากมีชีวิต|ยิงกัน|โดนยิง|โดนแทง|อุบัติเหตุ"
    r"|รถชน|โดนทำร้าย|\b(?:emergency|suicid(?:e|al)|drowning|unconscious|bleeding|kill|sos)\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"[0-9๐-๙@]")


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
        that steers the conversation, such as ยกเลิก, a refusal or a question. The handles of what reaches its citizen
        (a phone number, an e-mail address, an account) follow it, so that the bot knows whether there is any.
        """
        text = text.replace("⟦", "[").replace("⟧", "]")  # nobody may write a handle by hand
        found = identifiers.find(text)
        if requested_slot in self._private_slots and not self._steers(text):
            if len(found) == 1 and _is_all_of(text, found[0]):
                return await self._put(conversation_id, found[0].kind, found[0].value)
            whole = await self._put(conversation_id, PRIVATE, text)
            reach: list[tuple[str, str]] = [(one.kind, one.value) for one in found if one.kind in _REACHES]
            account = None if reach else _ACCOUNT.search(text)
            reach += [(ACCOUNT, account[0].strip())] if account else []
            return " ".join([whole, *[await self._put(conversation_id, kind, value) for kind, value in reach]])
        parts: list[str] = []
        at = 0
        for one in found:
            parts += [text[at : one.start], await self._put(conversation_id, one.kind, one.value)]
            at = one.end
        return "".join([*parts, text[at:]])

    def _steers(self, text: str) -> bool:
        """Whether the words speak to the bot instead of answering it; with a number in them they answer."""
        if normalise(text) in self._control_words or _DANGER.search(text):
            return True
        return _SPEAKS_TO_THE_BOT.search(text) is not None and not _DIGIT.search(text) and not _ACCOUNT.search(text)

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
    return not _AROUND.sub(" ", f"{text[: one.start]} {text[one.end :]}").strip(" .:-")


def _mask(kind: str, value: str) -> str:
    if kind in (PRIVATE, ACCOUNT):
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
