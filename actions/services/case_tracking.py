# SPDX-License-Identifier: Apache-2.0
"""The case tracking service: where a case stands, by its number or among the conversation's own."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import Answer, say
from actions.gateway_client import Case, GatewayClient
from actions.place import point_in
from actions.turn import entities, message_text
from core.errors import Verdict
from thai import case_numbers
from thai.protected import HANDLE

_LISTED = 10
_LETTER = re.compile(r"[A-Za-z\u0E01-\u0E2E]")
_HANDLE = re.compile(HANDLE)
#: Papers and accounts whose numbers find no case.
_PERSONAL = re.compile(r"⟦(?:thai_id|passport|bank_account):")


class ActionTrackCase(Action):
    """Tells the state of the case whose number was named; without a number, of the conversation's own cases."""

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_track_case"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Answer; the case that was told is remembered in `last_case`."""
        number, mistyped = _numbers(tracker)
        # Half a number, or one with a slip, is no question about all of one's cases.
        incomplete = mistyped or case_numbers.find_part(_typed(tracker))
        if number is None and incomplete is None and _PERSONAL.search(message_text(tracker)):
            say(dispatcher, Answer("utter_number_not_needed"))
            return []
        if number is None and incomplete is not None:
            say(dispatcher, Answer("utter_case_number_wrong", {"said": incomplete}))
            return []
        try:
            answer = await (self._one(number, tracker.sender_id) if number else self._own(tracker.sender_id))
        except Verdict:
            answer = Answer("utter_cases_unavailable")
        say(dispatcher, answer)
        told = answer.arguments.get("ticket_id") if answer.id == "utter_case_status" else None
        return [SlotSet("last_case", told)] if told else []

    async def _one(self, number: str, conversation: str) -> Answer:
        case = await self._gateway.case(number, conversation)
        return Answer("utter_case_not_found", {"ticket_id": number}) if case is None else _status(case)

    async def _own(self, conversation: str) -> Answer:
        cases = await self._gateway.cases_of(conversation)
        if not cases:
            return Answer("utter_no_cases")
        if len(cases) == 1:
            return _status(cases[0])
        listed = [{name: value for name, value in case.facts.items() if name != "note"} for case in cases[:_LISTED]]
        return Answer("utter_my_cases", {"cases": listed, "more": len(cases) - len(listed) or None})


def _typed(tracker: Tracker) -> str:
    """The words without the handles of what was sealed: those are random letters."""
    return _HANDLE.sub(" ", message_text(tracker))


def _numbers(tracker: Tracker) -> tuple[str | None, str | None]:
    """A case number of this turn, from the entity or the words, and what only looks like one."""
    texts = [value for value in entities(tracker, "case_number") if isinstance(value, str)]
    texts.append(_typed(tracker))
    right = next((found.value for text in texts for found in case_numbers.find(text)), None)
    wrong = next((found.value for text in texts for found in case_numbers.find_mistyped(text)), None)
    return right, wrong


def _status(case: Case) -> Answer:
    facts = dict(case.facts)
    address = facts.get("address")
    bare_pin = isinstance(address, str) and point_in(address) is not None and not _LETTER.search(address)
    # No citizen reads degrees.
    return Answer("utter_case_status", {**facts, "address": None, "pin": True} if bare_pin else facts)
