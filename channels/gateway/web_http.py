# SPDX-License-Identifier: Apache-2.0
"""The web channel's HTTP: sessions, messages, uploads and the events of a conversation."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from limits import RateLimitItem

from channels.gateway import choices
from channels.gateway.addresses import Caller, caller_of
from channels.gateway.bodies import read_body, read_file
from channels.gateway.context import GATEWAY, Gateway
from channels.gateway.hub import woken
from channels.gateway.limits import (
    PER_ADDRESS,
    PER_SESSION,
    SESSIONS_PER_ADDRESS,
    UPLOADS_PER_ADDRESS,
    UPLOADS_PER_SESSION,
)
from channels.gateway.sessions import Session
from channels.gateway.uploads import BadUpload, clean_upload
from channels.web.parse import LOCALES, MAX_BODY, Refused, parse_message
from channels.web.render import event_json
from channels.web.schema import EVENTS_SCHEMA
from core.messages import Choice, Media, content_to_blocks
from store import conversations, inbox, outbox, retention
from store.media import add_media, find_media
from store.outbox import Line
from store.sealing import Unsealable
from thai import identifiers

CHANNEL = "web"
#: seconds of one long-poll at most; proxies cut longer ones
_LONGEST_WAIT = 30.0
_MEDIA_ID = re.compile("m_[0-9a-f]{24}")

routes = web.RouteTableDef()


@routes.post("/chat/sessions")
async def open_session(request: web.Request) -> web.Response:
    """A new session. Body `{locale?}` or nothing; answer 201 `{session, token}`."""
    gateway = request.app[GATEWAY]
    _limit(request, gateway, address=SESSIONS_PER_ADDRESS)
    locale = _locale(await read_body(request, 1_024))
    session_id = gateway.sessions.new_id()
    conversation = await conversations.open_conversation(
        gateway.engine, gateway.seal, gateway.config.pseudonym_key, CHANNEL, session_id, locale
    )
    session = Session(id=session_id, conversation_id=conversation.id, key=conversation.key, locale=locale)
    return web.json_response({"session": session_id, "token": gateway.sessions.token(session)}, status=201)


@routes.post("/chat/messages")
async def post_message(request: web.Request) -> web.Response:
    """One message of a citizen: committed, then 202 `{seq}`; the same id gets the same seq."""
    gateway = request.app[GATEWAY]
    session = gateway.sessions.read(request.headers.get("Authorization"))
    _limit(request, gateway, address=PER_ADDRESS, session=(PER_SESSION, "message", session.id))
    posted = parse_message(
        await read_body(request, MAX_BODY), conversation_id=session.conversation_id, locale=session.locale
    )
    event = posted.event
    if isinstance(event.content, Media) and not await find_media(
        gateway.engine, session.conversation_id, event.content.media
    ):
        raise Refused("unknown_media")
    try:
        seq, fresh = await gateway.intake.receive(session.conversation_id, event)
    except LookupError:
        raise Refused("unauthorised", 401) from None  # the conversation was forgotten: the browser begins anew
    if fresh:
        gateway.metrics.events.labels(CHANNEL, event.content.kind).inc()
        if posted.locale is not None:
            await conversations.set_locale(gateway.engine, session.conversation_id, posted.locale)
    else:
        gateway.metrics.duplicates.labels(CHANNEL).inc()
    return web.json_response({"seq": seq}, status=202)


@routes.get("/chat/events")
async def get_events(request: web.Request) -> web.Response:
    """The conversation after a number: `?after=N&wait=seconds`; waits for something new when there is nothing yet."""
    gateway = request.app[GATEWAY]
    session = gateway.sessions.read(request.headers.get("Authorization"))
    after = int(_number(request, "after"))
    wait = min(_number(request, "wait"), _LONGEST_WAIT)
    with gateway.limits.polling(session.conversation_id):
        lines = await _lines(request, session, after, wait)
    events = [await _event(gateway, session, line) for line in lines]
    return web.json_response(
        {"events": [event for event in events if event is not None]}, headers={"Cache-Control": "no-store"}
    )


async def _lines(request: web.Request, session: Session, after: int, wait: float) -> Sequence[Line]:
    gateway = request.app[GATEWAY]
    deadline = asyncio.get_running_loop().time() + wait
    waiter = gateway.hub.waiter(session.conversation_id)
    gateway.metrics.polls.inc()
    try:
        while True:
            waiter.clear()
            lines = gateway.hub.lines_after(session.conversation_id, after)
            if lines is None:
                lines = await outbox.lines_after(gateway.engine, session.conversation_id, after)
            left = deadline - asyncio.get_running_loop().time()
            if lines or left <= 0 or request.transport is None:
                return lines  # without a transport nobody waits any more: the browser went to another page
            if not await woken(waiter, min(left, 5.0)):
                # The safety net for a lost notification: look into the database, whatever is remembered.
                gateway.hub.forget_lines(session.conversation_id)
    finally:
        gateway.metrics.polls.dec()
        gateway.hub.leave(session.conversation_id, waiter)


async def _event(gateway: Gateway, session: Session, line: Line) -> dict[str, Any] | None:
    try:
        if line.author != "citizen":
            blocks = gateway.seal.open_json(line.sealed, outbox.place_of(session.conversation_id))
            return event_json(line.seq, line.author, line.at, blocks)
        content, _ = inbox.open_payload(gateway.seal, session.conversation_id, line.sealed)
    except Unsealable:
        return None  # sealed with a key that is gone: the line is lost, the conversation is not
    label = None
    if isinstance(content, Choice):
        meant = await choices.look_up(gateway.engine, gateway.seal, session.conversation_id, content.choice)
        label = meant.label if meant is not None else ""
    return event_json(line.seq, "citizen", line.at, content_to_blocks(content, label))


@routes.post("/chat/uploads")
async def upload(request: web.Request) -> web.Response:
    """A photo as multipart field `file`; answer 201 `{media}`, to be sent in a message."""
    gateway = request.app[GATEWAY]
    session = gateway.sessions.read(request.headers.get("Authorization"))
    _limit(request, gateway, address=UPLOADS_PER_ADDRESS, session=(UPLOADS_PER_SESSION, "upload", session.id))
    content = await read_file(request, gateway.config.max_upload)
    try:
        clean, content_type = await clean_upload(content)
    except BadUpload:
        raise Refused("bad_upload", 415) from None
    stored = await add_media(gateway.engine, gateway.files, session.conversation_id, clean, content_type)
    return web.json_response({"media": stored.id}, status=201)


@routes.get("/chat/uploads/{media}")
async def uploaded(request: web.Request) -> web.Response:
    """A citizen's own photo; another's does not exist."""
    gateway = request.app[GATEWAY]
    session = gateway.sessions.read(request.headers.get("Authorization"))
    media = request.match_info["media"]
    found = await find_media(gateway.engine, session.conversation_id, media) if _MEDIA_ID.fullmatch(media) else None
    if found is None:
        raise web.HTTPNotFound
    content = await asyncio.to_thread(gateway.files.read, found.id)
    return web.Response(
        body=content,
        content_type=found.content_type,
        headers={"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"},
    )


@routes.get("/chat/export")
async def export_conversation(request: web.Request) -> web.Response:
    """Everything that is kept of the session's own conversation, as a JSON file."""
    gateway = request.app[GATEWAY]
    session = gateway.sessions.read(request.headers.get("Authorization"))
    _limit(request, gateway, session=(UPLOADS_PER_SESSION, "export", session.id))
    kept = await retention.export(gateway.engine, gateway.seal, session.conversation_id, identifiers.mask)
    return web.json_response(
        kept,
        dumps=lambda value: json.dumps(value, ensure_ascii=False, indent=2),
        headers={"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "no-store"},
    )


@routes.get("/chat/schema.json")
async def schema(_: web.Request) -> web.Response:
    """The JSON Schema of the events."""
    return web.json_response(EVENTS_SCHEMA, content_type="application/schema+json")


def _locale(body: bytes) -> str:
    try:
        data = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise Refused("bad_json") from None
    wanted = data.get("locale") if isinstance(data, dict) else None
    return wanted if wanted in LOCALES else "th"


def _number(request: web.Request, name: str) -> float:
    try:
        number = float(request.query.get(name, "0"))
    except ValueError:
        raise Refused(f"bad_{name}") from None
    if not 0 <= number < 2**62:
        raise Refused(f"bad_{name}")
    return number


def _caller(request: web.Request, gateway: Gateway) -> Caller:
    return caller_of(request.remote, request.headers.getall("X-Forwarded-For", ()), gateway.config.trusted_proxies)


def _limit(
    request: web.Request,
    gateway: Gateway,
    *,
    address: RateLimitItem | None = None,
    session: tuple[RateLimitItem, str, str] | None = None,
) -> None:
    """Counts a request for its address and for (limit, what it does, session id). The machine itself is not limited."""
    caller = _caller(request, gateway)
    if caller.local:
        return
    if session is not None:
        gateway.limits.hit(*session)
    if address is not None:
        gateway.limits.hit(address, "address", caller.block)
