# SPDX-License-Identifier: Apache-2.0
"""The jobs that run in the background, registered with procrastinate."""

from __future__ import annotations

import procrastinate
import structlog
from procrastinate import PsycopgConnector
from sqlalchemy.ext.asyncio import AsyncEngine

from app.settings import Settings
from channels.gateway.bot_client import BotClient
from core.errors import Verdict
from store import retention
from store.engine import plain_url
from store.media import MediaStore

_log = structlog.get_logger(__name__)


def build(settings: Settings, engine: AsyncEngine, bot: BotClient) -> procrastinate.App:
    """The job application with every job registered."""
    jobs = procrastinate.App(
        connector=PsycopgConnector(conninfo=plain_url(settings.database_url)),
        worker_defaults={"concurrency": 2, "listen_notify": True, "install_signal_handlers": False},
    )
    files = MediaStore((settings.state_dir / "media").resolve().as_uri())

    @jobs.periodic(cron="17 3 * * *")
    @jobs.task(name="forget", queueing_lock="forget", retry=3)
    async def forget(timestamp: int) -> None:
        """Every night: what is kept too long is forgotten, table by table."""
        for table, rows in (await retention.apply_rules(engine)).items():
            _log.info("forgotten", table=table, rows=rows)
        _log.info("forgotten", table="media", rows=await retention.forget_files(engine, files))

    @jobs.periodic(cron="*/5 * * * *")
    @jobs.task(name="erase_requested", queueing_lock="erase_requested", retry=3)
    async def erase_requested(timestamp: int) -> None:
        """Every five minutes: erasings that were asked for and could not be done at once."""
        for conversation_id, key in await retention.waiting_to_be_erased(engine):
            try:
                await bot.erase(key)
                await retention.erase(engine, files, conversation_id)
                _log.info("erased", conversation=key)
            except Verdict as verdict:
                _log.warning("erase_postponed", conversation=key, verdict=verdict.verdict)

    return jobs
