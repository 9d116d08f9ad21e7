# SPDX-License-Identifier: Apache-2.0
"""Builds Rasa's domain from the hand-written base, the services, the rules and the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from catalogue.corpus import Corpus
from catalogue.model import Service, Slot

#: Entities that no lookup lists: patterns, pins, photos and the vault's handles.
ENTITIES = (
    "place",
    "landmark",
    "case_number",
    "location",
    "media",
    "service",
    "thai_id",
    "passport",
    "phone",
    "email",
    "bank_account",
    "account",
    "private",
)
#: Intents that only a choice, a pin, a photo or the decision component sets; they have no examples.
UNLEARNED_INTENTS = (
    "inform",
    "nlu_clarify",
    "confirm_erase",
    "keep_my_data",
    "self_harm",
    "form_paused",
)
#: The service whose guide was told last has this slot; `guide_more` reads it.
LAST_GUIDE = "last_guide"

Rule = Mapping[str, Any]


def _slot(kind: str, *mappings: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "influence_conversation": False, "mappings": list(mappings)}


def shared_slots(services: Iterable[Service]) -> dict[str, dict[str, Any]]:
    """Slots that belong to no single service."""
    guides = [service for service in services if service.guide is not None]
    told = [{"type": "from_intent", "intent": guide.intent, "value": guide.id} for guide in guides]
    named = [{"type": "from_entity", "entity": "service", "intent": "guide_more"}]
    # A new guide without a situation forgets the situation of the one before.
    forgotten = [{"type": "from_intent", "intent": guide.intent, "value": "any"} for guide in guides]
    return {
        LAST_GUIDE: _slot("text", *named, *told),
        "guide_situation": _slot(
            "text",
            {"type": "from_entity", "entity": "situation", "intent": ["guide_more", *(g.intent for g in guides)]},
            *forgotten,
        ),
        "last_location": _slot("any", {"type": "from_entity", "entity": "location"}),
        "language": _slot("text", {"type": "from_entity", "entity": "language", "intent": "change_language"}),
        "place_choices": _slot("any", {"type": "custom"}),
        "place_said": _slot("text", {"type": "custom"}),
        "last_case": _slot("text", {"type": "custom"}),
    }


def _service_slot(slot: Slot) -> dict[str, Any]:
    return _slot(slot.type, *slot.mappings)


def steps_of(rules: Iterable[Rule], kind: str) -> list[str]:
    """The values of all steps of one kind (`intent`, `action`), in order, each once."""
    return list(dict.fromkeys(step[kind] for rule in rules for step in rule["steps"] if step.get(kind)))


def _custom_actions(services: Iterable[Service], rules: Iterable[Rule]) -> list[str]:
    """Actions that the action server runs; Rasa's own (`action_deactivate_loop` …) are not listed."""
    own = {"action_listen", "action_deactivate_loop", "action_restart", "action_default_fallback", "action_back"}
    named = [name for name in steps_of(rules, "action") if name.startswith("action_")]
    for service in services:
        if service.form is not None:
            named += [service.form.submit, f"validate_{service.form.name}"]
            named += [service.form.direct] if service.form.direct else []
        named += [slot.ask for slot in service.slots if slot.ask and slot.ask.startswith("action_")]
    return sorted(set(named) - own)


def _merged(base: Any, made: Mapping[str, Any], section: str) -> dict[str, Any]:
    both = set(base or {}) & set(made)
    if both:
        raise ValueError(f"domain.yml and the catalogue both define {section} {', '.join(sorted(both))}")
    return {**(base or {}), **made}


def build_domain(
    base: Mapping[str, Any], corpus: Corpus, rules: Iterable[Rule], answer_ids: Iterable[str]
) -> dict[str, Any]:
    """The domain as data for YAML. Raises ValueError when the base defines what the catalogue defines."""
    services = list(corpus.services.values())
    known_rules = list(rules)
    intents = {
        *(base.get("intents") or ()),
        *corpus.examples,
        *UNLEARNED_INTENTS,
        *(service.intent for service in services),
        *(service.chosen_intent for service in services),
        *steps_of(known_rules, "intent"),
    }
    entities = {*(base.get("entities") or ()), *ENTITIES, *corpus.lookups}
    slots = {slot.name: _service_slot(slot) for service in services for slot in service.slots}
    forms = {
        service.form.name: {"required_slots": [slot.name for slot in service.slots if slot.requested]}
        for service in services
        if service.form is not None
    }
    utterances = {*answer_ids, *(f"utter_guide_{service.id}" for service in services if service.guide)}
    responses = {name: [{"text": ""}] for name in sorted(utterances) if name.startswith("utter_")}
    return {
        **base,
        "version": "3.1",
        "intents": sorted(intents),
        "entities": sorted(entities),
        "slots": _merged(base.get("slots"), {**slots, **shared_slots(services)}, "slots"),
        "forms": _merged(base.get("forms"), forms, "forms"),
        "responses": _merged(base.get("responses"), responses, "responses"),
        "actions": sorted({*(base.get("actions") or ()), *_custom_actions(services, known_rules)}),
    }
