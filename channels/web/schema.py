# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of the events that the web channel shows, served at `GET /chat/schema.json`."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_LINK = {
    "type": "object",
    "properties": {"label": _TEXT, "url": {"type": "string", "pattern": "^(https:|tel:|mailto:|/)"}},
    "required": ["label", "url"],
}
_SOURCE = {
    "type": "object",
    "description": "where the data come from; label is shown when they are made up for the demonstration",
    "properties": {
        "name": _TEXT,
        "url": _TEXT,
        "observed_at": _TEXT,
        "fetched_at": _TEXT,
        "sandbox": {"type": "boolean"},
        "label": _TEXT,
    },
}
_CARD: dict[str, Any] = {
    "title": _TEXT,
    "text": _TEXT,
    "level": {"type": "string", "pattern": "^[1-5]$"},
    "fields": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"label": _TEXT, "value": _TEXT},
            "required": ["label", "value"],
        },
    },
    "links": {"type": "array", "items": _LINK},
    "source": _SOURCE,
}
_CHOICES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"id": {"type": "string", "maxLength": 64}, "label": _TEXT},
        "required": ["id", "label"],
        "additionalProperties": False,
    },
}


def _block(kind: str, properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "title": kind,
        "properties": {"type": {"const": kind}, **properties},
        "required": ["type", *required],
    }


EVENTS_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Events of one conversation",
    "type": "object",
    "required": ["events"],
    "properties": {"events": {"type": "array", "items": {"$ref": "#/$defs/event"}}},
    "$defs": {
        "event": {
            "type": "object",
            "required": ["seq", "from", "at", "blocks"],
            "properties": {
                "seq": {"type": "integer", "minimum": 1},
                "from": {"enum": ["citizen", "bot", "officer", "system"]},
                "at": {"type": "string", "format": "date-time"},
                "blocks": {"type": "array", "items": {"$ref": "#/$defs/block"}},
                "forget": {
                    "const": True,
                    "description": "the conversation was erased: drop every event before this one",
                },
            },
        },
        "block": {
            "oneOf": [
                _block("text", {"text": _TEXT}, ("text",)),
                _block("choices", {"text": _TEXT, "choices": _CHOICES}, ("choices",)),
                _block("card", _CARD, ("title",)),
                _block(
                    "carousel",
                    {"cards": {"type": "array", "items": {"type": "object", "properties": _CARD}}},
                    ("cards",),
                ),
                _block("image", {"url": _TEXT, "media": _TEXT, "alt": _TEXT}),
                _block("location", {"lat": {"type": "number"}, "lon": {"type": "number"}}, ("lat", "lon")),
                _block("location_request", {"text": _TEXT, "label": _TEXT}),
                _block("photo_request", {"text": _TEXT, "label": _TEXT}),
                _block(
                    "download", {"label": _TEXT, "path": {"type": "string", "pattern": "^/chat/"}}, ("label", "path")
                ),
            ]
        },
    },
}
