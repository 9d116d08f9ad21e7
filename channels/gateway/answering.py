# SPDX-License-Identifier: Apache-2.0
"""Answers one event: what it says goes to the bot, or we answer it ourselves, and its end is committed in one piece."""

from __future__ import annotations

import asyncio
import time
import uuid

import structlog
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.asking import PULLED, Asking
from channels.gateway.bot_answer import TurnAnswer
from channels.gateway.bot_client import ActionsAway, BotClient, TurnFailed
from channels.gateway.bot_request import only_signs, request_of
from channels.gateway.composing import SystemAnswers, compose, directives
from channels.gateway.config import GatewayConfig
from channels.gateway.hub import Hub
from channels.gateway.metrics import Metrics
from channels.gateway.own_answers import Own, OwnAnswers
from channels.gateway.privacy import Vault
from core.errors import Unauthorised, Unavailable, Verdict
from core.outcomes import Outcome, outcome_of
from core.retry import BOT_AWAY, TURN_FAILED, GiveUp, decide, delay_before
from store import inbox, leases, retention, turns
from store.leases import Claimed
from store.media import MediaStore
from store.sealing import Seal, Unsealable

_log = structlog.get_logger(__name__)

#: the intent of a hello
_GREETING = "greet"


class Answering:
    """Answers the events whose conversations `owner` has leased."""

    def __init__(
        self,
        config: GatewayConfig,
        engine: AsyncEngine,
        seal: Seal,
        bot: BotClient,
        answers: SystemAnswers,
        vault: Vault,
        files: MediaStore,
        hub: Hub,
        metrics: Metrics,
        own: OwnAnswers,
        asking: Asking,
        owner: uuid.UUID,
    ) -> None:
        self._config = config
        self._engine = engine
        self._seal = seal
        self._bot = bot
        self._answers = answers
        self._vault = vault
        self._files = files
        self._hub = hub
        self._metrics = metrics
        self._own = own
        self._asking = asking
        self._owner = owner

    async def event(self, claimed: Claimed) -> bool:
        """Answers one event; True when the next one of the same conversation can be taken at once.

        An event that our own code or the database chokes on is a failed try, so that it cannot hold up its
        conversation for ever. A database that is away is no failed try: it is raised.
        """
        try:
            return await self._try(claimed)
        except (DataError, IntegrityError, ProgrammingError) as error:
            reason = type(error).__name__
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, the next message must be answered
            reason = type(error).__name__
        _log.error("turn_broken", turn=str(claimed.turn_id), error=reason, attempt=claimed.attempts)
        decision = decide(TURN_FAILED, TurnFailed(reason, None, ()), claimed.attempts)
        if isinstance(decision, GiveUp):
            return await self._give_up(claimed, claimed.locale, reason, ())
        await self._put_back(claimed, decision.delay, claimed.attempts, reason)
        return False

    async def _try(self, claimed: Claimed) -> bool:
        if claimed.payload is None:
            return await self._finish(claimed, turns.Finished(outcome=Outcome.CANCELLED, answers=(), reason="wiped"))
        try:
            content, payload = inbox.open_payload(self._seal, claimed.conversation_id, claimed.payload)
        except (Unsealable, ValueError, KeyError) as error:
            return await self._give_up(claimed, claimed.locale, type(error).__name__, ())
        locale = str(payload.get("locale") or claimed.locale)
        if only_signs(content):
            return await self._own_answer(claimed, Own("system_emoji_only"), locale)
        started = time.monotonic()
        try:
            dealt = await self._own.deal(claimed, content, payload.get("message_id"))
            if isinstance(dealt, Own):
                return await self._own_answer(claimed, dealt, locale)
            request = await request_of(self._engine, self._seal, self._vault, claimed, dealt)
            if request is None:
                return await self._own_answer(claimed, Own("system_choice_expired"), locale)
            answer = await self._asking.ask(claimed, request, locale)
        except Verdict as verdict:
            return await self._not_answered(claimed, locale, verdict)
        bot_seconds = time.monotonic() - started
        self._metrics.bot_seconds.observe(bot_seconds)
        return await self._answered(claimed, locale, answer, bot_seconds * 1000)

    async def _own_answer(self, claimed: Claimed, own: Own, locale: str) -> bool:
        """The end of a turn that did not need the bot; whatever form is open goes on."""
        if own.answer is None:
            return await self._finish(claimed, turns.Finished(outcome=Outcome.ANSWERED, answers=(), keep_form=True))
        blocks = self._answers.system(own.answer, own.arguments, locale)
        finished = turns.Finished(outcome=Outcome.ANSWERED, answers=[turns.Said("system", blocks)], keep_form=True)
        return await self._finish(claimed, finished)

    async def _not_answered(self, claimed: Claimed, locale: str, verdict: Verdict) -> bool:
        """What a verdict of the bot means for the event: it waits, it is tried once more, or it is given up."""
        self._metrics.verdicts.labels(verdict.verdict).inc()
        _log.warning(
            "turn_not_answered",
            turn=str(claimed.turn_id),
            verdict=verdict.verdict,
            reason=verdict.reason,
            attempt=claimed.attempts,
        )
        gone = isinstance(verdict, ActionsAway) and claimed.age > self._config.actions_patience
        if isinstance(verdict, (Unavailable, Unauthorised)) and not gone:
            # The bot is away, or it does not know our token until somebody mends the settings: both say nothing
            # against this event, so the try does not count.
            tries = max(int(claimed.age / BOT_AWAY.longest_delay), 1)
            await self._asking.tell_waiting(claimed, locale)
            await self._put_back(claimed, delay_before(BOT_AWAY, tries), claimed.attempts - 1, verdict.reason)
            return False
        saved = verdict.filled_slots if isinstance(verdict, TurnFailed) else ()
        decision = decide(TURN_FAILED, verdict, claimed.attempts)
        if gone or isinstance(decision, GiveUp):
            return await self._give_up(claimed, locale, verdict.reason, saved)
        await self._put_back(claimed, decision.delay, claimed.attempts, verdict.reason)
        return False

    async def _answered(self, claimed: Claimed, locale: str, answer: TurnAnswer, bot_ms: float) -> bool:
        understanding = answer.understanding
        greets = understanding.intent == _GREETING and answer.active_form is None
        replies = answer.replies
        if greets and claimed.greeted:
            # People type in pieces: the second "hello" gets a short word, never the whole menu again.
            replies = self._answers.system("system_greet_again", {}, locale)
        blocks = compose(
            replies,
            self._answers,
            locale=locale,
            repaired=understanding.repaired,
            first=not claimed.noticed_privacy,
            privacy_url=f"{self._config.public_url}/privacy",
        )
        orders = directives(blocks)
        shown = await self._vault.shown(claimed.conversation_id, blocks)
        more = await self._finish(
            claimed,
            turns.Finished(
                outcome=outcome_of(understanding.decision, understanding.intent),
                answers=[turns.Said("bot", shown)] if shown else (),
                intent=understanding.intent,
                confidence=understanding.confidence,
                understanding=understanding.figures(),
                active_form=answer.active_form,
                requested_slot=answer.requested_slot,
                noticed_privacy=not claimed.noticed_privacy,
                erase="erase" in orders,
                greeted=greets,
                bot_ms=bot_ms,
            ),
        )
        if "erase" in orders:
            await self._erase(claimed.conversation_id, claimed.key)
        return more

    async def _erase(self, conversation_id: int, key: str) -> None:
        """Forgets a conversation here and in the bot. What fails now is done by the retention job."""
        try:
            await self._bot.erase(key)
            await retention.erase(self._engine, self._files, conversation_id)
            self._hub.forget(conversation_id)
        except Verdict as verdict:
            _log.warning("erase_postponed", verdict=verdict.verdict)

    async def _give_up(self, claimed: Claimed, locale: str, reason: str, saved: tuple[str, ...]) -> bool:
        """Apologises, says what is safe, and leaves a dead letter for staff, so that the next message is answered."""
        arguments = {"saved": [{"field": name} for name in saved] or None}
        blocks = self._answers.system("system_apology", arguments, locale)
        return await self._finish(
            claimed,
            turns.Finished(
                outcome=Outcome.FAILED,
                answers=[turns.Said("system", blocks)],
                keep_form=True,
                reason=reason,
                dead=True,
            ),
        )

    async def _finish(self, claimed: Claimed, finished: turns.Finished) -> bool:
        pulled = claimed.channel in PULLED
        result = await turns.finish(self._engine, self._seal, self._owner, claimed, finished, pulled=pulled)
        if result is None:
            _log.warning("lease_lost", turn=str(claimed.turn_id))
            return False
        self._metrics.turns.labels(claimed.channel, finished.outcome.value).inc()
        if claimed.late:
            self._metrics.late.labels(claimed.channel).inc()
        self._metrics.turn_seconds.labels(claimed.channel).observe(claimed.age + (finished.bot_ms or 0) / 1000)
        self._hub.said(claimed.conversation_id, result.last_seq, result.lines, pulled=pulled)
        _log.info(
            "turn",
            turn=str(claimed.turn_id),
            conversation=claimed.key,
            outcome=finished.outcome.value,
            intent=finished.intent,
            bot_ms=finished.bot_ms and round(finished.bot_ms, 1),
            late=claimed.late,
        )
        return result.pending > 0

    async def _put_back(self, claimed: Claimed, delay: float, attempts: int, reason: str) -> None:
        await leases.put_back(self._engine, self._owner, claimed, delay=delay, attempts=max(attempts, 0), reason=reason)
        asyncio.get_running_loop().call_later(delay + 0.01, self._hub.work.set)
