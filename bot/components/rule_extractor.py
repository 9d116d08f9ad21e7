# SPDX-License-Identifier: Apache-2.0
"""Finds what rules know better than learning: handles, case numbers, places, landmarks, the synonyms of the catalogue
(kinds of problem, aspects, situations …), and the words of a menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import dictionary, packed
from bot.components.entities import Found, Rules, original_span
from bot.components.packed import BrokenModel
from bot.components.thai_tokenizer import NORMAL, WORDS
from thai.normalise import normalise
from thai.places import Gazetteer

#: Left on a message for the classifier: [kind, start, end] in the normalised text.
SPANS = "spans"
#: The intent of the menu entry that a message is word for word. Part of the parse; beside the synonyms in their file.
MENU = "menu"


@DefaultV1Recipe.register(
    # A featurizer, too, because only tokenizers and featurizers see the training examples before a classifier does.
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=True,
)
class RuleExtractor(GraphComponent):
    """`places`, `extractors`, `lexicon`: names of the compiled project's files."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The names that `pracha train` gives the files."""
        return {"places": "places.json", "extractors": "extractors.json", "lexicon": "lexicon.json"}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        rules: Rules | None = None,
        menu: Mapping[str, str] | None = None,
    ) -> None:
        self._config = config
        self._storage, self._resource = model_storage, resource
        self._rules = rules
        self._menu = {_entry(words): intent for words, intent in (menu or {}).items()}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RuleExtractor:
        """An extractor that still has to be given its tables by `train`."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RuleExtractor:
        """The extractor with the packed tables. Raises BrokenModel."""
        files, _ = packed.read(model_storage, resource)
        try:
            synonyms = dict(files["extractors"])
            menu = dict(synonyms.pop(MENU, {}))
            rules = Rules(Gazetteer.from_dict(files["places"]), synonyms, dictionary.unpack(files["dictionary"]))
        except (KeyError, ValueError, TypeError) as error:
            raise BrokenModel("the model's places or synonyms have another form") from error
        return cls(config, model_storage, resource, rules, menu)

    def train(self, training_data: TrainingData) -> Resource:
        """Pack the tables; nothing is learned."""
        content = {name: packed.read_project_file(self._config[name]) for name in ("places", "extractors")}
        content["dictionary"] = dictionary.pack(packed.read_project_file(self._config["lexicon"])["words"])
        packed.write(self._storage, self._resource, content, {})
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Mark the spans that the classifier shall not learn by heart. Annotated entities stay as they are."""
        for example in training_data.training_examples:
            if example.get(NORMAL):
                self._mark(example, self._find(example))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message, and the intent of the menu entry that it is."""
        for message in messages:
            found = self._find(message)
            self._mark(message, found)
            text, normal = message.get(TEXT) or "", message.get(NORMAL) or ""
            entities = list(message.get(ENTITIES, []))
            for each in found:
                start, end = original_span(text, normal, each)
                entities.append(
                    {
                        "entity": each.kind,
                        "value": each.value,
                        "start": start,
                        "end": end,
                        "extractor": type(self).__name__,
                    }
                )
            message.set(ENTITIES, entities, add_to_output=True)
            if (intent := self._menu.get(_entry(normal))) is not None:
                message.set(MENU, intent, add_to_output=True)
        return messages

    def _find(self, message: Message) -> list[Found]:
        if self._rules is None:
            raise BrokenModel("the extractor was not trained")
        return self._rules.find(message.get(NORMAL) or "", message.get(WORDS) or [])

    @staticmethod
    def _mark(message: Message, found: list[Found]) -> None:
        message.set(SPANS, [[each.kind, each.start, each.end] for each in found if each.masked])


def _entry(words: str) -> str:
    return normalise(words).casefold().strip()
