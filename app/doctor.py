# SPDX-License-Identifier: Apache-2.0
"""`pracha doctor`: what this machine and these settings lack, one line each."""

from __future__ import annotations

import http.client
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xmlrpc.client import Fault, ProtocolError, ServerProxy

from supervisor.states import ProcessStates
from supervisor.xmlrpc import SupervisorTransport

from app.leftovers import left_behind
from app.live_bot import BOTS, live_bot
from app.ports import ports_in_use
from app.processes import processes_of
from app.settings import ROOT, Mode, Settings, SettingsError, load_settings
from app.settings_table import all_rows
from app.stack_lock import lock_holder
from app.start_check import DatabaseAway, server_version
from app.state_paths import log_dir, supervisor_socket
from app.training import BOT_PYTHON, live_model

_LEAST_FREE = 2_000_000_000  # bytes; a model and a month of logs


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: `bad` stops the product, `note` only a part of it or of its development."""

    level: Literal["good", "note", "bad"]
    text: str

    def __str__(self) -> str:
        return f"{ {'good': '✓', 'note': '!', 'bad': '✗'}[self.level] } {self.text}"


def examine(mode: Mode | None) -> Iterator[Finding]:
    """Every finding, the machine first. Changes nothing but the demo's missing keys."""
    yield Finding("good", f"Python {platform.python_version()}")
    yield _bot_environment()
    yield _tool(["node", "--version"], "Node.js", "needed once, to build the web chat", ROOT / ".node" / "bin" / "node")
    yield _browser()
    built = (ROOT / "widget" / "dist" / "widget.js").is_file()
    yield Finding("good", "web chat is built") if built else Finding("bad", "web chat is not built: make setup")
    try:
        settings = load_settings(mode)
    except SettingsError as error:
        yield from (Finding("bad", problem) for problem in error.problems)
        return
    yield Finding("good", f"settings for {settings.mode}, all keys present")
    yield from _defaults_in_live(settings)
    yield _disk(settings)
    yield from _stack(settings)
    yield _model(settings)
    yield from _line(settings)


def _bot_environment() -> Finding:
    code = "import sys; from importlib.metadata import version; print(sys.version.split()[0], version('rasa'))"
    try:
        python, rasa = subprocess.check_output([BOT_PYTHON, "-c", code], text=True, stderr=subprocess.DEVNULL).split()
    except (OSError, subprocess.CalledProcessError, ValueError):
        return Finding("bad", "environment of the bot (bot/.venv) is missing or broken: make setup")
    return Finding("good", f"bot: Python {python}, Rasa {rasa}")


def _tool(command: list[str], name: str, why: str, own: object) -> Finding:
    for program in (command[0], str(own)):
        try:
            version = subprocess.check_output([program, *command[1:]], text=True, stderr=subprocess.DEVNULL).strip()
        except (OSError, subprocess.CalledProcessError):
            continue
        return Finding("good", f"{name} {version}")
    return Finding("note", f"no {name}: {why}")


def _browser() -> Finding:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return Finding("good", f"browser for the tests: {name}")
    return Finding("note", "no chromium: needed for the browser tests only")


def _defaults_in_live(settings: Settings) -> Iterator[Finding]:
    """What live can start with, but hardly should."""
    if settings.mode != "live":
        return
    defaults = {row.name: row.default for row in all_rows()}
    kept = [
        name
        for name, value in defaults.items()
        if name.startswith("PRACHA_AGENCY_") and value and settings.environment.get(name) == value
    ]
    if kept:
        yield Finding("note", f"citizens read our examples: set {', '.join(kept)}")
    if settings.public_url.startswith("http://"):
        yield Finding("note", f"PRACHA_PUBLIC_URL is {settings.public_url}: citizens need https")
    for agency in settings.agencies.values():
        if not agency.on:
            yield Finding("note", f"{agency.name} is off: its service answers with its guide")


def _disk(settings: Settings) -> Finding:
    folder = next(path for path in (settings.state_dir, *settings.state_dir.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    text = f"{free / 1e9:.1f} GB free for {settings.state_dir}"
    return Finding("good" if free >= _LEAST_FREE else "bad", text)


def _model(settings: Settings) -> Finding:
    """A stack that runs needs one; one that does not gets it on its way."""
    if model := live_model(settings.state_dir):
        return Finding("good", f"model {model[:12]}")
    if lock_holder(settings.state_dir):
        return Finding("bad", "no trained model: pracha train")
    return Finding("note", "no trained model yet: `make up` and `make serve` train one first (as does `pracha train`)")


def _line(settings: Settings) -> Iterator[Finding]:
    """LINE is asked for live only: a demo's emulated platform has nothing that could be wrong at LINE."""
    if not settings.line_channel_secret:
        yield Finding("good", "LINE is off: no PRACHA_LINE_CHANNEL_SECRET")
    elif settings.mode != "live":
        yield Finding("good", f"LINE is on; {settings.line_api_base} is asked with --live only")
    else:
        from app.doctor_line import asked_of_line  # LINE's SDK takes a second to load

        yield from (Finding(level, text) for level, text in asked_of_line(settings))


def _stack(settings: Settings) -> Iterator[Finding]:
    """Running: the database must answer. Not running: the ports must be free."""
    holder = lock_holder(settings.state_dir)
    if holder:
        yield Finding("good", f"the stack runs (process {holder})")
        yield from _processes(settings)
    else:
        left = left_behind(settings.state_dir)
        if left:
            names = ", ".join(f"{name} (process {pid})" for pid, name in left.items())
            yield Finding("note", f"a killed run left {names}: the next start ends them")
        problems = ports_in_use(processes_of(settings), settings, left)
        yield from (Finding("bad", problem) for problem in problems)
        if not problems:
            yield Finding("good", f"the stack does not run; its ports are {'ours' if left else 'free'}")
    if settings.embedded_database and not holder:
        yield Finding("good", "embedded database: starts with the stack")
        return
    try:
        yield Finding("good", f"database: PostgreSQL {server_version(settings.database_url)}")
    except DatabaseAway as away:
        yield Finding("bad", f"the database: {away}")


def _processes(settings: Settings) -> Iterator[Finding]:
    """Those of the running stack that do not run. Of the two bots one is a spare."""
    transport = SupervisorTransport(serverurl=f"unix://{supervisor_socket(settings.state_dir)}")
    try:
        found = ServerProxy("http://127.0.0.1", transport=transport).supervisor.getAllProcessInfo()
    except (OSError, http.client.HTTPException, ProtocolError, Fault):
        yield Finding("bad", "the supervisor of the stack does not answer")
        return
    finally:
        transport.close()
    assert isinstance(found, list)
    spare = {name for name in BOTS if name != live_bot(settings.state_dir)}
    down = [one for one in found if one["state"] != ProcessStates.RUNNING and one["name"] not in spare]
    for one in down:
        log = log_dir(settings.state_dir) / f"{one['name']}.log"
        yield Finding("bad", f"{one['name']} does not run ({str(one['statename']).lower()}; log: {log})")
    if not down:
        yield Finding("good", f"its processes run: {', '.join(str(one['name']) for one in found if one['pid'])}")


def main(mode: Mode | None = None) -> int:
    """Prints every finding; 1 when one of them is bad."""
    findings = list(examine(mode))
    for finding in findings:
        print(finding)
    return 1 if any(finding.level == "bad" for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
