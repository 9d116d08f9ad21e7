# SPDX-License-Identifier: Apache-2.0
"""A database of each test's own, for the rules go through whole tables, and a conversation in it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from store.conversations import Conversation, open_conversation
from store.engine import open_engine
from store.media import MediaStore
from store.sealing import Seal
from tests.store.conftest import KEY


@pytest.fixture
async def engine(own_url: str) -> AsyncIterator[AsyncEngine]:
    """A database of this test's own: the rules go through whole tables."""
    engine = open_engine(own_url, 4)
    yield engine
    await engine.dispose()


@pytest.fixture
def files(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path.as_uri())


@pytest.fixture
async def conversation(engine: AsyncEngine, seal: Seal) -> Conversation:
    return await open_conversation(engine, seal, KEY, "web", str(uuid.uuid4()))
