# SPDX-License-Identifier: Apache-2.0
"""`pracha case`, `pracha dead` and `pracha data`: thin commands over `app.staff`."""

from __future__ import annotations

import asyncio
import getpass
import json
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app import staff
from app.cli import CannotDo, settings_or_fail
from app.tables import print_table
from core.errors import Verdict
from store.cases import STATES, UnknownCase
from store.sealing import Unsealable
from thai import case_numbers

_BANGKOK = ZoneInfo("Asia/Bangkok")
Result = TypeVar("Result")


def _do(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it; what can go wrong outside this program becomes one line."""
    try:
        return asyncio.run(work)
    except UnknownCase as error:
        raise CannotDo(f"there is no case {error}") from error
    except staff.UnknownConversation as error:
        raise CannotDo(f"there is no conversation {error}") from error
    except Unsealable as error:
        raise CannotDo(
            "sealed with another vault key than PRACHA_VAULT_KEY: it cannot be read with this one"
        ) from error
    except OperationalError as error:
        raise CannotDo("the database does not answer: is the stack running?") from error
    except ProgrammingError as error:
        raise CannotDo("the database has no tables yet: start the stack once") from error
    except Verdict as verdict:
        raise CannotDo(f"a process of the stack does not answer ({verdict.reason}): is it running?") from verdict
    except DBAPIError as error:
        raise CannotDo(f"the database refused ({type(error.orig).__name__})") from error
    except FileExistsError as error:
        raise CannotDo(f"{error} is there already") from error
    except OSError as error:
        raise CannotDo(f"{error.filename}: {error.strerror}") from error


def _actor_option(command: Any) -> Any:
    return click.option(
        "--actor", default=getpass.getuser, show_default="your login", help="Who does this; it is written down."
    )(command)


def _time(moment: datetime) -> str:
    """The wall clock in Thailand, with the Buddhist year that staff read everywhere."""
    local = moment.astimezone(_BANGKOK)
    return f"{local:%d/%m}/{local.year + 543} {local:%H:%M}"


@click.group()
def case() -> None:
    """Cases that citizens filed."""


@case.command("list")
@click.option("--state", type=click.Choice(list(STATES)), help="Only cases in this state.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def case_list(state: str | None, limit: int, *, as_json: bool) -> None:
    """The newest cases."""
    found = _do(staff.case_list(settings_or_fail(), state, limit))
    if as_json:
        for one in found:
            row = {"ticket_id": one.ticket_id, "type": one.problem_type, "state": one.state, "address": one.address}
            click.echo(json.dumps(row | {"timestamp": one.timestamp.isoformat()}, ensure_ascii=False))
        return
    print_table(
        ("case", "type", "state", "place", "filed"),
        [
            (one.ticket_id, one.problem_type, f"{one.state} {one.state_th}", one.address or "–", _time(one.timestamp))
            for one in found
        ],
    )


@case.command("show")
@click.argument("number")
@_actor_option
def case_show(number: str, actor: str) -> None:
    """One case with what its citizen said and its history. Reading it is written down."""
    file = _do(staff.case_show(settings_or_fail(), _number(number), actor))
    one = file.case
    print_table(
        ("", one.ticket_id),
        [
            ("type", one.problem_type),
            ("state", f"{one.state} {one.state_th}"),
            ("place", one.address or "–"),
            ("pin", f"{one.lat}, {one.lon}" if one.lat is not None else "–"),
            ("description", file.description or "–"),
            ("contact", file.contact or "–"),
            ("photos", ", ".join(file.photos) or "–"),
            ("note", one.note or "–"),
            ("filed", _time(one.timestamp)),
            ("conversation", file.conversation or "–"),
        ],
    )
    print_table(
        ("when", "who", "from", "to", "reason"),
        [(_time(turn.at), turn.actor, turn.state_from or "–", turn.state_to, turn.reason) for turn in file.history],
    )


@case.command("photo")
@click.argument("number")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the files; made if need be.",
)
@_actor_option
def case_photo(number: str, out: Path, actor: str) -> None:
    """Write the photos of one case to files. Taking them is written down."""
    ticket = _number(number)
    written = _do(staff.case_photos(settings_or_fail(), ticket, out, actor=actor))
    if not written:
        raise CannotDo(f"case {ticket} has no photos")
    for path in written:
        click.echo(path)


@case.command("set-state")
@click.argument("number")
@click.argument("state", type=click.Choice(list(STATES)))
@click.option("--reason", required=True, help="Why; it is written down.")
@_actor_option
def case_set_state(number: str, state: str, reason: str, actor: str) -> None:
    """Move a case on; its citizen is told."""
    if not reason.strip():
        raise click.BadParameter("must say why", param_hint="--reason")
    moved = _do(staff.case_set_state(settings_or_fail(), _number(number), state, actor=actor, reason=reason.strip()))
    click.echo(f"{moved.ticket_id}: {moved.state} {moved.state_th}")


@click.group()
def dead() -> None:
    """Messages that could not be answered."""


@dead.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
def dead_list(limit: int) -> None:
    """The newest ones, without what they say."""
    print_table(
        ("id", "channel", "conversation", "kind", "why", "received", "tries", "replayable"),
        [
            (
                str(one.id),
                one.channel,
                one.conversation,
                one.kind,
                one.reason or "–",
                _time(one.received_at),
                str(one.attempts),
                "yes" if one.replayable else "no",
            )
            for one in _do(staff.dead_list(settings_or_fail(), limit))
        ],
    )


@dead.command("replay")
@click.argument("identifier", metavar="ID", type=int)
def dead_replay(identifier: int) -> None:
    """Have one answered after all."""
    if not _do(staff.dead_replay(settings_or_fail(), identifier)):
        raise CannotDo(f"there is no dead letter {identifier} that can be replayed")
    click.echo(f"{identifier} will be answered")


@click.group()
def data() -> None:
    """What is kept of a citizen."""


@data.command("export")
@click.argument("conversation")
@_actor_option
def data_export(conversation: str, actor: str) -> None:
    """Print everything kept of a conversation (`web:3f…`) as JSON. It holds personal data."""
    click.echo(
        json.dumps(_do(staff.data_export(settings_or_fail(), conversation, actor=actor)), ensure_ascii=False, indent=1)
    )


@data.command("erase")
@click.argument("conversation")
@click.option("--reason", required=True, help="Why; it is written down.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_actor_option
def data_erase(conversation: str, reason: str, actor: str, *, yes: bool) -> None:
    """Forget a conversation for good."""
    if not yes:
        click.confirm(f"Erase everything of {conversation}? It cannot be brought back.", abort=True)
    _do(staff.data_erase(settings_or_fail(), conversation, actor=actor, reason=reason))
    click.echo(f"{conversation}: erased")


def _number(said: str) -> str:
    """A case number as kept: also lower case, with Thai digits, without its hyphen. Raises click.BadParameter."""
    found = case_numbers.find(said)
    if not found:
        raise click.BadParameter(f"{said} is no case number (2569-7KMPX4)", param_hint="NUMBER")
    return found[0].value
