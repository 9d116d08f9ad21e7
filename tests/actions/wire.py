# SPDX-License-Identifier: Apache-2.0
"""What stands around the action server in its tests: a clock, a gateway on loopback, and the bot's calls."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import aiohttp
from aiohttp import web

INTERNAL_TOKEN = "internal-token-of-the-tests"
ICT = timezone(timedelta(hours=7))


class StoppedClock:
    """A clock that moves only when told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The current time."""
        return self.now

    def advance(self, **amount: float) -> None:
        """Move on by a timedelta's arguments."""
        self.now += timedelta(**amount)


@dataclass
class FakeGateway:
    """The gateway's case API as docs/developers/wire.md §3 has it; `trouble` is a status to answer, or "down"."""

    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    trouble: int | str | None = None
    #: the trouble comes after the case was stored, as when an answer is lost on its way
    after_storing: bool = False

    def app(self) -> web.Application:
        """The gateway's internal HTTP."""
        app = web.Application()
        app.router.add_post("/internal/cases", self._file)
        app.router.add_get("/internal/cases", self._own)
        app.router.add_get("/internal/cases/{ticket_id}", self._one)
        return app

    def _in_trouble(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") != f"Bearer {INTERNAL_TOKEN}":
            return web.json_response({"error": "unauthorised"}, status=401)
        if self.trouble == "down":
            assert request.transport is not None
            request.transport.close()
            return web.Response(status=503)
        return web.Response(status=int(self.trouble)) if self.trouble is not None else None

    async def _file(self, request: web.Request) -> web.Response:
        trouble = self._in_trouble(request)
        if trouble is not None and not self.after_storing:
            return trouble
        body = await request.json()
        key = request.headers["Idempotency-Key"]
        self.keys.append(key)
        self.requests.append(body)
        seen = key in self.by_key
        if not seen:
            ticket_id = f"2569-{uuid.uuid4().hex[:6].upper()}"
            self.by_key[key] = {
                "ticket_id": ticket_id,
                "state": "start",
                "state_th": "รอรับเรื่อง",
                "created_at": "2026-11-22T16:00:00+07:00",
            }
            self.cases[ticket_id] = body
        return trouble or web.json_response(self.by_key[key], status=200 if seen else 201)

    async def _own(self, request: web.Request) -> web.Response:
        trouble = self._in_trouble(request)
        own = [case for case in self.cases.values() if case.get("conversation") == request.query["conversation"]]
        return trouble or web.json_response({"cases": own})

    async def _one(self, request: web.Request) -> web.Response:
        trouble = self._in_trouble(request)
        case = self.cases.get(request.match_info["ticket_id"])
        if trouble is not None:
            return trouble
        return web.json_response(case) if case else web.json_response({"error": "unknown"}, status=404)


@dataclass(frozen=True)
class Outcome:
    """What an action did: the answers it named with their arguments, and the slots it set."""

    answers: list[tuple[str, dict[str, Any]]]
    slots: dict[str, Any]
    events: list[dict[str, Any]]
    blocks: list[Any]

    @property
    def ids(self) -> list[str]:
        """The answers' ids in order."""
        return [name for name, _ in self.answers]

    def arguments(self, answer: str) -> dict[str, Any]:
        """The arguments of the only answer with this id."""
        (found,) = [arguments for name, arguments in self.answers if name == answer]
        return found


_MESSAGE_FIELDS = {"text", "buttons", "elements", "custom", "template", "response", "image", "attachment"}


@dataclass
class Bot:
    """Calls the action server as Rasa 3.6 does."""

    session: aiohttp.ClientSession
    url: str
    conversation: str = "web:3f2a"

    async def run(
        self,
        action: str,
        *,
        text: str = "",
        intent: str = "inform",
        entities: list[dict[str, Any]] | None = None,
        slots: Mapping[str, Any] | None = None,
        form: str | None = None,
        turn: str | None = None,
        events: list[dict[str, Any]] | None = None,
    ) -> Outcome:
        """One action call; the status must be 200."""
        call = self.call(
            action, text=text, intent=intent, entities=entities, slots=slots, form=form, turn=turn, events=events
        )
        async with self.session.post(f"{self.url}/webhook", json=call) as response:
            assert response.status == 200, await response.text()
            body = await response.json()
        answers = [
            (message["response"], {name: value for name, value in message.items() if name not in _MESSAGE_FIELDS})
            for message in body["responses"]
            if message["response"]
        ]
        slots_set = {event["name"]: event["value"] for event in body["events"] if event["event"] == "slot"}
        blocks = [message["custom"] for message in body["responses"] if message["custom"]]
        return Outcome(answers=answers, slots=slots_set, events=body["events"], blocks=blocks)

    def call(
        self,
        action: str,
        *,
        text: str = "",
        intent: str = "inform",
        entities: list[dict[str, Any]] | None = None,
        slots: Mapping[str, Any] | None = None,
        form: str | None = None,
        turn: str | None = None,
        events: list[dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """The body of an action call; `domain` is left out, as with `enable_selective_domain`."""
        latest = {
            "intent": {"name": intent, "confidence": 0.97},
            "entities": entities or [],
            "text": text,
            "message_id": turn or str(uuid.uuid4()),
            "metadata": {"channel": "web", "locale": "th"},
            "intent_ranking": [{"name": intent, "confidence": 0.97}],
        }
        return {
            "next_action": action,
            "sender_id": self.conversation,
            "tracker": {
                "sender_id": self.conversation,
                "slots": dict(slots or {}),
                "latest_message": latest,
                "events": events if events is not None else [{"event": "user", "text": text}],
                "paused": False,
                "latest_input_channel": "web",
                "active_loop": {"name": form} if form else {},
                "latest_action_name": "action_listen",
            },
            "version": "3.6.21",
        }

    async def validate(
        self,
        form: str,
        slot: str,
        value: object,
        *,
        text: str | None = None,
        intent: str = "inform",
        entities: list[dict[str, Any]] | None = None,
        slots: Mapping[str, Any] | None = None,
        requested: str | None = None,
        before: list[dict[str, Any]] | None = None,
    ) -> Outcome:
        """Run a form's validation for one newly filled slot, as Rasa does: the slot event ends the tracker."""
        words = text if text is not None else (value if isinstance(value, str) else "")
        filled = {**(slots or {}), slot: value, "requested_slot": requested}
        events = [*(before or []), {"event": "user", "text": words}, {"event": "slot", "name": slot, "value": value}]
        return await self.run(
            f"validate_{form}",
            text=words,
            intent=intent,
            entities=entities,
            slots=filled,
            form=form if requested else None,
            events=events,
        )


def place(text: str, *areas: dict[str, Any]) -> dict[str, Any]:
    """The entity `place` with these readings."""
    return {"entity": "place", "value": {"text": text, "candidates": list(areas)}, "start": 0, "end": len(text)}


def province(name: str, lat: float | None = None, lon: float | None = None) -> dict[str, Any]:
    """A province as a reading."""
    return {
        "code": "00", "name": name, "kind": "province", "province": name, "district": None, "lat": lat, "lon": lon,
    }  # fmt: skip


def district(name: str, of: str, lat: float | None = None, lon: float | None = None) -> dict[str, Any]:
    """A district as a reading."""
    return {
        "code": "0000", "name": name, "kind": "district", "province": of, "district": name, "lat": lat, "lon": lon,
    }  # fmt: skip


CHIANG_MAI = province("เชียงใหม่", 18.79038, 98.98468)
KORAT = province("นครราชสีมา", 14.97066, 102.10196)
BANGKOK = province("กรุงเทพมหานคร", 13.75398, 100.50144)
KANCHANABURI = province("กาญจนบุรี", 14.00412, 99.54834)
NARATHIWAT = province("นราธิวาส", 6.42639, 101.82308)
RANONG = province("ระนอง", 9.96583, 98.63476)
