# SPDX-License-Identifier: Apache-2.0
"""Decides whether the answers and services in the files may be said to citizens as they stand now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from catalogue.answers import Answers, fingerprint, load_answers
from catalogue.authored import AuthoringError, Problem
from catalogue.check import check
from catalogue.load import load_services
from catalogue.model import Service

#: Everything that the check reads: an answer may name an intent, an entity or a slot.
_FOLDERS = ("answers", "services", "lookups", "nlu", "rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What can be said: all answers and services of one state of the files, which has no errors."""

    answers: Answers
    services: Mapping[str, Service]


def state_of(nlu_data: Path) -> str:
    """Changes whenever a file that decides about the answers is added, removed or written. Raises OSError."""
    return ".".join(fingerprint(nlu_data / folder) for folder in _FOLDERS)


def errors_of(nlu_data: Path, today: date) -> list[Problem]:
    """What `pracha services check` calls an error."""
    return [problem for problem in check(nlu_data, today) if problem.severity == "error"]


def load_live(nlu_data: Path, today: date) -> Live:
    """The answers and services, when `pracha services check` finds no error.

    Raises AuthoringError with the errors, OSError (a file was taken away while it was read).
    """
    errors = errors_of(nlu_data, today)
    if errors:
        raise AuthoringError(errors)
    return Live(answers=load_answers(nlu_data / "answers"), services=load_services(nlu_data / "services"))
