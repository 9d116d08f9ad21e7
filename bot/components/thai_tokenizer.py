# SPDX-License-Identifier: Apache-2.0
"""First step of the pipeline: repairs the keyboard layout, normalises, and cuts Thai into words.

The domain's dictionary decides what a word is, so it is packed into the model with its hash; a model whose dictionary
would cut differently from the way it was trained with refuses to load.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import dictionary, packed
from bot.components.packed import BrokenModel
from bot.turn_request import GUARD
from thai import layout, tokens
from thai.normalise import normalise

#: What this step leaves on a message for the next ones: the normalised text, and its words as [text, start, end].
NORMAL = "normal"
WORDS = "words"
#: The text as it was meant, when the keyboard was on the wrong layout. Part of the parse.
REPAIRED = "repaired"

#: Share of the letters that must lie in words of the examples.
_USUAL = 0.85
_LATIN = re.compile(r"[a-z]{2,}")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class ThaiTokenizer(Tokenizer):
    """`lexicon`: name of the compiled project's dictionary file, `{"version", "words": […]}`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own settings of a tokenizer, and the dictionary's file."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "lexicon": "lexicon.json"}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        cutter: tokens.Tokenizer | None = None,
        latin: frozenset[str] = frozenset(),
        thai: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(config)
        self._storage, self._resource = model_storage, resource
        self._cutter = cutter
        self._latin = latin
        self._thai = thai

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiTokenizer:
        """A tokenizer that still has to be given its dictionary by `train`."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ThaiTokenizer:
        """The tokenizer as it was trained. Raises BrokenModel when its dictionary is not the same any more."""
        files, _ = packed.read(model_storage, resource)
        try:
            cutter = dictionary.unpack(files["dictionary"])
            return cls(config, model_storage, resource, cutter, frozenset(files["latin"]), frozenset(files["thai"]))
        except KeyError as error:
            raise BrokenModel("the model was trained by another version: train it again") from error

    def train(self, training_data: TrainingData) -> Resource:
        """Pack the dictionary, its hash, and the Latin and Thai words that citizens use."""
        content = dictionary.pack(packed.read_project_file(self._config["lexicon"])["words"])
        texts = [example.get(TEXT) for example in training_data.training_examples if example.get(TEXT)]
        cut = dictionary.unpack(content).tokens
        latin = {word for text in texts for word in _latin(text)}
        thai = {token.text for text in texts for token in cut(normalise(text)) if len(token.text) > 1}
        packed.write(
            self._storage,
            self._resource,
            {"dictionary": content, "latin": sorted(latin), "thai": sorted(thai - latin)},
            {},
        )
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Cut every example."""
        for example in training_data.training_examples:
            if example.get(TEXT):
                self._read(example, repair=False)
        return super().process_training_data(training_data)

    def process(self, messages: list[Message]) -> list[Message]:
        """Repair, normalise and cut a citizen's message."""
        for message in messages:
            self._read(message, repair=True)
        return super().process(messages)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Rasa's tokens, exact in the text as it was written; for stock components that need them."""
        text = message.get(attribute)
        return [Token(token.text, token.start, token.end) for token in self._trained().tokens(text)]

    def _read(self, message: Message, repair: bool) -> None:
        text = message.get(TEXT) or ""
        if repair:
            meant = self._meant(text)
            if meant is not None:
                message.set(REPAIRED, meant, add_to_output=True)
                message.set(TEXT, meant, add_to_output=True)
                text = meant
        normal = normalise(text)
        message.set(NORMAL, normal)
        message.set(WORDS, [[token.text, token.start, token.end] for token in self._trained().tokens(normal)])

    def _meant(self, text: str) -> str | None:
        """The Thai behind Latin keys. What could be English as well must be made of words that citizens use here."""
        repair = layout.repair(text.lstrip(GUARD), self._trained())
        if repair is None:
            return None
        if repair.certainty == "confirm" and (self._latin.intersection(_latin(text)) or not self._usual(repair.text)):
            return None
        # The key 2 is a slash in the Thai layout, and a slash begins a command of Rasa.
        return repair.text.lstrip("/ ") or None

    def _usual(self, text: str) -> bool:
        letters = [(len(token.text), token.text in self._thai) for token in self._trained().tokens(normalise(text))]
        return sum(size for size, seen in letters if seen) >= _USUAL * sum(size for size, _ in letters)

    def _trained(self) -> tokens.Tokenizer:
        if self._cutter is None:
            raise BrokenModel("the tokenizer was not trained")
        return self._cutter


def _latin(text: str) -> list[str]:
    return _LATIN.findall(text.lower())
