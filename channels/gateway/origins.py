# SPDX-License-Identifier: Apache-2.0
"""Which pages may speak to the web channel: our own and those of the allow-list; a foreign origin gets 403."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from channels.gateway.context import GATEWAY
from channels.gateway.http_errors import refusal


def is_allowed(origin: str | None, host: str, allowed: tuple[str, ...]) -> bool:
    """Whether a request may come from a page of this origin. None: no page sent it (a program, or the same origin)."""
    if origin is None:
        return True
    if origin.rstrip("/") in allowed:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and parts.netloc == host


@web.middleware
async def origins_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses foreign origins and answers the browser's preflight for allowed ones. No cookies are ever involved."""
    if not request.path.startswith("/chat/"):
        return await handler(request)
    gateway = request.app[GATEWAY]
    origin = request.headers.get("Origin")
    if not is_allowed(origin, request.host, gateway.config.web_origins):
        gateway.metrics.forged.inc()
        return refusal(gateway, 403, "foreign_origin")
    response = web.Response(status=204) if request.method == "OPTIONS" else await handler(request)
    if origin is not None and not response.prepared:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Vary"] = "Origin"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
            response.headers["Access-Control-Allow-Methods"] = "GET, POST"
            response.headers["Access-Control-Max-Age"] = "600"
    return response
