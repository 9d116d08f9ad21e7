# SPDX-License-Identifier: Apache-2.0
"""Last step of the pipeline: replaces a doubtful intent by `nlu_clarify` or `out_of_scope` and says so."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import evidence
from bot.components import bands
from bot.components.bands import Bands, decide, without_false_alarm, worth_offering
from bot.components.features import words_of
from bot.components.intent_classifier import EXACT, RANKING
from bot.components.rule_extractor import SPANS
from bot.components.thai_tokenizer import NORMAL, WORDS

DECISION = "decision"
#: Words of the message say for certain that it is an emergency. Part of the parse.
CERTAIN = "certain"
#: The intent as which any sentence with a place is taken.
_AIR = "ask_air_quality"
_MORE = "guide_more"
_TRACK = "track_case"


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
        limits = {
            name: type(getattr(Bands, name))(value)
            for name, value in config.items()
            if name in Bands.__dataclass_fields__
        }
        return cls(Bands(**limits))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `decision` of each message; the ranking is the classifier's without what is not
        believed or not worth asking back about."""
        for message in messages:
            ranking = [(each["name"], each["confidence"]) for each in message.get(RANKING) or []]
            if _in_danger(message):
                made = bands.Decision(bands.EMERGENCY, 1.0, "answer")
                message.set(CERTAIN, True, add_to_output=True)
            else:
                believed = self._believed(ranking, message)
                made = self._decided(believed, message)
                kept = worth_offering(believed, self._bands) if made.verdict == "clarify" else believed
                if len(kept) < len(ranking):
                    listed = [{"name": name, "confidence": round(chance, 4)} for name, chance in kept]
                    message.set(RANKING, listed, add_to_output=True)
            message.set(INTENT, {"name": made.intent, "confidence": made.confidence}, add_to_output=True)
            message.set(DECISION, made.verdict, add_to_output=True)
        return messages

    def _believed(self, ranking: list[tuple[str, float]], message: Message) -> list[tuple[str, float]]:
        """Also for a form's question and for the choices of a question back, which read the ranking."""
        text = message.get(NORMAL) or ""
        if not ranking:
            return ranking
        count = len(words_of(text, message.get(WORDS) or [], message.get(SPANS) or []))
        exact = bool(message.get(EXACT))
        return without_false_alarm(ranking, evidence.speaks_of_danger(text), count, exact, self._bands)

    def _decided(self, ranking: list[tuple[str, float]], message: Message) -> bands.Decision:
        text, exact = message.get(NORMAL) or "", bool(message.get(EXACT))
        best, chance = ranking[0] if ranking else ("", 0.0)
        place_alone = evidence.is_place_alone(text, message.get(SPANS) or [])
        if place_alone and best in (_AIR, _MORE):
            # "แล้วโคราชล่ะ" looks like any other "แล้ว…ล่ะ"; only the air is asked about by place.
            return bands.Decision(_AIR, chance, "answer")
        grounded = best != _AIR or place_alone or evidence.speaks_of_air(text)
        made = decide(ranking, exact, self._bands, grounded)
        if made.verdict == "answer":
            return made
        if evidence.is_part_of_case_number(text):
            return bands.Decision(_TRACK, made.confidence, "answer")
        if evidence.is_aspect_alone(message.get(TEXT) or "", message.get(ENTITIES) or []):
            return bands.Decision(_MORE, made.confidence, "answer")
        return made


def _in_danger(message: Message) -> bool:
    service = any(entity.get("entity") == "service" for entity in message.get(ENTITIES) or [])
    return evidence.is_emergency(message.get(NORMAL) or "", message.get(WORDS) or [], names_service=service)
