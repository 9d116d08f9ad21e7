# SPDX-License-Identifier: Apache-2.0
"""Loads everything in `nlu_data/` that is not an answer: services, labelled examples, lookups, rules and stories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue import authored
from catalogue.authored import Authored, AuthoringError, Problem
from catalogue.load import load_services
from catalogue.model import Service
from catalogue.schema import problems_of

#: The lookup file that lists words for the tokenizer only.
_TERMS = "terms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """How citizens write the values of one entity: value → synonyms."""

    entity: str
    values: Mapping[str, tuple[str, ...]]
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What authors and staff edit, loaded and valid by itself."""

    services: Mapping[str, Service]
    #: intent → its labelled utterances, in the order of the file
    examples: Mapping[str, tuple[str, ...]]
    lookups: Mapping[str, Lookup]
    #: words that the tokenizer keeps whole
    terms: tuple[str, ...]
    rules: tuple[Authored, ...]
    stories: tuple[Path, ...]


def split_examples(block: str) -> tuple[str, ...]:
    """The utterances of Rasa's `examples: |` block, without their dashes."""
    return tuple(line.strip()[1:].strip() for line in block.splitlines() if line.strip().startswith("-"))


def _examples(content: Authored) -> tuple[str, tuple[str, ...]]:
    """Intent and utterances of one file in nlu_data/nlu/. Raises AuthoringError."""
    data = content.data
    if not isinstance(data, Mapping) or not isinstance(data.get("intent"), str):
        raise AuthoringError([content.problem((), "'intent: <name>' is missing")])
    if not isinstance(data.get("examples"), str):
        raise AuthoringError([content.problem(("examples",), "'examples: |' with lines '- text' is missing")])
    if data["intent"] != Path(content.file).stem:
        raise AuthoringError(
            [content.problem(("intent",), f"intent: must be the file's name, '{Path(content.file).stem}'")]
        )
    return data["intent"], split_examples(data["examples"])


def _rules(content: Authored) -> Authored:
    data = content.data
    if not isinstance(data, Mapping) or not isinstance(data.get("rules"), list):
        raise AuthoringError([content.problem((), "'rules:' with a list is missing")])
    for index, rule in enumerate(data["rules"]):
        if not isinstance(rule, Mapping) or not isinstance(rule.get("rule"), str) or not rule.get("steps"):
            raise AuthoringError([content.problem(("rules", index), "a rule needs 'rule: <name>' and 'steps:'")])
    return content


def load_lookups(folder: Path) -> tuple[dict[str, Lookup], tuple[str, ...]]:
    """The lookups of a folder by entity, and the tokenizer's own terms. Raises AuthoringError."""
    lookups: dict[str, Lookup] = {}
    terms: tuple[str, ...] = ()
    problems: list[Problem] = []
    for path in authored.yaml_files(folder):
        content = authored.read(path)
        found = problems_of(content, "terms" if path.stem == _TERMS else "lookup")
        problems += found
        if found:
            continue
        if path.stem == _TERMS:
            terms = tuple(content.data["terms"])
            continue
        values = {value: tuple(synonyms) for value, synonyms in content.data["values"].items()}
        lookups[content.data["entity"]] = Lookup(entity=content.data["entity"], values=values, file=str(path))
    if problems:
        raise AuthoringError(problems)
    return lookups, terms


def load_corpus(nlu_data: Path) -> Corpus:
    """Everything under `nlu_data`. Raises AuthoringError with the problems of all files at once."""
    problems: list[Problem] = []
    examples: dict[str, tuple[str, ...]] = {}
    rules: list[Authored] = []
    services: Mapping[str, Service] = {}
    lookups: dict[str, Lookup] = {}
    terms: tuple[str, ...] = ()
    try:
        services = load_services(nlu_data / "services")
    except AuthoringError as error:
        problems += error.problems
    try:
        lookups, terms = load_lookups(nlu_data / "lookups")
    except AuthoringError as error:
        problems += error.problems
    for path in authored.yaml_files(nlu_data / "nlu"):
        try:
            intent, utterances = _examples(authored.read(path))
            examples[intent] = utterances
        except AuthoringError as error:
            problems += error.problems
    for path in authored.yaml_files(nlu_data / "rules"):
        try:
            rules.append(_rules(authored.read(path)))
        except AuthoringError as error:
            problems += error.problems
    if problems:
        raise AuthoringError(problems)
    return Corpus(
        services=services,
        examples=examples,
        lookups=lookups,
        terms=terms,
        rules=tuple(rules),
        stories=tuple(authored.yaml_files(nlu_data / "stories")),
    )


def rules_of(corpus: Corpus) -> list[Mapping[str, Any]]:
    """All hand-written rules, those of the rule files first."""
    written = [rule for content in corpus.rules for rule in content.data["rules"]]
    return written + [rule for service in corpus.services.values() for rule in service.rules]
