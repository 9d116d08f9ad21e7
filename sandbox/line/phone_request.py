# SPDX-License-Identifier: Apache-2.0
"""What every call of the phone's interface needs: its user or group, its body, and errors as `{"error": …}`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.line.call import PLATFORM
from sandbox.line.people import NotPossible
from sandbox.line.state import Group, Json, Platform, User

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
TEXT_LIMIT = 10_000


class BadRequest(Exception):
    """The body of a phone's request is not what it must be; the sentence says what."""


def phone(handler: Handler) -> Handler:
    """Turn what a phone cannot do into `{"error": …}`: 400 malformed, 404 unknown, 409 not possible now."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except BadRequest as reason:
            return web.json_response({"error": str(reason)}, status=400)
        except LookupError as reason:
            return web.json_response({"error": str(reason).strip("'")}, status=404)
        except NotPossible as reason:
            return web.json_response({"error": str(reason)}, status=409)

    return handle


def user_of(request: web.Request) -> tuple[Platform, User]:
    platform = request.app[PLATFORM]
    user = platform.users.get(request.match_info["user"])
    if user is None:
        raise LookupError("no such user")
    return platform, user


def group_of(request: web.Request) -> tuple[Platform, Group]:
    platform = request.app[PLATFORM]
    group = platform.groups.get(request.match_info["group"])
    if group is None:
        raise LookupError("no such group")
    return platform, group


async def json_of(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError:
        raise BadRequest("expected JSON") from None
    if not isinstance(body, dict):
        raise BadRequest("expected a JSON object")
    return body


def string(body: Json, name: str, limit: int = TEXT_LIMIT) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        raise BadRequest(f"{name} must be a string of 1 to {limit} characters")
    return value


def whole(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name, default))
    except ValueError:
        raise BadRequest(f"{name} must be a whole number") from None
