# SPDX-License-Identifier: Apache-2.0
"""The units start what there is, with settings that it takes, in the folders that it uses."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pytest
from dotenv import dotenv_values

from app.processes import processes_of
from app.settings import Mode, Settings, load_settings
from app.settings_table import KEY_NAMES, all_rows
from app.supervise import main as supervise
from tests.deploy.units import DEPLOY, DROP_INS, ROOT, SERVICES, SYSTEMD, read_unit

APP = PurePosixPath("/opt/prachabot/app")
#: stateless tokens are made from id and secret: one secret less to keep
NOT_NEEDED = {"PRACHA_LINE_ACCESS_TOKEN"}
RANDOM = "Zx81kQmW7tRvHb4nPq0sLe2y"
VALUES = {
    "vault_key": base64.b64encode(bytes(range(32))).decode(),
    "database_url": "postgresql://pracha:orchid@db.internal:5432/pracha",
    "telegram_token": "100200300:Hk3nPq8sTvWxYz_aBcDeFgHiJkLmNoPqRs",
}


def settings_under(unit: str, drop_ins: Sequence[str], folder: Path, **more: str) -> Settings:
    """The settings as the unit's process would read them, its credentials being files in `folder`."""
    parsed = read_unit(unit, drop_ins)
    for name in parsed.credentials():
        (folder / name).write_text(VALUES.get(name, RANDOM) + "\n", encoding="utf-8")
    kept = {name: value for name, value in dotenv_values(DEPLOY / "settings.env").items() if value}
    environ = {**kept, **more, "PRACHA_STATE_DIR": str(folder / "var"), **parsed.environment(str(folder))}
    mode: Mode | None = "live" if unit == "prachabot.service" else None  # the other one must say so in its environment
    return load_settings(mode, environ=environ)


@pytest.mark.parametrize("unit", SERVICES)
def test_live_starts_on_the_settings_of_a_unit(unit: str, tmp_path: Path) -> None:
    """Nothing is missing and nothing is refused, with the example of the settings and a file for each key."""
    settings = settings_under(unit, (), tmp_path)
    assert settings.mode == "live"
    assert settings.vault_key == bytes(range(32))
    assert settings.public_url == "https://chat.example.go.th"


@pytest.mark.parametrize("unit", SERVICES)
def test_every_drop_in_brings_its_secrets(unit: str, tmp_path: Path) -> None:
    """LINE, Telegram and a database server are on once their drop-ins are there, for both services."""
    settings = settings_under(unit, DROP_INS, tmp_path, PRACHA_LINE_CHANNEL_ID="1650000001")
    assert settings.line_channel_secret == RANDOM
    assert settings.telegram_token == VALUES["telegram_token"]
    assert settings.database_url == VALUES["database_url"]
    assert not settings.embedded_database


@pytest.mark.parametrize("unit", SERVICES)
def test_every_secret_has_a_place(unit: str) -> None:
    """A new secret needs a line in the units (when live must have it) or a drop-in."""
    secrets = {row.name for row in all_rows() if row.secret} - NOT_NEEDED
    in_unit = set(read_unit(unit).environment("")) & {f"{name}_FILE" for name in secrets}
    in_all = set(read_unit(unit, DROP_INS).environment("")) & {f"{name}_FILE" for name in secrets}
    assert in_unit == {f"{name}_FILE" for name in KEY_NAMES}
    assert in_all == {f"{name}_FILE" for name in secrets}


@pytest.mark.parametrize("unit", SERVICES)
def test_each_credential_is_pointed_at(unit: str) -> None:
    """What is loaded is what is read, from the folder that only root can read, under the same name."""
    parsed = read_unit(unit, DROP_INS)
    pointed = {value for name, value in parsed.environment("CREDENTIALS").items() if name.endswith("_FILE") and value}
    assert pointed == {f"CREDENTIALS/{name}" for name in parsed.credentials()}
    assert parsed.credentials() == {name: f"/etc/prachabot/keys/{name}" for name in parsed.credentials()}


def test_no_secret_stands_in_a_file_of_the_service() -> None:
    """Settings with secrets in the example would be copied; what it sets are settings."""
    rows = {row.name: row for row in all_rows()}
    text = (DEPLOY / "settings.env").read_text(encoding="utf-8")
    named = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)
    assert len(named) > 5
    assert [name for name in named if name not in rows or rows[name].secret] == []


def test_the_service_is_what_make_serve_runs() -> None:
    """The same module with the same words, and one that it understands."""
    command = read_unit("prachabot.service").one("ExecStart").split()
    serve = re.search(
        r"^serve:.*\n(?:\t.*\n)*\t@exec \$\(PYTHON\) (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert serve is not None
    assert " ".join(command) == f"{APP}/.venv/bin/python {serve[1]}"
    assert supervise(["nonsense"]) == int(read_unit("prachabot.service").one("RestartPreventExitStatus"))


@pytest.mark.parametrize("unit", SERVICES)
def test_paths_are_those_of_the_installation(unit: str) -> None:
    """One folder, whose state directory alone can be written to."""
    parsed = read_unit(unit)
    (default,) = (row.default for row in all_rows() if row.name == "PRACHA_STATE_DIR")
    assert parsed.one("WorkingDirectory") == str(APP)
    assert parsed.one("ReadWritePaths") == str(APP / default)
    assert parsed.one("ExecStart").startswith(f"{APP}/.venv/bin/")


def test_there_is_time_to_stop_every_process(tmp_path: Path) -> None:
    """They are stopped one after the other; killed earlier, the database would have to recover."""
    settings = settings_under("prachabot.service", (), tmp_path)
    longest = sum(one.stop_seconds for one in processes_of(settings))
    assert longest < int(read_unit("prachabot.service").one("TimeoutStopSec"))
    assert read_unit("prachabot.service").one("KillMode") == "mixed"


def test_the_backup_clears_where_it_writes() -> None:
    """Old backups are looked for in the folder and under the name of the new ones."""
    source = (ROOT / "app" / "backup.py").read_text(encoding="utf-8")
    folder, name = re.findall(r'settings\.state_dir / "(\w+)" / f"(\w+-)\{', source)[0]
    parsed = read_unit("prachabot-backup.service")
    assert parsed.one("ExecStart").split()[1:] == ["backup"]
    assert parsed.one("ExecStartPost").split()[1:4] == [f"{APP}/var/{folder}", "-name", f"{name}*.tar"]
    assert read_unit("prachabot-backup.timer").one("Persistent", "Timer") == "yes"


def test_both_services_are_hardened_alike() -> None:
    """What one must not do the other must not do either."""
    words = (
        "Protect",
        "Private",
        "Restrict",
        "SystemCall",
        "Capability",
        "Ambient",
        "NoNew",
        "Lock",
        "Keyring",
        "UMask",
    )

    def hardening(unit: str) -> list[tuple[str, str]]:
        lines = [(key, value) for section, key, value in read_unit(unit).lines if section == "Service"]
        return sorted(one for one in lines if one[0].startswith(words))

    service, backup = (hardening(unit) for unit in SERVICES)
    assert ("NoNewPrivileges", "yes") in service
    assert ("ProtectSystem", "strict") in service
    assert ("CapabilityBoundingSet", "") in service
    assert service == backup


@pytest.mark.parametrize("file", [one.name for one in sorted(SYSTEMD.iterdir())])
def test_no_line_breaks_an_ini_file(file: str) -> None:
    """Comments stand on lines of their own: systemd would take one behind a value as part of it."""
    assert [value for _, _, value in read_unit(file).lines if " #" in value] == []


class TestCommandForPeople:
    """`deploy/pracha`: the command with the settings and keys of the service."""

    def run(self, etc: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PRACHA_", "DATABASE_"))}
        return subprocess.run(
            [str(DEPLOY / "pracha"), *arguments],
            env={**kept, "PRACHABOT_ETC": str(etc)},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_it_hands_over_settings_and_keys(self, tmp_path: Path) -> None:
        """The command finds what the service finds: an unreachable database is its first complaint."""
        (tmp_path / "keys").mkdir()
        keys = {**{name.removeprefix("PRACHA_").lower(): RANDOM for name in KEY_NAMES}, **VALUES}
        keys |= {"database_url": "postgresql://pracha:orchid@127.0.0.1:1/pracha", "telegram_secret": RANDOM}
        for name, value in keys.items():
            (tmp_path / "keys" / name).write_text(value + "\n", encoding="utf-8")
        state = f"PRACHA_STATE_DIR={tmp_path / 'var'}\n"
        (tmp_path / "settings.env").write_text((DEPLOY / "settings.env").read_text("utf-8") + state, encoding="utf-8")
        done = self.run(tmp_path, "backup")
        assert "the database does not answer" in done.stderr
        assert done.returncode == 1
        (tmp_path / "keys" / "vault_key").unlink()
        assert "PRACHA_VAULT_KEY is not set" in self.run(tmp_path, "backup").stderr

    def test_without_the_keys_it_says_what_to_do(self, tmp_path: Path) -> None:
        """Who forgets `sudo` is told so, and no half of the settings is used."""
        done = self.run(tmp_path, "case", "list")
        assert done.returncode == 1
        assert "use sudo" in done.stderr
