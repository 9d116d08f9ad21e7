# SPDX-License-Identifier: Apache-2.0
"""Rich menus: objects, images, the default, per-user links, aliases and batches.

Rules: https://developers.line.biz/en/reference/messaging-api/#rich-menu
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from sandbox.line import rates
from sandbox.line.checks import Findings
from sandbox.line.errors import ALIAS_NOT_FOUND, RICH_MENU_NOT_FOUND, Reason, invalid, invalid_property
from sandbox.line.state import Json, Platform, RichMenu, fresh_id
from sandbox.line.validate_action import RICH_MENU, check_action

_ALIAS = re.compile(r"[a-z0-9_-]{1,32}")
_IMAGE_BYTES = 1024 * 1024
_MAX_MENUS = 1000
_NO_IMAGE = Reason(400, "must upload richmenu image before applying it to user")


def check_menu(body: Any) -> None:
    """400 with every problem of a rich menu object."""
    found = Findings()
    size = body.get("size")
    if not isinstance(size, dict):
        found.add("size", "May not be empty")
        size = {}
    else:
        found.number(size, "width", "size/", 800, 2500)
        found.number(size, "height", "size/", 250, 2500)
    width, height = size.get("width"), size.get("height")
    if isinstance(width, int) and isinstance(height, int) and height and width / height < 1.45:
        found.add("size", "The ratio of width to height must be at least 1.45")
    if not isinstance(body.get("selected"), bool):
        found.add("selected", "May not be null")
    found.text(body, "name", "", 300)
    found.text(body, "chatBarText", "", 14)
    for index, area in enumerate(found.items(body, "areas", "", 0, 20)):
        path = f"areas[{index}]."
        if not isinstance(area, dict):
            found.add(path.rstrip("."), "May not be empty")
            continue
        _bounds(found, area.get("bounds"), f"{path}bounds.", width, height)
        check_action(found, area.get("action"), f"{path}action.", RICH_MENU)
    if found.problems:
        raise invalid(found.problems)


def _bounds(found: Findings, bounds: Any, path: str, width: Any, height: Any) -> None:
    if not isinstance(bounds, dict):
        found.add(path.rstrip("."), "May not be empty")
        return
    before = len(found.problems)
    for name, low in (("x", 0), ("y", 0), ("width", 1), ("height", 1)):
        found.number(bounds, name, path, low, 2500)
    if len(found.problems) > before or not isinstance(width, int) or not isinstance(height, int):
        return
    if bounds["x"] + bounds["width"] > width or bounds["y"] + bounds["height"] > height:
        found.add(path.rstrip("."), "The area must lie inside the rich menu")


def create(platform: Platform, body: Any) -> str:
    """A new rich menu, still without an image; its id."""
    rates.take(platform, "rich_menu_create", platform.limits.rich_menus_per_hour, 3600.0)
    check_menu(body)
    if len(platform.rich_menus) >= _MAX_MENUS:
        raise Reason(400, "the number of richmenus exceeds the limit").refusal()
    menu = RichMenu(id="richmenu-" + fresh_id(""), body={key: body[key] for key in _FIELDS})
    platform.rich_menus[menu.id] = menu
    return menu.id


_FIELDS = ("size", "selected", "name", "chatBarText", "areas")


def menu_json(menu: RichMenu) -> Json:
    """A rich menu as the API shows it."""
    return {"richMenuId": menu.id, **menu.body}


def get(platform: Platform, menu_id: str) -> RichMenu:
    """A rich menu; 404 when there is none."""
    menu = platform.rich_menus.get(menu_id)
    if menu is None:
        raise RICH_MENU_NOT_FOUND.refusal()
    return menu


def get_usable(platform: Platform, menu_id: str) -> RichMenu:
    """A rich menu with an image, as every use needs; 404 or 400."""
    menu = get(platform, menu_id)
    if menu.image is None:
        raise _NO_IMAGE.refusal()
    return menu


def delete(platform: Platform, menu_id: str) -> None:
    """Delete a menu: its users see the default again."""
    rates.take(platform, "rich_menu_delete", platform.limits.rich_menus_per_hour, 3600.0)
    get(platform, menu_id)
    del platform.rich_menus[menu_id]
    if platform.default_menu == menu_id:
        platform.default_menu = None
    for user in platform.users.values():
        if user.rich_menu == menu_id:
            user.rich_menu = None
    announce(platform)


def set_image(platform: Platform, menu_id: str, data: bytes, mime: str) -> None:
    """Attach the image, once: JPEG or PNG, at most 1 MB, as large as the menu's size says."""
    menu = get(platform, menu_id)
    if menu.image is not None:
        raise Reason(400, "An image has already been uploaded to the richmenu").refusal()
    if mime not in ("image/jpeg", "image/png"):
        raise Reason(415, f"The content type, {mime}, is not supported").refusal()
    if len(data) > _IMAGE_BYTES:
        raise Reason(413, "Request entity too large").refusal()
    try:
        picture = Image.open(BytesIO(data))
        picture.load()
    except (UnidentifiedImageError, OSError):
        raise Reason(400, "The image could not be read").refusal() from None
    size = menu.body["size"]
    if picture.size != (size["width"], size["height"]) or picture.format != mime.removeprefix("image/").upper():
        raise Reason(400, "The image must have the type that is named and the size of the richmenu").refusal()
    menu.image, menu.mime = data, mime


def link(platform: Platform, user_ids: list[str], menu_id: str | None) -> None:
    """Give users a menu of their own, or (None) the default back; ids that nobody has are passed over."""
    if menu_id is not None:
        get_usable(platform, menu_id)
    for user_id in user_ids:
        user = platform.users.get(user_id)
        if user is not None and user.rich_menu != menu_id:
            user.rich_menu = menu_id
            platform.write(user_id, "rich_menu")


def user_ids(body: Any) -> list[str]:
    """The 1 to 500 users of a bulk request."""
    ids = body.get("userIds")
    if not isinstance(ids, list) or not 0 < len(ids) <= 500 or not all(isinstance(one, str) for one in ids):
        raise invalid_property("userIds")
    return ids


def shown_to(platform: Platform, user_id: str) -> RichMenu | None:
    """The menu that a user sees: the linked one, else the default."""
    user = platform.users.get(user_id)
    menu_id = (user.rich_menu if user is not None else None) or platform.default_menu
    return platform.rich_menus.get(menu_id or "")


def announce(platform: Platform) -> None:
    """Tell every phone that its menu may be another one."""
    for user_id in platform.users:
        platform.write(user_id, "rich_menu")


def create_alias(platform: Platform, alias: Any, menu_id: Any) -> None:
    """A new alias for a menu; 400 when the alias is taken, malformed, or the menu has no image."""
    if not isinstance(alias, str) or not _ALIAS.fullmatch(alias):
        raise invalid_property("richMenuAliasId")
    if alias in platform.aliases:
        raise Reason(400, "conflict richmenu alias id").refusal()
    platform.aliases[alias] = _alias_target(platform, menu_id)


def update_alias(platform: Platform, alias: str, menu_id: Any) -> None:
    """Let an alias name another menu."""
    get_alias(platform, alias)
    platform.aliases[alias] = _alias_target(platform, menu_id)


def _alias_target(platform: Platform, menu_id: Any) -> str:
    if not isinstance(menu_id, str) or menu_id not in platform.rich_menus:
        raise Reason(400, "richmenu not found").refusal()
    return get_usable(platform, menu_id).id


def get_alias(platform: Platform, alias: str) -> Json:
    """An alias as the API shows it; 404 when there is none."""
    if alias not in platform.aliases:
        raise ALIAS_NOT_FOUND.refusal()
    return {"richMenuAliasId": alias, "richMenuId": platform.aliases[alias]}


def check_batch(platform: Platform, body: Any) -> list[Json]:
    """The operations of a batch; 400 when one is malformed or names a menu that is not there."""
    operations = body.get("operations")
    if not isinstance(operations, list) or not 0 < len(operations) <= 1000:
        raise invalid_property("operations")
    needed = {"link": ("from", "to"), "unlink": ("from",), "unlinkAll": ()}
    for index, operation in enumerate(operations):
        kind = operation.get("type") if isinstance(operation, dict) else None
        if kind not in needed:
            raise invalid_property(f"operations[{index}].type")
        for name in needed[kind]:
            if operation.get(name) not in platform.rich_menus:
                raise invalid_property(f"operations[{index}].{name}")
    return operations


def run_batch(platform: Platform, body: Any, request_id: str) -> None:
    """Replace or unlink menus of many users; three batches an hour."""
    rates.take(platform, "rich_menu_batch", platform.limits.batches_per_hour, 3600.0)
    for operation in check_batch(platform, body):
        users = [u.id for u in platform.users.values() if u.rich_menu and operation.get("from") in (None, u.rich_menu)]
        link(platform, users, operation.get("to"))
    platform.batches[request_id] = platform.clock.utc().isoformat(timespec="milliseconds").replace("+00:00", "Z")
