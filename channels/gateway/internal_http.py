# SPDX-License-Identifier: Apache-2.0
"""The gateway's internal HTTP on loopback: answers for Rasa, cases and the vault for actions, models for the bot."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from catalogue.answers import UnknownAnswer
from channels.gateway.context import GATEWAY
from channels.gateway.health import CONTENT_TYPE_LATEST, live, metrics_text, ready
from channels.gateway.limits import STRANGE_CASES
from channels.terminal.render import lines as terminal_lines
from channels.web.render import shown
from store import cases, vault
from store.cases import Case, NewCase
from store.conversations import find_conversation
from thai import case_numbers

#: what citizens and officers wrote of a case
_WORDS = frozenset({"address", "note"})
_OPEN = frozenset({"/metrics", "/health/live", "/health/ready"})
#: Thailand has had one offset since 1920
_ICT = timezone(timedelta(hours=7))

routes = web.RouteTableDef()


@web.middleware
async def token_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only those with the internal token get in, but for figures and health."""
    if request.path not in _OPEN:
        expected = f"Bearer {request.app[GATEWAY].config.internal_token}"
        given = request.headers.get("Authorization", "")
        if not secrets.compare_digest(given.encode(), expected.encode()):
            request.app[GATEWAY].metrics.forged.inc()
            return _error(401, "unauthorised")
    return await handler(request)


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    """Figures in Prometheus' format."""
    body = await metrics_text(request.app[GATEWAY])
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


routes.get("/health/live")(live)
routes.get("/health/ready")(ready)


@routes.get("/internal/model")
async def model(request: web.Request) -> web.StreamResponse:
    """The live model, for Rasa's puller: 304 when it has it, 204 when there is none."""
    folder = request.app[GATEWAY].config.rasa_dir / "models"
    try:
        sha256 = str(json.loads((folder / "live.json").read_text(encoding="utf-8"))["sha256"])
    except (OSError, ValueError, KeyError):
        return web.Response(status=204)
    file = folder / f"{sha256}.tar.gz"
    if request.headers.get("If-None-Match", "").strip('"') == sha256:
        return web.Response(status=304, headers={"ETag": sha256})
    if not file.is_file():
        return web.Response(status=204)
    return web.Response(
        body=file.read_bytes(),
        headers={"ETag": sha256, "Content-Type": "application/gzip", "filename": file.name},
    )


@routes.post("/internal/nlg")
async def nlg(request: web.Request) -> web.Response:
    """One answer for Rasa, as blocks."""
    gateway = request.app[GATEWAY]
    try:
        blocks = gateway.answers.nlg(await request.json())
    except (ValueError, TypeError, AttributeError) as error:
        return _error(400, "bad_request", reason=type(error).__name__)
    except UnknownAnswer as error:
        return _error(404, "unknown_answer", answer=str(error))
    return web.json_response({"text": "", "buttons": [], "custom": {"blocks": blocks}})


@routes.post("/internal/cases")
async def file_case(request: web.Request) -> web.Response:
    """Files a case once per Idempotency-Key: 201 when it is new, 200 with the same body after that."""
    gateway = request.app[GATEWAY]
    key = request.headers.get("Idempotency-Key", "")
    if not 8 <= len(key) <= 200:
        return _error(400, "bad_idempotency_key")
    try:
        data = await request.json()
        conversation = await find_conversation(gateway.engine, str(data["conversation"]))
        if conversation is None:
            return _error(404, "unknown_conversation")
        new = _new_case(conversation.id, data)
    except (ValueError, KeyError, TypeError, AttributeError):
        return _error(400, "bad_case")
    year = datetime.now(_ICT).year + 543
    case, fresh = await cases.file_case(gateway.engine, gateway.seal, new, ticket_id=case_numbers.make(year), key=key)
    return web.json_response(_case_json(case), status=201 if fresh else 200)


@routes.get("/internal/cases")
async def cases_of_conversation(request: web.Request) -> web.Response:
    """The newest cases of one conversation."""
    gateway = request.app[GATEWAY]
    conversation = await find_conversation(gateway.engine, request.query.get("conversation", ""))
    found = [] if conversation is None else await cases.cases_of(gateway.engine, conversation.id)
    return web.json_response({"cases": [_case_json(case) for case in found]})


@routes.get("/internal/cases/{ticket_id}")
async def one_case(request: web.Request) -> web.Response:
    """One case by its number: everything for the conversation that filed it; for another, and for nobody, no words.

    A number can be guessed, so what citizens and officers wrote stays with the owner, and a conversation may ask for
    only so many numbers that are not its own: 429 after that, for those that exist as for those that do not.
    """
    gateway = request.app[GATEWAY]
    asking = request.query.get("conversation")
    found = await cases.case_and_owner(gateway.engine, request.match_info["ticket_id"])
    if found is not None and asking is not None and found[1] == asking:
        return web.json_response(_case_json(found[0]))
    conversation = None if asking is None else await find_conversation(gateway.engine, asking)
    if conversation is not None:
        gateway.limits.hit(STRANGE_CASES, "case", str(conversation.id))
    return _error(404, "unknown_case") if found is None else web.json_response(_outline(found[0]))


@routes.post("/internal/vault/open")
async def open_vault(request: web.Request) -> web.Response:
    """Opens one sealed value for one call; who and why is written down."""
    gateway = request.app[GATEWAY]
    try:
        data = await request.json()
        key, handle, purpose, actor = (_text(data[name]) for name in ("conversation", "handle", "purpose", "actor"))
    except (ValueError, KeyError, TypeError):
        return _error(400, "bad_request")
    conversation = await find_conversation(gateway.engine, key)
    value = None
    if conversation is not None and purpose and actor:
        value = await vault.open_one(
            gateway.engine, gateway.seal, conversation.id, handle, actor=actor, purpose=purpose
        )
    return _error(404, "unknown_handle") if value is None else web.json_response({"value": value})


@routes.post("/internal/render/{channel}")
async def render(request: web.Request) -> web.Response:
    """Blocks as a channel would show them, for officers' previews."""
    try:
        blocks = shown(1, (await request.json())["blocks"])
        drawn = terminal_lines(blocks)
    except (ValueError, KeyError, TypeError, AttributeError):
        return _error(400, "bad_blocks")
    channel = request.match_info["channel"]
    if channel == "web":
        return web.json_response({"blocks": blocks})
    if channel == "terminal":
        return web.json_response({"lines": drawn})
    return _error(404, "unknown_channel")


def _new_case(conversation_id: int, data: Mapping[str, Any]) -> NewCase:
    place = data.get("place") or {}
    kind, description = _text(data["type"]), _text(data["description"]).strip()
    if not description or not kind:
        raise ValueError("a case has a type and a description")
    return NewCase(
        conversation_id=conversation_id,
        problem_type=kind,
        description=description,
        contact=_maybe_text(data.get("contact")),
        address=_maybe_text(place.get("text")),
        subdistrict=_maybe_text(place.get("subdistrict")),
        district=_maybe_text(place.get("district")),
        province=_maybe_text(place.get("province")),
        lat=None if place.get("lat") is None else float(place["lat"]),
        lon=None if place.get("lon") is None else float(place["lon"]),
        media=[_text(one) for one in data.get("media") or ()],
    )


def _text(value: object) -> str:
    """Words that the database can hold. Raises ValueError."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("no text")
    return value


def _maybe_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _case_json(case: Case) -> dict[str, Any]:
    return {
        "ticket_id": case.ticket_id,
        "type": case.problem_type,
        "state": case.state,
        "state_th": case.state_th,
        "address": case.address,
        "timestamp": case.timestamp.astimezone(_ICT).isoformat(timespec="seconds"),
        "created_at": case.timestamp.astimezone(_ICT).isoformat(timespec="seconds"),
        "last_activity": case.last_activity.astimezone(_ICT).isoformat(timespec="seconds"),
        "note": case.note,
    }


def _outline(case: Case) -> dict[str, Any]:
    """A case without anything that somebody wrote."""
    return {name: value for name, value in _case_json(case).items() if name not in _WORDS}


def _error(status: int, code: str, **more: Any) -> web.Response:
    return web.json_response({"error": code, **more}, status=status)
