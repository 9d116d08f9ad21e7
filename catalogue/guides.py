# SPDX-License-Identifier: Apache-2.0
"""Chooses what of a guide is told: the aspect that was asked for, in the citizen's situation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from catalogue.model import ASPECTS, Guide, Service, Words

#: The situation of whoever has no other: said beside another one it only tells how.
_FIRST_TIME = "first"


class ForSituations(Protocol):
    """A part of a guide that may hold only in some situations."""

    @property
    def situations(self) -> tuple[str, ...]:
        """Ids of the situations; none means all."""
        ...


Part = TypeVar("Part", bound=ForSituations)


def known_situation(guide: Guide, situation: str | None) -> str | None:
    """The guide's own situation for what the citizen named, None when it does not tell it apart (it says all then)."""
    return next((item.id for item in guide.situations if situation == item.id or situation in item.also), None)


def first_known(guide: Guide, situations: Iterable[str]) -> str | None:
    """The first of several situations that this guide tells apart; `first` only when no other was named.

    "ทำใหม่ บัตรหาย" and "ลูกทำบัตรหาย" are about a lost card.
    """
    known = [found for named in situations if (found := known_situation(guide, named))]
    return next((found for found in known if found != _FIRST_TIME), next(iter(known), None))


def _told(parts: Iterable[Part], situation: str | None) -> list[Part]:
    """The parts that hold in a situation; with none known, all."""
    return [part for part in parts if situation is None or not part.situations or situation in part.situations]


def _case(guide: Guide, part: ForSituations, situation: str | None, locale: str) -> str | None:
    """Words for the situations of a part, where they have to be said because none was chosen."""
    if situation is not None or not part.situations or len(part.situations) == len(guide.situations):
        return None
    return " / ".join(item.name.of(locale) for item in guide.situations if item.id in part.situations)


def _of(words: Words | None, locale: str) -> str | None:
    return words.of(locale) if words else None


def answer_for(aspect: str | None) -> str:
    """The id of the answer that tells an aspect; the overview for none and for an unknown one."""
    return f"guide_{aspect}" if aspect in ASPECTS else "guide_all"


def arguments_for(service: Service, aspect: str | None, situation: str | None, locale: str) -> dict[str, Any]:
    """What the guide answers (`guide_all`, `guide_fee`, …) can show, as plain values.

    Shape: `title, case, summary, hotline, agency, source_name, source_url, retrieved` (words or None) and the lists
    `documents [{name, note, case}]`, `fees [{name, amount, free, words}]`, `steps [{number, name, case}]`,
    `offices [{name, hours, url, case}]`, `times [{name, case}]`, `notes [{name, case}]`,
    `situations [{label, situation, intent}]` (only while none is chosen) and `aspects [{aspect}]` (the others).
    Amounts are in baht; a fee of 0 has `free` (a word for the filter) instead of `amount`.
    Raises ValueError for a service that has no guide.
    """
    guide = service.guide
    if guide is None:
        raise ValueError(f"the service {service.id!r} has no guide")
    chosen = known_situation(guide, situation)

    def case(part: ForSituations) -> str | None:
        return _case(guide, part, chosen, locale)

    return {
        "guide": service.id,
        "intent": service.intent,
        "title": service.title.of(locale),
        "case": next((item.name.of(locale) for item in guide.situations if item.id == chosen), None),
        "summary": guide.summary.of(locale),
        "documents": [
            {"name": part.name.of(locale), "note": _of(part.note, locale), "case": case(part)}
            for part in _told(guide.documents, chosen)
        ],
        "fees": [
            {
                "name": part.name.of(locale),
                "amount": part.amount or None,
                "free": "free" if part.amount == 0 else None,
                "words": _of(part.words, locale),
            }
            for part in _told(guide.fees, chosen)
        ],
        "steps": [
            {"number": number, "name": part.name.of(locale), "case": case(part)}
            for number, part in enumerate(_told(guide.steps, chosen), start=1)
        ],
        "offices": [
            {"name": part.name.of(locale), "hours": _of(part.hours, locale), "url": part.url, "case": case(part)}
            for part in _told(guide.offices, chosen)
        ],
        "times": [{"name": part.name.of(locale), "case": case(part)} for part in _told(guide.times, chosen)],
        "notes": [{"name": part.name.of(locale), "case": case(part)} for part in _told(guide.notes, chosen)],
        "situations": [
            {"label": item.name.of(locale), "situation": item.id, "intent": service.intent}
            for item in guide.situations
            if chosen is None
        ],
        "aspects": [{"aspect": other} for other in ASPECTS if other != aspect],
        "agency": service.agency.name.of(locale),
        "agency_hotline": service.agency.hotline,
        "agency_url": service.agency.url,
        "source_name": service.source.name.of(locale),
        "source_url": service.source.url,
        "retrieved": service.source.retrieved.isoformat(),
    }


def guide_list(services: Mapping[str, Service], locale: str) -> list[dict[str, str]]:
    """All guides as `{label, intent}`, in order of their files."""
    return [
        {"label": service.title.of(locale), "intent": service.intent}
        for service in services.values()
        if service.guide is not None
    ]
