# SPDX-License-Identifier: Apache-2.0
"""Draws one line of a conversation as LINE's message objects, each within LINE's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from channels.line import actions, flex, limits
from channels.line.actions import Action
from channels.line.offers import offer
from channels.line.words import Words, words_of
from core.messages import DIRECTIVE, Block

Json = dict[str, Any]


def render(seq: int, blocks: Sequence[Block], *, locale: str, public_url: str) -> list[Json]:
    """Any number of message objects (none for blocks that show nothing), quick replies on the last one only.

    `seq` is the line's number in its conversation: a choice's postback data is its token `<seq>.<block>.<choice>`, which
    means something to the gateway only. `public_url` is where the gateway is seen from outside, for pictures.
    Directives are for the gateway. A download is left out: its path opens with the session of a web chat, which somebody
    on LINE does not have.
    """
    words = words_of(locale)
    made: list[Json] = []
    #: what can be tapped of the newest question: one block of choices and the requests around it
    offered: list[Action] = []
    for index, block in enumerate(blocks):
        kind = block.get("type")
        if kind == "choices":
            if any(action["type"] == "postback" for action in offered):
                made, offered = [*made, *flex.tap_messages(offered)], []
            made += _texts(block.get("text"))
            offered += _choices(seq, index, block)
        elif kind in {"location_request", "photo_request"}:
            asked = _requests(block, words)
            made += _texts(block.get("text")) or _texts(asked[0]["label"])
            offered += asked
        else:
            made += _shown(block, words, public_url)
    return offer(made, offered)


def _shown(block: Block, words: Words, public_url: str) -> list[Json]:
    kind = block.get("type")
    if kind in {DIRECTIVE, "download"}:
        return []
    if kind == "card":
        return flex.card_messages([block], words)
    if kind == "carousel":
        return flex.card_messages(block.get("cards") or (), words)
    if kind == "image":
        return _image(block, words, public_url)
    return _texts(block.get("text"))


def _texts(text: object) -> list[Json]:
    pieces = limits.split(limits.clean(str(text or "")))
    return [{"type": "text", "text": piece} for piece in pieces if not limits.is_blank(piece)]


def _choices(seq: int, index: int, block: Mapping[str, Any]) -> list[Action]:
    return [
        actions.postback(limits.one_line(choice.get("label")) or str(number + 1), f"{seq}.{index}.{number}")
        for number, choice in enumerate(block.get("choices") or ())
    ]


def _requests(block: Mapping[str, Any], words: Words) -> list[Action]:
    label = limits.one_line(block.get("label"))
    if block["type"] == "location_request":
        return [actions.request("location", label or words.place)]
    return [actions.request("camera", words.camera), actions.request("cameraRoll", label or words.album)]


def _image(block: Mapping[str, Any], words: Words, public_url: str) -> list[Json]:
    """The picture with its words under it, since LINE reads none out; only the words where LINE could not fetch it."""
    alt = _texts(block.get("alt"))
    address = _picture_address(str(block.get("url") or ""), public_url)
    if address is None:
        return alt or _texts(f"[{words.picture}]")
    return [{"type": "image", "originalContentUrl": address, "previewImageUrl": address}, *alt]


def _picture_address(url: str, public_url: str) -> str | None:
    """Where LINE's servers can fetch it: over https only."""
    try:
        address = urljoin(f"{public_url}/", url) if url else ""
    except ValueError:
        return None
    action = actions.uri("", address)
    return str(action["uri"]) if action and action["uri"].startswith("https:") else None
