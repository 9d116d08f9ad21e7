# SPDX-License-Identifier: Apache-2.0
"""What staff do from the command line: cases, dead letters, and a citizen's data. Each change has an actor and a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from app.run_gateway import agency_words
from app.settings import ROOT, Settings
from channels.gateway.answer_book import AnswerBook
from channels.gateway.bot_client import BotClient
from channels.gateway.turns import PULLED
from store import cases, conversations, dead, outbox, retention, vault
from store.cases import Case, CaseChange, UnknownCase
from store.dead import DeadLetter
from store.engine import open_engine
from store.media import MediaStore
from store.sealing import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case as an officer who may see it sees it."""

    case: Case
    description: str | None
    contact: str | None
    photos: list[str]
    history: list[CaseChange]


class UnknownConversation(LookupError):
    """There is no conversation with this key."""


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[tuple[AsyncEngine, Seal]]:
    engine = open_engine(settings.database_url, 2)
    try:
        yield engine, Seal(settings.vault_key)
    finally:
        await engine.dispose()


async def case_list(settings: Settings, state: str | None = None, most: int = 50) -> list[Case]:
    """The newest cases, of one state when it is given."""
    async with _open(settings) as (engine, _):
        return await cases.list_cases(engine, state, most)


async def case_show(settings: Settings, ticket_id: str, actor: str) -> CaseFile:
    """One case with its sealed parts opened, which is written down. Raises UnknownCase."""
    async with _open(settings) as (engine, seal):
        case = await cases.case_by_ticket(engine, ticket_id)
        if case is None:
            raise UnknownCase(ticket_id)
        description, contact = await cases.sealed_parts(engine, seal, ticket_id)
        await vault.record(engine, actor=actor, act="case.show", subject=ticket_id, reason=None)
        if contact is not None and case.conversation_id is not None:
            opened = await vault.open_one(
                engine, seal, case.conversation_id, contact, actor=actor, purpose=f"case {ticket_id}"
            )
            contact = opened or contact
        return CaseFile(
            case=case,
            description=description,
            contact=contact,
            photos=await cases.photos_of(engine, ticket_id),
            history=await cases.history(engine, ticket_id),
        )


async def case_set_state(settings: Settings, ticket_id: str, state: str, *, actor: str, reason: str) -> Case:
    """Moves a case and tells its citizen on the channel on which it was filed. Raises UnknownCase, ValueError."""
    async with _open(settings) as (engine, seal):
        case, changed = await cases.set_state(engine, ticket_id, state, actor=actor, reason=reason)
        if changed and case.conversation_id is not None:
            await _tell(settings, engine, seal, case.conversation_id, case)
        return case


async def _tell(settings: Settings, engine: AsyncEngine, seal: Seal, conversation_id: int, case: Case) -> None:
    conversation = await conversations.conversation_by_id(engine, conversation_id)
    if conversation is None:
        return
    answers = AnswerBook(ROOT / "nlu_data", agency_words(settings), settings.persona)
    blocks = answers.system(
        "system_case_state_changed",
        {"ticket_id": case.ticket_id, "state": case.state, "state_th": case.state_th, "note": case.note},
        conversation.locale,
    )
    await outbox.say(engine, seal, conversation.id, blocks, pulled=conversation.channel in PULLED)


async def dead_list(settings: Settings, most: int = 50) -> list[DeadLetter]:
    """The newest dead letters."""
    async with _open(settings) as (engine, _):
        return await dead.list_dead(engine, most)


async def dead_replay(settings: Settings, inbox_id: int) -> bool:
    """Has a dead letter answered after all; False when there is none or its words are gone."""
    async with _open(settings) as (engine, _):
        return await dead.replay(engine, inbox_id)


async def data_export(settings: Settings, key: str, *, actor: str) -> dict[str, Any]:
    """Everything kept of one conversation. Raises UnknownConversation."""
    async with _open(settings) as (engine, seal):
        conversation = await conversations.find_conversation(engine, key)
        if conversation is None:
            raise UnknownConversation(key)
        await vault.record(engine, actor=actor, act="data.export", subject=key, reason=None)
        return await retention.export(engine, seal, conversation.id)


async def data_erase(settings: Settings, key: str, *, actor: str, reason: str) -> None:
    """Forgets one conversation, in the bot too. Raises UnknownConversation, and verdicts when the bot is away."""
    async with _open(settings) as (engine, _):
        conversation = await conversations.find_conversation(engine, key)
        if conversation is None:
            raise UnknownConversation(key)
        bot = BotClient(f"http://127.0.0.1:{settings.bot_port}", settings.internal_token, 20.0, 1)
        try:
            await bot.erase(key)
        finally:
            await bot.close()
        files = MediaStore((settings.state_dir / "media").resolve().as_uri())
        await retention.erase(engine, files, conversation.id)
        await vault.record(engine, actor=actor, act="data.erase", subject=key, reason=reason)
