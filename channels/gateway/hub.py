# SPDX-License-Identifier: Apache-2.0
"""Wakes whoever waits: long-polls of a conversation, and the turn worker."""

from __future__ import annotations

import asyncio
from collections import defaultdict


class Hub:
    """Waiters by conversation. A wake-up says "look again", never what there is to see."""

    def __init__(self) -> None:
        self._waiting: dict[int, set[asyncio.Event]] = defaultdict(set)
        #: set when there may be work for the turn worker
        self.work = asyncio.Event()

    def waiter(self, conversation_id: int) -> asyncio.Event:
        """An event that is set when the conversation may have something new. Give it back with `leave`."""
        event = asyncio.Event()
        self._waiting[conversation_id].add(event)
        return event

    def leave(self, conversation_id: int, event: asyncio.Event) -> None:
        waiting = self._waiting.get(conversation_id)
        if waiting is not None:
            waiting.discard(event)
            if not waiting:
                del self._waiting[conversation_id]

    def wake(self, conversation_id: int) -> None:
        for event in self._waiting.get(conversation_id, ()):
            event.set()

    def wake_all(self) -> None:
        for conversation_id in list(self._waiting):
            self.wake(conversation_id)

    @property
    def waiters(self) -> int:
        return sum(len(events) for events in self._waiting.values())


def hear(hub: Hub, channel: str, payload: str) -> None:
    """What a database notification means for this process."""
    if channel == "inbox":
        hub.work.set()
    elif payload.isdigit():
        hub.wake(int(payload))
    else:
        hub.wake_all()
