# SPDX-License-Identifier: Apache-2.0
"""The catalogue as types: a public service, what it asks, what its guide says and where that was taken from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Kind = Literal["guide", "query", "form"]
Risk = Literal["low", "medium", "high"]
#: The five questions that a guide answers.
ASPECTS = ("documents", "fee", "place", "time", "steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One sentence or name in the languages we answer in."""

    th: str
    en: str

    def of(self, locale: str) -> str:
        """The words for a locale; Thai for any language that we do not have."""
        return self.en if locale == "en" else self.th


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One value that a form collects; `mappings` are Rasa's, written in the service file."""

    name: str
    type: str
    mappings: tuple[Mapping[str, Any], ...]
    ask: str | None = None
    optional: bool = False
    #: sealed by the vault before the bot sees it
    private: bool = False
    requested: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A case of a guide that needs other papers or another fee (lost, expired, …)."""

    id: str
    name: Words
    #: other situations that mean the same for this guide
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper to bring; `situations` empty means always."""

    name: Words
    note: Words | None = None
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A fee in baht, or in words where the law gives no single sum."""

    name: Words
    amount: float | None = None
    words: Words | None = None
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, in order."""

    name: Words
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Where the service is given; `hours` only where the source says so."""

    name: Words
    hours: Words | None = None
    url: str | None = None
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How long it takes, until when it must be done, how long it is valid."""

    name: Words
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who is responsible for the service."""

    name: Words
    hotline: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the facts were taken from and when."""

    name: Words
    url: str
    retrieved: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What a citizen has to know: papers, fees, steps, places and times, per situation."""

    summary: Words
    situations: tuple[Situation, ...] = ()
    documents: tuple[Document, ...] = ()
    fees: tuple[Fee, ...] = ()
    steps: tuple[Step, ...] = ()
    offices: tuple[Office, ...] = ()
    times: tuple[Duration, ...] = ()
    notes: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How Rasa collects the slots of a service and what runs then."""

    name: str
    submit: str
    #: run instead of the form when the service is asked for inside another form
    direct: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One public service, from `nlu_data/services/<id>.yml`."""

    id: str
    kind: Kind
    intent: str
    title: Words
    names: tuple[str, ...]
    examples: tuple[str, ...]
    agency: Agency
    risk: Risk
    source: Source
    review_by: date
    owner: str
    #: the officer who compared the facts with the source; None until somebody did
    verified_by: str | None = None
    answers: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    form: Form | None = None
    guide: Guide | None = None
    rules: tuple[Mapping[str, Any], ...] = ()
    file: str = field(default="", compare=False)

    @property
    def chosen_intent(self) -> str:
        """What a tapped choice means. A form has an intent of its own for it: the words on the button are not its
        first answer, as a message's words are ("ไฟถนนดับหน้าวัด" is the description already)."""
        return f"start_{self.id}" if self.kind == "form" else self.intent
