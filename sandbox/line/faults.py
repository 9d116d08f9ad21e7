# SPDX-License-Identifier: Apache-2.0
"""Troubles that API calls run into on demand: lost answers, errors before or after the effect, slowness, refusals."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from sandbox.line.errors import INTERNAL, MONTHLY_LIMIT, NO_TOKEN, NOT_FOUND, RATE_LIMIT, Reason
from sandbox.line.state import Fault, Platform

#: What can be troubled; `any` is every operation.
OPERATIONS = (
    "any", "reply", "push", "multicast", "broadcast", "loading", "mark_read", "token", "quota", "content", "profile",
    "bot_info", "webhook_endpoint", "webhook_test", "rich_menu", "group", "validate",
)  # fmt: skip
#: Before the effect: the call changes nothing (`slow` goes on afterwards, even when the client has gone).
BEFORE = ("error", "drop", "slow", "unauthorised", "rate_limit", "monthly_limit", "bad_request", "not_found", "html")
#: After the effect: what was asked happened, and the client does not learn it.
AFTER = ("lost", "cut", "error_after")
KINDS = (*BEFORE, *AFTER)
_HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_REFUSALS = {
    "unauthorised": NO_TOKEN,
    "rate_limit": RATE_LIMIT,
    "monthly_limit": MONTHLY_LIMIT,
    "bad_request": Reason(400, "Failed to send messages"),
    "not_found": NOT_FOUND,
}


def parse_fault(body: Any) -> Fault:
    """Read `{"operation", "kind", "times"?, "after"?, "seconds"?, "status"?}`; ValueError says what is wrong."""
    if not isinstance(body, dict) or body.keys() - {"operation", "kind", "times", "after", "seconds", "status"}:
        raise ValueError("a fault has operation, kind, times, after, seconds and status")
    operation, kind = body.get("operation", "any"), body.get("kind")
    if operation not in OPERATIONS:
        raise ValueError(f"operation must be one of {', '.join(OPERATIONS)}")
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    times, after = body.get("times", 1), body.get("after", 0)
    if (times is not None and (not isinstance(times, int) or times < 1)) or not isinstance(after, int) or after < 0:
        raise ValueError("times is null or at least 1, after at least 0")
    seconds, status = body.get("seconds", 60.0), body.get("status", 500)
    if not isinstance(seconds, int | float) or not 0 <= seconds <= 600 or not isinstance(status, int):
        raise ValueError("seconds must be from 0 to 600, status a number")
    if not 500 <= status <= 599:
        raise ValueError("status must be from 500 to 599")
    return Fault(operation=operation, kind=kind, times=times, after=after, seconds=float(seconds), status=status)


def next_fault(platform: Platform, operation: str) -> Fault | None:
    """The fault that this call runs into; counted down."""
    for fault in platform.faults:
        if fault.operation not in (operation, "any"):
            continue
        if fault.after > 0:
            fault.after -= 1
            continue
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                platform.faults.remove(fault)
        return fault
    return None


async def before(request: web.Request, fault: Fault) -> web.Response | None:
    """Act out a fault that comes before the effect: an answer, a `Refused`, or None to go on."""
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return None
    if fault.kind == "drop":
        return _cut(request)
    if fault.kind == "html":
        return web.Response(status=502, text=_HTML, content_type="text/html")
    if fault.kind == "error":
        raise Reason(fault.status, INTERNAL.message).refusal()
    if fault.kind in _REFUSALS:
        raise _REFUSALS[fault.kind].refusal()
    return None


async def after(request: web.Request, fault: Fault, answer: web.Response) -> web.Response:
    """Act out a fault that comes after the effect of a call that was answered with `answer`."""
    if fault.kind == "lost":
        await _hang(request, fault.seconds)
        return _cut(request)
    if fault.kind == "cut":
        return _cut(request)
    if fault.kind == "error_after":
        return web.json_response({"message": INTERNAL.message}, status=fault.status)
    return answer


async def _hang(request: web.Request, seconds: float) -> None:
    """Say nothing for so many real seconds, or until the client hangs up (so that a server can stop)."""
    until = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until:
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(0.02)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.close()
    return web.Response(status=503)
