# SPDX-License-Identifier: Apache-2.0
"""Trains and runs the learned steps of config.yml on labelled texts, without a project, a domain or rules.

The components are the product's own, driven the way Rasa's graph drives them. What is left out knows the product: the
rule extractor and the decision.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import class_from_module_path

from bot.labelled import Labelled

_KNOWS_THE_PRODUCT = frozenset({"RuleExtractor", "Decision"})
_LEXICON = "lexicon.json"


@dataclass(frozen=True)
class Step:
    """A component's class and what config.yml says about it."""

    component: type[GraphComponent]
    config: Mapping[str, Any]


def steps(config_file: Path, **overrides: Any) -> list[Step]:
    """The learned steps of a pipeline; `overrides` replace settings of the components that have them.

    Raises OSError, ValueError, KeyError or yaml.YAMLError for a file that is no Rasa configuration.
    """
    content = yaml.safe_load(config_file.read_text(encoding="utf-8"))
    found = []
    for entry in content["pipeline"]:
        name = str(entry["name"])
        if name.rpartition(".")[2] in _KNOWS_THE_PRODUCT:
            continue
        component = class_from_module_path(name)
        config = {**component.get_default_config(), **{key: value for key, value in entry.items() if key != "name"}}
        config.update({key: value for key, value in overrides.items() if key in config})
        found.append(Step(component, config))
    return found


def train(pipeline: Sequence[Step], examples: Sequence[Labelled], folder: Path) -> list[GraphComponent]:
    """Train every step on the examples, keep it in `folder`, and load it again from there, as the bot would."""
    storage, context = LocalModelStorage(folder), ExecutionContext(GraphSchema({}))
    data = TrainingData(
        [
            Message({TEXT: one.text, INTENT: one.intent, ENTITIES: [dict(entity) for entity in one.entities]})
            for one in examples
        ]
    )
    loaded: list[GraphComponent] = []
    with _project(folder):
        for number, step in enumerate(pipeline):
            resource = Resource(f"{number}_{step.component.__name__}")
            learner: Any = step.component.create(dict(step.config), storage, resource, context)
            learner.train(data)
            ready: Any = step.component.load(dict(step.config), storage, resource, context)
            if hasattr(ready, "process_training_data"):
                data = ready.process_training_data(data)
            loaded.append(ready)
    return loaded


def understand(components: Sequence[GraphComponent], text: str) -> dict[str, Any]:
    """What the steps make of a text: `{"intent", "confidence", "entities": [{"start", "end", "entity"}]}`."""
    messages = [Message({TEXT: text})]
    for component in components:
        messages = component.process(messages)  # type: ignore[attr-defined]  # Rasa knows a step by its methods
    intent = messages[0].get(INTENT) or {}
    return {
        "intent": intent.get("name"),
        "confidence": float(intent.get("confidence") or 0.0),
        "entities": [
            {"start": each["start"], "end": each["end"], "entity": each["entity"]}
            for each in messages[0].get(ENTITIES) or []
        ],
    }


@contextmanager
def _project(folder: Path) -> Iterator[None]:
    """A project without words of its own as the working directory, where the tokenizer looks for its dictionary."""
    before = Path.cwd()
    (folder / _LEXICON).write_text(json.dumps({"version": "1", "words": []}), encoding="utf-8")
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
