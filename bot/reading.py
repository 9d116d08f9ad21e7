# SPDX-License-Identifier: Apache-2.0
"""Makes of Rasa's parse what the decision between answer and interruption needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.components.decision import CERTAIN
from bot.components.rule_extractor import MENU
from bot.corrections import corrects
from bot.evidence import speaks_of_air
from bot.interruption import Question, Reading

_RANKING = 10
_AIR = "ask_air_quality"


def reading_of(parse: Mapping[str, Any], question: Question) -> Reading:
    """The reading of a parsed text while `question` is open."""
    best = (parse.get("intent_ranking") or [{}])[0]
    text, entities = parse["text"], parse["entities"]
    return Reading(
        intent=best.get("name") or "out_of_scope",
        confidence=best.get("confidence") or 0.0,
        decided=parse["intent"].get("name") or "out_of_scope",
        exact=bool(parse.get("exact")),
        covered=covered(text, entities, question.takes_entities),
        certain=bool(parse.get(CERTAIN)),
        named=best.get("name") != _AIR or speaks_of_air(text),
        corrects=corrects(text, {str(entity.get("entity")) for entity in entities}),
        menu=str(parse.get(MENU) or ""),
    )


def covered(text: str, entities: Sequence[Mapping[str, Any]], kinds: frozenset[str]) -> float:
    """The share of the text's characters, spaces aside, inside entities of these kinds."""
    inside = {
        position
        for entity in entities
        if entity.get("entity") in kinds and entity.get("start") is not None and entity.get("end") is not None
        for position in range(entity["start"], entity["end"])
    }
    solid = [position for position, character in enumerate(text) if not character.isspace()]
    return sum(position in inside for position in solid) / len(solid) if solid else 0.0


def understanding(parse: Mapping[str, Any]) -> dict[str, Any]:
    """Rasa's parse data in the form of the wire contract."""
    intent = parse.get("intent") or {}
    return {
        "intent": intent.get("name"),
        "confidence": intent.get("confidence") or 0.0,
        "decision": parse.get("decision") or "answer",
        "ranking": [
            {"name": each.get("name"), "confidence": each.get("confidence")}
            for each in (parse.get("intent_ranking") or [])[:_RANKING]
        ],
        "entities": [
            {key: entity[key] for key in ("entity", "value", "start", "end") if key in entity}
            for entity in parse.get("entities") or []
        ],
        "repaired": parse.get("repaired"),
    }
