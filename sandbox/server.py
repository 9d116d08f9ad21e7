# SPDX-License-Identifier: Apache-2.0
"""One HTTP server with every emulated agency, a switch for their troubles and a page that lists them."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from sandbox import air4thai, gistda_pm25
from sandbox.emulator import ICT, Clock, Emulator, Endpoint, Mode, World
from sandbox.line.mount import MAX_REQUEST_BYTES, mount_line, platform_from
from sandbox.line.state import Platform
from sandbox.troubles import act_out, parse_mode

#: Every agency that is emulated; a new one is added here and nowhere else.
EMULATORS: tuple[Emulator, ...] = (air4thai.EMULATOR, gistda_pm25.EMULATOR)

#: The trouble each agency is in, by agency name.
MODES_KEY: web.AppKey[dict[str, Mode]] = web.AppKey("modes", dict[str, Mode])


def _wall_clock() -> datetime:
    return datetime.now(ICT)


def create_app(clock: Clock = _wall_clock, line: Platform | None = None) -> web.Application:
    """The sandbox as an aiohttp application; `clock` gives an aware time (tests stop it), `line` a LINE platform."""
    app = web.Application(client_max_size=MAX_REQUEST_BYTES)
    mount_line(app, line or platform_from(os.environ))
    app[MODES_KEY] = {emulator.agency: Mode() for emulator in EMULATORS}
    app.router.add_get("/", _index)
    app.router.add_get("/health", _health)
    app.router.add_get("/control", _show_modes)
    app.router.add_post("/control", _set_mode)
    for emulator in EMULATORS:
        for endpoint in emulator.endpoints:
            app.router.add_get(f"/{emulator.agency}{endpoint.path}", _answering(emulator, endpoint, clock))
    return app


def _answering(
    emulator: Emulator, endpoint: Endpoint, clock: Clock
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handler(request: web.Request) -> web.StreamResponse:
        mode = request.app[MODES_KEY][emulator.agency]
        trouble = await act_out(request, mode)
        if trouble is not None:
            return trouble
        return endpoint.handler(request, World(now=clock().astimezone(ICT), mode=mode))

    return handler


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


def _modes(app: web.Application) -> dict[str, dict[str, object]]:
    return {agency: {"mode": mode.name, "seconds": mode.seconds} for agency, mode in app[MODES_KEY].items()}


async def _show_modes(request: web.Request) -> web.Response:
    return web.json_response(_modes(request.app))


async def _set_mode(request: web.Request) -> web.Response:
    """Body `{"agency": str, "mode": str, "seconds": number?}`; answers all modes, or 400 with the reason."""
    try:
        body = await request.json()
        mode = parse_mode(body)
    except json.JSONDecodeError:
        return web.json_response({"error": "expected JSON"}, status=400)
    except ValueError as reason:
        return web.json_response({"error": str(reason)}, status=400)
    agency = body.get("agency")
    modes = request.app[MODES_KEY]
    if not isinstance(agency, str) or agency not in modes:
        return web.json_response({"error": f"agency must be one of {', '.join(modes)}"}, status=400)
    modes[agency] = mode
    return web.json_response(_modes(request.app))


def _listed(emulator: Emulator, mode: Mode) -> str:
    links = []
    for endpoint in emulator.endpoints:
        address = f"/{emulator.agency}{endpoint.path}" + (f"?{endpoint.example}" if endpoint.example else "")
        links.append(f'<li><a href="{html.escape(address)}">{html.escape(address)}</a></li>')
    title = f"{html.escape(emulator.title)}: <code>{html.escape(mode.name)}</code>"
    return f"<h2>{title}</h2><ul>{''.join(links)}</ul>"


async def _index(request: web.Request) -> web.Response:
    modes = request.app[MODES_KEY]
    listed = "".join(_listed(emulator, modes[emulator.agency]) for emulator in EMULATORS)
    page = (
        '<!DOCTYPE html><html lang="th"><head><meta charset="utf-8"><title>PrachaBot sandbox</title>'
        "</head><body>"
        "<h1>PrachaBot sandbox</h1><p>ข้อมูลสมมติ (โหมดทดลอง): emulated agencies, invented values. "
        'Troubles: <code>POST /control {"agency": …, "mode": …, "seconds": …}</code>.</p>'
        '<h2>LINE: <a href="/line">a telephone to try it on</a></h2>'
        f"{listed}</body></html>"
    )
    return web.Response(text=page, content_type="text/html")
