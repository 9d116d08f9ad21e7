# SPDX-License-Identifier: Apache-2.0
"""What is said in groups is not kept; what names the bot is seen."""

from __future__ import annotations

from typing import Any

import pytest

from core.messages import Signal
from tests.channels.line.events import BOT, EVENTS, GROUP, IN_GROUP, IN_ROOM, MESSAGES, OTHER, ROOM, USER, message
from tests.channels.line.parse.arriving import FIRST, of_message, one


@pytest.mark.parametrize(("source", "group"), [(IN_GROUP, GROUP), (IN_ROOM, ROOM)], ids=["group", "room"])
def test_l_in_13_in_groups_only_what_names_us_is_a_signal(source: dict[str, Any], group: str) -> None:
    """What people say to one another is not kept; a mention is seen, a join is greeted."""
    us = {"mentionees": [{"index": 0, "length": 4, "type": "user", "userId": BOT, "isSelf": True}]}
    them = {
        "mentionees": [{"index": 0, "length": 4, "type": "user", "userId": OTHER, "isSelf": False}, {"type": "all"}]
    }
    named = of_message(message("text", text="@Bot น้ำไม่ไหล", mention=us), source=source)
    assert (named.content, named.mentions_us, named.group, named.user) == (
        Signal("group_message", FIRST),
        True,
        group,
        USER,
    )
    assert "น้ำ" not in repr(named.content)
    for said in (*MESSAGES.values(), message("text", text="@All", mention=them)):
        assert of_message(said, source=source).content is None
    for kind in ("messageEdited", "unsend", "postback", "memberJoined"):
        assert one(EVENTS[kind] | {"source": source}).content is None
    assert one(EVENTS["join"] | {"source": source}).content == Signal("join")
    assert one(EVENTS["leave"] | {"source": source}).content == Signal("leave")


def test_l_in_13_a_mention_by_nobody_is_still_a_mention() -> None:
    """LINE leaves the user out for those who did not consent."""
    us = {"mentionees": [{"index": 0, "length": 4, "type": "user", "isSelf": True}]}
    source = {"type": "group", "groupId": GROUP}
    arrived = of_message(message("text", text="@Bot", mention=us), source=source)
    assert (arrived.user, arrived.group, arrived.content) == (None, GROUP, Signal("group_message", FIRST))
