# SPDX-License-Identifier: Apache-2.0
"""Last step of the pipeline: replaces a doubtful intent by `nlu_clarify` or `out_of_scope` and says so."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.components.bands import Bands, decide
from bot.components.intent_classifier import EXACT, RANKING

DECISION = "decision"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decision(GraphComponent):
    """The limits of `bands.Bands` by name, in config.yml, where they differ from the defaults."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """None: the limits have their defaults in bands.py."""
        return {}

    def __init__(self, bands: Bands) -> None:
        self._bands = bands

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Decision:
        """The component with its limits."""
        limits = {name: float(value) for name, value in config.items() if name in Bands.__dataclass_fields__}
        return cls(Bands(**limits))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `decision` of each message; the ranking stays the classifier's."""
        for message in messages:
            ranking = [(each["name"], each["confidence"]) for each in message.get(RANKING) or []]
            made = decide(ranking, bool(message.get(EXACT)), self._bands)
            message.set(INTENT, {"name": made.intent, "confidence": made.confidence}, add_to_output=True)
            message.set(DECISION, made.verdict, add_to_output=True)
        return messages
