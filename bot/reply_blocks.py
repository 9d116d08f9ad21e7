# SPDX-License-Identifier: Apache-2.0
"""Turns what Rasa said into reply blocks, whole (docs/developers/wire.md §1).

Rasa's output channels split a text at its empty lines and make one block of several; the events do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import BotUttered

from core.messages import BLOCK_TYPES


def blocks_of(utterances: Iterable[BotUttered]) -> list[dict[str, Any]]:
    """The blocks of several utterances in order, each with the `answer` that it came from.

    Raises ValueError on an utterance that shows nothing or on a block of an unknown type.
    """
    return [block for utterance in utterances for block in _of_one(utterance)]


def _of_one(utterance: BotUttered) -> list[dict[str, Any]]:
    data = utterance.data
    blocks: list[dict[str, Any]] = []
    if data.get("buttons"):
        choices = [_choice(button) for button in data["buttons"]]
        blocks.append({"type": "choices", "text": utterance.text or "", "choices": choices})
    elif utterance.text:
        blocks.append({"type": "text", "text": utterance.text})
    if data.get("image"):
        blocks.append({"type": "image", "url": data["image"], "alt": ""})
    blocks += _custom(data.get("custom"))
    if not blocks:
        raise ValueError("an utterance without content")
    answer = utterance.metadata.get("utter_action")
    return [{**block, "answer": answer} for block in blocks] if answer else blocks


def _choice(button: Mapping[str, Any]) -> dict[str, Any]:
    return {"label": str(button["title"]), "payload": str(button["payload"])}


def _custom(custom: Any) -> list[dict[str, Any]]:
    if not custom:
        return []
    blocks = [custom["block"]] if "block" in custom else custom.get("blocks")
    if not isinstance(blocks, list):
        raise ValueError("custom holds no blocks")
    for block in blocks:
        if not isinstance(block, dict) or block.get("type") not in BLOCK_TYPES:
            raise ValueError("unknown type of block")
    return [dict(block) for block in blocks]
