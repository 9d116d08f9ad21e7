# SPDX-License-Identifier: Apache-2.0
"""What staff do from the command line: cases, dead letters, and a citizen's data. Each change has an actor and a reason."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from app.live_bot import live_bot_url
from app.run_gateway import agency_words
from app.settings import ROOT, Settings
from channels.gateway.answer_book import AnswerBook
from channels.gateway.asking import PULLED
from channels.gateway.bot_client import BotClient
from store import cases, conversations, dead, outbox, retention, vault
from store.case_list import ListedCase, Wanted, list_cases
from store.cases import Case, CaseChange, UnknownCase
from store.dead import DeadLetter, LetterName
from store.engine import open_engine
from store.media import MediaStore, StoredMedia, media_of_case
from store.sealing import Seal
from thai import identifiers


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case as an officer who may see it sees it."""

    case: Case
    conversation: str | None
    """The key of the conversation in which it was filed; None when its citizen had it erased."""
    description: str | None
    contact: str | None
    photos: list[str]
    history: list[CaseChange]


class Told(Enum):
    """Whether the citizen got a message about a case, and why not."""

    YES = "yes"
    SAME_STATE = "same_state"
    ERASED = "erased"


class UnknownConversation(LookupError):
    """There is no conversation with this key."""


#: what `channels.gateway.uploads` lets in → how its file ends
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[tuple[AsyncEngine, Seal]]:
    engine = open_engine(settings.database_url, 2)
    try:
        yield engine, Seal(settings.vault_key)
    finally:
        await engine.dispose()


async def case_list(settings: Settings, wanted: Wanted | None = None, most: int = 50) -> list[ListedCase]:
    """The newest cases that are wanted."""
    async with _open(settings) as (engine, _):
        return await list_cases(engine, wanted, most)


async def case_show(settings: Settings, ticket_id: str, actor: str) -> CaseFile:
    """One case with its sealed parts opened, which is written down. Raises UnknownCase, Unsealable."""
    async with _open(settings) as (engine, seal):
        case = await cases.case_by_ticket(engine, ticket_id)
        if case is None:
            raise UnknownCase(ticket_id)
        description, contact = await cases.sealed_parts(engine, seal, ticket_id)
        await vault.record(engine, actor=actor, act="case.show", subject=ticket_id, reason=None)
        opened = await _opened(engine, seal, case, [description, contact, case.address], actor)
        thread = None
        if case.conversation_id is not None:
            thread = await conversations.conversation_by_id(engine, case.conversation_id)
        return CaseFile(
            case=replace(case, address=opened(case.address)),
            conversation=None if thread is None else thread.key,
            description=opened(description),
            contact=opened(contact),
            photos=await cases.photos_of(engine, ticket_id),
            history=await cases.history(engine, ticket_id),
        )


async def _opened(
    engine: AsyncEngine, seal: Seal, case: Case, texts: Iterable[str | None], actor: str
) -> Callable[[str | None], str | None]:
    """What puts the originals into texts of a case, in the place of their handles: citizens write phones anywhere.

    Each opening is written down. A handle whose original has been forgotten stays.
    """
    found: dict[str, str] = {}
    if case.conversation_id is not None:
        handles = dict.fromkeys(hit.group() for text in texts if text for hit in vault.HANDLE.finditer(text))
        for handle in handles:
            original = await vault.open_one(
                engine, seal, case.conversation_id, handle, actor=actor, purpose=f"case {case.ticket_id}"
            )
            found[handle] = handle if original is None else original

    def put(text: str | None) -> str | None:
        return text and vault.HANDLE.sub(lambda hit: found.get(hit.group(), hit.group()), text)

    return put


async def case_photos(settings: Settings, ticket_id: str, folder: Path, *, actor: str) -> list[Path]:
    """Writes a case's photos to NUMBER-1.jpg, NUMBER-2.png … in `folder`, which is written down; returns the files.

    Raises UnknownCase, FileExistsError when one is there already (then none is written), OSError.
    """
    async with _open(settings) as (engine, _):
        if await cases.case_by_ticket(engine, ticket_id) is None:
            raise UnknownCase(ticket_id)
        photos = await media_of_case(engine, ticket_id)
        if not photos:
            return []
        named = {folder / _photo_name(ticket_id, at, photo): photo.id for at, photo in enumerate(photos, start=1)}
        contents = await asyncio.to_thread(_contents, _files(settings), named)
        await vault.record(engine, actor=actor, act="case.photo", subject=ticket_id, reason=None)
        await asyncio.to_thread(_write, folder, contents)
        return list(contents)


def _contents(stored: MediaStore, named: Mapping[Path, str]) -> dict[Path, bytes]:
    for path in named:
        if path.exists():
            raise FileExistsError(path)
    return {path: stored.read(media_id) for path, media_id in named.items()}


def _write(folder: Path, contents: Mapping[Path, bytes]) -> None:
    """For their owner only: a photo can show who filed the case."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)


def _photo_name(ticket_id: str, at: int, photo: StoredMedia) -> str:
    return f"{ticket_id}-{at}{_ENDINGS.get(photo.content_type, '')}"


def _files(settings: Settings) -> MediaStore:
    return MediaStore((settings.state_dir / "media").resolve().as_uri())


async def case_set_state(
    settings: Settings, ticket_id: str, state: str, *, actor: str, reason: str
) -> tuple[Case, Told]:
    """Moves a case and tells its citizen on the channel on which it was filed; returns (it, what the citizen got).

    Raises UnknownCase, ValueError.
    """
    async with _open(settings) as (engine, seal):
        case, changed = await cases.set_state(engine, ticket_id, state, actor=actor, reason=reason)
        if case.conversation_id is None:
            return case, Told.ERASED
        if not changed:
            return case, Told.SAME_STATE
        return case, await _tell(settings, engine, seal, case.conversation_id, case)


async def _tell(settings: Settings, engine: AsyncEngine, seal: Seal, conversation_id: int, case: Case) -> Told:
    conversation = await conversations.conversation_by_id(engine, conversation_id)
    if conversation is None:
        return Told.ERASED
    answers = AnswerBook(ROOT / "nlu_data", agency_words(settings), settings.persona)
    blocks = answers.system(
        "system_case_state_changed",
        {"ticket_id": case.ticket_id, "state": case.state, "state_th": case.state_th, "note": case.note},
        conversation.locale,
    )
    await outbox.say(engine, seal, conversation.id, blocks, pulled=conversation.channel in PULLED)
    return Told.YES


async def dead_list(settings: Settings, most: int = 50) -> list[DeadLetter]:
    """The newest dead letters: events without an answer and answers that did not get through."""
    async with _open(settings) as (engine, _):
        letters = [*await dead.list_dead(engine, most), *await dead.list_dead_answers(engine, most)]
    return sorted(letters, key=lambda one: one.received_at, reverse=True)[:most]


async def dead_of(settings: Settings, reason: str) -> list[LetterName]:
    """Those dead for this reason that can be replayed, the oldest first: a citizen reads them in their order."""
    async with _open(settings) as (engine, _):
        letters = [*await dead.list_dead(engine, None, reason), *await dead.list_dead_answers(engine, None, reason)]
    return sorted(one.called for one in letters if one.replayable)


async def dead_replay(settings: Settings, letters: Iterable[LetterName]) -> list[LetterName]:
    """Has dead events answered and dead answers delivered after all; those that were there and still had their words."""
    async with _open(settings) as (engine, _):
        return [
            letter
            for letter in dict.fromkeys(letters)
            if await (dead.replay_answer if letter.answer else dead.replay)(engine, letter.id)
        ]


async def data_export(settings: Settings, key: str, *, actor: str) -> dict[str, Any]:
    """Everything kept of one conversation. Raises UnknownConversation."""
    async with _open(settings) as (engine, seal):
        conversation = await conversations.find_conversation(engine, key)
        if conversation is None:
            raise UnknownConversation(key)
        await vault.record(engine, actor=actor, act="data.export", subject=key, reason=None)
        return await retention.export(engine, seal, conversation.id, identifiers.mask)


async def data_erase(settings: Settings, key: str, *, actor: str, reason: str) -> None:
    """Forgets one conversation, in the bot too. Raises UnknownConversation, and verdicts when the bot is away."""
    async with _open(settings) as (engine, _):
        conversation = await conversations.find_conversation(engine, key)
        if conversation is None:
            raise UnknownConversation(key)
        bot = BotClient(partial(live_bot_url, settings), settings.internal_token, 20.0, 1)
        try:
            await bot.erase(key)
        finally:
            await bot.close()
        await retention.erase(engine, _files(settings), conversation.id)
        await vault.record(engine, actor=actor, act="data.erase", subject=key, reason=reason)
