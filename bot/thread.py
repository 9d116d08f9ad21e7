# SPDX-License-Identifier: Apache-2.0
"""Reads from a conversation what the next message hangs on: the message asked back about, the answer given last."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rasa.shared.core.events import ActiveLoop, BotUttered, Event, LoopInterrupted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

_CLARIFY = "nlu_clarify"
#: "Say it again", "go on": inside a form its open question.
_REPEAT = "repeat"


def latest_message(events: Iterable[Event]) -> UserUttered | None:
    """The citizen's message before the one that is being read."""
    return next((event for event in reversed(list(events)) if isinstance(event, UserUttered)), None)


def answered_with(events: Iterable[Event], answer: str) -> bool:
    """Whether the reply to the latest message holds this answer."""
    for event in reversed(list(events)):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, BotUttered) and event.metadata.get("utter_action") == answer:
            return True
    return False


def asked_back(events: Iterable[Event]) -> UserUttered | None:
    """The message to which the bot just asked which intent was meant: a choice of one says what that message is."""
    message = latest_message(events)
    return message if message is not None and message.intent.get("name") == _CLARIFY and message.text else None


def form_event(tracker: DialogueStateTracker, intent: str, answers: Collection[str]) -> Event | None:
    """What Rasa has to be told about the open form so that it takes this message rightly; answers: the intents that
    may answer its question."""
    loop = tracker.active_loop
    if loop is None:
        return None
    if intent == _REPEAT:
        # It fills nothing, which to Rasa means that the form refuses it; it shall ask again.
        return LoopInterrupted(True)
    # A form that did not ask again after it was interrupted would, to Rasa, refuse this message too.
    return ActiveLoop(loop.name) if loop.rejected and intent in answers else None
