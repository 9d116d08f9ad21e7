# SPDX-License-Identifier: Apache-2.0
"""The command `pracha` as an operator calls it: help everywhere, one clear line for every mistake."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import click
import psycopg
import pytest

from app import cli_services
from app.backup import libpq_environment
from app.cli import cli, main
from app.embedded_postgres import BINARIES, running

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the machine, and a state directory without a stack."""
    for name in [name for name in os.environ if name.startswith(("PRACHA_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PRACHA_ENV_FILE", "")
    monkeypatch.setenv("PRACHA_STATE_DIR", str(tmp_path / "state"))


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every command and group."""
    yield path
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


def test_help_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command and group explains itself, and each of its options."""
    for path in commands(cli):
        capsys.readouterr()
        assert main([*path, "--help"]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(f"Usage: {' '.join(('pracha', *path))}")
        assert len(shown.splitlines()) >= 4


def test_only_commands_that_work_are_listed() -> None:
    """What a later version brings does not show."""
    listed = cli.list_commands(click.Context(cli))
    assert listed == [
        "backup",
        "bot",
        "case",
        "chat",
        "data",
        "dead",
        "doctor",
        "line",
        "nlu",
        "restore",
        "services",
        "thai",
        "train",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (["nonsense"], 2, "pracha: No such command 'nonsense'"),
        (["case", "show"], 2, "pracha case show: Missing argument 'NUMBER'"),
        (["case", "show", "12"], 2, "12 is no case number"),
        (["case", "show", "2569-6MXVTJ"], 2, "2569-6MXVTJ is no case number"),
        (["case", "set-state", "2569-6MXVTH", "lost", "--reason", "x"], 2, "'lost' is no state"),
        (["case", "set-state", "2569-6MXVTH", "finish"], 2, "Missing option '--reason'"),
        (["case", "set-state", "2569-6MXVTH", "finish", "--reason", " "], 2, "must say why"),
        (["case", "list"], 1, "pracha: the database does not answer: is the stack running?"),
        (["dead", "replay", "x"], 2, "'x' is no id of `pracha dead list` (12 or a12)"),
        (["data", "erase", "web:1"], 2, "Missing option '--reason'"),
        (["nlu", "parse", "/no/such/file"], 2, "does not exist"),
        (["nlu", "parse", __file__], 1, "is no JSON object with a text"),
        (["services", "new", "Bad Name"], 2, "use lower-case letters"),
        (["services", "new", "air_quality"], 1, "there is a service air_quality already"),
        (["backup"], 1, "the database does not answer: is the stack running?"),
        (["chat"], 1, "is `make up` running?"),
    ],
)
def test_a_mistake_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, part: str
) -> None:
    """Non-zero, nothing on the output, one line on the error stream."""
    assert main(arguments) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert part in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_wrong_settings_are_one_line_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """All problems of the settings, no trace."""
    monkeypatch.setenv("PRACHA_BOT_PORT", "x")
    assert main(["case", "list"]) == 1
    assert capsys.readouterr().err.startswith("pracha: PRACHA_BOT_PORT must be a port")


def test_the_command_of_the_environment_works_from_any_folder(tmp_path: Path) -> None:
    """`.venv/bin/pracha` as the set-up makes it, called through a link in a folder with an `app` of its own."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('the wrong app')")
    text = (ROOT / "app" / "setup" / "app_env.sh").read_text()
    script = text.partition("<<'END'\n")[2].partition("END\n")[0]
    command = tmp_path / "checkout" / ".venv" / "bin" / "pracha"
    command.parent.mkdir(parents=True)
    command.write_text(script)
    command.chmod(0o755)
    python = command.parent / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for name in ("app", "catalogue", "channels", "core", "store", "thai"):
        (tmp_path / "checkout" / name).symlink_to(ROOT / name)
    done = subprocess.run([str(command), "--version"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "pracha, version 0.1.0\n"), done.stderr


def test_doctor_examines_and_names_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """One line each; a model that the start trains is not missed yet."""
    code = main(["doctor"])
    lines = capsys.readouterr().out.splitlines()
    assert code == (1 if any(line.startswith("✗") for line in lines) else 0)
    assert all(line[:2] in ("✓ ", "! ", "✗ ") for line in lines)
    assert any(line.startswith("! no trained model yet: `make up` and `make serve` train one first") for line in lines)
    assert any(line.startswith("✓ bot: Python 3.10") for line in lines)
    assert "✓ embedded database: starts with the stack" in lines


def test_doctor_tells_every_problem_of_live(capsys: pytest.CaptureFixture[str]) -> None:
    """The same refusals as `make serve`, one line each."""
    assert main(["doctor", "--live"]) == 1
    said = capsys.readouterr().out
    for name in ("VAULT_KEY", "PSEUDONYM_KEY", "SESSION_KEY", "INTERNAL_TOKEN"):
        assert f"✗ PRACHA_{name} is not set" in said


def test_backup_holds_the_database_the_media_and_the_model_and_no_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The dump restores; the file is private and never replaces another."""
    state = tmp_path / "state"
    (state / "media").mkdir(parents=True)
    (state / "media" / "photo").write_bytes(b"jpeg")
    with running(state) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept ()")
        assert main(["backup", str(tmp_path / "copy.tar")]) == 0
        assert main(["backup", str(tmp_path / "copy.tar")]) == 1
    assert "is there already" in capsys.readouterr().err
    with tarfile.open(tmp_path / "copy.tar") as archive:
        assert {"database.dump", "state/media/photo"} <= set(archive.getnames())
        assert not [name for name in archive.getnames() if "keys" in name]
        archive.extract("database.dump", tmp_path, filter="data")
    listed = subprocess.check_output([BINARIES / "pg_restore", "--list", tmp_path / "database.dump"], text=True)
    assert "TABLE public kept postgres" in listed
    assert (tmp_path / "copy.tar").stat().st_mode & 0o077 == 0


def test_the_password_of_the_database_is_no_argument() -> None:
    """pg_dump gets the address by environment, password and socket folder included."""
    assert libpq_environment("postgresql://u:p%40ss@db:5433/x?sslmode=require") == {
        "PGUSER": "u",
        "PGPASSWORD": "p@ss",
        "PGHOST": "db",
        "PGPORT": "5433",
        "PGDATABASE": "x",
        "PGSSLMODE": "require",
    }


def test_services_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Every service file with its owner."""
    assert main(["services", "list"]) == 0
    shown = capsys.readouterr().out
    assert "air_quality" in shown
    assert "city_report" in shown


@pytest.fixture
def own_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what authors wrote, which `pracha services` works on."""
    copy = tmp_path / "nlu_data"
    shutil.copytree(ROOT / "nlu_data", copy)
    monkeypatch.setattr(cli_services, "NLU_DATA", copy)
    monkeypatch.setattr(cli_services, "FOLDER", copy / "services")
    monkeypatch.chdir(tmp_path)
    return copy


def test_a_new_service_is_a_draft_until_it_is_written(own_catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is still to be written is an error with file and line, seen from here; the services without are the same."""
    assert main(["services", "list"]) == 0
    before = capsys.readouterr().out
    assert main(["services", "new", "tax_refund"]) == 0
    assert capsys.readouterr().out.startswith("nlu_data/services/tax_refund.yml: write what begins with แก้ไข:")
    assert main(["services", "check"]) == 1
    said = capsys.readouterr()
    left = [line for line in said.out.splitlines() if "nlu_data/services/tax_refund.yml:" in line]
    why = "error: 'แก้ไข:' is left from the template: write it; until then the service is left out"
    assert left[0] == f"nlu_data/services/tax_refund.yml:10: {why}"
    assert len(left) >= 10
    assert said.err.startswith(f"pracha: errors: {len(left)}, warnings: ")
    assert main(["services", "list"]) == 0
    assert capsys.readouterr().out == f"{before}left out, still to be written: tax_refund\n"
    path = own_catalogue / "services" / "tax_refund.yml"
    path.write_text(path.read_text(encoding="utf-8").replace('"แก้ไข: ', '"'), encoding="utf-8")
    assert main(["services", "check"]) == 0
    assert "tax_refund.yml" in capsys.readouterr().out  # its warnings: it is a service now


def test_an_error_fails_the_check(own_catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors come first, with file and line; the warnings are told as well."""
    path = own_catalogue / "services" / "id_card.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("for: [expired,", "for: [expried,", 1), encoding="utf-8")
    assert main(["services", "check"]) == 1
    said = capsys.readouterr()
    first, second = said.out.splitlines()[:2]
    assert re.match(r"nlu_data/services/id_card\.yml:\d+: error: .*'expried'", first)
    assert ": warning: " in second
    assert re.fullmatch(r"pracha: errors: 1, warnings: \d+\n", said.err)


def test_a_file_that_cannot_be_read_fails_the_check(own_catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One that is no service at all."""
    path = own_catalogue / "services" / "id_card.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("risk: low", "risk: none"), encoding="utf-8")
    assert main(["services", "check"]) == 1
    assert re.match(r"nlu_data/services/id_card\.yml:\d+: error: ", capsys.readouterr().out)
