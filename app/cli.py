# SPDX-License-Identifier: Apache-2.0
"""The command `pracha`: what an operator, an author and an officer do from a terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path

import click

from app.settings import Mode, Settings, SettingsError, load_settings
from app.settings_table import KEY_NAMES


class CannotDo(click.ClickException):
    """What was asked cannot be done; the message is one clear line."""


def settings_or_fail(keys: Collection[str] = KEY_NAMES) -> Settings:
    """The settings of the stack that ran last in the state directory; `keys` are those that are needed.

    Raises CannotDo.
    """
    try:
        return load_settings(keys=keys)
    except SettingsError as error:
        raise CannotDo("; ".join(error.problems)) from error


# Groups in modules of their own, loaded when they are called: the database's packages alone take a second.
_GROUPS = {"case": "app.cli_staff", "data": "app.cli_staff", "dead": "app.cli_staff"} | {
    name: f"app.cli_{name}" for name in ("bot", "line", "nlu", "services", "thai")
}


class _Tree(click.Group):
    """The commands of this module and the groups of the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_GROUPS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _GROUPS:
            return super().get_command(ctx, cmd_name)
        group = getattr(import_module(_GROUPS[cmd_name]), cmd_name)
        assert isinstance(group, click.Group)
        return group


@click.group(cls=_Tree, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version="0.1.0", prog_name="pracha")
def cli() -> None:
    """PrachaBot: an assistant of a Thai public agency. Settings come from the environment and .env."""


@cli.command()
@click.option("--live", "mode", flag_value="live", help="Examine as `make serve` would.")
@click.option("--demo", "mode", flag_value="demo", help="Examine as `make up` would.")
def doctor(mode: Mode | None) -> None:
    """Say what this machine and these settings lack."""
    from app import doctor as examination

    click.get_current_context().exit(examination.main(mode))


@cli.command()
@click.option("--if-changed", is_flag=True, help="Do not even compile while no source changed.")
@click.option("--force", is_flag=True, help="Train even if the model would be an equal one.")
def train(*, if_changed: bool, force: bool) -> None:
    """Compile the services and train the model."""
    from app.bot_environment import bot_environment
    from app.training import TrainingFailed, train
    from catalogue.authored import AuthoringError

    settings = settings_or_fail(keys=())
    try:
        done = train(settings.state_dir, bot_environment(settings), only_if_changed=if_changed, force=force)
    except AuthoringError as error:
        raise CannotDo("\n".join(str(problem) for problem in error.problems)) from error
    except (TrainingFailed, OSError) as error:
        raise CannotDo(str(error)) from error
    click.echo(f"{'trained' if done.trained else 'up to date'}: model {done.model[:12]}")


@cli.command()
@click.option("--locale", type=click.Choice(["th", "en"]), default="th", show_default=True)
def chat(locale: str) -> None:
    """Talk with the running stack."""
    from app.chat import chat as talk

    click.get_current_context().exit(asyncio.run(talk(settings_or_fail(), locale)))


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def backup(file: Path | None) -> None:
    """Save the database, the media and the model to FILE (default: a dated file under the state directory)."""
    from app.backup import BackupFailed
    from app.backup import backup as save

    settings = settings_or_fail()
    try:
        written = save(settings, file)
    except (BackupFailed, OSError) as error:
        raise CannotDo(str(error)) from error
    click.echo(f"{written} ({written.stat().st_size / 1e6:.1f} MB). The keys are not in it: keep them apart.")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Put what `backup` saved into an empty database: that of DATABASE_URL, else the embedded one."""
    from app.restore import RestoreFailed
    from app.restore import restore as put_back

    settings = settings_or_fail(keys=())
    try:
        files = put_back(settings, file)
    except (RestoreFailed, OSError) as error:
        raise CannotDo(str(error)) from error
    click.echo(
        f"restored: the database, and {files} files under {settings.state_dir}. The keys of then are needed too."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: could not be done; 2: was not understood. An error is one line, never a trace."""
    try:
        code = cli.main(args=arguments, prog_name="pracha", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.UsageError as error:
        where = f"{error.ctx.command_path}: " if error.ctx else ""
        click.echo(f"{where}{error.format_message()} (--help tells more)", err=True)
        return error.exit_code
    except click.ClickException as error:
        click.echo(f"pracha: {error.format_message()}", err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("pracha: stopped", err=True)
        return 130
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
