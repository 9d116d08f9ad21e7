# SPDX-License-Identifier: Apache-2.0
"""A whole stack for tests: the processes of `make up` on free ports, with a state directory of its own."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: seconds for all processes to be ready on a busy two-core machine
_PATIENCE = 120.0
_PORTS = ("PUBLIC", "CONSOLE", "INTERNAL", "BOT", "ACTIONS", "SANDBOX")


class StackFailed(Exception):
    """The stack did not start; the message holds the end of what it printed."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack."""

    process: subprocess.Popen[bytes]
    state_dir: Path
    environment: Mapping[str, str]
    ports: Mapping[str, int]
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['PUBLIC']}"

    def pracha(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs the command line against this stack."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=ROOT,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def sandbox(self, agency: str, mode: str, seconds: float = 5.0) -> None:
        """Sets how an emulated agency behaves."""
        body = json.dumps({"agency": agency, "mode": mode, "seconds": seconds}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports['SANDBOX']}/control", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            assert response.status == 200

    def pid_of(self, name: str) -> int:
        """Process id of one of the stack's processes, as supervisor knows it."""
        from app.state_paths import supervisor_socket

        for info in _supervisor(supervisor_socket(self.state_dir)).supervisor.getAllProcessInfo():
            if info["name"] == name and info["pid"]:
                return int(info["pid"])
        raise LookupError(name)

    def wait_ready(self, patience: float = _PATIENCE) -> None:
        """Returns once a message would be answered. Raises StackFailed."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as response:
                    if response.status == 200:
                        return
            time.sleep(0.1)
        raise StackFailed(self.output.read_text(encoding="utf-8", errors="replace")[-4_000:])


def _supervisor(socket_path: Path) -> Any:
    from xmlrpc.client import ServerProxy

    from supervisor.xmlrpc import SupervisorTransport

    return ServerProxy("http://127.0.0.1", transport=SupervisorTransport(serverurl=f"unix://{socket_path}"))


def _free_ports(count: int) -> list[int]:
    """Ports that nobody uses now; the bot's successor is free too, for the second bot."""
    held: list[socket.socket] = []
    ports: list[int] = []
    try:
        while len(ports) < count:
            one = socket.socket()
            held.append(one)
            # Below the ports that the system gives to outgoing calls: what is taken later must still be free then.
            port = random.randrange(10_000, 32_000)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            with socket.socket() as following:
                try:
                    following.bind(("127.0.0.1", port + 1))
                except OSError:
                    continue
            if all(abs(port - other) > 1 for other in ports):
                ports.append(port)
    finally:
        for one in held:
            one.close()
    return ports


def _model_of_this_version(state_dir: Path) -> None:
    """The trained project that `make test` made: training it once more for every stack would take minutes."""
    trained = Path(os.environ.get("PRACHA_STATE_DIR") or ROOT / "var") / "rasa"
    if not (trained / "models" / "live.json").is_file():
        raise StackFailed("there is no trained model: run `make train` first")
    shutil.copytree(trained, state_dir / "rasa")


@contextlib.contextmanager
def running_stack(mode: str = "demo", **settings: str) -> Iterator[Stack]:
    """A stack, stopped and removed at the end. `settings` are environment variables on top."""
    folder = Path(tempfile.mkdtemp(prefix="pracha-"))
    # The embedded database runs as a user of its own when we are root, who must get to its folder.
    folder.chmod(0o755)
    ports = dict(zip(_PORTS, _free_ports(len(_PORTS)), strict=True))
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PRACHA_") and name != "DATABASE_URL"
    }
    environment |= {f"PRACHA_{name}_PORT": str(port) for name, port in ports.items()}
    environment |= {
        "PRACHA_STATE_DIR": str(folder / "state"),
        "PRACHA_MODE": mode,
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    (folder / "state").mkdir()
    _model_of_this_version(folder / "state")
    output = folder / "output.txt"
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.supervise", mode],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    stack = Stack(process, folder / "state", environment, ports, output)
    try:
        stack.wait_ready()
        yield stack
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(45)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
