# SPDX-License-Identifier: Apache-2.0
"""The answers and services as they stand in the files now: an edited answer is used at once, a broken one is not."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import structlog

from catalogue.answers import Answers, fingerprint, load_answers, parse_request, render, render_system
from catalogue.authored import AuthoringError
from catalogue.corpus import load_corpus
from catalogue.load import load_services
from catalogue.model import Service
from channels.gateway.voice import spoken

_log = structlog.get_logger(__name__)

#: seconds between two looks at the files
_LOOK_EVERY = 1.0


class AnswerBook:
    """Answers and services of one nlu_data folder. Raises AuthoringError when the first load fails."""

    def __init__(self, nlu_data: Path, facts: Mapping[str, str], persona: str = "kha") -> None:
        self._nlu_data = nlu_data
        self._answers_dir = nlu_data / "answers"
        self._services_dir = nlu_data / "services"
        self._facts = dict(facts)
        self._persona = persona
        self._looked_at = time.monotonic()
        self._fingerprint = self._now()
        self._answers: Answers = load_answers(self._answers_dir)
        self._services: Mapping[str, Service] = load_services(self._services_dir)

    def _now(self) -> tuple[str, str]:
        return fingerprint(self._answers_dir), fingerprint(self._services_dir)

    def refresh(self) -> None:
        """Loads the files again when they changed; keeps what it has when they cannot be used."""
        if time.monotonic() - self._looked_at < _LOOK_EVERY:
            return
        self._looked_at = time.monotonic()
        try:
            now = self._now()
            if now == self._fingerprint:
                return
            self._fingerprint = now
            self._answers, self._services = load_answers(self._answers_dir), load_services(self._services_dir)
            _log.info("answers_loaded", answers=len(self._answers.by_id))
        except (AuthoringError, OSError) as error:
            _log.error("answers_not_loaded", error=type(error).__name__)

    @property
    def services(self) -> Mapping[str, Service]:
        return self._services

    def nlg(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The blocks for one NLG request. Raises ValueError and catalogue.answers.UnknownAnswer."""
        self.refresh()
        return self._voiced(render(self._answers, self._services, parse_request(data), self._facts))

    def system(self, answer: str, arguments: Mapping[str, Any], locale: str) -> list[dict[str, Any]]:
        """The gateway's own sentence. Raises catalogue.answers.UnknownAnswer."""
        self.refresh()
        return self._voiced(render_system(self._answers, answer, arguments, locale, facts=self._facts))

    def _voiced(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [spoken(block, self._persona) for block in blocks]

    def sentence(self, answer: str, arguments: Mapping[str, Any], locale: str) -> str:
        """The same as plain words, for an error message."""
        return "\n".join(str(block["text"]) for block in self.system(answer, arguments, locale) if block.get("text"))

    def examples_of(self, intents: Iterable[str]) -> list[str]:
        """Every labelled utterance of these intents."""
        examples = load_corpus(self._nlu_data).examples
        return [one for intent in intents for one in examples.get(intent, ())]

    def private_slots(self) -> frozenset[str]:
        """Names of the slots whose answers are sealed whole."""
        return frozenset(slot.name for service in self._services.values() for slot in service.slots if slot.private)
