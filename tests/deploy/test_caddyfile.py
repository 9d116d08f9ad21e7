# SPDX-License-Identifier: Apache-2.0
"""The Caddyfile leads each name to the port of the settings, and lets through what the gateway takes."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path

from dotenv import dotenv_values

from app.settings_table import all_rows
from app.settings_values import networks
from channels.gateway.addresses import caller_of
from channels.gateway.config import GatewayConfig
from channels.gateway.web_http import _LONGEST_WAIT
from channels.line.parse import MAX_BODY
from tests.deploy.units import DEPLOY, ROOT, caddy_blocks

PORTS = {row.name: row.default for row in all_rows() if row.field.endswith("_port")}
SECONDS = {"s": 1, "m": 60}
BYTES = {"KB": 1_000, "MB": 1_000_000}


def _seconds(name: str) -> int:
    found = re.search(rf"\b{name} (\d+)([sm])\b", (DEPLOY / "Caddyfile").read_text(encoding="utf-8"))
    assert found is not None, name
    return int(found[1]) * SECONDS[found[2]]


def test_each_site_leads_to_its_port() -> None:
    """Citizens to the gateway, staff to the console, by the names and defaults of the settings."""
    blocks = caddy_blocks()
    led = {site: re.findall(r"import to_us \{\$(\w+):(\d+)\}", blocks[site]) for site in blocks if "." in site}
    assert led == {
        "chat.example.go.th": [("PRACHA_PUBLIC_PORT", PORTS["PRACHA_PUBLIC_PORT"])],
        "console.example.go.th": [("PRACHA_CONSOLE_PORT", PORTS["PRACHA_CONSOLE_PORT"])],
    }
    assert set(blocks) == {"", "(to_us)", *led}


def test_no_other_port_of_ours_is_named() -> None:
    """Above all the internal one: whoever reaches it is believed."""
    text = "".join(caddy_blocks().values())
    closed = [
        part
        for name, port in PORTS.items()
        if name not in ("PRACHA_PUBLIC_PORT", "PRACHA_CONSOLE_PORT")
        for part in (name, f":{port}")
    ]
    assert len(closed) >= 8
    assert [part for part in closed if part in text] == []
    assert re.findall(r"reverse_proxy (\S+)", text) == ["127.0.0.1:{args.0}"]


def test_the_public_name_is_that_of_the_settings() -> None:
    """One example in both files: links in answers lead to where Caddy listens."""
    assert (
        f"https://{next(site for site in caddy_blocks() if site.startswith('chat.'))}"
        == (dotenv_values(DEPLOY / "settings.env")["PRACHA_PUBLIC_URL"])
    )


def test_the_caller_is_known_behind_it() -> None:
    """Caddy calls from loopback, which the example trusts; what a caller wrote himself is not believed."""
    trusted = networks(dotenv_values(DEPLOY / "settings.env")["PRACHA_TRUSTED_PROXIES"] or "")
    for peer in ("127.0.0.1", "::1"):
        assert any(ip_address(peer) in network for network in trusted)
        caller = caller_of(peer, ["203.0.113.9"], trusted)
        assert (caller.block, caller.local) == ("203.0.113.9", False)
    assert caller_of("127.0.0.1", ["203.0.113.9"], ()).local  # without the setting nobody would be limited


def test_a_long_poll_is_not_cut() -> None:
    """Neither the wait for an answer nor the time of the whole request ends before the gateway's longest wait."""
    assert _LONGEST_WAIT < 35
    assert _seconds("response_header_timeout") > 35
    assert _seconds("read_body") > 35
    assert not re.search(r"\bwrite \d", (DEPLOY / "Caddyfile").read_text(encoding="utf-8"))


def test_bodies_up_to_the_gateways_limits_pass() -> None:
    """The gateway refuses what is too large, in the citizen's language; Caddy only what is far too large."""
    found = re.search(r"max_size (\d+)(KB|MB)", caddy_blocks()["(to_us)"])
    assert found is not None
    limit = int(found[1]) * BYTES[found[2]]
    photo = GatewayConfig.__dataclass_fields__["max_upload"].default
    assert isinstance(photo, int)
    assert max(photo + 65_536, MAX_BODY) < limit <= 3 * photo


def test_the_console_is_for_the_office_only() -> None:
    """Whoever comes from elsewhere is refused before the console is asked."""
    block = caddy_blocks()["console.example.go.th"]
    assert re.search(r"@elsewhere not remote_ip private_ranges\n\s*respond @elsewhere 403\n", block)
    assert block.index("respond @elsewhere 403") < block.index("import to_us")


def test_pages_show_the_files_that_are_there() -> None:
    """Each path under deploy/ in the pages exists."""
    pages = [ROOT / "docs" / "channels" / "line.md", ROOT / "docs" / "operators" / "install.md"]
    named = {
        path
        for page in pages
        for path in re.findall(r"\bdeploy/[\w./-]*\w(?![\w.*])", page.read_text(encoding="utf-8"))
    }
    assert named
    assert [path for path in sorted(named) if not Path(ROOT / path).exists()] == []
