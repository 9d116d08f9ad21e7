# SPDX-License-Identifier: Apache-2.0
"""`pracha bot switch` on a running stack while citizens write: nobody notices."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest

from bench.chaos import PROVINCES
from tests.e2e.citizen import Citizen, words
from tests.e2e.stack import Stack, running_stack

_CITIZENS = 6
#: seconds between two messages of a citizen: below the limit of 30 a minute, and quicker than anybody types
_PAUSE = 2.1


@pytest.mark.timeout(400)
def test_a_switch_to_the_second_bot_and_back_is_not_noticed() -> None:
    """There and back: each message is answered once, in order, by the bot; the old one has ended.

    In between the live second bot is killed and comes back by itself, and a restarted gateway still uses it.
    """
    with running_stack() as stack:
        first = psutil.Process(stack.pid_of("bot"))
        _while_citizens_write(stack, lambda: _switch(stack, to="bot2"))
        assert not first.is_running()
        assert _status(stack) == {"bot": ["spare", "stopped", "no"], "bot2": ["live", "running", "yes"]}

        for victim in ("bot2", "gateway"):
            killed = stack.pid_of(victim)
            os.kill(killed, signal.SIGKILL)
            _until(lambda gone=killed, name=victim: _pid(stack, name) not in (0, gone))  # type: ignore[misc]
            stack.wait_ready()
        assert "เชียงใหม่" in words(Citizen(stack.url).says("ฝุ่นที่เชียงใหม่วันนี้"))

        second = psutil.Process(stack.pid_of("bot2"))
        _while_citizens_write(stack, lambda: _switch(stack, to="bot"))
        assert not second.is_running()
        assert _status(stack) == {"bot": ["live", "running", "yes"], "bot2": ["spare", "stopped", "no"]}


def _switch(stack: Stack, to: str) -> None:
    done = stack.pracha("bot", "switch")
    assert done.returncode == 0, done.stderr
    assert f"{to} is live (port " in done.stdout


def _status(stack: Stack) -> dict[str, list[str]]:
    """By bot: live or spare, the supervisor's state, ready or not."""
    lines = stack.pracha("bot", "status").stdout.splitlines()
    rows = [line.split() for line in lines[1:]]
    return {name: [turns, state, ready] for name, turns, state, _, _, ready in rows}


def _while_citizens_write(stack: Stack, work: Callable[[], None]) -> None:
    """Does `work` while citizens write, who do not wait for answers; then checks the answers of each."""
    over = threading.Event()
    with ThreadPoolExecutor(_CITIZENS) as threads:
        talks = [threads.submit(_talk, stack, shift, over) for shift in range(_CITIZENS)]
        try:
            time.sleep(2 * _PAUSE)
            work()
            time.sleep(2 * _PAUSE)
        finally:
            over.set()
        for talk in talks:
            asked, events = talk.result()
            assert len(asked) >= 5
            assert [event["from"] for event in events] == ["bot"] * len(asked)
            assert [_place(event) for event in events] == asked


def _talk(stack: Stack, shift: int, over: threading.Event) -> tuple[list[str], list[dict[str, Any]]]:
    """The provinces that one citizen asked for, and all that it was told."""
    citizen, asked = Citizen(stack.url), []
    for place in itertools.islice(itertools.cycle(PROVINCES), shift, None):
        citizen.send(text=f"ฝุ่นที่{place}วันนี้")
        asked.append(place)
        if over.wait(_PAUSE):
            break
    told: list[dict[str, Any]] = []
    until = time.monotonic() + 30
    while len(told) < len(asked) and time.monotonic() < until:
        told += [event for event in citizen.events(2) if event["from"] != "citizen"]
    # Whatever was answered twice comes right behind.
    return asked, told + [event for event in citizen.events(1) if event["from"] != "citizen"]


def _place(event: dict[str, Any]) -> str:
    said = words(event["blocks"])
    return next((place for place in PROVINCES if place in said), f"? {said[:60]}")


def _pid(stack: Stack, name: str) -> int:
    try:
        return stack.pid_of(name)
    except LookupError:
        return 0


def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
