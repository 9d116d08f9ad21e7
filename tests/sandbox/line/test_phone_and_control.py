# SPDX-License-Identifier: Apache-2.0
"""The phone's interface, the switchboard and the clock."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from sandbox.line.clock import PlatformClock
from sandbox.line.mount import platform_from
from sandbox.line.state import Platform
from sandbox.server import create_app
from tests.sandbox.line.conftest import START, Bot, Client, Control, Phone


async def test_invented_people_are_there_and_more_can_come(client: Client, platform: Platform) -> None:
    """Three from the start, none a friend; a fourth with an id of its own, which is then taken."""
    async with client.get("/line/api/users") as answer:
        users = (await answer.json())["users"]
    assert [user["friend"] for user in users] == [False] * 3
    body = {"displayName": "วันดี ทดสอบ", "userId": "U" + "a" * 32, "language": "th", "friend": True}
    for status in (201, 409):
        async with client.post("/line/api/users", json=body) as answer:
            assert answer.status == status
    assert platform.users["U" + "a" * 32].friend is True
    async with client.get(f"/line/api/users/{body['userId']}") as answer:
        assert (await answer.json())["displayName"] == "วันดี ทดสอบ"


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("text", {}), ("text", {"text": ""}), ("text", []), ("sticker", {"packageId": "1"}),
        ("location", {"latitude": 91, "longitude": 0}), ("location", {"latitude": "13", "longitude": 100}),
        ("postback", {"data": "d", "params": "date"}), ("unsend", {}), ("image?set=1&index=x", {"url": "https://a.b"}),
    ],
)  # fmt: skip
async def test_a_malformed_action_is_400(phone: Phone, action: str, body: object) -> None:
    """With a reason."""
    assert (await phone.do(action, body, status=400))["error"]


async def test_an_action_that_is_no_json_or_has_no_bytes_is_400(phone: Phone) -> None:
    """Both say what was expected."""
    assert await phone.do("text", data=b"{", status=400) == {"error": "expected JSON"}
    assert await phone.do("audio", data=b"", headers={"Content-Type": "audio/aac"}, status=400)


async def test_unknown_users_groups_and_contents_are_404(client: Client) -> None:
    """In one form."""
    for path in ("users/U0/messages", "users/U0", "groups/C0/messages", "content/1", "rich-menus/richmenu-0/image"):
        async with client.get(f"/line/api/{path}") as answer:
            assert answer.status == 404
            assert (await answer.json())["error"]


async def test_a_blocker_cannot_write(phone: Phone, bot: Bot) -> None:
    """409, and no event."""
    await phone.do("block")
    await phone.do("text", {"text": "สวัสดี"}, status=409)
    await bot.wait()
    assert len(bot.received) == 1


async def test_a_poll_waits_for_the_first_entry(phone: Phone) -> None:
    """It is answered as soon as something happens, and in vain after its seconds."""
    waiting = asyncio.create_task(phone.journal(wait=5))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    begun = time.monotonic()
    await phone.say("หนึ่ง")
    assert [entry["message"]["text"] for entry in await waiting] == ["หนึ่ง"]
    assert time.monotonic() - begun < 1
    assert await phone.journal(after=1, wait=0.05) == []
    await phone.say("สอง")
    assert [entry["seq"] for entry in await phone.journal()] == [1, 2]
    assert [entry["seq"] for entry in await phone.journal(after=1)] == [2]


@pytest.mark.parametrize("wait", ["x", "nan", "inf"])
async def test_a_malformed_wait_is_400(phone: Phone, wait: str) -> None:
    """No endless poll."""
    async with phone.client.get(f"/line/api/users/{phone.user}/messages?wait={wait}") as answer:
        assert answer.status == 400


async def test_the_account_is_shown_to_the_phone(client: Client, platform: Platform, bot: Bot) -> None:
    """Its name, and whether a webhook is set."""
    async with client.get("/line/api/account") as answer:
        shown = await answer.json()
    assert (shown["displayName"], shown["webhook"]) == (platform.channel.display_name, bot.url)


async def test_a_reset_forgets_all_but_the_webhook(phone: Phone, control: Control, bot: Bot) -> None:
    """A waiting poll learns it: `last` is below what it had seen; message ids go on."""
    before = await phone.say("สวัสดีค่ะ")
    await bot.wait()
    await control.fault("push", "error")
    waiting = asyncio.create_task(phone.last(after=1, wait=5))
    await asyncio.sleep(0.05)
    state = await control("/reset")
    assert (state["faults"], state["webhook"]["url"]) == ([], bot.url)
    async with asyncio.timeout(1):
        assert await waiting == 0
        assert await phone.last(after=1, wait=5) == 0
    assert int(await phone.say("ใหม่")) > int(before)
    assert (await control("/reset", {"keep_webhook": False}))["webhook"]["url"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"speed": 1}, {"webhook": {"speed": 1}}, {"webhook": {"time_limit": 0}}, {"webhook": {"mode": "asleep"}},
        {"webhook": {"url": "ftp://a"}}, {"webhook": {"schedule": [-1]}}, {"webhook": {"schedule": 5}},
        {"webhook": {"active": "yes"}}, {"webhook": []}, {"limits": {"monthly_quota": -1}}, {"limits": {"cats": 1}},
        {"clock": {"advance": -1}}, {"clock": {"backwards": 1}}, {"quota_used": True}, {"fail_transcoding": "1"}, [],
    ],
)  # fmt: skip
async def test_a_wrong_setting_changes_nothing(control: Control, body: Any) -> None:
    """Also what stood beside it and was right."""
    before = await control.get()
    changed = {"transcoding": 99, **body} if isinstance(body, dict) else body
    assert (await control(body=changed, status=400))["error"]
    assert await control.get() == before


async def test_settings_can_be_read_back(control: Control) -> None:
    """What was set is shown."""
    wanted = {"webhook": {"schedule": [1, 2], "duplicates": 1}, "limits": {"monthly_quota": None}, "quota_used": 7}
    await control(body={**wanted, "loopback_http": False, "transcoding": 3})
    state = await control.get()
    assert state["webhook"]["schedule"] == [1, 2]
    assert (state["limits"]["monthly_quota"], state["quota_used"]) == (None, 7)
    assert (state["loopback_http"], state["transcoding"]) == (False, 3)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/release", {"order": "random"}, 400), ("/settle", {"seconds": 99}, 400), ("/redeliver", {"times": 0}, 400),
        ("/webhook", {"events": [1]}, 400), ("/webhook", {"body_base64": "?"}, 400), ("/redeliver", {}, 404),
    ],
)  # fmt: skip
async def test_a_wrong_command_is_refused(control: Control, bot: Bot, path: str, body: object, status: int) -> None:
    """With a reason, and nothing goes out."""
    assert (await control(path, body, status=status))["error"]
    assert bot.received == []


async def test_a_webhook_without_an_address_is_404(control: Control) -> None:
    """There is nobody to send it to."""
    await control("/webhook", {"events": []}, status=404)


def test_a_clock_runs_by_its_factor() -> None:
    """A thousand platform seconds in one of ours; a change of speed does not let it jump."""
    clock = PlatformClock(speed=1000.0, start=START)
    begun = time.monotonic()
    while clock.now() < START + 5:
        time.sleep(0.001)
    assert time.monotonic() - begun < 1
    clock.set_speed(0.0)
    stopped = clock.now()
    clock.advance(60)
    assert clock.now() == pytest.approx(stopped + 60)


async def test_a_sleeper_follows_the_clock() -> None:
    """It wakes by speed, by an advance, and when a stopped clock starts again."""
    clock = PlatformClock(speed=1000.0, start=START)
    async with asyncio.timeout(2):
        await clock.sleep(10)
    clock.set_speed(0.0)
    sleeper = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0.02)
    clock.advance(59)
    await asyncio.sleep(0.02)
    assert (sleeper.done(), clock.sleeping) == (False, 1)
    clock.set_speed(100.0)
    async with asyncio.timeout(2):
        await sleeper
    assert clock.sleeping == 0


def test_the_environment_describes_the_platform() -> None:
    """Credentials, speed and webhook; a speed that is no number is refused at the start."""
    platform = platform_from(
        {
            "PRACHA_LINE_CHANNEL_SECRET": "s3",
            "PRACHA_LINE_CHANNEL_ID": "42",
            "PRACHA_LINE_ACCESS_TOKEN": "t",
            "PRACHA_SANDBOX_LINE_SPEED": "60",
            "PRACHA_SANDBOX_LINE_WEBHOOK": "http://127.0.0.1:1/line/webhook",
        }
    )
    assert (platform.channel.id, platform.channel.secret, platform.clock.speed) == ("42", "s3", 60.0)
    assert list(platform.access_tokens) == ["t"]
    assert platform.webhook.url == "http://127.0.0.1:1/line/webhook"
    assert "s3" not in repr(platform.channel)
    with pytest.raises(ValueError, match="float"):
        platform_from({"PRACHA_SANDBOX_LINE_SPEED": "fast"})


async def test_the_sandbox_has_a_platform_by_itself() -> None:
    """Beside the agencies, on the same server."""
    async with TestClient(TestServer(create_app())) as client:
        async with client.get("/line/api/users") as answer:
            assert len((await answer.json())["users"]) == 3
        async with client.get("/v2/bot/info") as answer:
            assert answer.status == 401
