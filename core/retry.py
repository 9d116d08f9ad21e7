# SPDX-License-Identifier: Apache-2.0
"""Pure rules that say when a failed piece of work is tried again."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import RecipientGone, Rejected, Unauthorised, Unavailable, Verdict


@dataclass(frozen=True, slots=True)
class RetryRule:
    """How often and how far apart: seconds and counts."""

    #: tries in all before giving up; None is for ever
    max_attempts: int | None
    #: seconds before the second try; doubles each time
    first_delay: float
    #: seconds, the longest wait between tries
    longest_delay: float
    #: seconds after the first try within which the last one must begin; None is for ever
    max_age: float | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after `delay` seconds."""

    delay: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again; `reason` names the verdict for staff."""

    reason: str


#: The whole bot is away: its messages wait, all of them, and it is asked again soon.
BOT_AWAY = RetryRule(max_attempts=None, first_delay=0.25, longest_delay=2.0)
#: One turn failed inside the bot: once more, then an apology, so that the next message is not held up.
TURN_FAILED = RetryRule(max_attempts=2, first_delay=0.2, longest_delay=1.0)
#: A delivery to a channel: for as long as a repetition is known to be one. LINE keeps a retry key for 24 hours
#: (https://developers.line.biz/en/docs/messaging-api/retrying-api-request), of which half an hour is left for clocks.
DELIVERY = RetryRule(max_attempts=None, first_delay=1.0, longest_delay=600.0, max_age=23.5 * 3600)


def delay_before(rule: RetryRule, attempts: int) -> float:
    """Seconds to wait after `attempts` tries have failed (1 or more)."""
    return min(rule.first_delay * 2.0 ** min(max(attempts - 1, 0), 30), rule.longest_delay)


def decide(rule: RetryRule, verdict: Verdict, attempts: int, age: float = 0.0) -> Retry | GiveUp:
    """What to do after `attempts` tries, the last of which ended in `verdict`; age: seconds since the first one."""
    if isinstance(verdict, (Rejected, RecipientGone, Unauthorised)):
        return GiveUp(verdict.verdict)
    if rule.max_attempts is not None and attempts >= rule.max_attempts:
        return GiveUp(f"{verdict.verdict} after {attempts} attempts")
    wait = delay_before(rule, attempts)
    if isinstance(verdict, Unavailable) and verdict.retry_after is not None:
        wait = max(wait, verdict.retry_after)
    if rule.max_age is not None and age + wait > rule.max_age:
        return GiveUp(f"{verdict.verdict} after {attempts} attempts")
    return Retry(wait)
