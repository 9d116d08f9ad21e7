# SPDX-License-Identifier: Apache-2.0
"""Rasa's schema of an action's result, compiled once, with the alternative for an event found by the event's name.

The schema lists 23 alternatives of which exactly one must fit. They exclude each other by the event's name, and trying
all of them for each event was a tenth of the bot's time in turns with an action.
"""

from __future__ import annotations

from typing import Any

from jsonschema.exceptions import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def _parts(schema: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The schema without the alternatives for an event, and those by the event's name.

    Raises KeyError at the start of a bot whose Rasa writes its schema in another form.
    """
    events = schema["properties"]["events"]
    kinds = {kind["properties"]["event"]["const"]: kind for kind in events["items"]["oneOf"]}
    common = {key: value for key, value in events["items"].items() if key != "oneOf"}
    properties = {**schema["properties"], "events": {**events, "items": common}}
    return {**schema, "properties": properties}, kinds


_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = validator_for(_SCHEMA)
_WHOLE, _KINDS = _parts(_SCHEMA)
_RESULT = _VALIDATOR(_WHOLE)
_EVENTS = {name: _VALIDATOR(kind) for name, kind in _KINDS.items()}


def check_result(result: Any) -> None:
    """Raises ValidationError, whose text quotes the result, unless an action server may answer so."""
    _RESULT.validate(result)
    for event in result.get("events", ()):
        kind = _EVENTS.get(event["event"])
        if kind is None:
            raise ValidationError("no such event")
        kind.validate(event)
