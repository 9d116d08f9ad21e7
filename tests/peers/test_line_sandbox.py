# SPDX-License-Identifier: Apache-2.0
"""Everything that we send to LINE, through the checks of the sandbox's LINE platform, which were written apart from us."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from channels.line.plan import calls
from sandbox.line.errors import Refused
from sandbox.line.validate import check_messages
from tests.channels.blocks import QUICK, blocks
from tests.channels.line.samples import drawn, kinds_drawn, shipped_drawn

Json = dict[str, Any]


def send(messages: list[Json]) -> None:
    """Every call of an answer; raises Refused where the platform would answer 400."""
    for call in calls(messages):
        check_messages({"messages": call}, loopback_http=False)


def test_l_out_12_the_sandbox_takes_each_kind_of_object() -> None:
    """Every kind of block of the wire, also far beyond LINE's limits."""
    for messages in kinds_drawn().values():
        send(messages)


def test_l_out_12_the_sandbox_takes_everything_that_is_shipped() -> None:
    """All answers and guides, in both languages."""
    for messages in shipped_drawn().values():
        send(messages)


@QUICK
@given(blocks)
def test_l_out_12_the_sandbox_takes_anything(made: list[Json]) -> None:
    """Whatever blocks come."""
    send(drawn(made))


def test_the_sandbox_refuses_what_is_too_long() -> None:
    """So that a pass means something."""
    with pytest.raises(Refused):
        send([{"type": "text", "text": "ก" * 5001}])
