# SPDX-License-Identifier: Apache-2.0
"""Whatever goes wrong is a failure that the gateway can see, and nothing of the turn is kept."""

from __future__ import annotations

import time
from typing import Any

import psycopg
import pytest

from tests.bot.conftest import Bot
from tests.bot.fakes import said


def slow(_: Any) -> tuple[int, Any]:
    time.sleep(3)
    return 200, said("utter_two")


_EVENTS_WRONG = {"events": [{"event": "slot"}], "responses": []}


@pytest.mark.parametrize(
    "reply",
    [
        (500, {"error": "boom", "request_body": {"tracker": "…"}}),
        (404, b"not found"),
        (200, b"<html>"),
        (200, b""),
        (200, _EVENTS_WRONG),
        (200, {"events": {}, "responses": []}),
        (200, {"events": [], "responses": ["text"]}),
        (200, []),
        (400, b"<html>"),
        (400, {"error": "no action's name"}),
        (302, b""),
    ],
)
def test_an_action_that_fails_is_told(bot: Bot, conversation: str, reply: Any) -> None:
    """Rasa would answer 200 with what is left of the turn; here it is a 502 and the tracker stays as it was."""
    bot.said(conversation, "สวัสดี")
    before = bot.stored(conversation)
    bot.actions.replies["action_track_case"] = reply
    status, body = bot.turn(conversation, "เช็คสถานะ")
    assert (status, body) == (
        502,
        {"error": "action", "active_form": None, "requested_slot": None, "filled_slots": []},
    )
    assert bot.stored(conversation) == before


def test_an_action_server_that_is_away(bot: Bot, conversation: str) -> None:
    """A refused connection has its own code: it may be back in a moment, and then the same turn works."""
    bot.actions.stop()
    try:
        status, body = bot.turn(conversation, "ฝุ่นเชียงใหม่", turn_id="t")
        assert (status, body["error"]) == (503, "actions_away")
    finally:
        bot.actions.start()
    bot.actions.replies["action_air_quality"] = (200, said("utter_two"))
    assert bot.said(conversation, "ฝุ่นเชียงใหม่", turn_id="t") == ["utter_two"]


def test_an_action_that_hangs_ends_at_the_deadline(bot: Bot, conversation: str) -> None:
    """Rasa would wait 300 s; the turn ends when the gateway said."""
    bot.said(conversation, "แจ้งปัญหา")
    bot.actions.replies["action_air_quality"] = slow
    began = time.monotonic()
    status, body = bot.turn(conversation, "ค่าฝุ่นวันนี้", deadline_ms=700)
    assert (status, body["error"]) == (504, "deadline")
    assert 0.6 < time.monotonic() - began < 1.4
    assert (body["active_form"], body["filled_slots"]) == ("report_form", ["report_description"])


def test_waiting_for_another_turn_ends_at_the_deadline(bot: Bot, conversation: str) -> None:
    """A turn that cannot begin because another one of the conversation is under way is a 409."""
    from concurrent.futures import ThreadPoolExecutor

    bot.actions.replies["action_air_quality"] = slow
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(bot.turn, conversation, "ฝุ่นเชียงใหม่")
        time.sleep(0.4)
        assert bot.turn(conversation, "สวัสดี", deadline_ms=300)[1]["error"] == "lock"
        assert first.result()[0] == 200


def test_an_action_of_a_form_that_fails(bot: Bot, conversation: str) -> None:
    """What was filled before the failing turn is told and still there."""
    bot.said(conversation, "แจ้งปัญหา")
    bot.said(conversation, location={"lat": 13.7, "lon": 100.5})
    bot.said(conversation, "ข้าม")
    bot.actions.replies["action_submit_report"] = (500, {})
    status, body = bot.turn(conversation, "ใช่ครับ")
    assert (status, body["error"]) == (502, "action")
    assert body["active_form"] == "report_form"
    assert body["requested_slot"] == "report_confirmed"
    assert body["filled_slots"] == ["report_description", "report_place", "report_photo"]
    bot.actions.replies["action_submit_report"] = (200, said("utter_two"))
    assert bot.said(conversation, "ใช่ครับ") == ["utter_two"]


@pytest.mark.parametrize(
    "reply",
    [
        (500, b""),
        (404, {"error": "unknown_answer"}),
        (200, {}),
        (200, b""),
        (200, b"<html>"),
        (200, {"text": None}),
        (200, {"text": ""}),
        (200, {"text": None, "custom": {"blocks": []}}),
        (200, {"text": 5}),
        (200, {"custom": {"blocks": [{"type": "no_such_block"}]}}),
        (200, {"text": "x", "buttons": [{"payload": "/greet"}]}),
        (200, ["text"]),
    ],
)
def test_an_answer_that_cannot_be_read_is_told(bot: Bot, conversation: str, reply: Any) -> None:
    """Also an NLG endpoint that answers `{}`: Rasa would send a block whose text is null."""
    bot.gateway.answers["utter_greet"] = reply
    status, body = bot.turn(conversation, "สวัสดี")
    assert (status, body["error"]) == (502, "nlg")
    assert bot.stored(conversation) is None


def test_an_answer_missing_inside_an_action_is_told(bot: Bot, conversation: str) -> None:
    """An answer that an action names goes through the same door."""
    bot.actions.replies["action_air_quality"] = (200, said("utter_two"))
    bot.gateway.answers["utter_two"] = (404, {"error": "unknown_answer"})
    assert bot.turn(conversation, "ฝุ่นเชียงใหม่")[1]["error"] == "nlg"


def test_an_empty_answer_among_others_is_told(bot: Bot, conversation: str) -> None:
    """Rasa leaves `{}` out of what an action says and sends the rest."""
    bot.actions.replies["action_air_quality"] = (200, said("utter_two", "utter_help"))
    bot.gateway.answers["utter_two"] = (200, {})
    assert bot.turn(conversation, "ฝุ่นเชียงใหม่")[1]["error"] == "nlg"


def test_an_nlg_endpoint_that_is_away(bot: Bot, conversation: str) -> None:
    """A refused connection to the gateway has its own code."""
    bot.gateway.stop()
    try:
        assert bot.turn(conversation, "สวัสดี")[1]["error"] == "nlg_away"
    finally:
        bot.gateway.start()
    assert bot.said(conversation, "สวัสดี") == ["utter_greet"]


def test_an_nlg_endpoint_that_hangs(bot: Bot, conversation: str) -> None:
    """Its own limit of five seconds ends the wait before the turn's deadline does."""
    bot.gateway.nlg_seconds = 7
    began = time.monotonic()
    assert bot.turn(conversation, "สวัสดี", deadline_ms=20_000)[1]["error"] == "nlg"
    assert time.monotonic() - began < 6.5


def test_a_turn_without_any_answer_is_a_failure(bot: Bot, conversation: str) -> None:
    """Silence is never an answer."""
    status, body = bot.turn(conversation, choice={"payload": "/silent", "label": "…"})
    assert (status, body["error"]) == (502, "bot")


def test_actions_in_a_circle_are_a_failure(bot: Bot, conversation: str) -> None:
    """Rasa would stop after ten actions and save what it has."""
    again = {"event": "followup", "name": "action_silent", "timestamp": None}
    bot.actions.replies["action_silent"] = (200, said("utter_two", events=[again]))
    status, body = bot.turn(conversation, choice={"payload": "/silent", "label": "…"})
    assert (status, body["error"]) == (502, "bot")
    assert bot.stored(conversation) is None


def test_a_dead_database_is_never_hidden(bot: Bot, conversation: str) -> None:
    """Rasa would go on in memory. Here each turn and each erasure fails at once, until the database is back."""
    bot.said(conversation, "แจ้งปัญหา")
    bot.door.shut()
    try:
        began = time.monotonic()
        status, body = bot.turn(conversation, "หน้าวัด", turn_id="t")
        assert (status, body) == (500, {"error": "tracker_store", "active_form": None, "filled_slots": []})
        assert time.monotonic() - began < 2
        assert bot.post({"conversation": conversation}, "/erase")[1]["error"] == "tracker_store"
    finally:
        bot.door.open()
    status, body = bot.turn(conversation, "หน้าวัด", turn_id="t")
    assert (status, body["requested_slot"]) == (200, "report_photo"), "the form went on where it was"


def test_a_restarted_database_costs_no_turn(bot: Bot, conversation: str) -> None:
    """All kept connections died; the first turn afterwards works."""
    bot.said(conversation, "แจ้งปัญหา")
    with psycopg.connect(bot.database, autocommit=True) as connection:
        killed = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'prachabot-bot'"
        ).fetchone()
    assert killed is not None
    assert killed[0] > 0
    assert bot.turn(conversation, "หน้าวัด")[0] == 200


def test_a_database_that_dies_during_the_turn(bot: Bot, conversation: str) -> None:
    """The write fails, the turn is a 500, and nothing of it is there afterwards."""
    bot.said(conversation, "สวัสดี")
    before = bot.stored(conversation)

    def close_the_door(_: Any) -> tuple[int, Any]:
        bot.door.shut()
        return 200, said("utter_two")

    bot.actions.replies["action_air_quality"] = close_the_door
    try:
        assert bot.turn(conversation, "ฝุ่นเชียงใหม่")[1]["error"] == "tracker_store"
    finally:
        bot.door.open()
    assert bot.stored(conversation) == before


def test_a_second_writer_is_noticed(bot: Bot, conversation: str) -> None:
    """Another process wrote the conversation during the turn: 409, and its work is not overwritten."""
    bot.said(conversation, "สวัสดี")

    def write_too(_: Any) -> tuple[int, Any]:
        with psycopg.connect(bot.database, autocommit=True) as connection:
            connection.execute(
                "UPDATE trackers SET body = '{\"events\": []}', updated_at = clock_timestamp() WHERE conversation = %s",
                [conversation],
            )
        return 200, said("utter_two")

    bot.actions.replies["action_air_quality"] = write_too
    status, body = bot.turn(conversation, "ฝุ่นเชียงใหม่")
    assert (status, body["error"]) == (409, "lock")
    assert bot.stored(conversation) == []


def test_a_conversation_erased_during_a_turn_stays_erased(bot: Bot, conversation: str) -> None:
    """A turn under way must not bring back what the retention job or an erasure elsewhere removed."""
    bot.said(conversation, "สวัสดี")

    def erase(_: Any) -> tuple[int, Any]:
        with psycopg.connect(bot.database, autocommit=True) as connection:
            connection.execute("DELETE FROM trackers WHERE conversation = %s", [conversation])
        return 200, said("utter_two")

    bot.actions.replies["action_air_quality"] = erase
    assert bot.turn(conversation, "ฝุ่นเชียงใหม่")[0] == 409
    assert bot.stored(conversation) is None


def test_a_tracker_that_cannot_be_read_is_a_failure(bot: Bot, conversation: str) -> None:
    """A row of another form is told, not replaced by an empty tracker."""
    for body in ('{"events": [{"event": "no_such_event"}]}', '{"events": 5}', "[]"):
        with psycopg.connect(bot.database, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO trackers (conversation, body) VALUES (%s, %s) "
                "ON CONFLICT (conversation) DO UPDATE SET body = excluded.body",
                [conversation, body],
            )
        assert bot.turn(conversation, "สวัสดี")[1]["error"] == "tracker_store"
