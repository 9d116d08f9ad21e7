# SPDX-License-Identifier: Apache-2.0
"""What an emulated agency is made of: its name, where it is mounted and what it answers.

A new agency is one module with one `EMULATOR`, added to the list in `sandbox/server.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from aiohttp import web

#: Thai agencies write local time without an offset.
ICT = timezone(timedelta(hours=7), "ICT")

#: Troubles that every agency can be put in; the first is none.
MODES = ("ok", "down", "slow", "html", "sentinel", "stale", "redirect", "error", "garbage")

#: Gives the current aware time; a test may stop it.
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """The trouble an agency is in; `seconds` is how long `slow` waits."""

    name: str = "ok"
    seconds: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What an answer depends on: the time in Thailand and the trouble, if it is one of values."""

    now: datetime
    mode: Mode


#: Answers one request; pure but for reading the query string.
Handler = Callable[[web.Request, World], web.Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One path of an agency; `example` is a query string for the index page."""

    path: str
    handler: Handler
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulator:
    """One emulated agency, mounted under `/<agency>`."""

    agency: str
    title: str
    endpoints: tuple[Endpoint, ...]
