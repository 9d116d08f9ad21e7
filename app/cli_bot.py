# SPDX-License-Identifier: Apache-2.0
"""`pracha bot`: which of the two bots is live, and the switch to the other."""

from __future__ import annotations

import click

from app.bot_switch import CannotSwitch, bots
from app.bot_switch import switch as switch_bots
from app.cli import CannotDo, settings_or_fail
from app.live_bot import bot_port
from app.tables import print_table


@click.group()
def bot() -> None:
    """The two bots of the running stack: one is live, the other a spare."""


@bot.command()
def status() -> None:
    """Which bot is live, and how both are."""
    try:
        found = bots(settings_or_fail(keys=()))
    except CannotSwitch as error:
        raise CannotDo(str(error)) from error
    print_table(
        ("bot", "turns", "state", "process", "port", "ready"),
        [
            (
                one.name,
                "live" if one.live else "spare",
                one.state,
                str(one.process or "–"),
                str(one.port),
                "yes" if one.ready else "no",
            )
            for one in found
        ],
    )


@bot.command()
def switch() -> None:
    """Start the spare bot, make it live without losing a message, and stop the other."""
    settings = settings_or_fail(keys=())
    try:
        live = switch_bots(settings)
    except CannotSwitch as error:
        raise CannotDo(str(error)) from error
    click.echo(f"{live} ทำงานแทนแล้ว · {live} is live (port {bot_port(settings, live)})")
