# SPDX-License-Identifier: Apache-2.0
"""The gateway's process: `python -m app.run_gateway`."""

from __future__ import annotations

import asyncio
import signal
import sys
from functools import partial

import uvloop
import yaml

from app.line_setup import line_config
from app.live_bot import live_bot_url
from app.logs import configure_logs
from app.settings import ROOT, Settings, SettingsError, load_settings
from channels.gateway.config import GatewayConfig
from channels.gateway.gateway import serve
from channels.gateway.time_limits import WrongTimes, check_times
from store.migrate import migrate_when_up


def gateway_config(settings: Settings) -> GatewayConfig:
    """The gateway's part of the settings."""
    return GatewayConfig(
        database_url=settings.database_url,
        public_host=settings.public_host,
        public_port=settings.public_port,
        internal_port=settings.internal_port,
        bot_url=partial(live_bot_url, settings),
        actions_url=f"http://127.0.0.1:{settings.actions_port}",
        internal_token=settings.internal_token,
        vault_key=settings.vault_key,
        pseudonym_key=settings.pseudonym_key,
        session_key=settings.session_key,
        public_url=settings.public_url,
        web_origins=settings.web_origins,
        trusted_proxies=settings.trusted_proxies,
        action_seconds=_seconds("action_endpoint"),
        answer_seconds=_seconds("nlg"),
        nlu_data=ROOT / "nlu_data",
        rasa_dir=settings.state_dir / "rasa",
        media_url=(settings.state_dir / "media").resolve().as_uri(),
        widget_file=ROOT / "widget" / "dist" / "widget.js",
        pages_dir=ROOT / "channels" / "web" / "pages",
        agency=agency_words(settings),
        persona=settings.persona,
        line=line_config(settings),
        line_bot_user_id=settings.line_bot_user_id or None,
        line_push_reserve=settings.line_push_reserve,
    )


def _seconds(part: str) -> float:
    """The time limit of a part of endpoints.yml. Raises WrongTimes when it has none."""
    parts = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    try:
        return float(parts[part]["seconds"])
    except (KeyError, TypeError, ValueError):
        raise WrongTimes(f"endpoints.yml: `{part}` needs `seconds`, its time limit") from None


def agency_words(settings: Settings) -> dict[str, str]:
    """What the answers may say of the agency itself."""
    return {
        "agency_name": settings.agency_name,
        "agency_phone": settings.agency_phone,
        "agency_hours": settings.agency_hours,
        "agency_place": settings.agency_place,
    }


async def _run(config: GatewayConfig) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(config, stop)


def main() -> int:
    """Migrates the database, then serves until it is told to stop."""
    configure_logs("gateway")
    try:
        settings = load_settings()
        config = gateway_config(settings)
        check_times(config)
    except (SettingsError, WrongTimes) as error:
        print(error, file=sys.stderr)
        return 2
    migrate_when_up(settings.database_url)
    uvloop.run(_run(config))
    return 0


if __name__ == "__main__":
    sys.exit(main())
