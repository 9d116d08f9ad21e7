# SPDX-License-Identifier: Apache-2.0
"""What a browser is shown of one line of a conversation: the event of `GET /chat/events`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.messages import DIRECTIVE, Block, visible_blocks

#: the order to forget the conversation, which the widget obeys for what it shows
_ERASE = "erase"


def event_json(seq: int, author: str, at: datetime, blocks: Sequence[Block]) -> dict[str, Any]:
    """`{seq, from, at, blocks}`, with every choice's server-side payload replaced by a short token.

    `forget: true` stands in the answer to an erasing: whoever shows the conversation drops every earlier event.
    """
    event: dict[str, Any] = {
        "seq": seq,
        "from": author,
        "at": at.isoformat(timespec="milliseconds"),
        "blocks": shown(seq, blocks),
    }
    if any(block.get("type") == DIRECTIVE and block.get("name") == _ERASE for block in blocks):
        event["forget"] = True
    return event


def shown(seq: int, blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """The blocks as a citizen may see them. The tokens are `<seq>.<block>.<choice>`: they mean nothing elsewhere."""
    return [_shown(seq, index, block) for index, block in enumerate(blocks) if block.get("type") != DIRECTIVE]


def _shown(seq: int, index: int, block: Block) -> dict[str, Any]:
    [visible] = visible_blocks([block])
    choices: Sequence[Mapping[str, Any]] | None = block.get("choices")
    if choices is not None:
        visible["choices"] = [
            {"id": f"{seq}.{index}.{number}", "label": choice["label"]} for number, choice in enumerate(choices)
        ]
    return visible
