# SPDX-License-Identifier: Apache-2.0
"""Waiting for a word: it comes, it does not come, or whoever waits is stopped at that very moment."""

from __future__ import annotations

import asyncio
import time

import pytest

from channels.gateway.hub import Hub, woken
from tests.channels.gateway.stack import Stack

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_stop_that_comes_with_the_wake_up_is_not_lost() -> None:
    """`asyncio.wait_for` of Python 3.11 returns as if nothing had happened, and a browser's request never ends."""
    hub = Hub()
    event = hub.waiter(7)
    waiting = asyncio.create_task(woken(event, 30.0))
    await asyncio.sleep(0)
    hub.wake(7)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_word_is_heard_and_silence_ends() -> None:
    """True at once, also when the word came before; False after the time."""
    event = asyncio.Event()
    began = time.monotonic()
    assert not await woken(event, 0.05)
    assert time.monotonic() - began < 1.0
    event.set()
    assert await woken(event, 0.0001)
    assert await woken(event, 30.0)


async def test_a_long_poll_hears_and_ends(stack: Stack) -> None:
    """Through the door: what is said during the wait comes at once, and a wait for nothing ends in time."""
    citizen = await stack.citizen()
    began = time.monotonic()
    assert await citizen.events(wait=0.3) == []
    assert 0.2 < time.monotonic() - began < 3.0
    waiting = asyncio.create_task(citizen.events(wait=10))
    await asyncio.sleep(0.1)
    await citizen.send("ระหว่างรอ")
    assert await asyncio.wait_for(waiting, 3.0)
