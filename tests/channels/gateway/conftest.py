# SPDX-License-Identifier: Apache-2.0
"""One gateway for the quiet tests, databases for the rest, and an eye on every log line."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog

from store.migrate import migrate
from tests.channels.gateway.stack import ROOT, SAID, TOKEN, Stack, config_for, running_gateway
from tests.conftest import new_database
from tests.fakes.bot_server import Bot, running_bot
from tests.store.copies import copy_of

#: identifiers of invented people, as the tests write them
SECRETS = ("1234567890121", "1-2345-67890-12-1", "0812345678", "081-234-5678", "somsri@example.com")


@pytest.fixture(scope="session")
def template_url(database_server: str) -> Iterator[str]:
    """A migrated database that is only ever copied."""
    with new_database(database_server) as url:
        migrate(url)
        yield url


@pytest.fixture
def own_database(template_url: str) -> Iterator[str]:
    """A migrated database of this test's own."""
    with copy_of(template_url) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def own_bot() -> AsyncIterator[Bot]:
    """A bot of this test's own."""
    async with running_bot(TOKEN) as bot:
        yield bot


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bot() -> AsyncIterator[Bot]:
    """The bot behind `stack`; tests tell it what to do by words of their own."""
    async with running_bot(TOKEN) as bot:
        yield bot


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack(bot: Bot, template_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A gateway that quiet tests share; each has its own citizens. Use it in the session's event loop."""
    folder: Path = tmp_path_factory.mktemp("gateway")
    with copy_of(template_url) as url:
        async with running_gateway(config_for(url, bot, folder, nlu_data=ROOT / "nlu_data")) as stack:
            yield stack


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def moody_bot() -> AsyncIterator[Bot]:
    """The bot behind `impatient`: a test may take it down, and puts it up again."""
    async with running_bot(TOKEN) as bot:
        yield bot


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def impatient(
    moody_bot: Bot, template_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stack]:
    """A gateway that says after 0.4 s that one must wait, for the tests of trouble."""
    folder: Path = tmp_path_factory.mktemp("impatient")
    with copy_of(template_url) as url:
        config = config_for(url, moody_bot, folder, tell_waiting_after=0.4, poll=0.2, lease=2.0)
        async with running_gateway(config) as stack:
            yield stack


@pytest.fixture(scope="session")
def log_lines() -> Iterator[list[str]]:
    """Every log line of this session: ours before any field is left out, libraries' with their arguments."""
    lines: list[str] = []

    def keep(_: Any, __: str, event: structlog.typing.EventDict) -> str:
        lines.append(repr(event))
        return ""

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.name}: {record.getMessage()} {record.exc_info and record.exc_info[1]!r}")

    before = structlog.get_config()
    structlog.configure(
        processors=[keep],
        logger_factory=structlog.ReturnLoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        cache_logger_on_first_use=False,
    )
    handler = Keep(logging.WARNING)
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)
    structlog.configure(**before)


@pytest.fixture(autouse=True)
def no_words_in_logs(log_lines: list[str]) -> Iterator[None]:
    """After every test: what its citizens wrote, and who they are, stands in no log line."""
    SAID.clear()
    log_lines.clear()
    yield
    logged = "\n".join(log_lines)
    for words in (*SECRETS, *SAID):
        assert words not in logged
