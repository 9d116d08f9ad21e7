# SPDX-License-Identifier: Apache-2.0
"""Logs: each turn leaves a line, and the watch that all these tests are under would see a word of a citizen."""

from __future__ import annotations

import asyncio
import json
import logging
import sys

import pytest
import structlog

from app import logs
from tests.channels.gateway.stack import Stack, until
from tests.channels.gateway.test_siege import raw
from tests.fakes.bot_server import Bot, Fail

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_turn_leaves_a_line_without_words(stack: Stack, bot: Bot, log_lines: list[str]) -> None:
    """Turn, conversation, outcome, intent and time; a failed turn its reason; never a word, a number or a token."""
    words = "โทรหาสมศรีที่ 081-234-5678 บัตร 1-2345-67890-12-1"
    bot.on(words[:12], Fail(status=502, code="action"), Fail(status=502, code="action"))
    citizen = await stack.citizen()
    await citizen.asks(words)
    await until(lambda: any("'outcome': 'failed'" in line for line in log_lines))
    logged = "\n".join(log_lines)
    assert "'event': 'turn_not_answered'" in logged
    for secret in (words, "สมศรี", "234", "67890", citizen.token, citizen.session):
        assert secret not in logged


async def test_the_watch_sees_everything(log_lines: list[str]) -> None:
    """Our own lines with any field, and a library's warning with its arguments, are seen."""
    structlog.get_logger("channels.gateway").info("x", field="คำลับ")
    logging.getLogger("library").warning("%s was refused", "คำลับ")
    assert len([line for line in log_lines if "คำลับ" in line]) == 2


async def test_a_strangers_nonsense_is_no_error_of_ours(
    stack: Stack, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body that is no gzip and a line that is no header leave lines of level info: nobody can ring the alarm."""
    handler = logs._LibraryHandler("gateway")
    printed = structlog.wrap_logger(
        structlog.PrintLogger(sys.stdout),
        processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
    )
    monkeypatch.setattr(handler, "_log", printed)
    aiohttp_server = logging.getLogger("aiohttp.server")
    aiohttp_server.addHandler(handler)
    try:
        headers = {"Content-Encoding": "gzip"}
        async with stack.http.post(f"{stack.url}/chat/sessions", data=b"no gzip", headers=headers) as response:
            assert response.status == 400
        async with raw(stack.url) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n")
            assert (await asyncio.wait_for(reader.read(4_096), 5)).startswith(b"HTTP/1.")
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            aiohttp_server.exception("a fault of ours")
    finally:
        aiohttp_server.removeHandler(handler)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert {line["level"] for line in lines if line["event"] != "a fault of ours"} == {"info"}
    assert [line["level"] for line in lines if line["event"] == "a fault of ours"] == ["error"]
