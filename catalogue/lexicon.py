# SPDX-License-Identifier: Apache-2.0
"""Makes the domain dictionary of the tokenizer and the table of synonyms for the rule extractor."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from catalogue.corpus import Corpus
from thai.place_names import DISTRICT_NICKNAMES, PROVINCE_NICKNAMES

_THAI = re.compile(r"[\u0e01-\u0e5b.]+")
#: DOPA codes of provinces have two digits, of districts four.
_DISTRICT_DIGITS = 4
_SHORTEST = 2


def _words(phrases: Iterable[str]) -> set[str]:
    """Phrases as dictionary words: the Thai ones, in one piece and without spaces."""
    return {
        part
        for phrase in phrases
        for part in {phrase.replace(" ", ""), *phrase.split()}
        if len(part) >= _SHORTEST and _THAI.fullmatch(part)
    }


def _without_situation(names: Iterable[str], corpus: Corpus) -> list[str]:
    """Names that do not hold a situation: as one word, บัตรหาย would hide that the card was lost."""
    lookup = corpus.lookups.get("situation")
    situations = [synonym for synonyms in lookup.values.values() for synonym in synonyms] if lookup else []
    return [name for name in names if not any(situation in name for situation in situations)]


def _place_names(places: Mapping[str, Any]) -> set[str]:
    named = {str(row[1]) for row in places["places"] if len(str(row[0])) <= _DISTRICT_DIGITS}
    return named | set(PROVINCE_NICKNAMES) | set(DISTRICT_NICKNAMES)


def build_lexicon(corpus: Corpus, places: Mapping[str, Any]) -> dict[str, Any]:
    """`lexicon.json`: `{"version": sha256 of the words, "words": sorted}` for the tokenizer's dictionary."""
    synonyms = [word for lookup in corpus.lookups.values() for words in lookup.values.values() for word in words]
    values = [value for lookup in corpus.lookups.values() for value in lookup.values]
    names = [name for service in corpus.services.values() for name in (*service.names, service.title.th)]
    names = _without_situation(names, corpus)
    words = sorted(_words([*corpus.terms, *synonyms, *values, *names, *_place_names(places)]))
    return {"version": hashlib.sha256("\n".join(words).encode()).hexdigest(), "words": words}


def build_extractors(corpus: Corpus) -> dict[str, dict[str, str]]:
    """`extractors.json`: entity → words as citizens write them → canonical value; a value stands for itself too.

    `service` has the names of all guides, so that `guide_more` can change to another one.
    """
    made: dict[str, dict[str, str]] = {}
    for entity, lookup in sorted(corpus.lookups.items()):
        made[entity] = {}
        for value, synonyms in lookup.values.items():
            made[entity] |= {value: value} | dict.fromkeys(synonyms, value)
    made["service"] = {
        name: service.id
        for service in corpus.services.values()
        if service.guide is not None
        for name in (service.title.th, *service.names)
    }
    return {entity: dict(sorted(table.items())) for entity, table in made.items()}
