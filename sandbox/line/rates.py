# SPDX-License-Identifier: Apache-2.0
"""Rate limits and the month's quota of messages.

Rates: https://developers.line.biz/en/reference/messaging-api/#rate-limits ; quota counts recipients, not message objects.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta, timezone

from sandbox.line.errors import MONTHLY_LIMIT, RATE_LIMIT
from sandbox.line.state import Json, Platform

#: LINE counts its months in Japan.
_JST = timezone(timedelta(hours=9))


def take(platform: Platform, name: str, limit: int, window: float) -> None:
    """Count one call against `limit` calls in any `window` platform seconds; 429 beyond."""
    now = platform.clock.now()
    times = platform.windows.setdefault(name, deque())
    while times and times[0] <= now - window:
        times.popleft()
    if len(times) >= limit:
        raise RATE_LIMIT.refusal()
    times.append(now)


def _month(platform: Platform) -> str:
    return datetime.fromtimestamp(platform.clock.now(), tz=_JST).strftime("%Y-%m")


def used(platform: Platform) -> int:
    """Messages that counted this month."""
    return platform.consumption.get(_month(platform), 0)


def check_quota(platform: Platform, recipients: int) -> None:
    """429 with the monthly limit's words when so many recipients no longer fit."""
    quota = platform.limits.monthly_quota
    if quota is not None and used(platform) + recipients > quota:
        raise MONTHLY_LIMIT.refusal()


def count(platform: Platform, recipients: int) -> None:
    """Add delivered messages to this month."""
    platform.consumption[_month(platform)] = used(platform) + recipients


def set_used(platform: Platform, total: int) -> None:
    """Pretend that so many were sent this month."""
    platform.consumption[_month(platform)] = total


def quota_json(platform: Platform) -> Json:
    """`GET /v2/bot/message/quota`."""
    quota = platform.limits.monthly_quota
    return {"type": "none"} if quota is None else {"type": "limited", "value": quota}
