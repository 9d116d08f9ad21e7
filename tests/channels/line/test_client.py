# SPDX-License-Identifier: Apache-2.0
"""The client of LINE with the real SDK on the wire: what it sends, what it makes of every answer, what it logs."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import structlog

from channels.line.client import Endpoint, EndpointTest, Line, LineConfig, Profile, Quota, Sent, open_line
from channels.line.errors import (
    Ambiguous,
    ContentGone,
    InvalidReplyToken,
    QuotaSpent,
    RateLimited,
    TooLarge,
    classify_answer,
)
from channels.line.tokens import LAST_USE, RENEW_BEFORE
from core.errors import RecipientGone, Rejected, Unauthorised, Unavailable, Verdict
from tests.fakes.line_server import Drop, Hang, LineServer, Pour, Say, running_line

SECRET = "channel-secret-of-this-test"
FIXED = "fixed-token-of-this-test"
USER = "U" + "4a" * 16
KEY = UUID("123e4567-e89b-12d3-a456-426614174000")
TEXT = {"type": "text", "text": "รับเรื่องแล้วค่ะ 🙏"}
REPLY, PUSH, TOKEN = "/message/reply", "/message/push", "/oauth2/v3/token"
CONTENT, TRANSCODING = "/message/77/content", "/message/77/content/transcoding"
MONTHLY = {"message": "You have reached your monthly limit."}


def short(value: object) -> str:
    """The name of a test's case."""
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, Say):
        return f"{value.status}-{(value.data or {}).get('message', '')[:16]}".rstrip("-")
    return type(value).__name__


class Clock:
    """Seconds that go forward when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest_asyncio.fixture
async def server() -> AsyncIterator[LineServer]:
    async with running_line(FIXED) as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


def config_of(server: LineServer, **changes: Any) -> LineConfig:
    return LineConfig(channel_id="1650000000", channel_secret=SECRET, api_base=server.url, **changes)


@pytest_asyncio.fixture
async def line(server: LineServer) -> AsyncIterator[Line]:
    """With a fixed token, a short patience and a short time limit."""
    config = config_of(server, access_token=FIXED)
    async with open_line(config, timeout=0.5, patience=0.4, first_wait=0.02) as opened:
        yield opened


@pytest_asyncio.fixture
async def stateless(server: LineServer, clock: Clock) -> AsyncIterator[Line]:
    async with open_line(config_of(server), timeout=0.5, clock=clock) as opened:
        yield opened


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """Our log lines of a test, as fields."""
    seen: list[dict[str, Any]] = []

    def keep(_: Any, level: str, fields: structlog.typing.EventDict) -> str:
        seen.append({**fields, "level": level})
        return ""

    before = structlog.get_config()
    structlog.configure(
        processors=[keep],
        logger_factory=structlog.ReturnLoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        cache_logger_on_first_use=False,
    )
    yield seen
    structlog.configure(**before)


# Replies and pushes


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


# Errors

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


# Tokens


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


# Logs


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


def test_l_out_15_a_configuration_shows_no_secret() -> None:
    """Neither the channel's nor the token."""
    shown = repr(LineConfig(channel_id="1650000000", channel_secret=SECRET, access_token=FIXED))
    assert "1650000000" in shown
    assert SECRET not in shown
    assert FIXED not in shown


# Loading


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


# Files


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


# What else is asked


async def test_l_in_16_a_profile_is_a_luxury(server: LineServer, line: Line) -> None:
    """404 is nobody's fault: no friend, blocked, no consent."""
    path = f"/v2/bot/profile/{USER}"
    server.on(
        path, Say(404, {"message": "Not found"}), Say(200, {"displayName": "สมศรี", "language": "th-TH"}), Say(200, {})
    )
    assert [await line.profile(USER) for _ in range(3)] == [None, Profile("สมศรี", "th-TH"), None]


@pytest.mark.parametrize(
    ("limit", "used", "quota"),
    [
        ({"type": "limited", "value": 500}, {"totalUsage": 17}, Quota(500, 17)),
        ({"type": "limited", "value": 0}, {"totalUsage": 0}, Quota(0, 0)),
        ({"type": "none"}, {"totalUsage": 17}, Quota(None, 17)),
    ],
)
async def test_the_quota_is_read(server: LineServer, line: Line, limit: Any, used: Any, quota: Quota) -> None:
    """What the plan allows and what is used."""
    server.always("/message/quota", Say(200, limit))
    server.always("/quota/consumption", Say(200, used))
    assert await line.quota() == quota


@pytest.mark.parametrize(
    ("limit", "used"), [({}, {"totalUsage": 1}), ({"type": "limited", "value": 5}, {}), (None, None)]
)
async def test_an_unreadable_quota_is_not_an_unlimited_one(
    server: LineServer, line: Line, limit: Any, used: Any
) -> None:
    """It is not known, and that is said."""
    server.always("/message/quota", Say(200, limit))
    server.always("/quota/consumption", Say(200, used))
    with pytest.raises(Unavailable):
        await line.quota()


async def test_the_bot_knows_itself(server: LineServer, line: Line) -> None:
    """Its user id is the destination of its webhooks."""
    server.on("/v2/bot/info", Say(200, {"userId": "Ubot", "basicId": "@x"}), Say(200, {}))
    assert await line.bot_user_id() == "Ubot"
    with pytest.raises(Unavailable):
        await line.bot_user_id()


async def test_the_webhook_endpoint_is_read_set_and_tested(server: LineServer, line: Line) -> None:
    """None where none was set yet."""
    url = "https://chat.example.go.th/line/webhook"
    server.on("/webhook/endpoint", Say(404), Say(200), Say(200, {"endpoint": url, "active": True}))
    server.on(
        "/webhook/test", Say(200, {"success": False, "statusCode": 401, "reason": "ERROR_STATUS_CODE", "detail": "401"})
    )
    assert await line.endpoint() is None
    await line.set_endpoint(url)
    assert await line.endpoint() == Endpoint(url, active=True)
    assert await line.test_endpoint() == EndpointTest(
        success=False, status=401, reason="ERROR_STATUS_CODE", detail="401"
    )
    assert [(called.method, called.data) for called in server.calls[1:3]] == [("PUT", {"endpoint": url}), ("GET", {})]
    with pytest.raises(Rejected):
        await line.set_endpoint("https://" + "x" * 500)


async def test_rich_menus_go_out_as_they_are_declared(server: LineServer, line: Line) -> None:
    """Each call with LINE's own method and path; the image as bytes with its type."""
    area = {"bounds": {"x": 0, "y": 0, "width": 1250, "height": 843}, "action": {"type": "postback", "data": "m.1"}}
    menu = {
        "size": {"width": 2500, "height": 843},
        "selected": True,
        "name": "th",
        "chatBarText": "เมนู",
        "areas": [area],
    }
    server.on("/v2/bot/richmenu", Say(200, {"richMenuId": "rm-1"}))
    server.on("/richmenu/list", Say(200, {"richmenus": [{"richMenuId": "rm-1", **menu}]}))
    server.on("/all/richmenu", Say(404, {"message": "no default richmenu"}), Say(200, {"richMenuId": "rm-1"}))
    server.on("/alias/list", Say(200, {"aliases": [{"richMenuAliasId": "menu-th", "richMenuId": "rm-1"}]}))
    server.on("/richmenu/rm-2", Say(404, {"message": "richmenu not found"}))
    assert await line.menus.create(menu) == "rm-1"
    await line.menus.set_image("rm-1", b"\x89PNG", "image/png")
    ((found),) = await line.menus.list()
    assert (found.id, found.definition) == ("rm-1", menu)
    assert await line.menus.default() is None
    assert await line.menus.default() == "rm-1"
    await line.menus.set_default("rm-1")
    assert await line.menus.aliases() == {"menu-th": "rm-1"}
    await line.menus.create_alias("menu-en", "rm-1")
    await line.menus.update_alias("menu-en", "rm-2")
    await line.menus.delete_alias("menu-en")
    await line.menus.link(USER, "rm-1")
    await line.menus.unlink(USER)
    await line.menus.delete("rm-2")
    called = [(one.method, one.path.removeprefix("/v2/bot/")) for one in server.calls]
    assert called == [
        ("POST", "richmenu"),
        ("POST", "richmenu/rm-1/content"),
        ("GET", "richmenu/list"),
        ("GET", "user/all/richmenu"),
        ("GET", "user/all/richmenu"),
        ("POST", "user/all/richmenu/rm-1"),
        ("GET", "richmenu/alias/list"),
        ("POST", "richmenu/alias"),
        ("POST", "richmenu/alias/menu-en"),
        ("DELETE", "richmenu/alias/menu-en"),
        ("POST", f"user/{USER}/richmenu/rm-1"),
        ("DELETE", f"user/{USER}/richmenu"),
        ("DELETE", "richmenu/rm-2"),
    ]
    assert server.calls[0].data == menu
    assert (server.calls[1].body, server.calls[1].headers["Content-Type"]) == (b"\x89PNG", "image/png")
    assert json.loads(server.calls[7].body) == {"richMenuAliasId": "menu-en", "richMenuId": "rm-1"}
    assert json.loads(server.calls[8].body) == {"richMenuId": "rm-2"}


@pytest.mark.parametrize("base", [None, "", "https://api.line.me", "https://api.line.me/"])
async def test_line_itself_is_asked_at_two_hosts(base: str | None) -> None:
    """The SDK takes a host that it is given for both: files would be looked for where there are none."""
    config = LineConfig(channel_id="1", channel_secret=SECRET, access_token=FIXED, api_base=base)
    async with open_line(config) as line:
        assert line._transport._client.configuration.host is None


async def test_every_call_has_a_time_limit(server: LineServer, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's own is five minutes."""
    monkeypatch.setattr("channels.line.client.LOADING_TIMEOUT", 0.1)
    server.always("", Hang())
    menus = line.menus
    calls: list[Callable[[], Awaitable[Any]]] = [
        lambda: line.reply("reply-token", [TEXT]),
        lambda: line.push(USER, [TEXT], KEY),
        line.quota,
        lambda: line.content("77", 10),
        lambda: line.profile(USER),
        line.bot_user_id,
        line.endpoint,
        lambda: line.set_endpoint("https://example.go.th"),
        line.test_endpoint,
        menus.list,
        lambda: menus.create({}),
        lambda: menus.set_image("rm-1", b"x", "image/png"),
        lambda: menus.delete("rm-1"),
        menus.default,
        lambda: menus.set_default("rm-1"),
        menus.aliases,
        lambda: menus.create_alias("a", "rm-1"),
        lambda: menus.update_alias("a", "rm-1"),
        lambda: menus.delete_alias("a"),
        lambda: menus.link(USER, "rm-1"),
        lambda: menus.unlink(USER),
    ]

    async def ends(call: Callable[[], Awaitable[Any]]) -> None:
        with pytest.raises(Ambiguous):
            await call()

    await asyncio.wait_for(asyncio.gather(*(ends(call) for call in calls)), 4)
