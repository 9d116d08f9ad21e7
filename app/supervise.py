# SPDX-License-Identifier: Apache-2.0
"""Runs one stack in the foreground until Ctrl-C: `python -m app.supervise demo|live [--check]`."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from supervisor.options import ServerOptions
from supervisor.supervisord import go

from app.announce import Announcer, say
from app.embedded_postgres import DatabaseProblem, data_dir, prepare
from app.leftovers import stop_leftovers
from app.live_bot import first_bot_is_live
from app.ports import ports_in_use
from app.processes import SECRET_NAMES, Process, processes_of
from app.settings import Mode, Settings, SettingsError, load_settings
from app.stack_lock import StackRuns, take_lock
from app.start_check import database_problems, stack_runs, start_problems
from app.state_paths import log_dir, mode_file, run_dir, supervisor_socket
from app.supervisor_config import supervisor_config

_LOOK_EVERY = 0.1  # seconds


class StartProblem(Exception):
    """The stack cannot start; `problems` has one line for each reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def main(arguments: list[str]) -> int:
    """The exit status: 0 after a stop that was asked for, 1 when it cannot start, 2 for a wrong call.

    With `--check` nothing is started or changed: a refusal shall not wait for a training.
    """
    if arguments[:1] not in (["demo"], ["live"]) or arguments[1:] not in ([], ["--check"]):
        print("usage: python -m app.supervise demo|live [--check]", file=sys.stderr)
        return 2
    mode: Mode = "demo" if arguments[0] == "demo" else "live"
    try:
        settings = _settings(mode)
        processes = processes_of(settings)
        if "--check" not in arguments:
            run(settings, processes)
        elif problems := start_problems(settings, processes):
            raise StartProblem(problems)
    except StartProblem as error:
        print(f"เริ่มไม่ได้ · cannot start ({mode}):", file=sys.stderr)
        for problem in error.problems:
            print(f"  - {problem}", file=sys.stderr)
        return 1
    return 0


def _settings(mode: Mode) -> Settings:
    """Raises StartProblem, with what else would stop the start: one shall not have to try again and again."""
    try:
        return load_settings(mode)
    except SettingsError as error:
        more = start_problems(error.settings, processes_of(error.settings)) if error.settings else []
        raise StartProblem([*error.problems, *more]) from error


def run(settings: Settings, processes: list[Process]) -> None:
    """Become the supervisor of these processes until SIGINT, SIGTERM or a closed terminal; then all have ended.

    Raises StartProblem before anything was started.
    """
    with make_ready(settings, processes):  # the lock, held for as long as this process lives
        os.umask(0o077)
        os.environ.update(settings.environment)
        options = ServerOptions()
        options.first, options.test = True, False
        options.realize(["-c", str(write_config(settings, processes))], doc=__doc__)
        _attach(options, Announcer(settings, processes, say))
        go(options)
    say("หยุดแล้ว · stopped")


def _attach(options: Any, announcer: Announcer) -> None:
    """Two hooks into supervisord: its last step before the loop, and how long the loop sleeps."""
    set_signals, poll = options.setsignals, options.poller.poll

    def set_signals_and_listen() -> None:
        set_signals()
        # A closed terminal means stop; supervisord would start everything anew.
        signal.signal(signal.SIGHUP, lambda _number, _frame: os.kill(os.getpid(), signal.SIGTERM))
        announcer.subscribe()  # not earlier: supervisord forgets all listeners when it begins

    options.setsignals = set_signals_and_listen
    # It would look once a second, and so start, restart and stop each process up to a second late.
    options.poller.poll = lambda _seconds: poll(_LOOK_EVERY)


def make_ready(settings: Settings, processes: list[Process]) -> TextIO:
    """Everything that must be true before the first process starts; the open file is the state directory's lock."""
    state_dir = settings.state_dir
    for folder in (run_dir(state_dir), log_dir(state_dir), supervisor_socket(state_dir).parent):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    try:
        lock = take_lock(state_dir)
    except StackRuns as runs:
        raise StartProblem([stack_runs(settings, runs.holder)]) from None
    if names := stop_leftovers(state_dir):
        say(f"หยุดสิ่งที่ค้างจากครั้งก่อน · stopped what a killed run left: {', '.join(names)}")
    first_bot_is_live(state_dir)
    if problems := [*ports_in_use(processes, settings), *database_problems(settings)]:
        raise StartProblem(problems)
    if settings.embedded_database:
        _make_database(settings)
    mode_file(state_dir).write_text(settings.mode, encoding="utf-8")
    return lock


def write_config(settings: Settings, processes: list[Process]) -> Path:
    """supervisord.conf under the state directory, for this process's environment without pointers to secrets."""
    for name in SECRET_NAMES:
        os.environ.pop(f"{name}_FILE", None)
    path = run_dir(settings.state_dir) / "supervisord.conf"
    path.write_text(supervisor_config(settings, processes), encoding="utf-8")
    return path


def _make_database(settings: Settings) -> None:
    first = not (data_dir(settings.state_dir) / "PG_VERSION").exists()
    begun = time.monotonic()
    if first:
        say("→ สร้างฐานข้อมูล · making the database (once)")
    try:
        prepare(settings.state_dir)
    except DatabaseProblem as problem:
        raise StartProblem([str(problem)]) from problem
    if first:
        say(f"✓ ฐานข้อมูล · database made ({time.monotonic() - begun:.1f} s)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
