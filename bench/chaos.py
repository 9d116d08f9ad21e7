# SPDX-License-Identifier: Apache-2.0
"""`python -m bench.chaos`: kills processes of a running stack at random while citizens write, and counts the answers.

Each message of a conversation asks for another province, whose name the answer repeats: so it can be seen from outside
that every message was answered once and in order.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sys
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bench.figures import as_json, show
from tests.e2e.citizen import words
from tests.e2e.stack import Stack, running_stack

VICTIMS = ("gateway", "bot", "actions", "postgres")
#: provinces whose names are no ordinary words and do not stand inside one another
PROVINCES = (
    "เชียงใหม่", "ขอนแก่น", "ภูเก็ต", "สงขลา", "ลำปาง", "ระยอง", "สระแก้ว", "บึงกาฬ", "มุกดาหาร", "ยะลา", "สตูล", "พะเยา",
    "ชลบุรี", "อุดรธานี", "สุโขทัย", "กระบี่", "ลพบุรี", "นครพนม", "พัทลุง", "ชัยภูมิ",
)  # fmt: skip
#: seconds for the last answers to arrive after the last kill
_PATIENCE = 120.0


@dataclass(slots=True)
class Outcome:
    """What became of a run."""

    messages: int = 0
    answered_once_in_order: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


async def _call(session: aiohttp.ClientSession, method: str, url: str, **more: Any) -> Any:
    """A call that is repeated until it succeeds, as the widget does: the client's id makes that harmless."""
    while True:
        with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            async with session.request(method, url, timeout=aiohttp.ClientTimeout(total=10), **more) as response:
                if response.status < 300:
                    return await response.json()
        await asyncio.sleep(0.2)


async def _citizen(stack: Stack, session: aiohttp.ClientSession, asked: list[str], pause: float) -> list[str]:
    """Sends the questions without waiting for answers; returns the provinces of the answers in their order."""
    opened = await _call(session, "POST", f"{stack.url}/chat/sessions", json={})
    headers = {"Authorization": f"Bearer {opened['token']}"}
    for place in asked:
        body = {"id": str(uuid.uuid4()), "text": f"ฝุ่นที่{place}วันนี้"}
        await _call(session, "POST", f"{stack.url}/chat/messages", json=body, headers=headers)
        await asyncio.sleep(random.uniform(0, 2 * pause))
    answers: list[str] = []
    after = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while len(answers) < len(asked):
                data = await _call(session, "GET", f"{stack.url}/chat/events?after={after}&wait=5", headers=headers)
                for event in data["events"]:
                    after = event["seq"]
                    if event["from"] == "bot":
                        answers.append(_place(words(event["blocks"])))
    # Whatever was answered twice comes right behind.
    data = await _call(session, "GET", f"{stack.url}/chat/events?after={after}&wait=1", headers=headers)
    return answers + [_place(words(event["blocks"])) for event in data["events"] if event["from"] == "bot"]


def _place(said: str) -> str:
    return next((place for place in PROVINCES if place in said), f"? {said[:60]}")


async def _kill(stack: Stack, outcome: Outcome, every: float, stop: asyncio.Event) -> None:
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), random.uniform(0.5 * every, 1.5 * every))
            return
        victim = random.choice(VICTIMS)
        with contextlib.suppress(LookupError, ProcessLookupError, OSError):
            os.kill(await asyncio.to_thread(stack.pid_of, victim), signal.SIGKILL)
            outcome.kills[victim] += 1


async def run(stack: Stack, *, conversations: int, each: int, every: float, pause: float) -> Outcome:
    """Runs one storm: `conversations` × `each` messages, a kill about every `every` seconds."""
    outcome, stop = Outcome(), asyncio.Event()
    async with aiohttp.ClientSession() as session:
        killer = asyncio.create_task(_kill(stack, outcome, every, stop))
        questions = [random.sample(PROVINCES, each) for _ in range(conversations)]
        talks = [asyncio.create_task(_citizen(stack, session, asked, pause)) for asked in questions]
        await asyncio.sleep(each * pause + every)
        stop.set()
        await killer
        for asked, answers in zip(questions, await asyncio.gather(*talks), strict=True):
            outcome.messages += len(asked)
            if answers == asked:
                outcome.answered_once_in_order += len(asked)
            else:
                outcome.wrong.append(f"asked {asked}, answered {answers}")
    return outcome


def main(arguments: list[str] | None = None) -> int:
    """0 when every message was answered once and in order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=20)
    parser.add_argument("--each", type=int, default=15)
    parser.add_argument("--every", type=float, default=4.0, help="seconds between kills, on average")
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between a citizen's messages, on average")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    given = parser.parse_args(arguments)
    random.seed(given.seed)
    with running_stack() as stack:
        outcome = asyncio.run(
            run(stack, conversations=given.conversations, each=given.each, every=given.every, pause=given.pause)
        )
    row = {
        "messages": outcome.messages,
        "answered once, in order": outcome.answered_once_in_order,
        **{f"kills of {name}": outcome.kills[name] for name in VICTIMS},
        "seed": given.seed,
    }
    show("kill -9 during conversations", [row])
    for line in outcome.wrong:
        print(line)
    print(as_json(row))
    return 0 if outcome.answered_once_in_order == outcome.messages else 1


if __name__ == "__main__":
    sys.exit(main())
