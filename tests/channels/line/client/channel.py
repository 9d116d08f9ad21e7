# SPDX-License-Identifier: Apache-2.0
"""The channel whose client is tested: its secrets, one of its friends, and the paths that are called for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from channels.line.client import LineConfig
from tests.fakes.line_server import LineServer, Say

SECRET = "channel-secret-of-this-test"
FIXED = "fixed-token-of-this-test"
USER = "U" + "4a" * 16
KEY = UUID("123e4567-e89b-12d3-a456-426614174000")
TEXT = {"type": "text", "text": "รับเรื่องแล้วค่ะ 🙏"}
REPLY, PUSH, TOKEN = "/message/reply", "/message/push", "/oauth2/v3/token"
CONTENT, TRANSCODING = "/message/77/content", "/message/77/content/transcoding"
MONTHLY = {"message": "You have reached your monthly limit."}


def short(value: object) -> str:
    """The name of a test's case."""
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, Say):
        return f"{value.status}-{(value.data or {}).get('message', '')[:16]}".rstrip("-")
    return type(value).__name__


class Clock:
    """Seconds that go forward when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def config_of(server: LineServer, **changes: Any) -> LineConfig:
    return LineConfig(channel_id="1650000000", channel_secret=SECRET, api_base=server.url, **changes)
