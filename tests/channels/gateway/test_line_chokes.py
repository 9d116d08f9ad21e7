# SPDX-License-Identifier: Apache-2.0
"""What nobody foresaw in a webhook, unsigned floods at its door: the good events and the memory are safe."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from sqlalchemy import Row, text

from channels.gateway import line_http
from channels.line.parse import MAX_BODY
from sandbox.line.webhooks import sign
from store import inbox
from tests.channels.gateway.line_stack import LineStack, Phone, running_line
from tests.deploy.units import caddy_blocks
from tests.fakes.bot_server import Bot

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def line(own_database: str, own_bot: Bot, tmp_path: Path) -> AsyncIterator[LineStack]:
    """A gateway that stores and answers nothing."""
    async with running_line(own_database, own_bot, tmp_path, works=False) as stack:
        yield stack


async def rows(line: LineStack, statement: str, **values: Any) -> list[Row[Any]]:
    async with line.gateway.gateway.engine.connect() as connection:
        return list((await connection.execute(text(statement), values)).all())


async def run(line: LineStack, *statements: str) -> None:
    async with line.gateway.gateway.engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))


def event(line: LineStack, phone: Phone, message: dict[str, Any], later: int = 0) -> dict[str, Any]:
    return {
        "type": "message",
        "mode": "active",
        "webhookEventId": line.platform.event_id(),
        "timestamp": line.platform.clock.now_ms() + later,
        "source": {"type": "user", "userId": phone.user},
        "message": message,
    }


async def post(line: LineStack, body: bytes, **headers: str) -> int:
    told = {"X-Line-Signature": sign(line.platform.channel.secret, body), "Content-Type": "application/json"} | headers
    async with line.gateway.http.post(f"{line.gateway.url}/webhooks/line", data=body, headers=told) as answer:
        return answer.status


def webhook(line: LineStack, *events: dict[str, Any]) -> bytes:
    return json.dumps({"destination": line.platform.channel.user_id, "events": list(events)}).encode()


async def test_l_in_07_half_a_character_in_what_is_only_kept_loses_nobody(line: LineStack) -> None:
    """An event of a type that we do not know holds half a surrogate pair: it is kept, and so is its neighbour."""
    phone = await line.phone()
    odd = event(line, phone, {"id": "1", "type": "coupon", "title": "ลด\ud83d"})
    good = event(line, phone, {"id": "2", "type": "text", "text": "ข้อความดี"}, later=5)
    assert await post(line, webhook(line, odd, good)) == 200
    kept, word = await rows(line, "SELECT conversation_id, kind, payload FROM inbox ORDER BY seq")
    assert (kept.kind, word.kind) == ("recorded", "message")
    seal = line.gateway.gateway.seal
    assert inbox.opened(seal, kept.conversation_id, kept.payload)["raw"]["message"]["title"] == "ลด?"


async def test_l_in_07_an_event_of_any_depth_loses_nobody(line: LineStack) -> None:
    """Nested just as deep as can be read and no longer be written: that one is counted, its neighbour is stored."""
    phone = await line.phone()
    statuses = []
    for depth in range(900, 1000, 2):
        before = len(await rows(line, "SELECT FROM inbox WHERE kind = 'message'"))
        odd = json.dumps(event(line, phone, {"id": "1", "type": "coupon", "title": "HERE"}))
        odd = odd.replace('"HERE"', "[" * depth + "]" * depth)
        good = json.dumps(event(line, phone, {"id": "2", "type": "text", "text": "ข้อความดี"}, later=5))
        body = f'{{"destination":"{line.platform.channel.user_id}","events":[{odd},{good}]}}'
        statuses.append(await post(line, body.encode()))
        after = len(await rows(line, "SELECT FROM inbox WHERE kind = 'message'"))
        assert after - before == (1 if statuses[-1] == 200 else 0)
    assert set(statuses) == {200, 400}
    assert await line.gateway.figure("pracha_refused_requests_total") > statuses.count(400)


@pytest.mark.parametrize(("state", "status"), [("22021", 200), ("57P01", 503)], ids=["refused", "away"])
async def test_l_in_07_what_the_database_will_not_have_loses_nobody(line: LineStack, state: str, status: int) -> None:
    """Data that it refuses is a broken event; that it goes away is 503, so that LINE delivers again."""
    phone = await line.phone()
    odd = event(line, phone, {"id": "1", "type": "text", "text": "ข้อความแปลก"})
    good = event(line, phone, {"id": "2", "type": "text", "text": "ข้อความดี"}, later=5)
    await run(
        line,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON inbox FOR EACH ROW "
        f"WHEN (NEW.event_id = '{odd['webhookEventId']}') EXECUTE FUNCTION refuse()",
    )
    assert await post(line, webhook(line, odd, good)) == status
    found = await rows(line, "SELECT event_id FROM inbox")
    assert [one.event_id for one in found] == ([good["webhookEventId"]] if status == 200 else [])
    _, figures = await line.gateway.ask("GET", "/metrics", token=None)
    assert ('pracha_refused_requests_total{code="broken_event"} 1.0' in figures) == (status == 200)


async def test_a_time_in_the_far_future_stops_nobody(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """The last moment of year 9999, which in Bangkok is year 10000: answered like any other, and so is the next."""
    async with running_line(own_database, own_bot, tmp_path, poll=0.3) as line:
        name = urlsplit(own_database).path.lstrip("/")
        await run(line, f"ALTER DATABASE \"{name}\" SET timezone = 'Asia/Bangkok'")
        await line.gateway.gateway.engine.dispose()
        phone = await line.phone()
        far = event(line, phone, {"id": "1", "type": "text", "text": "จากอนาคต"}) | {"timestamp": 253_402_300_799_999}
        assert await post(line, webhook(line, far)) == 200
        await phone.hears("จากอนาคต", within=5)
        await phone.say("ข้อความต่อไป")
        await phone.hears("ข้อความต่อไป", within=5)


@pytest.mark.parametrize("signature", [None, "", "AAAA", "!" * 44, "A" * 44, "A" * 43 + "=="])
async def test_l_in_02_without_a_signature_nothing_of_a_body_is_read(line: LineStack, signature: str | None) -> None:
    """Two megabytes are announced and none comes: 401 at once."""
    address = urlsplit(line.gateway.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    header = "" if signature is None else f"X-Line-Signature: {signature}\r\n"
    writer.write(
        f"POST /webhooks/line HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{header}"
        f"Content-Length: {MAX_BODY - 1}\r\n\r\n".encode()
    )
    async with asyncio.timeout(3):
        assert (await reader.readline()).startswith(b"HTTP/1.1 401 ")
    writer.close()


async def test_bodies_under_way_are_bounded(line: LineStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many bytes of unfinished bodies, whoever sends them: 503; when they are gone, all is as before."""
    monkeypatch.setattr(line_http, "_MOST_HELD", 100_000)
    address = urlsplit(line.gateway.url)
    forged = base64.b64encode(b"x" * 32).decode()
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        f"POST /webhooks/line HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"X-Line-Signature: {forged}\r\nContent-Length: 90001\r\n\r\n".encode()
    )
    writer.write(b" " * 90_000)
    await writer.drain()
    await asyncio.sleep(0.3)
    body = webhook(line, event(line, await line.phone(), {"id": "2", "type": "text", "text": "ก" * 3_000}))
    assert await post(line, body) == 503
    writer.write(b" ")
    async with asyncio.timeout(3):
        assert (await reader.readline()).startswith(b"HTTP/1.1 401 ")
    writer.close()
    assert await post(line, body) == 200
    inlet = line.gateway.gateway.line_inlet
    assert inlet is not None
    assert inlet.held == 0


async def test_the_proxy_passes_no_more_of_a_webhook_than_the_gateway_takes() -> None:
    """Photos of the web chat may be larger; LINE's webhooks are not."""
    block = caddy_blocks()["chat.example.go.th"]
    assert f"request_body /webhooks/line {{\n\t\tmax_size {MAX_BODY // 1_000_000}MB\n" in block
