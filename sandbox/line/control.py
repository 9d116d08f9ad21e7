# SPDX-License-Identifier: Apache-2.0
"""The switchboard for tests, `/line/control…`: settings, time, faults, hand-made webhooks and logs.

Documented in docs/developers/sandbox-line.md.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.line import faults, rates, webhooks
from sandbox.line.adjust import adjust
from sandbox.line.call import PLATFORM
from sandbox.line.events import fill_event, note_delivery
from sandbox.line.state import Json, Platform, new_platform
from sandbox.line.webhooks import Outcome, body_of, sign

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(router: web.UrlDispatcher) -> None:
    """Mount the switchboard."""
    for method, path, handler in (
        ("GET", "/line/control", _show),
        ("POST", "/line/control", _adjust),
        ("GET", "/line/control/faults", _faults),
        ("POST", "/line/control/faults", _add_fault),
        ("DELETE", "/line/control/faults", _clear_faults),
        ("POST", "/line/control/webhook", _webhook),
        ("POST", "/line/control/redeliver", _redeliver),
        ("POST", "/line/control/release", _release),
        ("POST", "/line/control/settle", _settle),
        ("POST", "/line/control/reset", _reset),
        ("GET", "/line/control/calls", _log("calls")),
        ("GET", "/line/control/counted", _counted),
        ("GET", "/line/control/deliveries", _log("deliveries")),
    ):
        router.add_route(method, path, _checked(handler))


def _checked(handler: Handler) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ValueError as reason:
            return web.json_response({"error": str(reason)}, status=400)
        except LookupError as reason:
            return web.json_response({"error": f"unknown: {reason}"}, status=404)

    return handle


async def _body(request: web.Request) -> Json:
    body = await request.json() if request.can_read_body else {}
    if not isinstance(body, dict):
        raise ValueError("expected a JSON object")
    return body


def _state(platform: Platform) -> Json:
    """Every setting that can be adjusted, and the counters."""
    return {
        "clock": {"now": platform.clock.now(), "speed": platform.clock.speed, "sleeping": platform.clock.sleeping},
        "webhook": dataclasses.asdict(platform.webhook),
        "limits": dataclasses.asdict(platform.limits),
        "channel": {"id": platform.channel.id, "user_id": platform.channel.user_id},
        "quota_used": rates.used(platform),
        "default_menu": platform.default_menu,
        "transcoding": platform.transcoding,
        "loopback_http": platform.loopback_http,
        "held": len(platform.held),
        "pending": len(platform.pending),
        "faults": [dataclasses.asdict(fault) for fault in platform.faults],
    }


async def _show(request: web.Request) -> web.Response:
    return web.json_response(_state(request.app[PLATFORM]))


async def _adjust(request: web.Request) -> web.Response:
    adjust(request.app[PLATFORM], await _body(request))
    return web.json_response(_state(request.app[PLATFORM]))


async def _faults(request: web.Request) -> web.Response:
    return web.json_response({"faults": [dataclasses.asdict(fault) for fault in request.app[PLATFORM].faults]})


async def _add_fault(request: web.Request) -> web.Response:
    request.app[PLATFORM].faults.append(faults.parse_fault(await _body(request)))
    return await _faults(request)


async def _clear_faults(request: web.Request) -> web.Response:
    request.app[PLATFORM].faults.clear()
    return await _faults(request)


def _outcome(outcome: Outcome) -> Json:
    return dataclasses.asdict(outcome)


async def _webhook(request: web.Request) -> web.Response:
    """Send one hand-made webhook now and tell how it ended; nothing is redelivered.

    `{"events": […], "fill": true, "destination"?, "body"? | "body_base64"?, "signature"?, "header"?, "headers"?,
    "url"?}`: `fill` adds the common properties that an event leaves out; `body` replaces everything and is sent as it is;
    `signature` is `valid`, `wrong`, `none` or the header's value.
    """
    platform, body = request.app[PLATFORM], await _body(request)
    url = body.get("url") or platform.webhook.url
    if not isinstance(url, str):
        raise LookupError("no webhook is set")
    events, raw = _made(platform, body)
    headers: dict[str, str] = {str(name): str(value) for name, value in (body.get("headers") or {}).items()}
    signature = str(body.get("signature", "valid"))
    if signature != "none":
        values = {"valid": sign(platform.channel.secret, raw), "wrong": sign("another secret", raw)}
        headers[str(body.get("header", "x-line-signature"))] = values.get(signature, signature)
    at = platform.clock.now_ms()
    outcome = await webhooks.post(url, raw, headers, platform.webhook.time_limit)
    webhooks.note(platform, events, outcome, redelivery=False, at=at)
    told = {"event_ids": [event.get("webhookEventId") for event in events], "events": events}
    return web.json_response({**_outcome(outcome), **told})


def _made(platform: Platform, body: Json) -> tuple[list[Json], bytes]:
    """The events and the raw body of a hand-made webhook."""
    if "body_base64" in body:
        try:
            return [], base64.b64decode(str(body["body_base64"]), validate=True)
        except binascii.Error:
            raise ValueError("body_base64 is no base64") from None
    if "body" in body:
        return [], str(body["body"]).encode()
    events: Any = body.get("events", [])
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise ValueError("events must be objects")
    if body.get("fill", True):
        events = [fill_event(platform, event) for event in events]
    for event in events:
        platform.events[str(event.get("webhookEventId"))] = event
        note_delivery(platform, event)
    return events, body_of(platform, events, body.get("destination"))


async def _redeliver(request: web.Request) -> web.Response:
    """`{"event_id", "times": 1, "parallel": false}`: a storm of redeliveries of one event, without `event_id` the last."""
    platform, body = request.app[PLATFORM], await _body(request)
    event_id = body.get("event_id") or next(reversed(platform.events), None)
    times = body.get("times", 1)
    if not isinstance(times, int) or not 1 <= times <= 1000:
        raise ValueError("times must be from 1 to 1000")
    outcomes = await webhooks.redeliver(platform, str(event_id), times, parallel=body.get("parallel") is True)
    return web.json_response({"outcomes": [_outcome(outcome) for outcome in outcomes]})


async def _release(request: web.Request) -> web.Response:
    """`{"order": "kept"|"reversed"|"shuffled", "one_webhook": false}`: held events go out."""
    body = await _body(request)
    order = body.get("order", "kept")
    if order not in ("kept", "reversed", "shuffled"):
        raise ValueError("order must be kept, reversed or shuffled")
    one = body.get("one_webhook") is True
    return web.json_response({"released": webhooks.release(request.app[PLATFORM], order, one_webhook=one)})


async def _settle(request: web.Request) -> web.Response:
    """`{"seconds": 5}`: wait until no delivery is under way; answers `{"settled": bool}`."""
    seconds = (await _body(request)).get("seconds", 5)
    if not isinstance(seconds, int | float) or not 0 <= seconds <= 60:
        raise ValueError("seconds must be from 0 to 60")
    return web.json_response({"settled": await webhooks.settle(request.app[PLATFORM], float(seconds))})


async def _reset(request: web.Request) -> web.Response:
    """Forget everything but the channel, the clock and, unless `{"keep_webhook": false}`, the webhook's address."""
    platform, body = request.app[PLATFORM], await _body(request)
    await webhooks.stop(platform)
    waiting = list(platform.chats.values())
    fresh = new_platform(platform.clock, platform.channel)
    if body.get("keep_webhook", True):
        fresh.webhook.url = platform.webhook.url
    for field in dataclasses.fields(Platform):
        # Ids go on, so that none is given twice to the same bot.
        if field.name not in ("_numbers", "_last_event"):
            setattr(platform, field.name, getattr(fresh, field.name))
    for chat in waiting:
        chat.grew.set()
    return web.json_response(_state(platform))


async def _counted(request: web.Request) -> web.Response:
    """How many calls of the API there were since the start: `{"reply 200": 12, …}`."""
    return web.json_response(dict(request.app[PLATFORM].counted))


def _log(name: str) -> Handler:
    """The last calls of the API or requests to the webhook, `?after=N` leaves out the first N."""

    async def handle(request: web.Request) -> web.Response:
        lines = list(getattr(request.app[PLATFORM], name))
        return web.json_response({name: lines[int(request.query.get("after", 0)) :], "total": len(lines)})

    return handle
