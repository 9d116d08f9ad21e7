# SPDX-License-Identifier: Apache-2.0
"""Privacy through the whole gateway: what is sealed before the bot sees it, and what is left after "forget me"."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from store import retention
from store.conversations import find_conversation
from tests.channels.gateway.stack import Citizen, Stack, until, words_of
from tests.fakes.bot_server import Bot, Say

pytestmark = pytest.mark.asyncio(loop_scope="session")

ERASE = Say(blocks=[{"type": "text", "text": "ลบข้อมูลแล้วค่ะ"}, {"type": "directive", "name": "erase"}])


async def rows(stack: Stack, statement: str, **parameters: Any) -> list[Any]:
    async with stack.gateway.engine.connect() as connection:
        return list((await connection.execute(text(statement), parameters)).all())


async def photo(citizen: Citizen) -> str:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    _, data, _ = await citizen.call("POST", "/chat/uploads", data={"file": io.BytesIO(picture.getvalue())})
    return str(data["media"])


async def test_identifiers_never_reach_the_bot(stack: Stack, bot: Bot) -> None:
    """A national id, a phone number and an address for mail become handles; the citizen reads their own words."""
    words = "บัตร 1-2345-67890-12-1 โทร 081-234-5678 เมล somsri@example.com นะคะ"
    citizen = await stack.citizen()
    await citizen.asks(words)
    said = bot.ran[-1].said
    assert "⟦thai_id:" in said
    assert "⟦phone:" in said
    assert "⟦email:" in said
    assert not any(part in said for part in ("1-2345", "081", "somsri"))
    assert (await citizen.events())[0]["blocks"] == [{"type": "text", "text": words}]


async def test_a_handle_in_an_answer_is_shown_masked(stack: Stack, bot: Bot) -> None:
    """The bot speaks in handles; the citizen sees enough of the number to recognise it, a choice keeps the handle."""
    citizen = await stack.citizen()
    await citizen.asks("เบอร์ฉันคือ 081-234-5678")
    handle = bot.ran[-1].said.removeprefix("เบอร์ฉันคือ ")
    choice = {"label": f"ใช้ {handle}", "payload": f'/inform{{"phone": "{handle}"}}'}
    bot.on("ทวนเบอร์", Say(blocks=[{"type": "choices", "text": f"เบอร์ {handle} ใช่ไหมคะ", "choices": [choice]}]))
    answer = await citizen.asks("ทวนเบอร์")
    assert words_of(answer) == "เบอร์ 08X-XXX-5678 ใช่ไหมคะ"
    [shown] = answer["blocks"][-1]["choices"]
    assert shown["label"] == "ใช้ 08X-XXX-5678"
    await citizen.post({"choice": shown["id"]})
    await until(lambda: bot.ran[-1].content == {"choice": {"payload": choice["payload"], "label": "ใช้ 08X-XXX-5678"}})


async def test_another_citizens_handle_shows_nothing(stack: Stack, bot: Bot) -> None:
    """A handle that wandered into the wrong conversation is dots."""
    somchai, somsri = await stack.citizen(), await stack.citizen()
    await somchai.asks("ติดต่อ 081-234-5678")
    handle = bot.ran[-1].said.removeprefix("ติดต่อ ")
    bot.on("ของคนอื่น", Say(blocks=[{"type": "text", "text": f"เบอร์ {handle}"}]))
    assert words_of(await somsri.asks("ขอดูของคนอื่น")).endswith("เบอร์ •••")


async def test_nobody_can_write_a_handle(stack: Stack, bot: Bot) -> None:
    """A handle typed by hand reaches the bot as plain words."""
    citizen = await stack.citizen()
    await citizen.asks("เบอร์ ⟦phone:abcdef⟧")
    assert bot.ran[-1].said == "เบอร์ [phone:abcdef]"


async def test_a_private_answer_is_sealed_whole_but_not_a_word_of_command(stack: Stack, bot: Bot) -> None:
    """What is asked for as private is one handle for the bot; ยกเลิก and ข้าม stay words."""
    bot.always("ถามที่ติดต่อ", Say(active_form="report_form", requested_slot="report_contact"))
    citizen = await stack.citizen()
    for words, sealed in (("คุณสมศรี ใจดี บ้าน 99/9", True), ("ยกเลิก", False), ("ข้าม", False), ("081-234-5678", True)):
        await citizen.asks("ถามที่ติดต่อ")
        await citizen.asks(words)
        said = bot.ran[-1].said
        assert said.startswith("⟦") == sealed, words
        assert said.endswith("⟧") == sealed, words


async def test_g_08_forgetting_takes_everything_away(stack: Stack, bot: Bot) -> None:
    """The directive removes words, photos, tracker and sealed originals here and in the bot; the conversation goes on."""
    citizen = await stack.citizen()
    await citizen.asks("เบอร์ของฉัน 081-234-5678")
    key = bot.ran[-1].conversation
    media = await photo(citizen)
    _, posted = await citizen.post({"media": media})
    await citizen.answers(1, after=posted["seq"])
    conversation = await find_conversation(stack.gateway.engine, key)
    assert conversation is not None
    await rows(stack, "INSERT INTO trackers (conversation, body) VALUES (:key, '{}') RETURNING 1", key=key)
    bot.on("ลบข้อมูลของฉัน", ERASE)
    confirmation = await citizen.asks("ลบข้อมูลของฉัน")
    assert words_of(confirmation) == "ลบข้อมูลแล้วค่ะ"
    assert all(block["type"] != "directive" for block in confirmation["blocks"])
    assert confirmation["forget"] is True

    async def erased() -> bool:
        return await citizen.events() == [confirmation]

    await until(erased)
    assert key in bot.erased
    number = {"id": conversation.id}
    assert await rows(stack, "SELECT 1 FROM inbox WHERE conversation_id = :id AND payload IS NOT NULL", **number) == []
    left = await rows(stack, "SELECT seq FROM outbox WHERE conversation_id = :id AND blocks IS NOT NULL", **number)
    assert [row.seq for row in left] == [confirmation["seq"]]
    for table in ("vault", "media"):
        assert await rows(stack, f"SELECT 1 FROM {table} WHERE conversation_id = :id", **number) == []
    assert await rows(stack, "SELECT 1 FROM trackers WHERE conversation = :key", key=key) == []
    understandings = await rows(stack, "SELECT understanding FROM turns WHERE conversation_id = :id", **number)
    assert {json.dumps(row.understanding) for row in understandings} == {"{}"}
    assert (await citizen.call("GET", f"/chat/uploads/{media}"))[0] == 404
    with pytest.raises(FileNotFoundError):
        stack.gateway.files.read(media)
    [row] = await rows(
        stack, "SELECT erase_requested_at, pending, lease_owner FROM conversations WHERE id = :id", **number
    )
    assert tuple(row) == (None, 0, None)
    assert (await citizen.asks("เริ่มใหม่"))["seq"] > confirmation["seq"]


async def test_messages_behind_a_wish_to_be_forgotten_are_answered(stack: Stack, bot: Bot) -> None:
    """Two quick messages, the first asks to be forgotten: what came after the wish is answered and stays."""
    bot.on("ลืมฉันเร็ว", Say(blocks=ERASE.blocks, takes=0.2))
    citizen = await stack.citizen()
    await citizen.send("ลืมฉันเร็ว")
    await citizen.send("ข้อความที่ตามมา")
    confirmation, following = await citizen.answers(2)
    assert "ลบข้อมูลแล้วค่ะ" in words_of(confirmation)
    assert words_of(following) == "รับทราบ: ข้อความที่ตามมา"
    assert words_of(await citizen.asks("หลังจากนั้น")) == "รับทราบ: หลังจากนั้น"
    assert [event["seq"] for event in await citizen.events()] == [2, 3, 4, 5, 6]
    assert await stack.figure("pracha_inbox_waiting") == 0


async def test_forgetting_waits_for_the_bot(stack: Stack, bot: Bot) -> None:
    """When the bot cannot forget now, the wish is kept and found by the job, and nothing is half forgotten."""
    citizen = await stack.citizen()
    await citizen.asks("เรื่องที่จะลบทีหลัง")
    key = bot.ran[-1].conversation
    conversation = await find_conversation(stack.gateway.engine, key)
    assert conversation is not None
    bot.on("ลบตอนบอทไม่พร้อม", ERASE)
    bot.refuses_to_erase = True
    try:
        await citizen.asks("ลบตอนบอทไม่พร้อม")

        async def kept() -> bool:
            return (conversation.id, key) in await retention.waiting_to_be_erased(stack.gateway.engine)

        await until(kept)
    finally:
        bot.refuses_to_erase = False
    assert len(await citizen.events()) == 4
    await stack.gateway.bot.erase(key)
    await retention.erase(stack.gateway.engine, stack.gateway.files, conversation.id)
    assert await retention.waiting_to_be_erased(stack.gateway.engine) == []
    assert len(await citizen.events()) == 1


async def test_an_export_holds_both_sides_and_the_cases(stack: Stack, bot: Bot) -> None:
    """What a citizen said and was told, in order, with the numbers of their cases."""
    citizen = await stack.citizen()
    await citizen.asks("ขอสำเนาข้อมูลของฉัน 081-234-5678")
    key = bot.ran[-1].conversation
    case = {"conversation": key, "turn_id": "x", "type": "ถนน", "description": "หลุม", "place": {"text": "ถนนสายหนึ่ง"}}
    status, filed = await stack.ask("POST", "/internal/cases", case, Idempotency_Key=f"{key}:case")
    assert status == 201
    conversation = await find_conversation(stack.gateway.engine, key)
    assert conversation is not None
    data = await retention.export(stack.gateway.engine, stack.gateway.seal, conversation.id)
    assert [line["from"] for line in data["conversation"]] == ["citizen", "bot"]
    assert "081-234-5678" in str(data["conversation"][0]["said"])
    assert [one["ticket_id"] for one in data["cases"]] == [filed["ticket_id"]]
    assert json.loads(json.dumps(data, ensure_ascii=False)) == data


async def test_a_citizen_downloads_their_own_data(stack: Stack, bot: Bot) -> None:
    """The download is offered by a path, not a link with a token; who has the session gets their own words and no others."""
    somchai, somsri = await stack.citizen(), await stack.citizen()
    bot.on("ขอข้อมูลของฉัน", Say(blocks=[{"type": "download", "label": "ดาวน์โหลด", "path": "/chat/export"}]))
    answer = await somchai.asks("ขอข้อมูลของฉันหน่อย")
    await somsri.asks("เรื่องของสมศรี")
    assert answer["blocks"][-1] == {"type": "download", "label": "ดาวน์โหลด", "path": "/chat/export"}
    status, data, headers = await somchai.call("GET", "/chat/export")
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Disposition"].startswith("attachment")
    assert [line["from"] for line in data["conversation"]] == ["citizen", "bot"]
    assert "สมศรี" not in json.dumps(data, ensure_ascii=False)
    assert (await somchai.call("GET", "/chat/export", token="x"))[0] == 401
