# SPDX-License-Identifier: Apache-2.0
"""Reads from a conversation what the next message hangs on: the message asked back about, the answer given last."""

from __future__ import annotations

from collections.abc import Iterable

from rasa.shared.core.events import BotUttered, Event, UserUttered

_CLARIFY = "nlu_clarify"


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
