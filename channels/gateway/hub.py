# SPDX-License-Identifier: Apache-2.0
"""Wakes whoever waits: long-polls of a conversation, and the turn worker."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, defaultdict

#: conversations whose newest number is remembered
_REMEMBERED = 50_000
#: seconds; no statement of ours is under way longer
_FOREIGN_SECONDS = 10.0


class Hub:
    """Waiters by conversation. A wake-up says "look again", never what there is to see."""

    def __init__(self) -> None:
        self._waiting: dict[int, set[asyncio.Event]] = defaultdict(set)
        #: newest number of conversations that this process wrote to last; it saves the look that finds nothing
        self._newest: OrderedDict[int, int] = OrderedDict()
        #: conversations that another process wrote to, and when (monotonic seconds): nothing is remembered of them
        self._foreign: OrderedDict[int, float] = OrderedDict()
        #: set when there may be work for the turn worker
        self.work = asyncio.Event()

    def arrived(self, conversation_id: int, seq: int) -> None:
        """This process stored an event of a citizen: there is work."""
        self._remember(conversation_id, seq)
        self.work.set()

    def said(self, conversation_id: int, seq: int) -> None:
        """This process stored an answer: whoever waits for it looks."""
        self._remember(conversation_id, seq)
        self.wake(conversation_id)

    def nothing_after(self, conversation_id: int, seq: int) -> bool:
        """Whether there is surely nothing above `seq`; False when this process does not know."""
        newest = self._newest.get(conversation_id)
        return newest is not None and newest <= seq

    def _remember(self, conversation_id: int, seq: int) -> None:
        if time.monotonic() - self._foreign.get(conversation_id, -_FOREIGN_SECONDS) < _FOREIGN_SECONDS:
            return  # its number may be above ours although we heard of it first
        self._newest[conversation_id] = max(seq, self._newest.get(conversation_id, 0))
        self._newest.move_to_end(conversation_id)
        if len(self._newest) > _REMEMBERED:
            self._newest.popitem(last=False)

    def forget(self, conversation_id: int | None) -> None:
        """Another process wrote to this conversation, or, with None, to any: what is remembered may be old."""
        if conversation_id is None:
            self._newest.clear()
        else:
            self._newest.pop(conversation_id, None)
            self._foreign[conversation_id] = time.monotonic()
            self._foreign.move_to_end(conversation_id)
            if len(self._foreign) > _REMEMBERED:
                self._foreign.popitem(last=False)

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
    """What a database notification of another process means for this one."""
    conversation_id = int(payload) if payload.isdigit() else None
    hub.forget(conversation_id)
    if channel == "inbox":
        hub.work.set()
    elif conversation_id is not None:
        hub.wake(conversation_id)
    else:
        hub.wake_all()
