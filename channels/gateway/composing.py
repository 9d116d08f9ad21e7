# SPDX-License-Identifier: Apache-2.0
"""Makes the answer of a turn: the bot's replies, and what the gateway itself must add to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from core.messages import DIRECTIVE, Block


class SystemAnswers(Protocol):
    """The gateway's own sentences, from nlu_data/answers."""

    def system(self, answer: str, arguments: Mapping[str, Any], locale: str) -> list[dict[str, Any]]: ...


def directives(blocks: Sequence[Block]) -> frozenset[str]:
    """Names of the orders to the gateway among the blocks."""
    return frozenset(str(block.get("name")) for block in blocks if block.get("type") == DIRECTIVE)


def compose(
    replies: Sequence[Block],
    answers: SystemAnswers,
    *,
    locale: str,
    repaired: str | None,
    first: bool,
    privacy_url: str,
) -> list[dict[str, Any]]:
    """The blocks that a citizen gets: the privacy notice before the first answer, a word on a repaired keyboard
    layout, the replies, and the label on everything that was made from sandbox data."""
    blocks: list[dict[str, Any]] = []
    if first:
        blocks += answers.system("system_privacy_notice", {"privacy_url": privacy_url}, locale)
    if repaired is not None:
        blocks += answers.system("system_layout_repaired", {"repaired": repaired}, locale)
    label = ""
    if any(_sandbox(block) for block in replies):
        label = _words(answers.system("system_label_sandbox", {}, locale))
    return blocks + [_labelled(dict(block), label) for block in replies]


def _sandbox(value: object) -> bool:
    if isinstance(value, Mapping):
        if value.get("sandbox") is True:
            return True
        return any(_sandbox(one) for one in value.values())
    return isinstance(value, (list, tuple)) and any(_sandbox(one) for one in value)


def _labelled(block: dict[str, Any], label: str, *, whole: bool = False) -> dict[str, Any]:
    """The block with the label when something in it is from the sandbox, or when `whole` says that it all is."""
    if not label or not (whole or _sandbox(block)):
        return block
    kind = block.get("type", "card")
    if kind == "carousel":
        whole = block.get("sandbox") is True
        return block | {"cards": [_labelled(dict(card), label, whole=whole) for card in block["cards"]]}
    if kind == "card":
        return block | {"source": dict(block.get("source") or {}) | {"label": label}}
    words = "alt" if kind == "image" else "text"
    return block | {words: "\n".join(part for part in (block.get(words), label) if part)}


def _words(blocks: Sequence[Block]) -> str:
    return "\n".join(str(block["text"]) for block in blocks if block.get("text"))
