# SPDX-License-Identifier: Apache-2.0
"""How answers are asked for and loaded: locales, channels, Rasa's requests, changed and doubled texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from catalogue.answers import (
    Answers,
    NlgRequest,
    UnknownAnswer,
    fingerprint,
    load_answers,
    parse_request,
    render,
)
from catalogue.authored import AuthoringError
from catalogue.model import Service
from tests.catalogue.conftest import replace_in, words


def test_languages_fall_back_on_thai_and_channels_may_differ(nlu_data: Path, services: Mapping[str, Service]) -> None:
    """A channel's own words, else the common ones; an unknown locale reads Thai."""
    path = nlu_data / "answers" / "conversation.yml"
    replace_in(
        path,
        "  - id: utter_thanks\n    owner: งานประชาสัมพันธ์\n",
        "  - id: utter_thanks\n    owner: งานประชาสัมพันธ์\n    channels: {line: {th: [ยินดีค่ะ]}}\n",
    )
    changed = load_answers(nlu_data / "answers")

    def thanks(locale: str, channel: str) -> str:
        request = NlgRequest(response="utter_thanks", locale=locale, channel=channel)
        return words(render(changed, services, request))

    assert "ยินดีค่ะ" in thanks("th", "line").splitlines()
    assert "ยินดีค่ะ หากมีเรื่องอื่น" in thanks("th", "web")
    assert "You are welcome" in thanks("en", "line")
    assert thanks("fr", "web") == thanks("th", "web")


@pytest.mark.parametrize("response", ["utter_no_such", "utter_guide_no_such", "utter_guide_air_quality"])
def test_an_unknown_answer_is_an_error_of_its_own(
    answers: Answers, services: Mapping[str, Service], response: str
) -> None:
    """The NLG endpoint makes a 404 of it."""
    with pytest.raises(UnknownAnswer):
        render(answers, services, NlgRequest(response=response))


def test_stock_rasas_request_is_understood() -> None:
    """Rasa sends the whole tracker; only the parts that an answer needs are read."""
    stock: dict[str, Any] = {
        "response": "utter_greet",
        "id": None,
        "arguments": {"text": None, "buttons": [], "place": "x"},
        "channel": {"name": "web"},
        "tracker": {
            "sender_id": "web:1",
            "slots": {"language": None, "last_guide": "id_card"},
            "latest_message": {
                "intent": {"name": "greet", "confidence": 0.9},
                "intent_ranking": [{"name": "greet", "confidence": 0.9}, {"name": "help", "confidence": 0.1}],
                "entities": [{"entity": "aspect", "value": "fee", "start": 0, "end": 3}],
            },
            "events": [{"event": "action"}],
        },
    }
    request = parse_request(stock)
    assert request.locale == "th"
    assert request.channel == "web"
    assert request.intent == "greet"
    assert request.ranking == ("greet", "help")
    assert request.entity("aspect") == "fee"
    assert request.entity("place") is None
    assert parse_request({**stock, "locale": "en"}).locale == "en"
    assert parse_request({"response": "utter_x", "tracker": {"slots": {"language": "en"}}}).locale == "en"


@pytest.mark.parametrize("data", [None, [], "x", {}, {"response": 3}])
def test_what_is_no_request_is_refused(data: object) -> None:
    """The endpoint makes a 400 of it."""
    with pytest.raises(ValueError, match="names its response"):
        parse_request(data)


def test_a_changed_text_is_seen_without_training(nlu_data: Path, services: Mapping[str, Service]) -> None:
    """The fingerprint changes with the file, and the new words are said."""
    folder = nlu_data / "answers"
    before = fingerprint(folder)
    assert fingerprint(folder) == before
    replace_in(folder / "conversation.yml", "กลับมาสอบถามได้ทุกเมื่อนะคะ", "แล้วพบกันใหม่ค่ะ")
    assert fingerprint(folder) != before
    assert "แล้วพบกันใหม่" in words(render(load_answers(folder), services, NlgRequest(response="utter_goodbye")))


def test_an_answer_that_stands_twice_is_refused(nlu_data: Path) -> None:
    """The message names the other place."""
    replace_in(nlu_data / "answers" / "system.yml", "system_empty", "system_erased")
    with pytest.raises(AuthoringError, match=r"'system_erased' stands already at .*system\.yml:\d+"):
        load_answers(nlu_data / "answers")
