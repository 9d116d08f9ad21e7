# SPDX-License-Identifier: Apache-2.0
"""Reads what stands in deploy/: systemd's units with their drop-ins, and the Caddyfile."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SYSTEMD = DEPLOY / "systemd"
SERVICES = ("prachabot.service", "prachabot-backup.service")
DROP_INS = ("line.conf", "telegram.conf", "database.conf")


@dataclass(frozen=True, slots=True)
class Unit:
    """(section, name, value) of each line, in order; a name can stand several times."""

    lines: tuple[tuple[str, str, str], ...]

    def all(self, name: str, section: str = "Service") -> list[str]:
        return [value for where, key, value in self.lines if (where, key) == (section, name)]

    def one(self, name: str, section: str = "Service") -> str:
        (value,) = self.all(name, section)
        return value

    def environment(self, credentials: str) -> dict[str, str]:
        """What `Environment=` sets, with `%d` as systemd replaces it: the folder of the credentials."""
        pairs = [pair for value in self.all("Environment") for pair in shlex.split(value)]
        return {name: value.replace("%d", credentials) for name, _, value in (pair.partition("=") for pair in pairs)}

    def credentials(self) -> dict[str, str]:
        """The file behind each credential."""
        return {name: path for name, _, path in (value.partition(":") for value in self.all("LoadCredential"))}


def read_unit(name: str, drop_ins: Sequence[str] = ()) -> Unit:
    """A unit of deploy/systemd together with drop-ins from there."""
    found = []
    for file in (name, *drop_ins):
        section = ""
        for line in (SYSTEMD / file).read_text(encoding="utf-8").splitlines():
            if heading := re.fullmatch(r"\[(\w+)\]", line):
                section = heading[1]
            elif line and not line.startswith("#"):
                key, equals, value = line.partition("=")
                assert equals, f"{file}: {line}"
                found.append((section, key, value))
    return Unit(tuple(found))


def caddy_blocks() -> dict[str, str]:
    """The text of each block at the Caddyfile's margin, without comments, by the words before its brace."""
    text = "\n".join(
        line for line in (DEPLOY / "Caddyfile").read_text(encoding="utf-8").splitlines() if not re.match(r"\s*#", line)
    )
    blocks = re.finditer(r"^([^\s{][^\n{]*)?\{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    return {(found[1] or "").strip(): found[2] for found in blocks}
