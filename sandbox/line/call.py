# SPDX-License-Identifier: Apache-2.0
"""One call of the Messaging API: request id, access token, fault, refusal and its line in the log."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.line import faults
from sandbox.line.access_tokens import authenticate
from sandbox.line.errors import NOT_JSON, Reason, Refused
from sandbox.line.state import Json, Platform

PLATFORM: web.AppKey[Platform] = web.AppKey("line_platform", Platform)
_BODY_LIMIT = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a handler gets: the platform, the request, its id and the raw body."""

    platform: Platform
    request: web.Request
    request_id: str
    raw: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON; 400 in LINE's words when it is none, 415 for another content type."""
        if self.request.content_type != "application/json":
            raise Reason(415, f"The content type, {self.request.content_type}, is not supported").refusal()
        try:
            body = json.loads(self.raw)
        except ValueError:
            raise NOT_JSON.refusal() from None
        if not isinstance(body, dict):
            raise NOT_JSON.refusal()
        return body

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.raw.decode("utf-8", "replace"), keep_blank_values=True))

    def part(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name]

    @property
    def retry_key(self) -> str | None:
        """The retry key, if one was sent."""
        return self.request.headers.get("X-Line-Retry-Key")


#: Answers with JSON (200), or with a response of its own.
ApiHandler = Callable[[Call], Json | web.Response]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def api(operation: str, handler: ApiHandler, *, needs_token: bool = True) -> Handler:
    """An aiohttp handler around one operation of the API.

    The handler itself never waits, so that check and change of the state are one step.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        platform = request.app[PLATFORM]
        # A client that hangs up does not stop what the platform has begun, whatever the server does with its handler.
        task = asyncio.get_running_loop().create_task(answered(platform, request))
        platform.calling.add(task)
        task.add_done_callback(platform.calling.discard)
        return await asyncio.shield(task)

    async def answered(platform: Platform, request: web.Request) -> web.Response:
        call = Call(platform=platform, request=request, request_id=str(uuid.uuid4()), raw=await request.read())
        line = _log(call, operation)
        fault = faults.next_fault(platform, operation)
        if fault is not None:
            line["fault"] = fault.kind
        answer: web.Response | None = None
        try:
            if fault is not None:
                answer = await faults.before(request, fault)
            if answer is None:
                answer = _answer(call, handler, needs_token=needs_token)
                if fault is not None:
                    line["effect_status"] = answer.status
                    answer = await faults.after(request, fault, answer)
        except Refused as refused:
            answer = web.json_response(refused.body, status=refused.status, headers=refused.headers)
        line["status"] = answer.status
        platform.counted[f"{operation} {answer.status}"] += 1
        answer.headers["X-Line-Request-Id"] = call.request_id
        return answer

    return handle


def _answer(call: Call, handler: ApiHandler, *, needs_token: bool) -> web.Response:
    if needs_token:
        authenticate(call.platform, call.request.headers.get("Authorization"))
    if len(call.raw) > _BODY_LIMIT:
        raise Reason(413, "Request entity too large").refusal()
    answer = handler(call)
    return answer if isinstance(answer, web.Response) else web.json_response(answer)


def _log(call: Call, operation: str) -> Json:
    """The call's line for `/line/control/calls`; sends keep their body, for tests to look at."""
    line: Json = {
        "at": call.platform.clock.now_ms(),
        "operation": operation,
        "method": call.request.method,
        "path": call.request.path,
        "request_id": call.request_id,
        "retry_key": call.retry_key,
        "status": None,
        "fault": None,
    }
    if operation in ("reply", "push", "multicast", "broadcast", "loading", "mark_read"):
        try:
            line["body"] = json.loads(call.raw)
        except ValueError:
            line["body"] = None
    call.platform.calls.append(line)
    return line
