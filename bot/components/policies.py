# SPDX-License-Identifier: Apache-2.0
"""Rasa's rule and memoization policies without the work that grows with the number of rules or turns.

Same predictions. Rasa compares every rule with every state of the conversation, twice per prediction (once for rules
on texts, which this project does not have), and forgets parsed rules beyond a thousand.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

#: Last action and intent that a rule's last state asks for; None: any.
_Place = tuple[Any, Any]


@dataclass(frozen=True)
class _Index:
    """Rule keys by what their last state asks for. `on_texts`: some rule may act without an intent after a message;
    `longest`: states of the longest rule."""

    lookup: Mapping[str, str]
    size: int
    places: Mapping[_Place, tuple[str, ...]]
    on_texts: bool
    longest: int

    def candidates(self, state: State) -> set[str]:
        """The keys of rules that may fit this last state of a conversation; all others cannot."""
        action = _value(state, PREVIOUS_ACTION, ACTION_NAME)
        intent = _value(state, USER, INTENT)
        wanted = {(action, intent), (action, None), (None, intent), (None, None)}
        return {key for place in wanted for key in self.places.get(place, ())}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IndexedRulePolicy(RulePolicy):
    """RulePolicy that looks only at the rules that can apply."""

    _index: _Index | None = None
    _other_index: _Index | None = None

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        index = self._index_of(lookup)
        possible = index.candidates(states[-1]) if states else set(lookup)
        for number, state in enumerate(reversed(states)):
            if not possible:
                break
            possible = {key for key in possible if self._is_rule_applicable(key, number, state)}
        return possible

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and not self._index_of(self.lookup[RULES]).on_texts:
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    def format_tracker_states(self, states: list[State]) -> list[State]:
        """Nothing: Rasa copies all states twice for a debug line, which is never written."""
        return []

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        lookups = [self.lookup.get(kind) or {} for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
        # One more than any rule looks at: a rule for the start of a conversation must see that it is not the start.
        wanted = max(self._index_of(lookup).longest for lookup in lookups) + 1
        tail = _Tail(tracker, wanted)
        states: list[State] = super()._prediction_states(tail, domain, use_text_for_last_user_input, rule_only_data)
        return states

    def _index_of(self, lookup: dict[str, str]) -> _Index:
        """The index of a lookup (there are two: rules, and ways out of a form), made anew when it has grown."""
        for index in (self._index, self._other_index):
            if index is not None and index.lookup is lookup and index.size == len(lookup):
                return index
        made = _indexed(lookup)
        if lookup is self.lookup.get(RULES):
            self._index = made
        else:
            self._other_index = made
        return made


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class StoryMemoizationPolicy(MemoizationPolicy):
    """MemoizationPolicy that costs nothing while there are no stories."""

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Rasa's prediction, or none when nothing was memorised."""
        if not self.lookup:
            return self._prediction(self._default_predictions(domain))
        return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)


class _Tail(DialogueStateTracker):
    """A tracker of which only the last states are seen: Rasa makes one of every action of the conversation."""

    def __init__(self, tracker: DialogueStateTracker, states: int) -> None:
        self.__dict__.update(tracker.__dict__)
        self._states = states

    def generate_all_prior_trackers(  # type: ignore[override]  # Rasa says generator and only iterates
        self,
    ) -> Iterator[tuple[DialogueStateTracker, bool]]:
        total = 1 + sum(isinstance(event, ActionExecuted) for event in self.applied_events())
        return itertools.islice(super().generate_all_prior_trackers(), max(total - self._states, 0), None)


def _indexed(lookup: Mapping[str, str]) -> _Index:
    places: dict[_Place, list[str]] = {}
    on_texts = False
    for key in lookup:
        states: list[State] = json.loads(key)
        last = states[-1]
        place = (_value(last, PREVIOUS_ACTION, ACTION_NAME), _value(last, USER, INTENT))
        places.setdefault(place, []).append(key)
        on_texts = on_texts or any(_value(state, USER, TEXT) for state in states)
        on_texts = on_texts or place == (ACTION_LISTEN_NAME, None)
    by_place = {place: tuple(keys) for place, keys in places.items()}
    longest = max((len(json.loads(key)) for key in lookup), default=0)
    return _Index(lookup, len(lookup), by_place, on_texts, longest)


def _value(state: State, kind: str, name: str) -> Any:
    """What a state says, None when it says nothing or asks for nothing."""
    value = (state.get(kind) or {}).get(name)
    return None if not value or value == SHOULD_NOT_BE_SET else value
