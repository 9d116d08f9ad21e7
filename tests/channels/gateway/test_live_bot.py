# SPDX-License-Identifier: Apache-2.0
"""Which bot is live may change at any time: turns under way end with the old one, the next go to the new one."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from channels.gateway.bot_client import BotClient
from core.errors import Unavailable
from tests.channels.gateway.stack import TOKEN, Stack, config_for, running_gateway, until, words_of
from tests.fakes.bot_server import Bot, Drop, Say, running_bot

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def other_bot() -> AsyncIterator[Bot]:
    """The bot that is switched to."""
    async with running_bot(TOKEN) as bot:
        yield bot


async def test_a_turn_ends_with_its_bot_and_the_next_goes_to_the_new_one(
    own_database: str, own_bot: Bot, other_bot: Bot, tmp_path: Path
) -> None:
    """Switched in the middle of a turn: both messages of a conversation are answered, in order, without a failed try."""
    live = own_bot
    own_bot.on("ก่อนสลับ", Say(takes=0.6))
    config = config_for(own_database, own_bot, tmp_path, bot_url=lambda: live.url)
    async with running_gateway(config) as stack:
        citizen = await stack.citizen()
        await citizen.send("ก่อนสลับ")
        await until(lambda: len(own_bot.requests) == 1)
        live = other_bot
        await citizen.send("หลังสลับ")
        await (await stack.citizen()).asks("คนที่มาทีหลัง")
        assert not own_bot.ran
        answers = await citizen.answers(2)
    assert ["รับทราบ: ก่อนสลับ" in words_of(answers[0]), "รับทราบ: หลังสลับ" in words_of(answers[1])] == [True, True]
    assert [ran.said for ran in own_bot.ran] == ["ก่อนสลับ"]
    assert [ran.said for ran in other_bot.ran] == ["คนที่มาทีหลัง", "หลังสลับ"]
    assert len(own_bot.requests) + len(other_bot.requests) == 3


async def test_the_figures_tell_when_the_old_bot_may_be_stopped(
    own_database: str, own_bot: Bot, other_bot: Bot, tmp_path: Path
) -> None:
    """The live bot's port; the old one's calls are counted until the last has ended, then it is no longer named."""
    live = own_bot
    own_bot.on("นานหน่อย", Say(takes=0.6))
    config = config_for(own_database, own_bot, tmp_path, bot_url=lambda: live.url)
    async with running_gateway(config) as stack:
        assert await stack.figure("pracha_bot_port") == own_bot.port
        assert await _calls(stack) == {own_bot.port: 0.0}
        citizen = await stack.citizen()
        await citizen.send("นานหน่อย")
        await until(lambda: len(own_bot.requests) == 1)
        live = other_bot
        assert await stack.figure("pracha_bot_port") == other_bot.port
        assert await _calls(stack) == {own_bot.port: 1.0, other_bot.port: 0.0}
        await citizen.answers(1)
        assert await _calls(stack) == {other_bot.port: 0.0}


async def test_the_live_bot_decides_whether_the_gateway_is_ready(
    own_database: str, own_bot: Bot, other_bot: Bot, tmp_path: Path
) -> None:
    """A stopped spare is nothing that is missing; a live second bot that is away is."""
    live = own_bot
    async with running_gateway(config_for(own_database, own_bot, tmp_path, bot_url=lambda: live.url)) as stack:
        assert (await stack.ask("GET", "/health/ready"))[0] == 200
        live = other_bot
        await own_bot.down()
        assert (await stack.ask("GET", "/health/ready"))[0] == 200
        other_bot.is_ready = False
        assert (await stack.ask("GET", "/health/ready")) == (503, {"ready": False, "missing": ["bot"]})


async def test_a_failed_call_is_no_longer_under_way(own_bot: Bot) -> None:
    """Counted down whatever becomes of it, or the old bot would be waited for in vain."""
    own_bot.default = Drop()
    client = BotClient(f"{own_bot.url}/", TOKEN, 2.0, 1)
    try:
        with pytest.raises(Unavailable):
            await client.turn(
                turn_id=uuid.uuid4(), conversation="web:1", content={"text": "สวัสดี"}, locale="th", channel="web"
            )
        await client.erase("web:1")
        assert client.under_way() == {own_bot.url: 0}
    finally:
        await client.close()


async def _calls(stack: Stack) -> dict[int, float]:
    """Calls under way by the port of the bot."""
    _, text = await stack.ask("GET", "/metrics", token=None)
    found = re.findall(r'^pracha_bot_calls\{port="(\d+)"\} (\S+)$', str(text), re.MULTILINE)
    return {int(port): float(calls) for port, calls in found}
