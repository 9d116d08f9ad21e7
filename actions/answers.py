# SPDX-License-Identifier: Apache-2.0
"""What actions say: the id of an answer and its arguments; the words stand in `nlu_data/answers/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rasa_sdk.executor import CollectingDispatcher


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the catalogue; None as an argument makes its line disappear."""

    id: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


def say(dispatcher: CollectingDispatcher, *answers: Answer) -> None:
    """Send answers in this order."""
    for answer in answers:
        dispatcher.utter_message(response=answer.id, **answer.arguments)


def iso(moment: datetime | None) -> str | None:
    """An aware time as an ISO 8601 string with its offset."""
    return None if moment is None else moment.isoformat(timespec="seconds")
