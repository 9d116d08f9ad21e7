# SPDX-License-Identifier: Apache-2.0
"""The Messaging API's paths for rich menus."""

from __future__ import annotations

from aiohttp import web

from sandbox.line import rich_menus
from sandbox.line.call import Call, api
from sandbox.line.errors import NO_DEFAULT_MENU, NOT_FOUND, USER_WITHOUT_MENU
from sandbox.line.state import Json


def add_routes(router: web.UrlDispatcher) -> None:
    """Mount the paths; fixed words before those with an id, which would swallow them."""
    for method, path, handler in (
        ("POST", "/v2/bot/richmenu", _create),
        ("POST", "/v2/bot/richmenu/validate", _validate),
        ("GET", "/v2/bot/richmenu/list", _list),
        ("POST", "/v2/bot/richmenu/alias", _create_alias),
        ("GET", "/v2/bot/richmenu/alias/list", _aliases),
        ("GET", "/v2/bot/richmenu/alias/{alias}", _alias),
        ("POST", "/v2/bot/richmenu/alias/{alias}", _update_alias),
        ("DELETE", "/v2/bot/richmenu/alias/{alias}", _delete_alias),
        ("POST", "/v2/bot/richmenu/bulk/link", _bulk_link),
        ("POST", "/v2/bot/richmenu/bulk/unlink", _bulk_unlink),
        ("POST", "/v2/bot/richmenu/batch", _batch),
        ("POST", "/v2/bot/richmenu/validate/batch", _validate_batch),
        ("GET", "/v2/bot/richmenu/progress/batch", _progress),
        ("GET", "/v2/bot/richmenu/{id}", _get),
        ("DELETE", "/v2/bot/richmenu/{id}", _delete),
        ("GET", "/v2/bot/richmenu/{id}/content", _image),
        ("POST", "/v2/bot/richmenu/{id}/content", _set_image),
        ("GET", "/v2/bot/user/all/richmenu", _default),
        ("DELETE", "/v2/bot/user/all/richmenu", _cancel_default),
        ("POST", "/v2/bot/user/all/richmenu/{id}", _set_default),
        ("GET", "/v2/bot/user/{user}/richmenu", _of_user),
        ("DELETE", "/v2/bot/user/{user}/richmenu", _unlink),
        ("POST", "/v2/bot/user/{user}/richmenu/{id}", _link),
    ):
        router.add_route(method, path, api("rich_menu", handler))


def _accepted() -> web.Response:
    return web.json_response({}, status=202)


def _create(call: Call) -> Json:
    return {"richMenuId": rich_menus.create(call.platform, call.json())}


def _validate(call: Call) -> Json:
    rich_menus.check_menu(call.json())
    return {}


def _list(call: Call) -> Json:
    return {"richmenus": [rich_menus.menu_json(menu) for menu in call.platform.rich_menus.values()]}


def _get(call: Call) -> Json:
    return rich_menus.menu_json(rich_menus.get(call.platform, call.part("id")))


def _delete(call: Call) -> Json:
    rich_menus.delete(call.platform, call.part("id"))
    return {}


def _image(call: Call) -> web.Response:
    menu = rich_menus.get(call.platform, call.part("id"))
    if menu.image is None:
        raise NOT_FOUND.refusal()
    return web.Response(body=menu.image, content_type=menu.mime)


def _set_image(call: Call) -> Json:
    rich_menus.set_image(call.platform, call.part("id"), call.raw, call.request.content_type)
    return {}


def _default(call: Call) -> Json:
    if call.platform.default_menu is None:
        raise NO_DEFAULT_MENU.refusal()
    return {"richMenuId": call.platform.default_menu}


def _set_default(call: Call) -> Json:
    call.platform.default_menu = rich_menus.get_usable(call.platform, call.part("id")).id
    rich_menus.announce(call.platform)
    return {}


def _cancel_default(call: Call) -> Json:
    call.platform.default_menu = None
    rich_menus.announce(call.platform)
    return {}


def _of_user(call: Call) -> Json:
    user = call.platform.users.get(call.part("user"))
    if user is None or user.rich_menu is None:
        raise USER_WITHOUT_MENU.refusal()
    return {"richMenuId": user.rich_menu}


def _link(call: Call) -> Json:
    rich_menus.link(call.platform, [call.part("user")], call.part("id"))
    return {}


def _unlink(call: Call) -> Json:
    rich_menus.link(call.platform, [call.part("user")], None)
    return {}


def _bulk_link(call: Call) -> web.Response:
    body = call.json()
    rich_menus.link(call.platform, rich_menus.user_ids(body), str(body.get("richMenuId")))
    return _accepted()


def _bulk_unlink(call: Call) -> web.Response:
    rich_menus.link(call.platform, rich_menus.user_ids(call.json()), None)
    return _accepted()


def _create_alias(call: Call) -> Json:
    body = call.json()
    rich_menus.create_alias(call.platform, body.get("richMenuAliasId"), body.get("richMenuId"))
    return {}


def _update_alias(call: Call) -> Json:
    rich_menus.update_alias(call.platform, call.part("alias"), call.json().get("richMenuId"))
    return {}


def _delete_alias(call: Call) -> Json:
    rich_menus.get_alias(call.platform, call.part("alias"))
    del call.platform.aliases[call.part("alias")]
    return {}


def _alias(call: Call) -> Json:
    return rich_menus.get_alias(call.platform, call.part("alias"))


def _aliases(call: Call) -> Json:
    return {"aliases": [rich_menus.get_alias(call.platform, alias) for alias in call.platform.aliases]}


def _batch(call: Call) -> web.Response:
    rich_menus.run_batch(call.platform, call.json(), call.request_id)
    return _accepted()


def _validate_batch(call: Call) -> Json:
    rich_menus.check_batch(call.platform, call.json())
    return {}


def _progress(call: Call) -> Json:
    accepted = call.platform.batches.get(call.request.query.get("requestId", ""))
    if accepted is None:
        raise NOT_FOUND.refusal()
    return {"phase": "succeeded", "acceptedTime": accepted, "completedTime": accepted}
