# SPDX-License-Identifier: Apache-2.0
"""Logs: each turn leaves a line, and the watch that all these tests are under would see a word of a citizen."""

from __future__ import annotations

import logging

import pytest
import structlog

from tests.channels.gateway.stack import Stack, until
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
