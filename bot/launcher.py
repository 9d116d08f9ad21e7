# SPDX-License-Identifier: Apache-2.0
"""Starts the bot process: `python -m bot.launcher` in the folder with endpoints.yml and credentials.yml.

Answers 503 from the first moment, and 200 only once the intended tracker store and the gateway's live model are the
ones really in use and one sentence was understood.
"""

from __future__ import annotations

from bot import without_tensorflow

without_tensorflow.install()

# ruff: noqa: E402, T201  (Rasa must be imported after the stand-ins; this speaks to a terminal)
import os

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

import asyncio
import logging
import socket
import sys

from bot import quiet_logs, settings

logger = logging.getLogger("bot.launcher")

#: one of the sentences that a new model must understand before it is used
TRIAL = "สวัสดีค่ะ ขอสอบถามเรื่องบัตรประชาชน"
_PULL_SECONDS = 2.0
_RETRY_SECONDS = 0.5


def main() -> int:
    """Run until told to stop; 1 when the port is taken, 2 when the settings or the configuration cannot be used."""
    quiet_logs.install()
    try:
        chosen = settings.read()
    except settings.SettingsError as error:
        print(f"bot: cannot start:\n{error}", file=sys.stderr)
        return 2
    settings.export(chosen)
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        # Bound here, because Sanic ends with 0 when it cannot; it begins to listen later.
        door.bind(("127.0.0.1", chosen.bot_port))
    except OSError as error:
        print(f"bot: cannot listen on 127.0.0.1:{chosen.bot_port}: {error.strerror}", file=sys.stderr)
        return 1
    # Only now: Rasa's import takes seconds, and the settings are wrong sooner.
    from bot.serving import WrongConfiguration, build

    try:
        app, parts = build(chosen)
    except WrongConfiguration as error:
        print(f"bot: cannot start: {error}", file=sys.stderr)
        return 2
    from bot.model_watch import watch

    async def start(running_app: object, loop: asyncio.AbstractEventLoop) -> None:
        running_app.ctx.watch = loop.create_task(watch(parts, TRIAL, _PULL_SECONDS, _RETRY_SECONDS))  # type: ignore[attr-defined]

    async def stop(running_app: object, _: asyncio.AbstractEventLoop) -> None:
        running_app.ctx.watch.cancel()  # type: ignore[attr-defined]
        await parts.close()

    app.register_listener(start, "after_server_start")
    app.register_listener(stop, "before_server_stop")
    logger.info("starting", extra={"fields": {"port": chosen.bot_port}})
    app.run(sock=door, workers=1, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
