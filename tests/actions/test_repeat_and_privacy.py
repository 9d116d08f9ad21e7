# SPDX-License-Identifier: Apache-2.0
"""Repeating the last reply, and the answers that carry an order to the gateway."""

from __future__ import annotations

from typing import Any

from tests.actions.wire import Bot


def user(text: str) -> dict[str, Any]:
    """The citizen's event."""
    return {"event": "user", "text": text}


def said(text: str | None = None, **data: Any) -> dict[str, Any]:
    """The bot's event as Rasa keeps it."""
    return {"event": "bot", "text": text, "data": {"buttons": None, "custom": None, "image": None, **data}}


async def test_the_last_reply_comes_again(bot: Bot) -> None:
    """All blocks of the last turn in which the bot spoke, in order, and nothing older."""
    card = {"type": "card", "title": "คุณภาพอากาศ"}
    events = [
        user("สวัสดี"), said("สวัสดีค่ะ"), user("ฝุ่นโคราช"),
        said("นี่ค่ะ", buttons=[{"title": "ที่อื่น", "payload": "/ask_air_quality"}]),
        said(custom={"blocks": [card]}), user("หืม"), user("พูดอีกที"),
    ]  # fmt: skip
    outcome = await bot.run("action_repeat", intent="repeat", events=events)
    choices = {"type": "choices", "text": "นี่ค่ะ", "choices": [{"label": "ที่อื่น", "payload": "/ask_air_quality"}]}
    assert outcome.blocks == [{"blocks": [choices, card]}]
    assert outcome.ids == []


async def test_an_order_is_never_repeated(bot: Bot) -> None:
    """Asking what was said must not erase anything."""
    erased = {"blocks": [{"type": "text", "text": "ลบแล้วค่ะ"}, {"type": "directive", "name": "erase"}]}
    outcome = await bot.run("action_repeat", events=[user("ลบ"), said(custom=erased), user("อะไรนะ")])
    assert outcome.blocks == [{"blocks": [{"type": "text", "text": "ลบแล้วค่ะ"}]}]


async def test_nothing_to_repeat_is_said_so(bot: Bot) -> None:
    """At the start of a talk."""
    assert (await bot.run("action_repeat", events=[user("พูดอีกที")])).ids == ["utter_nothing_to_repeat"]


async def test_erasing_and_exporting_are_answers(bot: Bot) -> None:
    """The order stands in the answer file, so the action only names it."""
    assert (await bot.run("action_request_erase", intent="confirm_erase")).answers == [("utter_erased", {})]
    assert (await bot.run("action_request_export", intent="export_my_data")).answers == [("utter_exporting", {})]
