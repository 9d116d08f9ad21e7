# SPDX-License-Identifier: Apache-2.0
"""The demo page, the privacy page and the widget's script, under a strict content security policy."""

from __future__ import annotations

from aiohttp import web

from channels.gateway.context import GATEWAY

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(self)",
}

routes = web.RouteTableDef()


@routes.get("/")
async def home(request: web.Request) -> web.StreamResponse:
    """The small municipal page with the widget on it."""
    return _page(request, "index.html")


@routes.get("/privacy")
async def privacy(request: web.Request) -> web.StreamResponse:
    """What is kept of a conversation and for how long."""
    return _page(request, "privacy.html")


@routes.get(r"/pages/{name:[a-z0-9_.-]+\.(css|svg|png|js)}")
async def asset(request: web.Request) -> web.StreamResponse:
    """What the pages load."""
    return _page(request, request.match_info["name"])


@routes.get("/widget.js")
async def widget(request: web.Request) -> web.StreamResponse:
    """The chat element; any site may load it."""
    file = request.app[GATEWAY].config.widget_file
    if not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(
        file,
        headers={
            "Cache-Control": "public, max-age=300",
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _page(request: web.Request, name: str) -> web.StreamResponse:
    file = request.app[GATEWAY].config.pages_dir / name
    if not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(file, headers=_HEADERS)
