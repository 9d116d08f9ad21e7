# SPDX-License-Identifier: Apache-2.0
"""The air quality service: checks the place that was asked about and answers how the air is there."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import Answer, say
from actions.place import Place, parse_place
from actions.services.air_limits import abroad, limit, other_places
from actions.services.air_report import AirSources, air_at
from actions.services.place_slots import NO_CHOICES, air_place
from actions.turn import active_form

FORM = "air_quality_form"
#: What the form leaves behind, reset when it is done or cancelled.
SLOTS = ("air_place", *NO_CHOICES)


class ValidateAirQualityForm(FormValidationAction):
    """Checks `air_place`."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "validate_air_quality_form"

    def domain_slots(self, domain: DomainDict) -> list[str]:
        """The form's slots, known without the domain, which the bot need not send."""
        return ["air_place"]

    def validate_air_place(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """A place with one reading or a pin; else None, with choices or a sentence."""
        slots, answer = air_place(value, tracker)
        outside = abroad(tracker)
        if outside is not None:
            slots, answer = dict.fromkeys(SLOTS), outside
        if answer is not None:
            say(dispatcher, answer)
        return slots


class ActionAirQuality(Action):
    """Says how the air is at the place in the slot, or in the message when no form asked for it."""

    def __init__(self, sources: AirSources) -> None:
        self._sources = sources

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_air_quality"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Answer and leave the form's slots empty for the next question."""
        place = parse_place(tracker.slots.get("air_place"))
        slots: dict[str, Any] = dict.fromkeys(SLOTS)
        trouble: Answer | None = None
        if place is None or (place.point is None and len(place.areas) != 1):
            slots, trouble = air_place(tracker.slots.get("air_place"), tracker)
            place = parse_place(slots["air_place"])
            slots["air_place"] = None
            outside = abroad(tracker)
            if outside is not None:
                place, trouble = None, outside
        events: list[EventType] = []
        if place is not None:
            say(dispatcher, *await self._told(place, tracker))
        elif trouble is None and active_form(tracker) not in (None, FORM):
            # Two questions at once, and the answer to this one would become the other form's place.
            say(dispatcher, Answer("utter_air_quality_needs_place"))
            slots |= NO_CHOICES
            events = [FollowupAction("action_listen")]
        else:
            say(dispatcher, trouble or Answer("utter_ask_air_place"))
        return [*(SlotSet(name, value) for name, value in slots.items()), *events]

    async def _told(self, place: Place, tracker: Tracker) -> list[Answer]:
        """The air at the place and at the others that were named, after what cannot be told."""
        beyond = limit(tracker)
        others, unclear = other_places(tracker, place)
        told = [answer for each in (place, *others) for answer in await air_at(self._sources, each)]
        return [*([beyond] if beyond else []), *told, *unclear]
