# SPDX-License-Identifier: Apache-2.0
"""`pracha line`: the channel's settings at LINE, brought to what they should be."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import structlog

from app import line_menus, line_setup
from app.cli import CannotDo, settings_or_fail
from app.hourly_budget import HourSpent
from app.line_menu_image import CannotDraw
from app.settings import ROOT, Settings
from catalogue.authored import AuthoringError
from channels.line.client import Line
from channels.line.rich_menu import Wanted
from core.errors import Verdict

NLU_DATA = ROOT / "nlu_data"


@click.group()
def line() -> None:
    """LINE: the menus and the webhook of our channel."""


@line.command()
@click.option("--dry-run", is_flag=True, help="only say what would change")
def setup(dry_run: bool) -> None:
    """Set the menus and the webhook's address at LINE, and have LINE test it. Run again, it changes only what differs."""
    settings = settings_or_fail(keys=())
    menus, shown = _menus()
    try:
        with _log_to(settings.state_dir / "log" / "line_setup.log"):
            asyncio.run(_setup(settings, menus, shown, dry_run))
    except (line_setup.LineOff, HourSpent, Verdict, OSError) as error:
        raise CannotDo(f"LINE: {error}") from error


@line.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def draw(folder: Path) -> None:
    """Draw the menus' pictures into FOLDER, to look at them before citizens do."""
    menus, _ = _menus()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for menu in menus:
            file = folder / f"{menu.alias}.png"
            file.write_bytes(menu.image)
            click.echo(str(file))
    except OSError as error:
        raise CannotDo(str(error)) from error


@contextlib.contextmanager
def _log_to(file: Path) -> Iterator[None]:
    """The calls' request ids go into a file, which LINE's support asks for, and not between the lines for the operator."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = structlog.get_config()
    with file.open("a", encoding="utf-8") as opened:
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(),
            ],
            logger_factory=structlog.WriteLoggerFactory(opened),
        )
        try:
            yield
        finally:
            structlog.configure(**before)


def _menus() -> tuple[list[Wanted], str]:
    try:
        return line_menus.wanted_menus(NLU_DATA)
    except AuthoringError as error:
        raise CannotDo("\n".join(str(problem) for problem in error.problems)) from error
    except (CannotDraw, OSError, ValueError) as error:
        raise CannotDo(f"the menus cannot be made: {error}") from error


async def _setup(settings: Settings, menus: Sequence[Wanted], shown: str, dry_run: bool) -> None:
    async with line_setup.line_of(settings) as client:
        webhook = await line_setup.webhook_changes(client, settings)
        found = await line_menus.plan_menus(client.menus, menus, shown)
        changes = [*webhook, *line_menus.menu_changes(found)]
        for change in changes:
            click.echo(f"{change.what}:\n  - {change.now}\n  + {change.wanted}")
        if not changes:
            click.echo("nothing to change")
        if dry_run:
            return
        # The webhook first: without it nobody is answered, without menus everybody is.
        if webhook:
            await line_setup.apply_webhook(client, settings)
        if not await line_menus.apply_menus(client.menus, found, line_menus.menu_budget(settings.state_dir)):
            click.echo("who had chosen a language sees the default menu again", err=True)
        await _test(client, settings)


async def _test(client: Line, settings: Settings) -> None:
    test = await client.test_endpoint()
    if not test.success:
        raise CannotDo(f"LINE's test of {line_setup.webhook_url(settings)} failed: {line_setup.meaning(test)}")
    click.echo(f"LINE reaches {line_setup.webhook_url(settings)}")
