# SPDX-License-Identifier: Apache-2.0
"""The worker's process: background jobs on procrastinate. `python -m app.jobs`."""

from __future__ import annotations

import asyncio
import signal
import sys

import procrastinate
import psycopg
import structlog
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from sqlalchemy.ext.asyncio import AsyncEngine

from app.logs import configure_logs
from app.settings import Settings, SettingsError, load_settings
from channels.gateway.bot_client import BotClient
from core.errors import Verdict
from store import retention
from store.engine import open_engine, plain_url
from store.media import MediaStore
from store.migrate import migrate_when_up

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


async def _work(jobs: procrastinate.App) -> None:
    """Runs jobs for ever; a database that is away only makes it wait."""
    while True:
        try:
            await jobs.run_worker_async()
        except (psycopg.Error, ConnectorException, RuntimeError) as error:
            _log.warning("database_away", error=type(error).__name__)
        await asyncio.sleep(1.0)


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    engine = open_engine(settings.database_url, 2)
    bot = BotClient(f"http://127.0.0.1:{settings.bot_port}", settings.internal_token, 20.0, 2)
    jobs = build(settings, engine, bot)
    try:
        async with jobs.open_async():
            working = asyncio.create_task(_work(jobs))
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
            for task in (working, stopped):
                task.cancel()
            await asyncio.gather(working, stopped, return_exceptions=True)
    finally:
        await bot.close()
        await engine.dispose()


def main() -> int:
    """Runs jobs until told to stop."""
    configure_logs("worker")
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    migrate_when_up(settings.database_url)
    asyncio.run(_run(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
