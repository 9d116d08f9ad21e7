# SPDX-License-Identifier: Apache-2.0
"""What the action server must be told to run."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsConfig:
    """Addresses, secrets, time limits (seconds); a sandbox flag is true when that address is the sandbox's."""

    internal_url: str
    internal_token: str = field(repr=False)
    air4thai_url: str
    gistda_pm25_url: str
    air4thai_sandbox: bool = False
    gistda_pm25_sandbox: bool = False
    #: when set, the bot must send it as a bearer token; the server listens on loopback only
    webhook_token: str | None = field(default=None, repr=False)
    #: one question to an agency, both attempts together, at most 10
    agency_seconds: float = 5.0
    #: one attempt at an agency
    attempt_seconds: float = 3.0
    #: one call to the gateway, its repetition included
    gateway_seconds: float = 5.0
    #: one action, below the bot's own limit for an action call (15) and a turn's deadline
    action_seconds: float = 14.0

    def __post_init__(self) -> None:
        if not 0 < self.attempt_seconds <= self.agency_seconds <= 10:
            raise ValueError("agency time limits: 0 < attempt_seconds <= agency_seconds <= 10")
