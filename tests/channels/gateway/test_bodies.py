# SPDX-License-Identifier: Apache-2.0
"""What is sent in place of a message: nonsense is refused with a sentence, odd words are answered; never a 5xx."""

from __future__ import annotations

import asyncio
import gzip
import json
import uuid
from urllib.parse import urlsplit

import pytest

from channels.web.parse import MAX_TEXT
from tests.channels.gateway.stack import Stack, words_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

ONE = '"id": "6a2f41a3-c54c-fce8-32d2-0324e1c32e22"'
BAD_BODIES: dict[str, bytes] = {
    "empty": b"",
    "two megabytes": b'{"text": "' + b"a" * 2_000_000 + b'"}',
    "deep": b"[" * 50_000,
    "deep within the limit": b'{"a":' * 6_000,
    "deep list within the limit": b"[" * 32_000,
    "invalid UTF-8": f'{{{ONE}, "text": "'.encode() + b'\xff\xfe\xc3"}',
    "UTF-16": f'{{{ONE}, "text": "สวัสดี"}}'.encode("utf-16"),
    "not JSON": b"hello",
    "a list": b"[]",
    "null": b"null",
    "no id": '{"text": "ก"}'.encode(),
    "a number as id": b'{"id": 5, "text": "a"}',
    "no UUID": b'{"id": "five", "text": "a"}',
    "no content": f"{{{ONE}}}".encode(),
    "two contents": f'{{{ONE}, "text": "a", "choice": "1.0.0"}}'.encode(),
    "empty text": f'{{{ONE}, "text": ""}}'.encode(),
    "blank text": f'{{{ONE}, "text": " \\n\\t\\u00a0"}}'.encode(),
    "NUL alone": f'{{{ONE}, "text": "\\u0000"}}'.encode(),
    "a list as text": f'{{{ONE}, "text": ["a"]}}'.encode(),
    "5,000 characters": json.dumps({"id": str(uuid.uuid4()), "text": "ก" * 5_000}, ensure_ascii=False).encode(),
    "one character too many": json.dumps({"id": str(uuid.uuid4()), "text": "ก" * (MAX_TEXT + 1)}).encode(),
    "a long choice": f'{{{ONE}, "choice": "{"1" * 65}"}}'.encode(),
    "a pin at the pole's other side": f'{{{ONE}, "location": {{"lat": 91, "lon": 0}}}}'.encode(),
    "a pin of words": f'{{{ONE}, "location": {{"lat": "18", "lon": "98"}}}}'.encode(),
    "a pin without end": f'{{{ONE}, "location": {{"lat": NaN, "lon": Infinity}}}}'.encode(),
    "a pin of 400 digits": f'{{{ONE}, "location": {{"lat": 1{"0" * 400}, "lon": 0}}}}'.encode(),
    "a pin of truth": f'{{{ONE}, "location": {{"lat": true, "lon": false}}}}'.encode(),
    "media with a NUL": f'{{{ONE}, "media": "m_\\u0000"}}'.encode(),
    "media of half a character": f'{{{ONE}, "media": "m_\\ud800"}}'.encode(),
    "choice of half a character": f'{{{ONE}, "choice": "\\ud800"}}'.encode(),
    "5,000 digits": f'{{{ONE}, "text": {"9" * 5_000}}}'.encode(),
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_a_bad_body_is_refused_in_thai(stack: Stack, name: str) -> None:
    """Whatever is sent in place of a message: 4xx with a code and a Thai sentence, never a 5xx, nothing stored."""
    citizen = await stack.citizen()
    status, data, _ = await citizen.call("POST", "/chat/messages", data=BAD_BODIES[name])
    assert 400 <= status < 500, data
    assert set(data) == {"error", "message"}
    assert any("\u0e00" <= letter <= "\u0e7f" for letter in data["message"])
    assert await citizen.events() == []


@pytest.mark.parametrize("body", [b"[" * 1_000, b'{"a":' * 200, b"\xff", b"nonsense", b"x" * 2_000_000, b"5"])
async def test_a_bad_body_opens_no_session_or_a_plain_one(stack: Stack, body: bytes) -> None:
    """Opening a session with nonsense is a 4xx or the same as with nothing."""
    async with stack.http.post(f"{stack.url}/chat/sessions", data=body) as response:
        assert response.status in (201, 400, 413)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("200 emoji", "😀" * 200),
        ("family emoji", "👩‍👩‍👧‍👦" * 100),
        ("as long as allowed", "ก" * MAX_TEXT),
        ("NUL within", "ไฟ\x00ดับ"),
        ("half a character within", "ไฟ\ud800ดับ"),
        ("only signs", "?!?!"),
        ("direction marks", "\u202eกลับหัว\u202c"),
        ("markup", "<img src=x onerror=alert(1)> [ลิงก์](javascript:alert(1))"),
        ("a command", '/affirm{"place": "x"}'),
        ("combining marks", "ก" + "่" * 500),
        ("a handle by hand", "⟦phone:abcdef⟧"),
        ("a format string", "%s %n {0} ${jndi:ldap://x}"),
        ("SQL", "'; DROP TABLE inbox; --"),
    ],
)
async def test_odd_words_are_answered(stack: Stack, name: str, text: str) -> None:
    """What is odd but allowed is stored as it is and answered politely."""
    citizen = await stack.citizen()
    status, posted = await citizen.post({"text": text})
    assert status == 202, name
    [answer] = await citizen.answers(1, after=posted["seq"])
    assert answer["from"] in ("bot", "system")
    assert words_of(answer)
    [mine] = [event for event in await citizen.events() if event["from"] == "citizen"]
    shown = text.replace("\x00", "").encode("utf-8", "replace").decode()
    assert mine["blocks"] == [{"type": "text", "text": shown}]


async def test_a_compressed_body_cannot_get_around_the_limit(stack: Stack) -> None:
    """The limit holds for what comes out of gzip; what is no gzip is a 4xx."""
    citizen = await stack.citizen()
    bomb = gzip.compress(b'{"text": "' + b"a" * 20_000_000 + b'"}')
    for body in (bomb, b"no gzip at all"):
        status, _, _ = await citizen.call(
            "POST",
            "/chat/messages",
            data=body,
            headers={"Content-Encoding": "gzip", "Content-Type": "application/json"},
        )
        assert 400 <= status < 500


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=1e999", "after=nan", "wait=-1", "wait=inf", "after=99999999999999999999"]
)
async def test_a_bad_question_for_events_is_refused(stack: Stack, query: str) -> None:
    """Numbers that are none are a 400."""
    citizen = await stack.citizen()
    status, data, _ = await citizen.call("GET", f"/chat/events?{query}")
    assert (status, data["error"]) == (400, f"bad_{query.split('=', maxsplit=1)[0]}")


async def test_ways_that_do_not_exist(stack: Stack) -> None:
    """An unknown path and a wrong method are a 404 and a 405 with a sentence."""
    for method, path, expected in (
        ("GET", "/nothing", 404),
        ("DELETE", "/chat/messages", 405),
        ("GET", "/%00", 404),
    ):
        async with stack.http.request(method, f"{stack.url}{path}") as response:
            assert response.status == expected
            assert (await response.json())["message"]


async def test_the_first_bytes_may_be_no_http(stack: Stack) -> None:
    """Nonsense instead of HTTP is a 400 and hurts nobody else."""
    parts = urlsplit(stack.url)
    for nonsense in (
        b"\x16\x03\x01\x00\xff",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /chat/messages HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(nonsense)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 5)
        assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
        writer.close()
    assert (await (await stack.citizen()).post({"text": "ยังอยู่ดี"}))[0] == 202
