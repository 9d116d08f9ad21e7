# SPDX-License-Identifier: Apache-2.0
"""All that is kept of a conversation's cases, for their citizen: words, place, photos; identifiers masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from store.sealing import Seal, Unsealable
from store.vault import HANDLE, originals

#: (kind, original) → what the citizen gets to see of it
Mask = Callable[[str, str], str]

_CASES = text(
    """
    SELECT c.*, ARRAY(SELECT m.id FROM media m WHERE m.case_id = c.id ORDER BY m.created_at, m.id) AS photos
    FROM cases c WHERE c.conversation_id = :id ORDER BY c.id
    """
)


def hidden(_: str, __: str) -> str:
    """Shows nothing of an identifier."""
    return "XXXX"


async def cases_with_words(engine: AsyncEngine, seal: Seal, conversation_id: int, mask: Mask) -> list[dict[str, Any]]:
    """The conversation's cases, oldest first, as JSON. What was sealed with a key that is gone is None."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_CASES, {"id": conversation_id})).all()
    opened = [
        (row, _opened(seal, row.ticket_id, row.description), _opened(seal, row.ticket_id, row.contact)) for row in rows
    ]
    words = [part for row, *sealed in opened for part in (row.address, *sealed) if part]
    handles = sorted({found[0] for part in words for found in HANDLE.finditer(part)})
    known = await originals(engine, seal, conversation_id, handles)
    return [
        {
            "ticket_id": row.ticket_id,
            "type": row.problem_type,
            "state": row.state_type_latest,
            "timestamp": row.timestamp.isoformat(),
            "last_activity": row.last_activity.isoformat(),
            "description": _masked(description, known, mask),
            "contact": _masked(contact, known, mask),
            "place": {
                "text": _masked(row.address, known, mask),
                **{name: getattr(row, name) for name in ("subdistrict", "district", "province", "lat", "lon")},
            },
            "note": row.note,
            "photos": list(row.photos),
        }
        for row, description, contact in opened
    ]


def _opened(seal: Seal, ticket_id: str, sealed: bytes | None) -> str | None:
    try:
        return None if sealed is None else seal.open(sealed, f"case:{ticket_id}").decode()
    except Unsealable:
        return None


def _masked(words: str | None, known: Mapping[str, tuple[str, str]], mask: Mask) -> str | None:
    if words is None:
        return None
    return HANDLE.sub(lambda found: mask(*known.get(found[0], (found[1], ""))), words)
