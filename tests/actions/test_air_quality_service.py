# SPDX-License-Identifier: Apache-2.0
"""The air question end to end: the bot's action call, the emulated agencies, every trouble they can be in."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from actions.server import ActionsConfig, create_app
from tests.actions.conftest import Sandbox
from tests.actions.wire import (
    BANGKOK,
    CHIANG_MAI,
    KANCHANABURI,
    KORAT,
    NARATHIWAT,
    RANONG,
    Bot,
    Outcome,
    StoppedClock,
    district,
    place,
    province,
)

TROUBLES = ("down", "slow", "html", "redirect", "error", "garbage")
FRESH = timedelta(hours=2, minutes=15)


async def ask(bot: Bot, *areas: dict[str, object], text: str = "ที่นี่") -> Outcome:
    """Ask about a place that has been understood as these areas."""
    return await bot.run(
        "action_air_quality", intent="ask_air_quality", slots={"air_place": place(text, *areas)["value"]}
    )


async def test_a_province_is_answered_by_its_station_of_now(bot: Bot, clock: StoppedClock) -> None:
    """Value, hourly value, time and source come along, and sandbox data is labelled."""
    outcome = await ask(bot, CHIANG_MAI)
    card = outcome.arguments("utter_air_quality")
    assert card["place"] == "เชียงใหม่"
    assert card["station"] == "โรงเรียนในเมืองเก่า"
    assert card["pm25"] > 0
    assert card["pm25_hour"] > 0
    assert card["aqi"] > 0
    assert card["level"] in {"1", "2", "3", "4", "5"}
    assert clock.now - datetime.fromisoformat(card["observed_at"]) <= FRESH
    assert datetime.fromisoformat(card["fetched_at"]) == clock.now
    assert card["sandbox"] is True
    assert card["source_url"] is None
    assert "Air4Thai" in card["source_name"]
    assert card["distance_km"] is None


async def test_other_stations_of_the_area_are_listed(bot: Bot) -> None:
    """The single card is followed by the others, at most five, each with its own time; faulty ones are left out."""
    outcome = await ask(bot, BANGKOK)
    listed = outcome.arguments("utter_air_quality_stations")["stations"]
    assert 0 < len(listed) <= 5
    assert outcome.ids == ["utter_air_quality", "utter_air_quality_stations"]
    names = {entry["station"] for entry in listed} | {outcome.arguments("utter_air_quality")["station"]}
    assert not names & {"วงเวียนธนบุรี", "รถตรวจอากาศหลักสี่"}  # sentinel and stale
    assert all(entry["pm25"] is not None and entry["observed_at"] for entry in listed)


async def test_slots_are_empty_afterwards(bot: Bot) -> None:
    """The next question starts without the last one's place."""
    outcome = await ask(bot, KORAT)
    assert outcome.slots == {"air_place": None, "place_choices": None, "place_said": None}


async def test_a_district_without_station_takes_the_nearest_in_reach(bot: Bot) -> None:
    """The answer says how far away the station stands."""
    outcome = await ask(bot, district("สันทราย", "เชียงใหม่", 18.8479, 99.0398))
    card = outcome.arguments("utter_air_quality")
    assert card["place"] == "อ.สันทราย จ.เชียงใหม่"
    assert card["distance_km"] in range(2, 20)


async def test_a_pin_takes_the_nearest_station(bot: Bot) -> None:
    """A pin has no words, so the answer names only the station."""
    outcome = await bot.run("action_air_quality", slots={"air_place": {"lat": 13.7627, "lon": 100.5500}})
    card = outcome.arguments("utter_air_quality")
    assert (card["place"], card["station"], card["distance_km"]) == (None, "ริมคลองดินแดง", None)


async def test_a_province_without_station_gets_the_satellites_estimate(bot: Bot) -> None:
    """Never told as a measurement: it is another answer, from another source."""
    outcome = await ask(bot, RANONG)
    estimate = outcome.arguments("utter_air_quality_estimate")
    assert estimate["source_name"] == "GISTDA"
    assert estimate["sandbox"] is True
    assert estimate["pm25"] > 0
    assert estimate["level"] in {"1", "2", "3", "4", "5"}
    assert outcome.ids == ["utter_air_quality_estimate"]


@pytest.mark.parametrize("area", [KANCHANABURI, NARATHIWAT], ids=["stale", "minus1"])
async def test_a_faulty_station_does_not_speak_for_now(bot: Bot, area: dict[str, object]) -> None:
    """A station that is days old or has -1 is passed over for the estimate."""
    outcome = await ask(bot, area)
    assert outcome.ids == ["utter_air_quality_estimate"]


async def test_nothing_in_reach_is_said_so(bot: Bot, sandbox: Sandbox) -> None:
    """No station, no estimate: the distance of the nearest one is told, nothing is invented."""
    await sandbox.set_mode("gistda-pm25", "down")
    outcome = await ask(bot, RANONG)
    assert outcome.ids == ["utter_air_quality_no_station"]
    assert outcome.arguments("utter_air_quality_no_station")["distance_km"] > 50


@pytest.mark.parametrize("mode", [*TROUBLES, "sentinel", "stale"])
async def test_air4thai_in_trouble_leaves_the_estimate(bot: Bot, sandbox: Sandbox, mode: str) -> None:
    """Whatever Air4Thai does, GISTDA answers, as an estimate."""
    await sandbox.set_mode("air4thai", mode)
    outcome = await ask(bot, CHIANG_MAI)
    assert outcome.ids == ["utter_air_quality_estimate"]


@pytest.mark.parametrize("mode", [*TROUBLES, "sentinel", "stale"])
async def test_both_in_trouble_is_told_honestly(bot: Bot, sandbox: Sandbox, mode: str) -> None:
    """Without any value of now the answer carries none."""
    await sandbox.set_mode("air4thai", mode)
    await sandbox.set_mode("gistda-pm25", mode)
    outcome = await ask(bot, CHIANG_MAI)
    if mode in TROUBLES:
        told = outcome.arguments("utter_air_quality_unavailable")
        assert told["place"] == "เชียงใหม่"
        assert "Air4Thai" in told["agency_name"]
        assert told["last_pm25"] is None
        assert told["last_observed_at"] is None
    else:
        assert outcome.ids == ["utter_air_quality_no_station"]


@pytest.mark.parametrize("mode", TROUBLES)
async def test_gistda_in_trouble_does_not_touch_a_measured_answer(bot: Bot, sandbox: Sandbox, mode: str) -> None:
    """Where a station speaks, GISTDA is not needed."""
    await sandbox.set_mode("gistda-pm25", mode)
    assert "utter_air_quality" in (await ask(bot, KORAT)).ids


async def test_an_agency_that_fell_silent_is_answered_from_the_last_good_list(
    bot: Bot, sandbox: Sandbox, clock: StoppedClock
) -> None:
    """While the kept values are fresh they are told with the time at which they were fetched."""
    await ask(bot, CHIANG_MAI)
    fetched = clock.now
    await sandbox.set_mode("air4thai", "down")
    clock.advance(minutes=30)
    card = (await ask(bot, CHIANG_MAI)).arguments("utter_air_quality")
    assert datetime.fromisoformat(card["fetched_at"]) == fetched
    assert card["pm25_hour"] is None


async def test_kept_values_that_have_aged_are_told_only_as_the_last_known(
    bot: Bot, sandbox: Sandbox, clock: StoppedClock
) -> None:
    """Six hours later they are not the air of now any more; a day later they are not worth telling."""
    await ask(bot, CHIANG_MAI)
    for agency in ("air4thai", "gistda-pm25"):
        await sandbox.set_mode(agency, "down")
    clock.advance(hours=6)
    told = (await ask(bot, CHIANG_MAI)).arguments("utter_air_quality_unavailable")
    assert told["last_pm25"] > 0
    assert told["last_station"]
    assert told["last_level"]
    assert told["sandbox"] is True
    assert clock.now - datetime.fromisoformat(told["last_observed_at"]) > FRESH
    clock.advance(hours=24)
    told = (await ask(bot, CHIANG_MAI)).arguments("utter_air_quality_unavailable")
    assert told["last_pm25"] is None
    assert told["sandbox"] is False


async def test_an_old_station_is_told_with_its_age(
    config: ActionsConfig, clock: StoppedClock, sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    """The agency answers but its hours have stopped, and there is no estimate: a warning stands before the card."""
    await sandbox.set_mode("gistda-pm25", "down")
    last = {"date": "2026-11-22", "time": "11:00", "PM25": {"color_id": "2", "aqi": "40", "value": "21.0"}}
    station = {"stationID": "x", "nameTH": "สวนริมน้ำ", "areaTH": "ต.ในเมือง อ.เมือง, นครราชสีมา"}
    body = {"stations": [{**station, "lat": "14.97", "long": "102.1", "AQILast": last}]}

    async def stations(_request: web.Request) -> web.Response:
        return web.json_response(body)

    stopped = web.Application()
    stopped.router.add_get("/forweb/getAQI_JSON.php", stations)
    async with TestServer(stopped) as agency:
        settings = replace(config, air4thai_url=str(agency.make_url("")))
        async with TestServer(create_app(settings, clock)) as server:
            outcome = await ask(Bot(session, str(server.make_url("")).rstrip("/")), KORAT)
    assert outcome.ids == ["utter_air_quality_stale", "utter_air_quality"]
    warning = outcome.arguments("utter_air_quality_stale")
    assert (warning["age_hours"], warning["observed_at"]) == (6, "2026-11-22T11:00:00+07:00")


async def test_a_slow_history_costs_only_its_line(bot: Bot, sandbox: Sandbox, clock: StoppedClock) -> None:
    """The list is kept, so only the hourly value is missing when the agency becomes slow."""
    await ask(bot, CHIANG_MAI)
    await sandbox.set_mode("air4thai", "slow", 2)
    card = (await ask(bot, KORAT)).arguments("utter_air_quality")
    assert card["pm25"] > 0
    assert card["pm25_hour"] is None


async def test_nobody_waits_long_for_the_hourly_value(
    config: ActionsConfig, clock: StoppedClock, sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    """Also with generous limits the answer comes soon, without that line."""
    patient = replace(config, agency_seconds=5, attempt_seconds=5)
    async with TestServer(create_app(patient, clock)) as server:
        bot = Bot(session, str(server.make_url("")).rstrip("/"))
        await ask(bot, CHIANG_MAI)
        await sandbox.set_mode("air4thai", "slow", 4)
        start = time.monotonic()
        card = (await ask(bot, KORAT)).arguments("utter_air_quality")
    assert time.monotonic() - start < 3
    assert card["pm25_hour"] is None


async def test_a_place_in_the_message_is_enough_without_a_form(bot: Bot) -> None:
    """The action called directly reads the entity."""
    outcome = await bot.run("action_air_quality", text="pm2.5 โคราช", entities=[place("โคราช", KORAT)])
    assert outcome.arguments("utter_air_quality")["place"] == "นครราชสีมา"


async def test_without_any_place_it_asks(bot: Bot) -> None:
    """Nothing is guessed."""
    assert (await bot.run("action_air_quality", text="ฝุ่นเป็นไง")).ids == ["utter_ask_air_place"]


async def test_inside_another_form_it_gives_an_example_instead_of_a_question(bot: Bot) -> None:
    """The report form's own question follows; two questions at once would be one too many."""
    outcome = await bot.run("action_air_quality", text="ฝุ่นเป็นไง", intent="ask_air_quality", form="report_form")
    assert outcome.ids == ["utter_air_quality_needs_place"]
    # The other form's question does not follow: an answer would be taken for its place.
    assert [event["name"] for event in outcome.events if event["event"] == "followup"] == ["action_listen"]


async def test_live_addresses_drop_the_label(
    config: ActionsConfig, clock: StoppedClock, session: aiohttp.ClientSession
) -> None:
    """The label follows the setting, not the data."""
    live = replace(config, air4thai_sandbox=False, gistda_pm25_sandbox=False)
    async with TestServer(create_app(live, clock)) as server:
        outcome = await ask(Bot(session, str(server.make_url("")).rstrip("/")), CHIANG_MAI)
    card = outcome.arguments("utter_air_quality")
    assert card["sandbox"] is False
    assert card["source_url"].startswith("https://air4thai")


async def test_an_installation_without_agencies_says_so(
    config: ActionsConfig, clock: StoppedClock, session: aiohttp.ClientSession
) -> None:
    """Nothing is asked, and nobody is told to try again: it would not help."""
    off = replace(config, air4thai_url="", gistda_pm25_url="")
    async with TestServer(create_app(off, clock)) as server:
        outcome = await ask(Bot(session, str(server.make_url("")).rstrip("/")), CHIANG_MAI)
    assert outcome.ids == ["utter_air_quality_off"]
    assert outcome.arguments("utter_air_quality_off")["agency_url"] == "https://air4thai.pcd.go.th/"


async def test_without_the_satellite_nothing_changes_for_stations(
    config: ActionsConfig, clock: StoppedClock, session: aiohttp.ClientSession
) -> None:
    """And a place out of their reach is told so, without a word of an agency that fails."""
    off = replace(config, gistda_pm25_url="")
    async with TestServer(create_app(off, clock)) as server:
        bot = Bot(session, str(server.make_url("")).rstrip("/"))
        assert "utter_air_quality" in (await ask(bot, CHIANG_MAI)).ids
        assert (await ask(bot, RANONG)).ids == ["utter_air_quality_no_station"]


async def test_without_stations_only_the_satellite_speaks(
    config: ActionsConfig, clock: StoppedClock, session: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    """For a point; when it fails it is the one that is named, and where it cannot help the service is off."""
    off = replace(config, air4thai_url="")
    async with TestServer(create_app(off, clock)) as server:
        bot = Bot(session, str(server.make_url("")).rstrip("/"))
        assert (await ask(bot, CHIANG_MAI)).ids == ["utter_air_quality_estimate"]
        assert (await ask(bot, province("เชียงใหม่"))).ids == ["utter_air_quality_off"]
        await sandbox.set_mode("gistda-pm25", "down")
        told = (await ask(bot, KORAT)).arguments("utter_air_quality_unavailable")
        assert told["agency_name"] == "GISTDA"


async def test_the_form_takes_one_reading(bot: Bot) -> None:
    """A place with one reading fills the slot."""
    outcome = await bot.validate(
        "air_quality_form", "air_place", place("โคราช", KORAT)["value"], entities=[place("โคราช", KORAT)]
    )
    assert outcome.slots["air_place"]["candidates"][0]["name"] == "นครราชสีมา"
    assert outcome.ids == []


async def test_the_form_offers_the_readings_of_an_ambiguous_name(bot: Bot) -> None:
    """Each choice carries one reading and its full name."""
    readings = [district("เฉลิมพระเกียรติ", of) for of in ("นครราชสีมา", "บุรีรัมย์", "สระบุรี", "น่าน")]
    named = place("เฉลิมพระเกียรติ", *readings)
    outcome = await bot.validate(
        "air_quality_form", "air_place", named["value"], entities=[named], requested="air_place", text="เฉลิมพระเกียรติ"
    )
    assert outcome.slots["air_place"] is None
    assert outcome.slots["place_said"] == "เฉลิมพระเกียรติ"
    choices = outcome.slots["place_choices"]
    assert next(choice["label"] for choice in choices) == "อ.เฉลิมพระเกียรติ จ.นครราชสีมา"
    assert all(len(choice["value"]["candidates"]) == 1 for choice in choices)
    chosen = await bot.validate("air_quality_form", "air_place", choices[1]["value"], requested="air_place", text="")
    assert chosen.slots["air_place"]["candidates"][0]["province"] == "บุรีรัมย์"
    assert chosen.slots["place_choices"] is None


async def test_the_form_asks_again_for_words_it_does_not_know(bot: Bot) -> None:
    """What was said is repeated in the answer, not kept."""
    outcome = await bot.validate("air_quality_form", "air_place", "แถวบ้านยาย", requested="air_place")
    assert outcome.slots["air_place"] is None
    assert outcome.arguments("utter_place_unknown") == {"said": "แถวบ้านยาย"}


@pytest.mark.parametrize(("lat", "lon", "inside"), [(18.79, 98.98, True), (35.68, 139.69, False), (1.35, 103.8, False)])
async def test_the_form_takes_pins_in_thailand_only(bot: Bot, lat: float, lon: float, inside: bool) -> None:
    """A pin elsewhere is said so and asked again."""
    pin = {"entity": "location", "value": {"lat": lat, "lon": lon}}
    outcome = await bot.validate(
        "air_quality_form", "air_place", "[location]", entities=[pin], requested="air_place", text="[location]"
    )
    assert outcome.slots["air_place"] == ({"lat": lat, "lon": lon} if inside else None)
    assert outcome.ids == ([] if inside else ["utter_place_outside_thailand"])


async def test_a_photo_is_no_place(bot: Bot) -> None:
    """It is asked again without being called an unknown place."""
    outcome = await bot.validate("air_quality_form", "air_place", "[photo]", requested="air_place")
    assert (outcome.slots["air_place"], outcome.ids) == (None, [])


async def test_an_unknown_province_is_not_measured_elsewhere(bot: Bot) -> None:
    """A province without coordinates and station has nothing to say, and does not borrow another's value."""
    assert (await ask(bot, province("พังงา"))).ids == ["utter_air_quality_no_station"]
