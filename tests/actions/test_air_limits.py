# SPDX-License-Identifier: Apache-2.0
"""Questions about the air that ask for more than there is: another time, the weather, a second place, one abroad."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.wire import CHIANG_MAI, KORAT, RANONG, Bot, Outcome, place

LONDON = {"entity": "place", "value": {"text": "ลอนดอน", "candidates": [], "abroad": True}}


async def ask(bot: Bot, *entities: dict[str, Any], intent: str = "ask_air_quality", **more: Any) -> Outcome:
    """A question whose first place fills the slot, as the form's mapping does."""
    first = next((each["value"] for each in entities if each["entity"] == "place"), None)
    return await bot.run(
        "action_air_quality", intent=intent, entities=list(entities), slots={"air_place": first}, **more
    )


@pytest.mark.parametrize("limit", ["forecast", "history", "weather"])
async def test_what_is_not_known_is_said_before_the_value_of_now(bot: Bot, limit: str) -> None:
    """A value of now alone would pass for tomorrow's, or for the temperature."""
    outcome = await ask(bot, {"entity": "air_limit", "value": limit}, place("เชียงใหม่", CHIANG_MAI))
    assert outcome.ids[:2] == ["utter_air_quality_now_only", "utter_air_quality"]
    assert outcome.arguments("utter_air_quality_now_only") == {"limit": limit}


async def test_it_is_still_known_when_the_place_came_afterwards(bot: Bot) -> None:
    """ "พรุ่งนี้ฝุ่นเยอะไหม", then the place that the form asked for; not what another turn asked long ago."""
    question = {
        "event": "user",
        "text": "พรุ่งนี้ฝุ่นเยอะไหม",
        "parse_data": {
            "intent": {"name": "ask_air_quality"},
            "entities": [{"entity": "air_limit", "value": "forecast"}],
        },
    }
    answer = {"event": "user", "text": "เชียงใหม่", "parse_data": {"intent": {"name": "inform"}, "entities": []}}
    here = place("เชียงใหม่", CHIANG_MAI)
    outcome = await ask(bot, here, intent="inform", events=[question, answer])
    assert outcome.ids[0] == "utter_air_quality_now_only"
    plain = {**question, "parse_data": {"intent": {"name": "ask_air_quality"}, "entities": []}}
    outcome = await ask(bot, here, intent="inform", events=[question, plain, answer])
    assert outcome.ids[0] == "utter_air_quality"


async def test_a_second_place_is_told_too(bot: Bot) -> None:
    """Each once, however often it was named."""
    outcome = await ask(bot, place("เชียงใหม่", CHIANG_MAI), place("โคราช", KORAT), place("โคราช", KORAT))
    cards = [arguments["place"] for name, arguments in outcome.answers if name == "utter_air_quality"]
    assert cards == ["เชียงใหม่", "นครราชสีมา"]


async def test_a_second_place_that_is_not_clear_is_not_passed_over(bot: Bot) -> None:
    """It can be asked about by itself."""
    outcome = await ask(bot, place("เชียงใหม่", CHIANG_MAI), place("เมือง", KORAT, RANONG))
    assert outcome.ids[-1] == "utter_air_quality_one_at_a_time"
    assert outcome.arguments("utter_air_quality_one_at_a_time") == {"said": "เมือง"}


async def test_a_place_abroad_is_told_as_such(bot: Bot) -> None:
    """By the form's check and by the direct answer inside another form; nobody is asked for a value."""
    checked = await bot.validate(
        "air_quality_form", "air_place", LONDON["value"], text="ฝุ่นลอนดอน", intent="ask_air_quality", entities=[LONDON]
    )
    assert checked.ids == ["utter_place_outside_thailand"]
    assert checked.slots["air_place"] is None
    outcome = await ask(bot, LONDON, form="report_form")
    assert outcome.ids == ["utter_place_outside_thailand"]
