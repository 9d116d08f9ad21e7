# SPDX-License-Identifier: Apache-2.0
"""Everything that we send to LINE, against LINE's own description of it, made strict."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.line.plan import calls
from tests.channels.blocks import QUICK, blocks
from tests.channels.line.samples import KINDS, drawn, kinds_drawn, shipped_drawn
from tests.peers.line_strict import load, strict, validator

pytestmark = pytest.mark.contract_data

Json = dict[str, Any]


@pytest.fixture(scope="module")
def judge() -> jsonschema.Draft202012Validator:
    """Says whether a call is a reply that LINE describes."""
    document = strict(load("messaging-api"))
    jsonschema.Draft202012Validator.check_schema(document["components"]["schemas"]["ReplyMessageRequest"])
    return validator(document, "ReplyMessageRequest")


def reply(messages: list[Json]) -> Json:
    """The body of a reply call."""
    return {"replyToken": "0123456789abcdef0123456789abcdef", "messages": messages}


def test_l_out_17_each_kind_of_object_is_as_line_describes_it(judge: jsonschema.Draft202012Validator) -> None:
    """Every kind of block of the wire, in calls."""
    for messages in kinds_drawn().values():
        for call in calls(messages):
            judge.validate(reply(call))


def test_l_out_17_everything_that_is_shipped_is_as_line_describes_it(judge: jsonschema.Draft202012Validator) -> None:
    """All answers and guides, in both languages."""
    for messages in shipped_drawn().values():
        for call in calls(messages):
            judge.validate(reply(call))


@QUICK
@given(made=blocks, locale=st.sampled_from(["th", "en"]))
def test_l_out_17_anything_is_as_line_describes_it(
    judge: jsonschema.Draft202012Validator, made: list[Json], locale: str
) -> None:
    """Whatever blocks come."""
    for call in calls(drawn(made, locale)):
        judge.validate(reply(call))


def _spoiled(*path: str | int, value: Any) -> Json:
    """A reply with the air card in which one thing was changed."""
    body = reply(copy.deepcopy(drawn(KINDS["card"])))
    at: Any = body
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return body


@pytest.mark.parametrize(
    "wrong",
    [
        reply([]),
        reply([{"type": "text", "text": "ก"}] * 6),
        reply([{"type": "text"}]),
        reply([{"type": "html", "text": "ก"}]),
        reply([{"type": "text", "text": "ก", "colour": "#000000"}]),
        reply([{"type": "text", "text": "ก", "quickReply": {"items": [{"action": {"type": "location"}}] * 14}}]),
        reply([{"type": "text", "text": "ก", "quickReply": {"items": [{"action": {"type": "share"}}]}}]),
        _spoiled("messages", 0, "contents", "type", value="balloon"),
        _spoiled("messages", 0, "contents", "size", value="huge"),
        _spoiled("messages", 0, "contents", "body", value={"type": "text", "text": "ก"}),
        _spoiled("messages", 0, "contents", "body", "contents", 0, "type", value="table"),
        _spoiled("messages", 0, "contents", "body", "contents", 1, "warp", value=True),
        _spoiled("messages", 0, "contents", "footer", "contents", 0, "action", value={"type": "dial"}),
    ],
)
def test_what_line_does_not_describe_is_refused(judge: jsonschema.Draft202012Validator, wrong: Json) -> None:
    """So that a pass means something: the documents as they are let nearly all of these through."""
    with pytest.raises(jsonschema.ValidationError):
        judge.validate(wrong)


@pytest.mark.parametrize("name", ["messaging-api", "webhook"])
def test_every_reference_leads_somewhere(name: str) -> None:
    """Made strict, the documents still hold together, and every child says which one it is."""
    document = strict(load(name))
    schemas = document["components"]["schemas"]
    for parent, schema in load(name)["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schemas[parent])
        for value, target in schema.get("discriminator", {}).get("mapping", {}).items():
            child = schemas[target.removeprefix("#/components/schemas/")]
            assert child["properties"][schema["discriminator"]["propertyName"]] == {"const": value}
