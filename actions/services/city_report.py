# SPDX-License-Identifier: Apache-2.0
"""The city report service: reads the report back, files it once, lets it be corrected or cancelled."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import Answer, say
from actions.gateway_client import GatewayClient
from actions.services import air_quality, report_form
from actions.services.report_changes import EMPTIED
from actions.services.report_draft import place_told, read_draft, readback, to_report
from actions.turn import REQUESTED_SLOT, active_form, entity, turn_id
from core.errors import Unavailable, Verdict

_SLOTS_OF_FORM = {report_form.FORM: report_form.SLOTS, air_quality.FORM: air_quality.SLOTS}


class ActionAskReportConfirmed(Action):
    """Reads the report back and asks for a yes; after a no it asks what to correct."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_report_confirmed"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """One question; sets nothing."""
        if tracker.slots.get("report_correcting"):
            say(dispatcher, Answer("utter_choose_correction"))
        else:
            say(dispatcher, Answer("utter_report_readback", readback(read_draft(tracker.slots))))
        return []


class ActionSubmitReport(Action):
    """Files the confirmed report with the gateway."""

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_submit_report"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Tell the case number; or that nothing could be filed, with the report kept and the form back at its yes.

        The key stays that of the first try while its outcome is unknown, so that a second yes cannot file twice.
        """
        draft = read_draft(tracker.slots)
        turn = turn_id(tracker)
        key = tracker.slots.get("report_key") or f"{turn}:case"
        try:
            filed = await self._gateway.file(to_report(draft, tracker.sender_id, turn), key)
        except Verdict as trouble:
            lost = {"description": draft.description, "type": draft.type, **place_told(draft.place)}
            say(dispatcher, Answer("utter_report_not_filed", lost))
            return [
                SlotSet("report_confirmed", None),
                SlotSet("report_key", key if isinstance(trouble, Unavailable) else None),
                ActiveLoop(report_form.FORM),
                SlotSet(REQUESTED_SLOT, "report_confirmed"),
                # The answer holds the report and the way on; without this the form would read it back once more.
                FollowupAction("action_listen"),
            ]
        told = {
            "ticket_id": filed.ticket_id,
            "type": draft.type,
            **place_told(draft.place),
            "created_at": filed.created_at,
            "state": filed.state,
            "sandbox": False,  # our own case store: a filed case is real in the demo too
        }
        say(dispatcher, Answer("utter_report_filed", told))
        return [*_emptied(report_form.SLOTS), SlotSet("last_case", filed.ticket_id)]


class ActionCorrectReport(Action):
    """Empties the slot that the citizen wants to correct; where none is named, the last one answered.

    At the read-back, where all are answered, the form asks which one.
    """

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_correct_report"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Says nothing: the form asks next. A corrected report is another one, so its filing gets a new key."""
        field = entity(tracker, "field")
        name = field if isinstance(field, str) and field.startswith("report_") else f"report_{field}"
        asked = tracker.slots.get(REQUESTED_SLOT)
        if name not in EMPTIED and asked != "report_confirmed":
            name = report_form.asked_before(asked)
        emptied = EMPTIED.get(name)
        if emptied is None:
            return [SlotSet("report_confirmed", None), SlotSet("report_correcting", True)]
        return _emptied((*emptied, "report_confirmed", "report_correcting", "report_key"))


class ActionCancelForm(Action):
    """Empties the slots of the form that is being cancelled."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_cancel_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Says nothing: the rule does."""
        return _emptied(_SLOTS_OF_FORM.get(active_form(tracker) or "", ()))


def _emptied(names: tuple[str, ...]) -> list[EventType]:
    return [SlotSet(name, None) for name in names]
