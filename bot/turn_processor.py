# SPDX-License-Identifier: Apache-2.0
"""Does one turn with Rasa's policies and actions: one read and one write of the tracker, and no failure unnoticed.

Rasa's own processor goes on after an action has failed, saves the tracker and answers with what is left, or with
nothing. Here any failure ends the turn before it is saved, so that the same turn can be done again.
"""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ModelNotFound
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.failures import ActionFailed, ActionsAway, AnswerFailed, AnswersAway, StoreConflict, StoreFailed, TurnFailed
from bot.graph_runner import SequentialGraphRunner
from bot.interruption import EMERGENCY, INFORM, MOSTLY, REPLIES, UNSURE, Question, Reading, settle
from bot.questions import question_of
from bot.reading import covered, reading_of, understanding
from bot.reply_blocks import blocks_of
from bot.self_harm import speaks_of_self_harm
from bot.thread import answered_with, asked_back, form_event, latest_message
from bot.turn_request import Given, Incoming, Words, guarded, unguarded
from bot.watched import SilentChannel, WatchedAction
from bot.window_store import WindowTrackerStore

#: Rasa's own commands. No choice of ours has them, and they would undo what the window holds.
_RESERVED = frozenset({"restart", "back", "session_start"})
#: Set here only: the words of somebody who may want to die; words after an emergency that no longer fit the form.
_SELF_HARM, _PAUSED = "self_harm", "form_paused"
_ANSWERS = REPLIES | {INFORM}
#: After an emergency such words are rather about it than about the form's question.
_NOT_MEANT_FOR_THE_FORM = frozenset({INFORM, "help", "complaint_about_bot", *UNSURE})
_AIR, _AIR_NEEDS_PLACE = "ask_air_quality", "utter_air_quality_needs_place"
_CODES: tuple[tuple[type[Exception], str], ...] = (
    (AnswersAway, "nlg_away"),
    (AnswerFailed, "nlg"),
    (ActionsAway, "actions_away"),
    (ActionFailed, "action"),
)


class TurnProcessor(MessageProcessor):
    """A loaded model with the store, the answers and the actions that its turns use.

    fingerprint: sha256 of the model's file. Raises what Rasa raises when the file is no model for this version.
    """

    tracker_store: WindowTrackerStore

    def __init__(
        self,
        model_path: str,
        fingerprint: str,
        tracker_store: WindowTrackerStore,
        generator: NaturalLanguageGenerator,
        action_endpoint: EndpointConfig | None,
    ) -> None:
        super().__init__(
            model_path=model_path,
            tracker_store=tracker_store,
            # Never asked: the gateway keeps one request in flight per conversation, bot.turns guards the rest.
            lock_store=InMemoryLockStore(),
            generator=generator,
            action_endpoint=action_endpoint,
            on_circuit_break=_too_many_actions,
        )
        self.fingerprint = fingerprint
        self._questions: dict[tuple[str, str], Question] = {}

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """Rasa's own, for exactly this file and with our runner; its own takes the newest model instead of a missing
        one. Raises ModelNotFound."""
        path = Path(model_path)
        with tempfile.TemporaryDirectory(prefix="pracha-loading-") as folder:
            try:
                metadata, runner = loader.load_predict_graph_runner(
                    Path(folder), path, LocalModelStorage, SequentialGraphRunner
                )
            except (tarfile.TarError, OSError) as error:
                raise ModelNotFound(f"{path.name} cannot be loaded") from error
        return path.name, metadata, runner

    async def turn(self, incoming: Incoming, saved: dict[str, Any]) -> dict[str, Any]:
        """The answer to one turn in the form of the wire contract; a turn id done before is answered again.

        saved: takes the form's state as it was before the turn, for a failure to be told with.
        Raises TurnFailed; then nothing of the turn was saved.
        """
        tracker = await self._read(incoming.conversation)
        saved.update(self.form_state(tracker))
        done = _turn_events(tracker.events, incoming.turn_id)
        if done is not None:
            return self._answer(incoming, tracker, done, replayed=True)
        channel = SilentChannel(incoming.channel)
        if not tracker.events:
            await self._update_tracker_session(tracker, channel)
        message = await self._understood(incoming, tracker)
        tracker.update(message, self.domain)
        loop = form_event(tracker, message.intent["name"], _ANSWERS)
        if loop is not None:
            tracker.update(loop, self.domain)
        await self._act(channel, tracker)
        answer = self._answer(incoming, tracker, _turn_events(tracker.events, incoming.turn_id) or [], replayed=False)
        await self._write(tracker)
        return answer

    async def parse_text(self, text: str) -> dict[str, Any]:
        """What the model understands of a text: intent, intent_ranking, entities, decision, repaired?, text.

        Raises TurnFailed("nlu").
        """
        try:
            return unguarded(await self.parse_message(UserMessage(guarded(text))))
        except Exception as error:
            raise TurnFailed("nlu") from error

    def form_state(self, tracker: DialogueStateTracker) -> dict[str, Any]:
        """The form that is open, what it asks and what it has; the values stay here."""
        form = tracker.active_loop_name
        slots = self.domain.required_slots_for_form(form) if form in self.domain.form_names else []
        return {
            "active_form": form,
            "requested_slot": tracker.get_slot(REQUESTED_SLOT) if form else None,
            "filled_slots": [name for name in slots if tracker.get_slot(name) is not None],
        }

    async def _read(self, conversation: str) -> DialogueStateTracker:
        try:
            return await self.tracker_store.get_or_create_tracker(conversation, append_action_listen=False)
        except StoreFailed as error:
            raise TurnFailed("tracker_store") from error

    async def _write(self, tracker: DialogueStateTracker) -> None:
        try:
            await self.tracker_store.save(tracker)
        except StoreFailed as error:
            raise TurnFailed("tracker_store") from error
        except StoreConflict as error:
            raise TurnFailed("lock") from error

    async def _understood(self, incoming: Incoming, tracker: DialogueStateTracker) -> UserUttered:
        metadata = dict(incoming.metadata)
        if isinstance(incoming.content, Given):
            text, parse = incoming.content.text, self._given(incoming.content, tracker)
            meant = asked_back(tracker.events) if incoming.content.chosen else None
            if meant is not None:
                # The choice says what the words before it are about; they are what is to be understood.
                carried = {entity["entity"] for entity in parse["entities"]}
                kept = [entity for entity in meant.entities if entity["entity"] not in carried]
                text, parse["entities"] = meant.text, [*kept, *parse["entities"]]
                metadata["clarified"] = True
        else:
            parse = await self.parse_text(incoming.content.text)
            text = self._settled(incoming.content, parse, tracker)
        return UserUttered(
            text=text,
            intent=parse["intent"],
            entities=parse["entities"],
            parse_data={**parse, "text": text},
            input_channel=incoming.channel,
            message_id=incoming.turn_id,
            metadata=metadata,
        )

    def _given(self, content: Given, tracker: DialogueStateTracker) -> dict[str, Any]:
        if content.intent not in self.domain.intents or content.intent in _RESERVED:
            raise TurnFailed("bad_request")
        named = {str(entity["entity"]) for entity in content.entities}
        asked_for_air = answered_with(tracker.events, _AIR_NEEDS_PLACE) and named & {"location", "place"}
        intent = {"name": _AIR if content.intent == INFORM and asked_for_air else content.intent, "confidence": 1.0}
        return {
            "intent": intent,
            "intent_ranking": [intent],
            "entities": [dict(entity) for entity in content.entities],
            "decision": "answer",
        }

    def _settled(self, words: Words, parse: dict[str, Any], tracker: DialogueStateTracker) -> str:
        """Changes the intent in `parse` when the text answers a form's question, or says what Rasa does not tell
        apart; gives the text for the tracker."""
        text = parse["text"] if parse.get("repaired") else words.text
        form, slot = tracker.active_loop_name, tracker.get_slot(REQUESTED_SLOT)
        decided = chosen = parse["intent"].get("name") or "out_of_scope"
        confidence = parse["intent"].get("confidence") or 0.0
        if form and slot and text:
            question = self._question(form, slot)
            reading = reading_of(parse, question)
            chosen = settle(question, reading)
            confidence = 1.0 if chosen == INFORM else reading.confidence
            chosen = self._followed(chosen, parse, reading, tracker)
        if _SELF_HARM in self.domain.intents and speaks_of_self_harm(parse["text"], chosen == EMERGENCY):
            chosen, confidence = _SELF_HARM, 1.0
        if chosen != decided:
            parse["intent"] = {"name": chosen, "confidence": confidence}
        if chosen not in ("nlu_clarify", "out_of_scope"):
            parse["decision"] = "answer"
        return text

    def _followed(self, chosen: str, parse: Mapping[str, Any], reading: Reading, tracker: DialogueStateTracker) -> str:
        """The intent of words inside a form, after what was said just before them."""
        place = covered(parse["text"], parse["entities"], frozenset({"place"}))
        if chosen == INFORM and place >= MOSTLY and answered_with(tracker.events, _AIR_NEEDS_PLACE):
            return _AIR
        before = latest_message(tracker.events)
        paused = before is not None and before.intent.get("name") in (EMERGENCY, _SELF_HARM)
        if paused and chosen in _NOT_MEANT_FOR_THE_FORM and reading.covered < MOSTLY and _PAUSED in self.domain.intents:
            return _PAUSED
        return chosen

    def _question(self, form: str, slot: str) -> Question:
        if (form, slot) not in self._questions:
            self._questions[form, slot] = question_of(self.domain, form, slot)
        return self._questions[form, slot]

    async def _act(self, channel: SilentChannel, tracker: DialogueStateTracker) -> None:
        try:
            await self.run_action_extract_slots(channel, tracker)
            await self._run_prediction_loop(channel, tracker)
        except TurnFailed:
            raise
        except Exception as error:
            raise TurnFailed(_code_of(error)) from error

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing: Rasa's makes an empty domain per message to warn about what training has checked."""

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        watched = WatchedAction(action)
        more = await super()._run_action(watched, tracker, output_channel, nlg, prediction)
        if watched.error is not None:
            raise TurnFailed(_code_of(watched.error)) from watched.error
        return more

    def _answer(
        self, incoming: Incoming, tracker: DialogueStateTracker, events: Sequence[Event], replayed: bool
    ) -> dict[str, Any]:
        user = events[0]
        assert isinstance(user, UserUttered)
        try:
            replies = blocks_of(event for event in events if isinstance(event, BotUttered))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TurnFailed("nlg") from error
        if not replies:
            raise TurnFailed("bot")  # never silence
        return {
            "turn_id": incoming.turn_id,
            "replayed": replayed,
            "replies": replies,
            "understanding": understanding(user.parse_data),
            **self.form_state(tracker),
        }


def _code_of(error: Exception) -> str:
    return next((code for kind, code in _CODES if isinstance(error, kind)), "bot")


def _too_many_actions(*_: Any) -> None:
    """Rasa would stop in the middle and save what it has."""
    raise TurnFailed("bot")


def _turn_events(events: Iterable[Event], turn_id: str) -> list[Event] | None:
    """The events from the message of a turn up to the next message; None when the turn is not among them."""
    found: list[Event] | None = None
    for event in events:
        if isinstance(event, UserUttered):
            if found is not None:
                break
            if event.message_id == turn_id:
                found = [event]
        elif found is not None:
            found.append(event)
    return found
