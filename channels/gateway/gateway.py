# SPDX-License-Identifier: Apache-2.0
"""Puts the gateway together and runs it: public HTTP, internal HTTP, the turn worker, the ears."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import structlog
from aiohttp import web, web_response
from sqlalchemy.exc import SQLAlchemyError

from catalogue.rich_menu import menu_intents
from channels.gateway import internal_http, line_http, pages, web_http
from channels.gateway.answer_book import AnswerBook
from channels.gateway.attachments import Attachments
from channels.gateway.bot_client import BotClient
from channels.gateway.config import GatewayConfig
from channels.gateway.context import GATEWAY, Gateway
from channels.gateway.deliveries import DeliveryWorker
from channels.gateway.health import live, ready
from channels.gateway.http_errors import errors_middleware
from channels.gateway.hub import Hub
from channels.gateway.intake import Intake
from channels.gateway.limits import Limits
from channels.gateway.line_inlet import LineInlet
from channels.gateway.metrics import Metrics
from channels.gateway.origins import origins_middleware
from channels.gateway.own_answers import OwnAnswers
from channels.gateway.privacy import Vault
from channels.gateway.sessions import Sessions
from channels.gateway.telling import listen, tell
from channels.gateway.time_limits import check_times
from channels.gateway.turns import TurnWorker
from channels.line.client import Line, open_line
from channels.line.delivery import LineDelivery
from channels.line.quota import QuotaMeter
from core.errors import Verdict
from store import leases
from store.engine import backends, open_engine
from store.media import MediaStore
from store.sealing import Seal

_log = structlog.get_logger(__name__)

#: words that steer a conversation even where something private is asked for; their intents' examples say which
CONTROL_INTENTS = ("cancel", "skip", "deny", "affirm", "ask_human", "correct", "repeat", "help")


#: seconds for LINE to say who we are, before anybody is served
_ASK_SECONDS = 3.0
#: seconds that a request under way gets when the gateway stops
_SHUTDOWN_SECONDS = 3.0
# aiohttp names itself and Python with their versions in every answer, also in those that no handler sees (a request
# that is no HTTP), which only this constant reaches.
web_response.SERVER_SOFTWARE = "PrachaBot"  # type: ignore[attr-defined]


@contextlib.asynccontextmanager
async def open_gateway(config: GatewayConfig) -> AsyncIterator[tuple[Gateway, TurnWorker]]:
    """The gateway's parts, opened and closed again. Nothing listens yet. Raises WrongTimes."""
    check_times(config)
    engine = open_engine(config.database_url, config.database_connections)
    own = backends(engine)
    seal = Seal(config.vault_key)
    metrics = Metrics()
    answers = AnswerBook(
        config.nlu_data,
        {**config.agency, "privacy_url": f"{config.public_url}/privacy"},
        config.persona,
        metrics.answer_mistakes,
    )
    answers.look_for_mistakes()
    bot = BotClient(config.bot_url, config.internal_token, config.turn_deadline, config.slots + 4)
    hub, files = Hub(), MediaStore(config.media_url)
    vault = Vault(
        engine,
        seal,
        config.pseudonym_key,
        metrics,
        answers.private_slots(),
        # What the menu says is a wish at any time, also when something private is asked.
        [*answers.examples_of(CONTROL_INTENTS), *menu_intents(config.nlu_data)],
    )
    async with contextlib.AsyncExitStack() as opened:
        opened.push_async_callback(engine.dispose)
        opened.push_async_callback(bot.close)
        channels: dict[str, LineDelivery] = {}
        inlet: LineInlet | None = None
        if config.line is not None:
            line = await opened.enter_async_context(open_line(config.line))
            channels["line"] = LineDelivery(line, QuotaMeter(line, config.line_push_reserve), config.public_url)
            secret, destination = config.line.channel_secret.encode(), await _destination(config, line)
            inlet = LineInlet(engine, seal, config.pseudonym_key, secret, destination)
        attachments = Attachments(engine, files, channels, config.max_upload)
        opened.push_async_callback(attachments.close)
        own_answers = OwnAnswers(engine, files, bot, attachments)
        worker = TurnWorker(config, engine, seal, bot, answers, vault, files, hub, metrics, own_answers, channels)
        yield (
            Gateway(
                config=config,
                engine=engine,
                seal=seal,
                answers=answers,
                bot=bot,
                hub=hub,
                intake=Intake(engine, seal, hub, worker, attachments, config.lease),
                deliveries=DeliveryWorker(engine, seal, channels, hub, metrics, poll=config.poll),
                metrics=metrics,
                sessions=Sessions(config.session_key, config.session_days),
                limits=Limits(),
                files=files,
                line_inlet=inlet,
                backends=own,
            ),
            worker,
        )


async def _destination(config: GatewayConfig, line: Line) -> str | None:
    """The bot's own user id on LINE; None, with a warning, when it cannot be learnt: then any destination is accepted."""
    if config.line_bot_user_id:
        return config.line_bot_user_id
    try:
        async with asyncio.timeout(_ASK_SECONDS):
            return await line.bot_user_id()
    except (Verdict, TimeoutError) as error:
        _log.warning("line_destination_unknown", error=type(error).__name__)
        return None


def public_app(gateway: Gateway) -> web.Application:
    """What the world may reach."""
    app = web.Application(
        middlewares=[origins_middleware, errors_middleware],
        client_max_size=gateway.config.max_upload + 65_536,
    )
    app[GATEWAY] = gateway
    app.add_routes(web_http.routes)
    app.add_routes(line_http.routes)
    app.add_routes(pages.routes)
    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)
    # Preflights are answered by the middleware; the route only makes the method known.
    app.router.add_route("OPTIONS", "/chat/{rest:.*}", live)
    return app


def internal_app(gateway: Gateway) -> web.Application:
    """What only our own processes may reach."""
    app = web.Application(middlewares=[internal_http.token_middleware, errors_middleware], client_max_size=2**20)
    app[GATEWAY] = gateway
    app.add_routes(internal_http.routes)
    return app


def runner_for(app: web.Application) -> web.AppRunner:
    """A runner that stops soon, whatever still hangs on its sockets, and that does not tell what it is made of."""
    return web.AppRunner(
        app, access_log=None, handle_signals=False, keepalive_timeout=75, shutdown_timeout=_SHUTDOWN_SECONDS
    )


async def serve(config: GatewayConfig, stop: asyncio.Event) -> None:
    """Serves until `stop` is set; then lets running turns end and hands back what it holds."""
    async with open_gateway(config) as (gateway, worker):
        runners = [runner_for(public_app(gateway)), runner_for(internal_app(gateway))]
        for runner in runners:
            await runner.setup()
        for host in config.public_hosts:
            await web.TCPSite(runners[0], host, config.public_port, backlog=1024).start()
        await web.TCPSite(runners[1], "127.0.0.1", config.internal_port).start()
        _log.info("gateway_started", public_port=config.public_port, internal_port=config.internal_port)
        tasks = [
            asyncio.create_task(worker.run()),
            asyncio.create_task(gateway.deliveries.run()),
            asyncio.create_task(listen(gateway)),
            asyncio.create_task(tell(gateway)),
            asyncio.create_task(_mend(gateway)),
            asyncio.create_task(stop.wait()),
        ]
        # A side task that ends is a fault: stop, and let the supervisor start a sound gateway.
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        gateway.hub.wake_all()
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(runner.cleanup() for runner in runners))
        for result in results:
            if isinstance(result, Exception):
                raise result


async def _mend(gateway: Gateway) -> None:
    while True:
        await asyncio.sleep(60)
        try:
            if wrong := await leases.mend(gateway.engine):
                gateway.metrics.mended.inc(wrong)
                _log.warning("counts_mended", conversations=wrong)
        except (SQLAlchemyError, OSError):
            pass  # the worker already says that the database is away
