# SPDX-License-Identifier: Apache-2.0
"""A gateway in a process of its own, to be killed by a test: `python -m tests.channels.gateway.process`.

Reads `{database_url, bot_port, internal_token, state_dir, vault_key (hex), line?, …settings}` as one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from channels.gateway.gateway import serve
from channels.line.client import LineConfig
from tests.channels.gateway.stack import config_for
from tests.fakes.bot_server import Bot


async def main() -> None:
    """Serves until killed."""
    told = json.loads(sys.stdin.readline())
    bot = Bot(token=told.pop("internal_token"), port=told.pop("bot_port"))
    if told.get("line"):
        told["line"] = LineConfig(**told["line"])
    config = config_for(
        told.pop("database_url"),
        bot,
        Path(told.pop("state_dir")),
        vault_key=bytes.fromhex(told.pop("vault_key")),
        **told,
    )
    await serve(config, asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main())
