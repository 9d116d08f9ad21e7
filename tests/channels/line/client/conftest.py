# SPDX-License-Identifier: Apache-2.0
"""A LINE on loopback, clients that speak to it, and the lines that they log."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
import structlog

from channels.line.client import Line, open_line
from tests.channels.line.client.channel import FIXED, Clock, config_of
from tests.fakes.line_server import LineServer, running_line


@pytest_asyncio.fixture
async def server() -> AsyncIterator[LineServer]:
    async with running_line(FIXED) as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def line(server: LineServer) -> AsyncIterator[Line]:
    """With a fixed token, a short patience and a short time limit."""
    config = config_of(server, access_token=FIXED)
    async with open_line(config, timeout=0.5, patience=0.4, first_wait=0.02) as opened:
        yield opened


@pytest_asyncio.fixture
async def stateless(server: LineServer, clock: Clock) -> AsyncIterator[Line]:
    async with open_line(config_of(server), timeout=0.5, clock=clock) as opened:
        yield opened


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """Our log lines of a test, as fields."""
    seen: list[dict[str, Any]] = []

    def keep(_: Any, level: str, fields: structlog.typing.EventDict) -> str:
        seen.append({**fields, "level": level})
        return ""

    before = structlog.get_config()
    structlog.configure(
        processors=[keep],
        logger_factory=structlog.ReturnLoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        cache_logger_on_first_use=False,
    )
    yield seen
    structlog.configure(**before)
