# SPDX-License-Identifier: Apache-2.0
"""Webhooks made up by schemathesis from LINE's own description of them: as documented, as loosely as it reads, and wrong.

The description leaves the form of ids to prose (https://developers.line.biz/en/reference/messaging-api/#webhooks);
`documented_events` adds it, so that what comes of it is what LINE would send.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from typing import Any, TypeVar

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.peers.line_strict import load, strict

Json = dict[str, Any]

#: forms of ids and times, by the name of their property
_FORMS: dict[str, Json] = {
    "userId": {"type": "string", "pattern": "^U[0-9a-f]{32}$"},
    "groupId": {"type": "string", "pattern": "^C[0-9a-f]{32}$"},
    "roomId": {"type": "string", "pattern": "^R[0-9a-f]{32}$"},
    "replyToken": {"type": "string", "pattern": "^[0-9a-zA-Z]{30,40}$"},
    "webhookEventId": {"type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"},
    "messageId": {"type": "string", "pattern": "^[0-9]{18}$"},
    # milliseconds: from LINE's beginning in 2011 to the end of 2099
    "timestamp": {"type": "integer", "minimum": 1_300_000_000_000, "maximum": 4_102_444_799_999},
}

_T = TypeVar("_T")


def kinds() -> dict[str, str]:
    """Every kind of event that LINE describes → its schema's name."""
    mapping = load("webhook")["components"]["schemas"]["Event"]["discriminator"]["mapping"]
    return {kind: target.rsplit("/", 1)[1] for kind, target in mapping.items()}


def documented_events(each: int) -> list[Json]:
    """`each` events of every kind, and among messages of every type, with ids and times of the documented forms."""
    document = strict(load("webhook"))
    for name, schema in document["components"]["schemas"].items():
        properties = schema.get("properties", {})
        properties |= {key: form for key, form in _FORMS.items() if key in properties}
        if name.endswith("MessageContent"):
            properties["id"] = _FORMS["messageId"]
    return _events(document, each)


def loose_events(each: int) -> list[Json]:
    """The same with everything that the description allows: any text as an id, and properties of tomorrow."""
    return _events(strict(load("webhook"), closed=False), each)


def wrong_bodies(count: int) -> list[Any]:
    """Bodies that are against the description: JSON values, or bytes."""
    return _drawn(_bodies(strict(load("webhook")), GenerationMode.NEGATIVE), count)


def batches(events: Sequence[Json], largest: int) -> list[list[Json]]:
    """The events mixed, always in the same way, into deliveries of 1 to `largest`."""
    chance = random.Random(19)
    left = chance.sample(events, len(events))
    made: list[list[Json]] = []
    while left:
        size = chance.randint(1, largest)
        made.append(left[:size])
        del left[:size]
    return made


def _events(document: Json, each: int) -> list[Json]:
    schemas = document["components"]["schemas"]
    made: list[Json] = []
    for kind, name in kinds().items():
        if kind != "message":
            made += _drawn(_one_event(document, name), each)
    for message in schemas["MessageContent"]["oneOf"]:
        properties = schemas["MessageEvent"]["properties"] | {"message": message}
        of_type = schemas | {"MessageEvent": schemas["MessageEvent"] | {"properties": properties}}
        made += _drawn(_one_event(document | {"components": {"schemas": of_type}}, "MessageEvent"), each)
    return made


def _one_event(document: Json, schema: str) -> st.SearchStrategy[Json]:
    """One event of one kind."""
    only = copy.deepcopy(document)
    only["components"]["schemas"]["CallbackRequest"]["properties"]["events"] = {
        "type": "array",
        "items": {"$ref": f"#/components/schemas/{schema}"},
        "minItems": 1,
        "maxItems": 1,
    }
    return _bodies(only, GenerationMode.POSITIVE).map(lambda body: body["events"][0])


def _bodies(document: Json, mode: GenerationMode) -> st.SearchStrategy[Any]:
    # `const`, which tells the kinds apart, is a word of OpenAPI 3.1.
    operation = schemathesis.openapi.from_dict(document | {"openapi": "3.1.0"})["/callback"]["POST"]
    return operation.as_strategy(generation_mode=mode).map(lambda case: case.body)


def _drawn(strategy: st.SearchStrategy[_T], count: int) -> list[_T]:
    """The same `count` examples in every run, or fewer when there are no more."""
    made: list[_T] = []

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(example=strategy)
    def draw(example: _T) -> None:
        made.append(example)

    draw()
    return made
