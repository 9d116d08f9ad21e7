# SPDX-License-Identifier: Apache-2.0
"""Generates the dialogue rules that follow from the services: guides, forms and what interrupts a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalogue.model import Form, Service

Rule = dict[str, Any]
#: Answers of a citizen that fit no question by themselves: inside a form they only make it ask again.
_ASK_AGAIN = ("inform", "repeat", "affirm", "deny")


def _forms(services: Iterable[Service]) -> list[tuple[Service, Form]]:
    return [(service, service.form) for service in services if service.form is not None]


def _resume(form: Form) -> list[dict[str, Any]]:
    return [{"action": form.name}, {"active_loop": form.name}]


def guide_rules(services: Iterable[Service]) -> list[Rule]:
    """A guide is answered by its own answer, rendered by the NLG endpoint."""
    return [
        {
            "rule": f"guide: {service.id}",
            "steps": [{"intent": service.intent}, {"action": f"utter_guide_{service.id}"}],
        }
        for service in services
        if service.guide is not None
    ]


def form_rules(services: Iterable[Service]) -> list[Rule]:
    """Begin, submit and cancel of every form, and what happens when another service is asked for inside it."""
    made: list[Rule] = []
    forms = _forms(services)
    for service, form in forms:
        made += [
            {"rule": f"{form.name}: begin with {intent}", "steps": [{"intent": intent}, *_resume(form)]}
            for intent in _intents(service)
        ]
        made += [
            {
                "rule": f"{form.name}: submit",
                "condition": [{"active_loop": form.name}],
                "steps": [
                    {"action": form.name},
                    {"active_loop": None},
                    {"slot_was_set": [{"requested_slot": None}]},
                    {"action": form.submit},
                ],
            },
            {
                "rule": f"{form.name}: cancel",
                "condition": [{"active_loop": form.name}],
                "steps": [
                    {"intent": "cancel"},
                    {"action": "action_cancel_form"},
                    {"action": "action_deactivate_loop"},
                    {"active_loop": None},
                    {"action": "utter_cancelled"},
                ],
            },
            {
                "rule": f"{form.name}: erase my data for good",
                "condition": [{"active_loop": form.name}],
                "steps": [
                    {"intent": "confirm_erase"},
                    {"action": "action_request_erase"},
                    {"action": "action_deactivate_loop"},
                    {"active_loop": None},
                ],
            },
            {
                "rule": f"{form.name}: cannot be skipped",
                "condition": [{"active_loop": form.name}],
                "steps": [{"intent": "skip"}, {"action": "utter_not_skippable"}, *_resume(form)],
            },
        ]
        made += [
            {
                "rule": f"{form.name}: asks again after {intent}",
                "condition": [{"active_loop": form.name}],
                "steps": [{"intent": intent}, *_resume(form)],
            }
            for intent in _ASK_AGAIN
        ]
        made += [_asked_inside(other, intent, form) for other, _ in forms for intent in _intents(other)]
    return made


def _intents(service: Service) -> list[str]:
    """The intents with which a service begins: said, and chosen where that is another."""
    return list(dict.fromkeys([service.intent, service.chosen_intent]))


def _asked_inside(other: Service, intent: str, form: Form) -> Rule:
    """Another service inside a form: answered at once if it can be, else the form gives way to it."""
    rule: Rule = {"rule": f"{form.name}: asked for {intent}", "condition": [{"active_loop": form.name}]}
    begin: dict[str, Any] = {"intent": intent}
    if other.form is None or other.form.name == form.name:
        return {**rule, "steps": [begin, *_resume(form)]}
    if other.form.direct is not None:
        return {**rule, "steps": [begin, {"action": other.form.direct}, *_resume(form)]}
    leave = [{"action": "action_deactivate_loop"}, {"active_loop": None}]
    return {**rule, "steps": [begin, *leave, *_resume(other.form)]}


def _intent_of(rule: Mapping[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    """The intent (and entities) that a rule without condition answers, when it begins with it."""
    steps: Sequence[Mapping[str, Any]] = rule["steps"]
    if rule.get("condition") or not steps or "intent" not in steps[0]:
        return None
    if any("active_loop" in step or "slot_was_set" in step for step in steps):
        return None
    return steps[0]["intent"], tuple(str(entity) for entity in steps[0].get("entities", ()))


def _handled_in(rules: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """(form, intent) pairs that have a rule of their own."""
    handled: set[tuple[str, str]] = set()
    for rule in rules:
        loops = [condition["active_loop"] for condition in rule.get("condition", ()) if condition.get("active_loop")]
        intents = [step["intent"] for step in rule["steps"] if "intent" in step]
        handled |= {(loop, intent) for loop in loops for intent in intents}
    return handled


def interruption_rules(services: Iterable[Service], rules: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """Every plain rule (an intent, its answers) once more for each form: it is answered, then the form asks again."""
    known = list(rules)
    handled = _handled_in(known)
    made: list[Rule] = []
    for _, form in _forms(services):
        for rule in known:
            found = _intent_of(rule)
            if found is None or (form.name, found[0]) in handled or rule.get("wait_for_user_input") is False:
                continue
            made.append(
                {
                    "rule": f"{form.name}: interrupted by {rule['rule']}",
                    "condition": [{"active_loop": form.name}],
                    "steps": [*rule["steps"], *_resume(form)],
                }
            )
    return made


def all_generated(services: Iterable[Service], written: Iterable[Mapping[str, Any]]) -> dict[str, list[Rule]]:
    """The generated rules by file name (without .yml)."""
    known = list(services)
    guides, forms = guide_rules(known), form_rules(known)
    rules = [*written, *guides, *forms]
    return {
        "guides": guides,
        "forms": forms,
        "interruptions": interruption_rules(known, rules),
    }
