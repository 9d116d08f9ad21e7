# SPDX-License-Identifier: Apache-2.0
"""The settings of one stack, read once from the environment and `.env`, all problems told at once."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from dotenv import dotenv_values

from app.demo_keys import demo_keys
from app.embedded_postgres import embedded_url
from app.settings_checks import channel_problems, is_sandbox_url, live_problems, shared_ports
from app.settings_table import AGENCIES, KEY_NAMES, AgencyRow, Row, all_rows
from app.settings_values import Network
from app.state_paths import kept_mode, other_mode

Mode = Literal["demo", "live"]
ROOT = Path(__file__).resolve().parents[1]
ENV_FILE = ROOT / ".env"


class SettingsError(Exception):
    """The settings cannot be used; `problems` names every one of them, one line each.

    `settings` is what was read all the same, for a look at more than the settings; None when a value has no meaning.
    """

    def __init__(self, problems: Iterable[str], settings: Settings | None = None) -> None:
        self.problems = tuple(problems)
        self.settings = settings
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """One agency as this stack reaches it: `url` without a final slash, "" when it is off."""

    name: str
    url: str
    key: str = field(default="", repr=False)
    sandbox: bool

    @property
    def on(self) -> bool:
        return bool(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, with secrets kept out of `repr`. Empty text means "not set"."""

    mode: Mode
    state_dir: Path
    database_url: str = field(repr=False)
    embedded_database: bool
    public_port: int
    public_host: str
    console_port: int
    internal_port: int
    bot_port: int
    actions_port: int
    sandbox_port: int
    sandbox: bool
    vault_key: bytes = field(repr=False)
    pseudonym_key: bytes = field(repr=False)
    session_key: bytes = field(repr=False)
    internal_token: str = field(repr=False)
    public_url: str
    web_origins: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    persona: str
    line_channel_secret: str = field(repr=False)
    line_channel_id: str
    line_access_token: str = field(repr=False)
    line_bot_user_id: str
    line_api_base: str
    line_push_reserve: int
    telegram_token: str = field(repr=False)
    telegram_secret: str = field(repr=False)
    telegram_api_base: str
    agency_name: str
    agency_phone: str
    agency_hours: str
    agency_place: str
    agencies: Mapping[str, Agency]
    environment: Mapping[str, str] = field(repr=False)
    """The same settings as environment variables, for child processes."""

    def sandbox_of(self, agency: str) -> bool:
        """Whether the answers of this agency (a key of `agencies`) come from the sandbox and carry its label."""
        return self.agencies[agency].sandbox

    @property
    def internal_url(self) -> str:
        """Address of the gateway's internal HTTP, without a final slash."""
        return f"http://127.0.0.1:{self.internal_port}"


def load_settings(
    mode: Mode | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    env_file: Path = ENV_FILE,
    keys: Collection[str] = KEY_NAMES,
    agencies: tuple[AgencyRow, ...] = AGENCIES,
) -> Settings:
    """Settings from `environ` (by default the process's), then `.env`, then the defaults of the mode.

    Without `mode` it is PRACHA_MODE, else the mode of the stack that ran last in the state directory, else demo. With it,
    a state directory of the other mode is a problem.
    `keys` names the keys that this process needs: not every process is given all. In the demo missing keys are made
    and kept in STATE_DIR/keys.json. PRACHA_ENV_FILE names another file than `.env`; empty means none.
    Raises SettingsError with all problems.
    """
    problems: list[str] = []
    rows = all_rows(agencies)
    given = _given(os.environ if environ is None else environ, env_file, rows, problems)
    state_dir = (ROOT / given.get("PRACHA_STATE_DIR", "var")).resolve()
    other = other_mode(mode, state_dir) if mode else ""
    if other:
        problems.append(other)
    mode = mode or _mode(given, state_dir, problems)
    raw = {row.name: given.get(row.name) or _default(row, mode, given) for row in rows}
    if mode == "demo" and not other:
        raw |= _demo_keys(state_dir, [name for name in keys if not raw[name]], problems)
    values = {row.field: _value(row, raw[row.name], problems) for row in rows}
    problems += shared_ports(rows, values)
    if mode == "live":
        problems += live_problems(rows, given, keys, values["sandbox_port"], agencies)
    problems += channel_problems(raw)
    if None in values.values():
        raise SettingsError(dict.fromkeys(problems))
    set_ones = {name: value for name, value in raw.items() if value}
    settings = Settings(
        **{name: value for name, value in values.items() if name in Settings.__dataclass_fields__}
        | {
            "mode": mode,
            "state_dir": state_dir,
            "embedded_database": not values["database_url"],
            "database_url": values["database_url"] or embedded_url(state_dir),
            "public_url": values["public_url"] or f"http://127.0.0.1:{values['public_port']}",
            "pseudonym_key": values["pseudonym_key"].encode(),
            "session_key": values["session_key"].encode(),
            "agencies": MappingProxyType({row.name: _agency(row, values, agencies) for row in agencies}),
            "environment": MappingProxyType(
                set_ones | {"PRACHA_MODE": mode, "PRACHA_STATE_DIR": str(state_dir), "PRACHA_ENV_FILE": ""}
            ),
        }
    )
    if problems:
        raise SettingsError(dict.fromkeys(problems), settings)
    return settings


def _given(environ: Mapping[str, str], env_file: Path, rows: tuple[Row, ...], problems: list[str]) -> dict[str, str]:
    """What is set, by name: the environment wins over `.env`, `NAME_FILE` is read, empty counts as not set."""
    chosen = environ.get("PRACHA_ENV_FILE")
    path = env_file if chosen is None else ROOT / chosen if chosen else None
    if chosen and not (path and path.is_file()):
        problems.append(f"PRACHA_ENV_FILE: there is no file {chosen}")
    in_file = dotenv_values(path) if path and path.is_file() else {}
    merged = {name: value for source in (in_file, environ) for name, value in source.items() if value}
    for row in rows:
        pointer = merged.get(f"{row.name}_FILE") if row.secret else None
        if pointer is None:
            continue
        if row.name in merged:
            problems.append(f"{row.name} and {row.name}_FILE are both set: keep one")
            continue
        try:
            merged[row.name] = Path(pointer).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{row.name}_FILE cannot be read: {pointer} ({type(error).__name__})")
    return merged


def _mode(given: Mapping[str, str], state_dir: Path, problems: list[str]) -> Mode:
    said = given.get("PRACHA_MODE") or kept_mode(state_dir)
    if said in ("", "demo"):
        return "demo"
    if said != "live":
        problems.append(f"PRACHA_MODE must be demo or live (it is {said!r})")
    return "live"


def _default(row: Row, mode: Mode, given: Mapping[str, str]) -> str:
    """The default of the mode. With the sandbox off, the demo falls back to what live does."""
    sandbox_off = row.name != "PRACHA_SANDBOX" and given.get("PRACHA_SANDBOX", "on").lower() != "on"
    if mode == "live" or not row.demo or sandbox_off:
        return row.default
    if row.demo.startswith("sandbox:"):
        return f"http://127.0.0.1:{given.get('PRACHA_SANDBOX_PORT', '8090')}{row.demo.removeprefix('sandbox:')}"
    return row.demo


def _demo_keys(state_dir: Path, missing: list[str], problems: list[str]) -> dict[str, str]:
    try:
        # All of them in one go: the file is written once and must serve every process.
        return {
            name: key for name, key in demo_keys(state_dir, KEY_NAMES if missing else ()).items() if name in missing
        }
    except (OSError, ValueError) as error:
        problems.append(f"{state_dir / 'keys.json'} cannot be used ({type(error).__name__}): mend it or move it away")
        return {}


def _value(row: Row, raw: str, problems: list[str]) -> Any:
    """The parsed value; for a setting that is not set the empty value of its kind."""
    if not raw:
        return {"vault_key": b"", "web_origins": (), "trusted_proxies": ()}.get(row.field, "")
    try:
        return row.parse(raw)
    except ValueError as error:
        problems.append(f"{row.name} {error}" if row.secret else f"{row.name} {error} (it is {raw!r})")
        return None


def _agency(row: AgencyRow, values: Mapping[str, Any], agencies: tuple[AgencyRow, ...]) -> Agency:
    address, key = values[f"{row.name}_url"], values.get(f"{row.name}_key", "")
    if row.needs_key and not key:
        address = ""
    return Agency(
        name=row.name, url=address, key=key, sandbox=is_sandbox_url(address, values["sandbox_port"], agencies)
    )
