# SPDX-License-Identifier: Apache-2.0
"""Delivery of events to the bot: signed, with a time limit, redelivered when the bot does not take them.

Rules: https://developers.line.biz/en/docs/messaging-api/receiving-messages
"""

from __future__ import annotations

import asyncio
import base64
import copy
import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.line.events import note_delivery
from sandbox.line.state import Json, Platform

#: Real seconds between two looks at what is under way.
_LOOK_AGAIN = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one request to the webhook ended; `reason` in the words of LINE's error statistics, or `ok`."""

    status: int
    reason: str
    detail: str
    milliseconds: int

    @property
    def taken(self) -> bool:
        """Whether the bot answered 2xx in time."""
        return self.reason == "ok"


def sign(secret: str, body: bytes) -> str:
    """The value of `x-line-signature`: base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def body_of(platform: Platform, events: Sequence[Json], destination: str | None = None) -> bytes:
    """The raw body of a webhook."""
    body = {"destination": destination or platform.channel.user_id, "events": list(events)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


async def post(url: str, body: bytes, headers: Mapping[str, str], time_limit: float) -> Outcome:
    """Send one request and say how it ended; never raises for what the bot does.

    A connection of its own, as nothing says that LINE keeps one open; a kept one would hide a restart of the bot.
    """
    begun = time.monotonic()

    def outcome(status: int, reason: str, detail: str) -> Outcome:
        spent = int((time.monotonic() - begun) * 1000)
        return Outcome(status=status, reason=reason, detail=detail, milliseconds=spent)

    sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "LineBotWebhook/2.0", **headers}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=time_limit)) as session,
            session.post(url, data=body, headers=sent, allow_redirects=False) as answer,
        ):
            await answer.read()
            good = 200 <= answer.status < 300
            return outcome(answer.status, "ok" if good else "error_status_code", str(answer.status))
    except TimeoutError:
        return outcome(0, "request_timeout", "Request timeout")
    except aiohttp.ClientConnectorError as error:
        return outcome(0, "could_not_connect", type(error).__name__)
    except (aiohttp.ClientError, ValueError, OSError) as error:
        return outcome(0, "unclassified", type(error).__name__)


async def attempt(platform: Platform, events: Sequence[Json], *, redelivery: bool) -> Outcome:
    """One signed request with these events; noted in the platform's deliveries."""
    told = copy.deepcopy(list(events))
    for event in told:
        if isinstance(event.get("deliveryContext"), dict):
            event["deliveryContext"]["isRedelivery"] = redelivery
        note_delivery(platform, event)
    body = body_of(platform, told)
    url = platform.webhook.url
    if url is None:
        raise LookupError("no webhook is set")
    at = platform.clock.now_ms()
    headers = {"x-line-signature": sign(platform.channel.secret, body)}
    outcome = await post(url, body, headers, platform.webhook.time_limit)
    note(platform, told, outcome, redelivery=redelivery, at=at)
    return outcome


def note(platform: Platform, events: Iterable[Json], outcome: Outcome, *, redelivery: bool, at: int) -> None:
    """Put a request to the webhook into the log that `/line/control/deliveries` shows."""
    platform.deliveries.append(
        {
            "at": at,
            "event_ids": [event.get("webhookEventId") for event in events],
            "types": [event.get("type") for event in events],
            "redelivery": redelivery,
            "status": outcome.status,
            "reason": outcome.reason,
            "milliseconds": outcome.milliseconds,
        }
    )


def happen(platform: Platform, events: Sequence[Json]) -> None:
    """These events go out in one webhook as soon as can be, or are kept while the webhook is on hold."""
    for event in events:
        platform.events[str(event.get("webhookEventId"))] = event
    if platform.webhook.hold:
        platform.held.extend(events)
    else:
        _start(platform, events)


def _start(platform: Platform, events: Sequence[Json]) -> None:
    # Without a webhook LINE keeps nothing for later.
    if platform.webhook.url is None or not platform.webhook.active or not events:
        return
    task = asyncio.get_running_loop().create_task(_deliver(platform, list(events)))
    platform.pending.add(task)
    task.add_done_callback(platform.pending.discard)


async def _deliver(platform: Platform, events: list[Json]) -> None:
    """Deliver until the bot takes the events or the schedule ends."""
    copies = 1 + platform.webhook.duplicates
    outcomes = await asyncio.gather(*(attempt(platform, events, redelivery=False) for _ in range(copies)))
    if any(outcome.taken for outcome in outcomes):
        return
    for pause in platform.webhook.schedule:
        await platform.clock.sleep(pause)
        if not platform.webhook.redelivery or not platform.webhook.active or platform.webhook.url is None:
            return
        if (await attempt(platform, events, redelivery=True)).taken:
            return


def release(platform: Platform, order: str, *, one_webhook: bool) -> int:
    """Let the held events go, `kept`, `reversed` or `shuffled`, each alone or all in one webhook; how many."""
    held, platform.held = platform.held, []
    platform.webhook.hold = False
    if order == "reversed":
        held.reverse()
    elif order == "shuffled":
        random.shuffle(held)
    if one_webhook:
        _start(platform, held)
    else:
        for event in held:
            _start(platform, [event])
    return len(held)


async def redeliver(platform: Platform, event_id: str, times: int, *, parallel: bool) -> list[Outcome]:
    """Deliver an event again and again, as redelivered, whether it was taken or not; LookupError when it is unknown."""
    event = platform.events[event_id]
    if parallel:
        return list(await asyncio.gather(*(attempt(platform, [event], redelivery=True) for _ in range(times))))
    return [await attempt(platform, [event], redelivery=True) for _ in range(times)]


async def settle(platform: Platform, seconds: float) -> bool:
    """Wait at most so many real seconds until no request is under way; whether that came true.

    Redeliveries that wait for their time are not under way.
    """
    until = time.monotonic() + seconds
    while len(platform.pending) > platform.clock.sleeping:
        if time.monotonic() >= until:
            return False
        await asyncio.sleep(_LOOK_AGAIN)
    return True


async def stop(platform: Platform) -> None:
    """Give up every delivery and call that is under way, as at the end of the process."""
    tasks: list[asyncio.Task[Any]] = [*platform.pending, *platform.calling]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
