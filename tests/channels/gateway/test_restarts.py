# SPDX-License-Identifier: Apache-2.0
"""A gateway that stops and starts again: the same message is the same turn, and work in hand is not lost."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from tests.channels.gateway.stack import Citizen, config_for, running_gateway, until, words_of
from tests.fakes.bot_server import Bot, Say

WAITING = "ได้รับข้อความแล้วค่ะ"
APOLOGY = "ขออภัยค่ะ ระบบขัดข้อง"

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_restarted_gateway_knows_the_same_message(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """The same UUID before and after a restart: the same number, one turn; the history is still there (W-01, W-02)."""
    one = str(uuid.uuid4())
    async with running_gateway(config_for(own_database, own_bot, tmp_path)) as stack:
        citizen = await stack.citizen()
        seq = await citizen.send("ก่อนรีสตาร์ต", one)
        [answer] = await citizen.answers(1)
    async with running_gateway(config_for(own_database, own_bot, tmp_path)) as stack:
        later = Citizen(http=stack.http, url=stack.url, session=citizen.session, token=citizen.token)
        assert await later.send("ก่อนรีสตาร์ต", one) == seq
        assert (await later.events(after=1)) == [answer]
        await later.asks("หลังรีสตาร์ต")
    assert [ran.said for ran in own_bot.ran] == ["ก่อนรีสตาร์ต", "หลังรีสตาร์ต"]


async def test_a_gateway_that_stops_leaves_its_work_to_the_next(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """Stopped in the middle of a turn: its leases are handed back at once, and the next gateway finishes the turn."""
    own_bot.on("กลางคัน", Say(takes=0.5))
    async with running_gateway(config_for(own_database, own_bot, tmp_path, lease=60.0)) as stack:
        citizen = await stack.citizen()
        await citizen.send("กลางคัน")
        await until(lambda: len(own_bot.requests) == 1)
    async with running_gateway(config_for(own_database, own_bot, tmp_path, lease=60.0)) as stack:
        later = Citizen(http=stack.http, url=stack.url, session=citizen.session, token=citizen.token)
        [answer] = await later.answers(1, within=5)
    assert "รับทราบ: กลางคัน" in words_of(answer)
    assert len({request["turn_id"] for request in own_bot.requests}) == 1
