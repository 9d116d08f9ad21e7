# SPDX-License-Identifier: Apache-2.0
"""Finds what is wrong with one file of answers: values that nobody passes, particles, choices that lead nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import regex

from catalogue.answers import Answers
from catalogue.authored import Authored, Problem, Route
from catalogue.fill import PLACEHOLDER
from catalogue.formats import FILTERS

#: What the agency says about itself; the gateway fills these into any answer.
FACTS = frozenset({"agency_name", "agency_phone", "agency_hours", "agency_url", "privacy_url"})
#: Rasa overwrites a rendered answer with arguments of these names (`RemoteAction._utter_responses`).
RESERVED = frozenset({"text", "image", "buttons", "elements", "custom", "attachment", "response", "template"})
#: LINE's limits for quick replies (https://developers.line.biz/en/reference/messaging-api/#quick-reply).
_MOST_CHOICES = 13
_LONGEST_LABEL = 20
#: Graphemes of one text. LINE takes 5,000 UTF-16 units (up to four for a Thai grapheme); nobody reads that much in a chat.
LONGEST_TEXT = 1000
#: Parts of a block that are one text each; lists in them are its lines.
_TEXTS = ("text", "title", "value", "label", "alt")

#: The other persona's particle; one voice speaks in all answers.
_OTHER_PARTICLE = re.compile("ครับ|คับ(?:ผม)?")
#: A question with the particle of a statement, or นะ with it.
_WRONG_TONE = re.compile("(?:ไหม|มั้ย|อะไร|ไหน|เท่าไร|เท่าไหร่|อย่างไร|ยังไง|เมื่อไร|เมื่อไหร่|หรือยัง|ใคร)ค่ะ|นะค่ะ|ค๊ะ|คะ่")
_PARTICLE = re.compile("ค่ะ|คะ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Names that answers and services may use."""

    intents: frozenset[str]
    entities: frozenset[str]
    slots: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Scope:
    """What placeholders may stand for at one point of an answer."""

    names: frozenset[str]
    lists: Mapping[str, frozenset[str]]

    def inside(self, each: str) -> _Scope:
        return _Scope(self.names | self.lists.get(each, frozenset()), self.lists)


def check_file(content: Authored, answers: Answers, known: Known, today: date) -> Iterator[Problem]:
    """The problems of one file under nlu_data/answers/ that passed its schema."""
    for index, answer in enumerate(content.data.get("answers", ())):
        route: Route = ("answers", index)
        if date.fromisoformat(answer["review_by"]) < today:
            yield content.problem((*route, "review_by"), f"{answer['id']}: its review is due", "warning")
        arguments = _arguments(answer)
        for name in sorted(set(arguments) & RESERVED):
            yield content.problem((*route, "arguments"), f"{answer['id']}: Rasa keeps the name '{name}' for itself")
        lists = {name: fields for name, fields in arguments.items() if fields}
        scope = _Scope(frozenset(arguments) | known.slots | FACTS, lists)
        for place, blocks in _languages(answer):
            yield from _part(content, (*route, *place), blocks, scope, answers, known)
            yield from _lengths(content, (*route, *place), blocks)
        yield from _same_kinds(content, route, answer)
    for name, table in content.data.get("words", {}).items():
        for value in sorted(set(table["th"]) - set(table["en"])):
            yield content.problem(("words", name), f"'{value}' has no English words")
        yield from _voice(content, ("words", name, "th"), table["th"])
    for intent in content.data.get("intents", {}):
        if intent not in known.intents:
            yield content.problem(("intents", intent), f"the intent '{intent}' is not known")


def _arguments(answer: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Declared arguments; a list argument with the fields of its items, others with none."""
    made: dict[str, frozenset[str]] = {}
    for item in answer.get("arguments", ()):
        if isinstance(item, str):
            made[item] = frozenset()
        else:
            made |= {name: frozenset({*fields, "item"}) for name, fields in item.items()}
    return made


def _languages(answer: Mapping[str, Any]) -> Iterator[tuple[Route, Any]]:
    for locale in ("th", "en"):
        yield (locale,), answer[locale]
    for channel, own in answer.get("channels", {}).items():
        for locale, blocks in own.items():
            yield ("channels", channel, locale), blocks


def _part(
    content: Authored, route: Route, part: Any, scope: _Scope, answers: Answers, known: Known
) -> Iterator[Problem]:
    """Walks a block and everything in it; `each` opens the fields of its items to what stands inside."""
    if isinstance(part, str):
        yield from _placeholders(content, route, part, scope, answers)
        if "th" in route:
            yield from _voice(content, route, part)
    elif isinstance(part, list):
        for index, item in enumerate(part):
            yield from _part(content, (*route, index), item, scope, answers, known)
    elif isinstance(part, Mapping):
        each = part.get("each")
        if each is not None and each not in scope.lists:
            yield content.problem(route, f"each: nobody passes a list '{each}' (see 'arguments' of the answer)")
        inner = scope.inside(each) if each else scope
        for key in ("when", "unless"):
            if key in part and part[key] not in inner.names:
                yield content.problem(route, f"{key}: nobody passes '{part[key]}'")
        for key, value in part.items():
            if key == "payload":
                yield from _payload(content, (*route, key), value, inner, known)
            if key not in {"type", "each", "when", "unless", "name"} or isinstance(value, (list, Mapping)):
                yield from _part(content, (*route, key), value, inner, answers, known)
        if part.get("type") == "choices":
            yield from _choices(content, route, part)


def _placeholders(content: Authored, route: Route, text: str, scope: _Scope, answers: Answers) -> Iterator[Problem]:
    for name, filtered_by in PLACEHOLDER.findall(text):
        if name not in scope.names:
            yield content.problem(route, f"nobody passes '{{{name}}}' (see 'arguments' of the answer)")
        if filtered_by and filtered_by not in FILTERS and filtered_by not in answers.tables:
            yield content.problem(route, f"'{filtered_by}' is neither a filter nor a table in 'words'")


def _voice(content: Authored, route: Route, part: Any) -> Iterator[Problem]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            yield from _voice(content, (*route, key), value)
    elif isinstance(part, str):
        if _OTHER_PARTICLE.search(part):
            yield content.problem(route, "mixed particles: the voice says ค่ะ and คะ, never ครับ")
        wrong = _WRONG_TONE.search(part)
        if wrong:
            yield content.problem(route, f"'{wrong[0]}': คะ belongs to questions and after นะ, ค่ะ to statements")


def _payload(content: Authored, route: Route, payload: str, scope: _Scope, known: Known) -> Iterator[Problem]:
    """A literal payload must name an intent and entities that there are, and be JSON after its values are put in."""
    head, brace, rest = PLACEHOLDER.sub("0", payload).partition("{")
    if not PLACEHOLDER.match(payload[1:]) and head[1:] not in known.intents:
        yield content.problem(route, f"the choice leads to an unknown intent '{head[1:]}'")
    if not brace:
        return
    try:
        entities = json.loads(brace + rest)
    except ValueError:
        yield content.problem(route, "what follows the intent is not JSON")
        return
    for entity in entities:
        if entity not in known.entities:
            yield content.problem(route, f"the choice carries an unknown entity '{entity}'")


def _choices(content: Authored, route: Route, block: Mapping[str, Any]) -> Iterator[Problem]:
    literal = [choice for choice in block["choices"] if "each" not in choice]
    if len(literal) > _MOST_CHOICES:
        yield content.problem(route, f"{len(literal)} choices; LINE shows {_MOST_CHOICES} at once", "warning")
    for index, choice in enumerate(block["choices"]):
        label = choice["label"]
        if isinstance(label, str) and not PLACEHOLDER.search(label) and graphemes(label) > _LONGEST_LABEL:
            message = f"'{label}' is longer than {_LONGEST_LABEL} characters; LINE cuts it"
            yield content.problem((*route, "choices", index), message, "warning")


def graphemes(text: str) -> int:
    """Characters as a reader counts them: a consonant with its vowel and tone is one."""
    return len(regex.findall(r"\X", text))


def too_long(content: Authored, route: Route, length: int) -> Iterator[Problem]:
    """The problem of a text of `length` graphemes that is too long for a chat."""
    if length > LONGEST_TEXT:
        message = f"{length:,} characters in one text; at most {LONGEST_TEXT:,}: say less, or in several blocks"
        yield content.problem(route, message)


def _lengths(content: Authored, route: Route, part: Any) -> Iterator[Problem]:
    """Walks blocks to what is too long as the author wrote it; what a placeholder adds is not known here."""
    if isinstance(part, str):
        yield from too_long(content, route, graphemes(part))
    elif isinstance(part, list):
        for index, item in enumerate(part):
            yield from _lengths(content, (*route, index), item)
    elif isinstance(part, Mapping):
        for key, value in part.items():
            if key in _TEXTS:
                yield from too_long(content, (*route, key), _length(value))
            elif isinstance(value, (list, Mapping)):
                yield from _lengths(content, (*route, key), value)


def _length(text: Any) -> int:
    """Graphemes of a text that is one string, or lines of which each may have alternatives (the longest counts)."""
    if isinstance(text, str):
        return graphemes(text)
    if isinstance(text, list):
        return sum(_length(line) for line in text)
    line = text.get("line", "") if isinstance(text, Mapping) else ""
    return max(map(graphemes, [line] if isinstance(line, str) else line), default=0)


def _kinds(blocks: list[Any]) -> list[str]:
    return ["text" if isinstance(block, str) else str(block["type"]) for block in blocks]


def _same_kinds(content: Authored, route: Route, answer: Mapping[str, Any]) -> Iterator[Problem]:
    thai, english = _kinds(answer["th"]), _kinds(answer["en"])
    if thai != english:
        message = f"{answer['id']}: Thai has {', '.join(thai)}; English has {', '.join(english)}"
        yield content.problem((*route, "en"), message)
