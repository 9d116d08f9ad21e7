# SPDX-License-Identifier: Apache-2.0
"""Checks what the report form was told, slot by slot."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.answers import Answer, say
from actions.services import place_slots, report_changes, report_place, report_values
from actions.turn import (
    REQUESTED_SLOT,
    active_form,
    entities,
    entity,
    intent,
    is_marker,
    leftover,
    message_text,
    metadata,
    slot_before,
)

FORM = "report_form"
#: In the order in which they are asked.
ASKED = (
    "report_description",
    "report_type",
    "report_place",
    "report_photo",
    "report_contact",
    "report_confirmed",
)
#: What the form leaves behind, reset when the report is filed or cancelled.
SLOTS = (
    *ASKED,
    "report_photos",
    "report_key",
    "report_correcting",
    "report_missed",
    "report_heard",
    *place_slots.NO_CHOICES,
)
#: The intent of the button that begins a report.
_CHOSEN = "start_city_report"
#: The value of `field` with which "ไม่แก้ ส่งเลย" says yes to what stands.
_NOTHING = "nothing"
_OTHER = "อื่นๆ"


class ValidateReportForm(FormValidationAction):
    """One check per slot; each may run again on a value that it has let through before."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "validate_report_form"

    def domain_slots(self, domain: DomainDict) -> list[str]:
        """The form's slots, known without the domain, which the bot need not send."""
        return list(ASKED)

    def validate_report_description(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Words that tell the problem; a bare "แจ้งปัญหา" is simply asked, a greeting is asked for more."""
        asked = tracker.slots.get(REQUESTED_SLOT)
        if active_form(tracker) == FORM and asked not in (None, "report_description"):
            # The slot takes any report_problem message; one sent later in the form must not replace the first.
            before = slot_before(tracker, "report_description")
            if before is not None:
                return {"report_description": before}
        if not isinstance(value, str) or is_marker(value):
            return {"report_description": None}
        if intent(tracker) == _CHOSEN and not metadata(tracker).get("clarified"):
            return {"report_description": slot_before(tracker, "report_description")}  # a button's label
        heard = tracker.slots.get("report_heard")
        said = f"{heard} {value}" if isinstance(heard, str) else value
        words = None if _is_place_only(tracker, value) else report_values.description(said)
        if words is not None and report_values.is_type_alone(words):
            # "ถนน" does not say what is wrong with it; with the next words it does.
            return {"report_description": None, "report_heard": words}
        if words is None:
            if asked == "report_description":
                say(dispatcher, Answer("utter_report_description_short"))
            return {"report_description": None}
        if words != slot_before(tracker, "report_description") and report_values.is_live_wire(words):
            say(dispatcher, Answer("utter_report_live_wire"))
        return {"report_description": words, **({"report_heard": None} if heard is not None else {})}

    def extract_report_type(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """The type named in the message that starts the form, where Rasa's mappings did not reach it."""
        found = entity(tracker, "problem_type")
        return {"report_type": found} if found is not None and _starts(tracker, "report_type") else {}

    def extract_report_place(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """The place named in the message that starts the form, where Rasa's mappings did not reach it."""
        found = entity(tracker, "landmark", "place", "location")
        return {"report_place": found} if found is not None and _starts(tracker, "report_place") else {}

    def validate_report_type(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """One of Traffy's names: from the words found in the message, else the slot's own value; อื่นๆ for who does
        not know, and after a second answer that is none."""
        for candidate in (*entities(tracker, "problem_type"), value):
            known = report_values.problem_type(candidate)
            if known is not None:
                return {"report_type": known, **_answered(tracker, "report_type")}
        if tracker.slots.get(REQUESTED_SLOT) != "report_type" or not isinstance(value, str) or is_marker(value):
            return {"report_type": None}
        if report_values.has_no_idea(value) or tracker.slots.get("report_missed") == "report_type":
            return {"report_type": _OTHER, "report_missed": None}
        slots: dict[str, Any] = {"report_type": None, "report_missed": "report_type"}
        if entity(tracker, "landmark", "place") is not None and tracker.slots.get("report_place") is None:
            slots |= place_slots.report_place(None, tracker, asked=True)[0]
        say(dispatcher, Answer("utter_report_type_unclear"))
        return slots

    def validate_report_place(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """The citizen's own words with the readings of places in them, or a pin in Thailand."""
        asked = active_form(tracker) == FORM and tracker.slots.get(REQUESTED_SLOT) == "report_place"
        slots, answer = report_place.place_answer(value, tracker, asked)
        if answer is not None:
            say(dispatcher, answer)
        return {**slots, **_read_back_again(tracker)}

    def validate_report_photo(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Ids of stored photos, added to those sent before; "-" when the citizen skips."""
        sent = [media for media in entities(tracker, "media") if isinstance(media, str)]
        before = tracker.slots.get("report_photos")
        kept = [media for media in before if isinstance(media, str)] if isinstance(before, list) else []
        if sent:
            every = list(dict.fromkeys([*kept, *sent]))
            if tracker.slots.get(REQUESTED_SLOT) != "report_photo":
                # The form goes on with another question, which says nothing of the photo.
                say(dispatcher, Answer("utter_report_photo_added", {"photos": len(every)}))
            return {"report_photo": sent[-1], "report_photos": every, **_read_back_again(tracker)}
        if value == report_values.SKIPPED or value in kept:
            return {"report_photo": value}
        waits = isinstance(value, str) and report_values.asks_for_time(value)
        say(dispatcher, Answer("utter_report_photo_waiting" if waits else "utter_report_photo_not_image"))
        return {"report_photo": None}

    def validate_report_contact(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """The handles of what the vault sealed; "-" when the citizen skips or refuses; words that reach nobody are
        asked again."""
        known = report_values.sealed_contact(value)
        if known is None and value == report_values.SKIPPED:
            return {"report_contact": report_values.SKIPPED}
        if known is None and isinstance(value, str):
            if report_values.refuses(value):
                return {"report_contact": report_values.SKIPPED}
            say(dispatcher, Answer("utter_report_contact_unclear"))
        return {"report_contact": known}

    def validate_report_confirmed(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Yes ends the form, but not while it is asked what to correct: then all is read back again.

        Words that change the report change it, and it is read back; any other no asks what to correct.
        """
        if value is True and (not tracker.slots.get("report_correcting") or entity(tracker, "field") == _NOTHING):
            return {"report_confirmed": True, "report_correcting": None}
        if value is True:
            return {"report_confirmed": None, "report_correcting": None}
        changes = report_changes.read_changes(tracker) if isinstance(value, str) and message_text(tracker) else {}
        if changes:
            return {**changes, "report_confirmed": None, "report_correcting": None, "report_key": None}
        return {"report_confirmed": None, "report_correcting": True}


def asked_before(slot: object) -> str:
    """The slot that the form asks before this one; the first one when there is none before."""
    return ASKED[max(ASKED.index(slot) - 1, 0)] if slot in ASKED else ASKED[0]


def _answered(tracker: Tracker, slot: str) -> dict[str, Any]:
    """Forgets that the slot's question was missed before."""
    return {"report_missed": None} if tracker.slots.get("report_missed") == slot else {}


def _is_place_only(tracker: Tracker, text: str) -> bool:
    """Whether a message says where and nothing of what."""
    where = entity(tracker, "landmark", "place") is not None and entity(tracker, "problem_type") is None
    return where and not report_values.is_telling(leftover(tracker, text, "landmark", "place"))


def _read_back_again(tracker: Tracker) -> dict[str, Any]:
    """A report that changes while the citizen chooses what to correct is read back before it can be filed."""
    return {"report_correcting": None} if tracker.slots.get("report_correcting") else {}


def _starts(tracker: Tracker, slot: str) -> bool:
    """True when this message starts the form and the slot is still empty."""
    running = active_form(tracker) == FORM and tracker.slots.get(REQUESTED_SLOT) is not None
    return not running and tracker.slots.get(slot) is None
