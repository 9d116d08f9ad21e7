# SPDX-License-Identifier: Apache-2.0
"""Rich menus from creation to the phone, called by LINE's SDK."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from linebot.v3.messaging import (
    ApiException,
    CreateRichMenuAliasRequest,
    RichMenuBatchLinkOperation,
    RichMenuBatchRequest,
    RichMenuBatchUnlinkAllOperation,
    RichMenuBulkLinkRequest,
    RichMenuBulkUnlinkRequest,
    RichMenuRequest,
    UpdateRichMenuAliasRequest,
)
from PIL import Image

from sandbox.line.state import Platform
from tests.sandbox.line.conftest import Bot, Client, Control, Phone, Sdk, call


def menu(**more: Any) -> dict[str, Any]:
    """A small menu with one area."""
    area = {
        "bounds": {"x": 0, "y": 0, "width": 400, "height": 270},
        "action": {"type": "richmenuswitch", "richMenuAliasId": "menu-en", "data": "menu:en", "label": "English"},
    }
    return {
        "size": {"width": 800, "height": 270},
        "selected": True,
        "name": "เมนูหลัก",
        "chatBarText": "เมนู",
        "areas": [area],
        **more,
    }


def png(width: int = 800, height: int = 270) -> bytes:
    """A menu's image."""
    out = BytesIO()
    Image.new("RGB", (width, height), "#0a7").save(out, "PNG")
    return out.getvalue()


async def upload(client: Client, platform: Platform, menu_id: str, data: bytes, mime: str = "image/png") -> int:
    """Upload an image; the status."""
    path = f"/v2/bot/richmenu/{menu_id}/content"
    return (await call(client, platform, "POST", path, data=data, headers={"Content-Type": mime}))[0]


async def made(sdk: Sdk, **more: Any) -> str:
    """A menu with its image, by the SDK; the id."""
    created = await sdk.api.create_rich_menu(RichMenuRequest.from_dict(menu(**more)))
    await sdk.blob.set_rich_menu_image(created.rich_menu_id, body=png(), _headers={"Content-Type": "image/png"})
    return str(created.rich_menu_id)


async def seen(phone: Phone) -> str | None:
    """The id of the menu that a phone shows."""
    async with phone.client.get(f"/line/api/users/{phone.user}/rich-menu") as answer:
        shown = (await answer.json())["richMenu"]
    return None if shown is None else str(shown["richMenuId"])


async def test_a_menu_needs_its_image_before_it_is_used(sdk: Sdk, phone: Phone) -> None:
    """Created, refused as default, given an image, shown, downloaded."""
    created = await sdk.api.create_rich_menu(RichMenuRequest.from_dict(menu()))
    with pytest.raises(ApiException, match="must upload richmenu image"):
        await sdk.api.set_default_rich_menu(created.rich_menu_id)
    await sdk.blob.set_rich_menu_image(created.rich_menu_id, body=png(), _headers={"Content-Type": "image/png"})
    await sdk.api.set_default_rich_menu(created.rich_menu_id)
    assert (await sdk.api.get_default_rich_menu_id()).rich_menu_id == created.rich_menu_id
    assert await seen(phone) == created.rich_menu_id
    assert bytes(await sdk.blob.get_rich_menu_image(created.rich_menu_id)) == png()
    async with phone.client.get(f"/line/api/rich-menus/{created.rich_menu_id}/image") as answer:
        assert await answer.read() == png()
    assert "rich_menu" in [entry["kind"] for entry in await phone.journal()]


@pytest.mark.parametrize(
    ("data", "mime", "status"),
    [
        (png(), "image/gif", 415),
        (png(800, 300), "image/png", 400),
        (png(), "image/jpeg", 400),
        (b"no picture", "image/png", 400),
        (png() + b"\0" * 1_048_576, "image/png", 413),
    ],
)
async def test_an_image_that_does_not_fit_is_refused(
    sdk: Sdk, client: Client, platform: Platform, data: bytes, mime: str, status: int
) -> None:
    """Type, size, form, readability and bytes."""
    created = await sdk.api.create_rich_menu(RichMenuRequest.from_dict(menu()))
    assert await upload(client, platform, created.rich_menu_id, data, mime) == status
    assert await upload(client, platform, created.rich_menu_id, png()) == 200
    assert await upload(client, platform, created.rich_menu_id, png()) == 400


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"name": "ก" * 301}, "name"),
        ({"chatBarText": "ก" * 15}, "chatBarText"),
        ({"selected": None}, "selected"),
        ({"size": None}, "size"),
        ({"size": {"width": 799, "height": 250}}, "size/width"),
        ({"size": {"width": 800, "height": 800}}, "size"),
        ({"areas": [menu()["areas"][0]] * 21}, "areas"),
        ({"areas": [{"bounds": {"x": 700, "y": 0, "width": 101, "height": 1}, "action": menu()["areas"][0]["action"]}]},
         "areas[0].bounds"),
        ({"areas": [{"bounds": {"x": -1, "y": 0, "width": 1, "height": 1}}]}, "areas[0].bounds.x"),
        ({"areas": [{**menu()["areas"][0], "action": {"type": "location", "label": "ก"}}]}, "areas[0].action.type"),
    ],
)  # fmt: skip
async def test_a_malformed_menu_is_refused(
    client: Client, platform: Platform, change: dict[str, Any], where: str
) -> None:
    """The property is named, by `validate` and by `create`."""
    for path in ("/v2/bot/richmenu/validate", "/v2/bot/richmenu"):
        status, body = await call(client, platform, "POST", path, json=menu(**change))
        assert status == 400
        assert where in [detail["property"] for detail in body["details"]]
    assert platform.rich_menus == {}
    assert (await call(client, platform, "POST", "/v2/bot/richmenu/validate", json=menu()))[0] == 200


async def test_a_users_own_menu_goes_before_the_default(sdk: Sdk, phone: Phone, platform: Platform) -> None:
    """Link, unlink, bulk; without one the user's menu is 404."""
    default, own = await made(sdk), await made(sdk, name="ของตน")
    await sdk.api.set_default_rich_menu(default)
    await sdk.api.link_rich_menu_id_to_user(phone.user, own)
    assert (await sdk.api.get_rich_menu_id_of_user(phone.user)).rich_menu_id == own
    assert await seen(phone) == own
    await sdk.api.unlink_rich_menu_id_from_user(phone.user)
    with pytest.raises(ApiException) as missing:
        await sdk.api.get_rich_menu_id_of_user(phone.user)
    assert missing.value.status == 404
    users = list(platform.users)
    await sdk.api.link_rich_menu_id_to_users(RichMenuBulkLinkRequest(richMenuId=own, userIds=users))
    assert {user.rich_menu for user in platform.users.values()} == {own}
    await sdk.api.unlink_rich_menu_id_from_users(RichMenuBulkUnlinkRequest(userIds=users))
    assert await seen(phone) == default
    await sdk.api.cancel_default_rich_menu()
    assert await seen(phone) is None
    with pytest.raises(ApiException):
        await sdk.api.get_default_rich_menu_id()


async def test_a_switch_changes_the_menu_and_tells_the_bot(sdk: Sdk, bot: Bot, phone: Phone) -> None:
    """The postback names the alias and how it went; an alias that is gone changes nothing."""
    thai, english = await made(sdk), await made(sdk, name="Main menu")
    await sdk.api.set_default_rich_menu(thai)
    await sdk.api.create_rich_menu_alias(CreateRichMenuAliasRequest(richMenuAliasId="menu-en", richMenuId=english))
    await phone.do("switch", {"richMenuAliasId": "menu-en", "data": "menu:en"})
    assert await seen(phone) == english
    told = (await bot.event())["postback"]
    assert told == {"data": "menu:en", "params": {"newRichMenuAliasId": "menu-en", "status": "SUCCESS"}}
    await sdk.api.delete_rich_menu_alias("menu-en")
    await phone.do("switch", {"richMenuAliasId": "menu-en", "data": "menu:en"})
    assert (await bot.event(count=2))["postback"]["params"]["status"] == "RICHMENU_ALIAS_ID_NOTFOUND"
    assert await seen(phone) == english


async def test_aliases_are_made_changed_listed_and_deleted(sdk: Sdk) -> None:
    """A taken, malformed or dangling one is 400, an unknown one 404."""
    first, second = await made(sdk), await made(sdk)
    create = CreateRichMenuAliasRequest(richMenuAliasId="menu-th", richMenuId=first)
    await sdk.api.create_rich_menu_alias(create)
    for bad in (create, CreateRichMenuAliasRequest(richMenuAliasId="other", richMenuId="richmenu-0")):
        with pytest.raises(ApiException) as refused:
            await sdk.api.create_rich_menu_alias(bad)
        assert refused.value.status == 400
    await sdk.api.update_rich_menu_alias("menu-th", UpdateRichMenuAliasRequest(richMenuId=second))
    assert (await sdk.api.get_rich_menu_alias("menu-th")).rich_menu_id == second
    listed = await sdk.api.get_rich_menu_alias_list()
    assert [(one.rich_menu_alias_id, one.rich_menu_id) for one in listed.aliases] == [("menu-th", second)]
    await sdk.api.delete_rich_menu_alias("menu-th")
    with pytest.raises(ApiException) as missing:
        await sdk.api.get_rich_menu_alias("menu-th")
    assert missing.value.status == 404


async def test_an_alias_has_a_form(client: Client, platform: Platform) -> None:
    """Small letters, digits, _ and -."""
    body = {"richMenuAliasId": "Menu TH", "richMenuId": "richmenu-0"}
    assert (await call(client, platform, "POST", "/v2/bot/richmenu/alias", json=body))[0] == 400


async def test_a_deleted_menu_gives_the_default_back(sdk: Sdk, phone: Phone) -> None:
    """And is no longer listed."""
    default, own = await made(sdk), await made(sdk)
    await sdk.api.set_default_rich_menu(default)
    await sdk.api.link_rich_menu_id_to_user(phone.user, own)
    await sdk.api.delete_rich_menu(own)
    assert await seen(phone) == default
    assert [one.rich_menu_id for one in (await sdk.api.get_rich_menu_list()).richmenus] == [default]
    assert (await sdk.api.get_rich_menu(default)).areas[0].action.type == "richmenuswitch"
    with pytest.raises(ApiException) as missing:
        await sdk.api.get_rich_menu(own)
    assert missing.value.status == 404


async def test_a_batch_moves_users(sdk: Sdk, phone: Phone, control: Control) -> None:
    """Its progress is asked by the request's id; three batches an hour."""
    old, new = await made(sdk), await made(sdk)
    await sdk.api.link_rich_menu_id_to_user(phone.user, old)
    move = RichMenuBatchRequest(
        operations=[RichMenuBatchLinkOperation.from_dict({"type": "link", "from": old, "to": new})],
        resumeRequestKey=None,
    )
    await sdk.api.validate_rich_menu_batch_request(move)
    accepted = await sdk.api.rich_menu_batch_with_http_info(move)
    assert accepted.status_code == 202
    assert await seen(phone) == new
    progress = await sdk.api.get_rich_menu_batch_progress(accepted.headers["X-Line-Request-Id"])
    assert progress.phase == "succeeded"
    clear = RichMenuBatchRequest(operations=[RichMenuBatchUnlinkAllOperation()], resumeRequestKey=None)
    await sdk.api.rich_menu_batch(clear)
    assert await seen(phone) is None
    await sdk.api.rich_menu_batch(clear)
    with pytest.raises(ApiException) as refused:
        await sdk.api.rich_menu_batch(clear)
    assert refused.value.status == 429
    await control(body={"clock": {"advance": 3600}})
    await sdk.api.rich_menu_batch(clear)


@pytest.mark.parametrize("operation", [{"type": "link", "from": "x", "to": "y"}, {"type": "unlink"}, {"type": "all"}])
async def test_a_malformed_batch_is_refused(client: Client, platform: Platform, operation: dict[str, str]) -> None:
    """It must name menus that are there."""
    body = {"operations": [operation]}
    for path in ("/v2/bot/richmenu/validate/batch", "/v2/bot/richmenu/batch"):
        assert (await call(client, platform, "POST", path, json=body))[0] == 400


async def test_menus_are_created_and_deleted_a_hundred_times_an_hour(
    client: Client, platform: Platform, control: Control
) -> None:
    """Each kind has its own count."""
    platform.limits.rich_menus_per_hour = 3
    ids = []
    for _ in range(3):
        status, body = await call(client, platform, "POST", "/v2/bot/richmenu", json=menu())
        assert status == 200
        ids.append(body["richMenuId"])
    assert (await call(client, platform, "POST", "/v2/bot/richmenu", json=menu()))[0] == 429
    assert (await call(client, platform, "DELETE", f"/v2/bot/richmenu/{ids[0]}"))[0] == 200
    await control(body={"clock": {"advance": 3600}})
    assert (await call(client, platform, "POST", "/v2/bot/richmenu", json=menu()))[0] == 200


def test_the_hourly_limit_is_a_hundred(platform: Platform) -> None:
    """As LINE documents it."""
    assert platform.limits.rich_menus_per_hour == 100
