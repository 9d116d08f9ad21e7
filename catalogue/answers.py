# SPDX-License-Identifier: Apache-2.0
"""Loads what the bot says and renders one answer as reply blocks."""

from __future__ import annotations

import hashlib
import json
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from catalogue import authored, blocks, guides
from catalogue.authored import AuthoringError, Problem
from catalogue.fill import Filler, WordTable
from catalogue.model import Service, Words
from catalogue.schema import problems_of

Block = dict[str, Any]
Templates = Sequence[str | Mapping[str, Any]]

#: Entities that a choice of `utter_clarify` carries on, so that the citizen need not say them again.
_CARRIED = ("place", "landmark", "location", "problem_type", "case_number", "aspect", "situation")
#: How many meanings `utter_clarify` offers; an intent without a name (out_of_scope, inform …) is never one.
_OFFERED = 3


class UnknownAnswer(LookupError):
    """No answer file has this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One reply with its owner; `blocks` by locale, `channels` where a channel differs."""

    id: str
    owner: str
    review_by: date
    source: str | None
    blocks: Mapping[str, Templates]
    channels: Mapping[str, Mapping[str, Templates]]
    file: str
    line: int

    def templates(self, locale: str, channel: str | None) -> tuple[str, Templates]:
        """The locale that there is and its blocks: the channel's own, else the common ones, else Thai."""
        own = self.channels.get(channel or "", {})
        for wanted in (locale, "th"):
            for place in (own, self.blocks):
                if wanted in place:
                    return wanted, place[wanted]
        raise UnknownAnswer(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All answers, the word tables of their filters and the names of intents."""

    by_id: Mapping[str, Answer]
    tables: Mapping[str, WordTable]
    same: frozenset[str]
    intents: Mapping[str, Words]


@dataclass(frozen=True, slots=True, kw_only=True)
class NlgRequest:
    """Rasa's question to the NLG endpoint, as far as an answer needs it."""

    response: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    locale: str = "th"
    channel: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    intent: str | None = None
    #: names of intents, the likeliest first
    ranking: tuple[str, ...] = ()
    #: the latest message's entities, (name, value) in their order
    entities: tuple[tuple[str, Any], ...] = ()

    def entity(self, name: str) -> Any:
        """The last value of an entity in the latest message, None without one."""
        return next(reversed(self.values(name)), None)

    def values(self, name: str) -> list[Any]:
        """All values of an entity in the latest message, in their order."""
        return [value for entity, value in self.entities if entity == name]


def parse_request(data: Any) -> NlgRequest:
    """The NLG request of wire.md §3 from its JSON. Raises ValueError when it is none."""
    if not isinstance(data, Mapping) or not isinstance(data.get("response"), str):
        raise ValueError("an NLG request names its response")
    tracker = data.get("tracker") or {}
    message = tracker.get("latest_message") or {}
    slots = tracker.get("slots") or {}
    return NlgRequest(
        response=data["response"],
        arguments=data.get("arguments") or {},
        locale=str(slots.get("language") or data.get("locale") or "th"),
        channel=(data.get("channel") or {}).get("name"),
        slots=slots,
        intent=(message.get("intent") or {}).get("name"),
        ranking=tuple(item["name"] for item in message.get("intent_ranking") or () if item.get("name")),
        entities=tuple(
            (item["entity"], item.get("value")) for item in message.get("entities") or () if item.get("entity")
        ),
    )


def fingerprint(folder: Path) -> str:
    """Changes whenever an answer file is added, removed or written: a cheap way to see when to load again."""
    state = [
        (path.name, stat.st_mtime_ns, stat.st_size) for path in authored.yaml_files(folder) for stat in [path.stat()]
    ]
    return hashlib.sha256(repr(state).encode()).hexdigest()


def load_answers(folder: Path) -> Answers:
    """All answers of a folder. Raises AuthoringError with every problem at once."""
    by_id: dict[str, Answer] = {}
    tables: dict[str, WordTable] = {}
    same: set[str] = set()
    intents: dict[str, Words] = {}
    problems: list[Problem] = []
    for path in authored.yaml_files(folder):
        try:
            content = authored.read(path)
        except AuthoringError as error:
            problems += error.problems
            continue
        found = problems_of(content, "answers")
        if found:
            problems += found
            continue
        for index, item in enumerate(content.data.get("answers", ())):
            route = ("answers", index, "id")
            if item["id"] in by_id:
                other = by_id[item["id"]]
                problems.append(content.problem(route, f"'{item['id']}' stands already at {other.file}:{other.line}"))
                continue
            by_id[item["id"]] = _answer(item, str(path), content.line_of(route))
        for name, table in content.data.get("words", {}).items():
            tables[name] = {"th": table["th"], "en": table["en"]}
            if table.get("otherwise") == "same":
                same.add(name)
        intents |= {
            name: Words(th=words["th"], en=words["en"]) for name, words in content.data.get("intents", {}).items()
        }
    if problems:
        raise AuthoringError(problems)
    return Answers(by_id=by_id, tables=tables, same=frozenset(same), intents=intents)


def _answer(data: Mapping[str, Any], file: str, line: int) -> Answer:
    return Answer(
        id=data["id"],
        owner=data["owner"],
        review_by=date.fromisoformat(data["review_by"]),
        source=data.get("source"),
        blocks={"th": data["th"], "en": data["en"]},
        channels=data.get("channels", {}),
        file=file,
        line=line,
    )


def render(
    answers: Answers,
    services: Mapping[str, Service],
    request: NlgRequest,
    facts: Mapping[str, Any] | None = None,
) -> list[Block]:
    """The reply blocks (wire.md §1) of the answer that Rasa asks for.

    A placeholder takes its value from the request's arguments, else the slots, else `facts` (what the agency says about
    itself: agency_name, agency_phone, agency_hours, privacy_url). Raises UnknownAnswer.
    """
    if request.response.startswith("utter_guide_"):
        return _render_guide(answers, services, request, facts or {})
    arguments: Mapping[str, Any] = request.arguments
    if request.response == "utter_list_guides":
        arguments = {**arguments, "guides": guides.guide_list(services, request.locale)}
    if request.response == "utter_clarify":
        arguments = {**arguments, "meant": _meant(answers, services, request)}
    return _fill(answers, request.response, request, arguments, facts or {})


def render_system(
    answers: Answers,
    answer_id: str,
    arguments: Mapping[str, Any],
    locale: str,
    channel: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> list[Block]:
    """What the gateway says by itself, as reply blocks. Raises UnknownAnswer."""
    request = NlgRequest(response=answer_id, locale=locale, channel=channel)
    return _fill(answers, answer_id, request, arguments, facts or {})


def _fill(
    answers: Answers,
    answer_id: str,
    request: NlgRequest,
    arguments: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> list[Block]:
    answer = answers.by_id.get(answer_id)
    if answer is None:
        raise UnknownAnswer(answer_id)
    locale, templates = answer.templates(request.locale, request.channel)
    values = ChainMap(dict(arguments), dict(request.slots), dict(facts))
    filler = Filler(values=values, tables=answers.tables, locale=locale, same=answers.same)
    return blocks.make(templates, filler)


def _render_guide(
    answers: Answers, services: Mapping[str, Service], request: NlgRequest, facts: Mapping[str, Any]
) -> list[Block]:
    more = request.response == "utter_guide_more"
    named = request.response.removeprefix("utter_guide_")
    if more:
        named = str(request.entity("service") or request.slots.get("last_guide") or "")
    service = services.get(named)
    if service is None or service.guide is None:
        if not more:
            raise UnknownAnswer(request.response)
        listed = {**request.arguments, "guides": guides.guide_list(services, request.locale)}
        return _fill(answers, "utter_guide_more", request, listed, facts)
    aspects = set(request.values("aspect"))
    # Asked for several things at once, the overview tells them all.
    aspect = aspects.pop() if len(aspects) == 1 else None
    situation = guides.first_known(service.guide, request.values("situation"))
    answer_id = guides.answer_for(aspect)
    if more:
        if not request.values("aspect") and situation is None and request.entity("service") is None:
            answer_id = guides.answer_for("steps")
        situation = situation or request.slots.get("guide_situation")
    arguments = guides.arguments_for(service, aspect, situation, request.locale)
    return _fill(answers, answer_id, request, {**arguments, "situation": situation}, facts)


def _meant(answers: Answers, services: Mapping[str, Service], request: NlgRequest) -> list[dict[str, str]]:
    """The likeliest intents that have a name, as choices that keep what the message already said."""
    names = {**answers.intents, **{service.intent: service.title for service in services.values()}}
    chosen = {service.intent: service.chosen_intent for service in services.values()}
    carried = {name: value for name, value in request.entities if name in _CARRIED}
    said = json.dumps(carried, ensure_ascii=False) if carried else ""
    offered = [name for name in request.ranking if name in names][:_OFFERED]
    return [{"label": names[name].of(request.locale), "meant": f"{chosen.get(name, name)}{said}"} for name in offered]
