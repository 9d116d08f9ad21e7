# SPDX-License-Identifier: Apache-2.0
"""Why a turn could not be done, in the words of the wire contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: code → HTTP status (docs/developers/wire.md §2)
STATUS = {
    "bad_request": 400,
    "unauthorised": 401,
    "lock": 409,
    "tracker_store": 500,
    "action": 502,
    "nlg": 502,
    "nlu": 502,
    "bot": 502,
    "actions_away": 503,
    "nlg_away": 503,
    "no_model": 503,
    "starting": 503,
    "deadline": 504,
}


class TurnFailed(Exception):
    """A turn was not done and nothing of it was saved; `code` is one of STATUS, `saved` the form's state before it."""

    def __init__(self, code: str) -> None:
        assert code in STATUS
        self.code = code
        self.saved: Mapping[str, Any] = {}
        super().__init__(code)


class ActionFailed(Exception):
    """The action server was too slow, answered an error, or something unusable.

    On purpose no RasaException and no aiohttp error: Rasa swallows those in some places and keeps silent.
    Never holds the server's answer: rasa-sdk repeats the whole request in it, tracker included.
    """


class ActionsAway(ActionFailed):
    """The action server could not be connected to, or went away before it answered: it may be back in a moment."""


class AnswerFailed(Exception):
    """The NLG endpoint gave no answer that a citizen could read."""


class AnswersAway(AnswerFailed):
    """The NLG endpoint could not be connected to, or went away before it answered."""


class StoreFailed(Exception):
    """The tracker could not be read or written."""


class StoreConflict(Exception):
    """Somebody else wrote this conversation's tracker since it was read."""
