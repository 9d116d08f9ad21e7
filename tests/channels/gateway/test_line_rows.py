# SPDX-License-Identifier: Apache-2.0
"""Promises on LINE that need a gateway of their own: over a restart, under a flood, and for who wants to be forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from channels.line.parse import MAX_BODY
from store import leases
from tests.channels.gateway.line_stack import running_line
from tests.channels.gateway.stack import PHOTO, running_gateway, until
from tests.fakes.bot_server import Bot, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_l_in_06_the_same_event_over_a_restart_is_one_turn(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """Delivered twice as new and ten times as redelivered, before and after the gateway is another one: one turn."""
    async with running_line(own_database, own_bot, tmp_path) as line:
        line.platform.webhook.duplicates = 1
        phone = await line.phone()
        await phone.say("ครั้งเดียวตลอดไป")
        await phone.hears("ครั้งเดียวตลอดไป")
        await line.control("/redeliver", {"times": 5, "parallel": True})
        for task in line.gateway.tasks:
            task.cancel()
        await asyncio.gather(*line.gateway.tasks, return_exceptions=True)
        async with running_gateway(line.gateway.gateway.config) as after:
            line.platform.webhook.url = f"{after.url}/webhooks/line"
            outcomes = await line.control("/redeliver", {"times": 5, "parallel": True})
            assert [one["status"] for one in outcomes["outcomes"]] == [200] * 5
            await phone.nothing()
            assert await after.figure("pracha_duplicate_events_total") == 5
        assert len(own_bot.turns_of("ครั้งเดียวตลอดไป")) == len(own_bot.requests) == 1


async def test_l_in_18_a_body_without_end_is_cut_off(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """No length is told and a hundred megabytes would come: 413 after two, and no more is taken."""
    taken = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1600):
            taken += 65_536
            yield b" " * 65_536

    async with running_line(own_database, own_bot, tmp_path, works=False) as line, aiohttp.ClientSession() as http:
        headers = {"Content-Type": "application/json", "X-Line-Signature": "A" * 43 + "="}
        try:
            async with http.post(f"{line.gateway.url}/webhooks/line", data=flood(), headers=headers) as answer:
                assert answer.status == 413
        except aiohttp.ClientConnectionError:
            pass  # the door was shut while we still wrote
        # What lies in sockets on the way comes on top.
        assert taken < MAX_BODY + 16_000_000
        assert (await line.control("/webhook", {"events": []}))["status"] == 200


async def test_g_08_on_line_nobody_is_named_and_all_is_forgotten(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """The bot never learns a user id; who asks to be forgotten leaves the word that it is done, and no other."""
    own_bot.on("ลบข้อมูล", Say(blocks=[{"type": "text", "text": "ลบแล้วค่ะ"}, {"type": "directive", "name": "erase"}]))
    async with running_line(own_database, own_bot, tmp_path) as line:
        phone = await line.phone()
        await phone.say("น้ำท่วมหน้าบ้าน")
        await phone.hears("น้ำท่วมหน้าบ้าน")
        await phone.photo(PHOTO)
        await phone.answers(1)
        # An answer that LINE refuses is a dead letter, with its words.
        await line.fault("reply", "not_found")
        await phone.say("คำตอบที่ค้าง")
        await until(lambda: any(one["fault"] == "not_found" for one in line.platform.calls))
        await phone.say("ลบข้อมูล")
        await phone.hears("ลบแล้วค่ะ")
        assert phone.user not in str(own_bot.requests)
        await until(lambda: bool(own_bot.erased))
        assert own_bot.erased == [str(own_bot.requests[0]["conversation"])]

        async def forgotten() -> bool:
            async with line.gateway.gateway.engine.connect() as connection:
                statement = (
                    "SELECT (SELECT count(*) FROM inbox WHERE payload IS NOT NULL) + (SELECT count(*) FROM media) "
                    "+ (SELECT count(*) FROM deliveries WHERE messages IS NOT NULL) "
                    "+ (SELECT count(*) FROM outbox WHERE blocks IS NOT NULL) - 1"
                )
                return int(await connection.scalar(text(statement)) or 0) == 0

        await until(forgotten)
        assert [one for one in (tmp_path / "media").rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["kept", "reversed"])
async def test_l_in_13_block_and_back_in_one_moment(
    own_database: str, own_bot: Bot, tmp_path: Path, order: tuple[int, int]
) -> None:
    """Unfollow and follow in the same millisecond: their ids say which was the last, in whatever order they come."""
    async with running_line(own_database, own_bot, tmp_path, works=False) as line:
        phone = await line.phone()
        source, moment = {"type": "user", "userId": phone.user}, line.platform.clock.now_ms()
        for number in order:
            event: dict[str, Any] = {
                "type": "unfollow" if number == 1 else "follow",
                "webhookEventId": f"01J0000000000000000000000{number}",
                "timestamp": moment,
                "source": source,
            }
            assert (await line.control("/webhook", {"events": [event]}))["status"] == 200
            # One is worked on before the other comes.
            [turn] = await leases.claim(line.gateway.gateway.engine, line.gateway.worker.owner, 1, 30.0)
            await line.gateway.worker._answering.event(turn)
        async with line.gateway.gateway.engine.connect() as connection:
            assert await connection.scalar(text("SELECT state FROM contacts")) == "active"
            assert (await connection.scalars(text("SELECT state FROM outbox"))).all() == ["todo"]
