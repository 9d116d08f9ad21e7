# SPDX-License-Identifier: Apache-2.0
"""The real supervisor with the real database: start, death, return, stop, and two stacks at once."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import psycopg
import pytest

from app.embedded_postgres import embedded_url, server_process
from app.state_paths import supervisor_socket
from store.engine import plain_url

ROOT = Path(__file__).resolve().parents[2]


class Stack:
    """One running stack and what it said so far."""

    def __init__(self, state_dir: Path, **settings: str) -> None:
        self.state_dir = state_dir
        self.ports = free_ports(7)
        names = ("PUBLIC", "CONSOLE", "INTERNAL", "BOT", "ACTIONS", "SANDBOX")
        given = {f"PRACHA_{name}_PORT": str(port) for name, port in zip(names, self.ports, strict=False)}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PRACHA_", "DATABASE_URL"))}
        self.environment = {**kept, **given, "PRACHA_STATE_DIR": str(state_dir), "PRACHA_ENV_FILE": "", **settings}
        self.said = state_dir.with_name(state_dir.name + ".said")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        with self.said.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.app.small_stack"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.process

    def lines(self) -> str:
        return self.said.read_text(encoding="utf-8") if self.said.exists() else ""

    def wait_for(self, words: str, seconds: float = 30) -> None:
        wait_until(lambda: words in self.lines(), seconds, lambda: f"{words!r} not in:\n{self.lines()}")

    def children(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, port: int) -> psutil.Process:
        """The supervised small server of a port."""
        return next(one for one in self.children() if str(port) in one.cmdline())

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(40)


def free_ports(count: int) -> list[int]:
    """Ports that are free now, also the one after each: the second bot's."""
    with ExitStack() as held:
        found: list[int] = []
        while len(found) < count:
            one = held.enter_context(socket.socket())
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            if not {port - 1, port + 1} & set(found):
                found.append(port)
        return found


def wait_until(done: Callable[[], bool], seconds: float, tell: Callable[[], str]) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, tell()
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


@pytest.fixture
def new_stack() -> Iterator[Callable[..., Stack]]:
    """Makes stacks that are stopped after the test, whatever happened."""
    made: list[Stack] = []

    def make(**settings: str) -> Stack:
        made.append(Stack(Path(tempfile.mkdtemp(prefix="pracha-s-")), **settings))
        return made[-1]

    yield make
    for stack in made:
        if stack.process is not None and stack.process.poll() is None:
            stack.stop(signal.SIGTERM)
        shutil.rmtree(stack.state_dir, ignore_errors=True)
        stack.said.unlink(missing_ok=True)


def test_it_starts_everything_and_says_where(new_stack: Callable[..., Stack]) -> None:
    """Progress, then one banner with the addresses, once the gateway calls the stack ready."""
    stack = new_stack()
    stack.start()
    stack.wait_for("พร้อมใช้งาน · ready in")
    said = stack.lines()
    assert f"http://127.0.0.1:{stack.ports[0]}/" in said
    assert "โหมดทดลอง · demo" in said
    assert said.index("database made") < said.index("✓ บอต · bot") < said.index("พร้อมใช้งาน")
    wait_until(lambda: answers(embedded_url(stack.state_dir)), 30, stack.lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_process_ends_with_it(new_stack: Callable[..., Stack], number: signal.Signals) -> None:
    """Ctrl-C, `kill` and a closed terminal end all processes, their children too; the exit status says success."""
    stack = new_stack()
    stack.start()
    stack.wait_for("ready in")
    # The database may still be starting its own processes.
    wait_until(lambda: len(stack.children()) >= 5, 30, stack.lines)
    alive = stack.children()
    assert stack.stop(number) == 0
    assert [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
    assert "หยุดแล้ว · stopped" in stack.lines()


def test_a_killed_process_is_named_and_comes_back(new_stack: Callable[..., Stack]) -> None:
    """kill -9 of a server whose child would keep its group: told by name, and running again."""
    stack = new_stack()
    stack.start()
    stack.wait_for("ready in")
    time.sleep(3.5)  # past the time in which a death counts as a failed start
    bot_port = stack.ports[3]
    before = stack.child(bot_port)
    orphan = before.children()[0]
    before.kill()
    stack.wait_for("✗ บอต หยุดทำงาน กำลังเริ่มใหม่ · bot died, restarting")
    stack.wait_for("✓ บอต กลับมาแล้ว · bot is back")
    assert stack.child(bot_port).pid != before.pid
    wait_until(lambda: not orphan.is_running(), 5, lambda: "the child of the killed server still runs")


def test_the_database_comes_back_with_its_data(new_stack: Callable[..., Stack]) -> None:
    """kill -9 of PostgreSQL: named, back within seconds, nothing that was committed is lost."""
    stack = new_stack()
    stack.start()
    stack.wait_for("ready in")
    url = embedded_url(stack.state_dir)
    wait_until(lambda: answers(url), 30, stack.lines)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server = server_process(stack.state_dir)
    assert server is not None
    server.kill()
    stack.wait_for("postgres died, restarting")
    # The socket of the dead server stands until the new one clears it away: ask until the new one answers.
    wait_until(lambda: not server.is_running() and _kept(url) == (7,), 30, stack.lines)


def _kept(url: str) -> tuple[int] | None:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("SELECT number FROM kept").fetchone()
    except psycopg.OperationalError:
        return None


def test_a_second_start_on_the_same_state_is_refused(new_stack: Callable[..., Stack]) -> None:
    """The lock names the process that holds the state directory; the first stack goes on."""
    first = new_stack()
    running = first.start()
    first.wait_for("ready in")
    second = Stack(first.state_dir)
    second.said = first.said
    assert second.start().wait(20) == 1
    assert f"a stack already runs on {first.state_dir} (process {running.pid})" in first.lines()
    assert running.poll() is None


def test_two_stacks_run_side_by_side(new_stack: Callable[..., Stack]) -> None:
    """Other ports and another state directory are all it takes; stopping one leaves the other."""
    one, other = new_stack(), new_stack()
    one.start()
    other.start()
    one.wait_for("ready in")
    other.wait_for("ready in")
    assert one.stop() == 0
    assert answers(embedded_url(other.state_dir))


def test_what_a_killed_supervisor_left_is_stopped_first(new_stack: Callable[..., Stack]) -> None:
    """kill -9 of the supervisor orphans its processes; the next start ends them, and starts."""
    stack = new_stack()
    killed = stack.start()
    stack.wait_for("ready in")
    orphans = [one for one in stack.children() if "tests.app.small_server" in one.cmdline()]
    killed.kill()
    killed.wait(10)
    assert all(one.is_running() for one in orphans)
    stack.said.write_text("")
    stack.start()
    stack.wait_for("ready in", 60)
    assert "stopped what a killed run left: " in stack.lines()
    assert "postgres" in stack.lines()
    assert not any(one.is_running() for one in orphans)


def test_a_port_in_use_is_named_with_its_setting_and_holder(new_stack: Callable[..., Stack]) -> None:
    """Two ports taken: both are told at once, with who holds them, and nothing was started."""
    stack = new_stack()
    with socket.socket() as public, socket.socket() as internal:
        for taken, port in ((public, stack.ports[0]), (internal, stack.ports[2])):
            taken.bind(("127.0.0.1", port))
            taken.listen()
        assert stack.start().wait(20) == 1
    said = stack.lines()
    for port, setting in ((stack.ports[0], "PRACHA_PUBLIC_PORT"), (stack.ports[2], "PRACHA_INTERNAL_PORT")):
        assert f"port {port} is in use by" in said
        assert f"(process {os.getpid()}): free it, or set {setting} to another" in said
    assert server_process(stack.state_dir) is None


def test_a_secret_stands_in_no_file_and_reaches_only_who_needs_it(new_stack: Callable[..., Stack]) -> None:
    """The vault's key is in no file that the supervisor wrote, and not in the bot's environment; its token is."""
    key, token = "dmF1bHQta2V5LW9mLTMyLWJ5dGVzLWZvci10ZXN0cy4=", "tok-Qm3v9XkT2sW8dRz5Lb1N"
    stack = new_stack(PRACHA_VAULT_KEY=key, PRACHA_INTERNAL_TOKEN=token)
    stack.start()
    stack.wait_for("ready in")
    written = [path for path in stack.state_dir.glob("[rl]*/*") if path.is_file()]
    assert written
    assert [
        path for path in written if key in path.read_text(errors="replace") or token in path.read_text(errors="replace")
    ] == []
    environment = stack.child(stack.ports[3]).environ()
    assert environment["PRACHA_VAULT_KEY"] == ""
    assert environment["PRACHA_INTERNAL_TOKEN"] == token


def test_a_process_that_cannot_start_is_told_once(new_stack: Callable[..., Stack]) -> None:
    """A database that is gone: the process is named once with its log, not once per try."""
    stack = new_stack()
    stack.start()
    stack.wait_for("ready in")
    version = stack.state_dir / "pg" / "data" / "PG_VERSION"
    version.write_text("12\n")
    server = server_process(stack.state_dir)
    assert server is not None
    server.kill()
    stack.wait_for("postgres died, restarting")
    time.sleep(4)
    assert stack.lines().count("postgres died") == 1
    assert "made by PostgreSQL 12" in (stack.state_dir / "log" / "postgres.log").read_text()
    version.write_text("18\n")
    stack.wait_for("postgres is back")


def test_doctor_knows_what_a_killed_run_left(new_stack: Callable[..., Stack]) -> None:
    """Our own leftovers hold ports that the next start frees: nobody is asked to free them, neither here nor there."""
    stack = new_stack()
    killed = stack.start()
    stack.wait_for("ready in")
    killed.kill()
    killed.wait(10)
    said = doctor(stack)
    (line,) = [line for line in said.splitlines() if "a killed run left" in line]
    assert line.startswith("! ")
    assert all(name in line for name in ("bot (process", "gateway (process", "postgres (process"))
    assert "the next start ends them" in line
    assert "free it" not in said
    done = supervise("demo", "--check", **{key: value for key, value in stack.environment.items() if "PRACHA" in key})
    assert (done.returncode, done.stderr) == (0, "")
    stack.start()
    stack.wait_for("stopped what a killed run left: ", 60)


def test_doctor_names_what_does_not_run(new_stack: Callable[..., Stack]) -> None:
    """A process that somebody stopped is bad; before that all run."""
    stack = new_stack()
    stack.start()
    stack.wait_for("ready in")
    time.sleep(3.5)  # past the time in which a process counts as starting
    assert "✓ its processes run: " in doctor(stack)
    supervisorctl = [sys.executable, "-m", "supervisor.supervisorctl"]
    address = f"unix://{supervisor_socket(stack.state_dir)}"
    subprocess.run([*supervisorctl, "-s", address, "stop", "gateway"], check=True, capture_output=True)
    (line,) = [line for line in doctor(stack).splitlines() if "does not run" in line]
    assert line == f"✗ gateway does not run (stopped; log: {stack.state_dir}/log/gateway.log)"


def test_a_state_directory_may_have_spaces_and_thai(new_stack: Callable[..., Stack], tmp_path: Path) -> None:
    """`sp ace ก%`: it starts, and its database answers at the address that the store makes of it."""
    stack = new_stack()
    shutil.rmtree(stack.state_dir)
    stack.state_dir = tmp_path / "sp ace ก%"
    stack.environment["PRACHA_STATE_DIR"] = str(stack.state_dir)
    stack.start()
    stack.wait_for("พร้อมใช้งาน · ready in")
    wait_until(lambda: answers(plain_url(embedded_url(stack.state_dir))), 30, stack.lines)


def doctor(stack: Stack) -> str:
    return subprocess.run(
        [sys.executable, "-m", "app.doctor"],
        cwd=ROOT,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def on_free_ports(state_dir: Path) -> dict[str, str]:
    """Settings that nothing on this machine is in the way of."""
    names = ("PUBLIC", "CONSOLE", "INTERNAL", "BOT", "ACTIONS", "SANDBOX")
    ports = {f"PRACHA_{name}_PORT": str(port) for name, port in zip(names, free_ports(6), strict=True)}
    return {**ports, "PRACHA_STATE_DIR": str(state_dir)}


def supervise(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PRACHA_", "DATABASE_URL"))}
    return subprocess.run(
        [sys.executable, "-m", "app.supervise", *arguments],
        cwd=ROOT,
        env={**kept, "PRACHA_ENV_FILE": "", **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
