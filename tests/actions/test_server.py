# SPDX-License-Identifier: Apache-2.0
"""rasa-sdk's protocol as the bot relies on it, and what must never come out of it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from actions.server import ActionsConfig, create_app
from tests.actions.conftest import Sandbox
from tests.actions.wire import CHIANG_MAI, Bot, StoppedClock, place

ACTIONS = {
    "action_air_quality", "validate_air_quality_form", "validate_report_form", "action_ask_report_confirmed",
    "action_submit_report", "action_correct_report", "action_cancel_form", "action_track_case",
    "action_request_erase", "action_request_export", "action_repeat",
}  # fmt: skip
SECRET = "บ้านเลขที่ 99 หมู่ 9"


async def test_every_action_is_registered(bot: Bot) -> None:
    """The list that `GET /actions` gives is the one the domain names."""
    async with bot.session.get(f"{bot.url}/actions") as response:
        assert {entry["name"] for entry in await response.json()} == ACTIONS
    async with bot.session.get(f"{bot.url}/health") as response:
        assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_an_unknown_action_is_404(bot: Bot) -> None:
    """With its name, as Rasa expects."""
    async with bot.session.post(f"{bot.url}/webhook", json=bot.call("action_dance")) as response:
        assert (response.status, await response.json()) == (
            404,
            {"error": "unknown_action", "action_name": "action_dance"},
        )


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "5", "{}", '{"next_action": 5}', '{"next_action": "action_repeat"}',
                                  '{"next_action": "action_repeat", "tracker": {}}', "[" * 50_000])  # fmt: skip
async def test_what_is_no_call_is_400(bot: Bot, body: str) -> None:
    """Without `action_name`, which Rasa would take for a form's refusal."""
    async with bot.session.post(f"{bot.url}/webhook", data=body) as response:
        assert (response.status, await response.json()) == (400, {"error": "bad_request"})


async def test_a_failure_repeats_nothing_of_the_request(bot: Bot, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither in the body nor in the log: rasa-sdk's own server sends the whole conversation back."""
    call = bot.call("action_submit_report", text=SECRET, slots={"report_description": SECRET})
    async with bot.session.post(f"{bot.url}/webhook", json=call) as response:
        body = await response.text()
    assert (response.status, json.loads(body)) == (
        500,
        {"error": "action_failed", "action_name": "action_submit_report"},
    )
    output = capfd.readouterr()
    assert SECRET not in body + output.out + output.err


async def test_an_action_has_a_time_limit(
    config: ActionsConfig, clock: StoppedClock, sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    """Below the bot's own, so that the failure has a name."""
    await sandbox.set_mode("air4thai", "slow", 5)
    async with TestServer(create_app(replace(config, action_seconds=0.2), clock)) as server:
        bot = Bot(session, str(server.make_url("")).rstrip("/"))
        call = bot.call("action_air_quality", slots={"air_place": place("เชียงใหม่", CHIANG_MAI)["value"]})
        async with session.post(f"{bot.url}/webhook", json=call) as response:
            assert (response.status, (await response.json())["error"]) == (504, "time_limit")


@pytest.mark.parametrize(
    ("sent", "status"), [("Bearer right", 200), ("Bearer wrong", 401), ("right", 401), (None, 401), ("Bearer ผิด", 401)]
)
async def test_a_token_is_asked_for_when_one_is_set(
    config: ActionsConfig, clock: StoppedClock, session: aiohttp.ClientSession, sent: str | None, status: int
) -> None:
    """Compared in constant time; health stays open."""
    async with TestServer(create_app(replace(config, webhook_token="right"), clock)) as server:
        url = str(server.make_url("")).rstrip("/")
        headers = {"Authorization": sent} if sent else {}
        call = Bot(session, url).call("action_request_erase")
        async with session.post(f"{url}/webhook", json=call, headers=headers) as response:
            assert response.status == status
        async with session.get(f"{url}/health") as response:
            assert response.status == 200


async def test_a_call_with_its_domain_is_as_good_as_one_without(bot: Bot) -> None:
    """The bot may send the domain or, with `enable_selective_domain`, leave it out."""
    call = bot.call("validate_report_form", text="ถนนพังมาก", slots={"report_description": "ถนนพังมาก"})
    call["tracker"]["events"].append({"event": "slot", "name": "report_description", "value": "ถนนพังมาก"})
    bodies = []
    for domain in ({}, {"domain": {"forms": {"report_form": {"required_slots": ["report_description"]}}}}):
        async with bot.session.post(f"{bot.url}/webhook", json={**call, **domain}) as response:
            bodies.append(await response.json())
    assert bodies[0] == bodies[1]
    assert bodies[0]["events"][0]["value"] == "ถนนพังมาก"


def test_the_secrets_of_the_settings_are_not_printed() -> None:
    """A settings object in a log shows addresses only."""
    config = ActionsConfig(
        internal_url="http://x", internal_token="s3cret", air4thai_url="http://y", gistda_pm25_url="http://z",
        webhook_token="s3cret",
    )  # fmt: skip
    assert "s3cret" not in repr(config)


@pytest.mark.parametrize("limits", [(5.0, 11.0), (6.0, 5.0), (0.0, 5.0)])
def test_an_agency_never_gets_more_than_ten_seconds(limits: tuple[float, float]) -> None:
    """The settings refuse it."""
    attempt, total = limits
    with pytest.raises(ValueError, match="limits"):
        ActionsConfig(
            internal_url="", internal_token="", air4thai_url="", gistda_pm25_url="",
            attempt_seconds=attempt, agency_seconds=total,
        )  # fmt: skip


@pytest.fixture
def process(unused_tcp_port: int) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The action server as its own process, as the supervisor runs it."""
    program = (
        "from actions.server import ActionsConfig, run\n"
        "nowhere = 'http://127.0.0.1:1'\n"
        "run(ActionsConfig(internal_url=nowhere, internal_token='t', air4thai_url=nowhere,"
        f" gistda_pm25_url=nowhere), '127.0.0.1', {unused_tcp_port})\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", program], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", unused_tcp_port)) == 0:
                break
        time.sleep(0.05)
    yield started, unused_tcp_port
    if started.poll() is None:
        started.kill()
        started.communicate()


async def test_the_running_process_logs_json_without_a_word_of_a_message(
    process: tuple[subprocess.Popen[str], int], session: aiohttp.ClientSession
) -> None:
    """One process, JSON lines, classes of errors; SIGTERM ends it cleanly."""
    started, port = process
    bot = Bot(session, f"http://127.0.0.1:{port}")
    failing = bot.call("action_submit_report", text=SECRET, slots={"report_description": SECRET})
    async with session.post(f"{bot.url}/webhook", json=failing) as response:
        assert response.status == 500
    outcome = await bot.run("action_air_quality", text=SECRET, slots={"air_place": place(SECRET, CHIANG_MAI)["value"]})
    assert outcome.ids == ["utter_air_quality_unavailable"]
    started.terminate()
    out, err = started.communicate(timeout=10)
    assert started.returncode == 0
    lines = [json.loads(line) for line in err.splitlines()]
    events = {line.get("event") for line in lines}
    assert {"actions_starting", "action_failed", "agency_failed"} <= events
    failed = next(line for line in lines if line.get("event") == "action_failed")
    assert failed["error"] == "ValueError"
    assert failed["frames"]
    assert out == ""
    assert SECRET not in err
    assert "18.79" not in err
