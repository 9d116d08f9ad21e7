# SPDX-License-Identifier: Apache-2.0
"""The quicker policies and runner do exactly what Rasa's do."""

from __future__ import annotations

import copy
import itertools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine import loader
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.slot_mappings import SlotMapping, SlotMappingType
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot import slot_costs
from bot.components.policies import IndexedRulePolicy
from bot.graph_runner import SequentialGraphRunner

INTENTS = ("greet", "cancel", "report_problem", "ask_air_quality", "affirm", "inform", "silent", "track_case", "help")


def runner_of(model: Path, kind: type[DaskGraphRunner]) -> tuple[Any, Any]:
    with tempfile.TemporaryDirectory() as folder:
        metadata, runner = loader.load_predict_graph_runner(Path(folder), model, LocalModelStorage, kind)
    return metadata, runner


@pytest.fixture(scope="module")
def loaded(model: Path) -> tuple[Any, SequentialGraphRunner, DaskGraphRunner]:
    """The model once with our runner and once with Rasa's."""
    metadata, ours = runner_of(model, SequentialGraphRunner)
    return metadata, ours, runner_of(model, DaskGraphRunner)[1]


def _small_talk() -> list[Event]:
    """A turn, so that there is a conversation longer than any rule."""
    return [
        ActionExecuted("action_listen"),
        UserUttered("z", {"name": "greet", "confidence": 1.0}),
        ActionExecuted("utter_greet"),
    ]


def conversations() -> Iterator[list[Event]]:
    """Short conversations in all orders: with and without a form, after messages and after actions."""
    for first, second in itertools.product(INTENTS, INTENTS):
        for form in (None, "report_form"):
            for last in ((), ("utter_greet",), ("action_air_quality",), ("report_form",)):
                yield [
                    ActionExecuted("action_listen"),
                    UserUttered("x", {"name": first, "confidence": 1.0}),
                    *(
                        [ActionExecuted(form), ActiveLoop(form), SlotSet("requested_slot", "report_place")]
                        if form
                        else []
                    ),
                    ActionExecuted("action_listen"),
                    UserUttered("y", {"name": second, "confidence": 0.7}),
                    *(ActionExecuted(name) for name in last),
                ]


def test_predictions_are_rasas(
    loaded: tuple[Any, SequentialGraphRunner, DaskGraphRunner], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every conversation leads to the same next action, by the same policy, with our methods and with Rasa's."""
    metadata, ours, theirs = loaded

    def predict(runner: Any) -> list[tuple[str, float]]:
        made = []
        for events in conversations():
            tracker = DialogueStateTracker.from_events("c", events, metadata.domain.slots, domain=metadata.domain)
            result = runner.run(inputs={"__tracker__": tracker}, targets=[metadata.core_target])[metadata.core_target]
            made.append((metadata.domain.action_names_or_texts[result.max_confidence_index], result.max_confidence))
        return made

    quick = predict(ours)
    assert len(set(quick)) > 8, "the conversations must lead to different actions"
    monkeypatch.setattr(IndexedRulePolicy, "_get_possible_keys", RulePolicy._get_possible_keys)
    monkeypatch.setattr(IndexedRulePolicy, "_find_action_from_rules", RulePolicy._find_action_from_rules)
    monkeypatch.setattr(IndexedRulePolicy, "_prediction_states", RulePolicy._prediction_states)
    assert predict(theirs) == quick


def test_the_index_leaves_out_nothing_that_applies(loaded: tuple[Any, SequentialGraphRunner, DaskGraphRunner]) -> None:
    """For the states of every rule, whole and cut, the same rules apply with the index and without."""
    [policy] = _rule_policies(loaded[1])
    for lookup in (policy.lookup[RULES], policy.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]):
        for key in lookup:
            states = json.loads(key)
            for length in range(1, len(states) + 1):
                for start in ({}, {"slots": {"requested_slot": [1.0]}}):
                    cut = [{**start, **state} for state in states[:length]]
                    assert policy._get_possible_keys(lookup, cut) == RulePolicy._get_possible_keys(policy, lookup, cut)


def test_a_rule_on_texts_switches_the_short_cut_off() -> None:
    """End-to-end rules, if an author writes one, still act."""
    from bot.components.policies import _indexed

    listen = {"prev_action": {"action_name": "action_listen"}}
    assert _indexed({json.dumps([{**listen, "user": {"intent": "greet"}}]): "utter_greet"}).on_texts is False
    assert _indexed({json.dumps([{**listen, "user": {"text": "สวัสดี"}}]): "utter_greet"}).on_texts is True
    assert _indexed({json.dumps([listen]): "utter_greet"}).on_texts is True


def test_understanding_is_the_same_with_both_runners(
    loaded: tuple[Any, SequentialGraphRunner, DaskGraphRunner],
) -> None:
    """The order of the components is the graph's own."""
    from rasa.core.channels.channel import UserMessage

    metadata, ours, theirs = loaded
    for text in ("สวัสดีค่ะ", "ฝุ่นโคราช", "l;ylfu"):
        made = []
        for runner in (ours, theirs):
            inputs = {"__message__": [UserMessage(text)], "__tracker__": DialogueStateTracker("c", [])}
            message = runner.run(inputs=inputs, targets=[metadata.nlu_target])[metadata.nlu_target][0]
            made.append(message.as_dict(only_output_properties=True))
        assert made[0] == made[1]


def test_only_the_last_states_are_made(loaded: tuple[Any, SequentialGraphRunner, DaskGraphRunner]) -> None:
    """A conversation of forty turns costs what one of four costs, and the states are the same ones."""
    domain, [policy] = loaded[0].domain, _rule_policies(loaded[1])
    events = [event for _ in range(40) for event in _small_talk()]
    tracker = DialogueStateTracker.from_events("c", events, domain.slots, domain=domain)
    made = policy._prediction_states(tracker, domain)
    assert 2 <= len(made) <= 12
    assert made == RulePolicy._prediction_states(policy, tracker, domain)[-len(made) :]


def test_a_quick_copy_of_a_slot_is_a_copy(
    loaded: tuple[Any, SequentialGraphRunner, DaskGraphRunner], cheap_slots: None
) -> None:
    """Of the same kind, with the same state, and independent of the first."""
    for slot in loaded[0].domain.slots:
        usual = object.__reduce_ex__(slot, 4)
        quick = copy.copy(slot)
        assert (type(quick), quick.__dict__) == (type(slot), usual[2])
        quick.value = "changed"
        assert slot.value != "changed"


def test_a_mapping_is_checked_once_and_with_the_same_result(
    loaded: tuple[Any, SequentialGraphRunner, DaskGraphRunner],
    cheap_slots: None,
    monkeypatch: pytest.MonkeyPatch,
    recwarn: pytest.WarningsRecorder,
) -> None:
    """A mapping on an unknown entity is refused every time, and told once."""
    domain = loaded[0].domain
    good = {"type": "from_entity", "entity": "place"}
    bad = {"type": "from_entity", "entity": "no_such_entity"}
    kind = SlotMappingType.FROM_ENTITY
    for _ in range(3):
        assert SlotMapping.check_mapping_validity("air_place", kind, good, domain) is True
        assert SlotMapping.check_mapping_validity("air_place", kind, bad, domain) is False
    assert len([one for one in recwarn.list if "no_such_entity" in str(one.message)]) == 1


@pytest.fixture
def cheap_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Installed for one test only."""
    monkeypatch.setattr(Slot, "__copy__", None, raising=False)
    monkeypatch.setattr(SlotMapping, "check_mapping_validity", SlotMapping.check_mapping_validity)
    slot_costs.install()


def _rule_policies(runner: Any) -> list[IndexedRulePolicy]:
    components = [node._component for node in runner._instantiated_nodes.values()]
    return [one for one in components if isinstance(one, IndexedRulePolicy)]
