# SPDX-License-Identifier: Apache-2.0
"""What the client logs: a line for each call, and nothing of what people write or keep secret."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from channels.line.client import Line, open_line
from core.errors import Verdict
from tests.channels.line.client.channel import CONTENT, KEY, PUSH, REPLY, SECRET, TEXT, USER, config_of
from tests.fakes.line_server import Drop, Hang, LineServer, Say


async def test_l_out_16_every_call_leaves_one_line(
    server: LineServer, stateless: Line, lines: list[dict[str, Any]]
) -> None:
    """Name, status, LINE's request id and milliseconds."""
    server.on(REPLY, Say(200, {"sentMessages": []}), Say(400, {"message": "Invalid reply token"}), Drop())
    server.always(CONTENT, Say(410))
    for call in (
        lambda: stateless.reply("reply-token", [TEXT]),
        lambda: stateless.reply("reply-token", [TEXT]),
        lambda: stateless.reply("reply-token", [TEXT]),
        lambda: stateless.content("77", 10),
    ):
        try:
            await call()
        except Verdict:
            continue
    assert all(isinstance(line.pop("ms"), int) for line in lines)
    assert lines == [
        {"event": "line_call", "call": "token", "status": 200, "request_id": None, "level": "info"},
        {"event": "line_call", "call": "reply", "status": 200, "request_id": "request-2", "level": "info"},
        {"event": "line_call", "call": "reply", "status": 400, "request_id": "request-3", "level": "warning"},
        {
            "event": "line_call",
            "call": "reply",
            "status": None,
            "request_id": None,
            "error": "ServerDisconnectedError",
            "level": "warning",
        },
        {"event": "line_call", "call": "content", "status": 410, "request_id": "request-5", "level": "warning"},
    ]


async def test_l_out_16_no_words_people_or_secrets_in_any_log(
    server: LineServer, lines: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    """Not in ours, not in the SDK's, even when everybody logs everything."""
    caplog.set_level(logging.DEBUG)
    server.always(f"/profile/{USER}", Say(200, {"displayName": "สมศรี ใจดี", "userId": USER, "language": "th"}))
    server.on(PUSH, Say(400, {"message": "The property, 'to', in the request body is invalid"}), Drop(), Hang())
    async with open_line(config_of(server), timeout=0.3) as line:
        await line.reply("the-reply-token", [TEXT])
        await line.profile(USER)
        await line.loading(USER, 5)
        for _ in range(3):
            with pytest.raises(Verdict):
                await line.push(USER, [TEXT], KEY)
        shown = repr(lines) + caplog.text + repr(line) + repr(await line.profile(USER))
        shown += repr(vars(line)) + repr(vars(line._transport))
    assert len(lines) >= 7
    for secret in ("รับเรื่อง", "สมศรี", USER, "the-reply-token", "stateless-1", SECRET):
        assert secret not in shown
