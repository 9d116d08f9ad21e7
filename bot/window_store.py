# SPDX-License-Identifier: Apache-2.0
"""Rasa's tracker store as one row a conversation that holds the window of its last turns.

Rasa's own stores keep every event and replay them all in each turn, so a conversation gets slower as it grows. Here a
turn costs one SELECT and one write of the same size at turn 5 and at turn 150. The whole history is the gateway's.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.database import Connections
from bot.failures import StoreConflict, StoreFailed
from bot.forget_turn import without_words

#: Turns kept. At least the largest `max_history` of a policy, and always cut to the same length: with slack the cost
#: of a turn swings.
WINDOW_TURNS = 4

_READ = "SELECT body, updated_at FROM trackers WHERE conversation = %s"
_INSERT = (
    "INSERT INTO trackers (conversation, body, updated_at) VALUES (%s, %s, clock_timestamp()) "
    "ON CONFLICT (conversation) DO NOTHING RETURNING updated_at"
)
# The comparison makes a second writer (another bot process) an error instead of a lost turn.
_UPDATE = (
    "UPDATE trackers SET body = %s, updated_at = clock_timestamp() "
    "WHERE conversation = %s AND updated_at = %s RETURNING updated_at"
)
_ERASE = "DELETE FROM trackers WHERE conversation = %s"
_CHECK = "SELECT conversation, body, updated_at FROM trackers LIMIT 0"

#: of a message's reading; the tokens are only read while it is understood
_SAID_TWICE = ("text", "message_id", "metadata", "text_tokens")

_BY_NAME: dict[str, type[Event]] = {}


class WindowTrackerStore(TrackerStore):
    """`tracker_store` of endpoints.yml: `type: bot.window_store.WindowTrackerStore`, `url: ${DATABASE_URL}`.

    Every failure of the database is a StoreFailed: there is no fall-back in memory, which would forget the citizen's
    words at the next restart without anybody noticing.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        # Rasa calls this with `host=`, and replaces the store by its in-memory one, silently, when an AttributeError
        # or ImportError leaves this constructor. So it does nothing that could raise one.
        super().__init__(domain, event_broker)
        self._url = host or ""
        self._connections: Connections | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def check(self) -> None:
        """Make sure that the table is there and readable. Raises StoreFailed."""
        await self._run(_CHECK, ())

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's tracker with its window of turns, or None. Raises StoreFailed."""
        row = await self._run(_READ, (sender_id,), again=True)
        if row is None:
            return None
        try:
            tracker = tracker_of(sender_id, row[0]["events"], self.domain.slots)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StoreFailed("the row has another form") from error
        _stamp(tracker, row[1])
        return tracker

    async def get_or_create_tracker(
        self, sender_id: str, max_event_history: int | None = None, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """The conversation's tracker, or a new one that is not written yet (Rasa's own would write it at once)."""
        tracker = await self.retrieve(sender_id)
        if tracker is None:
            tracker = DialogueStateTracker(sender_id, self.domain.slots)
            if append_action_listen:
                tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the window. Raises StoreConflict when the row changed since the tracker was read, and StoreFailed."""
        body = Jsonb(
            {"events": [event_to_json(event) for event in window(list(tracker.events), self.domain.slots)]},
            dumps=_dumps,
        )
        read_at: datetime | None = getattr(tracker, "window_stamp", None)
        if read_at is None:
            row = await self._run(_INSERT, (tracker.sender_id, body))
        else:
            row = await self._run(_UPDATE, (body, tracker.sender_id, read_at))
        if row is None:
            raise StoreConflict
        _stamp(tracker, row[0])

    async def erase(self, conversation: str) -> None:
        """Forget a conversation; one that is not there is forgotten already. Raises StoreFailed."""
        await self._run(_ERASE, (conversation,), again=True)

    async def erase_turn(self, conversation: str, turn_id: str) -> None:
        """Forget what was said in one turn. Raises StoreConflict when another process wrote meanwhile, and StoreFailed."""
        row = await self._run(_READ, (conversation,), again=True)
        if row is None:
            return
        body = Jsonb({**row[0], "events": without_words(row[0]["events"], turn_id)}, dumps=_dumps)
        if await self._run(_UPDATE, (body, conversation, row[1])) is None:
            raise StoreConflict

    async def keys(self) -> Iterable[str]:
        """Nothing here may list conversations."""
        return ()

    async def close(self) -> None:
        """Close the kept connections."""
        if self._connections is not None:
            await self._connections.drop_free()

    async def _run(self, statement: str, values: Sequence[Any], again: bool = False) -> tuple[Any, ...] | None:
        """First row of a statement. `again`: the statement may run twice, so a dead connection is tried once more,
        since all kept ones die together when the database restarts."""
        try:
            return await self._once(statement, values)
        except psycopg.OperationalError as error:
            if not again or isinstance(error, psycopg.errors.QueryCanceled):
                raise StoreFailed(type(error).__name__) from None
        except (psycopg.Error, OSError) as error:
            raise StoreFailed(type(error).__name__) from None
        try:
            await self._of_loop().drop_free()
            return await self._once(statement, values)
        except (psycopg.Error, OSError) as error:
            raise StoreFailed(type(error).__name__) from None

    async def _once(self, statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        async with self._of_loop().one() as connection:
            cursor = await connection.execute(statement, values)
            if cursor.description is None:
                return None
            return await cursor.fetchone()

    def _of_loop(self) -> Connections:
        loop = asyncio.get_running_loop()
        if self._connections is None or self._loop is not loop:
            self._connections, self._loop = Connections(self._url), loop
        return self._connections


def window(events: Sequence[Event], slots: Iterable[Slot], turns: int = WINDOW_TURNS) -> list[Event]:
    """The events of the last `turns` turns, preceded by the state that the earlier ones had led to."""
    starts = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= turns:
        return list(events)
    cut = starts[-turns]
    before = DialogueStateTracker("", slots)
    for event in events[:cut]:
        before.update(event)
    initial = {slot.name: slot.initial_value for slot in before.slots.values()}
    prefix: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    prefix += [SlotSet(name, value) for name, value in before.current_slot_values().items() if value != initial[name]]
    if before.active_loop_name:
        prefix.append(ActiveLoop(before.active_loop_name))
    prefix.append(ActionExecuted(ACTION_LISTEN_NAME))
    for event in prefix:
        event.timestamp = events[cut].timestamp
    return [*prefix, *events[cut:]]


def tracker_of(sender_id: str, stored: Sequence[dict[str, Any]], slots: Iterable[Slot]) -> DialogueStateTracker:
    """A tracker from stored events."""
    tracker = DialogueStateTracker(sender_id, slots)
    tracker.events.extend(event_from_json(data) for data in stored)
    tracker.replay_events()
    return tracker


def event_to_json(event: Event) -> dict[str, Any]:
    """An event as it is stored: Rasa's form without what it holds twice."""
    data = event.as_dict()
    if isinstance(event, UserUttered):
        parse = event.parse_data
        data["parse_data"] = {key: parse[key] for key in parse if key not in _SAID_TWICE}
    elif isinstance(event, ActionExecuted):
        # Nothing but its name says something of most actions.
        data = {key: value for key, value in data.items() if value or key == "confidence"}
        if data.get("confidence") is None:
            data.pop("confidence", None)
    elif isinstance(event, BotUttered):
        # The rest of the metadata are the arguments of the answer, which has been rendered already.
        data["metadata"] = {key: event.metadata[key] for key in ("utter_action",) if key in event.metadata}
        data["data"] = {key: value for key, value in event.data.items() if value}
    return data


def event_from_json(data: dict[str, Any]) -> Event:
    """The inverse of `event_to_json`. Raises StoreFailed on an event that this Rasa does not know."""
    if not _BY_NAME:
        # Rasa walks the class tree for every single event.
        _BY_NAME.update({cls.type_name: cls for cls in reversed(all_subclasses(Event))})
    kind = _BY_NAME.get(data.get("event", ""))
    event = kind._from_parameters(data) if kind else None
    if event is None:
        raise StoreFailed("unknown event")
    return event


def _stamp(tracker: DialogueStateTracker, updated_at: datetime) -> None:
    tracker.window_stamp = updated_at  # type: ignore[attr-defined]


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
