# SPDX-License-Identifier: Apache-2.0
"""What Rasa's processor is given instead of a channel and an action, so that it neither splits replies nor hides
failures."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker


class SilentChannel(OutputChannel):
    """An output channel that sends nothing: the replies are read from the events, where they are whole."""

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def name(self) -> str:  # type: ignore[override]
        """The channel that the turn came in by."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Nothing; see the class."""


class WatchedAction(Action):
    """An action that remembers its failure, which Rasa's processor would only log."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.error: Exception | None = None

    def name(self) -> str:
        return self._action.name()

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            return await self._action.run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise  # a form that got no value: how Rasa lets other rules answer
        except Exception as error:  # noqa: BLE001  (all of them, as Rasa's processor does; told by the caller)
            self.error = error
            # Rasa's processor would log a traceback and go on; it goes on with nothing, and the turn ends after it.
            return []

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> ActionExecuted:
        return self._action.event_for_successful_execution(prediction)
