# SPDX-License-Identifier: Apache-2.0
"""A bot on loopback that speaks the turn endpoint of docs/developers/wire.md §2 and does what a test tells it to."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiohttp import web

CONTENT = ("text", "choice", "location", "media")


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Answers with these blocks; None echoes what arrived. `takes` is the turn's time in seconds."""

    blocks: Sequence[Mapping[str, Any]] | None = None
    takes: float = 0.0
    intent: str = "thanks"
    decision: str = "answer"
    entities: Sequence[Mapping[str, Any]] = ()
    repaired: str | None = None
    active_form: str | None = None
    requested_slot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    """Refuses with a status and code of the wire contract; nothing of the turn is remembered."""

    status: int
    code: str
    active_form: str | None = None
    filled_slots: Sequence[str] = ()
    takes: float = 0.0


@dataclass(frozen=True, slots=True)
class Raw:
    """Answers with exactly these bytes, whatever they are."""

    body: bytes
    status: int = 200


@dataclass(frozen=True, slots=True)
class Hang:
    """Takes the request and never answers."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Takes the request and closes the connection."""


Step = Say | Fail | Raw | Hang | Drop


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One turn that was run to its end, and when (monotonic seconds)."""

    turn_id: str
    conversation: str
    content: Mapping[str, Any]
    body: Mapping[str, Any]
    began: float
    ended: float

    @property
    def said(self) -> str:
        """The words that the bot got: the text, or a choice's payload; "" for pins and photos."""
        return words_of(self.body)


@dataclass(slots=True)
class Bot:
    """The running fake. It remembers turns by id, as the real one does, until `forget`."""

    token: str
    host: str = "127.0.0.1"
    port: int = 0
    #: every request to the turn endpoint with a right token: its body as it came
    requests: list[Mapping[str, Any]] = field(default_factory=list)
    ran: list[Ran] = field(default_factory=list)
    #: keys of the conversations that the gateway asked to forget
    erased: list[str] = field(default_factory=list)
    #: turns that it asked to forget
    erased_turns: list[str] = field(default_factory=list)
    #: most requests in flight at once, by conversation
    most_at_once: Counter[str] = field(default_factory=Counter)
    default: Step = field(default_factory=Say)
    is_ready: bool = True
    refuses_to_erase: bool = False
    _plans: dict[str, deque[Step]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[str, Step] = field(default_factory=dict)
    _memory: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _in_flight: Counter[str] = field(default_factory=Counter)
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def on(self, words: str, *steps: Step) -> None:
        """The next turns whose words contain `words` do these steps, one each, then what is done by default."""
        self._plans[words].extend(steps)

    def always(self, words: str, step: Step) -> None:
        """Every turn whose words contain `words` does this step."""
        self._always[words] = step

    def stop_always(self, words: str) -> None:
        del self._always[words]

    def forget(self) -> None:
        """Loses the memory of answered turns, as a bot without its database would."""
        self._memory.clear()

    def turns_of(self, words: str) -> list[Ran]:
        """The turns that were run whose words contain `words`."""
        return [one for one in self.ran if words in one.said]

    async def up(self) -> None:
        """Listens; on the same port as before when it was up already."""
        app = web.Application()
        app.router.add_post("/webhooks/turns", self._turn)
        app.router.add_post("/webhooks/turns/erase", self._erase)
        app.router.add_get("/webhooks/turns/ready", self._ready)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def down(self) -> None:
        """Closes the door and every connection: nothing listens on the port any more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _step_for(self, words: str) -> Step:
        for needle, step in self._always.items():
            if needle in words:
                return step
        for needle, steps in self._plans.items():
            if needle in words and steps:
                return steps.popleft()
        return self.default

    async def _turn(self, request: web.Request) -> web.StreamResponse:
        if not self._is_ours(request):
            return web.json_response({"error": "unauthorised"}, status=401)
        body = await _json(request)
        if not _is_turn(body):
            return web.json_response({"error": "bad_request"}, status=400)
        self.requests.append(body)
        conversation = str(body["conversation"])
        self._in_flight[conversation] += 1
        self.most_at_once[conversation] = max(self.most_at_once[conversation], self._in_flight[conversation])
        try:
            return await self._answer(request, body)
        finally:
            self._in_flight[conversation] -= 1

    async def _answer(self, request: web.Request, body: Mapping[str, Any]) -> web.StreamResponse:
        turn_id = str(body["turn_id"])
        if turn_id in self._memory:
            return web.json_response({**self._memory[turn_id], "replayed": True})
        if not self.is_ready:
            return web.json_response({"error": "no_model", "active_form": None, "filled_slots": []}, status=503)
        began = time.monotonic()
        step = self._step_for(words_of(body))
        if isinstance(step, Hang):
            await asyncio.Event().wait()
            raise AssertionError("nobody sets that event")
        if isinstance(step, Drop):
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(step, Raw):
            return web.Response(body=step.body, status=step.status, content_type="application/json")
        await asyncio.sleep(step.takes)
        if isinstance(step, Fail):
            failure = {
                "error": step.code,
                "active_form": step.active_form,
                "filled_slots": list(step.filled_slots),
            }
            return web.json_response(failure, status=step.status)
        assert isinstance(step, Say)
        answer = _answer(step, body)
        self._memory[turn_id] = answer
        self.ran.append(
            Ran(
                turn_id=turn_id,
                conversation=str(body["conversation"]),
                content={kind: body[kind] for kind in CONTENT if kind in body},
                body=body,
                began=began,
                ended=time.monotonic(),
            )
        )
        return web.json_response({**answer, "replayed": False})

    async def _erase(self, request: web.Request) -> web.Response:
        if not self._is_ours(request):
            return web.json_response({"error": "unauthorised"}, status=401)
        body = await _json(request)
        if self.refuses_to_erase:
            return web.json_response({"error": "tracker_store"}, status=500)
        if not isinstance(body.get("conversation"), str):
            return web.json_response({"error": "bad_request"}, status=400)
        if isinstance(body.get("turn_id"), str):
            self.erased_turns.append(body["turn_id"])
        else:
            self.erased.append(body["conversation"])
        return web.json_response({"erased": True})

    async def _ready(self, _: web.Request) -> web.Response:
        status = 200 if self.is_ready else 503
        return web.json_response({"ready": self.is_ready, "model": "0" * 64}, status=status)

    def _is_ours(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"


def words_of(body: Mapping[str, Any]) -> str:
    """What a test can recognise a request by: its text, its choice's payload, or nothing."""
    if isinstance(body.get("text"), str):
        return str(body["text"])
    choice = body.get("choice")
    return str(choice["payload"]) if isinstance(choice, Mapping) else ""


def _answer(step: Say, body: Mapping[str, Any]) -> dict[str, Any]:
    blocks = step.blocks if step.blocks is not None else [{"type": "text", "text": f"รับทราบ: {words_of(body)}"}]
    return {
        "turn_id": body["turn_id"],
        "replies": [dict(block) for block in blocks],
        "understanding": {
            "intent": step.intent,
            "confidence": 0.98,
            "decision": step.decision,
            "ranking": [{"name": step.intent, "confidence": 0.98}],
            "entities": [dict(entity) for entity in step.entities],
            "repaired": step.repaired,
        },
        "active_form": step.active_form,
        "requested_slot": step.requested_slot,
        "filled_slots": [],
    }


async def _json(request: web.Request) -> Mapping[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _is_turn(body: Mapping[str, Any]) -> bool:
    """Whether a request keeps to the contract: every field of it, and exactly one content."""
    try:
        UUID(body["turn_id"])
    except (KeyError, ValueError, AttributeError, TypeError):
        return False
    return (
        isinstance(body.get("conversation"), str)
        and bool(body["conversation"])
        and sum(kind in body for kind in CONTENT) == 1
        and body.get("locale") in ("th", "en")
        and isinstance(body.get("channel"), str)
        and isinstance(body.get("metadata"), dict)
        and isinstance(body.get("deadline_ms"), int)
    )


@contextlib.asynccontextmanager
async def running_bot(token: str) -> AsyncIterator[Bot]:
    """A bot on a free port for the time of a `with` block."""
    bot = Bot(token=token)
    await bot.up()
    try:
        yield bot
    finally:
        await bot.down()
