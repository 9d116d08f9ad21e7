# SPDX-License-Identifier: Apache-2.0
"""LINE's clock and ours may differ: what counts is the order of events among themselves, and when they reached us."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store.migrate import migrate
from tests.channels.gateway.line_stack import LineStack, running_line
from tests.channels.gateway.stack import TOKEN, until
from tests.conftest import new_database
from tests.fakes.bot_server import Bot, Say, running_bot

pytestmark = pytest.mark.asyncio(loop_scope="session")

_TWENTY_MINUTES = 20 * 60.0


@pytest_asyncio.fixture(loop_scope="session")
async def bot() -> AsyncIterator[Bot]:
    async with running_bot(TOKEN) as bot:
        yield bot


@pytest_asyncio.fixture(params=[-_TWENTY_MINUTES, _TWENTY_MINUTES], ids=["behind", "ahead"], loop_scope="session")
async def line(
    request: pytest.FixtureRequest, database_server: str, bot: Bot, tmp_path: Path
) -> AsyncIterator[LineStack]:
    """A gateway on a LINE whose clock is twenty minutes off."""
    with new_database(database_server) as url:
        migrate(url)
        async with running_line(url, bot, tmp_path, poll=0.5) as stack:
            stack.platform.clock.advance(request.param)
            yield stack


async def test_l_in_09_a_clock_that_is_off_changes_neither_order_nor_price(line: LineStack) -> None:
    """What arrives in reverse is answered in its order, once, and by reply; a storm of redeliveries changes nothing."""
    phone = await line.phone()
    line.bot.on("นาฬิกา 0", Say(takes=1.0))
    words = [f"นาฬิกา {number}" for number in range(4)]
    before = len(line.bot.ran)
    await phone.say(words[0])
    await until(lambda: any(one.get("text") == words[0] for one in line.bot.requests))
    await line.control("", {"webhook": {"hold": True}})
    for one in words[1:]:
        await phone.say(one)
    await line.control("/release", {"order": "reversed", "one_webhook": True})
    await until(lambda: len(line.bot.ran) == before + len(words))
    await line.control("/redeliver", {"times": 10, "parallel": True})
    # The notice about privacy comes with the first answer.
    got = await phone.answers(len(words) + 1)
    assert {one["via"] for one in got} == {"reply"}
    await phone.nothing()
    assert [one.said for one in line.bot.ran[before:]] == words
    assert await line.calls("push") == []


async def test_l_in_09_a_clock_that_is_put_right_loses_nothing(line: LineStack) -> None:
    """Whether time jumps back or on in the middle of a chat: each message is answered once, by reply."""
    phone = await line.phone()
    off = line.platform.clock.now()
    await phone.say("ก่อนตั้งนาฬิกา")
    await phone.answers(2)
    line.platform.clock.advance(_TWENTY_MINUTES if off < time.time() else -_TWENTY_MINUTES)
    for one in ("หลังตั้งนาฬิกา", "อีกข้อความ"):
        await phone.say(one)
        [got] = await phone.answers(1)
        assert (got["via"], one in got["message"]["text"]) == ("reply", True)
    await phone.nothing()
