# SPDX-License-Identifier: Apache-2.0
"""A copy of a conversation holds everything that its citizen could see, and nobody else's."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event, Signal
from store import cases, inbox, outbox, retention, vault
from store.conversations import Conversation, open_conversation
from store.media import MediaStore, add_media
from store.sealing import Seal
from tests.store.conftest import KEY
from tests.store.retention.rows import file_case, talk


async def test_an_export_is_whole_and_only_theirs(engine: AsyncEngine, seal: Seal, conversation: Conversation) -> None:
    """More lines than one page, in order, and nobody else's."""
    other = await open_conversation(engine, seal, KEY, "web", str(uuid.uuid4()))
    await talk(engine, seal, other, "ของคนอื่น")
    for number in range(105):
        await outbox.say(engine, seal, conversation.id, [{"type": "text", "text": str(number)}], pulled=True)
    ticket = await file_case(engine, seal, conversation)
    data = await retention.export(engine, seal, conversation.id)
    assert [line["said"][0]["text"] for line in data["conversation"]] == [str(number) for number in range(105)]
    assert [one["ticket_id"] for one in data["cases"]] == [ticket]
    assert "ของคนอื่น" not in str(data)


async def test_an_export_holds_everything_of_a_case(
    engine: AsyncEngine, seal: Seal, files: MediaStore, conversation: Conversation
) -> None:
    """Words, place, pin, officers' note and photos, with identifiers masked; nobody else's case."""
    handle = await vault.put(engine, seal, KEY, conversation.id, "phone", "+66812345678")
    photos = [(await add_media(engine, files, conversation.id, b"\xff\xd8", "image/jpeg")).id for _ in range(2)]
    other = await open_conversation(engine, seal, KEY, "web", str(uuid.uuid4()))
    await file_case(engine, seal, other)
    ticket = await file_case(
        engine,
        seal,
        conversation,
        contact=handle,
        description=f"โทร {handle} ได้เลย",
        address=f"ร้าน {handle}",
        province="ขอนแก่น",
        lat=16.4,
        lon=102.8,
        media=photos,
    )
    await cases.set_state(engine, ticket, "follow", actor="officer:1", reason="นัดช่างแล้ว")

    def mask(kind: str, value: str) -> str:
        return f"<{kind} {value[-4:]}>"

    [case] = (await retention.export(engine, seal, conversation.id, mask))["cases"]
    assert case["description"] == "โทร <phone 5678> ได้เลย"
    assert case["contact"] == "<phone 5678>"
    assert case["place"] == {
        "text": "ร้าน <phone 5678>",
        "subdistrict": None,
        "district": None,
        "province": "ขอนแก่น",
        "lat": 16.4,
        "lon": 102.8,
    }
    assert (case["ticket_id"], case["state"], case["note"], case["photos"]) == (ticket, "follow", "นัดช่างแล้ว", photos)
    [case] = (await retention.export(engine, seal, conversation.id))["cases"]
    assert "5678" not in str(case)
    assert handle not in str(case)


async def test_an_export_holds_what_the_citizen_could_see(
    engine: AsyncEngine, seal: Seal, conversation: Conversation
) -> None:
    """No payload, no name of an answer and no order to the gateway, also inside a carousel; every word is there."""
    choice = {"label": "ใช่", "payload": "/secret_intent"}
    blocks: list[dict[str, Any]] = [
        {"type": "choices", "text": "ถูกต้องไหมคะ", "choices": [choice], "answer": "utter_secret"},
        {"type": "carousel", "cards": [{"title": "บัตร", "answer": "utter_secret", "choices": [choice]}]},
        {"type": "directive", "name": "secret_order"},
    ]
    await outbox.say(engine, seal, conversation.id, blocks, pulled=True)
    [line] = (await retention.export(engine, seal, conversation.id))["conversation"]
    assert line["said"] == [
        {"type": "choices", "text": "ถูกต้องไหมคะ", "choices": [{"label": "ใช่"}]},
        {"type": "carousel", "cards": [{"title": "บัตร", "choices": [{"label": "ใช่"}]}]},
    ]


async def test_an_export_holds_what_was_only_recorded(
    engine: AsyncEngine, seal: Seal, conversation: Conversation
) -> None:
    """What needs no answer, and what a message says since it was edited, are the citizen's data like the rest."""
    now = datetime.now(timezone.utc)
    recorded = Event("line", str(uuid.uuid4()), Signal("sticker"), now)
    assert await inbox.record(engine, seal, conversation.id, recorded, {"type": "things", "note": "ของที่ไม่รู้จัก"})
    edit = Event("line", str(uuid.uuid4()), Signal("edited"), now, message_id="m1")
    assert await inbox.record_edit(engine, seal, conversation.id, edit, "คำที่แก้แล้ว")
    assert not await inbox.record_edit(engine, seal, conversation.id, edit, "คำที่แก้แล้ว")
    said = [one["said"] for one in (await retention.export(engine, seal, conversation.id))["conversation"]]
    assert said == [{"type": "things", "note": "ของที่ไม่รู้จัก"}, {"kind": "message", "text": "คำที่แก้แล้ว"}]
