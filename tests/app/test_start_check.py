# SPDX-License-Identifier: Apache-2.0
"""What stops a start, and that it is all told at once, before anything was made."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from app.state_paths import mode_file
from tests.app.test_supervise import on_free_ports, supervise

KEYS = {
    f"PRACHA_{name}_KEY": "dmF1bHQta2V5LW9mLTMyLWJ5dGVzLWZvci10ZXN0cy4=" for name in ("VAULT", "PSEUDONYM", "SESSION")
} | {"PRACHA_INTERNAL_TOKEN": "tok-Qm3v9XkT2sW8dRz5Lb1N"}


@pytest.mark.parametrize("arguments", [[], ["prod"], ["live", "--now"], ["demo", "live"]])
def test_a_wrong_call_is_told(arguments: list[str]) -> None:
    """Only demo and live exist."""
    done = supervise(*arguments)
    assert done.returncode == 2
    assert done.stderr == "usage: python -m app.supervise demo|live [--check]\n"


@pytest.mark.parametrize("arguments", [["live"], ["live", "--check"]])
def test_live_refuses_with_all_reasons(arguments: list[str], tmp_path: Path) -> None:
    """Without its keys and with an address of the sandbox: every reason in one go, and nothing is made."""
    done = supervise(*arguments, **on_free_ports(tmp_path / "s"), PRACHA_AIR4THAI_URL="http://localhost:8090/air4thai")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[0] == "เริ่มไม่ได้ · cannot start (live):"
    assert len([line for line in lines if line.endswith("is not set")]) == 4
    assert lines[-1] == "  - PRACHA_AIR4THAI_URL is an address of the sandbox: http://localhost:8090/air4thai"
    assert not (tmp_path / "s").exists()


def test_a_check_starts_nothing(tmp_path: Path) -> None:
    """Good settings: silent success, no database."""
    done = supervise("demo", "--check", **on_free_ports(tmp_path / "s"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (tmp_path / "s" / "pg").exists()


@pytest.mark.parametrize("arguments", [["live"], ["live", "--check"]])
def test_everything_that_stops_a_start_is_told_at_once(arguments: list[str], tmp_path: Path) -> None:
    """Missing keys, a taken port and a database that is away: one refusal, before any training, without the password."""
    given = on_free_ports(tmp_path / "s")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(given["PRACHA_BOT_PORT"])))
        taken.listen()
        done = supervise(*arguments, **given, DATABASE_URL="postgresql://pracha:hush%40hush@127.0.0.1:1/pracha")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len([line for line in lines if line.endswith("is not set")]) == 4
    assert any(f"port {given['PRACHA_BOT_PORT']} is in use" in line for line in lines)
    assert lines[-1].startswith("  - DATABASE_URL: the server does not answer: ")
    assert "refused" in lines[-1]
    assert "hush" not in done.stderr


@pytest.mark.parametrize("url", ["postgresql://u:hush@sh@127.0.0.1:1/x", "postgresql://u:hu%zzsh@127.0.0.1:1/x"])
def test_a_password_that_breaks_the_address_is_not_told(url: str, tmp_path: Path) -> None:
    """Signs that should have been escaped: the reason never quotes them."""
    done = supervise("demo", "--check", **on_free_ports(tmp_path / "s"), DATABASE_URL=url)
    assert done.returncode == 1
    assert "DATABASE_URL: " in done.stderr
    assert not re.search("hu|sh", done.stderr.partition("DATABASE_URL: ")[2].partition(": an @ in")[0])


def test_a_database_that_goes_before_the_start_stops_it(tmp_path: Path) -> None:
    """Without `--check` too, as a service starts: told at the console, nothing waits in silence."""
    url = "postgresql://pracha:hush@127.0.0.1:1/pracha"
    done = supervise("demo", **on_free_ports(tmp_path / "s"), DATABASE_URL=url)
    assert done.returncode == 1
    assert "  - DATABASE_URL: the server does not answer: " in done.stderr
    assert "hush" not in done.stderr


@pytest.mark.parametrize(("kept", "wanted"), [("demo", "live"), ("live", "demo")])
@pytest.mark.parametrize("check", [[], ["--check"]])
def test_a_stack_does_not_start_on_the_data_of_the_other_mode(
    kept: str, wanted: str, check: list[str], tmp_path: Path
) -> None:
    """One line with the way out, and nothing is made: neither keys nor a database."""
    state = tmp_path / "s"
    mode_file(state).parent.mkdir(parents=True)
    mode_file(state).write_text(kept)
    done = supervise(wanted, *check, **on_free_ports(state), **KEYS)
    assert done.returncode == 1
    said = f"{state} holds the data of {kept}, not of {wanted}: set PRACHA_STATE_DIR to another folder, or move it away"
    assert done.stderr.splitlines()[1:] == [f"  - {said}"]
    assert sorted(path.name for path in state.rglob("*")) == ["mode", "run"]


def test_an_address_of_another_machine_stops_a_start(tmp_path: Path) -> None:
    """One line with the setting, not a gateway that dies again and again. (192.0.2.0/24 is nobody's, RFC 5737.)"""
    done = supervise("demo", "--check", **on_free_ports(tmp_path / "s"), PRACHA_PUBLIC_HOST="192.0.2.7")
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == ["  - PRACHA_PUBLIC_HOST is 192.0.2.7, which is no address of this machine"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::"])
def test_the_public_port_must_be_free_on_loopback_too(host: str, tmp_path: Path) -> None:
    """There the gateway always opens it: health checks and the terminal chat ask there."""
    given = on_free_ports(tmp_path / "s")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(given["PRACHA_PUBLIC_PORT"])))
        taken.listen()
        done = supervise("demo", "--check", **given, PRACHA_PUBLIC_HOST=host)
    (line,) = done.stderr.splitlines()[1:]
    assert f"port {given['PRACHA_PUBLIC_PORT']} is in use" in line
