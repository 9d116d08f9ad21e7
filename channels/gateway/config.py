# SPDX-License-Identifier: Apache-2.0
"""What the gateway needs to be told; built by app/ from the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from channels.line.client import LineConfig

#: hosts at which a port that is open there is open at 127.0.0.1, too. Not `::`: asyncio opens that for IPv6 alone.
_WITH_LOOPBACK = ("0.0.0.0", "127.0.0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayConfig:
    """Addresses, keys, limits and times (seconds) of one gateway."""

    database_url: str = field(repr=False)
    public_host: str = "0.0.0.0"
    public_port: int
    internal_port: int
    #: or a function that tells where the live bot is now, asked for every call
    bot_url: str | Callable[[], str]
    #: where the action server answers; "" leaves it out of readiness
    actions_url: str = ""
    internal_token: str = field(repr=False)
    vault_key: bytes = field(repr=False)
    pseudonym_key: bytes = field(repr=False)
    session_key: bytes = field(repr=False)
    public_url: str
    web_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    #: nlu_data/, with services/ and answers/
    nlu_data: Path
    #: where the compiled project and its models lie
    rasa_dir: Path
    media_url: str
    widget_file: Path
    pages_dir: Path
    #: words for the answers, such as agency_name and agency_phone
    agency: Mapping[str, str] = field(default_factory=dict)
    #: `kha` or `khrap`
    persona: str = "kha"
    #: conversations in work at the same time
    slots: int = 16
    database_connections: int = 12
    #: how long the bot may take for one turn
    turn_deadline: float = 20.0
    #: how long one action, and the rendering of one answer, may take for the bot (endpoints.yml); 0: not known
    action_seconds: float = 0.0
    answer_seconds: float = 0.0
    #: a lease lapses this long after its holder died
    lease: float = 6.0
    #: a citizen who waited this long is told so
    tell_waiting_after: float = 10.0
    #: the same where the word about it uses up the only reply (LINE): just before that is no longer possible
    tell_waiting_on_push_after: float = 45.0
    #: how long an event waits for an action server that is away, before it gets an apology
    actions_patience: float = 30.0
    #: the safety net behind the notifications
    poll: float = 1.0
    session_days: int = 30
    #: None: LINE is off
    line: LineConfig | None = None
    #: the bot's own user id on LINE, the destination of webhooks; None: it is asked for
    line_bot_user_id: str | None = None
    #: pushes of the month that are kept back for what cannot wait
    line_push_reserve: int = 20
    max_upload: int = 10 * 1024 * 1024

    @property
    def public_hosts(self) -> tuple[str, ...]:
        """Where the public port is open. Loopback always is: health checks, `pracha chat` and the demo ask there."""
        return (self.public_host,) if self.public_host in _WITH_LOOPBACK else (self.public_host, "127.0.0.1")
