# SPDX-License-Identifier: Apache-2.0
"""A channel that is away for long: answers wait for it a day, end as dead letters, and are delivered by staff."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Row, text

from channels.gateway import deliveries as delivery_worker
from store import dead, outbox
from tests.channels.gateway.line_stack import LineStack, Phone, running_line
from tests.channels.gateway.stack import until
from tests.fakes.bot_server import Bot

pytestmark = pytest.mark.asyncio(loop_scope="session")

_NEWEST = (
    "SELECT o.id, o.state AS answer, o.attempts AS tries, d.state, d.retry_key, d.unsure, d.messages, "
    "EXTRACT(epoch FROM o.available_at - now()) AS wait "
    "FROM outbox o LEFT JOIN deliveries d ON d.outbox_id = o.id ORDER BY o.id DESC LIMIT 1"
)


@pytest_asyncio.fixture(loop_scope="session")
async def line(own_database: str, own_bot: Bot, tmp_path: Path) -> AsyncIterator[LineStack]:
    async with running_line(own_database, own_bot, tmp_path, poll=0.2) as stack:
        yield stack


async def run(line: LineStack, statement: str, **values: Any) -> None:
    async with line.gateway.gateway.engine.connect() as connection:
        await connection.execute(text(statement), values)


async def newest(line: LineStack) -> Row[Any]:
    async with line.gateway.gateway.engine.connect() as connection:
        return (await connection.execute(text(_NEWEST))).one()


async def friend(line: LineStack) -> Phone:
    phone = await line.phone()
    await phone.say("สวัสดี")
    await phone.hears("สวัสดี")
    return phone


async def news(line: LineStack, words: str) -> None:
    """Something said on our own account, which is pushed."""
    gateway = line.gateway.gateway
    async with gateway.engine.connect() as connection:
        conversation_id = await connection.scalar(text("SELECT max(id) FROM conversations"))
    await outbox.say(gateway.engine, gateway.seal, conversation_id, [{"type": "text", "text": words}], pulled=False)


async def has_waited(line: LineStack, hours: float, *, tries: int) -> None:
    """The newest answer has been tried that often for that long, and is due."""
    await run(
        line,
        "UPDATE deliveries SET key_at = now() - make_interval(secs => :seconds) WHERE state = 'todo'",
        seconds=hours * 3600,
    )
    await run(line, "UPDATE outbox SET attempts = :tries, available_at = now() WHERE state = 'todo'", tries=tries)


async def pushes(line: LineStack) -> int:
    return len(await line.calls("push"))


async def test_l_out_05_a_channel_that_is_away_is_tried_for_a_day(line: LineStack) -> None:
    """Tried with one key for as long as LINE knows it, ten minutes apart at most; then a dead letter, with its words."""
    await friend(line)
    await line.fault("push", "error", times=None)
    await news(line, "ข่าวที่รอทั้งวัน")

    async def tried(times: int) -> None:
        async def holds() -> bool:
            return await pushes(line) >= times

        await until(holds)

    async def put_off_once() -> bool:
        return bool((await newest(line)).tries == 1)

    await until(put_off_once)
    for hours, tries in ((0.1, 9), (1.0, 20), (23.0, 150)):
        before = await pushes(line)
        await has_waited(line, hours, tries=tries)
        await tried(before + 1)

        async def put_off(tries: int = tries) -> bool:
            row = await newest(line)
            return (row.answer, row.tries) == ("todo", tries + 1) and row.wait > 100

        await until(put_off)
        assert (await newest(line)).wait <= 600
    assert await line.gateway.figure("pracha_undelivered_answers") == 1
    assert await line.gateway.figure("pracha_undelivered_oldest_seconds") > 0
    await has_waited(line, 23.45, tries=160)

    async def given_up() -> bool:
        return bool((await newest(line)).answer == "dead")

    await until(given_up)
    row = await newest(line)
    assert (row.state, row.unsure, row.messages is not None) == ("dead", True, True)
    assert len({one["retry_key"] for one in await line.calls("push")}) == 1
    assert await line.gateway.figure("pracha_dead_deliveries") == 1
    assert await line.gateway.figure("pracha_undelivered_answers") == 0


async def test_l_out_05_a_replayed_answer_has_its_key_while_it_lasts(line: LineStack) -> None:
    """Dead, and LINE may have it: the same key again within the day, so that nobody reads it twice; then a new one."""
    phone = await friend(line)
    await line.fault("push", "lost", seconds=0)
    await news(line, "ข่าวที่อาจไปถึงแล้ว")
    await phone.hears("ข่าวที่อาจไปถึงแล้ว")

    async def unsure() -> bool:
        return bool((await newest(line)).unsure)

    await until(unsure)
    await run(line, "UPDATE outbox SET state = 'dead' WHERE state = 'todo'")
    await run(line, "UPDATE deliveries SET state = 'dead' WHERE state = 'todo'")
    engine = line.gateway.gateway.engine
    [letter] = await dead.list_dead_answers(engine)
    assert await dead.replay_answer(engine, letter.id)
    assert not await dead.replay_answer(engine, letter.id)

    async def sent() -> bool:
        return bool((await newest(line)).answer == "sent")

    await until(sent)
    await phone.nothing()
    first, second = await line.calls("push")
    assert (first["retry_key"], second["status"]) == (second["retry_key"], 409)


@pytest.mark.parametrize(("unsure", "hours"), [(True, 25), (False, 1)], ids=["lapsed", "refused"])
async def test_l_out_07_a_dead_answer_is_replayed_as_a_new_call(line: LineStack, unsure: bool, hours: int) -> None:
    """LINE refused it, or has forgotten the key: delivered by a new key, whole, and no letter is left."""
    phone = await friend(line)
    await line.fault("push", "not_found")
    await news(line, "ข่าวที่ถูกปฏิเสธ")

    async def is_dead() -> bool:
        return bool((await newest(line)).answer == "dead")

    await until(is_dead)
    await run(
        line,
        "UPDATE deliveries SET unsure = :unsure, key_at = now() - make_interval(hours => :hours) WHERE state = 'dead'",
        unsure=unsure,
        hours=hours,
    )
    engine = line.gateway.gateway.engine
    [letter] = await dead.list_dead_answers(engine)
    assert (letter.name, letter.kind, letter.channel) == (f"a{letter.id}", "answer", "line")
    assert (letter.attempts, letter.replayable, letter.reason) == (1, True, "status 404; Not found")
    assert await dead.replay_answer(engine, letter.id)
    got = await phone.hears("ข่าวที่ถูกปฏิเสธ")
    assert got["via"] == "push"
    first, second = await line.calls("push")
    assert first["retry_key"] != second["retry_key"]
    assert first["body"] == second["body"]
    assert await dead.list_dead_answers(engine) == []
    assert await line.gateway.figure("pracha_dead_deliveries") == 0


async def test_who_writes_gets_what_waits_before_the_answer(line: LineStack) -> None:
    """The channel is back, the next try is minutes away, and the citizen writes: the news comes at once, and first."""
    phone = await friend(line)
    await line.fault("push", "error")
    await news(line, "ข่าวที่ค้างอยู่")

    async def tried() -> bool:
        return bool((await newest(line)).tries == 1)

    await until(tried)
    await run(line, "UPDATE outbox SET available_at = now() + interval '9 minutes' WHERE state = 'todo'")
    await phone.say("กลับมาแล้ว")
    got = await phone.answers(2)
    assert [one["via"] for one in got] == ["push", "reply"]
    assert "ข่าวที่ค้างอยู่" in str(got[0]["message"])


async def test_g_06_a_call_ends_before_the_lease_on_its_answer(
    line: LineStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LINE answers drop by drop for ever: the call is given up in time and made again, and the answer is seen once."""
    monkeypatch.setattr(delivery_worker, "CALL", 0.5)
    phone = await friend(line)
    await line.fault("push", "lost", seconds=60)
    await news(line, "ข่าวที่ค้างสาย")
    await phone.hears("ข่าวที่ค้างสาย", within=3)
    await until(lambda: line.platform.calls[-1]["status"] == 409, within=4)
    await phone.nothing()


async def test_g_06_who_lost_the_lease_makes_no_call(line: LineStack) -> None:
    """An answer of two calls is taken over by another worker during the first: the one who had it makes no second."""
    phone = await friend(line)
    pictures = [{"type": "image", "url": f"https://x.example/{number}.jpg", "alt": ""} for number in range(8)]
    gateway = line.gateway.gateway
    await line.fault("push", "slow", seconds=0.8)
    async with gateway.engine.connect() as connection:
        conversation_id = await connection.scalar(text("SELECT max(id) FROM conversations"))
    await outbox.say(gateway.engine, gateway.seal, conversation_id, pictures, pulled=False)
    await until(lambda: any(one["operation"] == "push" for one in line.platform.calls))
    other = uuid.uuid4()
    await run(
        line,
        "UPDATE outbox SET lease_owner = :other, lease_until = now() + interval '3 seconds' WHERE state = 'todo'",
        other=other,
    )
    await phone.answers(5)
    await phone.nothing(1.0)
    assert await pushes(line) == 1
    got = await phone.answers(3)
    assert len(got) == 3
    assert await pushes(line) == 2


async def test_l_out_15_a_channel_that_is_shut_for_a_day_leaves_a_dead_letter(
    line: LineStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """News that would come days late are not sent by themselves: staff see them, and send them when they will."""
    monkeypatch.setattr(delivery_worker, "_PAUSE", 0.1)
    phone = await friend(line)
    await line.fault("push", "unauthorised", times=None)
    await news(line, "ข่าวที่รอกุญแจ")

    async def asked() -> bool:
        return await pushes(line) >= 4

    await until(asked)
    assert (await newest(line)).answer == "todo"
    await has_waited(line, 23.6, tries=0)

    async def given_up() -> bool:
        return bool((await newest(line)).answer == "dead")

    await until(given_up)
    line.platform.faults.clear()
    engine = line.gateway.gateway.engine
    [letter] = await dead.list_dead_answers(engine)
    assert letter.replayable
    assert await dead.replay_answer(engine, letter.id)
    await phone.hears("ข่าวที่รอกุญแจ")


async def test_an_answer_whose_calls_were_all_made_holds_up_nobody(line: LineStack) -> None:
    """Its end was not recorded with its last call: it is ended, not sent again, and the next one goes out."""
    phone = await friend(line)
    await news(line, "ข่าวที่ไปแล้ว")
    await phone.hears("ข่าวที่ไปแล้ว")

    async def sent() -> bool:
        return bool((await newest(line)).answer == "sent")

    await until(sent)
    row = await newest(line)
    await run(line, "UPDATE outbox SET state = 'todo', finished_at = NULL WHERE id = :id", id=row.id)
    await news(line, "ข่าวถัดไป")
    [got] = await phone.answers(1)
    assert "ข่าวถัดไป" in str(got["message"])
    async with line.gateway.gateway.engine.connect() as connection:
        assert await connection.scalar(text("SELECT state FROM outbox WHERE id = :id"), {"id": row.id}) == "sent"
