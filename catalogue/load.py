# SPDX-License-Identifier: Apache-2.0
"""Loads the service files into the catalogue's types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from catalogue import authored
from catalogue.authored import AuthoringError, Problem
from catalogue.model import (
    Agency,
    Document,
    Duration,
    Fee,
    Form,
    Guide,
    Office,
    Service,
    Situation,
    Slot,
    Source,
    Step,
    Words,
)
from catalogue.schema import problems_of

Item = TypeVar("Item")

#: What the template of `pracha services new` puts before everything that is still to be written.
TO_WRITE = "แก้ไข:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A service file that is still being written: no citizen may meet it. `problems` says what is left, where."""

    id: str
    intent: str
    problems: tuple[Problem, ...]


def _words(data: Mapping[str, Any]) -> Words:
    return Words(th=str(data["th"]).strip(), en=str(data["en"]).strip())


def _words_or_none(data: Mapping[str, Any] | None) -> Words | None:
    return _words(data) if data else None


def _each(data: Sequence[Mapping[str, Any]] | None, make: Callable[[Mapping[str, Any]], Item]) -> tuple[Item, ...]:
    return tuple(make(item) for item in data or ())


def _cases(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(data.get("for", ()))


def _guide(data: Mapping[str, Any]) -> Guide:
    return Guide(
        summary=_words(data["summary"]),
        situations=_each(
            data.get("situations"),
            lambda item: Situation(id=item["id"], name=_words(item), also=tuple(item.get("also", ()))),
        ),
        documents=_each(
            data["documents"],
            lambda item: Document(name=_words(item), note=_words_or_none(item.get("note")), situations=_cases(item)),
        ),
        fees=_each(
            data["fees"],
            lambda item: Fee(
                name=_words(item),
                amount=item.get("amount"),
                words=_words_or_none(item.get("words")),
                situations=_cases(item),
            ),
        ),
        steps=_each(data["steps"], lambda item: Step(name=_words(item), situations=_cases(item))),
        offices=_each(
            data["places"],
            lambda item: Office(
                name=_words(item),
                hours=_words_or_none(item.get("hours")),
                url=item.get("url"),
                situations=_cases(item),
            ),
        ),
        times=_each(data["times"], lambda item: Duration(name=_words(item), situations=_cases(item))),
        notes=_each(data.get("notes"), lambda item: Step(name=_words(item), situations=_cases(item))),
    )


def _slot(data: Mapping[str, Any]) -> Slot:
    return Slot(
        name=data["name"],
        type=data["type"],
        mappings=tuple(data["mappings"]),
        ask=data.get("ask"),
        optional=data.get("optional", False),
        private=data.get("private", False),
        requested=data.get("requested", True),
    )


def service_from(data: Mapping[str, Any], file: str) -> Service:
    """A service from data that passed the schema."""
    agency, source, form = data["agency"], data["source"], data.get("form")
    return Service(
        id=data["id"],
        kind=data["kind"],
        intent=data.get("intent") or f"guide_{data['id']}",
        title=_words(data["title"]),
        names=tuple(data["names"]),
        examples=tuple(data["examples"]),
        agency=Agency(name=_words(agency["name"]), hotline=agency.get("hotline"), url=agency.get("url")),
        risk=data["risk"],
        source=Source(
            name=_words(source["name"]), url=source["url"], retrieved=date.fromisoformat(source["retrieved"])
        ),
        review_by=date.fromisoformat(data["review_by"]),
        owner=data["owner"],
        verified_by=data.get("verified_by"),
        answers=tuple(data.get("answers", ())),
        slots=_each(data.get("slots"), _slot),
        form=Form(name=form["name"], submit=form["submit"], direct=form.get("direct")) if form else None,
        guide=_guide(data["guide"]) if data.get("guide") else None,
        rules=tuple(data.get("rules", ())),
        file=file,
    )


def load_services(folder: Path) -> dict[str, Service]:
    """All services of a folder by id, in order of their files; drafts are left out.

    Raises AuthoringError with every problem of every file at once.
    """
    services: dict[str, Service] = {}
    problems: list[Problem] = []
    for path in authored.yaml_files(folder):
        if _unwritten(path):
            continue
        try:
            content = authored.read(path)
        except AuthoringError as error:
            problems += error.problems
            continue
        found = problems_of(content, "service")
        if not found and content.data["id"] != path.stem:
            found = [content.problem(("id",), f"id: '{content.data['id']}' must be the file's name, '{path.stem}'")]
        if not found:
            services[path.stem] = service_from(content.data, str(path))
        problems += found
    if problems:
        raise AuthoringError(problems)
    return services


def load_drafts(folder: Path) -> list[Draft]:
    """The service files in which something is still to be written, in order of their files."""
    drafts = []
    for path in authored.yaml_files(folder):
        message = f"'{TO_WRITE}' is left from the template: write it; until then the service is left out"
        problems = [Problem(file=str(path), line=line, message=message) for line in _unwritten(path)]
        if not problems:
            continue
        intent = f"guide_{path.stem}"
        try:
            content = authored.read(path)
            problems += problems_of(content, "service")
            if isinstance(content.data, Mapping):
                intent = str(content.data.get("intent") or intent)
        except AuthoringError as error:
            problems += error.problems
        drafts.append(Draft(id=path.stem, intent=intent, problems=tuple(problems)))
    return drafts


def _unwritten(path: Path) -> list[int]:
    """The lines (from 1) with something that is still to be written; a comment may say anything."""
    lines = path.read_bytes().splitlines()
    return [number for number, line in enumerate(lines, start=1) if TO_WRITE.encode() in line.partition(b"#")[0]]
