# SPDX-License-Identifier: Apache-2.0
"""A migrated database for the store's tests, and conversations in it."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from store.conversations import Conversation, open_conversation
from store.engine import open_engine
from store.migrate import migrate
from store.sealing import Seal
from tests.conftest import new_database
from tests.store.copies import copy_of

KEY = b"a key for pseudonyms in tests"
NewConversation = Callable[[], Awaitable[Conversation]]


@pytest.fixture(scope="session")
def migrated_url(database_url: str) -> str:
    """A database of this version."""
    migrate(database_url)
    return database_url


@pytest.fixture(scope="session")
def template_url(database_server: str) -> Iterator[str]:
    """A database of this version that is only ever copied."""
    with new_database(database_server) as url:
        migrate(url)
        yield url


@pytest.fixture
def own_url(template_url: str) -> Iterator[str]:
    """A database of this version, of one test's own."""
    with copy_of(template_url) as url:
        yield url


@pytest.fixture
async def engine(migrated_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(migrated_url, 10)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def seal() -> Seal:
    return Seal(os.urandom(32))


@pytest.fixture
def new_conversation(engine: AsyncEngine, seal: Seal) -> NewConversation:
    """Makes a conversation of a contact that nobody else has."""

    async def make() -> Conversation:
        return await open_conversation(engine, seal, KEY, "web", str(uuid.uuid4()))

    return make
