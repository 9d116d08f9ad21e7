# SPDX-License-Identifier: Apache-2.0
"""The circuit breaker by its rules."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from actions.agencies.breaker import Breaker

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)
PAUSE = timedelta(seconds=30)


def opened() -> Breaker:
    """A breaker of two failures that has just opened."""
    breaker = Breaker(2, PAUSE)
    breaker.failed(NOW)
    breaker.failed(NOW)
    return breaker


def test_it_opens_at_the_limit_and_says_for_how_long() -> None:
    """One failure is nothing; at the limit the rest of the pause is told."""
    breaker = Breaker(2, PAUSE)
    breaker.failed(NOW)
    assert breaker.wait(NOW) == 0
    breaker.failed(NOW)
    assert breaker.wait(NOW + timedelta(seconds=10)) == 20


def test_a_success_between_failures_counts_from_the_start() -> None:
    """Only failures in a row open it."""
    breaker = Breaker(2, PAUSE)
    breaker.failed(NOW)
    breaker.succeeded()
    breaker.failed(NOW)
    assert breaker.wait(NOW) == 0


def test_after_the_pause_one_trial_passes() -> None:
    """Whoever comes while the trial runs waits for another pause."""
    breaker = opened()
    later = NOW + PAUSE
    assert breaker.wait(later) == 0
    assert breaker.wait(later) == 30


def test_a_trial_decides() -> None:
    """It closes on success and stays open on failure."""
    breaker = opened()
    later = NOW + PAUSE
    breaker.wait(later)
    breaker.failed(later)
    assert breaker.wait(later + timedelta(seconds=29)) == 1
    assert breaker.wait(later + PAUSE) == 0
    breaker.succeeded()
    assert breaker.wait(later + PAUSE) == 0
    breaker.failed(later + PAUSE)
    assert breaker.wait(later + PAUSE) == 0
