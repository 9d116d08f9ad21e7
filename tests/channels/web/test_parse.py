# SPDX-License-Identifier: Apache-2.0
"""What a browser may send: every refusal by name, and no input that raises anything else."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.web.parse import LOCALES, MAX_BODY, MAX_TEXT, Posted, Refused, parse_message
from core.messages import Choice, Location, Media, Message, content_from_json, content_to_json

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
ID = "6a2f41a3-c54c-4ce8-82d2-0324e1c32e22"


def parse(body: object, locale: str = "th") -> Posted:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_message(raw, conversation_id=7, locale=locale, now=NOW)


def test_a_text() -> None:
    """Id, content, time and language of an ordinary message; the id is bound to its conversation."""
    posted = parse({"id": ID.upper(), "text": " สวัสดีค่ะ\n"})
    assert posted.event.event_id == f"7:{ID}"
    assert posted.event.content == Message("สวัสดีค่ะ")
    assert (posted.event.channel, posted.event.occurred_at, posted.event.locale) == ("web", NOW, "th")
    assert posted.locale is None


@pytest.mark.parametrize(
    ("content", "meant"),
    [
        ({"choice": "12.0.1"}, Choice("12.0.1")),
        ({"media": "m_00ff"}, Media("m_00ff")),
        ({"location": {"lat": 18, "lon": 98.98}}, Location(18.0, 98.98)),
        ({"location": {"lat": -90, "lon": 180, "accuracy": 5}}, Location(-90.0, 180.0)),
        ({"text": "ก" * MAX_TEXT}, Message("ก" * MAX_TEXT)),
        ({"text": "ก\x00ข"}, Message("กข")),
        ({"text": "ก\ud83dข"}, Message("ก?ข")),
        ({"text": "ก", "choice": None, "more": 1}, Message("ก")),
    ],
)
def test_each_kind_of_content(content: dict[str, Any], meant: object) -> None:
    """What is allowed, at its edges, is taken as it is and survives storage."""
    posted = parse({"id": ID, **content})
    assert posted.event.content == meant
    assert content_from_json(json.loads(json.dumps(content_to_json(posted.event.content)))) == meant


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (b"", "bad_json", 400),
        (b"\xff", "bad_json", 400),
        (b"{", "bad_json", 400),
        (b"[1]", "bad_json", 400),
        (b"null", "bad_json", 400),
        (b"[" * 30_000, "bad_json", 400),
        (b'{"id": ' + b"9" * 5_000 + b"}", "bad_json", 400),
        ({"text": "a"}, "bad_id", 400),
        ({"id": None, "text": "a"}, "bad_id", 400),
        ({"id": 5, "text": "a"}, "bad_id", 400),
        ({"id": "five", "text": "a"}, "bad_id", 400),
        ({"id": ID + "0", "text": "a"}, "bad_id", 400),
        ({"id": ID}, "empty", 400),
        ({"id": ID, "text": None}, "empty", 400),
        ({"id": ID, "text": ""}, "empty", 400),
        ({"id": ID, "text": " \n\u00a0\u2003"}, "empty", 400),
        ({"id": ID, "text": "\x00"}, "empty", 400),
        ({"id": ID, "text": "a", "media": "m"}, "bad_content", 400),
        ({"id": ID, "text": 5}, "bad_content", 400),
        ({"id": ID, "text": ["a"]}, "bad_content", 400),
        ({"id": ID, "choice": ""}, "bad_content", 400),
        ({"id": ID, "choice": "1" * 65}, "bad_content", 400),
        ({"id": ID, "choice": "\ud800"}, "bad_content", 400),
        ({"id": ID, "choice": {"id": "1"}}, "bad_content", 400),
        ({"id": ID, "media": "a\x00"}, "bad_content", 400),
        ({"id": ID, "text": "ก" * (MAX_TEXT + 1)}, "too_long", 413),
        ({"id": ID, "location": "here"}, "bad_location", 400),
        ({"id": ID, "location": {}}, "bad_location", 400),
        ({"id": ID, "location": {"lat": "18", "lon": 98}}, "bad_location", 400),
        ({"id": ID, "location": {"lat": True, "lon": 98}}, "bad_location", 400),
        ({"id": ID, "location": {"lat": 90.1, "lon": 98}}, "bad_location", 400),
        ({"id": ID, "location": {"lat": 18, "lon": -180.5}}, "bad_location", 400),
        (f'{{"id": "{ID}", "location": {{"lat": NaN, "lon": 0}}}}'.encode(), "bad_location", 400),
        (f'{{"id": "{ID}", "location": {{"lat": 0, "lon": -Infinity}}}}'.encode(), "bad_location", 400),
        (f'{{"id": "{ID}", "location": {{"lat": 1{"0" * 400}, "lon": 0}}}}'.encode(), "bad_location", 400),
    ],
)
def test_every_refusal(body: object, code: str, status: int) -> None:
    """Each way to be wrong has its code and status."""
    with pytest.raises(Refused) as refused:
        parse(body)
    assert (refused.value.code, refused.value.status) == (code, status)


@pytest.mark.parametrize(("wanted", "locale"), [("en", "en"), ("th", "th"), ("fr", None), (5, None), (["en"], None)])
def test_the_language_of_one_message(wanted: object, locale: str | None) -> None:
    """A known language holds from now on; an unknown one is ignored, never an error."""
    posted = parse({"id": ID, "text": "a", "locale": wanted})
    assert posted.locale == locale
    assert posted.event.locale == (locale or "th")


def test_the_longest_message_fits_into_a_body() -> None:
    """A message of the allowed length is never refused for its bytes, however its letters are written."""
    for letter in ("ก", "😀", "\x01"):
        assert len(json.dumps({"id": ID, "text": letter * MAX_TEXT, "locale": "th"}).encode()) <= MAX_BODY


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {"id": st.uuids().map(str) | ANY_JSON},
    optional={
        "text": st.text(st.characters()) | ANY_JSON,
        "choice": ANY_JSON,
        "media": ANY_JSON,
        "locale": ANY_JSON,
        "location": st.fixed_dictionaries({"lat": ANY_JSON, "lon": ANY_JSON}) | ANY_JSON,
    },
)


@settings(max_examples=200, deadline=None)
@given(st.binary() | NEARLY | ANY_JSON)
def test_no_body_raises_anything_but_a_refusal(body: object) -> None:
    """Whatever arrives is an event that can be stored, or a refusal."""
    try:
        posted = parse(body)
    except Refused:
        return
    assert posted.locale in (None, *LOCALES)
    json.dumps(content_to_json(posted.event.content), ensure_ascii=False).encode()
    event_id = posted.event.event_id.removeprefix("7:")
    assert str(uuid.UUID(event_id)) == event_id
