# SPDX-License-Identifier: Apache-2.0
"""`pracha bot`: the switch under the real supervisor, between bots and a gateway that do what a test says."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from app import cli
from app.bot_switch import BotState, CannotSwitch, Patience, bots, switch
from app.live_bot import BOTS, first_bot_is_live, live_bot, live_bot_url, set_live_bot
from app.settings import Settings, load_settings
from app.state_paths import run_dir
from tests.app.switch_parts import mood_file

ROOT = Path(__file__).resolve().parents[2]
SHORT = Patience(ready=3.0, taken=2.0, ended=2.0)


@dataclass(frozen=True, slots=True)
class Running:
    """The supervisor with its three processes."""

    settings: Settings
    environment: dict[str, str]

    def mood(self, name: str, mood: str) -> None:
        mood_file(self.settings.state_dir, name).write_text(mood, encoding="utf-8")

    def bots(self) -> dict[str, BotState]:
        return {one.name: one for one in bots(self.settings)}

    def pracha(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A run in the background of a shell has Ctrl-C ignored, and its children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads here
        )


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    """Free ports whose successors are free too, below those that the system gives to outgoing connections: the second
    bot's must stay free until it starts."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(10_000, 32_000, 2)
        if port not in found and _is_free(port) and _is_free(port + 1):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture(scope="module")
def started(database_server: str) -> Iterator[Running]:
    """A stack whose last run ended with the second bot live."""
    state_dir = Path(tempfile.mkdtemp(prefix="pracha-b-"))
    names = ("PUBLIC", "CONSOLE", "INTERNAL", "BOT", "ACTIONS", "SANDBOX")
    ports = free_ports(len(names))
    given = {
        **{f"PRACHA_{name}_PORT": str(port) for name, port in zip(names, ports, strict=True)},
        "PRACHA_STATE_DIR": str(state_dir),
        "PRACHA_ENV_FILE": "",
        "DATABASE_URL": database_server,  # only asked whether it answers: no embedded one is started
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PRACHA_", "DATABASE_URL"))}
    running = Running(load_settings("demo", environ=given, env_file=state_dir / "none"), {**kept, **given})
    for folder in ("moods", "run"):
        (state_dir / folder).mkdir()
    set_live_bot(state_dir, "bot2")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.app.switch_parts"],
        cwd=ROOT,
        env=running.environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(lambda: _ready(running, "bot"))
        yield running
    finally:
        process.terminate()
        process.wait(40)
        shutil.rmtree(state_dir, ignore_errors=True)


def _ready(running: Running, name: str) -> bool:
    try:
        return running.bots()[name].ready
    except CannotSwitch:
        return False


@pytest.fixture
def stack(started: Running) -> Iterator[Running]:
    """The stack with everybody in a good mood and the first bot live, as it is at its start."""
    yield started
    for file in mood_file(started.settings.state_dir, "bot").parent.iterdir():
        file.unlink()
    if live_bot(started.settings.state_dir) != "bot":
        switch(started.settings)


def test_a_stack_starts_with_the_first_bot(stack: Running) -> None:
    """Whatever was live when the last stack on this state directory ended."""
    assert live_bot(stack.settings.state_dir) == "bot"
    assert [(one.name, one.live, one.ready) for one in bots(stack.settings)] == [
        ("bot", True, True),
        ("bot2", False, False),
    ]


def test_there_and_back(stack: Running) -> None:
    """The other bot is live and ready, the old one has ended; the next switch goes back."""
    before = stack.bots()["bot"].process
    assert switch(stack.settings) == "bot2"
    assert live_bot_url(stack.settings) == f"http://127.0.0.1:{stack.settings.bot_port + 1}"
    assert not psutil.pid_exists(before)
    found = stack.bots()
    assert (found["bot"].live, found["bot"].state, found["bot"].process) == (False, "stopped", 0)
    assert (found["bot2"].live, found["bot2"].ready) == (True, True)
    assert switch(stack.settings) == "bot"
    assert stack.bots()["bot2"].state == "stopped"
    assert stack.bots()["bot"].ready


def test_a_live_second_bot_that_dies_is_started_again(stack: Running) -> None:
    """It does not start by itself with the stack, but it is kept alive like all others."""
    switch(stack.settings)
    # Earlier its death would be a failed start, which is tried again in any case.
    wait_until(lambda: stack.bots()["bot2"].state == "running")
    killed = stack.bots()["bot2"].process
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: stack.bots()["bot2"].ready and stack.bots()["bot2"].process != killed)


@pytest.mark.parametrize(
    ("name", "mood", "why"),
    [
        ("bot2", "away", "bot2 was not ready within 3 s, bot stays live"),
        ("bot2", "ends", "bot2 ended at its start, bot stays live"),
        ("gateway", "deaf", "the gateway did not take bot2 within 2 s, bot stays live"),
    ],
)
def test_what_goes_wrong_leaves_the_old_one_live(stack: Running, name: str, mood: str, why: str) -> None:
    """The same process goes on, the new one is stopped, and the reason is one line."""
    before = stack.bots()["bot"].process
    stack.mood(name, mood)
    with pytest.raises(CannotSwitch) as told:
        switch(stack.settings, SHORT)
    assert why in str(told.value)
    assert "\n" not in str(told.value)
    found = stack.bots()
    assert (found["bot"].live, found["bot"].ready, found["bot"].process) == (True, True, before)
    assert (found["bot2"].live, found["bot2"].process) == (False, 0)


def test_a_bot_that_ends_is_not_waited_for(stack: Running) -> None:
    """Two minutes would pass before an operator learnt of a broken environment."""
    stack.mood("bot2", "ends")
    begun = time.monotonic()
    with pytest.raises(CannotSwitch):
        switch(stack.settings)
    assert time.monotonic() - begun < 10


def test_the_old_bot_ends_what_it_has_begun(stack: Running) -> None:
    """It is not stopped while the gateway has a call to it under way."""
    stack.mood("gateway", "busy")
    with ThreadPoolExecutor(1) as thread:
        switching = thread.submit(switch, stack.settings)
        wait_until(lambda: live_bot(stack.settings.state_dir) == "bot2")
        time.sleep(1.5)
        assert stack.bots()["bot"].ready
        stack.mood("gateway", "")
        assert switching.result(10) == "bot2"
    assert stack.bots()["bot"].state == "stopped"


def test_a_call_that_hangs_is_cut_in_the_end(stack: Running) -> None:
    """No longer than a turn may take."""
    stack.mood("gateway", "busy")
    assert switch(stack.settings, SHORT) == "bot2"
    assert stack.bots()["bot"].state == "stopped"


def test_a_spare_that_runs_is_started_anew(stack: Running) -> None:
    """It may be older than the change that the switch is made for."""
    socket_url = f"unix://{run_dir(stack.settings.state_dir)}/supervisor.sock"
    control = [sys.executable, "-m", "supervisor.supervisorctl", "-s", socket_url]
    subprocess.run([*control, "start", "bot2"], check=True, capture_output=True, timeout=30)
    old = stack.bots()["bot2"].process
    switch(stack.settings)
    assert stack.bots()["bot2"].process not in (0, old)


def test_a_foreign_program_on_the_port_is_told(stack: Running) -> None:
    """It would answer for the bot."""
    with socket.socket() as foreign:
        foreign.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        foreign.bind(("127.0.0.1", stack.settings.bot_port + 1))
        foreign.listen()
        with pytest.raises(CannotSwitch, match=rf"port {stack.settings.bot_port + 1}, which bot2 needs, is in use"):
            switch(stack.settings, SHORT)
    assert stack.bots()["bot2"].process == 0


def test_one_switch_at_a_time_and_ctrl_c_undoes_it(stack: Running) -> None:
    """A second switch is refused while one waits; the first, interrupted, leaves the spare stopped."""
    stack.mood("bot2", "away")
    waiting = stack.pracha("bot", "switch")
    wait_until(lambda: stack.bots()["bot2"].process > 0)
    second = stack.pracha("bot", "switch")
    _, said = second.communicate(timeout=90)
    assert (second.returncode, said) == (1, "pracha: กำลังสลับบอตอยู่แล้ว · another switch is under way\n")
    waiting.send_signal(signal.SIGINT)
    _, said = waiting.communicate(timeout=120)
    assert (waiting.returncode, said.splitlines()[-1]) == (130, "pracha: stopped")
    assert (stack.bots()["bot2"].process, live_bot(stack.settings.state_dir)) == (0, "bot")


def test_the_commands(stack: Running) -> None:
    """Progress on the error stream, the result on the other; the table names the live one."""
    done = stack.pracha("bot", "switch")
    out, said = done.communicate(timeout=120)
    assert (done.returncode, out) == (0, f"bot2 ทำงานแทนแล้ว · bot2 is live (port {stack.settings.bot_port + 1})\n")
    assert "→ bot2 เริ่มทำงาน · bot2 starts" in said
    table, _ = stack.pracha("bot", "status").communicate(timeout=90)
    found = stack.bots()
    assert [line.split() for line in table.splitlines()] == [
        ["bot", "turns", "state", "process", "port", "ready"],
        ["bot", "spare", "stopped", "–", str(stack.settings.bot_port), "no"],
        ["bot2", "live", found["bot2"].state, str(found["bot2"].process), str(stack.settings.bot_port + 1), "yes"],
    ]


@pytest.mark.parametrize("command", ["switch", "status"])
def test_without_a_stack(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line that names the state directory."""
    for name in [name for name in os.environ if name.startswith(("PRACHA_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PRACHA_ENV_FILE", "")
    monkeypatch.setenv("PRACHA_STATE_DIR", str(tmp_path / "none"))
    assert cli.main(["bot", command]) == 1
    assert capsys.readouterr().err == f"pracha: ไม่มีระบบทำงานอยู่ที่ · no stack answers on {tmp_path}/none: start it first\n"


@pytest.mark.parametrize(("written", "read"), [("bot2", "bot2"), ("bot2\n", "bot2"), ("", "bot"), ("bot3", "bot")])
def test_what_the_file_says(tmp_path: Path, written: str, read: str) -> None:
    """Anything but the name of a bot means the first."""
    run_dir(tmp_path).mkdir()
    assert live_bot(tmp_path) == "bot"
    set_live_bot(tmp_path, written)
    assert live_bot(tmp_path) == read
    first_bot_is_live(tmp_path)
    assert live_bot(tmp_path) == "bot"
    first_bot_is_live(tmp_path)


def test_nobody_reads_half_a_name(tmp_path: Path) -> None:
    """While it is written over and over, every reader finds the one name or the other, and never the default."""
    run_dir(tmp_path).mkdir()
    set_live_bot(tmp_path, "bot2")
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            set_live_bot(tmp_path, "bot2")

    with ThreadPoolExecutor(1) as thread:
        writing = thread.submit(write)
        seen = {live_bot(tmp_path) for _ in range(5_000)}
        over.set()
        writing.result(5)
    assert seen == {"bot2"}


def test_the_two_bots_are_programs_of_the_stack(stack: Running) -> None:
    """The names that the file may hold are those that the supervisor knows."""
    assert tuple(stack.bots()) == BOTS
