# SPDX-License-Identifier: Apache-2.0
"""Kills at the steps of a message's life: before and after each commit, while the bot works, before and after each call.

A step is held by a lock on the table that it writes to, by a bot that stands still, or by a LINE that is slow.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg
from psycopg import sql

from bench.line_chaos_storm import PATIENCE, Storm, until
from sandbox.line.state import Fault
from sandbox.line.webhooks import release

Step = Callable[[Storm], Awaitable[None]]


@contextlib.asynccontextmanager
async def locked(storm: Storm, table: str, mode: str = "ACCESS EXCLUSIVE") -> AsyncIterator[None]:
    """Whoever writes to the table waits meanwhile."""
    async with await psycopg.AsyncConnection.connect(storm.database_url) as connection:
        await connection.execute(sql.SQL("LOCK TABLE {} IN {} MODE").format(sql.Identifier(table), sql.SQL(mode)))
        try:
            yield
        finally:
            await connection.rollback()


async def _asks(storm: Storm, question: str, *values: object) -> bool:
    async with await psycopg.AsyncConnection.connect(storm.database_url) as connection:
        row = await (await connection.execute(question.encode(), values)).fetchone()
        return row is not None and bool(row[0])


async def _until(storm: Storm, question: str, *values: object) -> None:
    """Returns when the database says yes. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                if await _asks(storm, question, *values):
                    return
            await asyncio.sleep(0.05)


async def _waits_at(storm: Storm, table: str, statement: str) -> None:
    """Returns when that statement of ours waits for that table."""
    await _until(
        storm,
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
        "WHERE NOT granted AND relation = %s::regclass AND position(%s IN query) > 0",
        table,
        statement,
    )


async def _held_and_killed(storm: Storm, table: str, statement: str) -> None:
    async with locked(storm, table):
        storm.speak()
        await _waits_at(storm, table, statement)
        await storm.kill("gateway")


async def before_the_inbox(storm: Storm) -> None:
    """The gateway dies before an event is committed: LINE got no answer, and delivers again."""
    await _held_and_killed(storm, "inbox", "-- receive:")


async def before_the_acknowledgement(storm: Storm) -> None:
    """It dies between the commit of an event and the 200: of a webhook with two events, the second is held."""
    known, stranger = storm.newcomer(2), storm.newcomer(1)
    first = storm.speak(known)
    await until(lambda: first is not None and _taken(storm, first.event_id))
    storm.platform.webhook.hold = True
    second = storm.speak(known)
    storm.speak(stranger)
    assert second is not None
    # A stranger's contact cannot be made; everything else can be written.
    async with locked(storm, "contacts", "SHARE ROW EXCLUSIVE"):
        release(storm.platform, "kept", one_webhook=True)
        await _until(storm, "SELECT count(*) FROM inbox WHERE event_id = %s", second.event_id)
        assert not _taken(storm, second.event_id)
        await storm.kill("gateway")


def _taken(storm: Storm, event_id: str) -> bool:
    return any(event_id in one["event_ids"] and one["reason"] == "ok" for one in storm.platform.deliveries)


async def _bot_has_one(storm: Storm) -> None:
    """Returns when the bot, which stands still, has been asked something."""
    await _until(storm, "SELECT count(*) FROM inbox WHERE state = 'doing'")
    await asyncio.sleep(0.3)


async def while_the_bot_works(storm: Storm) -> None:
    """The gateway dies while the bot works: the turn is run once, and its answer is asked for again."""
    async with storm.frozen("bot"):
        storm.speak()
        await _bot_has_one(storm)
        await storm.kill("gateway")


async def the_bot_while_it_works(storm: Storm) -> None:
    """The bot dies in a turn."""
    async with storm.frozen("bot"):
        storm.speak()
        await _bot_has_one(storm)
        await storm.kill("bot")


async def the_database_while_the_bot_works(storm: Storm) -> None:
    """PostgreSQL dies in a turn."""
    async with storm.frozen("bot"):
        storm.speak()
        await _bot_has_one(storm)
        await storm.kill("postgres")


async def before_the_outcome(storm: Storm) -> None:
    """The gateway dies before the answer is committed."""
    await _held_and_killed(storm, "turns", "-- finish:")


async def before_the_calls_are_made(storm: Storm) -> None:
    """It dies with the answer committed and no call to LINE planned."""
    await _held_and_killed(storm, "deliveries", "FROM deliveries")


async def while_line_is_slow(storm: Storm) -> None:
    """It dies while LINE has the reply and has not acted on it yet."""
    await _killed_in_a_reply(storm, Fault(operation="reply", kind="slow", seconds=2.5), lambda call: True)


async def while_lines_answer_is_lost(storm: Storm) -> None:
    """It dies after LINE has shown the reply and before it could know that."""
    fault = Fault(operation="reply", kind="lost", seconds=5.0)
    await _killed_in_a_reply(storm, fault, lambda call: call.get("effect_status") == 200)


async def _killed_in_a_reply(storm: Storm, fault: Fault, far_enough: Callable[[dict[str, object]], bool]) -> None:
    storm.platform.faults.append(fault)
    storm.speak()
    await until(lambda: any(one["fault"] == fault.kind and far_enough(one) and one["status"] is None
                            for one in storm.platform.calls))  # fmt: skip
    await storm.kill("gateway")


async def before_the_call_is_recorded(storm: Storm) -> None:
    """It dies with LINE's 200 in its hands and nothing written down."""
    storm.platform.faults.append(Fault(operation="reply", kind="slow", seconds=4.0))
    storm.speak()
    await until(lambda: any(one["fault"] == "slow" and one["status"] is None for one in storm.platform.calls))
    async with locked(storm, "deliveries"):
        await _waits_at(storm, "deliveries", "-- sent:")
        await storm.kill("gateway")


async def in_the_middle_of_three(storm: Storm) -> None:
    """It dies while LINE is slow for one person, LINE's answer for another is lost, and the bot works for a third."""
    kinds = {"slow": Fault(operation="reply", kind="slow", seconds=6.0), "lost": Fault(operation="reply", kind="lost")}
    storm.platform.faults += kinds.values()
    first, second, third = storm.with_questions(3)
    storm.speak(first)
    storm.speak(second)
    await until(lambda: {one["fault"] for one in storm.platform.calls if one["status"] is None} >= kinds.keys())
    async with storm.frozen("bot"):
        storm.speak(third)
        await _bot_has_one(storm)
        await storm.kill("gateway")


async def around_the_calls(storm: Storm) -> None:
    """It dies with LINE's 200 for one person not written down, and with an answer to another for which no call is made."""
    first, second = storm.with_questions(2)
    storm.platform.faults.append(Fault(operation="reply", kind="slow", seconds=1.0))
    storm.speak(first)
    await until(lambda: any(one["fault"] == "slow" and one["status"] is None for one in storm.platform.calls))
    async with locked(storm, "deliveries"):
        storm.speak(second)
        await _waits_at(storm, "deliveries", "-- sent:")
        await _waits_at(storm, "deliveries", "FROM deliveries")
        await storm.kill("gateway")


async def at_any_moment(storm: Storm) -> None:
    """Whoever, whenever."""
    await asyncio.sleep(random.uniform(0, 4))
    await storm.kill(random.choice(("gateway", "gateway", "bot", "postgres")))


#: every step of a message's life, in its order
STEPS: tuple[Step, ...] = (
    before_the_acknowledgement,
    before_the_inbox,
    while_the_bot_works,
    before_the_outcome,
    before_the_calls_are_made,
    while_line_is_slow,
    while_lines_answer_is_lost,
    before_the_call_is_recorded,
    the_database_while_the_bot_works,
    the_bot_while_it_works,
)
#: the same with fewer kills
SHORT: tuple[Step, ...] = (
    before_the_acknowledgement,
    before_the_inbox,
    in_the_middle_of_three,
    before_the_outcome,
    around_the_calls,
    the_database_while_the_bot_works,
    the_bot_while_it_works,
)
