# SPDX-License-Identifier: Apache-2.0
"""Is it alive, can it serve, and the figures."""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp import web
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from yarl import URL

from channels.gateway.context import GATEWAY, Gateway
from store import answers, leases

__all__ = ["CONTENT_TYPE_LATEST", "live", "metrics_text", "ready"]


async def live(_: web.Request) -> web.Response:
    """200 as long as the process answers."""
    return web.json_response({"live": True})


async def ready(request: web.Request) -> web.Response:
    """200 when a message would be stored and answered now; 503 names what is missing."""
    gateway = request.app[GATEWAY]
    names = ("database", "bot", "actions")
    there = await asyncio.gather(_database(gateway), gateway.bot.ready(), _actions(gateway.config.actions_url))
    missing = [name for name, is_there in zip(names, there, strict=True) if not is_there]
    return web.json_response({"ready": not missing, "missing": missing}, status=503 if missing else 200)


async def _database(gateway: Gateway) -> bool:
    try:
        async with asyncio.timeout(2.0):
            await leases.depth(gateway.engine)
    except (SQLAlchemyError, OSError, TimeoutError):
        return False
    return True


async def _actions(url: str) -> bool:
    """Whether the action server answers; greetings and guides go on without it, services and cases do not."""
    if not url:
        return True
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2.0)) as session,
            session.get(f"{url}/health") as response,
        ):
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


async def metrics_text(gateway: Gateway) -> bytes:
    """Every figure; those of the inbox are read now."""
    try:
        depth = await leases.depth(gateway.engine)
        gateway.metrics.waiting.set(depth.waiting)
        gateway.metrics.oldest.set(depth.oldest_seconds)
        gateway.metrics.dead.set(depth.dead)
        undelivered = await answers.undelivered(gateway.engine)
        gateway.metrics.undelivered.set(undelivered.waiting)
        gateway.metrics.oldest_undelivered.set(undelivered.oldest_seconds)
        gateway.metrics.dead_deliveries.set(undelivered.dead)
    except (SQLAlchemyError, OSError):
        for gauge in gateway.metrics.of_the_database:
            gauge.set(float("nan"))
    _bots(gateway)
    return generate_latest(gateway.metrics.registry)


def _bots(gateway: Gateway) -> None:
    """A bot that is no longer live shows until its last call has ended; then it may be stopped."""
    gateway.metrics.bot_port.set(URL(gateway.bot.url).port or 0)
    gateway.metrics.bot_calls.clear()
    for url, calls in gateway.bot.under_way().items():
        gateway.metrics.bot_calls.labels(str(URL(url).port)).set(calls)
