# SPDX-License-Identifier: Apache-2.0
"""Replies, pushes and the loading animation: what goes out, and the verdict on every bad answer."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from channels.line.client import Line, LineConfig, Sent, open_line
from channels.line.errors import Ambiguous, InvalidReplyToken, QuotaSpent, RateLimited, classify_answer
from core.errors import RecipientGone, Rejected, Unauthorised, Unavailable, Verdict
from tests.channels.line.client.channel import FIXED, KEY, MONTHLY, PUSH, REPLY, SECRET, TEXT, USER, short
from tests.fakes.line_server import Drop, Hang, LineServer, Say


async def test_a_reply_goes_out_as_it_was_made(server: LineServer, line: Line) -> None:
    """Plain JSON, nothing added by the SDK, nothing lost of it."""
    flex = {
        "type": "flex",
        "altText": "คุณภาพอากาศ",
        "contents": {
            "type": "bubble",
            "hero": {"type": "image", "url": "https://example.go.th/a.png", "somethingNew": 1},
            "body": {"type": "box", "layout": "vertical", "contents": []},
        },
        "quickReply": {"items": [{"type": "action", "action": {"type": "location", "label": "ส่งตำแหน่ง"}}]},
    }
    sent = await line.reply("reply-token", [TEXT, flex])
    (called,) = server.calls
    assert (called.method, called.path, called.token) == ("POST", "/v2/bot/message/reply", FIXED)
    assert called.data == {"replyToken": "reply-token", "messages": [TEXT, flex]}
    assert sent.request_id == "request-1"
    assert len(sent.message_ids) == 2
    assert sent.accepted_request_id is None


async def test_l_out_06_a_reply_never_has_a_retry_key(server: LineServer, line: Line) -> None:
    """Not the first time, not after trouble; a push always has the one that it was given, as it was given."""
    server.on(REPLY, Say(500), Say(429, {"message": "The API rate limit has been exceeded. Try again later."}))
    for _ in range(2):
        with pytest.raises(Unavailable):
            await line.reply("reply-token", [TEXT])
    await line.reply("reply-token", [TEXT])
    server.on(PUSH, Say(500))
    with pytest.raises(Ambiguous):
        await line.push(USER, [TEXT], KEY)
    await line.push(USER, [TEXT], KEY)
    await line.reply("reply-token", [TEXT])
    assert len(server.calls_of(REPLY)) == 4
    assert not any("retry-key" in name.lower() for called in server.calls_of(REPLY) for name in called.headers)
    assert [called.headers["X-Line-Retry-Key"] for called in server.calls_of(PUSH)] == [str(KEY)] * 2


async def test_a_push_that_was_accepted_before_is_sent(server: LineServer, line: Line) -> None:
    """409 says: you have done this already; the first request's id is kept."""
    accepted = {"X-Line-Accepted-Request-Id": "the-first-one"}
    body = {"message": "The retry key is already accepted", "sentMessages": [{"id": "91"}]}
    server.on(PUSH, Say(409, body, accepted))
    assert await line.push(USER, [TEXT], KEY) == Sent(
        request_id="request-1", accepted_request_id="the-first-one", message_ids=("91",)
    )
    assert server.calls[0].data == {"to": USER, "messages": [TEXT]}


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"<html>", b'{"sentMessages":null}', b'{"sentMessages":[{}]}', b"[" * 100_000]
)
async def test_an_accepted_reply_is_sent_whatever_its_answer_says(server: LineServer, line: Line, body: bytes) -> None:
    """The SDK's models raise on these; sending the message again would be worse than not knowing its id."""
    server.on(REPLY, Say(200, body=body))
    assert await line.reply("reply-token", [TEXT]) == Sent(request_id="request-1")


@pytest.mark.parametrize("count", [0, 6])
async def test_a_call_has_one_to_five_messages(server: LineServer, line: Line, count: int) -> None:
    """What LINE would refuse does not leave."""
    for send in (line.reply("reply-token", [TEXT] * count), line.push(USER, [TEXT] * count, KEY)):
        with pytest.raises(Rejected):
            await send
    assert not server.calls


INVALID = {
    "message": "The request body has 1 error(s)",
    "details": [{"message": "Length must be between 0 and 5000", "property": "messages[0].text"}],
}


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Say(400, {"message": "Invalid reply token"}), InvalidReplyToken),
        (Say(400, INVALID), Rejected),
        (Say(400, {"message": "Failed to send messages"}), RecipientGone),
        (Say(401, {"message": "Authentication failed due to the following reason: invalid token"}), Unauthorised),
        (Say(403, {"message": "Access to this API is not available for your account"}), Unauthorised),
        (Say(404, {"message": "Not found"}), Rejected),
        (Say(408), Unavailable),
        (Say(409, {"message": "conflict"}), Rejected),
        (Say(413, {"message": "Payload Too Large"}), Rejected),
        (Say(415), Rejected),
        (Say(429, MONTHLY), QuotaSpent),
        (Say(429, {"message": "The API rate limit has been exceeded. Try again later."}), RateLimited),
        (Say(429, body=b"<html>too many</html>", content_type="text/html"), RateLimited),
        (Say(500, {"message": "Internal server error"}), Ambiguous),
        (Say(502, body=b"\xff\xfe", content_type="text/html"), Ambiguous),
        (Say(503, body=b"<html>", content_type="text/html; charset=nonsense"), Ambiguous),
        (Say(504), Ambiguous),
        (Say(200, body=b"\xff\xfe"), Ambiguous),
        (Hang(), Ambiguous),
        (Drop(), Ambiguous),
    ],
    ids=short,
)
async def test_every_bad_answer_has_its_verdict(
    server: LineServer, line: Line, answer: Any, verdict: type[Verdict]
) -> None:
    """Exactly this verdict, once asked, within the time limit."""
    server.always(REPLY, answer)
    with pytest.raises(Verdict) as raised:
        await asyncio.wait_for(line.reply("reply-token", [TEXT]), 3)
    assert type(raised.value) is verdict
    assert len(server.calls_of(REPLY)) == 1
    assert raised.value.__cause__ is None
    assert TEXT["text"] not in str(raised.value)


async def test_l_out_08_the_two_429_have_different_remedies(server: LineServer, line: Line) -> None:
    """A rate limit says when to come back, the month's end does not; both are passing."""
    server.on(PUSH, Say(429, MONTHLY), Say(429, {"message": "slow down"}, {"Retry-After": "7"}))
    with pytest.raises(QuotaSpent) as spent:
        await line.push(USER, [TEXT], KEY)
    with pytest.raises(RateLimited) as limited:
        await line.push(USER, [TEXT], KEY)
    assert (spent.value.retry_after, limited.value.retry_after) == (None, 7.0)
    assert classify_answer(429, b"", {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}).__dict__["retry_after"] is None


async def test_no_connection_is_not_ambiguous() -> None:
    """Where nothing listens, nothing was accepted."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
        config = LineConfig(channel_id="1", channel_secret=SECRET, access_token=FIXED, api_base=base)
        async with open_line(config, timeout=1.0) as line:
            with pytest.raises(Unavailable) as raised:
                await line.reply("reply-token", [TEXT])
            assert type(raised.value) is Unavailable
            with pytest.raises(Unavailable):
                await line.content("77", 1_000)


async def test_a_reason_names_the_field_and_not_its_words(server: LineServer, line: Line) -> None:
    """Staff see what LINE found wrong."""
    server.on(REPLY, Say(400, INVALID))
    with pytest.raises(Rejected) as raised:
        await line.reply("reply-token", [TEXT])
    for words in ("status 400", "messages[0].text", "between 0 and 5000"):
        assert words in raised.value.reason
    server.on(REPLY, Say(400, {"message": "x" * 10_000, "details": "none"}))
    with pytest.raises(Rejected) as raised:
        await line.reply("reply-token", [TEXT])
    assert len(raised.value.reason) <= 300


@pytest.mark.parametrize(
    ("wanted", "asked"), [(-3, 5), (0, 5), (1, 5), (5, 5), (7, 10), (59, 60), (60, 60), (3_600, 60)]
)
async def test_l_out_14_loading_is_asked_for_in_fives(
    server: LineServer, line: Line, wanted: float, asked: int
) -> None:
    """5 to 60 seconds, up to the next multiple of five."""
    assert await line.loading(USER, wanted)
    assert server.calls[0].path == "/v2/bot/chat/loading/start"
    assert server.calls[0].data == {"chatId": USER, "loadingSeconds": asked}


@pytest.mark.parametrize(
    "answer", [Say(400, {"message": "no"}), Say(401), Say(429), Say(500), Drop(), Hang()], ids=short
)
async def test_l_out_14_loading_that_fails_troubles_nobody(
    server: LineServer, line: Line, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """False, and soon."""
    monkeypatch.setattr("channels.line.client.LOADING_TIMEOUT", 0.1)
    server.always("/loading/start", answer)
    assert await asyncio.wait_for(line.loading(USER, 20), 2) is False
