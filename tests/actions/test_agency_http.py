# SPDX-License-Identifier: Apache-2.0
"""The way agencies are asked, against a server on loopback that misbehaves in every way they do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from actions.agencies.http import AgencyHttp, Fetched, Limits, Source, json_of
from core.errors import Rejected, Unauthorised, Unavailable, Verdict
from tests.actions.wire import StoppedClock

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Agency:
    """A scripted agency: answers in order, the last one for ever; counts what it was asked."""

    def __init__(self) -> None:
        self.script: list[Answering] = []
        self.asked = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The next answer of the script."""
        self.asked += 1
        return await (self.script.pop(0) if len(self.script) > 1 else self.script[0])(request)

    def source(self, keep_seconds: float = 60) -> Source:
        """This agency as a source."""
        return Source(name="test", base_url=self.url, sandbox=False, keep_seconds=keep_seconds)


def says(body: str | bytes, status: int = 200, content_type: str = "application/json", **headers: str) -> Answering:
    """An answer with these bytes."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(body=raw, status=status, content_type=content_type, headers=headers)

    return answer


async def hangs(_request: web.Request) -> web.StreamResponse:
    """An answer that comes after every limit."""
    await asyncio.sleep(5)
    return web.Response()


async def closes(request: web.Request) -> web.StreamResponse:
    """A connection that ends without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


GOOD = says('{"n": 1}')
BROKEN = says("<html>", 502, "text/html")


@pytest.fixture
async def agency() -> AsyncIterator[Agency]:
    """A scripted agency on a free port."""
    scripted = Agency()
    app = web.Application()
    app.router.add_get("/{path:.*}", scripted.answer)
    async with TestServer(app) as server:
        scripted.url = str(server.make_url(""))
        yield scripted


@pytest.fixture
def http(session: aiohttp.ClientSession, clock: StoppedClock) -> AgencyHttp:
    """The asker, with limits that a test can wait for."""
    return AgencyHttp(session, Limits(total=0.4, attempt=0.25, failures=3, pause=30), clock)


async def ask(http: AgencyHttp, agency: Agency, path: str = "/", keep_seconds: float = 60) -> Fetched[object]:
    """Ask for whatever JSON stands there."""
    return await http.ask(agency.source(keep_seconds), path, {}, json_of)


@pytest.mark.parametrize(
    "body",
    [
        says('{"n": 1}', content_type="text/html"),
        says(b'\xef\xbb\xbf{"n": 1}', content_type="text/plain"),
        says('\n  {"n": 1} '),
    ],
    ids=["text/html", "bom", "blanks"],
)
async def test_json_counts_whatever_it_calls_itself(http: AgencyHttp, agency: Agency, body: Answering) -> None:
    """Content type, byte order mark and blanks do not matter."""
    agency.script = [body]
    assert (await ask(http, agency)).value == {"n": 1}


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (says("<html>blocked</html>", content_type="application/json"), Unavailable),
        (says("", 302, Location="/elsewhere"), Unavailable),
        (says('{"n": 1}', 301, Location="/elsewhere"), Unavailable),
        (says('{"n": '), Unavailable),
        (says(""), Unavailable),
        (says("[" * 100_000), Unavailable),
        (says(b"\xff\xfe\x00"), Unavailable),
        (BROKEN, Unavailable),
        (says("{}", 503), Unavailable),
        (says("{}", 408), Unavailable),
        (says("{}", 429), Unavailable),
        (says("{}", 401), Unauthorised),
        (says("{}", 403), Unauthorised),
        (says("{}", 400), Rejected),
        (says("{}", 404), Rejected),
        (closes, Unavailable),
        (hangs, Unavailable),
    ],
)
async def test_every_trouble_has_its_verdict(
    http: AgencyHttp, agency: Agency, answer: Answering, verdict: type[Verdict]
) -> None:
    """One classifier; nothing else comes out of it, and its text holds no address."""
    agency.script = [answer]
    with pytest.raises(Verdict) as caught:
        await ask(http, agency)
    assert type(caught.value) is verdict
    assert "127.0.0.1" not in str(caught.value)


async def test_a_page_instead_of_json_is_named(http: AgencyHttp, agency: Agency) -> None:
    """A firewall's page is told apart from broken JSON in the logs."""
    agency.script = [says("<!DOCTYPE html><p>Incident</p>", content_type="application/json")]
    with pytest.raises(Unavailable, match="HTML"):
        await ask(http, agency)


async def test_nobody_listening_is_unavailable(http: AgencyHttp, agency: Agency, unused_tcp_port: int) -> None:
    """A refused connection is the agency's trouble."""
    agency.url = f"http://127.0.0.1:{unused_tcp_port}"
    with pytest.raises(Unavailable):
        await ask(http, agency)


async def test_an_agency_that_is_switched_off_is_unavailable(http: AgencyHttp, agency: Agency) -> None:
    """Its address is empty; the question ends like any other trouble."""
    agency.url = ""
    with pytest.raises(Unavailable):
        await ask(http, agency)


async def test_a_redirect_is_not_followed(http: AgencyHttp, agency: Agency) -> None:
    """The address it names is never asked (only the retry comes)."""
    agency.script = [says("", 302, Location="/good"), says("", 302, Location="/good"), GOOD]
    with pytest.raises(Unavailable):
        await ask(http, agency)
    assert agency.asked == 2


async def test_a_passing_failure_is_asked_once_more(http: AgencyHttp, agency: Agency) -> None:
    """One retry, no more."""
    agency.script = [BROKEN, GOOD]
    assert (await ask(http, agency)).value == {"n": 1}
    agency.script, agency.asked = [BROKEN], 0
    with pytest.raises(Unavailable):
        await ask(http, agency, "/other")
    assert agency.asked == 2


@pytest.mark.parametrize("answer", [says("{}", 404), says("{}", 403), says("{}", 429, **{"Retry-After": "20"})])
async def test_what_a_retry_cannot_help_is_asked_once(http: AgencyHttp, agency: Agency, answer: Answering) -> None:
    """A refusal stays one; an agency that asks for a pause gets it."""
    agency.script = [answer]
    with pytest.raises(Verdict):
        await ask(http, agency)
    assert agency.asked == 1


async def test_the_agencys_own_pause_is_kept(http: AgencyHttp, agency: Agency) -> None:
    """Retry-After comes along in the verdict."""
    agency.script = [says("{}", 503, **{"Retry-After": "20"})]
    with pytest.raises(Unavailable) as caught:
        await ask(http, agency)
    assert caught.value.retry_after == 20


async def test_both_attempts_share_one_limit(
    session: aiohttp.ClientSession, clock: StoppedClock, agency: Agency
) -> None:
    """A hanging agency costs the total, not twice the attempt."""
    http = AgencyHttp(session, Limits(total=0.8, attempt=0.7), clock)
    agency.script = [hangs]
    start = time.monotonic()
    with pytest.raises(Unavailable):
        await ask(http, agency)
    assert 0.75 <= time.monotonic() - start < 1.2


async def test_a_body_without_end_is_cut_off(http: AgencyHttp, agency: Agency) -> None:
    """Memory is not the agency's to fill."""
    agency.script = [says(b" " * (9 * 2**20))]
    with pytest.raises(Unavailable, match="too large"):
        await http.ask(agency.source(), "/", {}, json_of)


async def test_a_fresh_answer_is_kept(http: AgencyHttp, agency: Agency, clock: StoppedClock) -> None:
    """Within its time nothing is asked; after it, it is."""
    agency.script = [GOOD]
    first = await ask(http, agency)
    clock.advance(seconds=59)
    again = await ask(http, agency)
    assert (agency.asked, again.fetched_at) == (1, first.fetched_at)
    clock.advance(seconds=2)
    renewed = await ask(http, agency)
    assert (agency.asked, renewed.fetched_at) == (2, clock.now)


async def test_questions_are_kept_apart(http: AgencyHttp, agency: Agency) -> None:
    """Another query is another answer."""
    agency.script = [GOOD, says('{"n": 2}')]
    one = await http.ask(agency.source(), "/", {"lat": "1"}, json_of)
    two = await http.ask(agency.source(), "/", {"lat": "2"}, json_of)
    assert (one.value, two.value) == ({"n": 1}, {"n": 2})


async def test_the_last_good_answer_survives_trouble(http: AgencyHttp, agency: Agency, clock: StoppedClock) -> None:
    """It comes back with its own time and with the reason why it is not a new one."""
    agency.script = [GOOD]
    good = await ask(http, agency)
    agency.script = [BROKEN]
    clock.advance(hours=1)
    kept = await ask(http, agency)
    assert (kept.value, kept.fetched_at) == ({"n": 1}, good.fetched_at)
    assert isinstance(kept.trouble, Unavailable)
    agency.script = [GOOD]
    assert (await ask(http, agency)).trouble is None


async def test_the_same_question_at_the_same_time_is_asked_once(http: AgencyHttp, agency: Agency) -> None:
    """Citizens who ask together share the request, and its failure."""

    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.1)
        return web.json_response({"n": 1})

    agency.script = [slow]
    answers = await asyncio.gather(*(ask(http, agency) for _ in range(10)))
    assert agency.asked == 1
    assert all(answer.value == {"n": 1} for answer in answers)
    agency.script, agency.asked = [hangs], 0
    start = time.monotonic()
    failures = await asyncio.gather(*(ask(http, agency, "/f") for _ in range(10)), return_exceptions=True)
    assert all(isinstance(failure, Unavailable) for failure in failures)
    assert agency.asked == 2
    assert time.monotonic() - start < 1.0


async def test_one_caller_that_leaves_does_not_end_it_for_the_others(http: AgencyHttp, agency: Agency) -> None:
    """A turn that runs out of time is cancelled alone."""

    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.1)
        return web.json_response({"n": 1})

    agency.script = [slow]
    first = asyncio.create_task(ask(http, agency))
    second = asyncio.create_task(ask(http, agency))
    await asyncio.sleep(0.03)
    first.cancel()
    assert (await second).value == {"n": 1}


async def test_after_three_failures_the_agency_is_left_alone(
    http: AgencyHttp, agency: Agency, clock: StoppedClock
) -> None:
    """The breaker answers at once and says how long; after the pause one trial decides."""
    agency.script = [BROKEN]
    for number in range(3):
        with pytest.raises(Unavailable):
            await ask(http, agency, f"/{number}")
    asked = agency.asked
    clock.advance(seconds=10)
    with pytest.raises(Unavailable) as caught:
        await ask(http, agency)
    assert (agency.asked, caught.value.retry_after) == (asked, 20)
    agency.script = [GOOD]
    clock.advance(seconds=20)
    assert (await ask(http, agency)).value == {"n": 1}


async def test_refused_questions_do_not_open_the_breaker(http: AgencyHttp, agency: Agency) -> None:
    """A 404 is an answer."""
    agency.script = [says("{}", 404)]
    for number in range(5):
        with pytest.raises(Rejected):
            await ask(http, agency, f"/{number}")
    assert agency.asked == 5


async def test_kept_answers_are_bounded(http: AgencyHttp, agency: Agency, clock: StoppedClock) -> None:
    """Every pin makes an entry; the oldest one goes."""
    agency.script = [GOOD]
    for number in range(600):
        await ask(http, agency, f"/{number}", keep_seconds=timedelta(days=1).total_seconds())
    agency.asked = 0
    await ask(http, agency, "/599", keep_seconds=60)
    assert agency.asked == 0
    await ask(http, agency, "/0", keep_seconds=60)
    assert agency.asked == 1
