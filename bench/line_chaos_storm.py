# SPDX-License-Identifier: Apache-2.0
"""People on LINE with questions left, and the processes that are being killed while they ask them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from bench.chaos import PROVINCES
from bench.line_chaos_verdict import Question
from sandbox.line import people
from sandbox.line.state import Platform
from tests.e2e.stack import Stack

#: seconds for any one thing that must happen
PATIENCE = 60.0


@dataclass(slots=True)
class Storm:
    """People with questions left, and the stack that is being killed under them."""

    stack: Stack
    platform: Platform
    database_url: str
    #: provinces that each person still wants to ask about, by the person's id
    left: dict[str, deque[str]] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    #: questions that are kept for the steps still to come
    kept: int = 0

    @property
    def open_questions(self) -> int:
        return sum(len(places) for places in self.left.values())

    def newcomer(self, questions: int) -> str:
        """Somebody whom the bot does not know, with so many questions of their own."""
        user = people.new_user(self.platform, f"คนที่ {len(self.left)}", friend=True)
        self.left[user.id] = deque(random.sample(PROVINCES, questions))
        return user.id

    def with_questions(self, count: int) -> list[str]:
        """So many people, those who have most questions left."""
        mixed = random.sample(list(self.left), len(self.left))
        return sorted(mixed, key=lambda user: -len(self.left[user]))[:count]

    def speak(self, person: str | None = None) -> Question | None:
        """Somebody asks the next question, about another province each time; None when nothing is left to ask."""
        [chosen] = self.with_questions(1) if person is None else [person]
        if not self.left[chosen]:
            return None
        user = self.platform.users[chosen]
        place = self.left[user.id].popleft()
        before = set(self.platform.events)
        people.say(self.platform, user, {"type": "text", "text": f"ฝุ่นที่{place}วันนี้"})
        [event_id] = set(self.platform.events) - before
        question = Question(user.id, place, event_id, str(self.platform.events[event_id]["replyToken"]))
        self.asked.append(question)
        return question

    async def kill(self, victim: str) -> None:
        """kill -9; returns when another process has taken its place."""
        pid = await asyncio.to_thread(self.stack.pid_of, victim)
        os.kill(pid, signal.SIGKILL)
        self.kills[victim] += 1

        async with asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(LookupError, OSError):
                    if await asyncio.to_thread(self.stack.pid_of, victim) != pid:
                        return
                await asyncio.sleep(0.1)

    @contextlib.asynccontextmanager
    async def frozen(self, victim: str) -> AsyncIterator[None]:
        """A process that does nothing meanwhile; one that was killed in that time is left in peace."""
        pid = await asyncio.to_thread(self.stack.pid_of, victim)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    async def ready(self) -> None:
        """Returns once a message would be answered."""
        await asyncio.to_thread(self.stack.wait_ready, PATIENCE)


async def until(holds: Callable[[], bool], within: float = PATIENCE) -> None:
    """Returns when something holds; raises TimeoutError."""
    async with asyncio.timeout(within):
        while True:
            if holds():
                return
            await asyncio.sleep(0.02)
