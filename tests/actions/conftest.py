# SPDX-License-Identifier: Apache-2.0
"""The action server running on loopback between emulated agencies and a fake gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from actions.server import ActionsConfig, create_app
from sandbox.server import create_app as create_sandbox
from tests.actions.wire import ICT, INTERNAL_TOKEN, Bot, FakeGateway, StoppedClock


@dataclass(frozen=True)
class Sandbox:
    """The running emulators."""

    session: aiohttp.ClientSession
    url: str

    async def set_mode(self, agency: str, mode: str, seconds: float = 5) -> None:
        """Put an agency in a trouble."""
        order = {"agency": agency, "mode": mode, "seconds": seconds}
        async with self.session.post(f"{self.url}/control", json=order) as response:
            assert response.status == 200


@pytest.fixture
def clock() -> StoppedClock:
    """Sunday 22 November 2569, 16:40 in Thailand."""
    return StoppedClock(datetime(2026, 11, 22, 16, 40, tzinfo=ICT))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP client for the test itself."""
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def sandbox(clock: StoppedClock, session: aiohttp.ClientSession) -> AsyncIterator[Sandbox]:
    """The emulated agencies on a free port."""
    async with TestServer(create_sandbox(clock)) as server:
        yield Sandbox(session=session, url=str(server.make_url("")).rstrip("/"))


@pytest.fixture
async def gateway() -> FakeGateway:
    """The gateway's case API, empty."""
    return FakeGateway()


@pytest.fixture
async def config(sandbox: Sandbox, gateway: FakeGateway) -> AsyncIterator[ActionsConfig]:
    """Settings that lead to the emulators and to the fake gateway, with short limits."""
    async with TestServer(gateway.app()) as server:
        yield ActionsConfig(
            internal_url=str(server.make_url("")),
            internal_token=INTERNAL_TOKEN,
            air4thai_url=f"{sandbox.url}/air4thai",
            gistda_pm25_url=f"{sandbox.url}/gistda-pm25",
            air4thai_sandbox=True,
            gistda_pm25_sandbox=True,
            agency_seconds=0.5,
            attempt_seconds=0.3,
            gateway_seconds=1.0,
        )


@pytest.fixture
async def bot(config: ActionsConfig, clock: StoppedClock, session: aiohttp.ClientSession) -> AsyncIterator[Bot]:
    """The bot's side of a running action server."""
    async with TestServer(create_app(config, clock)) as server:
        yield Bot(session=session, url=str(server.make_url("")).rstrip("/"))
