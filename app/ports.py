# SPDX-License-Identifier: Apache-2.0
"""Ports that somebody else listens on, told with the setting that moves ours and the process that holds it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Container, Iterable

import psutil

from app.processes import Process
from app.settings import Settings


def ports_in_use(processes: Iterable[Process], settings: Settings, going: Container[int] = ()) -> list[str]:
    """One line for each port of the processes that start at once and cannot be had.

    `going` are process ids of a killed run, which the start ends first: their ports can be had.
    """
    wanted = [(one.host, one.port, one.port_setting) for one in processes if one.port and one.autostart]
    wanted.append(("127.0.0.1", settings.internal_port, "PRACHA_INTERNAL_PORT"))
    problems = []
    for host, port, setting in wanted:
        if reason := _why_not(host, port, going):
            problems.append(f"port {port} {reason}: free it, or set {setting} to another")
    return problems


def _why_not(host: str, port: int, going: Container[int]) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                holder = _holder(port)
                if holder is not None and holder.pid in going:
                    return ""
                return f"is in use{_by(holder)}"
            return f"cannot be used ({error.strerror})"
    return ""


def _holder(port: int) -> psutil.Process | None:
    """Who listens on it; None when the system does not tell."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            ours = connection.status == psutil.CONN_LISTEN and connection.laddr[1:2] == (port,)
            if ours and connection.pid:
                return psutil.Process(connection.pid)
    except psutil.Error:
        return None
    return None


def _by(holder: psutil.Process | None) -> str:
    """` by name (process 123)`."""
    try:
        return "" if holder is None else f" by {holder.name()} (process {holder.pid})"
    except psutil.Error:
        return ""
