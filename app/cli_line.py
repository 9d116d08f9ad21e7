# SPDX-License-Identifier: Apache-2.0
"""`pracha line`: the channel's settings at LINE, brought to what they should be."""

from __future__ import annotations

import asyncio

import click

from app import line_setup
from app.cli import CannotDo, settings_or_fail
from app.settings import Settings
from core.errors import Verdict


@click.group()
def line() -> None:
    """LINE: the webhook of our channel."""


@line.command()
@click.option("--dry-run", is_flag=True, help="only say what would change")
def setup(dry_run: bool) -> None:
    """Set the webhook's address at LINE and have LINE test it. Run again, it changes only what differs."""
    settings = settings_or_fail(keys=())
    try:
        asyncio.run(_setup(settings, dry_run))
    except (line_setup.LineOff, Verdict) as error:
        raise CannotDo(f"LINE: {error}") from error


async def _setup(settings: Settings, dry_run: bool) -> None:
    async with line_setup.line_of(settings) as client:
        changes = await line_setup.webhook_changes(client, settings)
        for change in changes:
            click.echo(f"{change.what}:\n  - {change.now}\n  + {change.wanted}")
        if not changes:
            click.echo("nothing to change")
        if dry_run:
            return
        if changes:
            await line_setup.apply_webhook(client, settings)
        test = await client.test_endpoint()
        if not test.success:
            raise CannotDo(f"LINE's test of {line_setup.webhook_url(settings)} failed: {line_setup.meaning(test)}")
        click.echo(f"LINE reaches {line_setup.webhook_url(settings)}")
