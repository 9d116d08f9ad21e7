# SPDX-License-Identifier: Apache-2.0
"""The phone page, `/line`: static files of `page/`, under a policy that runs nothing but them."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

_PAGE = Path(__file__).with_name("page")
#: Types of the files that are served; others are not.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
#: Bots keep their pictures and films elsewhere: on https, in the demo also on this machine.
_ELSEWHERE = "https: http://127.0.0.1:* http://localhost:*"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        f"img-src 'self' {_ELSEWHERE}; media-src 'self' {_ELSEWHERE}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # It changes with the checkout it is served from.
    "Cache-Control": "no-cache",
}


def add_routes(router: web.UrlDispatcher) -> None:
    """Mount the page and its files."""
    router.add_get("/line", _index)
    router.add_get("/line/", _index)
    router.add_get("/line/page/{name}", _file)


async def _index(_request: web.Request) -> web.StreamResponse:
    return _sent(_PAGE / "index.html", "text/html")


async def _file(request: web.Request) -> web.StreamResponse:
    # An encoded separator in the name leads out of the folder: to nothing.
    file = _PAGE / request.match_info["name"]
    kind = _TYPES.get(file.suffix)
    if kind is None or file.parent != _PAGE or not file.is_file():
        raise web.HTTPNotFound
    return _sent(file, kind)


def _sent(file: Path, kind: str) -> web.Response:
    return web.Response(text=file.read_text(encoding="utf-8"), content_type=kind, charset="utf-8", headers=_HEADERS)
