# SPDX-License-Identifier: Apache-2.0
"""Webhooks that schemathesis makes from LINE's own description, signed and posted to a real gateway.

Whatever comes: never an error of ours, and no good event is lost, neither a generated one nor its neighbours.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from sandbox.line.webhooks import sign
from store.migrate import migrate
from tests.channels.gateway.line_stack import LineStack, running_line
from tests.channels.gateway.stack import TOKEN, until
from tests.conftest import new_database
from tests.fakes.bot_server import running_bot
from tests.peers.line_generated import batches, documented_events, kinds, loose_events, wrong_bodies

pytestmark = [pytest.mark.contract_data, pytest.mark.asyncio(loop_scope="session")]

Json = dict[str, Any]
#: message types that LINE describes
_MESSAGES = ("text", "image", "video", "audio", "file", "location", "sticker")


@dataclass(slots=True)
class Door:
    """LINE's side of the webhook: signs and posts, and makes good events that must not get lost."""

    line: LineStack
    good: list[str] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def post(self, body: Any) -> int:
        """The status that a signed body gets; bytes go as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"X-Line-Signature": sign(self.line.platform.channel.secret, raw), "Content-Type": "application/json"}
        url = f"{self.line.gateway.url}/webhooks/line"
        async with self.line.gateway.http.post(url, data=raw, headers=headers) as answer:
            return answer.status

    async def deliver(self, events: Sequence[Any]) -> int:
        """The status of a delivery of these events to the right account."""
        return await self.post({"destination": self.line.platform.channel.user_id, "events": list(events)})

    async def deliver_all(self, deliveries: Sequence[Sequence[Any]]) -> list[int]:
        """The statuses of deliveries, eight at a time, each between two good events."""
        left = iter(deliveries)

        async def sender() -> list[int]:
            return [await self.deliver([self.neighbour(), *events, self.neighbour()]) for events in left]

        return [status for part in await asyncio.gather(*(sender() for _ in range(8))) for status in part]

    def neighbour(self) -> Json:
        """A good event of a person of its own, noted as such."""
        number = next(self._numbers)
        event_id = f"01NE{number:022d}"
        self.good.append(event_id)
        return {
            "type": "message",
            "mode": "active",
            "timestamp": self.line.platform.clock.now_ms(),
            "source": {"type": "user", "userId": f"U{number:032x}"},
            "webhookEventId": event_id,
            "deliveryContext": {"isRedelivery": False},
            "message": {"type": "text", "id": str(number), "text": "ขอบคุณค่ะ", "quoteToken": "q"},
        }

    async def states(self, event_ids: Sequence[str]) -> dict[str, str]:
        """State in the inbox of those events that are there."""
        async with self.line.gateway.gateway.engine.connect() as connection:
            found = await connection.execute(
                text("SELECT event_id, state FROM inbox WHERE event_id = ANY(:ids)"), {"ids": list(event_ids)}
            )
            return {row.event_id: row.state for row in found}

    async def all_answered(self) -> None:
        """Nothing waits any more, nothing of it broke our own code, and every good event had its turn."""

        async def idle() -> bool:
            async with self.line.gateway.gateway.engine.connect() as connection:
                waiting = text("SELECT count(*) FROM inbox WHERE state IN ('todo', 'doing')")
                return not await connection.scalar(waiting)

        await until(idle, within=30)
        async with self.line.gateway.gateway.engine.connect() as connection:
            dead = (await connection.execute(text("SELECT kind, reason FROM inbox WHERE state = 'dead'"))).all()
        assert dead == []
        assert self.good
        assert await self.states(self.good) == dict.fromkeys(self.good, "done")

    async def counted(self) -> set[str]:
        """Kinds of events that the gateway has counted, in its metrics."""
        _, figures = await self.line.gateway.ask("GET", "/metrics", token=None)
        lines = [one for one in str(figures).splitlines() if one.startswith('pracha_events_total{channel="line"')]
        return {one.split('kind="')[1].split('"')[0] for one in lines}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """A gateway that works, for these tests alone."""
    with new_database(database_server) as url:
        migrate(url)
        folder = Path(tmp_path_factory.mktemp("line"))
        async with running_bot(TOKEN) as bot, running_line(url, bot, folder, poll=0.5) as line:
            yield Door(line)


def _address(event: Json) -> str | None:
    """Whose event it is, as documented: of the group, of the room, else of the person; not all sources say."""
    source = event.get("source") or {}
    return source.get("groupId") or source.get("roomId") or source.get("userId")


async def test_l_in_14_every_event_that_line_describes_is_taken(door: Door) -> None:
    """All kinds of `webhook.yml`, the counted set; each event that is somebody's is in the inbox once acknowledged."""
    # LINE gives every event an id of its own; a generator's whole number may be 7.0, LINE's never is.
    told = [
        one | {"webhookEventId": f"{number:026d}", "timestamp": int(one["timestamp"])}
        for number, one in enumerate(documented_events(each=6))
    ]
    assert set(await door.deliver_all(batches(told, 6))) == {200}
    ours = [one["webhookEventId"] for one in told if _address(one)]
    assert set(await door.states(ours)) == set(ours)
    assert len(kinds()) == 19
    reached = await door.counted()
    assert {one.split("_")[0] for one in reached} == set(kinds())
    assert {f"message_{one}" for one in _MESSAGES} <= reached
    await door.all_answered()


async def test_l_in_08_whatever_the_description_allows_harms_no_neighbour(door: Door) -> None:
    """Any text as an id, any number as a time, properties of tomorrow: 200, and both neighbours are answered."""
    assert set(await door.deliver_all(batches(loose_events(each=4), 4))) == {200}
    await door.all_answered()


async def test_l_in_18_what_is_against_the_description_is_never_an_error_of_ours(door: Door) -> None:
    """4xx, or 200 with what is broken left out; good events between wrong ones are answered."""
    statuses: set[int] = set()
    for body in wrong_bodies(60):
        statuses.add(await door.post(body))
        if isinstance(body, dict) and isinstance(body.get("events"), list):
            assert await door.deliver([*body["events"], door.neighbour(), *body["events"]]) == 200
    assert statuses == {200, 400}
    await door.all_answered()


async def test_l_in_06_one_id_for_two_people_is_the_first_ones(door: Door) -> None:
    """LINE never does that; if it did, delivering it again would not help: 200, and the neighbours are answered."""
    first, second = door.neighbour(), door.neighbour()
    second["webhookEventId"] = first["webhookEventId"]
    door.good.pop()
    for _ in range(2):
        assert await door.deliver([first, second, door.neighbour()]) == 200
    await door.all_answered()
