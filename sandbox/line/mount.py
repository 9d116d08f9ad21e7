# SPDX-License-Identifier: Apache-2.0
"""Puts a LINE platform into the sandbox's HTTP server."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from sandbox.line import control, messaging_http, phone_api, phone_page, phone_view, rich_menu_http
from sandbox.line.call import PLATFORM
from sandbox.line.clock import PlatformClock
from sandbox.line.settings import channel_from, speed_from
from sandbox.line.state import Platform, new_platform
from sandbox.line.webhooks import stop

#: Largest request that the server has to take: a film sent from a phone. The API's own limit is lower.
MAX_REQUEST_BYTES = 32 * 1024 * 1024


def platform_from(environment: Mapping[str, str]) -> Platform:
    """A platform as the environment describes it: credentials, speed and, if given, the webhook's address."""
    platform = new_platform(PlatformClock(speed=speed_from(environment)), channel_from(environment))
    platform.webhook.url = environment.get("PRACHA_SANDBOX_LINE_WEBHOOK") or None
    return platform


def mount_line(app: web.Application, platform: Platform) -> None:
    """Add the Messaging API at the root, `/line/api`, `/line/control`, and the phone page at `/line`."""
    app[PLATFORM] = platform
    messaging_http.add_routes(app.router)
    rich_menu_http.add_routes(app.router)
    messaging_http.add_last_route(app.router)
    phone_api.add_routes(app.router)
    phone_view.add_routes(app.router)
    phone_page.add_routes(app.router)
    control.add_routes(app.router)
    app.on_shutdown.append(_stop)


async def _stop(app: web.Application) -> None:
    await stop(app[PLATFORM])
