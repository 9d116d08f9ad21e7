# SPDX-License-Identifier: Apache-2.0
"""What `pracha doctor` says of LINE, with LINE's own SDK, against the sandbox's LINE platform over HTTP."""

from __future__ import annotations

import asyncio
import base64
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer, unused_port

from app.cli import main
from sandbox.line.clock import PlatformClock
from sandbox.line.settings import Channel
from sandbox.line.state import Fault, Platform, new_platform
from sandbox.server import create_app
from tests.sandbox.line.conftest import START

#: as long and as random as LINE's: live refuses the sandbox's own
SECRET = "6f1d0c9be2a84735"
OURS = "https://chat.agency.go.th/webhooks/line"


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The platform in a loop of another thread, since the command brings its own, and live settings that name it."""
    made = new_platform(PlatformClock(speed=0.0, start=START), Channel(secret=SECRET))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> TestServer:
        server = TestServer(create_app(line=made))
        await server.start_server()
        return server

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    for name in [name for name in os.environ if name.startswith(("PRACHA_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    keys = ("PRACHA_VAULT_KEY", "PRACHA_PSEUDONYM_KEY", "PRACHA_SESSION_KEY", "PRACHA_INTERNAL_TOKEN")
    for name, value in {
        **{name: base64.b64encode(os.urandom(32)).decode() for name in keys},
        "PRACHA_ENV_FILE": "",
        "PRACHA_STATE_DIR": str(tmp_path / "state"),
        "PRACHA_PUBLIC_URL": "https://chat.agency.go.th",
        "PRACHA_LINE_API_BASE": str(server.make_url("")).rstrip("/"),
        "PRACHA_LINE_CHANNEL_ID": made.channel.id,
        "PRACHA_LINE_CHANNEL_SECRET": SECRET,
    }.items():
        monkeypatch.setenv(name, value)
    yield made
    asyncio.run_coroutine_threadsafe(server.close(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def said_of_line(capsys: pytest.CaptureFixture[str], mode: str = "--live") -> list[str]:
    """The doctor's lines about LINE; whatever it prints is a finding."""
    main(["doctor", mode])
    lines = capsys.readouterr().out.splitlines()
    assert all(line[:2] in ("✓ ", "! ", "✗ ") for line in lines)
    return [line for line in lines if "LINE" in line]


def test_an_account_that_is_well(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """Credentials, address and quota, each in a line."""
    platform.webhook.url = OURS
    assert said_of_line(capsys) == [
        "✓ LINE is on and accepts our credentials",
        f"✓ LINE sends webhooks to {OURS}",
        "✓ LINE: 500 of 500 pushes left this month",
    ]


def test_a_webhook_that_is_not_ours(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """None at all, somebody else's, and ours that is switched off."""
    assert f"✗ LINE has no webhook address yet, ours is {OURS}: pracha line setup" in said_of_line(capsys)
    platform.webhook.url = "https://old.agency.go.th/webhooks/line"
    assert any(
        line.startswith(f"✗ LINE sends webhooks to {platform.webhook.url}, not to {OURS}")
        for line in said_of_line(capsys)
    )
    platform.webhook.url, platform.webhook.active = OURS, False
    assert any(line.startswith(f"✗ LINE knows {OURS}, but sends nothing") for line in said_of_line(capsys))


@pytest.mark.parametrize(
    ("quota", "line"),
    [
        (None, "✓ LINE: 0 pushes this month, no limit"),
        (21, "✓ LINE: 21 of 21 pushes left this month"),
        (20, "! LINE: 20 of 20 pushes left this month: kept for news about cases (PRACHA_LINE_PUSH_RESERVE 20)"),
        (0, "! LINE: 0 of 0 pushes left this month: late answers and news are dead"),
    ],
)
def test_pushes_that_are_left(
    platform: Platform, capsys: pytest.CaptureFixture[str], quota: int | None, line: str
) -> None:
    """Before late answers die of it."""
    platform.limits.monthly_quota = quota
    assert said_of_line(capsys)[-1].startswith(line)


def test_a_wrong_secret(
    platform: Platform, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What LINE says of it, and where to look; nothing more is asked."""
    monkeypatch.setenv("PRACHA_LINE_CHANNEL_SECRET", SECRET[::-1])
    [line] = said_of_line(capsys)
    assert line.startswith("✗ LINE does not accept our channel id and secret (status 400; ")
    assert SECRET not in line
    monkeypatch.setenv("PRACHA_LINE_ACCESS_TOKEN", "kQmW7tRvHb4nPq0sLe2y")
    [line] = said_of_line(capsys)
    assert line.startswith("✗ LINE does not accept our access token (status 401; ")


def test_no_way_to_line(
    platform: Platform, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A firewall that lets nothing out, and a platform that is down."""
    platform.faults.append(Fault(operation="any", kind="error", times=None))
    [line] = said_of_line(capsys)
    assert line.startswith("✗ LINE does not answer at http://127.0.0.1:")
    monkeypatch.setenv("PRACHA_LINE_API_BASE", f"http://127.0.0.1:{unused_port()}")
    [line] = said_of_line(capsys)
    assert "(ClientConnectorError): is there a way out to it?" in line


def test_what_cannot_be_asked_is_no_fault(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """LINE knows us, and one of its own services is away."""
    platform.webhook.url = OURS
    platform.faults.append(Fault(operation="quota", kind="error", times=None))
    platform.faults.append(Fault(operation="webhook_endpoint", kind="error", times=None))
    first, webhook, quota = said_of_line(capsys)
    assert first.startswith("✓ ")
    assert webhook.startswith("! LINE does not say where its webhooks go (status 500")
    assert quota.startswith("! LINE does not say how many pushes are left (status 500")


def test_another_bots_user_id(
    platform: Platform, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every webhook would be answered with 400."""
    monkeypatch.setenv("PRACHA_LINE_BOT_USER_ID", "U00000000000000000000000000000000")
    assert any(line.startswith("✗ PRACHA_LINE_BOT_USER_ID is another bot's") for line in said_of_line(capsys))
    monkeypatch.setenv("PRACHA_LINE_BOT_USER_ID", platform.channel.user_id)
    assert not any("PRACHA_LINE_BOT_USER_ID" in line for line in said_of_line(capsys))


def test_line_is_off_or_not_asked(
    platform: Platform, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off is said; a demo asks nobody."""
    monkeypatch.setenv("PRACHA_SANDBOX", "off")
    [line] = said_of_line(capsys, "--demo")
    assert line.startswith("✓ LINE is on; http://127.0.0.1:")
    assert list(platform.calls) == []
    monkeypatch.delenv("PRACHA_LINE_CHANNEL_ID")
    monkeypatch.setenv("PRACHA_LINE_CHANNEL_SECRET", "")
    assert said_of_line(capsys) == ["✓ LINE is off: no PRACHA_LINE_CHANNEL_SECRET"]
