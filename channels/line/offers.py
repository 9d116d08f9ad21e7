# SPDX-License-Identifier: Apache-2.0
"""Puts what can be tapped where LINE shows it: quick replies under the last object, rows of a card for all the rest.

LINE shows only the quick replies of the last object and hides them once one was tapped. So the newest question gets
them; an earlier one, and one with more choices than fit, keeps its choices in a card.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.line import flex, limits
from channels.line.actions import Action

Json = dict[str, Any]


def offer(shown: Sequence[Json], offered: Sequence[Action]) -> list[Json]:
    """The objects with the newest question's actions: as quick replies, as far as LINE takes them."""
    choices = [action for action in offered if action["type"] == "postback"]
    # LINE opens map, camera and album best from quick replies; one of each is enough.
    requests = list({action["type"]: action for action in offered if action["type"] != "postback"}.values())
    if shown and _fit(choices, requests):
        return _with_quick_replies(shown, [*requests, *choices])
    return _with_quick_replies([*shown, *flex.tap_messages(choices)], requests)


def newest_offer_last(messages: Sequence[Json]) -> list[Json]:
    """Objects of several answers as one sequence: the newest quick replies move to its end, older ones become rows."""
    made: list[Json] = []
    newest: list[Action] = []
    for message in messages:
        if "quickReply" in message:
            made, newest = [*made, *flex.tap_messages(newest)], []
        made.append({key: value for key, value in message.items() if key != "quickReply"})
        newest += [item["action"] for item in message.get("quickReply", {}).get("items", ())]
    return offer(made, newest)


def _fit(choices: Sequence[Action], requests: Sequence[Action]) -> bool:
    """Two long labels that are shortened to the same words cannot be told apart."""
    labels = {action["label"] for action in choices}
    return len(choices) + len(requests) <= limits.QUICK_REPLIES and len(labels) == len(choices)


def _with_quick_replies(shown: Sequence[Json], offered: Sequence[Action]) -> list[Json]:
    if not offered or not shown:
        return list(shown)
    items = [{"type": "action", "action": action} for action in offered]
    return [*shown[:-1], shown[-1] | {"quickReply": {"items": items}}]
