# SPDX-License-Identifier: Apache-2.0
"""Who gets in and with what: tokens, origins, bodies and uploads at the public door, never a 5xx."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from itsdangerous import URLSafeTimedSerializer
from PIL import Image
from yarl import URL

from channels.gateway.sessions import Session, Sessions
from channels.web.parse import MAX_TEXT
from tests.channels.gateway.stack import Citizen, Stack, words_of
from tests.fakes.bot_server import Bot, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHOTO = io.BytesIO()
Image.new("RGB", (8, 6), "orange").save(PHOTO, "JPEG")


# ---- tokens -----------------------------------------------------------------------------------------------------


def forged_tokens(mine: str) -> dict[str, str]:
    """Authorization headers that must not open anything."""
    other_key = Sessions(b"another key", 30)
    session = Session(id=str(uuid.uuid4()), conversation_id=1, key="web:0", locale="th")
    return {
        "absent": "",
        "no scheme": mine,
        "wrong scheme": f"Basic {mine}",
        "empty": "Bearer ",
        "nonsense": "Bearer abc",
        "not ASCII": "Bearer ขอเข้าหน่อย",
        "foreign key": f"Bearer {other_key.token(session)}",
        "one letter changed": f"Bearer {mine[:-1]}{'A' if mine[-1] != 'A' else 'B'}",
        "payload changed": f"Bearer x{mine}",
        "another salt": f"Bearer {URLSafeTimedSerializer(b'a key for sessions', salt='other').dumps([1, 1, 'k', 'th'])}",
        "another shape": f"Bearer {URLSafeTimedSerializer(b'a key for sessions', salt='web-session').dumps(7)}",
        "very long": f"Bearer {'a' * 6_000}",
    }


async def test_a_wrong_token_opens_nothing(stack: Stack, bot: Bot) -> None:
    """Absent, foreign, forged or damaged: 401 with a sentence, no history, nothing stored (W-03)."""
    citizen = await stack.citizen()
    await citizen.asks("ความลับในประวัติ")
    doors: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/chat/events?after=0", {}),
        ("POST", "/chat/messages", {"json": {"id": str(uuid.uuid4()), "text": "แอบส่ง"}}),
        ("POST", "/chat/uploads", {"data": {"file": io.BytesIO(PHOTO.getvalue())}}),
        ("GET", "/chat/uploads/m_000000000000000000000000", {}),
    ]
    for name, header in forged_tokens(citizen.token).items():
        for method, path, arguments in doors:
            headers = {"Authorization": header} if header else {}
            async with stack.http.request(method, f"{stack.url}{path}", headers=headers, **arguments) as response:
                text = await response.text()
                assert response.status == 401, (name, path)
                assert json.loads(text)["error"] == "unauthorised"
                assert json.loads(text)["message"]
                assert "ความลับในประวัติ" not in text
    assert bot.turns_of("แอบส่ง") == []


async def test_an_old_token_is_refused(stack: Stack) -> None:
    """A session ends after its days; the token itself says when it was made."""
    sessions = Sessions(b"a key for sessions", 0)
    citizen = await stack.citizen()
    await asyncio.sleep(1.1)  # tokens count whole seconds
    with pytest.raises(Exception, match="too old"):
        sessions.read(f"Bearer {citizen.token}")


async def test_the_session_id_alone_is_worth_nothing(stack: Stack) -> None:
    """The id that a page shows is no key."""
    citizen = await stack.citizen()
    status, _, _ = await citizen.call("GET", "/chat/events", token=citizen.session)
    assert status == 401


async def test_a_token_in_the_address_is_worth_nothing(stack: Stack) -> None:
    """Addresses end up in logs and histories: only the header counts."""
    citizen = await stack.citizen()
    async with stack.http.get(
        f"{stack.url}/chat/events?token={citizen.token}&authorization={citizen.token}"
    ) as response:
        assert response.status == 401


async def test_citizens_cannot_see_or_use_one_anothers_things(stack: Stack, bot: Bot) -> None:
    """Another session's history, choices and photos do not exist (W-03)."""
    choices = [{"label": "ยืนยันของสมชาย", "payload": "/affirm"}]
    bot.on("เรื่องส่วนตัวของสมชาย", Say(blocks=[{"type": "choices", "text": "ยืนยันไหมคะ", "choices": choices}]))
    somchai, somsri = await stack.citizen(), await stack.citizen()
    answer = await somchai.asks("เรื่องส่วนตัวของสมชาย")
    media = await upload(somchai, PHOTO.getvalue())

    assert await somsri.events() == []
    status, posted = await somsri.post({"choice": answer["blocks"][-1]["choices"][0]["id"]})
    assert status == 202
    [refused] = await somsri.answers(1, after=posted["seq"])
    assert refused["from"] == "system"
    assert not [ran for ran in bot.ran if ran.body.get("choice", {}).get("label") == "ยืนยันของสมชาย"]

    status, data, _ = await somsri.call("GET", f"/chat/uploads/{media}")
    assert (status, data["error"]) == (404, "http_404")
    status, data = await somsri.post({"media": media})
    assert (status, data["error"]) == (400, "unknown_media")
    status, content, headers = await somchai.call("GET", f"/chat/uploads/{media}")
    assert (status, headers["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(content)).size == (8, 6)


async def upload(citizen: Citizen, content: bytes) -> str:
    status, data, _ = await citizen.call("POST", "/chat/uploads", data={"file": io.BytesIO(content)})
    assert status == 201, data
    return str(data["media"])


# ---- bodies -----------------------------------------------------------------------------------------------------

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


# ---- origins ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("https://www.example.go.th", True),
        ("own", True),
        ("https://evil.example", False),
        ("http://www.example.go.th", False),
        ("https://www.example.go.th.evil.example", False),
        ("https://evil.example#https://www.example.go.th", False),
        ("null", False),
        ("", False),
        ("http://[::1", False),
        ("http://ไทย.example", False),
        ("file://", False),
    ],
)
async def test_a_foreign_page_may_not_speak(stack: Stack, origin: str | None, allowed: bool) -> None:
    """A missing origin, our own and the listed ones may; every other gets 403 and no permission to read (W-04)."""
    headers = {} if origin is None else {"Origin": stack.url if origin == "own" else origin}
    async with stack.http.post(f"{stack.url}/chat/sessions", json={}, headers=headers) as response:
        assert response.status == (201 if allowed else 403)
        permission = response.headers.get("Access-Control-Allow-Origin")
        assert permission == (headers.get("Origin") if allowed else None)
        assert "Access-Control-Allow-Credentials" not in response.headers
        if not allowed:
            assert (await response.json())["error"] == "foreign_origin"


async def test_a_preflight_of_a_listed_page(stack: Stack) -> None:
    """A listed page may send the token and JSON, and may read Retry-After; a foreign one gets 403."""
    headers = {"Origin": "https://www.example.go.th", "Access-Control-Request-Method": "POST"}
    async with stack.http.options(f"{stack.url}/chat/messages", headers=headers) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == "https://www.example.go.th"
        assert response.headers["Access-Control-Allow-Headers"] == "authorization, content-type"
        assert {"GET", "POST"} <= set(response.headers["Access-Control-Allow-Methods"].split(", "))
        assert response.headers["Access-Control-Expose-Headers"] == "Retry-After"
        assert response.headers["Vary"] == "Origin"
    headers["Origin"] = "https://evil.example"
    async with stack.http.options(f"{stack.url}/chat/messages", headers=headers) as response:
        assert response.status == 403


async def test_an_error_can_be_read_by_a_listed_page(stack: Stack) -> None:
    """A refusal carries the permission too, else the page could not show its sentence."""
    headers = {"Origin": "https://www.example.go.th"}
    async with stack.http.get(f"{stack.url}/chat/events", headers=headers) as response:
        assert response.status == 401
        assert response.headers["Access-Control-Allow-Origin"] == "https://www.example.go.th"


# ---- uploads ----------------------------------------------------------------------------------------------------


FORM = {"Content-Type": "multipart/form-data; boundary=x"}
PART = b"--x\r\nContent-Disposition: form-data; name=file\r\n"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("no multipart", {"data": b"abc"}),
        ("no boundary", {"data": b"abc", "headers": {"Content-Type": "multipart/form-data"}}),
        ("wrong boundary", {"data": b"abc", "headers": FORM}),
        ("cut off", {"data": b"--x\r\nContent-Disposition: form-data", "headers": FORM}),
        ("bad header", {"data": b"--x\r\n\xff\xfe: \r\n\r\nabc\r\n--x--", "headers": FORM}),
        ("bad length", {"data": PART + b"Content-Length: -5\r\n\r\nabc\r\n--x--", "headers": FORM}),
        ("odd coding", {"data": PART + b"Content-Transfer-Encoding: rot13\r\n\r\nabc\r\n--x--", "headers": FORM}),
        ("nested", {"data": b"--x\r\nContent-Type: multipart/mixed\r\n\r\nabc\r\n--x--", "headers": FORM}),
        ("another field", {"data": {"photo": io.BytesIO(PHOTO.getvalue())}}),
        ("an empty file", {"data": {"file": io.BytesIO(b"")}}),
        ("a text called jpg", {"data": {"file": io.BytesIO(b"hello")}}),
        (
            "SVG",
            {"data": {"file": io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")}},
        ),
        ("PDF", {"data": {"file": io.BytesIO(b"%PDF-1.7 ...")}}),
        ("a cut-off photo", {"data": {"file": io.BytesIO(PHOTO.getvalue()[:200])}}),
    ],
)
async def test_what_is_no_photo_is_refused(stack: Stack, name: str, arguments: dict[str, Any]) -> None:
    """Anything but a picture that can be drawn: 4xx with a sentence (W-09)."""
    citizen = await stack.citizen()
    status, data, _ = await citizen.call("POST", "/chat/uploads", **arguments)
    assert 400 <= status < 500, name
    assert data["message"]


async def test_too_large_an_upload_is_refused(stack: Stack) -> None:
    """More than the limit is a 413, whether the length is told or not."""
    citizen = await stack.citizen()
    large = b"x" * (stack.gateway.config.max_upload + 10_000)
    status, data, _ = await citizen.call("POST", "/chat/uploads", data={"file": io.BytesIO(large)})
    assert (status, data["error"]) == (413, "bad_upload")


async def test_a_photo_goes_to_the_bot_as_its_id(stack: Stack, bot: Bot) -> None:
    """Upload, then the message: the bot gets an id, the citizen sees the photo in the conversation."""
    citizen = await stack.citizen()
    media = await upload(citizen, PHOTO.getvalue())
    status, posted = await citizen.post({"media": media})
    assert status == 202
    await citizen.answers(1, after=posted["seq"])
    assert bot.ran[-1].content == {"media": {"id": media, "kind": "image"}}
    assert (await citizen.events())[0]["blocks"] == [{"type": "image", "media": media, "alt": ""}]


# ---- pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/privacy"])
async def test_the_pages_are_strict(stack: Stack, path: str) -> None:
    """No inline script or style is allowed, nothing foreign is loaded, no address is passed on (W-04)."""
    async with stack.http.get(f"{stack.url}{path}") as response:
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/pages/../parse.py", "/pages/%2e%2e/parse.py", "/pages/index.html", "/pages/none.css"]
)
async def test_the_pages_show_nothing_else(stack: Stack, path: str) -> None:
    """Only styles, pictures and scripts of the pages' own folder are served."""
    async with stack.http.get(URL(f"{stack.url}{path}", encoded=True)) as response:
        assert response.status == 404
