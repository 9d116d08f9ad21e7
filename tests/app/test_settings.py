# SPDX-License-Identifier: Apache-2.0
"""Settings: what the demo fills in, what live refuses, and that no secret shows."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import pytest

from app.processes import processes_of
from app.run_gateway import gateway_config
from app.settings import Settings, SettingsError, load_settings
from app.settings_table import AgencyRow, all_rows

KEYS = {
    "PRACHA_VAULT_KEY": base64.b64encode(bytes(range(32))).decode(),
    "PRACHA_PSEUDONYM_KEY": "p7Qm3v9XkT2sW8dRz5Lb1N",
    "PRACHA_SESSION_KEY": "s4Hn6c0YjU1tV7eQx9Ka2M",
    "PRACHA_INTERNAL_TOKEN": "i8Gb2m5WpR3uZ6fTy4Jd0L",
}
NEEDS_KEY = (AgencyRow("rain", "Rain", "https://rain.example.go.th", "/rain", needs_key=True),)


def demo(tmp_path: Path, **environ: str) -> Settings:
    return load_settings("demo", environ={"PRACHA_STATE_DIR": str(tmp_path), **environ}, env_file=tmp_path / "none")


def live(tmp_path: Path, **environ: str) -> Settings:
    given = {"PRACHA_STATE_DIR": str(tmp_path), **KEYS, **environ}
    return load_settings("live", environ=given, env_file=tmp_path / "none")


def problems_of(mode: str, tmp_path: Path, environ: dict[str, str]) -> tuple[str, ...]:
    given = {"PRACHA_STATE_DIR": str(tmp_path), **environ}
    with pytest.raises(SettingsError) as refusal:
        load_settings("live" if mode == "live" else "demo", environ=given, env_file=tmp_path / "none")
    return refusal.value.problems


def test_demo_needs_nothing_and_points_everything_at_its_sandbox(tmp_path: Path) -> None:
    """With an empty environment every agency and platform is the sandbox on its port."""
    settings = demo(tmp_path, PRACHA_SANDBOX_PORT="18090")
    assert settings.sandbox
    assert settings.agencies["air4thai"].url == "http://127.0.0.1:18090/air4thai"
    assert settings.agencies["gistda_pm25"].url == "http://127.0.0.1:18090/gistda-pm25"
    assert all(settings.sandbox_of(name) for name in settings.agencies)
    assert settings.line_api_base == settings.telegram_api_base == "http://127.0.0.1:18090"
    assert settings.line_channel_secret
    assert settings.telegram_token


def test_demo_makes_its_keys_once_and_keeps_them_private(tmp_path: Path) -> None:
    """Two loads give the same keys, from a file that only its owner reads."""
    first, second = demo(tmp_path), demo(tmp_path)
    assert len(first.vault_key) == 32
    assert (first.vault_key, first.pseudonym_key, first.session_key, first.internal_token) == (
        second.vault_key,
        second.pseudonym_key,
        second.session_key,
        second.internal_token,
    )
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert len(set(json.loads((tmp_path / "keys.json").read_text()).values())) == 4


def test_two_demos_have_different_keys(tmp_path: Path) -> None:
    """Keys are random, not fixed in the code."""
    assert demo(tmp_path / "a").vault_key != demo(tmp_path / "b").vault_key


def test_a_broken_key_file_is_named(tmp_path: Path) -> None:
    """A damaged keys.json stops the start: new keys would make sealed data unreadable."""
    (tmp_path / "keys.json").write_text("{")
    assert "keys.json" in problems_of("demo", tmp_path, {})[0]


@pytest.mark.parametrize("address", ["https://air4thai.pcd.go.th", "http://127.0.0.1:9000", "http://localhost:9000/x"])
def test_a_set_address_wins_and_drops_the_label(tmp_path: Path, address: str) -> None:
    """A real or test address is used as it is, and its answers carry no sandbox label."""
    settings = demo(tmp_path, PRACHA_AIR4THAI_URL=address)
    assert settings.agencies["air4thai"].url == address
    assert not settings.sandbox_of("air4thai")
    assert settings.sandbox_of("gistda_pm25")


def test_demo_without_sandbox_uses_the_real_addresses(tmp_path: Path) -> None:
    """PRACHA_SANDBOX=off: nothing points at a sandbox that does not run, and no sandbox credential is used."""
    settings = demo(tmp_path, PRACHA_SANDBOX="off")
    assert settings.agencies["air4thai"].url == "https://air4thai.pcd.go.th"
    assert not settings.sandbox_of("air4thai")
    assert settings.line_api_base == "https://api.line.me"
    assert not settings.line_channel_secret


def test_live_with_its_keys_starts_without_sandbox_or_channels(tmp_path: Path) -> None:
    """The smallest live stack: four keys; agencies without keys of their own are on, LINE and Telegram are off."""
    settings = live(tmp_path)
    assert not settings.sandbox
    assert settings.agencies["air4thai"].on
    assert not any(settings.sandbox_of(name) for name in settings.agencies)
    assert not settings.line_channel_secret
    assert not settings.telegram_token
    assert not (tmp_path / "keys.json").exists()


def test_live_tells_all_problems_at_once(tmp_path: Path) -> None:
    """Missing keys, sandbox, sandbox addresses, example secrets and unreadable values stand in one refusal."""
    problems = "\n".join(
        problems_of(
            "live",
            tmp_path,
            {
                "PRACHA_SANDBOX": "on",
                "PRACHA_AIR4THAI_URL": "http://127.0.0.1:8090/air4thai",
                "PRACHA_GISTDA_PM25_URL": "http://localhost:19999/gistda-pm25",
                "PRACHA_LINE_API_BASE": "http://127.0.0.1:8090",
                "PRACHA_SESSION_KEY": "change-me-please-change-me",
                "PRACHA_TELEGRAM_TOKEN": "100000000:sandbox-telegram-token",
                "PRACHA_TELEGRAM_SECRET": "aaaaaaaaaaaaaaaaaaaaaaaa",
                "PRACHA_BOT_PORT": "70000",
            },
        )
    )
    for name in (
        "PRACHA_VAULT_KEY is not set",
        "PRACHA_PSEUDONYM_KEY is not set",
        "PRACHA_INTERNAL_TOKEN is not set",
        "PRACHA_SANDBOX is on",
        "PRACHA_AIR4THAI_URL is an address of the sandbox",
        "PRACHA_GISTDA_PM25_URL is an address of the sandbox",
        "PRACHA_LINE_API_BASE is an address of the sandbox",
        "PRACHA_SESSION_KEY is an example",
        "PRACHA_TELEGRAM_TOKEN is an example",
        "PRACHA_TELEGRAM_SECRET is an example",
        "PRACHA_BOT_PORT must be a port",
    ):
        assert name in problems


def test_every_demo_secret_is_refused_by_live(tmp_path: Path) -> None:
    """Whatever credential the demo makes up, live recognises as an example."""
    examples = {row.name: row.demo for row in all_rows(NEEDS_KEY) if row.secret and row.demo}
    given = {"PRACHA_STATE_DIR": str(tmp_path), **KEYS, **examples}
    with pytest.raises(SettingsError) as refusal:
        load_settings("live", environ=given, env_file=tmp_path / "none", agencies=NEEDS_KEY)
    assert examples
    for name in examples:
        assert f"{name} is an example, not a secret" in refusal.value.problems


def test_a_problem_never_shows_the_secret(tmp_path: Path) -> None:
    """A key that cannot be read is named, not quoted."""
    problems = problems_of("live", tmp_path, {**KEYS, "PRACHA_VAULT_KEY": "q8w7e6r5t4"})
    assert problems == ("PRACHA_VAULT_KEY must be 32 bytes in base64 (`openssl rand -base64 32`)",)


@pytest.mark.parametrize(
    ("environ", "part"),
    [
        ({"PRACHA_BOT_PORT": "0"}, "PRACHA_BOT_PORT must be a port"),
        ({"PRACHA_BOT_PORT": "5005x"}, "PRACHA_BOT_PORT must be a port"),
        ({"PRACHA_BOT_PORT": "๕๐๐๕"}, "PRACHA_BOT_PORT must be a port"),
        ({"PRACHA_ACTIONS_PORT": "5006"}, "PRACHA_ACTIONS_PORT is 5006, which is also the second bot's"),
        ({"PRACHA_PUBLIC_PORT": "8082"}, "PRACHA_INTERNAL_PORT is 8082, which is also PRACHA_PUBLIC_PORT"),
        ({"PRACHA_PUBLIC_HOST": "localhost"}, "PRACHA_PUBLIC_HOST must be an IP address of this machine"),
        ({"PRACHA_PUBLIC_HOST": "10.0.0.0/8"}, "PRACHA_PUBLIC_HOST must be an IP address of this machine"),
        ({"PRACHA_PUBLIC_HOST": "10.0.0.5:8080"}, "PRACHA_PUBLIC_HOST must be an IP address of this machine"),
        ({"PRACHA_PUBLIC_HOST": "255.255.255.255"}, "PRACHA_PUBLIC_HOST must be the address of one machine"),
        ({"PRACHA_PUBLIC_HOST": "ff02::1"}, "PRACHA_PUBLIC_HOST must be the address of one machine"),
        ({"PRACHA_SANDBOX": "yes"}, "PRACHA_SANDBOX must be on or off"),
        ({"PRACHA_PERSONA": "pirate"}, "PRACHA_PERSONA must be one of kha, khrap"),
        ({"PRACHA_PUBLIC_URL": "https://x.go.th/chat"}, "PRACHA_PUBLIC_URL must be scheme and host only"),
        ({"PRACHA_WEB_ORIGINS": "www.x.go.th"}, "PRACHA_WEB_ORIGINS must start with http:// or https://"),
        ({"PRACHA_TRUSTED_PROXIES": "10.0.0.0/99"}, "PRACHA_TRUSTED_PROXIES must be addresses or networks"),
        ({"PRACHA_AIR4THAI_URL": "ftp://x"}, "PRACHA_AIR4THAI_URL must start with"),
        ({"PRACHA_AIR4THAI_URL": "http://x:99999"}, "PRACHA_AIR4THAI_URL"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL must start with postgresql://"),
        ({"PRACHA_SANDBOX": "off", "PRACHA_LINE_CHANNEL_ID": "1"}, "LINE needs PRACHA_LINE_CHANNEL_SECRET"),
        ({"PRACHA_SANDBOX": "off", "PRACHA_TELEGRAM_TOKEN": "1:a"}, "Telegram needs both"),
        ({"PRACHA_VAULT_KEY_FILE": "/no/such/file"}, "PRACHA_VAULT_KEY_FILE cannot be read"),
        ({"PRACHA_ENV_FILE": "/no/such/file"}, "PRACHA_ENV_FILE: there is no file"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, environ: dict[str, str], part: str) -> None:
    """One wrong setting gives exactly one problem, with its name and what it should be."""
    problems = problems_of("demo", tmp_path, environ)
    assert len(problems) == 1
    assert part in problems[0]


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    """NAME_FILE is read, its final newline is not part of the secret."""
    (tmp_path / "token").write_text(KEYS["PRACHA_INTERNAL_TOKEN"] + "\n")
    without = {name: value for name, value in KEYS.items() if name != "PRACHA_INTERNAL_TOKEN"}
    given = {"PRACHA_STATE_DIR": str(tmp_path), **without, "PRACHA_INTERNAL_TOKEN_FILE": str(tmp_path / "token")}
    settings = load_settings("live", environ=given, env_file=tmp_path / "none")
    assert settings.internal_token == KEYS["PRACHA_INTERNAL_TOKEN"]


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    """The value and the file at once: nobody could say which one holds."""
    (tmp_path / "token").write_text("x" * 30)
    given = {**KEYS, "PRACHA_INTERNAL_TOKEN_FILE": str(tmp_path / "token")}
    assert "are both set" in problems_of("live", tmp_path, given)[0]


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """`.env` fills in what the environment does not say; an empty value counts as not said."""
    (tmp_path / ".env").write_text("PRACHA_BOT_PORT=6005\nPRACHA_PUBLIC_PORT=9080\nPRACHA_AGENCY_NAME='เทศบาล ก'\n")
    settings = load_settings(
        "demo",
        environ={"PRACHA_STATE_DIR": str(tmp_path), "PRACHA_BOT_PORT": "7005", "PRACHA_PUBLIC_PORT": ""},
        env_file=tmp_path / ".env",
    )
    assert (settings.bot_port, settings.public_port, settings.agency_name) == (7005, 9080, "เทศบาล ก")


def test_an_agency_is_off_without_its_key_or_when_it_is_said(tmp_path: Path) -> None:
    """`off`, and a missing key of an agency that asks for one, turn the agency off and nothing else."""
    assert not live(tmp_path, PRACHA_AIR4THAI_URL="off").agencies["air4thai"].on
    given = {"PRACHA_STATE_DIR": str(tmp_path), **KEYS}
    off = load_settings("live", environ=given, env_file=tmp_path / "none", agencies=NEEDS_KEY)
    assert not off.agencies["rain"].on
    keyed = given | {"PRACHA_RAIN_KEY": "r0T4bN7xQ2"}
    on = load_settings("live", environ=keyed, env_file=tmp_path / "none", agencies=NEEDS_KEY)
    assert on.agencies["rain"].on
    assert on.agencies["rain"].key == "r0T4bN7xQ2"


def test_repr_shows_no_secret(tmp_path: Path) -> None:
    """Neither the settings nor an agency print a key, a token or the database's password."""
    settings = live(
        tmp_path,
        DATABASE_URL="postgresql://u:hunter2@db/x",
        PRACHA_LINE_CHANNEL_SECRET="l1nEchAnnel0",
        PRACHA_LINE_ACCESS_TOKEN="l1nEacce55",
        PRACHA_TELEGRAM_TOKEN="77:t3l3gram",
        PRACHA_TELEGRAM_SECRET="t3l3s3cr",
    )
    shown = repr(settings)
    hidden = [*KEYS.values(), "hunter2", "l1nEchAnnel0", "l1nEacce55", "t3l3gram", "t3l3s3cr"]
    assert not [secret for secret in hidden if secret in shown]
    assert repr(settings.vault_key) not in shown


def test_children_get_the_same_settings(tmp_path: Path) -> None:
    """What `environment` hands to a child process loads to equal settings there, with nothing else set."""
    settings = demo(tmp_path, PRACHA_BOT_PORT="6005", PRACHA_TRUSTED_PROXIES="10.0.0.0/8", PRACHA_AIR4THAI_URL="off")
    child = load_settings(environ=settings.environment, env_file=tmp_path / "none")
    assert child == settings


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.5", "::", "fd00::5"])
def test_the_public_port_is_opened_where_it_is_said(tmp_path: Path, host: str) -> None:
    """The gateway is told so; the other processes stay on loopback whatever is said."""
    settings = demo(tmp_path, PRACHA_PUBLIC_HOST=host)
    assert gateway_config(settings).public_host == host
    hosts = {process.name: process.host for process in processes_of(settings)}
    assert hosts.pop("gateway") == host
    assert set(hosts.values()) == {"127.0.0.1"}


def test_the_public_port_is_opened_everywhere_by_default(tmp_path: Path) -> None:
    """As a phone in the same network finds it in the demo."""
    everywhere = "0.0.0.0"  # noqa: S104  what is tested
    assert [demo(tmp_path).public_host, live(tmp_path / "live").public_host] == [everywhere, everywhere]


def test_a_process_can_do_without_the_keys_it_is_not_given(tmp_path: Path) -> None:
    """The action server asks for the internal token only; live does not refuse the others' absence."""
    given = {"PRACHA_STATE_DIR": str(tmp_path), "PRACHA_INTERNAL_TOKEN": KEYS["PRACHA_INTERNAL_TOKEN"]}
    settings = load_settings("live", environ=given, env_file=tmp_path / "none", keys={"PRACHA_INTERNAL_TOKEN"})
    assert settings.vault_key == b""


def test_the_mode_is_the_one_of_the_stack_that_ran_last(tmp_path: Path) -> None:
    """A command beside a running live stack does not fall back to demo rules."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mode").write_text("live")
    given = {"PRACHA_STATE_DIR": str(tmp_path), **KEYS}
    assert load_settings(environ=given, env_file=tmp_path / "none").mode == "live"
    assert load_settings(environ=given | {"PRACHA_MODE": "demo"}, env_file=tmp_path / "none").mode == "demo"


def test_the_database_is_embedded_unless_one_is_set(tmp_path: Path) -> None:
    """Without DATABASE_URL the address is the socket under the state directory."""
    assert demo(tmp_path).embedded_database
    settings = demo(tmp_path, DATABASE_URL="postgresql://u@db/x")
    assert not settings.embedded_database
    assert settings.database_url == "postgresql://u@db/x"
