# SPDX-License-Identifier: Apache-2.0
"""What LINE delivers: signed, once, in order, for the right person, and never acknowledged before it is stored."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Row, text

from app.embedded_postgres import running
from channels.line.parse import MAX_BODY
from sandbox.line.webhooks import sign
from store import outbox
from store.migrate import migrate
from tests.channels.gateway.line_stack import LineStack, Phone, running_line
from tests.channels.gateway.stack import TOKEN, until
from tests.channels.gateway.test_many_gateways import kill_server, own_server
from tests.fakes.bot_server import Bot, Say, running_bot
from tests.store.copies import copy_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(template_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LineStack]:
    """A gateway on LINE that these tests share; each has people of its own."""
    async with running_bot(TOKEN) as bot:
        with copy_of(template_url) as url:
            async with running_line(url, bot, Path(tmp_path_factory.mktemp("line")), poll=0.5) as stack:
                yield stack


async def rows(line: LineStack, statement: str, **values: Any) -> list[Row[Any]]:
    async with line.gateway.gateway.engine.connect() as connection:
        return list((await connection.execute(text(statement), values)).all())


async def stored(line: LineStack) -> int:
    [row] = await rows(line, "SELECT count(*) AS n FROM inbox")
    return int(row.n)


async def deliver(line: LineStack, **webhook: Any) -> dict[str, Any]:
    """One hand-made webhook, and how it ended."""
    return dict(await line.control("/webhook", webhook))


def message_of(phone: Phone, words: str, **more: Any) -> dict[str, Any]:
    """A text of a person, as LINE tells it; ids and times are filled in."""
    message_id = str(time.time_ns())
    return {
        "type": "message",
        "source": {"type": "user", "userId": phone.user},
        "message": {"id": message_id, "type": "text", "text": words},
        **more,
    }


async def hears(phone: Phone, words: str, within: float = 10.0) -> dict[str, Any]:
    """The next message of the bot with these words; the notice about privacy comes before the first answer."""
    async with asyncio.timeout(within):
        while True:
            for one in await phone.answers(1, within):
                if words in str(one["message"].get("text")):
                    return one


def said_by(line: LineStack, phone: Phone, *words: str) -> list[str]:
    """The turns of the bot with these words, in the order in which they were run."""
    return [one.said for one in line.bot.ran if one.said in words]


# ---- the door ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "plain"])
@pytest.mark.parametrize("end", ["", "\n"], ids=["", "newline"])
async def test_l_in_01_exact_bytes_are_stored_and_a_changed_one_is_not(
    line: LineStack, escaped: bool, end: str
) -> None:
    """Thai and emoji, escaped or not, with or without a newline: stored as signed; one byte off is 401 and no row."""
    phone = await line.phone()
    words = f"น้ำไม่ไหล 👨‍👩‍👧 {escaped}{len(end)}"
    event = message_of(
        phone, words, timestamp=line.platform.clock.now_ms(), webhookEventId=line.platform.event_id(), mode="active"
    )
    body = json.dumps({"destination": line.platform.channel.user_id, "events": [event]}, ensure_ascii=escaped) + end
    raw = body.encode()
    before = await stored(line)
    for changed in (raw[:-1], raw + b" ", raw.replace(b"text", b"texT", 1)):
        base = base64.b64encode(changed).decode()
        outcome = await deliver(line, body_base64=base, signature=sign(line.platform.channel.secret, raw))
        assert outcome["status"] == 401
    assert await stored(line) == before
    assert (await deliver(line, body_base64=base64.b64encode(raw).decode()))["status"] == 200
    await until(lambda: said_by(line, phone, words) == [words])


@pytest.mark.parametrize("signature", ["none", "wrong", "", "!!", "ลายเซ็น", "AAAA", "=" * 44])
async def test_l_in_02_a_bad_header_is_401(line: LineStack, signature: str) -> None:
    """Missing, empty, no base64, not even ASCII: 401 and counted, never an error of ours."""
    before, forged = await stored(line), await line.gateway.figure("pracha_forged_requests_total")
    outcome = await deliver(line, events=[message_of(await line.phone(), "ปลอม")], signature=signature)
    assert outcome["status"] == 401
    assert await stored(line) == before
    assert await line.gateway.figure("pracha_forged_requests_total") == forged + 1


@pytest.mark.parametrize("header", ["X-LINE-SIGNATURE", "x-line-signature", "X-Line-Signature"])
async def test_l_in_02_the_headers_case_is_free(line: LineStack, header: str) -> None:
    """LINE may change it."""
    assert (await deliver(line, events=[], header=header))["status"] == 200


async def test_l_in_03_a_check_of_the_address_is_quick(line: LineStack) -> None:
    """No events: 200 within 100 ms; the same without a signature is 401."""
    await deliver(line, events=[])
    outcome = await deliver(line, events=[])
    assert (outcome["status"], outcome["milliseconds"] < 100) == (200, True)
    assert (await deliver(line, events=[], signature="none"))["status"] == 401


async def test_l_in_05_nothing_is_acknowledged_before_it_is_stored(line: LineStack) -> None:
    """While the commit cannot happen there is no answer; then there is one, and the event is there."""
    phone = await line.phone()
    async with line.gateway.gateway.engine.connect() as connection:
        await connection.execute(text("BEGIN"))
        await connection.execute(text("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"))
        sent = asyncio.create_task(deliver(line, events=[message_of(phone, "รอบันทึกก่อน")]))
        await asyncio.sleep(0.5)
        assert not sent.done()
        await connection.execute(text("COMMIT"))
    assert (await sent)["status"] == 200
    await phone.answers(1)


async def test_l_in_05_without_a_database_line_keeps_the_event(own_bot: Bot, tmp_path: Path) -> None:
    """The database is away: 503, so that LINE delivers again; when it is back, the message is answered once."""
    with own_server() as folder:
        with running(folder) as url:
            migrate(url)
            gateway = running_line(url, own_bot, tmp_path, poll=0.3)
            line = await gateway.__aenter__()
            phone = await line.phone()
            await phone.say("ก่อนฐานข้อมูลล่ม")
            await phone.answers(1)
            await kill_server(folder)
        began = time.monotonic()
        stranger = await line.phone()
        for person in (phone, stranger):
            assert (await deliver(line, events=[message_of(person, "ยังไม่มีที่เก็บ")]))["status"] == 503
        assert time.monotonic() - began < 4
        line.platform.webhook.schedule = (0.3,) * 100
        await phone.say("ตอนฐานข้อมูลล่ม")
        await until(lambda: any(one["status"] == 503 and one["redelivery"] for one in line.platform.deliveries))
        with running(folder):
            await hears(phone, "ตอนฐานข้อมูลล่ม", within=20)
            await phone.nothing()
            await gateway.__aexit__(None, None, None)
    assert len(own_bot.turns_of("ตอนฐานข้อมูลล่ม")) == 1


async def test_l_in_16_a_profile_is_not_needed(line: LineStack) -> None:
    """Who is no friend and shows no profile is answered; the gateway never even asks for a name."""
    phone = await line.phone(friend=False)
    line.platform.users[phone.user].consent = False
    await phone.say("ไม่เปิดเผยชื่อ")
    await hears(phone, "ไม่เปิดเผยชื่อ")
    assert await line.calls("profile") == []


async def test_l_in_17_another_channels_webhook_is_refused(line: LineStack) -> None:
    """The signature is right, the destination is not: 400, and nobody is answered."""
    before = await stored(line)
    events = [message_of(await line.phone(), "ส่งผิดบัญชี")]
    assert (await deliver(line, events=events, destination="U" + "9" * 32))["status"] == 400
    assert await stored(line) == before


def _deep(open_: str, close: str) -> bytes:
    return (open_ * 100_000 + close * 100_000).encode()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b'{"events":["' + b"a" * MAX_BODY + b'"]}', {}, 413),
        (_deep("[", "]"), {}, 400),
        (_deep('{"a":', "}"), {}, 400),
        ('{"events":[],"destination":"ก"}'.encode("tis-620"), {}, 400),
        (b'{"events":[]}\xff', {}, 400),
        (b"", {}, 400),
        (b"null", {}, 400),
        (b'{"events":{}}', {}, 400),
        (b'{"events":[]}', {"Content-Type": "text/plain"}, 415),
        (b"events=1", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
    ids=["2MB", "deep arrays", "deep objects", "TIS-620", "half UTF-8", "empty", "null", "shape", "text", "form"],
)
async def test_l_in_18_a_senseless_body_is_refused_quickly(
    line: LineStack, body: bytes, headers: dict[str, str], status: int
) -> None:
    """Signed or not: 4xx at once, and the gateway goes on."""
    before = await stored(line)
    outcome = await deliver(line, body_base64=base64.b64encode(body).decode(), headers=headers)
    assert (outcome["status"], outcome["milliseconds"] < 1000) == (status, True)
    assert await stored(line) == before
    assert (await deliver(line, events=[]))["status"] == 200


# ---- events -----------------------------------------------------------------------------------------------------


async def test_l_in_07_each_event_goes_to_its_own_person(line: LineStack) -> None:
    """Several people in one webhook, with broken events between them: each gets an answer of their own."""
    phones = [await line.phone() for _ in range(3)]
    events: list[dict[str, Any]] = []
    for number, phone in enumerate(phones):
        events += [message_of(phone, f"คนที่ {number} พูด"), {"type": "message", "webhookEventId": None, "message": 5}]
    assert (await deliver(line, events=events))["status"] == 200
    for number, phone in enumerate(phones):
        await hears(phone, f"คนที่ {number} พูด")
    keys = {one.conversation for one in line.bot.ran if one.said.startswith("คนที่")}
    assert len(keys) == 3
    assert await line.gateway.figure("pracha_refused_requests_total") >= 3


@pytest.mark.parametrize(
    "more",
    [
        {"type": "teleport"},
        {"message": {"id": "1", "type": "hologram"}},
        {"source": {"type": "planet", "planetId": "P1"}},
        {"mode": "sleeping"},
        {"source": None},
    ],
    ids=["event", "message", "source", "mode", "no source"],
)
async def test_l_in_08_what_is_unknown_is_taken_and_not_answered(line: LineStack, more: dict[str, Any]) -> None:
    """200, nothing said, and the next message is answered. What belongs to somebody is kept as it came."""
    phone = await line.phone()
    event = message_of(phone, "ของใหม่จากไลน์") | more
    before = await rows(line, "SELECT id FROM inbox WHERE kind = 'recorded'")
    assert (await deliver(line, events=[event]))["status"] == 200
    await phone.nothing(0.4)
    after = await rows(line, "SELECT id FROM inbox WHERE kind = 'recorded'")
    assert len(after) - len(before) == (0 if "source" in more else 1)
    await phone.say("ข้อความธรรมดา")
    await hears(phone, "ข้อความธรรมดา")


async def test_l_in_09_events_are_answered_in_the_order_in_which_they_happened(line: LineStack) -> None:
    """Five messages arrive in reverse while the first is still in work: the others are taken by their time."""
    phone = await line.phone()
    line.bot.on("คำแรก", Say(takes=0.8))
    await phone.say("คำแรก")
    await until(lambda: any(one.get("text") == "คำแรก" for one in line.bot.requests))
    words = [f"ลำดับที่ {number}" for number in range(5)]
    await line.control("", {"webhook": {"hold": True}})
    for one in words:
        await phone.say(one)
        await asyncio.sleep(0.01)
    await line.control("/release", {"order": "reversed"})
    await phone.answers(6)
    assert said_by(line, phone, *words) == words


async def test_l_in_09_a_late_event_is_still_answered(line: LineStack) -> None:
    """An event older than one that was answered already is answered once, too."""
    phone = await line.phone()
    await line.control("", {"webhook": {"hold": True}})
    await phone.say("มาช้า")
    line.platform.webhook.hold = False
    await phone.say("มาก่อน")
    await phone.answers(1)
    await line.control("/release", {})
    [late] = await phone.answers(1)
    assert "มาช้า" in late["message"]["text"]
    assert said_by(line, phone, "มาช้า", "มาก่อน") == ["มาก่อน", "มาช้า"]


async def test_l_in_10_in_standby_nothing_is_said(line: LineStack) -> None:
    """Another module holds the chat: recorded, with its words sealed, and neither reply nor push."""
    phone = await line.phone()
    pushes, replies = len(await line.calls("push")), len(await line.calls("reply"))
    await line.control("", {"webhook": {"mode": "standby"}})
    try:
        await phone.say("คุยกับเจ้าหน้าที่อยู่")
        await phone.do("sticker", {"packageId": "446", "stickerId": "1988"})
        await phone.nothing()
    finally:
        await line.control("", {"webhook": {"mode": "active"}})
    assert (len(await line.calls("push")), len(await line.calls("reply"))) == (pushes, replies)
    found = await rows(line, "SELECT payload FROM inbox WHERE kind = 'recorded' ORDER BY id DESC LIMIT 2")
    assert len(found) == 2
    assert not any("เจ้าหน้าที่".encode() in bytes(one.payload) for one in found)
    assert line.bot.turns_of("คุยกับเจ้าหน้าที่อยู่") == []


async def test_l_in_11_what_was_taken_back_before_its_turn_is_never_answered(
    own_database: str, own_bot: Bot, tmp_path: Path
) -> None:
    """The message waits behind another when its sender takes it back: the bot never sees it, its words are gone."""
    async with running_line(own_database, own_bot, tmp_path, works=False) as line:
        phone = await line.phone()
        await phone.say("ข้อความที่ยังอยู่")
        gone = await phone.say("ข้อความที่ถอนไป")
        await line.control("/settle", {})
        await phone.do("unsend", {"messageId": gone})
        await line.control("/settle", {})
        [row] = await rows(
            line, "SELECT payload, state FROM inbox WHERE message_id = :id AND kind = 'message'", id=gone
        )
        assert tuple(row) == (None, "cancelled")
        workers = [
            asyncio.create_task(line.gateway.worker.run()),
            asyncio.create_task(line.gateway.gateway.deliveries.run()),
        ]
        line.gateway.tasks.extend(workers)
        await hears(phone, "ข้อความที่ยังอยู่")
        await phone.nothing()
        assert [one["text"] for one in own_bot.requests] == ["ข้อความที่ยังอยู่"]
        assert await line.gateway.figure("pracha_inbox_waiting") == 0


async def test_l_in_12_an_edit_is_no_second_turn(line: LineStack) -> None:
    """A message that is edited, twice and out of order, was one turn and stays one; nothing is said about it."""
    phone = await line.phone()
    message = await phone.say("ก่อนแก้ไข")
    await phone.answers(1)
    await line.control("", {"webhook": {"hold": True}})
    await phone.do("edit", {"messageId": message, "text": "แก้ครั้งที่หนึ่ง"})
    await phone.do("edit", {"messageId": message, "text": "แก้ครั้งที่สอง"})
    await line.control("/release", {"order": "reversed"})
    await phone.nothing()
    assert said_by(line, phone, "ก่อนแก้ไข", "แก้ครั้งที่หนึ่ง", "แก้ครั้งที่สอง") == ["ก่อนแก้ไข"]


async def test_l_in_14_a_pin_is_a_place(line: LineStack) -> None:
    """A location message reaches the bot as degrees."""
    phone = await line.phone()
    asked = len(line.bot.ran)
    await phone.do("location", {"latitude": 13.7563, "longitude": 100.5018, "title": "ศาลาว่าการ"})
    await phone.answers(1)
    assert line.bot.ran[asked].content == {"location": {"lat": 13.7563, "lon": 100.5018}}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"date": "2026-11-22"}, "2026-11-22"),
        ({"time": "09:30"}, "09:30"),
        ({"datetime": "2026-11-22T09:30"}, "2026-11-22T09:30"),
    ],
    ids=["date", "time", "both"],
)
async def test_l_in_14_a_picked_time_is_words(line: LineStack, params: dict[str, str], words: str) -> None:
    """What a datetime picker gives is said for the citizen."""
    phone = await line.phone()
    await phone.do("postback", {"data": "when", "params": params})
    await phone.answers(1)
    assert line.bot.ran[-1].content == {"text": words}


async def test_l_in_14_a_postback_of_nothing_is_explained(line: LineStack) -> None:
    """A button that means nothing any more gets a polite sentence, and the bot is not asked."""
    phone = await line.phone()
    asked = len(line.bot.requests)
    await phone.do("postback", {"data": "99.0.0", "displayText": "ปุ่มเก่า"})
    [answer] = await phone.answers(1)
    assert "ใช้ไม่ได้แล้วค่ะ" in answer["message"]["text"]
    assert len(line.bot.requests) == asked


# ---- friends and groups -----------------------------------------------------------------------------------------


async def test_l_in_13_who_blocks_is_not_pushed_to(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """A push that waits is cancelled by the unfollow; who comes back is greeted, and hears of news again."""
    async with running_line(own_database, own_bot, tmp_path, poll=0.3) as line:
        phone = await line.phone()
        await phone.say("สวัสดี")
        await phone.answers(1)
        await line.fault("push", "rate_limit", times=None)
        await notice(line, "ข่าวที่รอส่ง")
        await until(lambda: any(one["operation"] == "push" for one in line.platform.calls))
        await phone.do("block")

        async def cancelled() -> bool:
            return [tuple(one) for one in await rows(line, LAST_ANSWER)] == [("cancelled", "cancelled", None)]

        await until(cancelled)
        line.platform.faults.clear()
        pushes = len(await line.calls("push"))
        await notice(line, "ข่าวหลังบล็อก")
        await until(cancelled_without_call(line))
        assert len(await line.calls("push")) == pushes
        await phone.do("follow")
        [welcome] = await phone.answers(1)
        assert "สวัสดีค่ะ" in str(welcome)
        await notice(line, "ข่าวหลังกลับมา")
        [news] = await phone.answers(1)
        assert (news["message"]["text"], news["via"]) == ("ข่าวหลังกลับมา", "push")


async def test_l_in_13_block_and_back_at_once(own_database: str, own_bot: Bot, tmp_path: Path) -> None:
    """Unfollow and follow wait together, or come in the wrong order: at the end the person is there."""
    async with running_line(own_database, own_bot, tmp_path, poll=0.3) as line:
        for order in ("kept", "reversed"):
            phone = await line.phone()
            await phone.say("สวัสดี")
            await phone.answers(1)
            await line.control("", {"webhook": {"hold": True}})
            await phone.do("block")
            await phone.do("follow")
            await line.control("/release", {"order": order, "one_webhook": False})
            welcome = await phone.answers(1)
            assert "สวัสดีค่ะ" in str(welcome), order
            await line.control("/settle", {})
            await asyncio.sleep(0.3)
            await phone.say("ยังอยู่ไหม")
            await hears(phone, "ยังอยู่ไหม")


async def test_l_in_13_in_a_group_only_the_policy_is_said(line: LineStack) -> None:
    """Joining: one polite policy. Chatter: silence, and no word is kept. A mention: the policy again. Out and in again works."""
    phone = await line.phone()
    made = await _post(line, "/line/api/groups", {"groupName": "คนในซอย", "members": [phone.user]})
    group = Phone(line.gateway.http, line.base, made["groupId"])
    [policy] = await group_answers(line, group, 1)
    assert "ในกลุ่มดิฉันไม่ตอบเรื่องส่วนตัว" in policy["message"]["text"]
    asked = len(line.bot.requests)
    secret = "ลุงข้างบ้านเปิดเพลงดัง"
    await _post(line, f"/line/api/groups/{group.user}/text", {"userId": phone.user, "text": secret})
    await asyncio.sleep(0.5)
    assert await group_answers(line, group, 0) == []
    kept = await rows(line, "SELECT payload FROM inbox WHERE kind = 'recorded' ORDER BY id DESC LIMIT 1")
    seal = line.gateway.gateway.seal
    [row] = await rows(line, "SELECT conversation_id FROM inbox WHERE kind = 'recorded' ORDER BY id DESC LIMIT 1")
    assert seal.open_json(kept[0].payload, f"inbox:{row.conversation_id}") == {"raw": {}}
    await _post(
        line, f"/line/api/groups/{group.user}/text", {"userId": phone.user, "text": "ช่วยหน่อย", "mentionBot": True}
    )
    [again] = await group_answers(line, group, 1)
    assert again["message"] == policy["message"]
    assert len(line.bot.requests) == asked
    assert [one for one in await line.calls("loading") if one["body"]["chatId"] == group.user] == []
    await _post(line, f"/line/api/groups/{group.user}/expel", {})
    await line.control("/settle", {})
    line.platform.groups[group.user].joined = True
    source = {"type": "group", "groupId": group.user}
    assert (await deliver(line, events=[{"type": "join", "source": source}]))["status"] == 200
    assert len(await group_answers(line, group, 1)) == 1


async def test_greetings_in_a_row_are_short(line: LineStack) -> None:
    """The first hello gets everything, the second within half an hour one line."""
    phone = await line.phone()
    menu = {"type": "choices", "text": "สวัสดีค่ะ มีเมนูให้เลือก", "choices": [{"label": "ไฟดับ", "payload": "/start"}]}
    line.bot.on("หวัดดี", *[Say(blocks=[menu], intent="greet")] * 2)
    await phone.say("หวัดดี")
    [*_, first] = await phone.answers(2)
    assert "มีเมนูให้เลือก" in first["message"]["text"]
    await phone.say("หวัดดีอีกที")
    [second] = await phone.answers(1)
    assert second["message"]["text"] == "ค่ะ พิมพ์เรื่องที่ต้องการได้เลยนะคะ"
    assert "quickReply" not in second["message"]


#: the newest answer and its call
LAST_ANSWER = (
    "SELECT o.state, d.state, d.messages FROM outbox o LEFT JOIN deliveries d ON d.outbox_id = o.id "
    "ORDER BY o.id DESC LIMIT 1"
)


def cancelled_without_call(line: LineStack) -> Any:
    async def holds() -> bool:
        return [tuple(one)[:2] for one in await rows(line, LAST_ANSWER)] == [("cancelled", None)]

    return holds


async def notice(line: LineStack, words: str) -> None:
    """News on our own account for whoever wrote last."""
    gateway = line.gateway.gateway
    [row] = await rows(line, "SELECT conversation_id AS id FROM inbox ORDER BY id DESC LIMIT 1")
    await outbox.say(gateway.engine, gateway.seal, row.id, [{"type": "text", "text": words}], pulled=False)


async def _post(line: LineStack, path: str, body: Any) -> dict[str, Any]:
    async with line.gateway.http.post(f"{line.base}{path}", json=body) as answer:
        assert answer.status < 300, await answer.text()
        return dict(await answer.json())


async def group_answers(line: LineStack, group: Phone, count: int, within: float = 5.0) -> list[dict[str, Any]]:
    """The next messages of the bot in a group."""
    got: list[dict[str, Any]] = []
    deadline = time.monotonic() + within
    while True:
        url = f"{line.base}/line/api/groups/{group.user}/messages"
        async with line.gateway.http.get(url, params={"after": str(group.seen), "wait": "0"}) as answer:
            data = await answer.json()
        group.seen = int(data["last"])
        got += [one for one in data["messages"] if one["kind"] == "message" and one["sender"] == "bot"]
        if len(got) >= count:
            return got
        assert time.monotonic() < deadline, f"{len(got)} of {count}"
        await asyncio.sleep(0.05)
