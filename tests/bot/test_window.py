# SPDX-License-Identifier: Apache-2.0
"""The tracker's window: always the last four turns, with the state that the earlier ones had led to."""

from __future__ import annotations

import json

import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.window_store import WINDOW_TURNS, WindowTrackerStore, event_from_json, event_to_json, tracker_of, window
from tests.bot.conftest import PROJECT, ROOT, Bot

SLOTS = Domain.from_file(str(PROJECT / "domain.yml")).slots


def turn(number: int, *extra: Event) -> list[Event]:
    intent = {"name": "greet", "confidence": 1.0}
    return [
        UserUttered(f"text {number}", intent, [], {"decision": "answer"}, message_id=f"t{number}", metadata={"a": 1}),
        *extra,
        ActionExecuted("utter_greet"),
        BotUttered("said", {"custom": {"blocks": []}}, {"utter_action": "utter_greet", "place": "argument"}),
        ActionExecuted("action_listen"),
    ]


def start() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def state(events: list[Event]) -> tuple[dict[str, object], str | None, str | None]:
    stored = json.loads(json.dumps([event_to_json(event) for event in events]))
    tracker = tracker_of("c", stored, SLOTS)
    return tracker.current_slot_values(), tracker.active_loop_name, tracker.latest_action_name


def test_the_window_has_the_same_length_whatever_came_before() -> None:
    """From the fifth turn on as many events are kept at turn 6 as at turn 150."""
    events = start()
    sizes = []
    for number in range(150):
        events = window([*events, *turn(number)], SLOTS)
        sizes.append(len(events))
    assert len(set(sizes[5:])) == 1
    kept = [event.message_id for event in events if isinstance(event, UserUttered)]
    assert kept == [f"t{n}" for n in range(150 - WINDOW_TURNS, 150)]


def test_slots_and_form_outlive_the_turns_that_set_them() -> None:
    """Set slots, the open form and the asked slot stand at the window's beginning; emptied slots do not."""
    events = [
        *start(),
        *turn(
            0,
            SlotSet("report_place", {"text": "โคราช"}),
            ActiveLoop("report_form"),
            SlotSet("requested_slot", "report_photo"),
        ),
        *turn(1, SlotSet("report_photo", "m_1")),
        *turn(2, SlotSet("report_photo", None)),
    ]
    before = state(events)
    for number in range(3, 12):
        events = window([*events, *turn(number)], SLOTS)
    assert state(events) == before
    assert len([event for event in events if isinstance(event, SlotSet)]) == 2


def test_a_reverted_message_leaves_nothing_behind() -> None:
    """What Rasa's fallback took back is not brought back by the cut."""
    events = [*start(), *turn(0), *turn(1, SlotSet("report_photo", "m_1")), UserUtteranceReverted()]
    for number in range(2, 9):
        events = window([*events, *turn(number)], SLOTS)
    assert state(events)[0]["report_photo"] is None


def test_the_window_is_not_shorter_than_a_policy_looks_back() -> None:
    """Policies see at most what is kept."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    assert all(policy.get("max_history", 0) <= WINDOW_TURNS for policy in config["policies"])


def test_events_survive_storage_without_what_they_hold_twice() -> None:
    """A message keeps its reading and its words once; an utterance loses the arguments that were rendered."""
    user, *_, said, _ = turn(5)
    stored = event_to_json(user)
    assert set(stored["parse_data"]) == {"intent", "entities", "decision"}
    again = event_from_json(json.loads(json.dumps(stored)))
    assert isinstance(again, UserUttered)
    assert again == user
    assert (again.message_id, again.metadata, again.parse_data) == ("t5", {"a": 1}, user.parse_data)
    assert event_to_json(said)["metadata"] == {"utter_action": "utter_greet"}


def test_nothing_in_the_constructor_makes_rasa_fall_back() -> None:
    """Rasa takes its in-memory store when an AttributeError leaves the constructor; any arguments are fine here."""
    store = WindowTrackerStore(domain=None, host=None, event_broker=None, wait=1)
    assert isinstance(store.domain, Domain)


def test_a_long_conversation_costs_no_more(bot: Bot, conversation: str) -> None:
    """In the database, too, turn 12 is as large as turn 30."""
    sizes = {}
    for number in range(30):
        bot.said(conversation, "สวัสดี")
        sizes[number] = len(bot.stored(conversation) or [])
    assert sizes[29] == sizes[11] == sizes[5]


def test_a_turn_reads_once_and_writes_once(bot: Bot, conversation: str) -> None:
    """Two statements go to the database for one turn, also for the first one of a conversation."""
    for _ in range(3):
        before = bot.door.statements
        bot.said(conversation, "สวัสดี")
        assert bot.door.statements - before == 2


def test_the_tracker_is_rasas_own_form(bot: Bot, conversation: str) -> None:
    """A stored row is a list of Rasa's events, readable by Rasa itself."""
    bot.said(conversation, "แจ้งปัญหา")
    events = [Event.from_parameters(data) for data in bot.stored(conversation) or []]
    tracker = DialogueStateTracker.from_events(conversation, [e for e in events if e], SLOTS)
    assert tracker.active_loop_name == "report_form"
