# SPDX-License-Identifier: Apache-2.0
"""What the bot process takes from its environment, read once and complained about all at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingsError(Exception):
    """Settings that cannot be used; the text names every problem, one a line, and no secret."""


@dataclass(frozen=True)
class Settings:
    """Ports on 127.0.0.1, the token of the internal calls, and the files of Rasa's own configuration."""

    bot_port: int
    internal_port: int
    actions_port: int
    internal_token: str
    database_url: str
    endpoints: Path
    credentials: Path

    def __repr__(self) -> str:
        return f"Settings(bot_port={self.bot_port}, internal_port={self.internal_port}, …)"


def read(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Settings from PRACHA_BOT_PORT, _INTERNAL_PORT, _ACTIONS_PORT, _INTERNAL_TOKEN (or _FILE) and DATABASE_URL.

    folder: where endpoints.yml and credentials.yml lie; the current directory by default.
    Raises SettingsError naming everything that is missing or wrong.
    """
    env = os.environ if environ is None else environ
    place = Path.cwd() if folder is None else folder
    problems: list[str] = []
    bot_port = _port(env, "PRACHA_BOT_PORT", 5005, problems)
    internal_port = _port(env, "PRACHA_INTERNAL_PORT", 8082, problems)
    actions_port = _port(env, "PRACHA_ACTIONS_PORT", 5055, problems)
    token = _secret(env, "PRACHA_INTERNAL_TOKEN", problems)
    database = _secret(env, "DATABASE_URL", problems)
    if database and not database.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        problems.append("DATABASE_URL must begin with postgresql://")
    problems += [
        f"{name} is missing in the working directory"
        for name in ("endpoints.yml", "credentials.yml")
        if not (place / name).is_file()
    ]
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(
        bot_port=bot_port,
        internal_port=internal_port,
        actions_port=actions_port,
        internal_token=token,
        database_url=database,
        endpoints=place / "endpoints.yml",
        credentials=place / "credentials.yml",
    )


def export(settings: Settings) -> None:
    """Put the settings where Rasa's reader expects them, so that `${NAME}` in its files is never undefined."""
    os.environ.update(
        {
            "PRACHA_BOT_PORT": str(settings.bot_port),
            "PRACHA_INTERNAL_PORT": str(settings.internal_port),
            "PRACHA_ACTIONS_PORT": str(settings.actions_port),
            "PRACHA_INTERNAL_TOKEN": settings.internal_token,
            "DATABASE_URL": settings.database_url,
        }
    )


def _port(env: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    problems.append(f"{name} must be a port number")
    return default


def _secret(env: Mapping[str, str], name: str, problems: list[str]) -> str:
    value = env.get(name, "").strip()
    if not value and env.get(f"{name}_FILE"):
        try:
            value = Path(env[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
        except OSError:
            problems.append(f"{name}_FILE cannot be read")
            return ""
    if not value:
        problems.append(f"{name} is not set")
    return value
