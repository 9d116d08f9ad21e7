# SPDX-License-Identifier: Apache-2.0
"""Wakes whoever waits: long-polls of a conversation, and the turn worker."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from store.outbox import Line

#: conversations of which something is remembered, and lines of each
_REMEMBERED = 5_000
_LINES = 6
#: seconds for which it is remembered: long enough for a turn, too short to outlive an erasure by another process
_FRESH_SECONDS = 10.0
#: seconds; no statement of ours is under way longer
_FOREIGN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Newest:
    """The conversation has no lines above `after` but these, in order; `at`: monotonic seconds."""

    after: int
    lines: tuple[Line, ...]
    at: float

    @property
    def last(self) -> int:
        return self.lines[-1].seq if self.lines else self.after


async def woken(event: asyncio.Event, seconds: float) -> bool:
    """Waits for an event; False when it did not come in time. A cancellation is never lost.

    `asyncio.wait_for` of Python 3.11 loses one that comes together with the event: who waits then never stops.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


class Hub:
    """Waiters by conversation. A wake-up says "look again", never what there is to see."""

    def __init__(self) -> None:
        self._waiting: dict[int, set[asyncio.Event]] = defaultdict(set)
        #: the newest lines of conversations that this process wrote to last; it saves a look into the database
        self._newest: OrderedDict[int, _Newest] = OrderedDict()
        #: conversations that another process wrote to, and when (monotonic seconds): nothing is remembered of them
        self._foreign: OrderedDict[int, float] = OrderedDict()
        #: set when there may be work for the turn worker, and for the delivery worker
        self.work = asyncio.Event()
        self.deliver = asyncio.Event()
        #: conversations of which other processes are to be told, by the channel of the notification
        self._untold: dict[str, set[int]] = {"inbox": set(), "outbox": set()}
        self.untold = asyncio.Event()

    def arrived(self, conversation_id: int, line: Line) -> None:
        """This process stored an event of a citizen. Whoever waits for the answer gets both together."""
        self._remember(conversation_id, line.seq, (line,))

    def waits(self, conversation_id: int) -> None:
        """An event of this conversation is there for whoever has room."""
        self.work.set()
        self._to_tell("inbox", conversation_id)

    def _to_tell(self, channel: str, conversation_id: int) -> None:
        self._untold[channel].add(conversation_id)
        self.untold.set()

    def take_untold(self) -> list[tuple[str, set[int]]]:
        """What other processes are to be told, and from now on not any more."""
        self.untold.clear()
        taken = [(channel, ids) for channel, ids in self._untold.items() if ids]
        self._untold = {channel: set() for channel in self._untold}
        return taken

    def said(self, conversation_id: int, last_seq: int, lines: Sequence[Line] = (), *, pulled: bool = False) -> None:
        """This process stored answers: `lines`, when they are at hand, end with number `last_seq`.

        pulled: the channel fetches them, so there is nothing for the delivery worker.
        """
        self._remember(conversation_id, last_seq, lines)
        self.wake(conversation_id)
        if not pulled:
            self.deliver.set()
        self._to_tell("outbox", conversation_id)

    def lines_after(self, conversation_id: int, seq: int) -> Sequence[Line] | None:
        """All lines above `seq`, still sealed; None when this process does not know, and for a whole conversation,
        which is what a browser asks for that has lost its own."""
        known = self._newest.get(conversation_id)
        if known is None or seq < max(known.after, 1) or time.monotonic() - known.at > _FRESH_SECONDS:
            return None
        return [line for line in known.lines if line.seq > seq]

    def _remember(self, conversation_id: int, last_seq: int, lines: Sequence[Line]) -> None:
        now = time.monotonic()
        if now - self._foreign.get(conversation_id, -_FOREIGN_SECONDS) < _FOREIGN_SECONDS:
            return  # its number may be above ours although we heard of it first
        known = self._newest.get(conversation_id)
        first = last_seq - len(lines) + 1
        if known is not None and last_seq <= known.last:
            return  # reported late: a gap was made for it
        if known is not None and known.last == first - 1:
            after, kept = known.after, (*known.lines, *lines)
        else:
            after, kept = first - 1, tuple(lines)
        if len(kept) > _LINES:
            after, kept = kept[-_LINES - 1].seq, kept[-_LINES:]
        self._newest[conversation_id] = _Newest(after, kept, now)
        self._newest.move_to_end(conversation_id)
        if len(self._newest) > _REMEMBERED:
            self._newest.popitem(last=False)

    def forget_lines(self, conversation_id: int) -> None:
        """What is remembered may be old."""
        self._newest.pop(conversation_id, None)

    def forget(self, conversation_id: int | None) -> None:
        """Another process wrote to this conversation, or, with None, to any: nothing remembered counts."""
        if conversation_id is None:
            self._newest.clear()
        else:
            self.forget_lines(conversation_id)
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
        return
    hub.deliver.set()
    if conversation_id is not None:
        hub.wake(conversation_id)
    else:
        hub.wake_all()
