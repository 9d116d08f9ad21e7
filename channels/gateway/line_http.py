# SPDX-License-Identifier: Apache-2.0
"""`POST /webhooks/line`: verified on the raw bytes, split into events, committed, and only then acknowledged."""

from __future__ import annotations

import asyncio
import re

import structlog
from aiohttp import web
from sqlalchemy.exc import DataError, SQLAlchemyError

from channels.gateway.context import GATEWAY, Gateway
from channels.gateway.line_inlet import CHANNEL, LineInlet
from channels.line.parse import MAX_BODY, Arrived, BadBody, parse_webhook
from channels.line.signature import verify
from core.errors import Forged
from core.messages import Content, Event, Signal
from store import conversations, inbox

_log = structlog.get_logger(__name__)

#: seconds in which a body must have come; LINE itself gives up after two
_BODY_SECONDS = 10.0
#: bytes of bodies held at once, whoever sends them: LINE's own are a few thousand each
_MOST_HELD = 32_000_000
#: a SHA-256 in base64; without one nothing of a body is read
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{43}=")

routes = web.RouteTableDef()


@routes.post("/webhooks/line")
async def webhook(request: web.Request) -> web.Response:
    """200 once every event of the body is stored; LINE delivers again what was not acknowledged.

    401 for a wrong signature (before the body is read, if it can be none), 404 while LINE is off, 400 for another
    channel's or a senseless body, 413 for a huge one, 415 for anything but JSON, 503 when the database is away or too
    much is under way.
    """
    gateway = request.app[GATEWAY]
    inlet = gateway.line_inlet
    if inlet is None:
        raise web.HTTPNotFound
    signature = request.headers.get("X-Line-Signature", "")
    if _SIGNATURE.fullmatch(signature) is None:
        gateway.metrics.forged.inc()
        raise web.HTTPUnauthorized
    body = await _body(request, inlet)
    try:
        verify(inlet.secret, body, signature)
        await _delivered(gateway, inlet, body)
    except Forged:
        gateway.metrics.forged.inc()
        raise web.HTTPUnauthorized from None
    finally:
        inlet.held -= len(body)
    return web.Response()


async def _delivered(gateway: Gateway, inlet: LineInlet, body: bytes) -> None:
    """Stores every event of a body that is LINE's."""
    try:
        delivered = parse_webhook(body)
    except BadBody as error:
        gateway.metrics.refused.labels(error.code).inc()
        raise web.HTTPBadRequest(text=error.code) from None
    if inlet.destination is not None and delivered.events and delivered.destination != inlet.destination:
        gateway.metrics.refused.labels("wrong_destination").inc()
        _log.error("line_wrong_destination")
        raise web.HTTPBadRequest(text="wrong_destination")
    if delivered.broken:
        gateway.metrics.refused.labels("broken_event").inc(delivered.broken)
    for arrived in sorted(delivered.events, key=lambda one: one.order):
        try:
            await _take_in(gateway, inlet, arrived)
        except DataError as error:
            _broken(gateway, arrived, error)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("line_not_stored", error=type(error).__name__)
            raise web.HTTPServiceUnavailable from None
        except Exception as error:  # noqa: BLE001  delivered again it would fail again, and the good ones with it
            _broken(gateway, arrived, error)


def _broken(gateway: Gateway, arrived: Arrived, error: Exception) -> None:
    gateway.metrics.refused.labels("broken_event").inc()
    _log.error("line_event_broken", intent=arrived.kind, error=type(error).__name__)


async def _body(request: web.Request, inlet: LineInlet) -> bytes:
    """The bytes of a request; they count as held until the caller is done with them."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY, request.content_length or 0)
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                inlet.held += len(chunk)
                if len(body) > MAX_BODY:
                    raise web.HTTPRequestEntityTooLarge(MAX_BODY, len(body))
                if inlet.held > _MOST_HELD:
                    _log.warning("line_too_much_held")
                    raise web.HTTPServiceUnavailable
    except BaseException as error:
        inlet.held -= len(body)
        if isinstance(error, TimeoutError):
            raise web.HTTPRequestTimeout from None
        raise
    return bytes(body)


async def _take_in(gateway: Gateway, inlet: LineInlet, arrived: Arrived) -> None:
    """Stores one event: as work for the turn worker, or only as a record."""
    gateway.metrics.events.labels(CHANNEL, arrived.kind.replace(":", "_")).inc()
    address = arrived.group or arrived.user
    if address is None:
        _log.info("line_event_of_nobody", intent=arrived.kind)
        return
    try:
        await _store(gateway, await inlet.conversation(address), arrived)
    except LookupError:
        # The contact was forgotten meanwhile: it begins anew.
        inlet.forget(address)
        try:
            await _store(gateway, await inlet.conversation(address), arrived)
        except LookupError:
            # Its id belongs to somebody else's event. LINE never does that; delivering it again would not help.
            gateway.metrics.refused.labels("broken_event").inc()
            _log.error("line_event_id_taken", intent=arrived.kind)


async def _store(gateway: Gateway, conversation_id: int, arrived: Arrived) -> None:
    envelope = {"reply_token": arrived.reply_token} if arrived.reply_token else {}
    if arrived.group is not None:
        envelope["group"] = "yes"
    if arrived.edited_text is not None:
        # No work: what a message says is read when its turn is taken, and its answer is never given again.
        if not await inbox.record_edit(
            gateway.engine, gateway.seal, conversation_id, _event(arrived, None, {}), arrived.edited_text
        ):
            gateway.metrics.duplicates.labels(CHANNEL).inc()
        return
    if arrived.content is None:
        event = _event(arrived, None, envelope)
        await inbox.record(gateway.engine, gateway.seal, conversation_id, event, arrived.raw)
        if arrived.locale_hint is not None:
            await conversations.set_locale(gateway.engine, conversation_id, arrived.locale_hint)
        return
    event = _event(arrived, arrived.content, envelope)
    _, fresh = await gateway.intake.receive(conversation_id, event)
    if isinstance(arrived.content, Signal) and arrived.content.name == "unsend" and arrived.content.about is not None:
        # At once, so that a message that still waits is not answered; what was answered is forgotten in its turn.
        await inbox.take_back(gateway.engine, conversation_id, arrived.content.about)
    if not fresh:
        gateway.metrics.duplicates.labels(CHANNEL).inc()
        if arrived.redelivery:
            await inbox.renew_token(gateway.engine, CHANNEL, arrived.event_id)


def _event(arrived: Arrived, content: Content | None, envelope: dict[str, str]) -> Event:
    """The event for the inbox; without `content` it is only kept, and what stands in its place is never looked at."""
    return Event(
        channel=CHANNEL,
        event_id=arrived.event_id,
        content=content or Signal("sticker"),
        occurred_at=arrived.occurred_at,
        # LINE tells nothing of the language of an event: it is the one in which the conversation is held.
        locale="",
        envelope=envelope,
        message_id=arrived.message_id,
    )
