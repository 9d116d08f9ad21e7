# SPDX-License-Identifier: Apache-2.0
"""Where a stack keeps its files under its state directory."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_LONGEST_SOCKET = 103  # sun_path holds 108 bytes on Linux, 104 on macOS, with the final zero


def run_dir(state_dir: Path) -> Path:
    """What belongs to the running stack: its lock, configuration and mode."""
    return state_dir / "run"


def log_dir(state_dir: Path) -> Path:
    return state_dir / "log"


def mode_file(state_dir: Path) -> Path:
    """Where the supervisor notes in which mode the stack was started last."""
    return run_dir(state_dir) / "mode"


def kept_mode(state_dir: Path) -> str:
    """The mode in which the stack was started last, "" when it never was."""
    try:
        return mode_file(state_dir).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def other_mode(mode: str, state_dir: Path) -> str:
    """Why a stack of this mode may not start on the data of the other one, with the way out; "" when it may.

    A demo's cases and keys would go live; a demo on live data would answer citizens' cases from the sandbox.
    """
    kept = kept_mode(state_dir)
    if kept in ("", mode):
        return ""
    return (
        f"{state_dir} holds the data of {kept}, not of {mode}: set PRACHA_STATE_DIR to another folder, or move it away"
    )


def socket_folder(folder: Path, longest_name: str) -> Path:
    """`folder`, or one under /tmp with a fixed name when a socket in `folder` would have too long a path."""
    if len(os.fsencode(folder / longest_name)) <= _LONGEST_SOCKET:
        return folder
    return Path("/tmp") / f"prachabot-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108  sockets need a short path


def supervisor_socket(state_dir: Path) -> Path:
    """Where supervisord takes orders. It adds `.<process id>` to the name while it starts."""
    return socket_folder(run_dir(state_dir), "supervisor.sock.4194304") / "supervisor.sock"
