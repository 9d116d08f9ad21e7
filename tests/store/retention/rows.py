# SPDX-License-Identifier: Apache-2.0
"""What a conversation leaves behind: a message with its answer, a case, and any statement on the rows."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import Event, Message
from core.outcomes import Outcome
from store import cases, inbox, leases, turns
from store.cases import NewCase
from store.conversations import Conversation
from store.sealing import Seal


async def sql(engine: AsyncEngine, statement: str, **parameters: Any) -> list[Any]:
    async with engine.connect() as connection:
        result = await connection.execute(text(statement), parameters)
        return list(result.all()) if result.returns_rows else []


async def talk(engine: AsyncEngine, seal: Seal, conversation: Conversation, words: str = "สวัสดีค่ะ") -> int:
    """One message and its answer; the message's number."""
    event = Event("web", str(uuid.uuid4()), Message(words), datetime.now(timezone.utc))
    seq, _ = await inbox.receive(engine, seal, conversation.id, event)
    owner = uuid.uuid4()
    [claimed] = await leases.claim(engine, owner, 5, 10.0)
    said = [turns.Said("bot", [{"type": "text", "text": "รับทราบค่ะ"}])]
    finished = turns.Finished(outcome=Outcome.ANSWERED, answers=said, understanding={"entities": [{"entity": "place"}]})
    assert await turns.finish(engine, seal, owner, claimed, finished, pulled=True)
    return seq


async def file_case(engine: AsyncEngine, seal: Seal, conversation: Conversation, **changes: Any) -> str:
    new: dict[str, Any] = {
        "conversation_id": conversation.id,
        "problem_type": "ถนน",
        "description": "หลุมลึก",
        "contact": "⟦phone:abcdef⟧",
        "address": "หน้าวัด",
        **changes,
    }
    ticket = f"2569-{uuid.uuid4().hex[:6].upper()}"
    case, _ = await cases.file_case(engine, seal, NewCase(**new), ticket_id=ticket, key=str(uuid.uuid4()))
    return case.ticket_id
