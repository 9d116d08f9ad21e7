# SPDX-License-Identifier: Apache-2.0
"""Finds what is wrong with the authored files before a citizen does: the work behind `pracha services check`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from catalogue import authored, check_answers
from catalogue.answers import Answers, load_answers
from catalogue.authored import AuthoringError, Problem
from catalogue.corpus import Corpus, load_corpus, rules_of
from catalogue.domain import ENTITIES, UNLEARNED_INTENTS, shared_slots, steps_of
from catalogue.guides import ForSituations
from catalogue.model import Guide, Service
from catalogue.rich_menu import check_rich_menu
from catalogue.rules import all_generated


def check(nlu_data: Path, today: date) -> list[Problem]:
    """All problems of everything under `nlu_data`, errors first; an empty list means that it can be published.

    Files that cannot be read are reported alone: nothing can be said about how they fit together.
    """
    problems: list[Problem] = []
    corpus: Corpus | None = None
    answers: Answers | None = None
    try:
        corpus = load_corpus(nlu_data)
    except AuthoringError as error:
        problems += error.problems
    try:
        answers = load_answers(nlu_data / "answers")
    except AuthoringError as error:
        problems += error.problems
    if corpus is not None and answers is not None:
        problems = list(_everything(corpus, answers, nlu_data, today))
    problems += check_rich_menu(nlu_data, today)
    return sorted(problems, key=lambda problem: (problem.severity, problem.file, problem.line, problem.message))


def _everything(corpus: Corpus, answers: Answers, nlu_data: Path, today: date) -> Iterator[Problem]:
    services = list(corpus.services.values())
    written = rules_of(corpus)
    rules = [*written, *(rule for made in all_generated(services, written).values() for rule in made)]
    chosen = [service.chosen_intent for service in services]
    known = check_answers.Known(
        intents=frozenset({*corpus.examples, *UNLEARNED_INTENTS, *chosen, *(service.intent for service in services)}),
        entities=frozenset({*ENTITIES, *corpus.lookups}),
        slots=frozenset({*shared_slots(services), *(slot.name for service in services for slot in service.slots)}),
    )
    for service in services:
        yield from _service(service, answers, known, today)
    yield from _one_intent_each(services)
    yield from _rules(corpus, known, answers, rules)
    yield from _lookups(corpus)
    yield from _examples(corpus, nlu_data)
    for path in authored.yaml_files(nlu_data / "answers"):
        yield from check_answers.check_file(authored.read(path), answers, known, today)


def _at(service: Service, *route: str | int) -> tuple[str, int]:
    content = authored.read(Path(service.file))
    return service.file, content.line_of(tuple(route))


def _problem(service: Service, route: tuple[str | int, ...], message: str, severity: str = "error") -> Problem:
    file, line = _at(service, *route)
    return Problem(file=file, line=line, message=message, severity=severity)


def _service(service: Service, answers: Answers, known: check_answers.Known, today: date) -> Iterator[Problem]:
    if service.source.retrieved > today:
        yield _problem(service, ("source", "retrieved"), "source.retrieved lies in the future")
    if service.review_by <= service.source.retrieved:
        yield _problem(service, ("review_by",), "review_by must come after source.retrieved")
    if service.review_by < today:
        yield _problem(service, ("review_by",), f"its review was due on {service.review_by}", "warning")
    if service.verified_by is None and service.guide is not None:
        yield _problem(service, ("verified_by",), "no officer has compared this guide with its source yet", "warning")
    for index, answer_id in enumerate(service.answers):
        if answer_id not in answers.by_id:
            yield _problem(service, ("answers", index), f"there is no answer '{answer_id}' in nlu_data/answers/")
    for index, slot in enumerate(service.slots):
        if slot.ask and slot.ask.startswith("utter_") and slot.ask not in answers.by_id:
            yield _problem(service, ("slots", index, "ask"), f"there is no answer '{slot.ask}'")
        for place, mapping in enumerate(slot.mappings):
            route = ("slots", index, "mappings", place)
            for intent in _listed(mapping.get("intent")):
                if intent not in known.intents:
                    yield _problem(service, route, f"slot '{slot.name}': the intent '{intent}' is not known")
            entity = mapping.get("entity")
            if entity is not None and entity not in known.entities:
                yield _problem(service, route, f"slot '{slot.name}': the entity '{entity}' is not known")
            for condition in mapping.get("conditions", ()):
                asked = condition.get("requested_slot")
                if asked is not None and asked not in known.slots:
                    yield _problem(service, route, f"slot '{slot.name}': the slot '{asked}' is not known")
    if service.guide is not None:
        content = authored.read(Path(service.file))
        yield from _long_texts(content, ("guide",), content.data["guide"])
        yield from _guide(service, service.guide)


def _long_texts(content: authored.Authored, route: authored.Route, part: Any) -> Iterator[Problem]:
    if isinstance(part, str):
        yield from check_answers.too_long(content, route, check_answers.graphemes(part))
    elif isinstance(part, (list, Mapping)):
        for key, value in part.items() if isinstance(part, Mapping) else enumerate(part):
            yield from _long_texts(content, (*route, key), value)


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _guide(service: Service, guide: Guide) -> Iterator[Problem]:
    known = {situation.id for situation in guide.situations}
    parts: dict[str, Sequence[ForSituations]] = {
        "documents": guide.documents,
        "fees": guide.fees,
        "steps": guide.steps,
        "places": guide.offices,
        "times": guide.times,
        "notes": guide.notes,
    }
    for name, items in parts.items():
        for index, item in enumerate(items):
            for situation in item.situations:
                if situation not in known:
                    route = ("guide", name, index, "for")
                    yield _problem(service, route, f"the situation '{situation}' is not in 'situations'")
    for index, fee in enumerate(guide.fees):
        if (fee.amount is None) == (fee.words is None):
            yield _problem(service, ("guide", "fees", index), "a fee needs either 'amount' (baht) or 'words'")
    for situation in known:
        for name in ("documents", "fees", "steps", "places", "times"):
            if not any(not item.situations or situation in item.situations for item in parts[name]):
                yield _problem(service, ("guide", name), f"nothing here holds for the situation '{situation}'")


def _one_intent_each(services: Iterable[Service]) -> Iterator[Problem]:
    first: dict[str, Service] = {}
    for service in services:
        other = first.setdefault(service.intent, service)
        if other is not service:
            yield _problem(service, ("intent",), f"the intent '{service.intent}' belongs to {other.file} already")


def _rules(
    corpus: Corpus, known: check_answers.Known, answers: Answers, rules: list[Mapping[str, Any]]
) -> Iterator[Problem]:
    guides = {f"utter_guide_{service.id}" for service in corpus.services.values() if service.guide is not None}
    for content in corpus.rules:
        for index, rule in enumerate(content.data["rules"]):
            route = ("rules", index)
            for intent in steps_of([rule], "intent"):
                if intent not in known.intents:
                    yield content.problem(route, f"the intent '{intent}' has no examples in nlu_data/nlu/")
            for action in steps_of([rule], "action"):
                if action.startswith("utter_") and action not in answers.by_id and action not in guides:
                    yield content.problem(route, f"there is no answer '{action}' in nlu_data/answers/")
    where = Problem(file="nlu_data/rules", line=1, message="")
    for action in steps_of(rules, "action"):
        if action.startswith("utter_") and action not in answers.by_id and action not in guides:
            message = f"the generated rules need the answer '{action}' in nlu_data/answers/"
            yield Problem(file=where.file, line=where.line, message=message)
    answered = set(steps_of(rules, "intent"))
    for intent in sorted(set(corpus.examples) - answered):
        yield Problem(
            file=f"nlu_data/nlu/{intent}.yml",
            line=1,
            message=f"no rule answers the intent '{intent}'",
            severity="error",
        )


def _lookups(corpus: Corpus) -> Iterator[Problem]:
    for lookup in corpus.lookups.values():
        content = authored.read(Path(lookup.file))
        owner: dict[str, str] = {value: value for value in lookup.values}
        for value, synonyms in lookup.values.items():
            for index, synonym in enumerate(synonyms):
                other = owner.setdefault(synonym.lower(), value)
                if other != value:
                    message = f"'{synonym}' stands for both '{other}' and '{value}'"
                    yield content.problem(("values", value, index), message)


def _examples(corpus: Corpus, nlu_data: Path) -> Iterator[Problem]:
    owners: dict[str, list[str]] = defaultdict(list)
    asked = [(service.intent, example) for service in corpus.services.values() for example in service.examples]
    labelled = [(intent, example) for intent, examples in corpus.examples.items() for example in examples]
    for intent, example in [*labelled, *asked]:
        if intent not in owners[example]:
            owners[example].append(intent)
    for example, intents in owners.items():
        if len(intents) > 1:
            message = f"'{example}' is an example of {' and of '.join(intents)}"
            yield Problem(file=str(nlu_data / "nlu" / f"{intents[0]}.yml"), line=1, message=message)
