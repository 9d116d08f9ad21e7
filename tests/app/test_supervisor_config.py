# SPDX-License-Identifier: Apache-2.0
"""The processes of a stack, and the configuration as supervisord itself reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from supervisor.options import ServerOptions

from app.processes import SECRET_NAMES, processes_of
from app.settings import Settings, load_settings
from app.supervisor_config import supervisor_config


def settings_for(state_dir: Path, **environ: str) -> Settings:
    return load_settings("demo", environ={"PRACHA_STATE_DIR": str(state_dir), **environ}, env_file=state_dir / "none")


def read_back(settings: Settings, folder: Path) -> list[Any]:
    """The process configurations that supervisord makes of the text."""
    for name in ("log", "run"):
        (settings.state_dir / name).mkdir(parents=True, exist_ok=True)
    path = folder / "supervisord.conf"
    path.write_text(supervisor_config(settings, processes_of(settings)), encoding="utf-8")
    options = ServerOptions()
    options.realize(["-c", str(path)], doc="")
    return [config for group in options.process_group_configs for config in group.process_configs]


def test_the_demo_runs_all_and_live_neither_sandbox_nor_a_second_database(tmp_path: Path) -> None:
    """Which processes there are follows from the settings alone."""
    demo = [one.name for one in processes_of(settings_for(tmp_path))]
    assert demo == ["postgres", "sandbox", "actions", "bot", "bot2", "worker", "gateway", "line"]
    served = settings_for(tmp_path, PRACHA_SANDBOX="off", DATABASE_URL="postgresql://u@db/x")
    assert [one.name for one in processes_of(served)] == ["actions", "bot", "bot2", "worker", "gateway"]


def test_only_the_gateway_is_open_to_the_outside(tmp_path: Path) -> None:
    """Every other process listens on loopback, or on nothing."""
    assert [one.name for one in processes_of(settings_for(tmp_path)) if one.host != "127.0.0.1"] == ["gateway"]


def test_the_database_starts_first_and_stops_last(tmp_path: Path) -> None:
    """supervisord starts by rising and stops by falling priority."""
    by_priority = sorted(read_back(settings_for(tmp_path), tmp_path), key=lambda one: one.priority)
    assert by_priority[0].name == "postgres"
    assert [one.name for one in by_priority[-2:]] == ["gateway", "line"]
    assert len({one.priority for one in by_priority}) == len(by_priority)


def test_everything_is_restarted_and_ended_with_its_group(tmp_path: Path) -> None:
    """No process is given up, none leaves children; the second bot waits to be asked."""
    for one in read_back(settings_for(tmp_path), tmp_path):
        assert one.startretries > 100_000
        assert one.autorestart.__name__ == "RestartUnconditionally"
        assert one.stopasgroup
        assert one.killasgroup
        assert one.stdout_logfile_maxbytes > 0
        assert one.autostart is (one.name != "bot2")


@pytest.mark.parametrize("name", ["plain", "with space", "per%cent", "ประชา", "it's"])
def test_any_folder_name_survives_the_configuration(tmp_path: Path, name: str) -> None:
    """supervisord expands % and splits commands; paths must come out as they went in."""
    settings = settings_for(tmp_path / name)
    found = {one.name: one for one in read_back(settings, tmp_path)}
    assert found["bot"].environment["DATABASE_URL"] == settings.database_url
    assert found["gateway"].stdout_logfile == str(settings.state_dir / "log" / "gateway.log")


def test_the_second_bot_is_the_bot_on_the_next_port(tmp_path: Path) -> None:
    """Same command, same database, port plus one."""
    found = {one.name: one for one in read_back(settings_for(tmp_path, PRACHA_BOT_PORT="6005"), tmp_path)}
    assert found["bot2"].command == found["bot"].command
    assert found["bot2"].environment["PRACHA_BOT_PORT"] == "6006"


def test_secrets_are_withheld_from_who_does_not_need_them(tmp_path: Path) -> None:
    """The action server sees no database and no key, the bot no key but its token, the sandbox nothing at all."""
    settings = settings_for(tmp_path, DATABASE_URL="postgresql://u:hunter2@db/x")
    found = {one.name: one for one in read_back(settings, tmp_path)}
    withheld = {name: {key for key, value in one.environment.items() if not value} for name, one in found.items()}
    given = {name for name in SECRET_NAMES if name in settings.environment}
    assert {"DATABASE_URL", "PRACHA_VAULT_KEY"} <= given
    assert withheld["gateway"] == withheld["worker"] == set()
    assert withheld["actions"] == given - {"PRACHA_INTERNAL_TOKEN"}
    assert withheld["bot"] == withheld["bot2"] == given - {"PRACHA_INTERNAL_TOKEN", "DATABASE_URL"}
    assert withheld["sandbox"] == given


def test_the_text_holds_no_secret(tmp_path: Path) -> None:
    """The configuration is a file; secrets travel by environment."""
    settings = settings_for(tmp_path, DATABASE_URL="postgresql://u:hunter2@db/x")
    text = supervisor_config(settings, processes_of(settings))
    secrets = [value for name, value in settings.environment.items() if name in SECRET_NAMES]
    assert len(secrets) >= 5
    assert [secret for secret in secrets if secret in text] == []
