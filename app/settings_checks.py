# SPDX-License-Identifier: Apache-2.0
"""What a stack refuses to start on, beyond a single unreadable value: one line per problem."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from app.settings_table import AgencyRow, Row

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Words that stand in examples, sandboxes and copied tutorials, never in a real secret.
_EXAMPLE = re.compile(r"sandbox|example|change-?me|secret|password|your[-_ ]|xxx+|placeholder", re.IGNORECASE)


def is_example_secret(value: str) -> bool:
    """Whether anybody can know a secret: a credential of the sandbox, a sample word, one repeated character."""
    return bool(_EXAMPLE.search(value)) or len(set(value.rstrip("="))) <= 2


def is_sandbox_url(address: str, sandbox_port: int | None, agencies: tuple[AgencyRow, ...]) -> bool:
    """Whether an address is this stack's sandbox, or by its path that of another stack on this machine."""
    parts = urlsplit(address)
    if parts.hostname not in _LOOPBACK:
        return False
    mounts = {agency.sandbox_path.strip("/") for agency in agencies}
    return parts.port == sandbox_port or parts.path.strip("/").split("/")[0] in mounts


def shared_ports(rows: Collection[Row], values: Mapping[str, Any]) -> list[str]:
    """Two settings of one stack that name the same port; the second bot's port counts too."""
    seen: dict[int, str] = {}
    problems = []
    for row in rows:
        number = values[row.field]
        if not row.field.endswith("_port") or number is None:
            continue
        if number in seen:
            problems.append(f"{row.name} is {number}, which is also {seen[number]}")
        seen[number] = row.name
        if row.name == "PRACHA_BOT_PORT":
            second = seen.setdefault(number + 1, "the second bot's (PRACHA_BOT_PORT + 1)")
            if second.startswith("PRACHA_"):
                problems.append(f"{second} is {number + 1}, which is also the second bot's (PRACHA_BOT_PORT + 1)")
    return problems


def live_problems(
    rows: Collection[Row],
    given: Mapping[str, str],
    keys: Collection[str],
    sandbox_port: int | None,
    agencies: tuple[AgencyRow, ...],
) -> list[str]:
    """What live refuses: the sandbox, its addresses, an example secret, a missing key."""
    problems = [f"{name} is not set" for name in sorted(keys) if not given.get(name)]
    if given.get("PRACHA_SANDBOX", "").lower() == "on":
        problems.append("PRACHA_SANDBOX is on: the sandbox belongs to the demo")
    for row in rows:
        value = given.get(row.name, "")
        if value and row.secret and row.name != "DATABASE_URL" and is_example_secret(value):
            problems.append(f"{row.name} is an example, not a secret")
        if value and row.name.endswith(("_URL", "_API_BASE")) and row.name not in ("DATABASE_URL", "PRACHA_PUBLIC_URL"):
            try:
                in_sandbox = is_sandbox_url(value, sandbox_port, agencies)
            except ValueError:
                continue  # no address at all: already among the problems
            if in_sandbox:
                problems.append(f"{row.name} is an address of the sandbox: {value}")
    return problems


def channel_problems(raw: Mapping[str, str]) -> list[str]:
    """A channel that is set up by halves."""
    problems = []
    line = {name for name in ("CHANNEL_SECRET", "CHANNEL_ID", "ACCESS_TOKEN") if raw[f"PRACHA_LINE_{name}"]}
    if line and ("CHANNEL_SECRET" not in line or len(line) == 1):
        problems.append(
            "LINE needs PRACHA_LINE_CHANNEL_SECRET and one of PRACHA_LINE_CHANNEL_ID and PRACHA_LINE_ACCESS_TOKEN"
        )
    if bool(raw["PRACHA_TELEGRAM_TOKEN"]) != bool(raw["PRACHA_TELEGRAM_SECRET"]):
        problems.append("Telegram needs both PRACHA_TELEGRAM_TOKEN and PRACHA_TELEGRAM_SECRET")
    return problems
