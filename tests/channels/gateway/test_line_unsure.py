# SPDX-License-Identifier: Apache-2.0
"""A reply of which nobody knows whether LINE took it, when its token is almost a minute old."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from channels.gateway import deliveries as delivery_worker
from tests.channels.gateway.line_stack import running_line
from tests.channels.gateway.stack import until
from tests.channels.gateway.test_gateway_rows import restarted
from tests.fakes.bot_server import Bot

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_l_out_03_a_lost_reply_is_asked_about_as_long_as_its_token_can_tell(
    own_database: str, own_bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies after LINE showed the reply; another takes over 52 s after the event: still seen once, no push."""
    monkeypatch.setattr(delivery_worker, "LEASE", 1.0)
    async with running_line(own_database, own_bot, tmp_path, poll=0.2) as line:
        phone = await line.phone()
        await phone.say("ทักทายก่อน")
        await phone.answers(2)
        await line.fault("reply", "lost", seconds=30)
        await phone.say("ตายกลางทาง")
        await until(lambda: line.platform.calls[-1]["fault"] == "lost")
        async with line.gateway.gateway.engine.connect() as connection:
            await connection.execute(text("UPDATE inbox SET received_at = received_at - interval '52 s'"))
        await restarted(line)
        [got] = await phone.answers(1)
        assert "ตายกลางทาง" in got["message"]["text"]
        await phone.nothing(4.0)
        assert await line.calls("push") == []
