# SPDX-License-Identifier: Apache-2.0
"""The Messaging API's calls for rich menus; creating and deleting are limited to 100 an hour each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linebot.v3.messaging import (
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    CreateRichMenuAliasRequest,
    UpdateRichMenuAliasRequest,
)

from channels.line.transport import Transport
from core.errors import Rejected, Unavailable


@dataclass(frozen=True, slots=True)
class Menu:
    """A rich menu as LINE keeps it: its id, and the object that it was created with."""

    id: str
    definition: Mapping[str, Any]


class MenuCalls:
    """Rich menus of one channel. Every method raises verdicts."""

    def __init__(self, transport: Transport, api: AsyncMessagingApi, blob: AsyncMessagingApiBlob) -> None:
        self._transport = transport
        self._api = api
        self._blob = blob

    async def list(self) -> tuple[Menu, ...]:
        """The menus that were created through the API."""
        answer = await self._transport.call("menu_list", self._api.get_rich_menu_list_with_http_info)
        return tuple(
            Menu(_menu_id(one), {key: value for key, value in one.items() if key != "richMenuId"})
            for one in answer.objects("richmenus")
        )

    async def create(self, definition: Mapping[str, Any]) -> str:
        """Creates a menu without its image; gives its id."""
        answer = await self._transport.post("menu_create", "/v2/bot/richmenu", definition)
        return _menu_id(answer.fields)

    async def set_image(self, menu: str, image: bytes, content_type: str) -> None:
        """Uploads a menu's image once: image/png or image/jpeg, at most 1 MB."""
        await self._transport.call(
            "menu_image",
            self._blob.set_rich_menu_image_with_http_info,
            menu,
            image,
            _headers={"Content-Type": content_type},  # the SDK's own parameter for it does nothing here
        )

    async def delete(self, menu: str) -> None:
        """Deletes a menu; one that is not there is deleted already."""
        await self._transport.call("menu_delete", self._api.delete_rich_menu_with_http_info, menu, settled=(404,))

    async def default(self) -> str | None:
        """The id of the menu that everybody sees; None without one."""
        answer = await self._transport.call(
            "menu_default", self._api.get_default_rich_menu_id_with_http_info, settled=(404,)
        )
        return None if answer.status == 404 else _menu_id(answer.fields)

    async def set_default(self, menu: str) -> None:
        await self._transport.call("menu_set_default", self._api.set_default_rich_menu_with_http_info, menu)

    async def aliases(self) -> dict[str, str]:
        """The menu's id behind each alias."""
        answer = await self._transport.call("menu_aliases", self._api.get_rich_menu_alias_list_with_http_info)
        return {str(one.get("richMenuAliasId")): _menu_id(one) for one in answer.objects("aliases")}

    async def create_alias(self, alias: str, menu: str) -> None:
        """`alias` is 1 to 32 of a-z, 0-9, _ and -; one that exists is Rejected."""
        request = CreateRichMenuAliasRequest(richMenuAliasId=alias, richMenuId=menu)
        await self._transport.call("menu_create_alias", self._api.create_rich_menu_alias_with_http_info, request)

    async def update_alias(self, alias: str, menu: str) -> None:
        request = UpdateRichMenuAliasRequest(richMenuId=menu)
        await self._transport.call("menu_update_alias", self._api.update_rich_menu_alias_with_http_info, alias, request)

    async def delete_alias(self, alias: str) -> None:
        """Deletes an alias; one that is not there is deleted already."""
        await self._transport.call(
            "menu_delete_alias", self._api.delete_rich_menu_alias_with_http_info, alias, settled=(404,)
        )

    async def link(self, user: str, menu: str) -> None:
        """Shows one user a menu of their own."""
        await self._transport.call("menu_link", self._api.link_rich_menu_id_to_user_with_http_info, user, menu)

    async def unlink(self, user: str) -> None:
        """Shows one user the default menu again."""
        await self._transport.call("menu_unlink", self._api.unlink_rich_menu_id_from_user_with_http_info, user)

    async def move(self, menus: Mapping[str, str]) -> str:
        """Gives everybody who has one of the old menus (keys) the new one (value) for it; 3 times an hour.

        LINE does that later: the answer is the id to ask `moved` with.
        """
        operations = [{"type": "link", "from": old, "to": new} for old, new in menus.items()]
        answer = await self._transport.post("menu_move", "/v2/bot/richmenu/batch", {"operations": operations})
        if answer.request_id is None:
            raise Unavailable("an answer without a request id")
        return answer.request_id

    async def moved(self, request: str) -> bool:
        """Whether that is done. Rejected when LINE gave up on it."""
        answer = await self._transport.call(
            "menu_moved", self._api.get_rich_menu_batch_progress_with_http_info, request
        )
        if answer.fields.get("phase") == "failed":
            raise Rejected("LINE could not give everybody the new menu")
        return answer.fields.get("phase") == "succeeded"


def _menu_id(fields: Mapping[str, Any]) -> str:
    menu = fields.get("richMenuId")
    if not isinstance(menu, str):
        raise Unavailable("an answer without richMenuId")
    return menu
