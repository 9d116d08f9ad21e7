# SPDX-License-Identifier: Apache-2.0
"""Files of citizens: waited for while they are prepared, and never read further than is taken."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from channels.line.client import Line
from channels.line.errors import Ambiguous, ContentGone, RateLimited, TooLarge
from core.errors import Rejected, Unavailable, Verdict
from tests.channels.line.client.channel import CONTENT, FIXED, TRANSCODING, short
from tests.fakes.line_server import Drop, Hang, LineServer, Pour, Say


async def test_l_in_15_a_file_comes_with_its_type(server: LineServer, line: Line) -> None:
    """Of exactly the size that is still taken; its repr has nothing of it."""
    server.always(CONTENT, Say(200, body=b"\xff\xd8" * 50, content_type="image/jpeg"))
    found = await line.content("77", 100)
    assert (found.bytes, found.content_type) == (b"\xff\xd8" * 50, "image/jpeg")
    assert (server.calls[0].path, server.calls[0].token) == ("/v2/bot/message/77/content", FIXED)
    assert "xff" not in repr(found)


@pytest.mark.parametrize("status", [404, 410])
async def test_l_in_15_a_file_that_is_gone_is_gone(server: LineServer, line: Line, status: int) -> None:
    """Taken back or too old: no second try, and the contact is still there."""
    server.always(CONTENT, Say(status, {"message": "Gone"}))
    with pytest.raises(ContentGone) as raised:
        await line.content("77", 100)
    assert isinstance(raised.value, Rejected)
    assert len(server.calls) == 1


async def test_l_in_15_a_video_is_waited_for(server: LineServer, line: Line) -> None:
    """202, asked again and again with longer and longer waits, then fetched."""
    server.on(CONTENT, Say(202), Say(200, body=b"mp4", content_type="video/mp4"))
    processing = Say(200, {"status": "processing"})
    server.on(TRANSCODING, processing, processing, Say(200, {"status": "succeeded"}))
    assert (await line.content("77", 100)).content_type == "video/mp4"
    paths = [called.path.removeprefix("/v2/bot") for called in server.calls]
    assert paths == [CONTENT, TRANSCODING, TRANSCODING, TRANSCODING, CONTENT]


async def test_l_in_15_a_video_that_is_never_ready_is_given_up(server: LineServer, line: Line) -> None:
    """After the patience of this client, with the time to ask again."""
    server.always(CONTENT, Say(202))
    server.always(TRANSCODING, Say(200, {"status": "processing"}))
    with pytest.raises(Unavailable) as raised:
        await asyncio.wait_for(line.content("77", 100), 3)
    assert raised.value.retry_after
    assert 3 <= len(server.calls_of(TRANSCODING)) <= 6


@pytest.mark.parametrize("answer", [Say(200, {"status": "failed"}), Say(404), Say(410)], ids=short)
async def test_l_in_15_a_video_that_fails_is_gone(server: LineServer, line: Line, answer: Say) -> None:
    """LINE could not prepare it, or its sender took it back meanwhile."""
    server.always(CONTENT, Say(202))
    server.always(TRANSCODING, answer)
    with pytest.raises(ContentGone):
        await line.content("77", 100)


async def test_l_in_15_a_file_too_large_by_its_length_is_not_read(server: LineServer, line: Line) -> None:
    """One byte more than is taken."""
    server.always(CONTENT, Say(200, body=bytes(101), content_type="image/png"))
    with pytest.raises(TooLarge) as raised:
        await line.content("77", 100)
    assert raised.value.reason == "101 bytes"  # by what is stated, and not by what was read


async def test_l_in_15_a_file_without_a_length_is_read_only_so_far(server: LineServer, line: Line) -> None:
    """The connection is closed; what LINE still has of it is never held."""
    server.always(CONTENT, Pour(1_000_000_000))
    with pytest.raises(TooLarge):
        await line.content("77", 1_000_000)
    assert server.poured < 20_000_000


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [(Say(500), Ambiguous), (Say(429), RateLimited), (Drop(), Ambiguous), (Hang(), Ambiguous)],
    ids=short,
)
async def test_l_in_15_a_file_that_cannot_be_had_now_has_a_verdict(
    server: LineServer, line: Line, answer: Any, verdict: type[Verdict]
) -> None:
    """It can be asked for again."""
    server.always(CONTENT, answer)
    with pytest.raises(verdict):
        await asyncio.wait_for(line.content("77", 100), 3)


async def test_a_message_id_stays_in_its_place(server: LineServer, line: Line) -> None:
    """Whatever it is, it is one part of the path."""
    server.always("/content", Say(404))
    with pytest.raises(ContentGone):
        await line.content("../../richmenu/x", 100)
    assert len(server.calls) == 1
    assert server.calls[0].path.startswith("/v2/bot/message/")
