# SPDX-License-Identifier: Apache-2.0
"""Every setting, one row each: the source of the parser, of `.env.example` and of `docs/settings.md`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.settings_values import (
    choice,
    key_bytes,
    networks,
    number,
    off_or_url,
    on_off,
    origins,
    own_address,
    port,
    secret_text,
    text,
    url,
    url_host,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: its environment name, what it means, how its text is read.

    `default` "" means "not set"; `demo` is the demo's value when nothing is set (`sandbox:/path` = the sandbox's
    address); `shown` is what the documentation says where the default is no plain value.
    """

    name: str
    meaning: str
    parse: Callable[[str], object] = text
    default: str = ""
    demo: str = ""
    shown: str = ""
    secret: bool = False
    generated: bool = False

    @property
    def field(self) -> str:
        """The field of `Settings` that holds it."""
        return self.name.removeprefix("PRACHA_").lower()


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency: its word in settings, its real address, where the sandbox serves it, whether it asks for a key."""

    name: str
    title: str
    url: str
    sandbox_path: str
    needs_key: bool = False

    @property
    def url_name(self) -> str:
        return f"PRACHA_{self.name.upper()}_URL"

    @property
    def key_name(self) -> str:
        return f"PRACHA_{self.name.upper()}_KEY"


AGENCIES: tuple[AgencyRow, ...] = (
    AgencyRow(
        "air4thai",
        "Air4Thai of the Pollution Control Department: air quality by station",
        "https://air4thai.pcd.go.th",
        "/air4thai",
    ),
    AgencyRow(
        "gistda_pm25",
        "GISTDA: PM2.5 by place, from satellites",
        "https://pm25.gistda.or.th",
        "/gistda-pm25",
    ),
)

_web_address = url_host("http", "https")
_random_text = secret_text(20)

SECTIONS: dict[str, tuple[Row, ...]] = {
    "Database": (
        Row(
            "DATABASE_URL",
            "PostgreSQL server: postgresql://user:password@host:port/database",
            url("postgresql", "postgres"),
            secret=True,
            shown="the embedded PostgreSQL under PRACHA_STATE_DIR",
        ),
    ),
    "Ports and places": (
        Row(
            "PRACHA_STATE_DIR",
            "folder of the embedded database, models, logs and the demo's keys; relative to the project",
            default="var",
        ),
        Row("PRACHA_PUBLIC_PORT", "port of the gateway, the only one open to the outside", port, "8080"),
        Row(
            "PRACHA_PUBLIC_HOST",
            "address of this machine at which that port is open: 0.0.0.0 is every one, 127.0.0.1 is for a proxy on the same "
            "machine alone. At 127.0.0.1 it is always open",
            own_address,
            "0.0.0.0",  # noqa: S104  the one public door
        ),
        Row("PRACHA_CONSOLE_PORT", "port of the staff console (127.0.0.1)", port, "8081"),
        Row("PRACHA_INTERNAL_PORT", "port for metrics, models, answers, vault and cases (127.0.0.1)", port, "8082"),
        Row("PRACHA_BOT_PORT", "port of the bot (127.0.0.1); a second bot takes the next one", port, "5005"),
        Row("PRACHA_ACTIONS_PORT", "port of the action server (127.0.0.1)", port, "5055"),
        Row("PRACHA_SANDBOX_PORT", "port of the sandbox (127.0.0.1, demo only)", port, "8090"),
        Row(
            "PRACHA_SANDBOX",
            "on or off: emulated agencies and platforms for the demo; live refuses on",
            on_off,
            "off",
            demo="on",
            shown="on in the demo, off in live",
        ),
    ),
    "Keys and tokens": (
        Row(
            "PRACHA_VAULT_KEY",
            "seals personal data: 32 random bytes in base64. Without it the sealed data is lost: keep a copy",
            key_bytes,
            secret=True,
            generated=True,
        ),
        Row(
            "PRACHA_PSEUDONYM_KEY",
            "makes the pseudonyms of contacts: random text of 20 characters or more. Never change it later",
            _random_text,
            secret=True,
            generated=True,
        ),
        Row(
            "PRACHA_SESSION_KEY",
            "signs web chat tokens: random text of 20 characters or more. Changing it ends all web sessions",
            _random_text,
            secret=True,
            generated=True,
        ),
        Row(
            "PRACHA_INTERNAL_TOKEN",
            "what our processes show one another: random text of 20 characters or more",
            _random_text,
            secret=True,
            generated=True,
        ),
    ),
    "Web chat": (
        Row(
            "PRACHA_PUBLIC_URL",
            "address at which citizens reach the gateway, as https://chat.example.go.th",
            _web_address,
            shown="http://127.0.0.1 with PRACHA_PUBLIC_PORT",
        ),
        Row(
            "PRACHA_WEB_ORIGINS",
            "web sites that may embed the chat: origins such as https://www.example.go.th, with commas",
            origins,
            shown="only the gateway's own pages",
        ),
        Row(
            "PRACHA_TRUSTED_PROXIES",
            "addresses or networks whose X-Forwarded-For is believed, with commas (10.0.0.0/8)",
            networks,
            shown="none",
        ),
        Row("PRACHA_PERSONA", "polite particle of the bot: kha (ค่ะ/คะ) or khrap (ครับ)", choice("kha", "khrap"), "kha"),
    ),
    "LINE": (
        Row(
            "PRACHA_LINE_CHANNEL_SECRET",
            "secret of the Messaging API channel; LINE is off without it",
            demo="sandbox-line-channel-secret",
            secret=True,
        ),
        Row("PRACHA_LINE_CHANNEL_ID", "channel id, for stateless access tokens", demo="1650000000"),
        Row(
            "PRACHA_LINE_ACCESS_TOKEN",
            "long-lived channel access token",
            shown="stateless tokens, from channel id and secret",
            secret=True,
        ),
        Row(
            "PRACHA_LINE_BOT_USER_ID",
            "user id of the bot, the `destination` of webhooks",
            shown="asked from LINE; any destination when that fails",
        ),
        Row(
            "PRACHA_LINE_API_BASE",
            "scheme and host of the Messaging API",
            _web_address,
            "https://api.line.me",
            demo="sandbox:",
        ),
        Row(
            "PRACHA_LINE_PUSH_RESERVE",
            "pushes of the month that are kept back for what cannot wait, such as the new state of a case",
            number(0, 1_000_000),
            "20",
        ),
    ),
    "Telegram": (
        Row(
            "PRACHA_TELEGRAM_TOKEN",
            "token from BotFather; Telegram is off without it",
            demo="100000000:sandbox-telegram-token",
            secret=True,
        ),
        Row(
            "PRACHA_TELEGRAM_SECRET",
            "what Telegram shows with each webhook call: 1 to 256 of A-Z a-z 0-9 _ -",
            demo="sandbox-telegram-secret",
            secret=True,
        ),
        Row(
            "PRACHA_TELEGRAM_API_BASE",
            "scheme and host of the Bot API",
            _web_address,
            "https://api.telegram.org",
            demo="sandbox:",
        ),
    ),
    "The agency that runs the bot": (
        Row("PRACHA_AGENCY_NAME", "its name, as citizens read it", default="เทศบาลตัวอย่าง"),
        Row("PRACHA_AGENCY_PHONE", "telephone that citizens are given; without one it is the government hotline 1111"),
        Row(
            "PRACHA_AGENCY_HOURS",
            "office hours, as citizens read them",
            default="วันจันทร์–ศุกร์ 08:30–16:30 น. เว้นวันหยุดราชการ",
        ),
        Row(
            "PRACHA_AGENCY_PLACE",
            "where citizens go, as they read it",
            default="สำนักทะเบียนอำเภอหรือสำนักงานเทศบาลใกล้บ้าน",
        ),
    ),
}


def agency_rows(agency: AgencyRow) -> tuple[Row, ...]:
    """The rows of one agency: its address, and its key when it asks for one."""
    address = Row(
        agency.url_name,
        f"{agency.title}; off turns it off",
        off_or_url,
        agency.url,
        demo=f"sandbox:{agency.sandbox_path}",
    )
    if not agency.needs_key:
        return (address,)
    return (
        address,
        Row(
            agency.key_name,
            f"key of {agency.name}; it is off without one",
            demo=f"sandbox-{agency.name}-key",
            secret=True,
        ),
    )


def all_sections(agencies: tuple[AgencyRow, ...] = AGENCIES) -> dict[str, tuple[Row, ...]]:
    """The sections in the order of the documentation, the agencies behind the services last."""
    return SECTIONS | {"Agencies behind the services": tuple(row for one in agencies for row in agency_rows(one))}


def all_rows(agencies: tuple[AgencyRow, ...] = AGENCIES) -> tuple[Row, ...]:
    """Every row of every section."""
    return tuple(row for rows in all_sections(agencies).values() for row in rows)


KEY_NAMES: frozenset[str] = frozenset(row.name for row in all_rows() if row.generated)
