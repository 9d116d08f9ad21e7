# SPDX-License-Identifier: Apache-2.0
"""What a browser is shown: no payload, no order to the gateway, and always by the published schema."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timezone
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.web.render import event_json, shown
from channels.web.schema import EVENTS_SCHEMA
from core.messages import Choice, Content, Location, Media, Message, content_to_blocks, texts_of
from tests.channels.blocks import QUICK, SECRET, blocks

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
VALIDATOR = jsonschema.Draft202012Validator(EVENTS_SCHEMA)


def test_the_schema_is_one() -> None:
    """What is served at /chat/schema.json is a valid JSON Schema."""
    jsonschema.Draft202012Validator.check_schema(EVENTS_SCHEMA)


@QUICK
@given(blocks, st.integers(1, 2**40), st.sampled_from(["bot", "system", "officer"]))
def test_every_event_keeps_to_the_schema(made: list[dict[str, Any]], seq: int, author: str) -> None:
    """Whatever blocks come, the event validates."""
    VALIDATOR.validate({"events": [event_json(seq, author, NOW, made)]})


@QUICK
@given(blocks)
def test_payloads_and_orders_never_leak(made: list[dict[str, Any]]) -> None:
    """No payload, no name of an answer and no directive is in what is shown; the blocks themselves are not changed."""
    before = copy.deepcopy(made)
    drawn = shown(5, made)
    assert SECRET not in json.dumps(drawn)
    assert "payload" not in json.dumps(
        [{**block, "text": "", "label": ""} for block in drawn if block["type"] == "choices"]
    )
    assert all(block["type"] != "directive" for block in drawn)
    assert made == before


@QUICK
@given(blocks)
def test_no_words_are_lost(made: list[dict[str, Any]]) -> None:
    """Every word that a citizen may read is still there."""
    readable: list[str] = []
    for block in made:
        if block["type"] == "directive":
            continue
        for part in (block, *block.get("cards", ())):
            readable += texts_of(
                {key: part[key] for key in ("text", "title", "alt", "label", "fields", "links") if key in part}
            )
        readable += [choice["label"] for choice in block.get("choices", ())]
    assert set(readable) <= set(texts_of(shown(5, made)))


@QUICK
@given(blocks, st.integers(1, 2**40))
def test_tokens_name_their_place(made: list[dict[str, Any]], seq: int) -> None:
    """A token leads back to the choice at its place among the stored blocks, also behind a directive."""
    for block in shown(seq, made):
        for choice in block.get("choices", ()):
            of_seq, of_block, number = (int(part) for part in choice["id"].split("."))
            assert of_seq == seq
            assert made[of_block]["choices"][number]["label"] == choice["label"]
            assert len(choice["id"]) <= 64


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (Message("สวัสดี"), None),
        (Choice("1.0.0"), "ใช่"),
        (Choice("1.0.0"), None),
        (Location(18.8, 98.9), None),
        (Media("m_1"), None),
    ],
)
def test_a_citizens_own_lines_keep_to_the_schema(content: Content, label: str | None) -> None:
    """What the citizen sent is shown back in the same form as answers."""
    VALIDATOR.validate({"events": [event_json(1, "citizen", NOW, content_to_blocks(content, label))]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "text"},
        {"type": "choices", "text": "?", "choices": [{"id": "1.0.0", "label": "ใช่", "payload": "/affirm"}]},
        {"type": "card", "title": "x", "links": [{"label": "x", "url": "javascript:alert(1)"}]},
        {"type": "card", "title": "x", "level": "6"},
        {"type": "directive", "name": "erase"},
        {"type": "html", "text": "<b>"},
    ],
)
def test_the_schema_refuses_what_must_not_be(wrong: dict[str, Any]) -> None:
    """A payload, a script as a link, an unknown kind: the schema says no, so that tests against it mean something."""
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate({"events": [{"seq": 1, "from": "bot", "at": NOW.isoformat(), "blocks": [wrong]}]})


@pytest.mark.parametrize(("name", "forgets"), [("erase", True), ("another", False)])
def test_the_answer_to_an_erasing_says_so(name: str, forgets: bool) -> None:
    """The order itself is not shown; the event tells a widget to drop what came before, by the schema."""
    said = {"type": "text", "text": "ลบข้อมูลแล้วค่ะ"}
    event = event_json(9, "bot", NOW, [said, {"type": "directive", "name": name}])
    VALIDATOR.validate({"events": [event]})
    assert event["blocks"] == [said]
    assert event.get("forget", False) is forgets
    assert "forget" not in event_json(10, "bot", NOW, [said])
