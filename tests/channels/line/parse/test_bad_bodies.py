# SPDX-License-Identifier: Apache-2.0
"""Whatever the bytes of a webhook: one error or an event that can be stored."""

from __future__ import annotations

import contextlib
import copy
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.line.parse import MAX_BODY, BadBody, parse_webhook
from core.messages import Message
from tests.channels.line.events import BOT, EVENTS, GROUP, MESSAGES, TOKEN, USER, body, event
from tests.channels.line.parse.arriving import one


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "bad_json"),
        (b"\xff\xfe{}", "bad_json"),
        ('{"events":[]}'.encode("utf-16"), "bad_json"),
        (b'{"events":[{"type":"\xe0\xb8"}]}', "bad_json"),
        (b'{"events":[', "bad_json"),
        (b"[" * 200_000, "bad_json"),
        (b'{"events":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "bad_json"),
        (b'{"events":[{"timestamp":' + b"9" * 5_000 + b"}]}", "bad_json"),
        (b"null", "bad_shape"),
        (b"[]", "bad_shape"),
        (b"{}", "bad_shape"),
        (b'{"events":{}}', "bad_shape"),
        (b'{"events":[]}' + b" " * MAX_BODY, "too_large"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value,
)
def test_l_in_18_a_bad_body_is_refused(raw: bytes, code: str) -> None:
    """Deep, cut, foreign or huge: one error, with a word for programs."""
    with pytest.raises(BadBody) as refused:
        parse_webhook(raw)
    assert refused.value.code == code


def test_l_in_18_a_huge_body_is_not_read() -> None:
    """More than 2 MB is refused by its length, before anything is made of it."""
    raw = b'{"events":[' + b"{}," * 2_000_000 + b"{}]}"
    tracemalloc.start()
    try:
        with pytest.raises(BadBody):
            parse_webhook(raw)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.sampled_from(["user", "text", "line", USER])
)
ANY_JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4), max_leaves=12
)
SAMPLES = [*EVENTS.values(), *(event("message", message=one_message) for one_message in MESSAGES.values())]


@given(st.binary(max_size=300))
def test_l_in_18_no_bytes_raise_anything_else(raw: bytes) -> None:
    """Whatever the bytes, it is a webhook or a bad body."""
    with contextlib.suppress(BadBody):
        parse_webhook(raw)


@given(ANY_JSON)
def test_l_in_18_no_json_raises_anything_else(data: Any) -> None:
    """Whatever the JSON, and whatever stands in the place of the events."""
    for whole in (data, {"events": data}, {"events": [data], "destination": data}):
        with contextlib.suppress(BadBody):
            parse_webhook(json.dumps(whole).encode())


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, value in children for found in _paths(value, (*path, key)))]


@given(data=st.data())
def test_l_in_08_no_change_to_an_event_raises_or_loses_its_neighbour(data: st.DataObject) -> None:
    """Any value of any event replaced by any JSON: the neighbour arrives, and what arrives can be stored."""
    changed = copy.deepcopy(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([path for path in _paths(changed) if path]))
        holder = changed
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = data.draw(ANY_JSON)
    neighbour = event("message", message=MESSAGES["text"], webhookEventId="neighbour")
    webhook = parse_webhook(json.dumps({"events": [changed, neighbour], "destination": BOT}).encode())
    assert webhook.events[-1].content == Message("ขอแจ้งไฟดับหน้าบ้าน 💡")
    assert len(webhook.events) + webhook.broken == 2
    for arrived in webhook.events:
        for text in (
            arrived.event_id,
            arrived.kind,
            arrived.user,
            arrived.group,
            arrived.message_id,
            arrived.edited_text,
        ):
            assert "\x00" not in (text or "")
            (text or "").encode()
        repr(arrived.content).encode()


def test_an_event_does_not_show_whose_it_is() -> None:
    """Its repr can stand in a log."""
    for sample in SAMPLES:
        shown = repr(one(sample)) + repr(parse_webhook(body(sample)))
        for secret in (USER, GROUP, TOKEN, "ไฟดับ", "แก้แล้ว", "13.75", "ทะเบียนบ้าน"):
            assert secret not in shown
