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
    wanted += [
        ("127.0.0.1", settings.internal_port, "PRACHA_INTERNAL_PORT"),
        ("127.0.0.1", settings.public_port, "PRACHA_PUBLIC_PORT"),  # open there, too, whatever its host
    ]
    problems: dict[str, None] = {}
    for host, port, setting in wanted:
        if not _is_ours(host):
            problems[f"PRACHA_PUBLIC_HOST is {host}, which is no address of this machine"] = None
        elif reason := _why_not(host, port, going):
            problems[f"port {port} {reason}: free it, or set {setting} to another"] = None
    return list(problems)


def _probe(host: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)


def _is_ours(host: str) -> bool:
    """Whether any port can be had at an address."""
    try:
        with _probe(host) as probe:
            probe.bind((host, 0))
    except OSError:
        return False
    return True


def _why_not(host: str, port: int, going: Container[int]) -> str:
    with _probe(host) as probe:
        if probe.family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # as the gateway opens it
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
