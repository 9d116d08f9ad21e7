# SPDX-License-Identifier: Apache-2.0
"""Delivers answers to the channels that must be called: in their order, each once, with a committed record of every try."""

from __future__ import annotations

import asyncio
import math
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.hub import Hub, woken
from channels.gateway.metrics import Metrics
from core.errors import RecipientGone, Unauthorised, Unavailable, Verdict
from core.ports import Accepted, Method, Outgoing, PushChannel, ReplyClosed
from core.retry import DELIVERY, GiveUp, decide
from store import answers, contacts, deliveries, inbox
from store.answers import Answer
from store.deliveries import Delivery
from store.outbox import place_of
from store.sealing import Seal, Unsealable

_log = structlog.get_logger(__name__)

#: seconds of one call to a channel at most, with whatever it takes to get a token for it
CALL = 12.0
#: seconds; longer than one call, for each of which it is taken anew
LEASE = 15.0
#: seconds until a channel whose key was refused is asked again: somebody must mend the settings
_PAUSE = 30.0
#: seconds after which an answer is a dead letter, whoever may replay it, while the channel's key is refused
_OLDEST = DELIVERY.max_age or math.inf
#: seconds between tries to record that a reply was refused: nobody can ask for it again
_CLOSING = (0.2, 0.5, 1.0)


class DeliveryWorker:
    """Delivers up to `slots` answers at a time, one per conversation."""

    def __init__(
        self,
        engine: AsyncEngine,
        seal: Seal,
        channels: Mapping[str, PushChannel],
        hub: Hub,
        metrics: Metrics,
        *,
        slots: int = 16,
        poll: float = 1.0,
    ) -> None:
        self.owner = uuid.uuid4()
        self._engine = engine
        self._seal = seal
        self._channels = channels
        self._hub = hub
        self._metrics = metrics
        self._slots = slots
        self._poll = poll
        self._active: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Works until cancelled. Trouble with the database only makes it wait."""
        try:
            while True:
                try:
                    await self._fill()
                except (SQLAlchemyError, OSError) as error:
                    _log.warning("database_away", error=type(error).__name__)
                    await asyncio.sleep(0.5)
        finally:
            # What is under way ends: the record of a call that was made is worth a moment.
            if self._active:
                await asyncio.wait(self._active, timeout=2.0)
            for task in self._active:
                task.cancel()
            await asyncio.gather(*self._active, return_exceptions=True)

    async def _fill(self) -> None:
        self._hub.deliver.clear()
        room = self._slots - len(self._active)
        taken = await answers.claim_answers(self._engine, self.owner, room, LEASE, self._channels) if room > 0 else []
        for answer in taken:
            task = asyncio.create_task(self._answer(answer))
            self._active.add(task)
            task.add_done_callback(self._freed)
        if taken and len(taken) == room:
            return
        await woken(self._hub.deliver, self._poll)

    def _freed(self, task: asyncio.Task[None]) -> None:
        self._active.discard(task)
        # The conversation's next answer may be waiting behind this one.
        self._hub.deliver.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("delivery_failed", error=type(error).__name__)

    async def _answer(self, answer: Answer) -> None:
        try:
            await self._deliver(answer)
        except (SQLAlchemyError, OSError) as error:
            # The lease lapses and the answer is taken again; what is not known of a call is on its row.
            _log.warning("delivery_not_stored", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  an answer that our own code chokes on must not hold up the next
            _log.error("delivery_broken", answer=answer.id, error=type(error).__name__)
            await answers.end(self._engine, answer.id, state="dead", reason=type(error).__name__)

    async def _deliver(self, answer: Answer) -> None:
        channel = self._channels[answer.channel]
        if answer.blocks is None or answer.address is None or not answer.reachable:
            await answers.end(self._engine, answer.id, state="cancelled", reason="nobody to tell")
            return
        try:
            calls = await deliveries.deliveries_of(self._engine, answer.id)
            if not calls:
                blocks = self._seal.open_json(answer.blocks, place_of(answer.conversation_id))
                made = channel.calls(answer.seq, blocks, answer.locale)
                if not made:
                    await answers.end(self._engine, answer.id, state="sent", reason="nothing to show")
                    return
                calls = await deliveries.prepare(self._engine, self._seal, answer, made)
            address = self._seal.open(answer.address, f"contact:{answer.key}").decode()
            envelope = self._envelope(answer)
        except Unsealable:
            await answers.end(self._engine, answer.id, state="dead", reason="Unsealable")
            return
        token_used = answer.token_used
        if not calls[-1].open and not any(call.open for call in calls):
            # Its end was not recorded with its last call; the newer ones would wait behind it for ever.
            await answers.end(self._engine, answer.id, state="sent", reason="")
            return
        for call in calls:
            if not call.open:
                token_used = token_used or call.method == "reply"
                continue
            outgoing = self._outgoing(answer, call, address, envelope, token_used)
            if not await self._call(answer, channel, call, outgoing, last=call is calls[-1]):
                return
            token_used = True

    def _envelope(self, answer: Answer) -> Mapping[str, Any]:
        if answer.event is None:
            return {}
        _, payload = inbox.open_payload(self._seal, answer.conversation_id, answer.event)
        envelope: Mapping[str, Any] = payload.get("envelope") or {}
        return envelope

    def _outgoing(
        self, answer: Answer, call: Delivery, address: str, envelope: Mapping[str, Any], token_used: bool
    ) -> Outgoing:
        sealed = call.messages or b""
        return Outgoing(
            address=address,
            messages=deliveries.open_messages(self._seal, answer.conversation_id, sealed),
            retry_key=call.retry_key,
            ordinal=call.ordinal,
            envelope=envelope,
            token_age=answer.token_age,
            token_used=token_used,
            tried=call.method,
            unsure=call.unsure,
            urgent=not answer.in_turn,
        )

    async def _call(
        self, answer: Answer, channel: PushChannel, call: Delivery, outgoing: Outgoing, *, last: bool
    ) -> bool:
        """Makes one call; True when the channel has it."""
        while True:
            method = channel.method(outgoing)
            if not await answers.keep_answer(self._engine, self.owner, answer.id, LEASE):
                return False
            if not await deliveries.trying(self._engine, call.id, method):
                return False
            try:
                accepted = await _in_time(channel, outgoing, method)
            except ReplyClosed as verdict:
                self._count(answer, method, verdict.verdict)
                await self._closed(call, verdict)
                outgoing = replace(outgoing, token_used=True, tried=None, unsure=False)
                continue
            except Verdict as verdict:
                self._count(answer, method, verdict.verdict)
                await self._failed(answer, call, verdict)
                return False
            await self._accepted(answer, call, accepted, last)
            self._count(answer, method, "sent")
            return True

    async def _closed(self, call: Delivery, verdict: ReplyClosed) -> None:
        """On record before anything else: who takes over must not read the next refusal as "it went through before"."""
        for pause in _CLOSING:
            try:
                await deliveries.reply_closed(self._engine, call.id, reason=verdict.reason)
                return
            except (SQLAlchemyError, OSError):
                await asyncio.sleep(pause)
        await deliveries.reply_closed(self._engine, call.id, reason=verdict.reason)

    async def _accepted(self, answer: Answer, call: Delivery, accepted: Accepted, last: bool) -> None:
        await deliveries.sent(
            self._engine,
            call.id,
            last=last,
            request_id=accepted.request_id,
            accepted_request_id=accepted.accepted_request_id,
        )

    async def _failed(self, answer: Answer, call: Delivery, verdict: Verdict) -> None:
        unsure = isinstance(verdict, Unavailable) and verdict.maybe_done
        await deliveries.not_sent(self._engine, call.id, unsure=unsure, reason=verdict.reason)
        _log.warning(
            "not_delivered",
            answer=answer.id,
            conversation=answer.key,
            verdict=verdict.verdict,
            reason=verdict.reason,
            attempt=answer.attempts + 1,
        )
        if isinstance(verdict, RecipientGone):
            await contacts.close_contact(self._engine, answer.conversation_id)
            return
        if isinstance(verdict, Unauthorised) and call.key_age < _OLDEST:
            await answers.later(self._engine, self.owner, answer.id, delay=_PAUSE, reason=verdict.reason, counted=False)
            self._wake_in(_PAUSE)
            return
        decision = decide(DELIVERY, verdict, answer.attempts + 1, call.key_age)
        if isinstance(decision, GiveUp):
            await answers.end(self._engine, answer.id, state="dead", reason=verdict.reason or decision.reason)
            return
        await answers.later(self._engine, self.owner, answer.id, delay=decision.delay, reason=verdict.reason)
        self._wake_in(decision.delay)

    def _wake_in(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds + 0.01, self._hub.deliver.set)

    def _count(self, answer: Answer, method: str, result: str) -> None:
        self._metrics.deliveries.labels(answer.channel, method, result).inc()


async def _in_time(channel: PushChannel, outgoing: Outgoing, method: Method) -> Accepted:
    """One call that ends before the lease on its answer does. Raises verdicts."""
    try:
        async with asyncio.timeout(CALL):
            return await channel.send(outgoing, method)
    except TimeoutError:
        raise Unavailable("no answer in time", maybe_done=True) from None
