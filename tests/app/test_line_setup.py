# SPDX-License-Identifier: Apache-2.0
"""`pracha line setup` as an operator calls it, with LINE's own SDK, against the sandbox's LINE platform over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from app import cli_line, line_menus, line_setup
from app.cli import main
from app.hourly_budget import HourlyBudget
from app.line_menus import MOST_PER_HOUR
from app.settings import load_settings
from channels.line.client import open_line
from channels.line.parse import parse_webhook
from channels.line.signature import verify
from core.errors import Verdict
from sandbox.line import people
from sandbox.line.clock import PlatformClock
from sandbox.line.state import Fault, Platform, RichMenu, new_platform
from sandbox.server import create_app
from tests.sandbox.line.conftest import START

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Account:
    """An account at the platform, the bot behind its webhook, and the menu that its operator edits."""

    platform: Platform
    loop: asyncio.AbstractEventLoop
    hook: str
    bodies: list[bytes]
    nlu_data: Path
    state: Path

    def edit(self, old: str, new: str) -> None:
        file = self.nlu_data / "line" / "rich_menu.yml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def menus(self) -> dict[str, str]:
        """The name of each menu by its id."""
        return {menu.id: str(menu.body["name"]) for menu in self.platform.rich_menus.values()}

    def calls(self, window: str) -> int:
        """How many calls of a kind with an hourly limit the platform has counted."""
        return len(self.platform.windows.get(window, ()))


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """The platform and the bot in a loop of another thread, since the command brings its own."""
    platform = new_platform(PlatformClock(speed=0.0, start=START))
    bodies: list[bytes] = []

    async def hook(request: web.Request) -> web.Response:
        body = await request.read()
        verify(platform.channel.secret.encode(), body, request.headers.get("x-line-signature"))
        bodies.append(body)
        return web.Response()

    bot = web.Application()
    bot.router.add_post("/webhooks/line", hook)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> tuple[TestServer, TestServer]:
        servers = TestServer(bot), TestServer(create_app(line=platform))
        for server in servers:
            await server.start_server()
        return servers

    async def stop() -> None:
        for server in servers:
            await server.close()

    servers = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    public, api = (str(server.make_url("")).rstrip("/") for server in servers)
    nlu_data = tmp_path / "nlu_data"
    for part in ("line", "must_pass"):
        shutil.copytree(ROOT / "nlu_data" / part, nlu_data / part)
    for name in [name for name in os.environ if name.startswith(("PRACHA_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    for name, value in {
        "PRACHA_ENV_FILE": "",
        "PRACHA_STATE_DIR": str(tmp_path / "state"),
        "PRACHA_MODE": "demo",
        "PRACHA_PUBLIC_URL": public,
        "PRACHA_LINE_API_BASE": api,
        "PRACHA_LINE_CHANNEL_ID": platform.channel.id,
        "PRACHA_LINE_CHANNEL_SECRET": platform.channel.secret,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cli_line, "NLU_DATA", nlu_data)
    yield Account(platform, loop, f"{public}/webhooks/line", bodies, nlu_data, tmp_path / "state")
    asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def test_l_out_18_from_nothing_to_an_account_that_works(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    """Both menus with their pictures, aliases, the default, the webhook and its test; the second run changes nothing."""
    assert main(["line", "setup"]) == 0
    shown = capsys.readouterr().out
    assert f"webhook:\n  - none\n  + {account.hook}" in shown
    assert "menu menu-th:\n  - not there\n  + pracha menu-th " in shown
    assert f"LINE reaches {account.hook}" in shown
    assert account.platform.webhook.url == account.hook
    assert len(account.bodies) == 1
    assert account.platform.aliases.keys() == {"menu-th", "menu-en"}
    assert account.platform.default_menu == account.platform.aliases["menu-th"]
    assert all(menu.image and menu.mime == "image/png" for menu in account.platform.rich_menus.values())
    before = account.menus()
    assert main(["line", "setup"]) == 0
    assert capsys.readouterr().out == f"nothing to change\nLINE reaches {account.hook}\n"
    assert account.menus() == before
    assert (account.calls("rich_menu_create"), account.calls("rich_menu_delete")) == (2, 0)
    logged = [json.loads(line) for line in (account.state / "log" / "line_setup.log").read_text().splitlines()]
    assert {"menu_create", "menu_image", "webhook_set"} <= {one["call"] for one in logged}
    assert all(one["request_id"] for one in logged)


def test_a_dry_run_shows_and_changes_nothing(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    """What it shows is what the run after it does."""
    assert main(["line", "setup", "--dry-run"]) == 0
    dry = capsys.readouterr().out
    assert (account.menus(), account.platform.aliases, account.platform.webhook.url) == ({}, {}, None)
    assert account.bodies == []
    assert main(["line", "setup"]) == 0
    assert capsys.readouterr().out == dry + f"LINE reaches {account.hook}\n"


def test_l_out_18_an_edited_menu_replaces_its_own_only(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    """Who had chosen English keeps it, in the new form; a menu that others made is left alone."""
    account.platform.rich_menus["theirs"] = RichMenu(id="theirs", body={"name": "โปรโมชัน"})
    assert main(["line", "setup"]) == 0
    user = next(iter(account.platform.users.values()))
    old = dict(account.platform.aliases)
    user.rich_menu = old["menu-en"]
    account.edit("chat_bar: Menu", "chat_bar: Services")
    capsys.readouterr()
    assert main(["line", "setup"]) == 0
    shown = capsys.readouterr().out
    assert "who chose menu-en" in shown
    assert "menu-th" not in shown
    assert account.platform.aliases["menu-th"] == old["menu-th"] == account.platform.default_menu
    assert user.rich_menu == account.platform.aliases["menu-en"] != old["menu-en"]
    assert account.menus().keys() == {"theirs", *account.platform.aliases.values()}
    assert (account.calls("rich_menu_create"), account.calls("rich_menu_delete")) == (3, 1)


@pytest.mark.parametrize("kind", ["error", "cut"])
def test_l_out_18_a_run_that_breaks_off_anywhere_is_finished_by_the_next(account: Account, kind: str) -> None:
    """At each of its calls, before and after the effect: then both menus are there once, whole, and nothing else is."""
    menus, shown = line_menus.wanted_menus(account.nlu_data)
    config = line_setup.line_config(load_settings(keys=()))
    assert config is not None
    platform, budget = account.platform, HourlyBudget(account.state / "calls.json", 1_000)

    async def run() -> int:
        async with open_line(config) as client:
            found = await line_menus.plan_menus(client.menus, menus, shown)
            await line_menus.apply_menus(client.menus, found, budget)
            return len(found.steps)

    user = next(iter(platform.users.values()))
    broke = 0
    for calls in range(40):
        _older_menus(platform, f"{calls:016x}")
        user.rich_menu = "old menu-en"
        platform.windows.clear()
        platform.faults[:] = [Fault(operation="rich_menu", kind=kind, after=calls)]
        try:
            asyncio.run(run())
        except Verdict:
            broke += 1
        fired = not platform.faults
        platform.faults.clear()
        asyncio.run(run())
        assert asyncio.run(run()) == 0
        assert account.menus() == {platform.aliases[menu.alias]: menu.name for menu in menus}
        assert all(menu.image for menu in platform.rich_menus.values())
        assert platform.default_menu == platform.aliases["menu-th"]
        assert user.rich_menu == platform.aliases["menu-en"]
        if not fired:
            break
    else:
        pytest.fail("it never came through")
    assert broke >= 8


def test_a_tap_on_the_other_language_is_ours_to_read(account: Account) -> None:
    """The switch that LINE reports names the language that the bot is to speak."""
    assert main(["line", "setup"]) == 0
    user = next(iter(account.platform.users.values()))
    user.friend = True
    menu = account.platform.rich_menus[account.platform.aliases["menu-th"]]
    action = menu.body["areas"][-1]["action"]

    async def tap() -> None:
        people.switch_menu(account.platform, user, action["richMenuAliasId"], action["data"])

    asyncio.run_coroutine_threadsafe(tap(), account.loop).result(5)
    deadline = time.monotonic() + 5
    while len(account.bodies) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    (event,) = parse_webhook(account.bodies[-1]).events
    assert (event.locale_hint, event.content) == ("en", None)
    assert user.rich_menu == account.platform.aliases["menu-en"]


def test_l_out_18_the_hours_menus_are_counted_over_runs(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is begun that could not be finished, and the operator reads when there is room again."""
    now = time.time()
    account.state.mkdir(exist_ok=True)
    times = json.dumps({"menus made": [now - 1800 + n for n in range(MOST_PER_HOUR - 1)]})
    (account.state / "line_menu_calls.json").write_text(times)
    assert main(["line", "setup"]) == 1
    assert "LINE: 80 menus made in an hour are the most; run this again in 30 minutes" in capsys.readouterr().err
    assert account.calls("rich_menu_create") == 0


def test_old_menus_beyond_the_hours_deletions_wait(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    """The new menus are shown all the same; a later run deletes the rest."""
    for n in range(MOST_PER_HOUR + 5):
        account.platform.rich_menus[f"old-{n}"] = RichMenu(id=f"old-{n}", body={"name": f"pracha menu-th {n:016x}"})
    assert main(["line", "setup"]) == 1
    assert "80 menus deleted in an hour are the most; run this again in 60 minutes" in capsys.readouterr().err
    assert account.platform.default_menu == account.platform.aliases["menu-th"]
    assert len(account.platform.rich_menus) == 5 + 2
    assert account.calls("rich_menu_delete") == MOST_PER_HOUR


def test_mistakes_and_a_platform_that_refuses_are_one_clear_line(
    account: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A menu with a mistake changes nothing; a wrong secret and LINE being off are told."""
    account.edit("switch: menu-en", "switch: menu-th")
    assert main(["line", "setup"]) == 1
    assert "rich_menu.yml:17: error: this is the menu menu-th itself" in capsys.readouterr().err
    account.edit("switch: menu-th", "switch: menu-en")
    monkeypatch.setenv("PRACHA_LINE_CHANNEL_SECRET", "another secret")
    assert main(["line", "setup"]) == 1
    assert "LINE: status 4" in capsys.readouterr().err
    assert account.menus() == {}


def test_the_pictures_can_be_looked_at_first(
    account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without LINE; what is uploaded later are these very files."""
    assert main(["line", "draw", str(tmp_path / "look")]) == 0
    drawn = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [file.name for file in drawn] == ["menu-th.png", "menu-en.png"]
    assert main(["line", "setup"]) == 0
    uploaded = {alias: account.platform.rich_menus[menu].image for alias, menu in account.platform.aliases.items()}
    assert uploaded == {file.stem: file.read_bytes() for file in drawn}


def _older_menus(platform: Platform, fingerprint: str) -> None:
    """An older pair of menus and no default, so that the next run makes every kind of call."""
    platform.rich_menus, platform.aliases, platform.default_menu = {}, {}, None
    for alias in ("menu-th", "menu-en"):
        old = RichMenu(id=f"old {alias}", body={"name": f"pracha {alias} {fingerprint}"}, image=b"old")
        platform.rich_menus[old.id], platform.aliases[alias] = old, old.id
