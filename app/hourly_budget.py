# SPDX-License-Identifier: Apache-2.0
"""Counts calls of which another service takes so many an hour, over runs of a command."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

_HOUR = 3600.0


class HourSpent(Exception):
    """The hour's calls are used up; `minutes` from now there is room again."""

    def __init__(self, what: str, most: int, minutes: int) -> None:
        super().__init__(f"{most} {what} in an hour are the most; run this again in {minutes} minutes")
        self.minutes = minutes


@dataclass(frozen=True, slots=True)
class HourlyBudget:
    """At most `most` of each kind of call in any hour. `file` keeps their times; one that cannot be read has none."""

    file: Path
    most: int

    def check(self, what: str, count: int, now: float) -> None:
        """Whether `count` more calls are within the hour's; `now` in seconds since 1970. Raises HourSpent."""
        if count == 0:
            return
        times = self._times(now).get(what, [])
        if len(times) + count > self.most:
            free = times[min(len(times) + count - self.most, len(times)) - 1] + _HOUR if times else now + _HOUR
            raise HourSpent(what, self.most, max(1, -int(-(free - now) // 60)))

    def take(self, what: str, now: float) -> None:
        """Notes one call, before it is made: also one that fails may count. Raises HourSpent, OSError."""
        self.check(what, 1, now)
        times = self._times(now)
        times.setdefault(what, []).append(now)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(times), encoding="utf-8")
        fresh.replace(self.file)

    def _times(self, now: float) -> dict[str, list[float]]:
        """Of each kind, the times within the last hour, the oldest first."""
        try:
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            return {what: sorted(float(at) for at in times if now - _HOUR < at <= now) for what, times in kept.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
