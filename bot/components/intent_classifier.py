# SPDX-License-Identifier: Apache-2.0
"""The learned intent classifier: words, letters and sentence vectors (where there are any), and a memory of its
examples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import packed
from bot.components.features import is_mask, words_of
from bot.components.intent_model import IntentModel, learn
from bot.components.packed import BrokenModel
from bot.components.rule_extractor import SPANS
from bot.components.thai_tokenizer import NORMAL, WORDS
from bot.vectors import OFF, NoVectors, Vectors, choose
from bot.vectors_cache import CachedVectors

RANKING = "intent_ranking"
#: The message is word for word an example of the best intent. Part of the parse.
EXACT = "exact"

#: An example is surely meant as it was labelled, but the others keep their order.
_REMEMBERED = 0.99
#: Sets of the bot itself, never learned even if somebody gives them examples.
_NEVER_LEARNED = frozenset({"inform", "nlu_clarify"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ThaiIntentClassifier(GraphComponent):
    """`strength`, `strength_with_vectors`: C of the linear model; `folds`: how many parts the probabilities are
    calibrated on; `vectors`: which sentence vectors (bot.vectors.choose); `vector_cache`: the folder where those of the
    examples are kept, seen from the compiled project."""

    @staticmethod
    def supported_languages() -> list[str]:
        """Its features are those of Thai, with Latin words among them."""
        return ["th"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Good on the product's examples and on public data (docs/nlu.md)."""
        return {
            "strength": 1.0,
            "strength_with_vectors": 0.3,
            "folds": 4,
            "ranking_length": 10,
            "vectors": OFF,
            "vector_cache": "../vectors",
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
        memory: dict[str, str] | None = None,
        vectors: Vectors | None = None,
    ) -> None:
        self._config = config
        self._storage, self._resource = model_storage, resource
        self._model = model
        self._vectors = vectors
        self._memory = memory or {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiIntentClassifier:
        """A classifier that has learned nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ThaiIntentClassifier:
        """The classifier as it was learned. Raises BrokenModel."""
        files, arrays = packed.read(model_storage, resource)
        try:
            model = IntentModel.from_packed(files["model"], arrays)
            vectors = _same_vectors(files["vectors"], str(config["vectors"]))
            return cls(config, model_storage, resource, model, files["memory"], vectors)
        except (KeyError, ValueError) as error:
            raise BrokenModel("the classifier's parts do not belong together") from error

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples. Raises NoVectors when the vectors that the configuration names are missing."""
        examples = [
            (_words(example), example.get(INTENT), example.get(NORMAL))
            for example in training_data.intent_examples
            if example.get(INTENT) not in _NEVER_LEARNED
        ]
        examples = [each for each in examples if each[0]]
        self._vectors = choose(str(self._config["vectors"]))
        rows = None
        if self._vectors is not None:
            cached = CachedVectors(self._vectors, Path(self._config["vector_cache"]))
            rows = cached.of([normal for _, _, normal in examples])
        self._model = learn(
            [words for words, _, _ in examples],
            [intent for _, intent, _ in examples],
            rows,
            strength=float(self._config["strength" if rows is None else "strength_with_vectors"]),
            folds=int(self._config["folds"]),
        )
        self._memory = _memory([(words, intent) for words, intent, _ in examples])
        content, arrays = self._model.to_packed()
        version = self._vectors.version if self._vectors is not None else None
        files = {"model": content, "memory": self._memory, "vectors": version}
        packed.write(self._storage, self._resource, files, arrays)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the best intent and the ranking; of a message without words, none."""
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        if self._model is None:
            raise BrokenModel("the classifier was not trained")
        words = _words(message)
        if not words:
            message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(RANKING, [], add_to_output=True)
            return
        vector = self._vectors.of([message.get(NORMAL)])[0] if self._vectors is not None else None
        ranking = self._model.rank(words, vector)
        remembered = self._memory.get(_key(words))
        if remembered is not None:
            ranking = _remember(ranking, remembered)
            message.set(EXACT, True, add_to_output=True)
        listed = [
            {"name": name, "confidence": round(chance, 4)}
            for name, chance in ranking[: int(self._config["ranking_length"])]
        ]
        message.set(INTENT, listed[0], add_to_output=True)
        message.set(RANKING, listed, add_to_output=True)


def _same_vectors(version: str | None, name: str) -> Vectors | None:
    """The vectors that a model was learned with. Raises BrokenModel when they cannot be had, or are others by now."""
    if version is None:
        return None
    try:
        vectors = choose(name)
    except NoVectors as error:
        raise BrokenModel(f"the model was trained with sentence vectors: {error}") from error
    if vectors is None or vectors.version != version:
        raise BrokenModel(
            f"the model was trained with the sentence vectors {version}, which are not here: train it again"
        )
    return vectors


def _words(message: Message) -> list[str]:
    return words_of(message.get(NORMAL) or "", message.get(WORDS) or [], message.get(SPANS) or [])


def _key(words: Sequence[str]) -> str:
    """Spaces do not count: where Thai has them is a matter of taste."""
    return "".join(words)


def _memory(examples: Sequence[tuple[Sequence[str], str]]) -> dict[str, str]:
    """Examples by their words; one with two labels is no certainty, nor is one that is only a mask."""
    memory: dict[str, str] = {}
    doubtful: set[str] = set()
    for words, intent in examples:
        key = _key(words)
        if memory.setdefault(key, intent) != intent or all(is_mask(word) for word in words):
            doubtful.add(key)
    return {key: intent for key, intent in memory.items() if key not in doubtful}


def _remember(ranking: list[tuple[str, float]], intent: str) -> list[tuple[str, float]]:
    rest = [(name, chance) for name, chance in ranking if name != intent]
    own = max([_REMEMBERED, *(chance for name, chance in ranking if name == intent)])
    total = sum(chance for _, chance in rest) or 1.0
    return [(intent, own), *((name, chance / total * (1 - own)) for name, chance in rest)]
