# SPDX-License-Identifier: Apache-2.0
"""The short form of `make chaos`."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.chaos import run
from tests.e2e.stack import running_stack


@pytest.mark.timeout(400)
def test_every_message_is_answered_once_and_in_order_while_processes_are_killed() -> None:
    """kill -9 of gateway, bot, actions and PostgreSQL loses nothing, doubles nothing and reorders nothing."""
    with running_stack() as stack:
        # In a thread of its own: the browser of the other stories has an event loop in this one.
        storm = run(stack, conversations=8, each=6, every=3.0, pause=3.0)
        with ThreadPoolExecutor(1) as thread:
            outcome = thread.submit(asyncio.run, storm).result()
    assert outcome.wrong == []
    assert sum(outcome.kills.values()) >= 3
