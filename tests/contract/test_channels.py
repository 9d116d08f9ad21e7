# SPDX-License-Identifier: Apache-2.0
"""What every channel that draws blocks must do; a new channel joins by a line in CHANNELS."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given

from channels.terminal.render import lines
from channels.web.render import shown
from tests.channels.blocks import QUICK, SECRET, blocks

Draw = Callable[[Sequence[Mapping[str, Any]]], str]

#: channel → its blocks as one text, drawn from the blocks as they are stored
CHANNELS: dict[str, Draw] = {
    "web": lambda made: json.dumps(shown(7, made), ensure_ascii=False),
    "terminal": lambda made: "\n".join(lines(shown(7, made))),
}
HARMFUL = "<img src=x onerror=alert(1)>"


@pytest.fixture(params=CHANNELS)
def draw(request: pytest.FixtureRequest) -> Draw:
    """Each channel in turn."""
    return CHANNELS[request.param]


@QUICK
@given(made=blocks)
@pytest.mark.parametrize("channel", CHANNELS)
def test_what_is_not_for_citizens_is_not_drawn(channel: str, made: list[dict[str, Any]]) -> None:
    """Payloads, names of answers and orders to the gateway."""
    assert SECRET not in CHANNELS[channel](made)
    assert CHANNELS[channel]([{"type": "directive", "name": "erase"}]) in ("[]", "")


def test_choices_are_drawn_in_order(draw: Draw) -> None:
    """Every label once, in the order in which they were offered."""
    labels = ["ไฟฟ้า", "ถนน", "ขยะ"]
    drawn = draw(
        [{"type": "choices", "text": "เลือก", "choices": [{"label": label, "payload": "/x"} for label in labels]}]
    )
    places = [drawn.index(label) for label in labels]
    assert places == sorted(places)


def test_made_up_data_are_labelled(draw: Draw) -> None:
    """The sandbox's label is drawn on a card and on each card of a carousel."""
    card = {
        "type": "card",
        "title": "ฝุ่น",
        "fields": [],
        "links": [],
        "source": {"name": "ก", "sandbox": True, "label": "ข้อมูลสมมติ"},
    }
    assert draw([card]).count("ข้อมูลสมมติ") == 1
    assert draw([{"type": "carousel", "cards": [card, card]}]).count("ข้อมูลสมมติ") == 2


def test_markup_is_text(draw: Draw) -> None:
    """What looks like markup is neither dropped nor changed: the channel's element shows it as text (W-05)."""
    drawn = draw([{"type": "text", "text": HARMFUL}])
    assert HARMFUL in drawn


def test_a_block_of_tomorrow_is_no_error(draw: Draw) -> None:
    """An unknown kind of block shows its text, if it has any."""
    assert "ข้อความ" in draw([{"type": "hologram", "text": "ข้อความ"}])
    draw([{"type": "hologram"}])
