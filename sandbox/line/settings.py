# SPDX-License-Identifier: Apache-2.0
"""What a platform is started with: the channel's credentials, the webhook, limits and how fast time runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class WebhookSettings:
    """How events are delivered; LINE does not publish its redelivery schedule, so ours can be set."""

    url: str | None = None
    active: bool = True
    redelivery: bool = True
    #: platform seconds before each redelivery
    schedule: tuple[float, ...] = (5.0, 30.0, 120.0, 600.0)
    #: real seconds in which the bot must answer with 2xx
    time_limit: float = 2.0
    #: copies of every event that are sent although the first was taken (network routing)
    duplicates: int = 0
    #: events are kept until `release`
    hold: bool = False
    #: `active` or `standby`
    mode: str = "active"


@dataclass(slots=True, kw_only=True)
class Limits:
    """Rates per window and the month's quota (None: unlimited)."""

    messages_per_second: int = 2000
    multicasts_per_second: int = 200
    loadings_per_second: int = 100
    rich_menus_per_hour: int = 100
    batches_per_hour: int = 3
    webhook_tests_per_hour: int = 60
    monthly_quota: int | None = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The Messaging API channel; `user_id` is the bot's, the `destination` of its webhooks."""

    id: str = "1650000000"
    secret: str = field(default="sandbox-line-channel-secret", repr=False)
    user_id: str = "U5a4d0b07ac1f5e6d7c8b9a0918273645"
    basic_id: str = "@000prcha"
    display_name: str = "ประชาบอต (โหมดทดลอง)"
    #: a long-lived access token as the console shows it
    long_lived_token: str = field(default="sandbox-line-long-lived-token", repr=False)


def channel_from(environment: Mapping[str, str]) -> Channel:
    """The channel with the credentials that the application is started with, else the sandbox's own."""
    known = Channel()
    return Channel(
        id=environment.get("PRACHA_LINE_CHANNEL_ID") or known.id,
        secret=environment.get("PRACHA_LINE_CHANNEL_SECRET") or known.secret,
        long_lived_token=environment.get("PRACHA_LINE_ACCESS_TOKEN") or known.long_lived_token,
    )


def speed_from(environment: Mapping[str, str]) -> float:
    """`PRACHA_SANDBOX_LINE_SPEED`: platform seconds per real second, 1 when unset; ValueError when it is no number ≥0."""
    speed = float(environment.get("PRACHA_SANDBOX_LINE_SPEED") or 1.0)
    if not 0 <= speed <= 1_000_000:
        raise ValueError("PRACHA_SANDBOX_LINE_SPEED must be from 0 to 1000000")
    return speed
