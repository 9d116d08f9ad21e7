# SPDX-License-Identifier: Apache-2.0
"""Who gets in and with what: tokens, origins, bodies and uploads at the public door, never a 5xx."""

from __future__ import annotations

import asyncio
import io
import json
import uuid
from typing import Any

import pytest
from itsdangerous import URLSafeTimedSerializer
from PIL import Image
from yarl import URL

from channels.gateway.sessions import Session, Sessions
from tests.channels.gateway.stack import PHOTO, Stack, upload
from tests.fakes.bot_server import Bot, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        "one letter changed": f"Bearer {mine[:9]}{'A' if mine[9] != 'A' else 'B'}{mine[10:]}",
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
        ("POST", "/chat/uploads", {"data": {"file": io.BytesIO(PHOTO)}}),
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
    media = await upload(somchai, PHOTO)

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
