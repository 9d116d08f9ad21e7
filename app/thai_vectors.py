# SPDX-License-Identifier: Apache-2.0
"""What the parsers of `thai/` read in the lines of a file, one answer per line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from thai import (
    case_numbers,
    date_times,
    dates,
    dialect,
    durations,
    layout,
    money,
    national_ids,
    numbers,
    parcels,
    phones,
    plates,
    times,
)
from thai.dates_display import THAILAND
from thai.found import Certainty, Found
from thai.normalise import normalise
from thai.tokens import Tokenizer


class BadLine(Exception):
    """A line that cannot be answered; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Vector:
    """A line of the file: `text` is to be read as a `kind`, on the day and at the time of `base` (aware)."""

    kind: str
    text: str
    base: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read: the values in the contract's written forms, the likeliest first; none for what is rejected."""

    values: tuple[Any, ...]
    certainty: Certainty


def load(path: Path, now: datetime | None = None) -> list[Vector]:
    """Return the lines of a JSON Lines file `{"kind", "text", "base"?}`; empty lines are passed over.

    A line without `base` is read as of `now`. Raises BadLine for the first line that is no such object, OSError.
    """
    now = now or datetime.now(THAILAND)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadLine(f"{path}: not UTF-8") from error
    return [_vector(f"{path}:{number}", line, now) for number, line in enumerate(lines, 1) if line.strip()]


def answer(vector: Vector) -> Answer:
    """Read one text. What is not found is rejected; several findings in one text are a question."""
    return _READERS[vector.kind](vector.text, vector.base)


def as_json(vector: Vector, found: Answer) -> str:
    """The line of output for one vector."""
    line = {"kind": vector.kind, "text": vector.text, "values": found.values, "certainty": found.certainty}
    return json.dumps(line, ensure_ascii=False, default=_number)


def summed_up(found: Sequence[Found[Any]]) -> Answer:
    """Several findings as one answer: certain only when all of them are and agree."""
    values = tuple(dict.fromkeys(value for one in found for value in one.values))
    if not values:
        return Answer((), "reject")
    certain = len(values) == 1 and all(one.certainty == "certain" for one in found)
    return Answer(values, "certain" if certain else "confirm")


def _vector(where: str, line: str, now: datetime) -> Vector:
    try:
        content = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadLine(f"{where}: not JSON") from error
    if not isinstance(content, dict):
        raise BadLine(f"{where}: not an object")
    kind, text, base = content.get("kind"), content.get("text"), content.get("base")
    if not isinstance(kind, str) or kind not in _READERS:
        raise BadLine(f"{where}: kind is none of {', '.join(sorted(_READERS))}")
    if not isinstance(text, str):
        raise BadLine(f"{where}: text is missing")
    if base is None:
        return Vector(kind, text, now)
    try:
        moment = datetime.fromisoformat(base)
    except (TypeError, ValueError) as error:
        raise BadLine(f"{where}: base is no ISO 8601 moment") from error
    if moment.utcoffset() is None:
        raise BadLine(f"{where}: base has no time zone")
    return Vector(kind, text, moment.astimezone(THAILAND))


def _read_number(text: str, base: datetime) -> Answer:
    """An amount of money is one number with its satang; what lies inside an amount is not found again."""
    text = normalise(text)
    amounts = money.find(text)
    apart = [n for n in numbers.find(text) if all(n.end <= one.start or one.end <= n.start for one in amounts)]
    return summed_up([*amounts, *apart])


def _read_case_number(text: str, base: datetime) -> Answer:
    values = tuple(dict.fromkeys(found.value for found in case_numbers.find(text)))
    return Answer(values, "reject" if not values else "certain" if len(values) == 1 else "confirm")


def _read_layout(text: str, base: datetime) -> Answer:
    repaired = layout.repair(text, _tokenizer()) or layout.repair_english(text, _tokenizer())
    if repaired is None:
        return Answer((text,), "certain")
    values = (repaired.text,) if repaired.certainty == "certain" else (repaired.text, text)
    return Answer(values, repaired.certainty)


def _found(find: Callable[[str], Sequence[Found[Any]]]) -> Callable[[str, datetime], Answer]:
    return lambda text, base: summed_up(find(text))


_READERS: dict[str, Callable[[str, datetime], Answer]] = {
    "case_number": _read_case_number,
    "date": lambda text, base: summed_up(dates.find(normalise(text), base)),
    "datetime": lambda text, base: summed_up(date_times.find(normalise(text), base)),
    "dialect": lambda text, base: Answer((dialect.standard(text),), "certain"),
    "duration": lambda text, base: summed_up(durations.find(normalise(text))),
    "juristic_id": _found(national_ids.find_juristic),
    "layout": _read_layout,
    "money": _found(money.find),
    "national_id": _found(national_ids.find),
    "normalize": lambda text, base: Answer((normalise(text),), "certain"),
    "number": _read_number,
    "parcel": _found(parcels.find),
    "passport": _found(national_ids.find_passports),
    "phone": _found(phones.find),
    "plate": _found(plates.find),
    "time": lambda text, base: summed_up(times.find(normalise(text))),
}
KINDS = tuple(sorted(_READERS))


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    return Tokenizer()


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
