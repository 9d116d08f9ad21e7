# SPDX-License-Identifier: Apache-2.0
"""Tells at the console, in plain Thai and English, how the start goes and which process died and came back."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from supervisor import events
from supervisor.states import ProcessStates

from app.processes import Process
from app.settings import ROOT, Settings
from app.state_paths import log_dir
from catalogue.authored import AuthoringError
from catalogue.load import load_services

LONGEST_PAUSE = 10  # seconds between two tries to start a process that keeps dying
_SIGN_OF_LIFE = 10.0


class Announcer:
    """What it has seen of the processes so far, and the thread that watches the start."""

    def __init__(self, settings: Settings, processes: list[Process], write: Callable[[str], None]) -> None:
        self._settings = settings
        self._processes = {process.name: process for process in processes}
        self._write = write
        self._begun = time.monotonic()
        self._down: set[str] = set()
        self._stopping = threading.Event()

    def subscribe(self) -> None:
        """Listen to the supervisor that runs in this process."""
        events.subscribe(events.SupervisorRunningEvent, self._on_running)
        events.subscribe(events.SupervisorStoppingEvent, self._on_stopping)
        for kind in (events.ProcessStateExitedEvent, events.ProcessStateBackoffEvent):
            events.subscribe(kind, self._on_death)
        events.subscribe(events.ProcessStateRunningEvent, self._on_up)

    def _on_running(self, _event: object) -> None:
        threading.Thread(target=self._watch_start, daemon=True).start()

    def _on_stopping(self, _event: object) -> None:
        self._stopping.set()
        self._write("กำลังหยุด · stopping")

    def _on_death(self, event: Any) -> None:
        process, name = event.process, str(event.process.config.name)
        _end_group(process.pid)
        if process.state == ProcessStates.BACKOFF:
            process.backoff = min(process.backoff, LONGEST_PAUSE)
        if self._stopping.is_set() or name in self._down:
            return
        self._down.add(name)
        log = log_dir(self._settings.state_dir) / f"{name}.log"
        self._write(f"✗ {self._label(name)} หยุดทำงาน กำลังเริ่มใหม่ · {name} died, restarting (log: {log})")

    def _on_up(self, event: Any) -> None:
        name = str(event.process.config.name)
        if name in self._down and not self._stopping.is_set():
            self._down.discard(name)
            self._write(f"✓ {self._label(name)} กลับมาแล้ว · {name} is back (process {event.process.pid})")

    def _label(self, name: str) -> str:
        return self._processes[name].thai if name in self._processes else name

    def _elapsed(self) -> float:
        return time.monotonic() - self._begun

    def _watch_start(self) -> None:
        """One line for each port that opens, a sign of life on the way, the banner when the gateway is ready."""
        waiting = {one.name: one.port for one in self._processes.values() if one.port and one.autostart}
        said = self._elapsed()
        while not self._stopping.wait(0.25):
            ready, reason = _ready(self._settings.public_port)
            # After the question, so that what has just come up is named before the banner.
            for name, port in list(waiting.items()):
                if _listens(port):
                    del waiting[name]
                    self._write(f"✓ {self._label(name)} · {name} ({self._elapsed():.1f} s)")
            if ready:
                self._write(banner(self._settings, self._elapsed()))
                return
            if self._elapsed() - said > _SIGN_OF_LIFE:
                said = self._elapsed()
                names = ", ".join(waiting) or reason
                self._write(f"… ยังรอ · still waiting for {names} ({said:.0f} s)")


def banner(settings: Settings, seconds: float) -> str:
    """The lines that tell where everything is."""
    mode = {"demo": "โหมดทดลอง · demo", "live": "ใช้งานจริง · live"}[settings.mode]
    lines = [
        "",
        f"พร้อมใช้งาน · ready in {seconds:.1f} s ({mode})",
        f"  แชตบนเว็บ · web chat    {settings.public_url}/",
        f"  สถานะ · health          http://127.0.0.1:{settings.public_port}/health/ready",
    ]
    if settings.sandbox:
        lines.append(f"  LINE จำลอง · emulated    http://127.0.0.1:{settings.sandbox_port}/line")
        lines.append(f"  หน่วยงานจำลอง · sandbox  http://127.0.0.1:{settings.sandbox_port}/")
    lines.append(f"  บันทึก · logs           {log_dir(settings.state_dir)}")
    if settings.mode == "live" and (guides := unverified_guides(ROOT / "nlu_data" / "services")):
        said = "คู่มือที่ยังไม่มีเจ้าหน้าที่ตรวจสอบ · guides that no officer has verified"
        lines.append(f"  ⚠ {said} ({len(guides)}): {', '.join(guides)}")
    lines.append("  Ctrl-C หยุดทุกอย่าง · stops everything")
    return "\n".join(lines)


def unverified_guides(services: Path) -> list[str]:
    """Ids of the guides without `verified_by`; none when the files cannot be read, which the gateway tells."""
    try:
        return [one.id for one in load_services(services).values() if one.guide is not None and not one.verified_by]
    except (AuthoringError, OSError):
        return []


def say(line: str) -> None:
    """One line at the console; a console that went away stops nothing."""
    try:
        print(line, flush=True)
    except OSError:
        return


def _end_group(pid: int) -> None:
    """End what a dead process left in its group: children that would keep its port."""
    if pid > 0:
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False


def _ready(port: int) -> tuple[bool, str]:
    """Whether the gateway calls the whole stack ready, and what it says instead."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2):
            return True, ""
    except urllib.error.HTTPError as error:
        return False, error.read(300).decode("utf-8", "replace").replace("\n", " ")
    except OSError:
        return False, "gateway"
