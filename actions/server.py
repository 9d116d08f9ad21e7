# SPDX-License-Identifier: Apache-2.0
"""Serves rasa-sdk's protocol in one process: `POST /webhook`, `GET /health`, `GET /actions`.

rasa-sdk's own server starts four processes, listens everywhere and repeats the whole request, a citizen's
conversation, in the body of an error.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from typing import Any

import aiohttp
import structlog
import uvloop
from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import Action, ActionExecutionRejection, ActionNotFoundException

from actions import logs
from actions.agencies import air4thai, gistda_pm25
from actions.agencies.http import AgencyHttp, Clock, Limits
from actions.config import ActionsConfig
from actions.gateway_client import GatewayClient
from actions.services.air_quality import ActionAirQuality, ValidateAirQualityForm
from actions.services.air_report import AirSources
from actions.services.case_tracking import ActionTrackCase
from actions.services.city_report import (
    ActionAskReportConfirmed,
    ActionCancelForm,
    ActionCorrectReport,
    ActionSubmitReport,
)
from actions.services.privacy import ActionRequestErase, ActionRequestExport
from actions.services.repeat import ActionRepeat
from actions.services.report_form import ValidateReportForm

__all__ = ["ActionsConfig", "create_app", "run"]

#: A conversation's window with a whole domain is about 0.2 MB.
_LARGEST_CALL = 16 * 2**20
_EXECUTOR: web.AppKey[ActionExecutor] = web.AppKey("executor", ActionExecutor)
_CLOCK: web.AppKey[Clock] = web.AppKey("clock")
_CONFIG: web.AppKey[ActionsConfig] = web.AppKey("config", ActionsConfig)

_log = structlog.get_logger("actions.server")


def _wall_clock() -> datetime:
    return datetime.now(timezone.utc)


def create_app(config: ActionsConfig, clock: Clock = _wall_clock) -> web.Application:
    """The action server; its HTTP session, caches and breakers live as long as the application runs.

    `clock` gives the aware time by which values are new or old.
    """
    app = web.Application(client_max_size=_LARGEST_CALL)
    app[_CONFIG] = config
    app[_CLOCK] = clock
    app[_EXECUTOR] = ActionExecutor()
    app.cleanup_ctx.append(_outgoing)
    app.router.add_post("/webhook", _webhook)
    app.router.add_get("/health", _health)
    app.router.add_get("/actions", _actions)
    return app


def run(config: ActionsConfig, host: str = "127.0.0.1", port: int = 5055) -> None:
    """Serve until SIGTERM or SIGINT; logs go to standard error as JSON."""
    logs.configure()
    _log.info("actions_starting", host=host, port=port)
    loop = uvloop.new_event_loop()
    web.run_app(create_app(config), host=host, port=port, print=None, access_log=None, loop=loop)


def build_actions(config: ActionsConfig, session: aiohttp.ClientSession, clock: Clock) -> list[Action]:
    """Every custom action, wired to agencies and gateway."""
    limits = Limits(total=config.agency_seconds, attempt=config.attempt_seconds)
    http = AgencyHttp(session, limits, clock)
    stations, history = air4thai.sources(config.air4thai_url, config.air4thai_sandbox)
    estimate = gistda_pm25.source(config.gistda_pm25_url, config.gistda_pm25_sandbox)
    sources = AirSources(http=http, stations=stations, history=history, estimate=estimate)
    gateway = GatewayClient(session, config.internal_url, config.internal_token, config.gateway_seconds)
    return [
        ActionAirQuality(sources),
        ValidateAirQualityForm(),
        ValidateReportForm(),
        ActionAskReportConfirmed(),
        ActionSubmitReport(gateway),
        ActionCorrectReport(),
        ActionCancelForm(),
        ActionTrackCase(gateway),
        ActionRequestErase(),
        ActionRequestExport(),
        ActionRepeat(),
    ]


async def _outgoing(app: web.Application) -> AsyncIterator[None]:
    # No cookies: nothing that one citizen's question left behind may colour the next one's.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        for action in build_actions(app[_CONFIG], session, app[_CLOCK]):
            app[_EXECUTOR].register_action(action)
        yield


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _actions(request: web.Request) -> web.Response:
    if not _is_allowed(request):
        return _failure(401, "unauthorised")
    return web.json_response([{"name": name} for name in request.app[_EXECUTOR].actions])


async def _webhook(request: web.Request) -> web.Response:
    """Run one action. Failures name a code and the action, never what was sent."""
    if not _is_allowed(request):
        return _failure(401, "unauthorised")
    call = await _read_call(request)
    if call is None:
        return _failure(400, "bad_request")
    name = call["next_action"]
    try:
        async with asyncio.timeout(request.app[_CONFIG].action_seconds):
            result = await request.app[_EXECUTOR].run(call)
    except ActionExecutionRejection as refusal:
        return _failure(400, "rejected", refusal.action_name)
    except ActionNotFoundException:
        _log.error("action_unknown", action=name)
        return _failure(404, "unknown_action", name)
    except TimeoutError:
        _log.error("action_time_limit", action=name)
        return _failure(504, "time_limit", name)
    except Exception as error:  # noqa: BLE001 - the edge: whatever an action raises is told as one code
        # Facts, not exc_info: an unconfigured structlog would print the frames with their variables.
        _log.error("action_failed", action=name, **logs.error_facts(error))
        return _failure(500, "action_failed", name)
    return web.json_response(result.model_dump() if result is not None else None)


async def _read_call(request: web.Request) -> dict[str, Any] | None:
    """The call, None when it is none that can be run."""
    try:
        call = json.loads(await request.read())
    except (ValueError, RecursionError):
        return None
    if not isinstance(call, dict) or not isinstance(call.get("next_action"), str):
        return None
    tracker = call.get("tracker")
    if not isinstance(tracker, dict) or not isinstance(tracker.get("sender_id"), str):
        return None
    # With `enable_selective_domain` the bot sends none, which rasa-sdk refuses with 449; our actions need none.
    call.setdefault("domain", {})
    return call


def _is_allowed(request: web.Request) -> bool:
    token = request.app[_CONFIG].webhook_token
    sent = request.headers.get("Authorization", "")
    return token is None or hmac.compare_digest(sent.encode(), f"Bearer {token}".encode())


def _failure(status: int, code: str, action: str | None = None) -> web.Response:
    body = {"error": code} if action is None else {"error": code, "action_name": action}
    return web.json_response(body, status=status)
