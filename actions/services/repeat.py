# SPDX-License-Identifier: Apache-2.0
"""Repeats the bot's last reply, block by block, when the citizen asks what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import Answer, say

_DIRECTIVE = "directive"


class ActionRepeat(Action):
    """Sends the blocks of the last reply again, but never an order to the gateway in it."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Sets nothing."""
        blocks = [block for said in _last_reply(tracker) for block in _blocks(said)]
        if blocks:
            dispatcher.utter_message(json_message={"blocks": blocks})
        else:
            say(dispatcher, Answer("utter_nothing_to_repeat"))
        return []


def _last_reply(tracker: Tracker) -> list[Mapping[str, Any]]:
    """The bot's events of the latest turn before this one in which it said something."""
    said: list[Mapping[str, Any]] = []
    messages = 0
    for event in reversed(tracker.events):
        if not isinstance(event, Mapping):
            continue
        if event.get("event") == "user":
            if said:
                break
            messages += 1
        elif event.get("event") == "bot" and messages:
            said.append(event)
    return said[::-1]


def _blocks(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One bot event as reply blocks (docs/developers/wire.md §1)."""
    data = said.get("data")
    parts = data if isinstance(data, Mapping) else {}
    custom = parts.get("custom")
    blocks: list[dict[str, Any]] = []
    text, buttons, image = said.get("text"), parts.get("buttons"), parts.get("image")
    if isinstance(buttons, list) and buttons:
        choices = [{"label": b.get("title"), "payload": b.get("payload")} for b in buttons if isinstance(b, Mapping)]
        blocks.append({"type": "choices", "text": text or "", "choices": choices})
    elif isinstance(text, str) and text:
        blocks.append({"type": "text", "text": text})
    if isinstance(image, str) and image:
        blocks.append({"type": "image", "url": image, "alt": ""})
    if isinstance(custom, Mapping):
        listed = custom.get("blocks")
        found = [custom.get("block"), *(listed if isinstance(listed, list) else [])]
        blocks += [dict(block) for block in found if isinstance(block, Mapping)]
    return [block for block in blocks if block.get("type") != _DIRECTIVE]
