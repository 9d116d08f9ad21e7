# SPDX-License-Identifier: Apache-2.0
"""Texts with their intent and entities, one JSON object a line, and how well a prediction fits them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: start, end (exclusive), entity
Span = tuple[int, int, str]


class BadLabels(Exception):
    """A file that holds no labelled texts; the text names the file and the line."""


@dataclass(frozen=True)
class Labelled:
    """A text and what it means; entities: `{"start", "end", "entity"}`, characters, end exclusive."""

    text: str
    intent: str
    entities: tuple[Mapping[str, Any], ...]

    @property
    def spans(self) -> frozenset[Span]:
        """The entities without their values."""
        return frozenset((int(each["start"]), int(each["end"]), str(each["entity"])) for each in self.entities)


def read(file: Path) -> list[Labelled]:
    """The labelled texts of a file. Raises BadLabels."""
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadLabels(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is no UTF-8 text'}"
        ) from error
    found = [_labelled(f"{file}:{number}", line) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise BadLabels(f"{file} holds no labelled text")
    return found


def _labelled(place: str, line: str) -> Labelled:
    try:
        content = json.loads(line)
        text, intent, entities = content["text"], content["intent"], content.get("entities", [])
        spans = [(each["start"], each["end"], each["entity"]) for each in entities]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadLabels(
            f'{place} is no JSON object {{"text", "intent", "entities": [{{"start", "end", "entity"}}]}}'
        ) from None
    if not isinstance(text, str) or not isinstance(intent, str) or not text.strip() or not intent:
        raise BadLabels(f"{place} has no text or no intent")
    for start, end, entity in spans:
        # True is an int for Python and no offset for anybody else.
        whole = type(start) is int and type(end) is int
        if not whole or not isinstance(entity, str) or not entity or not 0 <= start < end <= len(text):
            raise BadLabels(f"{place} has an entity outside of its text or without a name")
    return Labelled(text, intent, tuple({"start": s, "end": e, "entity": n} for s, e, n in spans))


def accuracy(wanted: Sequence[str], got: Sequence[str | None]) -> float:
    """The share 0–1 of equal labels."""
    return sum(one == other for one, other in zip(wanted, got, strict=True)) / len(wanted)


def macro_f1(wanted: Sequence[str], got: Sequence[str | None]) -> float:
    """The mean of the labels' F1, over every label that is wanted or given (as scikit-learn's `f1_score`)."""
    scores = []
    for label in {*wanted, *(each for each in got if each is not None)}:
        right = sum(one == other == label for one, other in zip(wanted, got, strict=True))
        said = sum(one == label for one in wanted) + sum(other == label for other in got)
        scores.append(2 * right / said)
    return sum(scores) / len(scores)


def span_f1(wanted: Sequence[frozenset[Span]], got: Sequence[frozenset[Span]]) -> float | None:
    """F1 over all spans, right only when start, end and entity are; None when nothing is wanted."""
    total = sum(map(len, wanted))
    if not total:
        return None
    right = sum(len(one & other) for one, other in zip(wanted, got, strict=True))
    return 2 * right / (total + sum(map(len, got)))
