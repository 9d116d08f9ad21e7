# SPDX-License-Identifier: Apache-2.0
"""The ways in which agencies fail on the wire, acted out for any emulator."""

from __future__ import annotations

import asyncio

from aiohttp import web

from sandbox.emulator import MODES, Mode

_HTML = (
    "<!DOCTYPE html><html><head><title>Access denied</title></head>"
    "<body><h1>Request unsuccessful</h1><p>Incident 0-0000</p></body></html>"
)


def parse_mode(body: object) -> Mode:
    """Read a control request `{"mode": str, "seconds": number?}`; ValueError says what is wrong with it."""
    if not isinstance(body, dict):
        raise ValueError("expected a JSON object")
    name = body.get("mode")
    if name not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}")
    seconds = body.get("seconds", 15.0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 600:
        raise ValueError("seconds must be a number from 0 to 600")
    return Mode(name=name, seconds=float(seconds))


async def act_out(request: web.Request, mode: Mode) -> web.Response | None:
    """The answer of an agency in this trouble, or None when the request is to be answered with data."""
    if mode.name == "slow":
        await asyncio.sleep(mode.seconds)
        return None
    if mode.name == "down":
        if request.transport is not None:
            request.transport.close()
        return web.Response(status=503)
    if mode.name == "html":
        return web.Response(text=_HTML, content_type="text/html")
    if mode.name == "redirect":
        return web.Response(status=302, headers={"Location": "/moved.html"})
    if mode.name == "error":
        return web.Response(status=502, text=_HTML, content_type="text/html")
    if mode.name == "garbage":
        return web.Response(text='{"stations":[{"stationID":"s0', content_type="application/json")
    return None
