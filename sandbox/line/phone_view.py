# SPDX-License-Identifier: Apache-2.0
"""What phones see, `/line/api/…`: journals of chats, rich menus, pictures and the account."""

from __future__ import annotations

import asyncio
import contextlib
import math

from aiohttp import web

from sandbox.line import rich_menus
from sandbox.line.call import PLATFORM
from sandbox.line.phone_request import BadRequest, group_of, phone, user_of, whole
from sandbox.line.state import Platform

_MAX_WAIT = 60.0


def add_routes(router: web.UrlDispatcher) -> None:
    """Mount the calls that only look."""
    for path, handler in (
        ("/line/api/account", _account),
        ("/line/api/users/{user}/messages", _messages),
        ("/line/api/users/{user}/rich-menu", _rich_menu),
        ("/line/api/groups/{group}/messages", _group_messages),
        ("/line/api/content/{id}", _content),
        ("/line/api/rich-menus/{id}/image", _menu_image),
    ):
        router.add_get(path, phone(handler))


async def _account(request: web.Request) -> web.Response:
    """The official account, as the head of the chat shows it."""
    channel = request.app[PLATFORM].channel
    answer = {"userId": channel.user_id, "basicId": channel.basic_id, "displayName": channel.display_name}
    return web.json_response({**answer, "webhook": request.app[PLATFORM].webhook.url})


async def _messages(request: web.Request) -> web.Response:
    """The journal after `?after=N`, waiting up to `?wait=` real seconds for the first entry."""
    platform, user = user_of(request)
    return await _journal(request, platform, user.id)


async def _journal(request: web.Request, platform: Platform, chat_id: str) -> web.Response:
    after = max(0, whole(request, "after", 0))
    try:
        wait = float(request.query.get("wait", 0))
    except ValueError:
        raise BadRequest("wait must be a number") from None
    if not math.isfinite(wait):
        raise BadRequest("wait must be a number")
    chat = platform.chat(chat_id)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(min(max(wait, 0.0), _MAX_WAIT)):
            # A reset puts another chat there, and then `after` is more than there is.
            while len(chat.journal) == after:
                await chat.grew.wait()
                chat = platform.chat(chat_id)
    user = platform.users.get(chat_id)
    left = 0.0 if user is None or user.loading_until is None else user.loading_until - platform.clock.now()
    # `last` below `after` tells a page that the platform was reset.
    answer = {"messages": chat.journal[after:], "last": len(chat.journal), "loading": round(max(left, 0.0), 3)}
    return web.json_response(answer)


async def _rich_menu(request: web.Request) -> web.Response:
    """The menu that the user sees, or null; its image lies at `image`."""
    platform, user = user_of(request)
    menu = rich_menus.shown_to(platform, user.id)
    if menu is None:
        return web.json_response({"richMenu": None, "image": None})
    image = f"/line/api/rich-menus/{menu.id}/image"
    return web.json_response({"richMenu": rich_menus.menu_json(menu), "image": image})


async def _menu_image(request: web.Request) -> web.Response:
    menu = request.app[PLATFORM].rich_menus.get(request.match_info["id"])
    if menu is None or menu.image is None:
        raise LookupError("no such image")
    return web.Response(body=menu.image, content_type=menu.mime)


async def _content(request: web.Request) -> web.Response:
    """The bytes of a message that a user sent, for the phone that sent it."""
    platform, message_id = request.app[PLATFORM], request.match_info["id"]
    message, media = platform.messages.get(message_id), platform.media.get(message_id)
    if message is None or media is None or message.unsent:
        raise LookupError("no such content")
    # What people upload is shown as a picture or downloaded, never run as a page of the sandbox.
    harmless = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return web.Response(body=media.data, headers={"Content-Type": media.mime, **harmless})


async def _group_messages(request: web.Request) -> web.Response:
    platform, group = group_of(request)
    return await _journal(request, platform, group.id)
