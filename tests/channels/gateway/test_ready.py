# SPDX-License-Identifier: Apache-2.0
"""Readiness tells which process is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from actions.config import ActionsConfig
from actions.server import create_app
from tests.channels.gateway.stack import config_for, running_gateway
from tests.fakes.bot_server import Bot

pytestmark = pytest.mark.asyncio(loop_scope="session")


def action_server() -> web.Application:
    """The real one; it asks nobody at its start."""
    return create_app(
        ActionsConfig(
            internal_url="http://127.0.0.1:9",
            internal_token="token-of-the-tests-only",
            air4thai_url="",
            gistda_pm25_url="",
            air4thai_sandbox=False,
            gistda_pm25_sandbox=False,
        )
    )


async def test_an_action_server_that_is_away_is_named(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """Ready with it; without it 503 and its name, beside that of the bot."""
    actions = TestServer(action_server())
    await actions.start_server()
    url = str(actions.make_url("")).rstrip("/")
    async with running_gateway(config_for(own_database, own_bot, tmp_path, actions_url=url)) as stack:
        assert await stack.ask("GET", "/health/ready") == (200, {"ready": True, "missing": []})
        await actions.close()
        assert await stack.ask("GET", "/health/ready") == (503, {"ready": False, "missing": ["actions"]})
        own_bot.is_ready = False
        assert await stack.ask("GET", "/health/ready") == (503, {"ready": False, "missing": ["bot", "actions"]})
