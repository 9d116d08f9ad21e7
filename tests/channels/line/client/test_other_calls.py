# SPDX-License-Identifier: Apache-2.0
"""What else LINE is asked, at which host and for how long: profile, quota, webhook, rich menus."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable
from typing import Any

import pytest

from channels.line.client import Endpoint, EndpointTest, Line, LineConfig, Profile, Quota, open_line
from channels.line.errors import Ambiguous
from channels.line.menu_calls import MenuCalls
from core.errors import Rejected, Unavailable
from tests.channels.line.client.channel import FIXED, KEY, SECRET, TEXT, USER
from tests.fakes.line_server import Hang, LineServer, Say


async def test_l_in_16_a_profile_is_a_luxury(server: LineServer, line: Line) -> None:
    """404 is nobody's fault: no friend, blocked, no consent."""
    path = f"/v2/bot/profile/{USER}"
    server.on(
        path, Say(404, {"message": "Not found"}), Say(200, {"displayName": "สมศรี", "language": "th-TH"}), Say(200, {})
    )
    assert [await line.profile(USER) for _ in range(3)] == [None, Profile("สมศรี", "th-TH"), None]


@pytest.mark.parametrize(
    ("limit", "used", "quota"),
    [
        ({"type": "limited", "value": 500}, {"totalUsage": 17}, Quota(500, 17)),
        ({"type": "limited", "value": 0}, {"totalUsage": 0}, Quota(0, 0)),
        ({"type": "none"}, {"totalUsage": 17}, Quota(None, 17)),
    ],
)
async def test_the_quota_is_read(server: LineServer, line: Line, limit: Any, used: Any, quota: Quota) -> None:
    """What the plan allows and what is used."""
    server.always("/message/quota", Say(200, limit))
    server.always("/quota/consumption", Say(200, used))
    assert await line.quota() == quota


@pytest.mark.parametrize(
    ("limit", "used"), [({}, {"totalUsage": 1}), ({"type": "limited", "value": 5}, {}), (None, None)]
)
async def test_an_unreadable_quota_is_not_an_unlimited_one(
    server: LineServer, line: Line, limit: Any, used: Any
) -> None:
    """It is not known, and that is said."""
    server.always("/message/quota", Say(200, limit))
    server.always("/quota/consumption", Say(200, used))
    with pytest.raises(Unavailable):
        await line.quota()


async def test_the_bot_knows_itself(server: LineServer, line: Line) -> None:
    """Its user id is the destination of its webhooks."""
    server.on("/v2/bot/info", Say(200, {"userId": "Ubot", "basicId": "@x"}), Say(200, {}))
    assert await line.bot_user_id() == "Ubot"
    with pytest.raises(Unavailable):
        await line.bot_user_id()


async def test_the_webhook_endpoint_is_read_set_and_tested(server: LineServer, line: Line) -> None:
    """None where none was set yet."""
    url = "https://chat.example.go.th/line/webhook"
    server.on("/webhook/endpoint", Say(404), Say(200), Say(200, {"endpoint": url, "active": True}))
    server.on(
        "/webhook/test", Say(200, {"success": False, "statusCode": 401, "reason": "ERROR_STATUS_CODE", "detail": "401"})
    )
    assert await line.endpoint() is None
    await line.set_endpoint(url)
    assert await line.endpoint() == Endpoint(url, active=True)
    assert await line.test_endpoint() == EndpointTest(
        success=False, status=401, reason="ERROR_STATUS_CODE", detail="401"
    )
    assert [(called.method, called.data) for called in server.calls[1:3]] == [("PUT", {"endpoint": url}), ("GET", {})]
    with pytest.raises(Rejected):
        await line.set_endpoint("https://" + "x" * 500)


async def test_rich_menus_go_out_as_they_are_declared(server: LineServer, line: Line) -> None:
    """Each call with LINE's own method and path; the image as bytes with its type."""
    area = {"bounds": {"x": 0, "y": 0, "width": 1250, "height": 843}, "action": {"type": "postback", "data": "m.1"}}
    menu = {
        "size": {"width": 2500, "height": 843},
        "selected": True,
        "name": "th",
        "chatBarText": "เมนู",
        "areas": [area],
    }
    server.on("/v2/bot/richmenu", Say(200, {"richMenuId": "rm-1"}))
    server.on("/richmenu/list", Say(200, {"richmenus": [{"richMenuId": "rm-1", **menu}]}))
    server.on("/all/richmenu", Say(404, {"message": "no default richmenu"}), Say(200, {"richMenuId": "rm-1"}))
    server.on("/alias/list", Say(200, {"aliases": [{"richMenuAliasId": "menu-th", "richMenuId": "rm-1"}]}))
    server.on("/richmenu/rm-2", Say(404, {"message": "richmenu not found"}))
    assert await line.menus.create(menu) == "rm-1"
    await line.menus.set_image("rm-1", b"\x89PNG", "image/png")
    ((found),) = await line.menus.list()
    assert (found.id, found.definition) == ("rm-1", menu)
    assert await line.menus.default() is None
    assert await line.menus.default() == "rm-1"
    await line.menus.set_default("rm-1")
    assert await line.menus.aliases() == {"menu-th": "rm-1"}
    await line.menus.create_alias("menu-en", "rm-1")
    await line.menus.update_alias("menu-en", "rm-2")
    await line.menus.delete_alias("menu-en")
    await line.menus.link(USER, "rm-1")
    await line.menus.unlink(USER)
    await line.menus.delete("rm-2")
    called = [(one.method, one.path.removeprefix("/v2/bot/")) for one in server.calls]
    assert called == [
        ("POST", "richmenu"),
        ("POST", "richmenu/rm-1/content"),
        ("GET", "richmenu/list"),
        ("GET", "user/all/richmenu"),
        ("GET", "user/all/richmenu"),
        ("POST", "user/all/richmenu/rm-1"),
        ("GET", "richmenu/alias/list"),
        ("POST", "richmenu/alias"),
        ("POST", "richmenu/alias/menu-en"),
        ("DELETE", "richmenu/alias/menu-en"),
        ("POST", f"user/{USER}/richmenu/rm-1"),
        ("DELETE", f"user/{USER}/richmenu"),
        ("DELETE", "richmenu/rm-2"),
    ]
    assert server.calls[0].data == menu
    assert (server.calls[1].body, server.calls[1].headers["Content-Type"]) == (b"\x89PNG", "image/png")
    assert json.loads(server.calls[7].body) == {"richMenuAliasId": "menu-en", "richMenuId": "rm-1"}
    assert json.loads(server.calls[8].body) == {"richMenuId": "rm-2"}


@pytest.mark.parametrize("base", [None, "", "https://api.line.me", "https://api.line.me/"])
async def test_line_itself_is_asked_at_two_hosts(base: str | None) -> None:
    """The SDK takes a host that it is given for both: files would be looked for where there are none."""
    config = LineConfig(channel_id="1", channel_secret=SECRET, access_token=FIXED, api_base=base)
    async with open_line(config) as line:
        assert line._transport._client.configuration.host is None


def calls_of(kind: type) -> set[str]:
    """The names of the public methods of a class that are awaited."""
    return {name for name, found in vars(kind).items() if inspect.iscoroutinefunction(found) and name[0] != "_"}


async def test_every_call_has_a_time_limit(server: LineServer, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's own is five minutes. None of our calls is left out, and one that is new fails here until it is named."""
    monkeypatch.setattr("channels.line.client.LOADING_TIMEOUT", 0.1)
    server.always("", Hang())
    asked: dict[str, tuple[Any, ...]] = {
        "reply": ("reply-token", [TEXT]),
        "push": (USER, [TEXT], KEY),
        "quota": (),
        "content": ("77", 10),
        "profile": (USER,),
        "bot_user_id": (),
        "endpoint": (),
        "set_endpoint": ("https://example.go.th",),
        "test_endpoint": (),
    }
    menus: dict[str, tuple[Any, ...]] = {
        "list": (),
        "create": ({},),
        "set_image": ("rm-1", b"x", "image/png"),
        "delete": ("rm-1",),
        "default": (),
        "set_default": ("rm-1",),
        "aliases": (),
        "create_alias": ("a", "rm-1"),
        "update_alias": ("a", "rm-1"),
        "delete_alias": ("a",),
        "link": (USER, "rm-1"),
        "unlink": (USER,),
        "move": ({"rm-1": "rm-2"},),
        "moved": ("request-1",),
    }
    assert {*asked, "loading"} == calls_of(Line)
    assert set(menus) == calls_of(MenuCalls)

    async def ends(call: Awaitable[Any]) -> None:
        with pytest.raises(Ambiguous):
            await call

    calls = [getattr(line, name)(*given) for name, given in asked.items()]
    calls += [getattr(line.menus, name)(*given) for name, given in menus.items()]
    *_, loading = await asyncio.wait_for(asyncio.gather(*map(ends, calls), line.loading(USER, 20)), 4)
    assert loading is False  # an ornament: it tells nobody that it failed
