# SPDX-License-Identifier: Apache-2.0
"""What people do on their phones, `/line/api/…`, as JSON for the phone page and for tests.

Documented in docs/developers/sandbox-line.md.
"""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from sandbox.line import people
from sandbox.line.call import PLATFORM
from sandbox.line.phone_request import BadRequest, Handler, group_of, json_of, phone, string, user_of, whole
from sandbox.line.state import Json, User

_USER_ID = re.compile(r"U[0-9a-f]{32}")


def add_routes(router: web.UrlDispatcher) -> None:
    """Mount the interface."""
    user = "/line/api/users/{user}"
    for method, path, handler in (
        ("GET", "/line/api/users", _users),
        ("POST", "/line/api/users", _new_user),
        ("GET", user, _user),
        ("POST", f"{user}/text", _text),
        ("POST", f"{user}/sticker", _sticker),
        ("POST", f"{user}/location", _location),
        ("POST", f"{user}/postback", _postback),
        ("POST", f"{user}/switch", _switch),
        ("POST", f"{user}/unsend", _unsend),
        ("POST", f"{user}/edit", _edit),
        ("POST", f"{user}/follow", _follow),
        ("POST", f"{user}/block", _block),
        *(("POST", f"{user}/{kind}", _media(kind)) for kind in ("image", "video", "audio", "file")),
        ("POST", "/line/api/groups", _new_group),
        ("POST", "/line/api/groups/{group}/text", _group_text),
        ("POST", "/line/api/groups/{group}/expel", _expel),
    ):
        router.add_route(method, path, phone(handler))


def _user_json(user: User) -> Json:
    return {
        "userId": user.id,
        "displayName": user.name,
        "language": user.language,
        "friend": user.friend,
        "blocked": user.blocked,
    }


async def _users(request: web.Request) -> web.Response:
    return web.json_response({"users": [_user_json(user) for user in request.app[PLATFORM].users.values()]})


async def _user(request: web.Request) -> web.Response:
    return web.json_response(_user_json(user_of(request)[1]))


async def _new_user(request: web.Request) -> web.Response:
    """`{"displayName", "language"?, "userId"?, "friend"?, "consent"?}`; `friend` makes one without a follow event."""
    body = await json_of(request)
    user_id = body.get("userId")
    if user_id is not None and not (isinstance(user_id, str) and _USER_ID.fullmatch(user_id)):
        raise BadRequest("userId must be U and 32 hexadecimal digits")
    try:
        user = people.new_user(
            request.app[PLATFORM],
            string(body, "displayName", 100),
            id=user_id,
            language=str(body.get("language", "th")),
            friend=body.get("friend") is True,
            consent=body.get("consent") is not False,
        )
    except ValueError as reason:
        raise people.NotPossible(str(reason)) from None
    return web.json_response(_user_json(user), status=201)


def _sent(message_id: str) -> web.Response:
    return web.json_response({"id": message_id}, status=201)


def _done() -> web.Response:
    return web.json_response({}, status=202)


async def _text(request: web.Request) -> web.Response:
    """`{"text", "quotedMessageId"?, "emojis"?, "mention"?}`."""
    platform, user = user_of(request)
    return _sent(people.say(platform, user, _text_body(await json_of(request))).id)


def _text_body(body: Json) -> Json:
    extras: Json = {name: body[name] for name in ("quotedMessageId", "emojis", "mention") if name in body}
    return {"type": "text", "text": string(body, "text"), **extras}


async def _sticker(request: web.Request) -> web.Response:
    """`{"packageId", "stickerId", "keywords"?, "text"?, "stickerResourceType"?}`."""
    platform, user = user_of(request)
    body = await json_of(request)
    sticker: Json = {
        "type": "sticker",
        "packageId": string(body, "packageId", 20),
        "stickerId": string(body, "stickerId", 20),
        "stickerResourceType": str(body.get("stickerResourceType", "STATIC")),
        **{name: body[name] for name in ("keywords", "text") if name in body},
    }
    return _sent(people.say(platform, user, sticker).id)


async def _location(request: web.Request) -> web.Response:
    """`{"latitude", "longitude", "title"?, "address"?}`."""
    platform, user = user_of(request)
    body = await json_of(request)
    place: Json = {"type": "location"}
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = body.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= limit:
            raise BadRequest(f"{name} must be a number within ±{limit}")
        place[name] = value
    place.update({name: string(body, name, 100) for name in ("title", "address") if name in body})
    return _sent(people.say(platform, user, place).id)


def _media(kind: str) -> Handler:
    """Raw bytes with their Content-Type, or JSON `{"url", "previewUrl"?}` for a file that lies elsewhere.

    Query: `name` (file), `duration` in ms (video, audio), `set`, `index`, `total` (pictures sent together).
    """

    async def handle(request: web.Request) -> web.Response:
        platform, user = user_of(request)
        external = request.content_type == "application/json" and kind != "file"
        body: Json = {"type": kind}
        data = await request.read()
        if kind == "file":
            body.update(fileName=request.query.get("name", "file.bin"), fileSize=len(data))
        elif external:
            addresses = await json_of(request)
            url = string(addresses, "url", 2000)
            preview = str(addresses.get("previewUrl", url))
            body["contentProvider"] = {"type": "external", "originalContentUrl": url, "previewImageUrl": preview}
        else:
            body["contentProvider"] = {"type": "line"}
        if kind in ("video", "audio"):
            body["duration"] = whole(request, "duration", 1000)
        if kind == "image" and "set" in request.query:
            body["imageSet"] = {
                "id": request.query["set"],
                "index": whole(request, "index", 1),
                "total": whole(request, "total", 1),
            }
        if external:
            return _sent(people.say(platform, user, body).id)
        if not data:
            raise BadRequest("expected bytes")
        return _sent(people.send_media(platform, user, body, data, request.content_type).id)

    return handle


async def _postback(request: web.Request) -> web.Response:
    """`{"data", "params"?, "displayText"?}`: a postback or datetimepicker action was tapped."""
    platform, user = user_of(request)
    body = await json_of(request)
    params, shown = body.get("params"), body.get("displayText")
    if params is not None and not isinstance(params, dict):
        raise BadRequest("params must be an object")
    people.postback(platform, user, string(body, "data", 1000), params, None if shown is None else str(shown))
    return _done()


async def _switch(request: web.Request) -> web.Response:
    """`{"richMenuAliasId", "data"}`: a richmenuswitch action was tapped."""
    platform, user = user_of(request)
    body = await json_of(request)
    people.switch_menu(platform, user, string(body, "richMenuAliasId", 32), string(body, "data", 300))
    return _done()


async def _unsend(request: web.Request) -> web.Response:
    """`{"messageId"}`."""
    platform, user = user_of(request)
    people.unsend(platform, user, string(await json_of(request), "messageId", 40))
    return _done()


async def _edit(request: web.Request) -> web.Response:
    """`{"messageId", "text"}`."""
    platform, user = user_of(request)
    body = await json_of(request)
    people.edit(platform, user, string(body, "messageId", 40), string(body, "text"))
    return _done()


async def _follow(request: web.Request) -> web.Response:
    people.follow(*user_of(request))
    return _done()


async def _block(request: web.Request) -> web.Response:
    people.block(*user_of(request))
    return _done()


async def _new_group(request: web.Request) -> web.Response:
    """`{"groupName", "members": [userId]}`: founds a group and takes the bot in."""
    platform, body = request.app[PLATFORM], await json_of(request)
    members: Any = body.get("members")
    if not isinstance(members, list) or not members or not all(member in platform.users for member in members):
        raise BadRequest("members must be ids of users")
    group = people.new_group(platform, string(body, "groupName", 100), members)
    return web.json_response({"groupId": group.id}, status=201)


async def _group_text(request: web.Request) -> web.Response:
    """`{"userId", "text", "mention"?}`; `"mentionBot": true` makes the mention of the bot from its name in the text."""
    platform, group = group_of(request)
    body = await json_of(request)
    user = platform.users.get(str(body.get("userId")))
    if user is None:
        raise LookupError("no such user")
    said = _text_body(body)
    if body.get("mentionBot") is True:
        name = f"@{platform.channel.display_name}"
        said["text"] = f"{name} {said['text']}"
        mentionee = {"index": 0, "length": len(name), "type": "user", "userId": platform.channel.user_id}
        said["mention"] = {"mentionees": [{**mentionee, "isSelf": True}]}
    return _sent(people.say(platform, user, said, group=group).id)


async def _expel(request: web.Request) -> web.Response:
    people.expel(*group_of(request))
    return _done()
