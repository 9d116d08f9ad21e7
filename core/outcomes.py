# SPDX-License-Identifier: Apache-2.0
"""The closed list of what can become of a turn, used by the database, the console and the metrics alike."""

from __future__ import annotations

from enum import Enum


class Outcome(str, Enum):
    """What became of one turn."""

    #: the bot answered
    ANSWERED = "answered"
    #: the bot was not sure and asked which of two or three was meant
    CLARIFIED = "clarified"
    #: the bot said that this is not something it can do
    OUT_OF_SCOPE = "out_of_scope"
    #: the event went to an officer, or the citizen asked for one
    HANDED_OFF = "handed_off"
    #: the turn could not be done; the citizen got an apology and staff a dead letter
    FAILED = "failed"
    #: the event was withdrawn (unsent, erased) before it was answered
    CANCELLED = "cancelled"


_BY_DECISION = {
    "answer": Outcome.ANSWERED,
    "clarify": Outcome.CLARIFIED,
    "out_of_scope": Outcome.OUT_OF_SCOPE,
}


def outcome_of(decision: str, intent: str | None) -> Outcome:
    """The outcome of a turn that the bot answered.

    decision: `answer`, `clarify` or `out_of_scope`, as the bot's understanding has it; anything else counts as answered.
    intent: name of the intent, or None.
    """
    if intent == "ask_human":
        return Outcome.HANDED_OFF
    return _BY_DECISION.get(decision, Outcome.ANSWERED)
