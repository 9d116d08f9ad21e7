# SPDX-License-Identifier: Apache-2.0
"""The demo's LINE platform is set up without anybody's doing, and no other platform ever is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from app import line_demo
from app.settings import Settings
from sandbox.line.clock import PlatformClock
from sandbox.line.state import Platform, new_platform
from sandbox.server import create_app
from tests.app.test_settings import demo, live
from tests.sandbox.line.conftest import START


@asynccontextmanager
async def running(folder: Path, *, gateway: bool = True) -> AsyncIterator[tuple[Platform, Settings]]:
    """A sandbox and, if wanted, a gateway that says that it is ready."""
    platform = new_platform(PlatformClock(speed=0.0, start=START))

    async def ready(_: web.Request) -> web.Response:
        return web.json_response({"ready": gateway}, status=200 if gateway else 503)

    stack = web.Application()
    stack.router.add_get("/health/ready", ready)
    servers = TestServer(create_app(line=platform)), TestServer(stack)
    for server in servers:
        await server.start_server()
    ports = {"PRACHA_SANDBOX_PORT": str(servers[0].port), "PRACHA_PUBLIC_PORT": str(servers[1].port)}
    try:
        yield platform, demo(folder, **ports)
    finally:
        for server in servers:
            await server.close()


def lacks_menu(settings: Settings) -> asyncio.Future[bool]:
    """Asked from another thread, since the servers run in this one."""
    return asyncio.get_running_loop().run_in_executor(None, line_demo.lacks_menu, settings)


async def test_everybody_gets_the_menu_once(tmp_path: Path) -> None:
    """Both languages and the webhook; done again, nothing is made and nothing deleted; forgotten, it is made anew."""
    async with running(tmp_path) as (platform, settings):
        assert await lacks_menu(settings)
        await line_demo.set_up(settings)
        assert platform.aliases.keys() == {"menu-th", "menu-en"}
        assert platform.default_menu == platform.aliases["menu-th"]
        assert platform.webhook.url == f"{settings.public_url}/webhooks/line"
        assert not await lacks_menu(settings)
        made = set(platform.rich_menus)
        await line_demo.set_up(settings)
        assert set(platform.rich_menus) == made
        platform.rich_menus.clear()
        platform.aliases.clear()
        platform.default_menu = None
        assert await lacks_menu(settings)
        await line_demo.set_up(settings)
        assert len(platform.rich_menus) == 2


async def test_a_webhook_that_is_set_stays(tmp_path: Path) -> None:
    """The sandbox is told its bot by the supervisor, on loopback, whatever the public address is."""
    async with running(tmp_path) as (platform, settings):
        platform.webhook.url = "http://127.0.0.1:9/webhooks/line"
        await line_demo.set_up(settings)
        assert platform.webhook.url == "http://127.0.0.1:9/webhooks/line"


async def test_nothing_is_done_before_the_gateway_is_ready(tmp_path: Path) -> None:
    """Nor while the platform is away."""
    async with running(tmp_path, gateway=False) as (_, settings):
        assert not await lacks_menu(settings)
    assert not line_demo.lacks_menu(settings)


@pytest.mark.parametrize(
    "environ",
    [{"PRACHA_LINE_API_BASE": "https://api.line.me"}, {"PRACHA_SANDBOX": "off"}],
    ids=["a real account", "no sandbox"],
)
def test_no_other_platform_is_set_up(tmp_path: Path, environ: dict[str, str]) -> None:
    """A demo with an account at LINE is its operator's own."""
    assert line_demo.wanted_for(demo(tmp_path))
    assert not line_demo.wanted_for(demo(tmp_path, **environ))


def test_never_live(tmp_path: Path) -> None:
    """Whatever the settings say."""
    assert not line_demo.wanted_for(live(tmp_path))
