# SPDX-License-Identifier: Apache-2.0
"""The worker's process: runs the jobs of `app.job_app` until told to stop. `python -m app.jobs`."""

from __future__ import annotations

import asyncio
import signal
import sys
from functools import partial

import procrastinate
import psycopg
import structlog
from procrastinate.exceptions import ConnectorException

from app.job_app import build
from app.live_bot import live_bot_url
from app.logs import configure_logs
from app.settings import Settings, SettingsError, load_settings
from channels.gateway.bot_client import BotClient
from store.engine import open_engine
from store.migrate import migrate_when_up

_log = structlog.get_logger(__name__)


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
    bot = BotClient(partial(live_bot_url, settings), settings.internal_token, 20.0, 2)
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
