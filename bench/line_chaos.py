# SPDX-License-Identifier: Apache-2.0
"""`python -m bench.line_chaos`: kills processes of a running stack while people write on LINE, and looks at their phones.

The LINE platform is the sandbox's, run in this process, so that it survives and can be asked what really happened; the
gateway, the bot and PostgreSQL are processes of their own. The kills come at the steps of a message's life
(`bench.line_chaos_steps`) and, in this long form, at random moments too.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from app.settings import load_settings
from bench.figures import as_json, show
from bench.line_chaos_steps import STEPS, Step, at_any_moment
from bench.line_chaos_storm import Storm, until
from bench.line_chaos_verdict import Verdict, verdict_on
from sandbox.line.clock import PlatformClock
from sandbox.line.settings import WebhookSettings
from sandbox.line.state import Platform, new_platform
from sandbox.server import create_app
from store.engine import plain_url
from tests.e2e.stack import Stack, running_stack

#: seconds for the last answers after the last kill
_LAST_ANSWERS = 150.0
#: a step asks as many itself at most
_QUESTIONS_OF_A_STEP = 3


async def _talk(storm: Storm, pause: float) -> None:
    """Somebody asks something every now and then, until nobody has a question left."""
    while storm.open_questions:
        if storm.open_questions > storm.kept:
            storm.speak()
        await asyncio.sleep(random.uniform(0, 2 * pause))


async def run(
    stack: Stack, platform: Platform, steps: Sequence[Step], *, users: int, each: int, pause: float
) -> tuple[Storm, Verdict]:
    """One storm of `users` × `each` questions, one about every `pause` seconds, through all steps in their order."""
    database_url = plain_url(load_settings("demo", environ=dict(stack.environment)).database_url)
    storm = Storm(stack, platform, database_url)
    for _ in range(users):
        storm.newcomer(each)
    storm.kept = len(steps) * _QUESTIONS_OF_A_STEP
    talk = asyncio.create_task(_talk(storm, pause))
    try:
        for step in steps:
            await storm.ready()
            await step(storm)
            storm.kept -= _QUESTIONS_OF_A_STEP
        await talk
    finally:
        talk.cancel()
    with contextlib.suppress(TimeoutError):
        await until(lambda: not verdict_on(platform, storm.asked).missing, _LAST_ANSWERS)
    # Whatever is said twice comes right behind.
    await asyncio.sleep(2.0)
    return storm, verdict_on(platform, storm.asked)


@contextlib.asynccontextmanager
async def line_and_stack() -> AsyncIterator[tuple[Platform, Stack]]:
    """A LINE platform in this process, which delivers again every second, and a stack that is connected to it."""
    platform = new_platform(PlatformClock(), webhook=WebhookSettings(schedule=(1.0,) * 240))
    # The judge needs all of them, however often LINE had to deliver.
    platform.calls, platform.deliveries = deque(), deque()
    runner = web.AppRunner(create_app(line=platform), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    running = running_stack(PRACHA_LINE_API_BASE=f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        stack = await asyncio.to_thread(running.__enter__)
        try:
            platform.webhook.url = f"{stack.url}/webhooks/line"
            yield platform, stack
        finally:
            await asyncio.to_thread(running.__exit__, None, None, None)
    finally:
        await runner.cleanup()


async def _long(users: int, each: int, pause: float, rounds: int) -> tuple[Storm, Verdict]:
    # As many kills at random moments as at each step.
    moments = [*STEPS, *[at_any_moment] * len(STEPS)]
    steps = [step for _ in range(rounds) for step in random.sample(moments, len(moments))]
    async with line_and_stack() as (platform, stack):
        return await run(stack, platform, steps, users=users, each=each, pause=pause)


def main(arguments: list[str] | None = None) -> int:
    """0 when every message was answered once, in order, and by reply wherever that was possible."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--each", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=2, help="times that every step is killed at")
    parser.add_argument("--pause", type=float, default=0.8, help="seconds between two messages, on average")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    given = parser.parse_args(arguments)
    random.seed(given.seed)
    storm, verdict = asyncio.run(_long(given.users, given.each, given.pause, given.rounds))
    row = {
        "messages": verdict.messages,
        "missing": len(verdict.missing),
        "seen twice": len(verdict.seen_twice),
        "seen twice, in doubt": len(verdict.doubtful),
        "out of order": len(verdict.out_of_order),
        "late": verdict.late,
        "replies": verdict.replies,
        "pushes": verdict.pushes,
        "needless pushes": len(verdict.needless_pushes),
        "redeliveries": verdict.redeliveries,
        **{f"kills of {name}": count for name, count in sorted(storm.kills.items())},
        "seed": given.seed,
    }
    show("kill -9 while people write on LINE", [row])
    for line in verdict.wrong:
        print(line)
    print(as_json(row))
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
