# SPDX-License-Identifier: Apache-2.0
"""Processes that a killed supervisor left behind: found by their state directory and stopped before a new start."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil

from app.embedded_postgres import server_process


def stop_leftovers(state_dir: Path, seconds: float = 20.0) -> list[str]:
    """Stop them and return their names. Only for the holder of the state directory's lock: nobody else runs here."""
    found = list(_supervised(state_dir))
    names = [name for name, _ in found]
    for _, process in found:
        _signal(process, signal.SIGTERM)
    _wait([process for _, process in found], seconds)
    if server := server_process(state_dir):
        names.append("postgres")
        _signal(server, signal.SIGINT)
        _wait([server], seconds)
    return names


def left_behind(state_dir: Path) -> dict[int, str]:
    """Process id → name of what a killed supervisor left. Only while nobody holds the state directory's lock."""
    found = {process.pid: name for name, process in _supervised(state_dir)}
    server = server_process(state_dir)
    return found if server is None else {**found, server.pid: "postgres"}


def _supervised(state_dir: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Processes whose environment says that a supervisor started them for this state directory."""
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    for process in psutil.process_iter():
        try:
            environment = process.environ() if process.pid not in ours else {}
        except psutil.Error:
            continue
        if environment.get("SUPERVISOR_ENABLED") and environment.get("PRACHA_STATE_DIR") == str(state_dir):
            yield environment.get("SUPERVISOR_PROCESS_NAME", "?"), process


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _wait(processes: list[psutil.Process], seconds: float) -> None:
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    for process in alive:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=5)
