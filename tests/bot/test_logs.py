# SPDX-License-Identifier: Apache-2.0
"""Logs are JSON lines, and never hold what a citizen wrote."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import quiet_logs
from tests.bot.conftest import Bot
from tests.bot.fakes import TOKEN

SECRET = "สมศรีใจดีเลขลับ7788"


def test_no_message_text_in_any_log_line(make_bot: Callable[[], Bot], model: Path, conversation: str) -> None:
    """After successes and failures of every kind the log holds no text, no slot, no token and no conversation's answer."""
    bot = make_bot()
    bot.gateway.model = model
    bot.start()
    bot.wait_ready()
    bot.said(conversation, f"สวัสดี {SECRET}")
    bot.said(conversation, "แจ้งปัญหา")
    bot.said(conversation, SECRET)
    bot.actions.replies["action_air_quality"] = (500, {"error": "x", "request_body": {"text": SECRET}})
    assert bot.turn(conversation, f"ค่าฝุ่นวันนี้ {SECRET}")[0] in (200, 502)
    assert bot.turn(conversation, choice={"payload": "/ask_air_quality", "label": SECRET})[0] == 502
    bot.actions.replies["action_air_quality"] = (
        200,
        {"events": [{"event": "slot", "name": SECRET}], "responses": SECRET},
    )
    assert bot.turn(conversation, choice={"payload": "/ask_air_quality", "label": SECRET})[0] == 502
    bot.gateway.answers["utter_greet"] = (200, {"text": None, "note": SECRET})
    assert bot.turn(conversation, choice={"payload": "/greet", "label": SECRET})[0] == 502
    assert bot.post(json.dumps({"text": SECRET}).encode()[:-2])[0] == 400
    bot.post({"turn_id": "t", "conversation": SECRET, "text": SECRET}, token=SECRET[-4:])
    bot.door.shut()
    assert bot.turn(conversation, SECRET)[0] == 500
    bot.door.open()
    assert bot.turn(conversation, choice={"payload": "/no_such", "label": SECRET})[0] == 400
    bot.actions.stop()
    assert bot.turn(conversation, choice={"payload": "/ask_air_quality", "label": SECRET})[0] == 503
    bot.stop()
    log = bot.log.read_text(encoding="utf-8")
    for secret in (SECRET, json.dumps(SECRET)[1:-1], "7788", TOKEN, "แจ้งปัญหา"):
        assert secret not in log
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"code": "action"}.items() <= next(line for line in lines if line.get("code") == "action").items()
    assert all({"time", "level", "logger", "where"} <= set(line) for line in lines)
    assert len(lines) < 60, "one line or two per failure, no tracebacks"


def test_a_foreign_record_keeps_only_its_place() -> None:
    """Of libraries' records the message, arguments and exception's text are dropped; of ours the fields are kept."""
    formatter = quiet_logs.JsonLines()
    try:
        raise ValueError(SECRET) from KeyError(SECRET)
    except ValueError as error:
        record = logging.LogRecord(
            "rasa.core", logging.ERROR, "processor.py", 7, SECRET, (SECRET,), (ValueError, error, error.__traceback__)
        )
    line = formatter.format(record)
    assert SECRET not in line
    assert "7788" not in line
    assert json.loads(line)["error"] == ["builtins.ValueError", "builtins.KeyError"]
    assert "event" not in json.loads(line)
    ours = logging.LogRecord("bot.x", logging.INFO, "x.py", 1, "a turn", (), None)
    ours.fields = {"code": "nlg"}
    assert {"event": "a turn", "code": "nlg"}.items() <= json.loads(formatter.format(ours)).items()


def test_structlog_prints_nothing_by_itself(capfd: pytest.CaptureFixture[str]) -> None:
    """Rasa's structured events carry texts; untold, structlog prints them to standard output."""
    import structlog

    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        quiet_logs.install()
        structlog.get_logger().error("processor.message.parse", parse_data_text=SECRET)
        structlog.get_logger().debug("processor.message.parse", parse_data_text=SECRET)
    finally:
        root.handlers[:], root.level = before
        logging.captureWarnings(False)
        structlog.reset_defaults()
    captured = capfd.readouterr()
    assert SECRET not in captured.out + captured.err
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
