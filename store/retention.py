# SPDX-License-Identifier: Apache-2.0
"""Forgetting: what is kept for how long, table by table, and the erasing or export of one conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.messages import visible_blocks
from store import case_export
from store.engine import transaction
from store.inbox import opened
from store.media import MediaStore
from store.outbox import lines_after, place_of
from store.sealing import Seal, Unsealable


@dataclass(frozen=True, slots=True)
class Rule:
    """One table's rule: what happens to rows older than `days`, and why that long."""

    table: str
    days: int
    statement: str
    why: str


#: the reason of the line in a case's history that says that its citizen was forgotten
ERASED = "erased"
_NO_WORDS = "description = NULL, contact = NULL, address = NULL, lat = NULL, lon = NULL"
_HAS_WORDS = "num_nonnulls(description, contact, address, lat, lon) > 0"
# Who repairs the lamp must know where it is: words and place of an open case stay until it is closed.
_ERASED_AND_CLOSED = (
    "(conversation_id IS NULL AND state_type_latest IN ('finish', 'irrelevant') AND EXISTS "
    f"(SELECT FROM case_changes x WHERE x.case_id = cases.id AND x.reason = '{ERASED}' AND x.state_from = x.state_to))"
)

#: Every table with data of citizens is here; a test compares this list with the tables.
RULES: tuple[Rule, ...] = (
    Rule(
        "inbox",
        7,
        "UPDATE inbox SET payload = NULL WHERE payload IS NOT NULL AND finished_at < now() - make_interval(days => :days)",
        "the raw event is needed to repeat a turn that failed, no longer",
    ),
    Rule(
        "outbox",
        30,
        "UPDATE outbox SET blocks = NULL WHERE blocks IS NOT NULL AND created_at < now() - make_interval(days => :days)",
        "a citizen may come back and read on",
    ),
    Rule(
        "deliveries",
        30,
        "UPDATE deliveries SET messages = NULL "
        "WHERE messages IS NOT NULL AND created_at < now() - make_interval(days => :days)",
        "as long as the answer that they carry; what was sent is wiped at once",
    ),
    Rule(
        "trackers",
        30,
        "DELETE FROM trackers WHERE updated_at < now() - make_interval(days => :days)",
        "an unfinished form can be taken up again",
    ),
    Rule(
        "vault",
        30,
        "DELETE FROM vault WHERE created_at < now() - make_interval(days => :days) AND NOT EXISTS (SELECT FROM cases c "
        "WHERE c.conversation_id = vault.conversation_id "
        "AND (c.contact IS NOT NULL OR c.description IS NOT NULL) AND (c.state_type_latest NOT IN ('finish', 'irrelevant') "
        "OR c.last_activity > now() - make_interval(days => :days)))",
        "the citizen of an open case must be reachable and its words readable, and for a month after it was closed; which "
        "of a conversation's identifiers are contact, place or in the words is sealed, so they stay together",
    ),
    Rule(
        "turns",
        365,
        "DELETE FROM turns WHERE finished_at < now() - make_interval(days => :days)",
        "figures over a year; the rows hold no words",
    ),
    Rule(
        "contacts",
        365,
        "DELETE FROM contacts WHERE id IN (SELECT contact_id FROM conversations "
        "WHERE last_event_at < now() - make_interval(days => :days) AND NOT EXISTS (SELECT FROM cases c "
        "WHERE c.conversation_id = conversations.id "
        "AND (c.contact IS NOT NULL OR c.description IS NOT NULL) AND c.state_type_latest NOT IN ('finish', 'irrelevant')))",
        "a contact that was silent for a year is forgotten with its conversation, unless an open case must reach them "
        "or be read",
    ),
    Rule(
        "cases",
        730,
        f"UPDATE cases SET {_NO_WORDS} WHERE {_HAS_WORDS} "
        f"AND (last_activity < now() - make_interval(days => :days) OR {_ERASED_AND_CLOSED})",
        "the agency must be able to account for what it did; then figures and the area stay, words, place, pin and contact go, "
        "also of a case that nobody moved for two years; of a citizen who asked to be forgotten when the case is closed",
    ),
)
#: Tables that go with their parent row, or that hold nothing of citizens.
COVERED_ELSEWHERE: Mapping[str, str] = {
    "conversations": "deleted with its contact",
    "case_changes": "deleted with its case; holds officers' words",
    "media": "forget_files removes files of no case after 30 days, a case's files with the case's words",
    "audit": "kept: who looked at personal data must stay known; holds no personal data",
    "runtime": "holds nothing of citizens",
}

_STALE_FILES = text(
    f"""
    SELECT id FROM media
    WHERE (case_id IS NULL AND created_at < now() - interval '30 days')
       OR case_id IN (SELECT id FROM cases WHERE last_activity < now() - interval '730 days' OR {_ERASED_AND_CLOSED})
    """
)
_DROP_FILES = text("DELETE FROM media WHERE id = ANY(:ids)")
#: Nothing may arrive or end between the statements; until when to forget: the wish's own arrival, or now.
_FORGET_UNTIL = text("SELECT COALESCE(erase_requested_at, now()) FROM conversations WHERE id = :id FOR UPDATE")
_ERASE = (
    "UPDATE inbox SET payload = NULL, state = CASE WHEN state = 'todo' THEN 'cancelled' ELSE state END "
    "WHERE conversation_id = :id AND received_at <= :until",
    "UPDATE outbox SET blocks = NULL, state = CASE WHEN state = 'todo' THEN 'cancelled' ELSE state END "
    "WHERE conversation_id = :id AND created_at <= :until",
    "UPDATE deliveries SET messages = NULL, state = CASE WHEN state = 'todo' THEN 'cancelled' ELSE state END "
    "WHERE conversation_id = :id AND created_at <= :until",
    "UPDATE turns SET understanding = '{}'::jsonb WHERE conversation_id = :id",
    "DELETE FROM trackers WHERE conversation = (SELECT key FROM conversations WHERE id = :id)",
    "DELETE FROM vault WHERE conversation_id = :id AND created_at <= :until",
    "INSERT INTO case_changes (case_id, actor, state_from, state_to, reason) "
    f"SELECT id, 'citizen', state_type_latest, state_type_latest, '{ERASED}' FROM cases WHERE conversation_id = :id",
    "UPDATE cases SET contact = NULL, conversation_id = NULL WHERE conversation_id = :id",
    "DELETE FROM media WHERE conversation_id = :id AND case_id IS NULL AND created_at <= :until",
    "UPDATE conversations SET erase_requested_at = NULL, active_form = NULL, requested_slot = NULL, "
    "wake_at = CASE WHEN open.n > 0 THEN COALESCE(wake_at, now()) END, pending = open.n "
    "FROM (SELECT count(*)::int AS n FROM inbox WHERE conversation_id = :id AND state IN ('todo', 'doing')) open "
    "WHERE id = :id",
)
_FILES_OF = text("SELECT id FROM media WHERE conversation_id = :id AND case_id IS NULL AND created_at <= :until")
_TO_ERASE = text("SELECT id, key FROM conversations WHERE erase_requested_at IS NOT NULL AND lease_owner IS NULL")


async def apply_rules(engine: AsyncEngine) -> dict[str, int]:
    """Applies every rule once; returns table → rows changed."""
    changed: dict[str, int] = {}
    for rule in RULES:
        async with transaction(engine).begin() as connection:
            changed[rule.table] = (await connection.execute(text(rule.statement), {"days": rule.days})).rowcount
    return changed


async def forget_files(engine: AsyncEngine, files: MediaStore) -> int:
    """Removes files whose time is over; returns how many."""
    async with engine.connect() as connection:
        ids = [str(one) for one in (await connection.scalars(_STALE_FILES)).all()]
        for media_id in ids:
            files.erase(media_id)
        await connection.execute(_DROP_FILES, {"ids": ids})
    return len(ids)


async def erase(engine: AsyncEngine, files: MediaStore, conversation_id: int) -> None:
    """Forgets a conversation: words, files, tracker, vault. What came after the citizen's wish stays: its answer
    ("it is done"), and what they wrote since.

    Cases stay with the agency, which must deal with them, but nobody can tell whose they were. Their words, place and
    photos stay for as long as they are open; `apply_rules` and `forget_files` take them from those that are closed.
    """
    async with transaction(engine).begin() as connection:
        until = await connection.scalar(_FORGET_UNTIL, {"id": conversation_id})
        ids = [str(one) for one in (await connection.scalars(_FILES_OF, {"id": conversation_id, "until": until})).all()]
        for statement in _ERASE:
            await connection.execute(text(statement), {"id": conversation_id, "until": until})
    for media_id in ids:
        files.erase(media_id)


async def waiting_to_be_erased(engine: AsyncEngine) -> list[tuple[int, str]]:
    """(id, key) of conversations whose citizen asked for it and whose erasing has not been done yet."""
    async with engine.connect() as connection:
        return [(row.id, row.key) for row in (await connection.execute(_TO_ERASE)).all()]


async def export(
    engine: AsyncEngine, seal: Seal, conversation_id: int, mask: case_export.Mask = case_export.hidden
) -> dict[str, Any]:
    """Everything that a citizen said and was told, and their cases with all that is kept of them, as JSON.

    mask: what is shown of identifiers that lie in the vault.
    """
    lines: list[dict[str, Any]] = []
    after = 0
    while batch := await lines_after(engine, conversation_id, after):
        for line in batch:
            after = line.seq
            try:
                if line.author == "citizen":
                    payload = opened(seal, conversation_id, line.sealed)
                    said: Any = payload["content"] if "content" in payload else payload["raw"]
                else:
                    said = visible_blocks(seal.open_json(line.sealed, place_of(conversation_id)))
            except Unsealable:
                continue
            lines.append({"seq": line.seq, "from": line.author, "at": line.at.isoformat(), "said": said})
    cases = await case_export.cases_with_words(engine, seal, conversation_id, mask)
    return {"conversation": lines, "cases": cases}
