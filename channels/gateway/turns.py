# SPDX-License-Identifier: Apache-2.0
"""The turn worker: takes conversations that have work, and answers each of their events once, in order.

Nothing is decided in memory. A worker may die at any line: the lease lapses, another takes the same event with the
same turn id, and the bot answers a turn that it has done already without running it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import Iterator, Mapping

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
from core.ports import PushChannel
from core.retry import BOT_AWAY, TURN_FAILED, GiveUp, decide, delay_before
from store import inbox, retention, turns
from store.inbox import Claimed
from store.media import MediaStore
from store.sealing import Seal, Unsealable

_log = structlog.get_logger(__name__)

#: the intent of a hello
_GREETING = "greet"


class TurnWorker:
    """Answers up to `slots` conversations at a time, one event at a time each."""

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
        channels: Mapping[str, PushChannel],
    ) -> None:
        self.owner = uuid.uuid4()
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
        self._asking = Asking(config, engine, seal, bot, answers, hub, channels)
        self._active: dict[asyncio.Task[None], int] = {}
        #: places kept for events that are being stored
        self._kept = 0
        self._working = False

    async def run(self) -> None:
        """Works until cancelled. Trouble with the database only makes it wait."""
        keeper = asyncio.create_task(self._keep_leases())
        self._working = True
        try:
            while True:
                try:
                    await self._fill()
                except (SQLAlchemyError, OSError) as error:
                    _log.warning("database_away", error=type(error).__name__)
                    await asyncio.sleep(0.5)
        finally:
            self._working = False
            keeper.cancel()
            for task in self._active:
                task.cancel()
            await asyncio.gather(*self._active, keeper, return_exceptions=True)
            # When the database is away too, the leases lapse by themselves.
            with contextlib.suppress(SQLAlchemyError, OSError):
                await inbox.release_all(self._engine, self.owner)

    @contextlib.contextmanager
    def room(self) -> Iterator[uuid.UUID | None]:
        """A place kept while an event is stored: the owner for its lease, or None when there is none to be had."""
        if not self._working or self._config.slots - len(self._active) - self._kept <= 0:
            yield None
            return
        self._kept += 1
        try:
            yield self.owner
        finally:
            self._kept -= 1

    def begin(self, claimed: Claimed) -> None:
        """Answers an event whose conversation was leased to `owner`, and what comes in there meanwhile."""
        if not self._working:
            return  # nobody renews the lease any more: it lapses, and another worker takes the event
        task = asyncio.create_task(self._conversation(claimed))
        self._active[task] = claimed.conversation_id
        task.add_done_callback(self._freed)

    async def _fill(self) -> None:
        self._hub.work.clear()
        room = self._config.slots - len(self._active) - self._kept
        taken = await inbox.claim(self._engine, self.owner, room, self._config.lease) if room > 0 else ()
        for claimed in taken:
            self.begin(claimed)
        if taken and len(taken) == room:
            return
        # Not wait_for: in Python 3.11 it loses a cancellation that comes together with the wake-up.
        with contextlib.suppress(asyncio.TimeoutError):
            async with asyncio.timeout(self._config.poll):
                await self._hub.work.wait()

    def _freed(self, task: asyncio.Task[None]) -> None:
        self._active.pop(task, None)
        if len(self._active) == self._config.slots - 1:
            self._hub.work.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("conversation_failed", error=type(error).__name__)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._config.lease / 3)
            if self._active:
                try:
                    held = list(self._active.values())
                    await inbox.renew(self._engine, self.owner, held, self._config.lease)
                except (SQLAlchemyError, OSError) as error:
                    _log.warning("lease_not_renewed", error=type(error).__name__)

    async def _conversation(self, claimed: Claimed | None) -> None:
        """Answers a conversation's events until none waits or one must wait."""
        while claimed is not None:
            try:
                more = await self._event(claimed)
            except (SQLAlchemyError, OSError) as error:
                # The database is away: the lease lapses and the event is taken again.
                _log.warning("turn_not_stored", turn=str(claimed.turn_id), error=type(error).__name__)
                return
            if not more:
                return
            conversation_id = claimed.conversation_id
            claimed = await inbox.take_next(self._engine, self.owner, conversation_id)
            if claimed is None:
                await inbox.let_go(self._engine, self.owner, conversation_id)

    async def _event(self, claimed: Claimed) -> bool:
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
            await self.erase(claimed.conversation_id, claimed.key)
        return more

    async def erase(self, conversation_id: int, key: str) -> None:
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
        result = await turns.finish(self._engine, self._seal, self.owner, claimed, finished, pulled=pulled)
        if result is None:
            _log.warning("lease_lost", turn=str(claimed.turn_id))
            return False
        self._metrics.turns.labels(claimed.channel, finished.outcome.value).inc()
        self._metrics.turn_seconds.labels(claimed.channel).observe(claimed.age + (finished.bot_ms or 0) / 1000)
        self._hub.said(claimed.conversation_id, result.last_seq, result.lines, pulled=pulled)
        _log.info(
            "turn",
            turn=str(claimed.turn_id),
            conversation=claimed.key,
            outcome=finished.outcome.value,
            intent=finished.intent,
            bot_ms=finished.bot_ms and round(finished.bot_ms, 1),
        )
        return result.pending > 0 and self._working

    async def _put_back(self, claimed: Claimed, delay: float, attempts: int, reason: str) -> None:
        await inbox.put_back(self._engine, self.owner, claimed, delay=delay, attempts=max(attempts, 0), reason=reason)
        asyncio.get_running_loop().call_later(delay + 0.01, self._hub.work.set)
