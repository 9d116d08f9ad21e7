# SPDX-License-Identifier: Apache-2.0
"""The bot's only door: POST /webhooks/turns, /webhooks/turns/erase and GET /webhooks/turns/ready."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.failures import STATUS, TurnFailed
from bot.quiet_logs import error_classes
from bot.turn_request import parse_erasure, parse_turn
from bot.turns import Turns

logger = logging.getLogger("bot.turn_channel")

_NOTHING_KNOWN: dict[str, Any] = {"active_form": None, "filled_slots": []}


class TurnChannel(InputChannel):
    """`bot.turn_channel.TurnChannel` of credentials.yml, with the `token` that the gateway must show."""

    def __init__(self, token: str) -> None:
        if not token:
            raise ValueError("the turn channel needs a token")
        self._token = token.encode()

    @classmethod
    def name(cls) -> str:
        """The last part of the channel's URL."""
        return "turns"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TurnChannel:
        """The channel with the token of credentials.yml."""
        return cls(str((credentials or {}).get("token") or ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The three routes. Rasa's `on_new_message` is not used: it gives nothing back, not even a failure."""
        routes = Blueprint("turns")

        @routes.post("/")
        async def turn(request: Request) -> HTTPResponse:
            async def work() -> dict[str, Any]:
                return await _turns(request).do(parse_turn(_body(request)))

            return await self._guarded(request, work)

        @routes.post("/erase")
        async def erase(request: Request) -> HTTPResponse:
            async def work() -> dict[str, Any]:
                await _turns(request).erase(parse_erasure(_body(request)))
                return {"erased": True}

            return await self._guarded(request, work)

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            turns = _turns(request)
            if turns.processor is None:
                return _json({"ready": False, "error": turns.waiting_for}, 503)
            return _json({"ready": True, "model": turns.processor.fingerprint}, 200)

        return routes

    async def _guarded(self, request: Request, work: Callable[[], Awaitable[dict[str, Any]]]) -> HTTPResponse:
        turn_id = ""
        try:
            self._authorise(request)
            return _json(await work(), 200)
        except TurnFailed as failure:
            code, state = failure.code, failure.saved or _NOTHING_KNOWN
            turn_id = _turn_id(request) if code != "unauthorised" else ""
            logger.warning(
                "a turn was not done",
                extra={"fields": {"code": code, "turn_id": turn_id, "error": error_classes(failure)[1:]}},
            )
            return _json({"error": code, **state}, STATUS[code])

    def _authorise(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode("utf-8", "replace"), self._token):
            raise TurnFailed("unauthorised")


def _turns(request: Request) -> Turns:
    turns: Turns = request.app.ctx.turns
    return turns


def _body(request: Request) -> Any:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise TurnFailed("bad_request") from None


def _turn_id(request: Request) -> str:
    try:
        value = _body(request)["turn_id"]
    except (TurnFailed, KeyError, TypeError):
        return ""
    return value[:64] if isinstance(value, str) else ""


def _json(body: dict[str, Any], status: int) -> HTTPResponse:
    return HTTPResponse(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")), status=status, content_type="application/json"
    )
