# SPDX-License-Identifier: Apache-2.0
"""Access tokens: renewed in time and once for all who wait, and never shown."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from channels.line.client import Line, LineConfig
from channels.line.errors import Ambiguous, RateLimited
from channels.line.tokens import LAST_USE, RENEW_BEFORE
from core.errors import Unauthorised, Unavailable, Verdict
from tests.channels.line.client.channel import CONTENT, FIXED, KEY, PUSH, REPLY, SECRET, TEXT, TOKEN, USER, Clock, short
from tests.fakes.line_server import Drop, Hang, LineServer, Say


async def test_l_out_15_a_stateless_token_serves_many_calls_and_is_renewed_before_its_end(
    server: LineServer, stateless: Line, clock: Clock
) -> None:
    """One token until two minutes before the fifteen are over, then the next."""
    await stateless.reply("reply-token", [TEXT])
    clock.now += 899 - RENEW_BEFORE - 1
    await stateless.reply("reply-token", [TEXT])
    assert len(server.calls_of(TOKEN)) == 1
    clock.now += 2
    await stateless.reply("reply-token", [TEXT])
    assert len(server.calls_of(TOKEN)) == 2
    assert [called.token for called in server.calls_of(REPLY)] == ["stateless-1", "stateless-1", "stateless-2"]
    form = server.calls_of(TOKEN)[0].data
    assert (form["grant_type"], form["client_id"], form["client_secret"]) == (
        "client_credentials",
        "1650000000",
        SECRET,
    )


async def test_l_out_15_many_calls_at_once_ask_for_one_token(server: LineServer, stateless: Line, clock: Clock) -> None:
    """At the first call, at the renewal, and after a 401."""
    server.token_takes = 0.05

    async def many() -> None:
        await asyncio.gather(*(stateless.push(USER, [TEXT], uuid4()) for _ in range(20)))

    await many()
    assert len(server.calls_of(TOKEN)) == 1
    clock.now += 899
    await many()
    assert len(server.calls_of(TOKEN)) == 2
    server.tokens.clear()
    await many()
    assert len(server.calls_of(TOKEN)) == 3
    assert len(server.calls_of(PUSH)) == 20 + 20 + 40


async def test_l_out_15_a_401_brings_one_new_token_and_one_more_try(server: LineServer, stateless: Line) -> None:
    """The same call again, with its retry key; for files and loading animations too."""
    await stateless.reply("reply-token", [TEXT])
    server.tokens.clear()
    await stateless.push(USER, [TEXT], KEY)
    assert [called.token for called in server.calls_of(PUSH)] == ["stateless-1", "stateless-2"]
    assert [called.headers["X-Line-Retry-Key"] for called in server.calls_of(PUSH)] == [str(KEY)] * 2
    server.tokens.clear()
    server.always(CONTENT, Say(200, body=b"jpeg", content_type="image/jpeg"))
    assert (await stateless.content("77", 10)).bytes == b"jpeg"
    server.tokens.clear()
    assert await stateless.loading(USER, 5)


async def test_l_out_15_a_second_401_is_the_end(server: LineServer, stateless: Line) -> None:
    """No loop: LINE refuses us, and somebody must look."""
    server.always(REPLY, Say(401, {"message": "Authentication failed"}))
    with pytest.raises(Unauthorised):
        await stateless.reply("reply-token", [TEXT])
    assert len(server.calls_of(REPLY)) == 2
    assert len(server.calls_of(TOKEN)) == 2


async def test_l_out_15_a_fixed_token_that_is_refused_is_not_tried_again(server: LineServer, line: Line) -> None:
    """There is no other one, and none is asked for."""
    server.tokens.clear()
    with pytest.raises(Unauthorised):
        await line.reply("reply-token", [TEXT])
    assert [called.path for called in server.calls] == ["/v2/bot/message/reply"]


async def test_l_out_15_while_no_new_token_can_be_had_the_old_one_serves(
    server: LineServer, stateless: Line, clock: Clock
) -> None:
    """Until shortly before its end; then the trouble is told, and over as soon as tokens are back."""
    await stateless.reply("reply-token", [TEXT])
    server.always(TOKEN, Say(503))
    clock.now += 899 - LAST_USE - 1
    await stateless.reply("reply-token", [TEXT])
    clock.now += 2
    with pytest.raises(Unavailable):
        await stateless.reply("reply-token", [TEXT])
    assert len(server.calls_of(REPLY)) == 2
    server.stop_always(TOKEN)
    await stateless.reply("reply-token", [TEXT])
    assert server.calls_of(REPLY)[-1].token == f"stateless-{len(server.calls_of(TOKEN))}"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (
            Say(400, {"error": "invalid_client", "error_description": "invalid client_id or client_secret"}),
            Unauthorised,
        ),
        (Say(401), Unauthorised),
        (Say(429), RateLimited),
        (Say(500), Ambiguous),
        (Say(200, {}), Unavailable),
        (Say(200, {"access_token": 7, "expires_in": "soon"}), Unavailable),
        (Say(200, body=b"<html>"), Unavailable),
        (Hang(), Ambiguous),
        (Drop(), Ambiguous),
    ],
    ids=short,
)
async def test_l_out_15_without_a_token_nothing_is_sent(
    server: LineServer, stateless: Line, answer: Any, verdict: type[Verdict]
) -> None:
    """Wrong credentials stop the channel, anything else passes."""
    server.always(TOKEN, answer)
    with pytest.raises(Verdict) as raised:
        await asyncio.wait_for(stateless.reply("reply-token", [TEXT]), 3)
    assert type(raised.value) is verdict
    assert not server.calls_of(REPLY)


def test_l_out_15_a_configuration_shows_no_secret() -> None:
    """Neither the channel's nor the token."""
    shown = repr(LineConfig(channel_id="1650000000", channel_secret=SECRET, access_token=FIXED))
    assert "1650000000" in shown
    assert SECRET not in shown
    assert FIXED not in shown
