# SPDX-License-Identifier: Apache-2.0
"""Asks the bot, and lets the citizen know meanwhile that somebody is at work."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.bot_answer import TurnAnswer
from channels.gateway.bot_client import BotClient
from channels.gateway.composing import SystemAnswers
from channels.gateway.config import GatewayConfig
from channels.gateway.hub import Hub
from core.ports import PushChannel
from store import conversations, outbox
from store.leases import Claimed
from store.sealing import Seal

#: seconds within which an answer makes a word about waiting needless
_MOMENT = 1.0
#: Channels whose citizens fetch their answers: to store an answer is to deliver it.
PULLED = frozenset({"web", "terminal"})


class Asking:
    """The bot's client with the manners of a good clerk."""

    def __init__(
        self,
        config: GatewayConfig,
        engine: AsyncEngine,
        seal: Seal,
        bot: BotClient,
        answers: SystemAnswers,
        hub: Hub,
        channels: Mapping[str, PushChannel],
    ) -> None:
        self._config = config
        self._engine = engine
        self._seal = seal
        self._bot = bot
        self._answers = answers
        self._hub = hub
        self._channels = channels
        self._ornaments: set[asyncio.Task[None]] = set()

    async def ask(self, claimed: Claimed, request: Mapping[str, Any], locale: str) -> TurnAnswer:
        """The bot's answer; a citizen who waits long meanwhile is told."""
        call = asyncio.ensure_future(
            self._bot.turn(
                turn_id=claimed.turn_id,
                conversation=claimed.key,
                content=request,
                locale=locale,
                channel=claimed.channel,
            )
        )
        try:
            # An event that has waited long already gets a moment too: its answer may be just coming.
            after = self._patience(claimed)
            patience = max(after - claimed.age, min(after, _MOMENT))
            done, _ = await asyncio.wait({call}, timeout=min(patience, _MOMENT))
            if not done and claimed.channel in self._channels:
                await self._show_busy(claimed)
            if not done and patience > _MOMENT:
                done, _ = await asyncio.wait({call}, timeout=patience - _MOMENT)
            if not done:
                await self.tell_waiting(claimed, locale, due=True)
            return await call
        finally:
            call.cancel()

    def _patience(self, claimed: Claimed) -> float:
        """Seconds until a citizen is told to wait: where that costs the only reply, as late as a reply is possible."""
        pushed = claimed.channel in self._channels
        return self._config.tell_waiting_on_push_after if pushed else self._config.tell_waiting_after

    async def _show_busy(self, claimed: Claimed) -> None:
        address = await conversations.address_of(self._engine, self._seal, claimed.conversation_id)
        if address is not None:
            # An ornament: the answer does not wait for it.
            task = asyncio.create_task(self._channels[claimed.channel].busy(address))
            self._ornaments.add(task)
            task.add_done_callback(self._ornaments.discard)

    async def tell_waiting(self, claimed: Claimed, locale: str, due: bool = False) -> None:
        if claimed.told_waiting_at is not None or not (due or claimed.age >= self._patience(claimed)):
            return
        pulled = claimed.channel in PULLED
        seq = await outbox.say(
            self._engine,
            self._seal,
            claimed.conversation_id,
            self._answers.system("system_waiting", {}, locale),
            pulled=pulled,
            waiting=True,
            turn_id=claimed.turn_id,
        )
        if seq is not None:
            self._hub.said(claimed.conversation_id, seq, pulled=pulled)
