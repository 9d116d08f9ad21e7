# SPDX-License-Identifier: Apache-2.0
"""A stack of the real database and small servers under the real supervisor: `python -m tests.app.small_stack`."""

from __future__ import annotations

import sys

from app.processes import Process, processes_of
from app.settings import Settings, load_settings
from app.supervise import StartProblem, run


def small_stack(settings: Settings) -> list[Process]:
    """The database, a server in the place of the bot, and one that calls the stack ready."""
    postgres = next(one for one in processes_of(settings) if one.name == "postgres")
    bot = Process(
        name="bot",
        thai="บอต",
        command=(sys.executable, "-m", "tests.app.small_server", str(settings.bot_port)),
        port=settings.bot_port,
        port_setting="PRACHA_BOT_PORT",
        secrets=frozenset({"PRACHA_INTERNAL_TOKEN"}),
    )
    gateway = Process(
        name="gateway",
        thai="ประตูรับข้อความ",
        command=(sys.executable, "-m", "tests.app.small_server", str(settings.public_port)),
        port=settings.public_port,
        port_setting="PRACHA_PUBLIC_PORT",
    )
    return [postgres, bot, gateway]


if __name__ == "__main__":
    try:
        chosen = load_settings("demo")
        run(chosen, small_stack(chosen))
    except StartProblem as problem:
        sys.exit(str(problem))
