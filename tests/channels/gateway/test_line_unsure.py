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
from tests.fakes.bot_server import Bot, Say

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


#: the database goes away in the middle of a statement, so many times
_AWAY = (
    "CREATE SEQUENCE trouble",
    "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('trouble') <= 1 THEN "
    "RAISE EXCEPTION 'restarted' USING ERRCODE = '57P01'; END IF; RETURN NEW; END $$",
)


@pytest.mark.parametrize(
    "when",
    ["NEW.method = 'push' AND NEW.attempts > OLD.attempts", "OLD.unsure AND NOT NEW.unsure AND NEW.state = 'todo'"],
    ids=["the next try", "the record of the refusal"],
)
async def test_l_out_04_a_refused_reply_is_never_taken_for_sent(
    own_database: str, own_bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """LINE refuses the reply for certain and then the database goes away: the answer is pushed, once."""
    monkeypatch.setattr(delivery_worker, "LEASE", 1.5)
    async with running_line(own_database, own_bot, tmp_path, poll=0.2) as line:
        phone = await line.phone()
        await phone.say("ทักทายก่อน")
        await phone.answers(2)
        async with line.gateway.gateway.engine.connect() as connection:
            for statement in _AWAY:
                await connection.execute(text(statement))
            trigger = (
                f"CREATE TRIGGER away BEFORE UPDATE ON deliveries FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION away()"
            )
            await connection.execute(text(trigger))
        own_bot.on("โทเคนตาย", Say(takes=0.5))
        await phone.say("โทเคนตาย")
        await until(lambda: any(one.get("text") == "โทเคนตาย" for one in own_bot.requests))
        line.platform.clock.advance(120)
        [got] = await phone.answers(1)
        assert (got["via"], "โทเคนตาย" in got["message"]["text"]) == ("push", True)
        await phone.nothing(2.0)
        async with line.gateway.gateway.engine.connect() as connection:
            assert await connection.scalar(text("SELECT is_called FROM trouble"))
