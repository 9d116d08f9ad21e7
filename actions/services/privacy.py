# SPDX-License-Identifier: Apache-2.0
"""The citizen's data in their own hands: the answer that has it erased and the answer that hands it out.

To erase is a directive block in the answer itself, which the gateway obeys after the turn is committed; the copy is a
download block, which the citizen's own session may fetch.
"""

from __future__ import annotations

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import Answer, say


class ActionRequestErase(Action):
    """Says that the data is erased; runs only after the citizen confirmed."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_request_erase"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """One answer, which carries the directive `erase`."""
        say(dispatcher, Answer("utter_erased"))
        return []


class ActionRequestExport(Action):
    """Offers a copy of the data."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_request_export"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """One answer, which carries the download."""
        say(dispatcher, Answer("utter_exporting"))
        return []
