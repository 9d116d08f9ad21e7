# SPDX-License-Identifier: Apache-2.0
"""The month's pushes: counted, asked for once an hour, and once a minute while there is too little left."""

from __future__ import annotations

from channels.line.client import Quota
from channels.line.quota import QuotaMeter
from core.errors import Unavailable


class Platform:
    """LINE's end of the question, and the clock."""

    def __init__(self, limit: int | None, used: int) -> None:
        self.now, self.limit, self.used, self.asked, self.away = 1000.0, limit, used, 0, False

    async def quota(self) -> Quota:
        self.asked += 1
        if self.away:
            raise Unavailable("away")
        return Quota(self.limit, self.used)

    def meter(self, reserve: int = 0) -> QuotaMeter:
        return QuotaMeter(self, reserve, clock=lambda: self.now)


async def test_what_is_left_is_asked_once_an_hour() -> None:
    """Between two questions our own pushes are counted."""
    line = Platform(100, 90)
    meter = line.meter()
    assert [await meter.may_push(urgent=False) for _ in range(3)] == [True] * 3
    line.now += 3_500
    assert (await meter.may_push(urgent=False), meter.left, line.asked) == (True, 6, 1)
    line.now += 200
    assert (await meter.may_push(urgent=False), meter.left, line.asked) == (True, 9, 2)


async def test_l_out_08_a_larger_plan_is_seen_within_a_minute() -> None:
    """Spent: nothing is tried, LINE is asked once a minute at most, and then it goes on."""
    line = Platform(100, 50)
    meter = line.meter()
    assert await meter.may_push(urgent=False)
    line.used = 100
    meter.spent()
    for _ in range(5):
        assert not await meter.may_push(urgent=True)
    assert line.asked == 1
    line.now += 61
    assert [await meter.may_push(urgent=True) for _ in range(3)] == [False] * 3
    assert line.asked == 2
    line.limit = 15_000
    line.now += 61
    assert await meter.may_push(urgent=False)
    assert line.asked == 3


async def test_the_reserve_is_asked_about_as_often() -> None:
    """Too little left for what can wait: a larger plan is seen as soon."""
    line = Platform(100, 99)
    meter = line.meter(reserve=5)
    assert not await meter.may_push(urgent=False)
    line.limit = 200
    assert not await meter.may_push(urgent=False)
    line.now += 61
    assert (await meter.may_push(urgent=False), line.asked) == (True, 2)


async def test_spent_stays_spent_while_line_does_not_say() -> None:
    """A question that fails frees nothing."""
    line = Platform(None, 0)
    meter = line.meter()
    assert await meter.may_push(urgent=False)
    meter.spent()
    line.away = True
    line.now += 61
    assert not await meter.may_push(urgent=True)
    line.now += 7_200
    assert not await meter.may_push(urgent=True)
    line.away = False
    line.now += 61
    assert await meter.may_push(urgent=True)
