# SPDX-License-Identifier: Apache-2.0
"""Reads from the domain what the question that a form is asking can be answered with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.domain import Domain

from bot.interruption import INFORM, Question


def question_of(domain: Domain, form: str, slot: str) -> Question:
    """The question for `slot` of `form`, by the slot mappings of the domain."""
    text, intents, entities = False, set[str](), set[str]()
    for mapping in _mappings(domain, slot):
        if not _applies(mapping, form, slot):
            continue
        kind = mapping.get("type")
        if kind == "from_text":
            text = text or INFORM in _names(mapping) or not _names(mapping)
        elif kind == "from_intent":
            intents |= _names(mapping)
        elif kind == "from_entity":
            entities.add(str(mapping.get("entity")))
    own = {
        name
        for each in domain.required_slots_for_form(form)
        for mapping in _mappings(domain, each)
        if mapping.get("type") == "from_text"
        for name in _names(mapping)
    }
    return Question(
        form=form,
        slot=slot,
        takes_text=text,
        takes_intents=frozenset(intents),
        takes_entities=frozenset(entities),
        own_intents=frozenset(own - {INFORM}),
    )


def _mappings(domain: Domain, slot: str) -> list[Mapping[str, Any]]:
    found = next((each for each in domain.slots if each.name == slot), None)
    return list(found.mappings) if found else []


def _names(mapping: Mapping[str, Any]) -> set[str]:
    value = mapping.get("intent")
    return {value} if isinstance(value, str) else set(value or ())


def _applies(mapping: Mapping[str, Any], form: str, slot: str) -> bool:
    """Whether the mapping can act while `form` asks for `slot`; the same test as Rasa's for its conditions."""
    conditions = mapping.get("conditions") or []
    if not conditions:
        return True
    return any(
        condition.get("active_loop") == form and condition.get("requested_slot") in (None, slot)
        for condition in conditions
    )
