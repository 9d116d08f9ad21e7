# SPDX-License-Identifier: Apache-2.0
"""Brings LINE's settings for our channel to what they should be, and says what that changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.settings import Settings
from channels.line.client import EndpointTest, Line, LineConfig, open_line

#: LINE's words for a failed test and what they mean to an operator
_HINTS = {
    "COULD_NOT_CONNECT": "LINE cannot connect: DNS name, firewall, certificate",
    "REQUEST_TIMEOUT": "no answer within two seconds",
    "ERROR_STATUS_CODE": "our answer was no 200: is PRACHA_LINE_CHANNEL_SECRET right?",
}


class LineOff(Exception):
    """LINE is not set up in the settings."""


@dataclass(frozen=True, slots=True)
class Change:
    """One setting of the channel that is not what it should be."""

    what: str
    now: str
    wanted: str


def line_config(settings: Settings) -> LineConfig | None:
    """The channel's settings; None while LINE is off."""
    if not settings.line_channel_secret:
        return None
    return LineConfig(
        channel_id=settings.line_channel_id,
        channel_secret=settings.line_channel_secret,
        access_token=settings.line_access_token or None,
        api_base=settings.line_api_base,
    )


def webhook_url(settings: Settings) -> str:
    """Where LINE is to send webhooks."""
    return f"{settings.public_url.rstrip('/')}/webhooks/line"


@asynccontextmanager
async def line_of(settings: Settings) -> AsyncIterator[Line]:
    """The client of our channel. Raises LineOff."""
    config = line_config(settings)
    if config is None:
        raise LineOff("LINE is off: set PRACHA_LINE_CHANNEL_SECRET and PRACHA_LINE_CHANNEL_ID")
    async with open_line(config) as line:
        yield line


async def webhook_changes(line: Line, settings: Settings) -> list[Change]:
    """What differs about the webhook's address. Raises verdicts."""
    now = await line.endpoint()
    wanted = webhook_url(settings)
    if now is not None and now.url == wanted:
        return []
    return [Change("webhook", now.url if now else "none", wanted)]


async def apply_webhook(line: Line, settings: Settings) -> None:
    """Sets the webhook's address. Raises verdicts."""
    await line.set_endpoint(webhook_url(settings))


def meaning(test: EndpointTest) -> str:
    """A failed test in an operator's words."""
    return _HINTS.get(test.reason.upper(), test.detail or test.reason or f"status {test.status}")
