# SPDX-License-Identifier: Apache-2.0
"""The answers and services as they stand in the files now: an edited answer is used at once, a broken one is not."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import Gauge

from catalogue.answers import Answers, load_answers, parse_request, render, render_system
from catalogue.authored import AuthoringError, Problem
from catalogue.check_live import errors_of, load_live, state_of
from catalogue.corpus import load_corpus
from catalogue.load import load_services
from catalogue.model import Service
from channels.gateway.voice import spoken

_log = structlog.get_logger(__name__)

#: how many mistakes the log names
_NAMED = 10


class AnswerBook:
    """Answers and services of one nlu_data folder. Raises AuthoringError when the first load fails.

    The first load takes every file that can be read, since there is nothing older to say; later ones only files in which
    `pracha services check` finds no error. `mistakes`, where given, shows how many it found in the files as they are;
    `look_every` is in seconds.
    """

    def __init__(
        self,
        nlu_data: Path,
        facts: Mapping[str, str],
        persona: str = "kha",
        mistakes: Gauge | None = None,
        look_every: float = 1.0,
    ) -> None:
        self._nlu_data = nlu_data
        self._look_every = look_every
        self._mistakes = mistakes
        self._answers_dir = nlu_data / "answers"
        self._services_dir = nlu_data / "services"
        self._facts = dict(facts)
        self._persona = persona
        self._looked_at = time.monotonic()
        self._seen = state_of(nlu_data)
        self._answers: Answers = load_answers(self._answers_dir)
        self._services: Mapping[str, Service] = load_services(self._services_dir)

    def refresh(self) -> None:
        """Loads the files again when they changed; keeps what it has when the check finds an error in them."""
        if time.monotonic() - self._looked_at < self._look_every:
            return
        self._looked_at = time.monotonic()
        try:
            seen = state_of(self._nlu_data)
            if seen == self._seen:
                return
            live = load_live(self._nlu_data, date.today())  # noqa: DTZ011  the author's own calendar
            if state_of(self._nlu_data) != seen:
                return  # somebody is writing: half of it may have been read; the next look sees the whole
        except AuthoringError as error:
            self._seen = seen
            self._tell("answers_not_loaded", error.problems)
            return
        except OSError as error:
            _log.error("answers_not_loaded", error=type(error).__name__)
            return
        self._seen, self._answers, self._services = seen, live.answers, live.services
        _log.info("answers_loaded", answers=len(self._answers.by_id))
        self._show(0)

    def look_for_mistakes(self) -> None:
        """Tells staff about errors in the files that were loaded first: those are said to citizens as they are."""
        errors = errors_of(self._nlu_data, date.today())  # noqa: DTZ011  the author's own calendar
        if errors:
            self._tell("answers_with_mistakes", errors)
        self._show(len(errors))

    def _tell(self, event: str, problems: Sequence[Problem]) -> None:
        """Where the mistakes are; not what they say, which quotes the text."""
        where = [f"{Path(one.file).parent.name}/{Path(one.file).name}:{one.line}" for one in problems[:_NAMED]]
        _log.error(event, mistakes=len(problems), where=where, see="pracha services check")
        self._show(len(problems))

    def _show(self, mistakes: int) -> None:
        if self._mistakes is not None:
            self._mistakes.set(mistakes)

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
