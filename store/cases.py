# SPDX-License-Identifier: Apache-2.0
"""Cases: complaints with a number and a state. Field names and state codes are Traffy Fondue's, for a later bridge."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from store.engine import transaction
from store.sealing import Seal

#: state code → the words that a citizen sees (Traffy Fondue's)
STATES: dict[str, str] = {
    "start": "รอรับเรื่อง",
    "inprogress": "กำลังดำเนินการ",
    "forward": "ส่งต่อหน่วยงาน",
    "follow": "ติดตาม",
    "finish": "เสร็จสิ้น",
    "irrelevant": "ไม่เกี่ยวข้อง",
}

#: Nobody works on these any more.
CLOSED = ("finish", "irrelevant")

#: what is read of a case; nothing sealed
COLUMNS = """id, ticket_id, conversation_id, problem_type, state_type_latest, address, subdistrict, district, province,
  lat, lon, note, timestamp, last_activity"""
_FILE = text(
    f"""
    -- file_case: once per idempotency key; a repeat finds the first one
    WITH filed AS (
      INSERT INTO cases (ticket_id, idempotency_key, conversation_id, problem_type, description, contact, address,
                         subdistrict, district, province, lat, lon)
      VALUES (:ticket_id, :key, :conversation_id, :problem_type, :description, :contact, :address,
              :subdistrict, :district, :province, CAST(:lat AS float8), CAST(:lon AS float8))
      ON CONFLICT (idempotency_key) DO NOTHING
      RETURNING {COLUMNS})
    , change AS (
      INSERT INTO case_changes (case_id, actor, state_to, reason) SELECT id, 'citizen', 'start', 'filed' FROM filed)
    , photos AS (
      UPDATE media SET case_id = filed.id FROM filed
      WHERE media.conversation_id = :conversation_id
        AND (media.id = ANY(CAST(:media AS text[]))
             -- what was sent together belongs together
             OR media.set_id IN (SELECT set_id FROM media WHERE id = ANY(CAST(:media AS text[])) AND set_id IS NOT NULL)))
    SELECT *, true AS fresh FROM filed
    UNION ALL
    SELECT {COLUMNS}, false FROM cases WHERE idempotency_key = :key
    """
)
_BY_TICKET = text(f"SELECT {COLUMNS} FROM cases WHERE ticket_id = :ticket_id")
_WITH_OWNER = text(
    f"""
    -- case_and_owner
    SELECT found.*, c.key AS owner FROM (SELECT {COLUMNS} FROM cases WHERE ticket_id = :ticket_id) AS found
    LEFT JOIN conversations c ON c.id = found.conversation_id
    """
)
_OF_CONVERSATION = text(f"SELECT {COLUMNS} FROM cases WHERE conversation_id = :id ORDER BY id DESC LIMIT :most")
_SEALED = text("SELECT description, contact FROM cases WHERE ticket_id = :ticket_id")
_PHOTOS = text(
    "SELECT m.id FROM media m JOIN cases c ON c.id = m.case_id WHERE c.ticket_id = :ticket_id ORDER BY m.created_at"
)
_CHANGES = text(
    """
    SELECT x.at, x.actor, x.state_from, x.state_to, x.reason FROM case_changes x JOIN cases c ON c.id = x.case_id
    WHERE c.ticket_id = :ticket_id ORDER BY x.id
    """
)
_LOCK = text("SELECT state_type_latest FROM cases WHERE ticket_id = :ticket_id FOR UPDATE")
_SET_STATE = text(
    f"""
    UPDATE cases SET state_type_latest = :state, note = :note, last_activity = now(),
      timestamp_inprogress =
        CASE WHEN :state = 'inprogress' THEN COALESCE(timestamp_inprogress, now()) ELSE timestamp_inprogress END,
      timestamp_finished = CASE WHEN :state = 'finish' THEN now() ELSE timestamp_finished END
    WHERE ticket_id = :ticket_id RETURNING {COLUMNS}
    """
)
_CHANGE = text(
    """
    INSERT INTO case_changes (case_id, actor, state_from, state_to, reason)
    VALUES (:case_id, :actor, :state_from, :state_to, :reason)
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case as it is filed. `description` and `contact` are sealed; contact is the vault's handle or None."""

    conversation_id: int
    problem_type: str
    description: str
    contact: str | None
    address: str | None
    subdistrict: str | None = None
    district: str | None = None
    province: str | None = None
    lat: float | None = None
    lon: float | None = None
    media: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case without personal data."""

    id: int
    ticket_id: str
    conversation_id: int | None
    problem_type: str
    state: str
    address: str | None
    subdistrict: str | None
    district: str | None
    province: str | None
    lat: float | None
    lon: float | None
    note: str | None
    timestamp: datetime
    last_activity: datetime

    @property
    def state_th(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One line of a case's history."""

    at: datetime
    actor: str
    state_from: str | None
    state_to: str
    reason: str


class UnknownCase(LookupError):
    """There is no case with this number."""


def case_of(row: Any) -> Case:
    """The case in a row with `COLUMNS`."""
    return Case(
        id=row.id,
        ticket_id=row.ticket_id,
        conversation_id=row.conversation_id,
        problem_type=row.problem_type,
        state=row.state_type_latest,
        address=row.address,
        subdistrict=row.subdistrict,
        district=row.district,
        province=row.province,
        lat=row.lat,
        lon=row.lon,
        note=row.note,
        timestamp=row.timestamp,
        last_activity=row.last_activity,
    )


async def file_case(engine: AsyncEngine, seal: Seal, new: NewCase, *, ticket_id: str, key: str) -> tuple[Case, bool]:
    """Files a case and returns (it, whether it is new); the same idempotency `key` gets the first one again."""
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                _FILE,
                {
                    "ticket_id": ticket_id,
                    "key": key,
                    "conversation_id": new.conversation_id,
                    "problem_type": new.problem_type,
                    "description": seal.seal(new.description.encode(), f"case:{ticket_id}"),
                    "contact": None if new.contact is None else seal.seal(new.contact.encode(), f"case:{ticket_id}"),
                    "address": new.address,
                    "subdistrict": new.subdistrict,
                    "district": new.district,
                    "province": new.province,
                    "lat": new.lat,
                    "lon": new.lon,
                    "media": list(new.media),
                },
            )
        ).first()
        if row is None:  # a twin committed between our look and our insert
            row = (
                await connection.execute(
                    text(f"SELECT {COLUMNS}, false AS fresh FROM cases WHERE idempotency_key = :key"),
                    {"key": key},
                )
            ).one()
    return case_of(row), bool(row.fresh)


async def case_by_ticket(engine: AsyncEngine, ticket_id: str) -> Case | None:
    """The case with this number, or None."""
    async with engine.connect() as connection:
        row = (await connection.execute(_BY_TICKET, {"ticket_id": ticket_id})).one_or_none()
    return None if row is None else case_of(row)


async def case_and_owner(engine: AsyncEngine, ticket_id: str) -> tuple[Case, str | None] | None:
    """The case with this number and the key of the conversation that filed it, None when that was erased."""
    async with engine.connect() as connection:
        row = (await connection.execute(_WITH_OWNER, {"ticket_id": ticket_id})).one_or_none()
    return None if row is None else (case_of(row), row.owner)


async def cases_of(engine: AsyncEngine, conversation_id: int, most: int = 5) -> list[Case]:
    """The newest cases of a conversation."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_OF_CONVERSATION, {"id": conversation_id, "most": most})).all()
    return [case_of(row) for row in rows]


async def sealed_parts(engine: AsyncEngine, seal: Seal, ticket_id: str) -> tuple[str | None, str | None]:
    """(description, contact handle) of a case, opened. The caller records who looked. Raises UnknownCase."""
    async with engine.connect() as connection:
        row = (await connection.execute(_SEALED, {"ticket_id": ticket_id})).one_or_none()
    if row is None:
        raise UnknownCase(ticket_id)
    place = f"case:{ticket_id}"
    return (
        None if row.description is None else seal.open(row.description, place).decode(),
        None if row.contact is None else seal.open(row.contact, place).decode(),
    )


async def photos_of(engine: AsyncEngine, ticket_id: str) -> list[str]:
    """Ids of the photos that belong to a case, in the order in which they came."""
    async with engine.connect() as connection:
        return [str(one) for one in (await connection.scalars(_PHOTOS, {"ticket_id": ticket_id})).all()]


async def history(engine: AsyncEngine, ticket_id: str) -> list[CaseChange]:
    """Every change of a case's state, oldest first."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_CHANGES, {"ticket_id": ticket_id})).all()
    return [
        CaseChange(at=row.at, actor=row.actor, state_from=row.state_from, state_to=row.state_to, reason=row.reason)
        for row in rows
    ]


async def set_state(engine: AsyncEngine, ticket_id: str, state: str, *, actor: str, reason: str) -> tuple[Case, bool]:
    """Moves a case to `state`; returns (it, whether that changed anything).

    Raises UnknownCase, and ValueError for a state that is not in STATES.
    """
    if state not in STATES:
        raise ValueError(f"unknown state {state!r}: one of {', '.join(STATES)}")
    async with transaction(engine).begin() as connection:
        before = await connection.scalar(_LOCK, {"ticket_id": ticket_id})
        if before is None:
            raise UnknownCase(ticket_id)
        row = (await connection.execute(_SET_STATE, {"ticket_id": ticket_id, "state": state, "note": reason})).one()
        await connection.execute(
            _CHANGE,
            {"case_id": row.id, "actor": actor, "state_from": before, "state_to": state, "reason": reason},
        )
    return case_of(row), before != state


def random_bytes(count: int) -> bytes:
    """Unguessable bytes for a new case number."""
    return secrets.token_bytes(count)
