# SPDX-License-Identifier: Apache-2.0
"""What a browser is shown of one line of a conversation: the event of `GET /chat/events`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.messages import DIRECTIVE, Block

#: fields that never leave the house
_OURS = frozenset({"answer", "payload"})


def event_json(seq: int, author: str, at: datetime, blocks: Sequence[Block]) -> dict[str, Any]:
    """`{seq, from, at, blocks}`, with every choice's server-side payload replaced by a short token."""
    return {
        "seq": seq,
        "from": author,
        "at": at.isoformat(timespec="milliseconds"),
        "blocks": shown(seq, blocks),
    }


def shown(seq: int, blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """The blocks as a citizen may see them. The tokens are `<seq>.<block>.<choice>`: they mean nothing elsewhere."""
    return [_shown(seq, index, block) for index, block in enumerate(blocks) if block.get("type") != DIRECTIVE]


def _shown(seq: int, index: int, block: Block) -> dict[str, Any]:
    visible: dict[str, Any] = _visible(block)
    choices: Sequence[Mapping[str, Any]] | None = block.get("choices")
    if choices is not None:
        visible["choices"] = [
            {"id": f"{seq}.{index}.{number}", "label": choice["label"]} for number, choice in enumerate(choices)
        ]
    return visible


def _visible(value: Any) -> Any:
    """A block without what only we use, and without what is not there, also inside a carousel's cards."""
    if isinstance(value, Mapping):
        return {key: _visible(one) for key, one in value.items() if key not in _OURS and one is not None}
    if isinstance(value, (list, tuple)):
        return [_visible(one) for one in value]
    return value
