# SPDX-License-Identifier: Apache-2.0
"""Last step of the pipeline: replaces a doubtful intent by `nlu_clarify` or `out_of_scope` and says so."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT
from rasa.shared.nlu.training_data.message import Message

from bot import evidence
from bot.components import bands
from bot.components.bands import Bands, decide
from bot.components.intent_classifier import EXACT, RANKING
from bot.components.rule_extractor import SPANS
from bot.components.thai_tokenizer import NORMAL, WORDS

DECISION = "decision"
#: Words of the message say for certain that it is an emergency. Part of the parse.
CERTAIN = "certain"
#: The intent as which any sentence with a place is taken.
_AIR = "ask_air_quality"


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
            if _in_danger(message):
                made = bands.Decision(bands.EMERGENCY, 1.0, "answer")
                message.set(CERTAIN, True, add_to_output=True)
            else:
                made = decide(ranking, bool(message.get(EXACT)), self._bands, _grounded(ranking, message))
            message.set(INTENT, {"name": made.intent, "confidence": made.confidence}, add_to_output=True)
            message.set(DECISION, made.verdict, add_to_output=True)
        return messages


def _in_danger(message: Message) -> bool:
    service = any(entity.get("entity") == "service" for entity in message.get(ENTITIES) or [])
    return evidence.is_emergency(message.get(NORMAL) or "", message.get(WORDS) or [], names_service=service)


def _grounded(ranking: list[tuple[str, float]], message: Message) -> bool:
    text = message.get(NORMAL) or ""
    if not ranking or ranking[0][0] != _AIR:
        return True
    return evidence.speaks_of_air(text) or evidence.is_place_alone(text, message.get(SPANS) or [])
