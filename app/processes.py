# SPDX-License-Identifier: Apache-2.0
"""The processes of one stack: what runs, on which port, and which secrets each of them is given."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from app import line_demo
from app.live_bot import bot_port
from app.settings import ROOT, Settings
from app.settings_table import KEY_NAMES, all_rows

SECRET_NAMES: frozenset[str] = frozenset(row.name for row in all_rows() if row.secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process. Started in the order of the list, stopped in the reverse order.

    `port_setting` names the setting of `port`; `secrets` are the only secrets in its environment.
    """

    name: str
    thai: str
    command: tuple[str, ...]
    host: str = "127.0.0.1"
    port: int | None = None
    port_setting: str = ""
    secrets: frozenset[str] = frozenset()
    environment: Mapping[str, str] = field(default_factory=dict)
    autostart: bool = True
    stop_signal: str = "TERM"
    stop_seconds: int = 15


def processes_of(settings: Settings) -> list[Process]:
    """What a stack with these settings runs."""
    python = sys.executable
    database = {"DATABASE_URL": settings.database_url} if settings.embedded_database else {}
    agency_keys = frozenset(name for name in SECRET_NAMES if name.endswith("_KEY") and name not in KEY_NAMES)
    bot = Process(
        name="bot",
        thai="บอต",
        command=(str(ROOT / "bot" / ".venv" / "bin" / "python"), "-m", "bot.launcher"),
        port=bot_port(settings, "bot"),
        port_setting="PRACHA_BOT_PORT",
        secrets=frozenset({"DATABASE_URL", "PRACHA_INTERNAL_TOKEN"}),
        environment=database,
    )
    second_bot = Process(
        name="bot2",
        thai="บอตตัวที่สอง",
        command=bot.command,
        port=bot_port(settings, "bot2"),
        port_setting="PRACHA_BOT_PORT",
        secrets=bot.secrets,
        environment={**database, "PRACHA_BOT_PORT": str(bot_port(settings, "bot2"))},
        autostart=False,  # app.bot_switch starts it; once started it is restarted as the others are
    )
    postgres = Process(
        name="postgres",
        thai="ฐานข้อมูล",
        command=(python, "-m", "app.embedded_postgres"),
        stop_signal="INT",  # "fast": TERM would wait until every client has gone
        stop_seconds=30,
    )
    sandbox = Process(
        name="sandbox",
        thai="ระบบทดลอง",
        command=(python, "-m", "sandbox", "--port", str(settings.sandbox_port)),
        port=settings.sandbox_port,
        port_setting="PRACHA_SANDBOX_PORT",
        # The emulated LINE platform knows its bot without anybody setting it up.
        environment={"PRACHA_SANDBOX_LINE_WEBHOOK": f"http://127.0.0.1:{settings.public_port}/webhooks/line"},
    )
    # The platform forgets with each start; this gives it its rich menu again, for whoever opens its phone page.
    line = Process(
        name="line",
        thai="เมนู LINE จำลอง",
        command=(python, "-m", "app.line_demo"),
        secrets=frozenset({"PRACHA_LINE_CHANNEL_SECRET", "PRACHA_LINE_ACCESS_TOKEN"}),
    )
    return [
        *([postgres] if settings.embedded_database else []),
        *([sandbox] if settings.sandbox else []),
        Process(
            name="actions",
            thai="งานบริการ",
            command=(python, "-m", "app.run_actions"),
            port=settings.actions_port,
            port_setting="PRACHA_ACTIONS_PORT",
            secrets=agency_keys | {"PRACHA_INTERNAL_TOKEN"},
        ),
        bot,
        second_bot,
        Process(name="worker", thai="งานเบื้องหลัง", command=(python, "-m", "app.jobs"), secrets=SECRET_NAMES),
        Process(
            name="gateway",
            thai="ประตูรับข้อความ",
            command=(python, "-m", "app.run_gateway"),
            host=settings.public_host,
            port=settings.public_port,
            port_setting="PRACHA_PUBLIC_PORT",
            secrets=SECRET_NAMES,
        ),
        *([line] if line_demo.wanted_for(settings) else []),
    ]
