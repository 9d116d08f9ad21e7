# SPDX-License-Identifier: Apache-2.0
"""What LINE itself says of our channel, for `pracha doctor`: credentials, webhook, pushes left. Changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import structlog

from app.line_setup import line_config, webhook_url
from app.settings import Settings
from channels.line.client import Endpoint, Line, LineConfig, Quota, open_line
from core.errors import Unauthorised, Verdict

#: seconds of one call; there are at most four of them one after the other
_PATIENCE = 4.0
_PAGE = "docs/channels/line.md"

_Said = tuple[Literal["good", "note", "bad"], str]


def asked_of_line(settings: Settings) -> list[_Said]:
    """(level, text) of each thing that LINE was asked; empty while LINE is off. Takes seconds when LINE is slow."""
    config = line_config(settings)
    if config is None:
        return []
    with _quiet():
        return asyncio.run(_ask(config, settings))


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the log lines of the calls, which would stand between the findings."""
    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    try:
        yield
    finally:
        structlog.configure(**before)


async def _ask(config: LineConfig, settings: Settings) -> list[_Said]:
    async with open_line(config, timeout=_PATIENCE) as line:
        try:
            bot = await line.bot_user_id()
        except Unauthorised as verdict:
            held = "access token" if config.access_token else "channel id and secret"
            return [("bad", f"LINE does not accept our {held} ({verdict.reason}): {_PAGE}, step 3")]
        except Verdict as verdict:
            return [("bad", f"LINE does not answer at {config.api_base} ({verdict.reason}): is there a way out to it?")]
        said: list[_Said] = [("good", "LINE is on and accepts our credentials")]
        if settings.line_bot_user_id and settings.line_bot_user_id != bot:
            said.append(
                ("bad", "PRACHA_LINE_BOT_USER_ID is another bot's: every webhook would be refused; leave it empty")
            )
        return [*said, await _webhook(line, webhook_url(settings)), await _quota(line, settings.line_push_reserve)]


async def _webhook(line: Line, ours: str) -> _Said:
    try:
        found = await line.endpoint()
    except Verdict as verdict:
        return "note", f"LINE does not say where its webhooks go ({verdict.reason})"
    return _judged(found, ours)


def _judged(found: Endpoint | None, ours: str) -> _Said:
    if found is None:
        return "bad", f"LINE has no webhook address yet, ours is {ours}: pracha line setup"
    if found.url != ours:
        return "bad", f"LINE sends webhooks to {found.url}, not to {ours}: pracha line setup, unless that is meant"
    if not found.active:
        return "bad", f"LINE knows {ours}, but sends nothing: switch `Use webhook` on ({_PAGE}, step 4)"
    return "good", f"LINE sends webhooks to {ours}"


async def _quota(line: Line, reserve: int) -> _Said:
    try:
        quota = await line.quota()
    except Verdict as verdict:
        return "note", f"LINE does not say how many pushes are left ({verdict.reason})"
    return _left(quota, reserve)


def _left(quota: Quota, reserve: int) -> _Said:
    """`reserve`: pushes of PRACHA_LINE_PUSH_RESERVE, which late answers may not take."""
    if quota.limit is None:
        return "good", f"LINE: {quota.used} pushes this month, no limit"
    left = max(quota.limit - quota.used, 0)
    text = f"LINE: {left} of {quota.limit} pushes left this month"
    if left > reserve:
        return "good", text
    kept = (
        f"kept for news about cases (PRACHA_LINE_PUSH_RESERVE {reserve})" if left else "late answers and news are dead"
    )
    return "note", f"{text}: {kept}; {_PAGE}, step 5"
