# SPDX-License-Identifier: Apache-2.0
"""Our client, signature and parser against the sandbox's LINE platform, which was built without knowing them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image

from channels.line.client import Line, LineConfig, open_line
from channels.line.errors import Ambiguous, ContentGone, InvalidReplyToken, QuotaSpent, RateLimited
from channels.line.parse import Arrived, parse_webhook
from channels.line.signature import verify
from core.errors import Rejected, Unauthorised
from core.messages import Attachment, Content, Location, Message, Signal
from sandbox.line.clock import PlatformClock
from sandbox.line.state import Platform, new_platform
from sandbox.server import create_app
from tests.sandbox.line.conftest import START, Bot, Control, Phone

TEXT = {"type": "text", "text": "รับเรื่องแล้วค่ะ"}


@dataclass
class World:
    """A platform with one user and one bot, and our client of it."""

    platform: Platform
    phone: Phone
    control: Control
    bot: Bot
    line: Line

    async def arrived(self, count: int) -> list[Arrived]:
        """What our side makes of the first `count` webhooks, each of which is ours."""
        found: list[Arrived] = []
        for received in await self.bot.wait(count):
            headers = {name.lower(): value for name, value in received.headers.items()}
            verify(self.platform.channel.secret.encode(), received.raw, headers["x-line-signature"])
            webhook = parse_webhook(received.raw)
            assert (webhook.destination, webhook.broken) == (self.platform.channel.user_id, 0)
            found += webhook.events
        return found

    async def contents(self, count: int) -> list[Content | None]:
        """The contents of so many webhooks by the order of their events."""
        return [one.content for one in sorted(await self.arrived(count), key=lambda one: one.order)]

    async def token(self) -> str:
        """The reply token of a new message."""
        count = len(self.bot.received) + 1
        await self.phone.say("ขอถามหน่อย")
        (*_, last) = await self.arrived(count)
        assert last.reply_token is not None
        return last.reply_token

    async def shown(self) -> int:
        return len(await self.phone.shown())


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    """Everything up, with the platform's clock standing still; our tokens are stateless and its clock is theirs."""
    platform = new_platform(PlatformClock(speed=0.0, start=START))
    user = next(iter(platform.users.values()))
    user.friend = True
    bot = Bot(platform.channel.secret)
    app = web.Application()
    app.router.add_post("/webhook", bot.handle)
    async with TestServer(app) as listening, TestClient(TestServer(create_app(line=platform))) as client:
        platform.webhook.url = bot.url = str(listening.make_url("/webhook"))
        config = LineConfig(
            channel_id=platform.channel.id,
            channel_secret=platform.channel.secret,
            api_base=str(client.make_url("")).rstrip("/"),
        )
        async with open_line(config, timeout=1.0, clock=platform.clock.now, patience=2, first_wait=0.05) as line:
            yield World(platform, Phone(client, user.id), Control(client), bot, line)


async def test_l_in_01_what_the_platform_sends_is_ours(world: World) -> None:
    """Text, pin, sticker, photo and what follows them pass the signature and the parser."""
    said = await world.phone.say("น้ำไม่ไหลค่ะ 🙏")
    await world.bot.wait(1)
    await world.phone.do("location", {"latitude": 13.75, "longitude": 100.5, "address": "กรุงเทพ"})
    await world.bot.wait(2)
    await world.phone.do("unsend", {"messageId": said})
    await world.bot.wait(3)
    await world.phone.do("block")
    contents = [one.content for one in await world.arrived(4)]
    assert contents == [Message("น้ำไม่ไหลค่ะ 🙏"), Location(13.75, 100.5), Signal("unsend", said), Signal("unfollow")]


async def test_l_out_03_a_reply_whose_answer_was_lost_was_accepted(world: World) -> None:
    """The second try with the same token says so, and the citizen sees one copy."""
    token = await world.token()
    await world.control.fault("reply", "cut")
    with pytest.raises(Ambiguous):
        await world.line.reply(token, [TEXT])
    with pytest.raises(InvalidReplyToken):
        await world.line.reply(token, [TEXT])
    assert await world.shown() == 1


async def test_l_out_04_a_reply_that_failed_before_is_sent_by_the_next_try(world: World) -> None:
    """A 5xx without effect: the token is still good."""
    token = await world.token()
    await world.control.fault("reply", "error")
    with pytest.raises(Ambiguous):
        await world.line.reply(token, [TEXT])
    assert (await world.line.reply(token, [TEXT])).message_ids
    assert await world.shown() == 1


async def test_l_out_05_a_push_with_its_key_is_sent_once(world: World) -> None:
    """The answer of the first is lost; the second is a 409 that names the first."""
    key = uuid4()
    await world.control.fault("push", "cut")
    with pytest.raises(Ambiguous):
        await world.line.push(world.phone.user, [TEXT], key)
    again = await world.line.push(world.phone.user, [TEXT], key)
    assert again.accepted_request_id
    assert again.accepted_request_id != again.request_id
    assert await world.shown() == 1


async def test_l_out_08_rate_and_quota_are_told_apart(world: World) -> None:
    """And replies keep working when the month is spent."""
    await world.control.fault("push", "rate_limit")
    with pytest.raises(RateLimited):
        await world.line.push(world.phone.user, [TEXT], uuid4())
    await world.control.fault("push", "monthly_limit")
    with pytest.raises(QuotaSpent):
        await world.line.push(world.phone.user, [TEXT], uuid4())
    assert (await world.line.reply(await world.token(), [TEXT])).request_id
    before = await world.line.quota()
    await world.line.push(world.phone.user, [TEXT, TEXT], uuid4())
    after = await world.line.quota()
    assert before.limit == after.limit == 500
    assert after.used == before.used + 1


async def test_l_out_07_a_message_that_line_refuses_is_rejected(world: World) -> None:
    """With the field that is wrong, and without its words; the token is not lost."""
    token = await world.token()
    with pytest.raises(Rejected) as raised:
        await world.line.reply(token, [{"type": "text", "text": "ก" * 5_001}])
    assert type(raised.value) is Rejected
    assert "messages[0].text" in raised.value.reason
    await world.line.reply(token, [TEXT])


async def test_l_out_15_tokens_end_and_the_client_goes_on(world: World) -> None:
    """Over several lives of a token, no call is refused, until the channel's secret is another one."""
    for _ in range(4):
        await world.line.push(world.phone.user, [TEXT], uuid4())
        world.platform.clock.advance(600)
    calls = (await world.control.get("/calls"))["calls"]
    assert 401 not in [call["status"] for call in calls]
    await world.control.fault("push", "unauthorised")
    await world.line.push(world.phone.user, [TEXT], uuid4())
    await world.control.fault("push", "unauthorised", times=2)
    with pytest.raises(Unauthorised):
        await world.line.push(world.phone.user, [TEXT], uuid4())


async def test_l_in_15_files_are_fetched(world: World) -> None:
    """A photo at once, a film when it is ready, and what was taken back never."""
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "JPEG")
    sent = await world.phone.do("image", data=picture.getvalue(), headers={"Content-Type": "image/jpeg"})
    assert await world.contents(1) == [Attachment(sent["id"], "image")]
    found = await world.line.content(sent["id"], 10_000)
    assert (found.bytes, found.content_type) == (picture.getvalue(), "image/jpeg")
    await world.phone.do("unsend", {"messageId": sent["id"]})
    with pytest.raises(ContentGone):
        await world.line.content(sent["id"], 10_000)
    world.platform.transcoding = 60.0
    film = await world.phone.do("video", data=b"film", headers={"Content-Type": "video/mp4"})
    fetching = asyncio.create_task(world.line.content(film["id"], 10_000))
    await asyncio.sleep(0.2)
    assert not fetching.done()
    world.platform.clock.advance(600)
    assert (await asyncio.wait_for(fetching, 3)).bytes == b"film"


async def test_l_in_16_a_profile_is_there_for_friends(world: World) -> None:
    """And 404 for who has blocked the account, or is nobody."""
    assert await world.line.profile(world.phone.user) is not None
    assert await world.line.profile("U" + "0" * 32) is None
    await world.phone.do("block")
    assert await world.line.profile(world.phone.user) is None


async def test_l_out_14_loading_is_shown(world: World) -> None:
    """In a one-to-one chat; for somebody who does not exist it is just not shown."""
    assert await world.line.loading(world.phone.user, 7)
    assert isinstance(await world.line.loading("nobody", 7), bool)


async def test_the_webhook_is_set_and_tested(world: World) -> None:
    """The bot's user id is the destination of what then comes."""
    assert await world.line.bot_user_id() == world.platform.channel.user_id
    found = await world.line.endpoint()
    assert found is not None
    assert found.url == world.bot.url
    tested = await world.line.test_endpoint()
    assert (tested.success, tested.status) == (True, 200)
    world.bot.statuses.append(500)
    assert not (await world.line.test_endpoint()).success


async def test_rich_menus_are_made_shown_and_deleted(world: World) -> None:
    """The whole life of two menus with their aliases."""
    menus = world.line.menus
    area = {
        "bounds": {"x": 0, "y": 0, "width": 800, "height": 270},
        "action": {"type": "richmenuswitch", "richMenuAliasId": "menu-en", "data": "menu"},
    }
    definition = {
        "size": {"width": 800, "height": 270},
        "selected": True,
        "name": "menu th",
        "chatBarText": "เมนู",
        "areas": [area],
    }
    image = io.BytesIO()
    Image.new("RGB", (800, 270), "blue").save(image, "PNG")
    assert await menus.default() is None
    first, second = [await menus.create(definition) for _ in range(2)]
    for menu in (first, second):
        await menus.set_image(menu, image.getvalue(), "image/png")
    await menus.set_default(first)
    await menus.create_alias("menu-th", first)
    await menus.create_alias("menu-en", first)
    await menus.update_alias("menu-en", second)
    with pytest.raises(Rejected):
        await menus.create_alias("menu-th", second)
    await menus.link(world.phone.user, second)
    assert await menus.default() == first
    assert await menus.aliases() == {"menu-th": first, "menu-en": second}
    assert {menu.id: menu.definition for menu in await menus.list()} == {first: definition, second: definition}
    await menus.unlink(world.phone.user)
    await menus.delete_alias("menu-en")
    await menus.delete_alias("menu-en")
    await menus.delete(second)
    await menus.delete(second)
    assert [menu.id for menu in await menus.list()] == [first]
