# SPDX-License-Identifier: Apache-2.0
"""Load clients: parallel citizens of our gateway, and the same against Rasa's own REST channel."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from bench.figures import Load, load_of

Turn = Callable[[str], Awaitable[None]]


@dataclass(slots=True)
class Measured:
    """Latencies in seconds, and how many turns failed."""

    latencies: list[float] = field(default_factory=list)
    failed: int = 0


class GatewayCitizen:
    """One conversation of the gateway: sends, and waits for the answer by long-poll, as a browser does."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url
        self._headers: dict[str, str] = {}
        self._after = 0

    async def open(self) -> None:
        async with self._session.post(f"{self._url}/chat/sessions", json={}) as response:
            self._headers = {"Authorization": f"Bearer {(await response.json())['token']}"}

    async def turn(self, text: str) -> None:
        body = {"id": str(uuid.uuid4()), "text": text}
        async with self._session.post(f"{self._url}/chat/messages", json=body, headers=self._headers) as response:
            response.raise_for_status()
            sent = (await response.json())["seq"]
        # Nothing of interest lies before the answer: its number is above that of the message.
        self._after = max(self._after, sent)
        while True:
            url = f"{self._url}/chat/events?after={self._after}&wait=25"
            async with self._session.get(url, headers=self._headers) as response:
                response.raise_for_status()
                events = (await response.json())["events"]
            if events:
                self._after = events[-1]["seq"]
            if any(event["from"] == "bot" and event["seq"] > sent for event in events):
                return
            if any(event["from"] == "system" for event in events):
                raise RuntimeError("an apology instead of an answer")


class RestCitizen:
    """One conversation of Rasa's own REST channel."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url
        self._sender = str(uuid.uuid4())

    async def open(self) -> None:
        return None

    async def turn(self, text: str) -> None:
        body = {"sender": self._sender, "message": text}
        async with self._session.post(f"{self._url}/webhooks/rest/webhook", json=body) as response:
            response.raise_for_status()
            # The REST channel answers 200 with nothing when a turn failed.
            if not await response.json():
                raise RuntimeError("no answer")


Citizen = GatewayCitizen | RestCitizen


async def drive(
    name: str, make: Callable[[aiohttp.ClientSession], Citizen], text: str, parallel: int, turns: int
) -> Load:
    """`turns` turns by `parallel` citizens, each of whom waits for the answer before the next message.

    Every citizen starts a new conversation after eight messages, so that all are of the same, short length.
    """
    measured = Measured()
    left = iter(range(turns))
    connector = aiohttp.TCPConnector(limit=parallel * 2)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60)) as session:

        async def citizen() -> None:
            one, said = make(session), 8
            for _ in left:
                if said == 8:
                    one, said = make(session), 0
                    await one.open()
                said += 1
                began = time.perf_counter()
                try:
                    await one.turn(text)
                except (aiohttp.ClientError, RuntimeError, TimeoutError):
                    measured.failed += 1
                else:
                    measured.latencies.append(time.perf_counter() - began)

        began = time.perf_counter()
        await asyncio.gather(*(citizen() for _ in range(parallel)))
        return load_of(name, parallel, time.perf_counter() - began, measured.latencies, measured.failed)


async def lengths(
    make: Callable[[aiohttp.ClientSession], Citizen], text: str, conversations: int, at: tuple[int, ...]
) -> dict[int, list[float]]:
    """Milliseconds of the turns around each number in `at` (the number itself and the two beside it, their median)."""
    found: dict[int, list[float]] = {number: [] for number in at}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        for _ in range(conversations):
            one = make(session)
            await one.open()
            took: list[float] = []
            for _ in range(max(at) + 1):
                began = time.perf_counter()
                await one.turn(text)
                took.append((time.perf_counter() - began) * 1000)
            for number in at:
                found[number].append(sorted(took[number - 2 : number + 1])[1])
    return found
