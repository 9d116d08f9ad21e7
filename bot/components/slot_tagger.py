# SPDX-License-Identifier: Apache-2.0
"""The learned slot tagger: finds entities that examples show and no rule knows. What a rule has found wins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import packed
from bot.components.guesses import guesses
from bot.components.packed import BrokenModel
from bot.components.slot_features import Unit
from bot.components.slot_model import Annotated, BrokenTagger, Find, Slots, Span, learn

#: Where Rasa's tokenizers leave the words of a text.
_TOKENS = "text_tokens"
_FILE = "crf"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ThaiSlotTagger(GraphComponent):
    """Needs the tokenizer and the classifier before it; the entities of earlier steps stay."""

    @staticmethod
    def supported_languages() -> list[str]:
        """Its features are those of Thai, with Latin words among them."""
        return ["th"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """It has no settings."""
        return {}

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        find: Find | None = None,
    ) -> None:
        self._storage, self._resource = model_storage, resource
        self._find = find

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiSlotTagger:
        """A tagger that has learned nothing yet."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ThaiSlotTagger:
        """The tagger as it was learned. Raises BrokenModel."""
        files, arrays = packed.read(model_storage, resource)
        try:
            cuts = {word: tuple(places) for word, places in files["cuts"].items()}
            find = Slots(cuts, arrays[_FILE].tobytes()).tagger()
        except (KeyError, AttributeError, TypeError, BrokenTagger) as error:
            raise BrokenModel("the slot tagger's parts do not belong together") from error
        return cls(model_storage, resource, find)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the annotated entities; examples without any say where there is none."""
        examples = training_data.nlu_examples
        units = [_units(example) for example in examples]
        words = [[unit.text.casefold() for unit in each] for each in units]
        guessed = guesses(words, [example.get(INTENT) or "" for example in examples])
        slots = learn(
            Annotated(example.get(TEXT), each, guess, _spans(example))
            for example, each, guess in zip(examples, units, guessed, strict=True)
        )
        self._find = slots.tagger()
        packed.write(self._storage, self._resource, {"cuts": slots.cuts}, {_FILE: _bytes(slots.crf)})
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the slots found where no earlier step has found anything."""
        if self._find is None:
            raise BrokenModel("the slot tagger was not trained")
        for message in messages:
            text = message.get(TEXT) or ""
            entities = list(message.get(ENTITIES) or [])
            taken = [(each["start"], each["end"]) for each in entities]
            for start, end, kind in self._find(text, _units(message), _intent(message)):
                if any(start < last and first < end for first, last in taken):
                    continue
                entities.append(
                    {
                        "entity": kind,
                        "value": text[start:end],
                        "start": start,
                        "end": end,
                        "extractor": type(self).__name__,
                    }
                )
            message.set(ENTITIES, entities, add_to_output=True)
        return messages


def _units(message: Message) -> list[Unit]:
    tokens: Sequence[Token] = message.get(_TOKENS) or []
    return [Unit(token.text, token.start, token.end) for token in tokens]


def _intent(message: Message) -> str:
    return str((message.get(INTENT) or {}).get("name") or "")


def _spans(message: Message) -> list[Span]:
    return [(each["start"], each["end"], each["entity"]) for each in message.get(ENTITIES) or []]


def _bytes(content: bytes) -> Any:
    return np.frombuffer(content, dtype=np.uint8)
