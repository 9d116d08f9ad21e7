# SPDX-License-Identifier: Apache-2.0
"""Rate limits at the public door: a hasty session waits, others and the machine itself do not."""

from __future__ import annotations

import uuid
from ipaddress import ip_network
from pathlib import Path

import pytest
from limits import RateLimitItem, RateLimitItemPerSecond

from channels.gateway.limits import Limits
from tests.channels.gateway.stack import Citizen, config_for, running_gateway, until
from tests.fakes.bot_server import Bot

WAITING = "ได้รับข้อความแล้วค่ะ"
APOLOGY = "ขออภัยค่ะ ระบบขัดข้อง"

pytestmark = pytest.mark.asyncio(loop_scope="session")


class QuickLimits(Limits):
    """The same limits with a tenth of the room and two seconds in place of a minute."""

    def hit(self, item: RateLimitItem, *of: str) -> None:
        super().hit(RateLimitItemPerSecond(item.amount // 10, 2), *of)


async def test_too_many_messages_are_refused_for_a_while(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """Behind a trusted proxy a hasty session gets 429 with a Thai sentence and the seconds to wait; then it goes on (W-10)."""
    config = config_for(own_database, own_bot, tmp_path, trusted_proxies=(ip_network("127.0.0.0/8"),))
    async with running_gateway(config, limits=QuickLimits()) as stack:
        hasty = await Citizen.arrive(stack.http, stack.url, **{"X-Forwarded-For": "203.0.113.7"})
        other = await Citizen.arrive(stack.http, stack.url, **{"X-Forwarded-For": "203.0.113.7"})
        results = [await hasty.post({"text": f"เร็วมาก {number}"}) for number in range(5)]
        assert [status for status, _ in results] == [202, 202, 202, 429, 429]
        assert results[-1][1]["error"] == "too_many"
        assert "ส่งข้อความถี่เกินไปค่ะ" in results[-1][1]["message"]
        _, _, headers = await hasty.call("POST", "/chat/messages", json={"id": str(uuid.uuid4()), "text": "อีก"})
        assert int(headers["Retry-After"]) >= 1
        assert (await other.post({"text": "คนอื่นไม่เกี่ยว"}))[0] == 202

        async def goes_again() -> bool:
            return (await hasty.post({"text": "ใจเย็นแล้ว"}))[0] == 202

        await until(goes_again)
        assert await stack.figure("pracha_refused_requests_total") >= 3


async def test_sessions_of_one_address_are_limited_generously(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """An address opens only so many sessions; its own claim to be another address does not help, loopback is free."""
    config = config_for(own_database, own_bot, tmp_path, trusted_proxies=(ip_network("127.0.0.0/8"),))
    async with running_gateway(config, works=False, limits=QuickLimits()) as stack:

        async def statuses(forwarded: str, count: int) -> set[int]:
            got = set()
            for number in range(count):
                headers = {"X-Forwarded-For": forwarded.format(number)}
                async with stack.http.post(f"{stack.url}/chat/sessions", json={}, headers=headers) as response:
                    got.add(response.status)
            return got

        assert await statuses("198.51.100.{}, 203.0.113.8", 13) == {201, 429}
        assert await statuses("2001:db8::{}", 13) == {201, 429}
        assert await statuses("127.0.0.1", 13) == {201}
        assert await statuses("198.51.100.{}", 13) == {201}


async def test_loopback_is_not_limited(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """On the machine itself no limit holds, and nobody can claim an address when no proxy is trusted."""
    async with running_gateway(config_for(own_database, own_bot, tmp_path), works=False, limits=QuickLimits()) as stack:
        citizen = await Citizen.arrive(stack.http, stack.url, **{"X-Forwarded-For": "203.0.113.7"})
        assert {(await citizen.post({"text": f"ข้อความที่ {number}"}))[0] for number in range(8)} == {202}
