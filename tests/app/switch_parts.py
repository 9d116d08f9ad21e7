# SPDX-License-Identifier: Apache-2.0
"""Two bots and a gateway that do what a test writes into `<state>/moods/<name>`, under the real supervisor.

`python -m tests.app.switch_parts` is the supervisor, `python -m tests.app.switch_parts bot|bot2|gateway` one of the three.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from prometheus_client import generate_latest

from app.live_bot import BOTS, bot_port, live_bot
from app.processes import Process, processes_of
from app.settings import Settings, load_settings
from app.supervise import StartProblem, run
from channels.gateway.metrics import Metrics


def mood_file(state_dir: Path, name: str) -> Path:
    """bot, bot2: `away` answers 503, `ends` exits at its start. gateway: `deaf` never looks which bot is live,
    `busy` has a call of each bot under way."""
    return state_dir / "moods" / name


def three_processes(settings: Settings) -> list[Process]:
    """As the product defines them, but for what they run."""
    return [
        replace(one, command=(sys.executable, "-m", "tests.app.switch_parts", one.name))
        for one in processes_of(settings)
        if one.name in (*BOTS, "gateway")
    ]


def serve(name: str, settings: Settings) -> None:
    """Answers until it is stopped."""

    def mood() -> str:
        file = mood_file(settings.state_dir, name)
        return file.read_text(encoding="utf-8") if file.exists() else ""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b""
            if self.path == "/metrics":
                body = figures(settings, mood())
            self.send_response(503 if mood() == "away" else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the standard library
            return

    if mood() == "ends":
        sys.exit("this bot cannot start")
    port = settings.internal_port if name == "gateway" else settings.bot_port
    ThreadingHTTPServer(("127.0.0.1", port), Door).serve_forever()


def figures(settings: Settings, mood: str) -> bytes:
    """What the gateway tells of its bots, by its own names."""
    metrics = Metrics()
    metrics.bot_port.set(bot_port(settings, "bot" if mood == "deaf" else live_bot(settings.state_dir)))
    for name in BOTS:
        metrics.bot_calls.labels(str(bot_port(settings, name))).set(mood == "busy")
    return generate_latest(metrics.registry)


if __name__ == "__main__":
    if sys.argv[1:]:
        serve(sys.argv[1], load_settings("demo", keys=()))
    else:
        try:
            chosen = load_settings("demo")
            run(chosen, three_processes(chosen))
        except StartProblem as problem:
            sys.exit(str(problem))
