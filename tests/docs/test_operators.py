# SPDX-License-Identifier: Apache-2.0
"""What an operator copies from the pages at night: it destroys no key, and names the command that sees the service's."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from app.line_setup import LineOff, line_of
from app.settings import load_settings
from app.settings_checks import channel_problems
from app.settings_table import KEY_NAMES, all_rows
from channels.gateway.metrics import Metrics
from channels.line.errors import classify_answer

ROOT = Path(__file__).resolve().parents[2]
OPERATORS = ROOT / "docs" / "operators"
LINE = (ROOT / "docs" / "channels" / "line.md").read_text(encoding="utf-8")
KEYS = [name.removeprefix("PRACHA_").lower() for name in KEY_NAMES]


def fences(page: Path) -> list[str]:
    """The fenced blocks of a page, without the indentation of the list that they stand in."""
    found = re.finditer(r"^( *)```\w*\n(.*?)^\1```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{one[1]}", "", one[2], flags=re.MULTILINE) for one in found]


def block_with(words: str) -> str:
    """The one block of install.md with these words."""
    (block,) = [one for one in fences(OPERATORS / "install.md") if words in one]
    return block


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine whose root we are: `bin`, `etc`, `units` and the installation in `app`."""
    for name in ("bin", "units", "app"):
        (tmp_path / name).mkdir()
    (tmp_path / "app" / "deploy").symlink_to(ROOT / "deploy")
    for name, text in {"sudo": 'exec "$@"', "systemctl": "exit 0"}.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    return tmp_path


def typed(machine: Path, block: str) -> int:
    """The block as typed there; there is no user prachabot in a test."""
    here = block.replace("-g prachabot ", "").replace("/etc/prachabot", str(machine / "etc"))
    here = here.replace("/etc/systemd/system", str(machine / "units"))
    here = here.replace("/opt/prachabot/app", str(machine / "app"))
    path = f"{machine / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash"], input=here, cwd=machine / "app", env={"PATH": path}, text=True, check=False
    ).returncode


def test_the_keys_of_the_service_survive_a_second_time(machine: Path) -> None:
    """Nothing that was made or edited is made anew: without its vault key all data would be lost."""
    block = block_with("systemctl daemon-reload\n")
    typed(machine, block)
    made = {name: (machine / "etc" / "keys" / name).read_text() for name in KEYS}
    assert len(set(made.values())) == len(KEYS)
    assert all(len(key) > 40 for key in made.values())
    assert {(machine / "etc" / "keys" / name).stat().st_mode & 0o077 for name in KEYS} == {0}
    (machine / "etc" / "settings.env").write_text("edited")
    typed(machine, block)
    assert {name: (machine / "etc" / "keys" / name).read_text() for name in KEYS} == made
    assert (machine / "etc" / "settings.env").read_text() == "edited"


def test_the_keys_of_an_env_file_are_taken(machine: Path) -> None:
    """A stack that ran from `.env` keeps its data when it becomes a service; the page says so before the block."""
    kept = {name: f"{name}-of-then=" for name in KEYS}
    lines = "".join(f"PRACHA_{name.upper()}={key}\n" for name, key in kept.items())
    (machine / "app" / ".env").write_text(lines + "PRACHA_PUBLIC_URL=https://chat.example.go.th\n")
    typed(machine, block_with("systemctl daemon-reload\n"))
    assert {name: (machine / "etc" / "keys" / name).read_text().strip() for name in KEYS} == kept
    page = (OPERATORS / "install.md").read_text(encoding="utf-8")
    assert page.index("A stack that ran from `.env` before") < page.index("systemctl daemon-reload")


def test_a_second_env_file_is_not_written(machine: Path) -> None:
    """The first one is complete and private; the second try says that it is there."""
    block = block_with("PRACHA_AGENCY_PLACE=")
    assert typed(machine, block) == 0
    file = machine / "app" / ".env"
    made = file.read_text(encoding="utf-8")
    assert {f"PRACHA_{name.upper()}" for name in KEYS} <= set(re.findall(r"^(\w+)=", made, re.MULTILINE))
    assert made.count("PRACHA_PUBLIC_URL=") == 1
    assert file.stat().st_mode & 0o077 == 0
    assert typed(machine, block) != 0
    assert file.read_text(encoding="utf-8") == made


@pytest.mark.parametrize("name", ["running.md", "troubleshooting.md", "privacy.md"])
def test_the_command_of_the_service_comes_first(name: str) -> None:
    """`.venv/bin/pracha` does not see the service's keys; it is named for those without a service only."""
    text = (OPERATORS / name).read_text(encoding="utf-8")
    top = text.partition("\n## ")[0]
    assert "without" in top.lower()
    assert "`.venv/bin/pracha …`" in top
    assert "sudo deploy/pracha" in text
    lines = [line for block in fences(OPERATORS / name) for line in block.splitlines()]
    assert [line for line in lines if re.match(r"(\$ )?\.venv/bin/pracha", line)] == []
    rows = [line for line in text.splitlines() if line.startswith("|") and ".venv/bin/pracha" in line]
    assert [row for row in rows if not re.search(r"without the service|does not see", row)] == []


def test_no_page_sends_the_services_keys_into_an_env_file() -> None:
    """The service reads no `.env`."""
    assert "put them into `.env`" not in (OPERATORS / "troubleshooting.md").read_text(encoding="utf-8")


def test_errors_of_line_setup_are_explained(tmp_path: Path) -> None:
    """What the command says is what the table has, up to where it says `…`."""
    table = LINE.partition("| it says | do |")[2].partition("\n\n")[0]
    told = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)

    async def off() -> None:
        environ = {"PRACHA_ENV_FILE": "", "PRACHA_STATE_DIR": str(tmp_path), "PRACHA_SANDBOX": "off"}
        async with line_of(load_settings("demo", environ=environ)):
            pass

    with pytest.raises(LineOff) as is_off:
        asyncio.run(off())
    [halves] = channel_problems({row.name: "" for row in all_rows()} | {"PRACHA_LINE_CHANNEL_ID": "1"})
    wrong_secret = json.dumps({"error_description": "invalid client_id or client_secret"})
    wrong_token = json.dumps({"message": "Authentication failed due to the following reason: invalid token."})
    said = [
        str(is_off.value),
        halves,
        f"LINE: {classify_answer(400, wrong_secret, {}).reason}",
        f"LINE: {classify_answer(401, wrong_token, {}).reason}",
        "LINE: ClientConnectorError",
    ]
    starts = [one.partition("…")[0] for one in told]
    assert [one for one in said if not one.startswith(tuple(starts))] == []


def test_alerts_are_on_figures_that_are_measured() -> None:
    """A row with a name that nobody measures never fires."""
    measured = {sample for family in Metrics().registry.collect() for sample in (family.name, f"{family.name}_total")}
    measured |= {f"{family.name}_bucket" for family in Metrics().registry.collect()}
    text = (OPERATORS / "running.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(pracha_[a-z_]+)", text))
    assert 'rate(pracha_deliveries_total{result="unauthorised"}[5m]) > 0' in text
    assert named - measured == set()


def test_why_an_answer_is_dead_is_explained() -> None:
    """The reasons that LINE's deliveries end with, and what to do about a spent quota."""
    section = (
        (OPERATORS / "running.md").read_text(encoding="utf-8").partition("## Dead letters")[2].partition("\n## ")[0]
    )
    for why in ("`quota_spent`", "`status 4xx; …`", "`Unsealable`", "`ClientConnectorError`"):
        assert why in section
    assert "dead replay --reason quota_spent" in section
    assert "dead replay --reason quota_spent" in LINE
