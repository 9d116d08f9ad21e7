# SPDX-License-Identifier: Apache-2.0
"""Those who had switched to an old LINE menu: handed over before it is deleted, whatever LINE says to that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app import line_menus
from app.line_menus import MenuPlan, apply_menus, menu_budget
from channels.line.client import Line, LineConfig, open_line
from channels.line.rich_menu import Delete, Move
from core.errors import Rejected, Unavailable
from tests.fakes.line_server import LineServer, Say, running_line

TOKEN = "fixed-token-of-this-test"
BATCH, PROGRESS = "/v2/bot/richmenu/batch", "/progress/batch"
PLAN = MenuPlan((Move("menu-en", "old"), Delete("old", "pracha menu-en 0123456789abcdef")), {"menu-en": "new"})


@pytest_asyncio.fixture
async def server() -> AsyncIterator[LineServer]:
    """A wire that says what a test tells it to."""
    async with running_line(TOKEN) as running:
        yield running


@pytest_asyncio.fixture
async def line(server: LineServer) -> AsyncIterator[Line]:
    """The SDK behind our client, at that wire."""
    config = LineConfig(channel_id="1", channel_secret="s", access_token=TOKEN, api_base=server.url)
    async with open_line(config, timeout=1.0) as opened:
        yield opened


def calls(server: LineServer) -> list[str]:
    """Method and path of what was asked."""
    return [f"{one.method} {one.path.removeprefix('/v2/bot/richmenu/')}" for one in server.calls]


async def test_an_old_menu_is_deleted_when_everybody_has_the_new_one(
    server: LineServer, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LINE takes the order, works on it, and is asked until it is done."""
    monkeypatch.setattr(line_menus, "_PAUSE", 0.01)
    server.on(BATCH, Say(202, {}))
    server.on(
        PROGRESS, Say(200, {"phase": "ongoing"}), Say(200, {"phase": "ongoing"}), Say(200, {"phase": "succeeded"})
    )
    assert await apply_menus(line.menus, PLAN, menu_budget(tmp_path))
    assert server.calls[0].data == {"operations": [{"type": "link", "from": "old", "to": "new"}]}
    assert [one.partition("?")[0] for one in calls(server)] == [
        "POST batch", *["GET progress/batch"] * 3, "DELETE old"
    ]  # fmt: skip


async def test_what_takes_too_long_is_left_to_the_next_run(
    server: LineServer, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is deleted under somebody's fingers."""
    monkeypatch.setattr(line_menus, "_PAUSE", 0.01)
    server.on(BATCH, Say(202, {}))
    server.always(PROGRESS, Say(200, {"phase": "ongoing"}))
    with pytest.raises(Unavailable, match="run this again"):
        await apply_menus(line.menus, PLAN, menu_budget(tmp_path))
    assert not [one for one in calls(server) if one.startswith("DELETE")]


@pytest.mark.parametrize("refused", [True, False], ids=["the order", "at the end"])
async def test_what_line_refuses_does_not_keep_old_menus_for_ever(
    server: LineServer, line: Line, tmp_path: Path, *, refused: bool
) -> None:
    """They are deleted, and who had one sees the default menu; the answer says so."""
    server.on(BATCH, Say(400, {"message": "invalid operations"}) if refused else Say(202, {}))
    server.on(PROGRESS, Say(200, {"phase": "failed"}))
    assert not await apply_menus(line.menus, PLAN, menu_budget(tmp_path))
    assert calls(server)[-1] == "DELETE old"


async def test_three_orders_an_hour_are_the_most(server: LineServer, line: Line, tmp_path: Path) -> None:
    """Then LINE's own words reach the operator, and the old menu stays for a later run."""
    server.on(BATCH, Say(429, {"message": "The API rate limit has been exceeded. Try again later."}))
    with pytest.raises(Unavailable, match="rate limit"):
        await apply_menus(line.menus, PLAN, menu_budget(tmp_path))
    assert calls(server) == ["POST batch"]


async def test_phases(server: LineServer, line: Line) -> None:
    """Done, not yet, never."""
    server.on(PROGRESS, *(Say(200, {"phase": phase}) for phase in ("succeeded", "ongoing", "failed")))
    assert await line.menus.moved("request-1")
    assert not await line.menus.moved("request-1")
    with pytest.raises(Rejected):
        await line.menus.moved("request-1")
