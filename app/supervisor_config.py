# SPDX-License-Identifier: Apache-2.0
"""The configuration of supervisord for one stack: no secret stands in it, they travel by environment only."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from app.processes import SECRET_NAMES, Process
from app.settings import ROOT, Settings
from app.state_paths import log_dir, run_dir, supervisor_socket

START_SECONDS = 3
_LOG_BYTES = 10_000_000
_LOG_FILES = 5


def supervisor_config(settings: Settings, processes: list[Process]) -> str:
    """The text of supervisord.conf."""
    run, logs = run_dir(settings.state_dir), log_dir(settings.state_dir)
    sections: dict[str, dict[str, object]] = {
        "supervisord": {
            "nodaemon": "true",
            "silent": "true",
            "umask": "077",
            "logfile": logs / "supervisord.log",
            "logfile_maxbytes": _LOG_BYTES,
            "logfile_backups": _LOG_FILES,
            "pidfile": run / "supervisord.pid",
            "directory": ROOT,
            "identifier": "pracha",
        },
        "unix_http_server": {"file": supervisor_socket(settings.state_dir), "chmod": "0600"},
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
    }
    for place, process in enumerate(processes):
        sections[f"program:{process.name}"] = _program(process, place, logs, settings.environment)
    return "\n".join(
        "\n".join([f"[{title}]", *(f"{name}={_escaped(value)}" for name, value in section.items()), ""])
        for title, section in sections.items()
    )


def _program(process: Process, place: int, logs: Path, given: Mapping[str, str]) -> dict[str, object]:
    withheld = {name: "" for name in sorted(SECRET_NAMES - process.secrets) if name in given}
    environment = {**withheld, "PYTHONUNBUFFERED": "1", **process.environment}
    return {
        "command": shlex.join(process.command),
        "directory": ROOT,
        "environment": ",".join(f'{name}="{value}"' for name, value in environment.items()),
        "priority": (place + 1) * 10,  # started in this order, stopped in the reverse one
        "autostart": str(process.autostart).lower(),
        "autorestart": "true",
        "startsecs": START_SECONDS,
        "startretries": 1_000_000,  # never gives up; the pause between two tries is bounded by app.announce
        "stopsignal": process.stop_signal,
        "stopwaitsecs": process.stop_seconds,
        "stopasgroup": "true",
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _escaped(logs / f"{process.name}.log"),  # the one value that is expanded twice
        "stdout_logfile_maxbytes": _LOG_BYTES,
        "stdout_logfile_backups": _LOG_FILES,
    }


def _escaped(value: object) -> str:
    return str(value).replace("%", "%%")
