# SPDX-License-Identifier: Apache-2.0
"""The schema taken apart by an event's name says what Rasa's whole schema says."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema.exceptions import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

from bot.result_schema import check_result

_SCHEMA = RemoteAction.action_response_format_spec()
_RASA = validator_for(_SCHEMA)(_SCHEMA)

_SLOT = {"event": "slot", "timestamp": None, "name": "case", "value": ["2569-7KMPX4"]}
_RIGHT: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [_SLOT, {"event": "followup", "name": "action_listen"}], "responses": [{"text": "ก"}]},
    {"events": [{"event": "user", "parse_data": {"intent": {"name": "a", "confidence": 1}}}]},
    {"events": [{"event": "entities", "entities": [{"entity": "place", "value": "โคราช"}]}]},
]
_WRONG: list[Any] = [
    None,
    [],
    {"events": None},
    {"events": ["slot"]},
    {"events": [{}]},
    {"events": [{"event": 5}]},
    {"events": [{"event": "unheard_of"}]},
    {"events": [_SLOT, {"event": "slot", "name": "case"}]},
    {"events": [{**_SLOT, "timestamp": "today"}]},
    {"events": [{**_SLOT, "metadata": []}]},
    {"events": [{"event": "entities", "entities": [{"value": "โคราช"}]}]},
    {"events": [{"event": "user", "parse_data": {"intent": []}}]},
    {"responses": ["text"]},
]


@pytest.mark.parametrize("result", _RIGHT)
def test_a_result_that_rasa_accepts_is_accepted(result: Any) -> None:
    _RASA.validate(result)
    check_result(result)


@pytest.mark.parametrize("result", _WRONG)
def test_a_result_that_rasa_refuses_is_refused(result: Any) -> None:
    assert not _RASA.is_valid(result)
    with pytest.raises(ValidationError):
        check_result(result)


def test_every_event_of_rasa_s_schema_is_known() -> None:
    for kind in _SCHEMA["properties"]["events"]["items"]["oneOf"]:
        least = {"event": kind["properties"]["event"]["const"], "name": "a", "value": 1, "entities": []}
        _RASA.validate({"events": [least]})
        check_result({"events": [least]})
