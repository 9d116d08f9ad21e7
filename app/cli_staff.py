# SPDX-License-Identifier: Apache-2.0
"""`pracha case`, `pracha dead` and `pracha data`: thin commands over `app.staff`."""

from __future__ import annotations

import getpass
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from app import staff
from app.cli import CannotDo, settings_or_fail
from app.staff_run import done
from app.tables import print_table
from store.case_list import Wanted
from store.cases import STATES
from store.dead import LetterName
from thai import case_numbers

_BANGKOK = ZoneInfo("Asia/Bangkok")
#: an event or, with `a`, an answer
_LETTER = re.compile("(a?)([0-9]{1,18})")

#: What an officer reads after a change; the citizen's own message is an answer.
_TOLD = {
    staff.Told.YES: "แจ้งประชาชนแล้ว · the citizen was told",
    staff.Told.SAME_STATE: (
        "ไม่ได้แจ้งประชาชน: สถานะเดิม เก็บหมายเหตุใหม่ไว้แล้ว · the citizen was not told: the state is as before, the note was kept"
    ),
    staff.Told.ERASED: ("ไม่ได้แจ้งประชาชน: ลบการสนทนาไปแล้ว · the citizen was not told: the conversation has been erased"),
}


class _State(click.ParamType[str]):
    """A state by its code or its Thai name."""

    name = "state"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code. Raises click.BadParameter with all names."""
        said = "".join(str(value).split()).lower()
        for code, thai in STATES.items():
            if said in (code, thai):
                return code
        names = ", ".join(f"{code} {thai}" for code, thai in STATES.items())
        raise click.BadParameter(f"'{value}' is no state (ไม่มีสถานะนี้): one of {names}", ctx, param)


class _Letter(click.ParamType[LetterName]):
    """The id of a dead letter."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> LetterName:
        """What it names. Raises click.BadParameter."""
        found = _LETTER.fullmatch(str(value))
        if found is None:
            raise click.BadParameter(f"{value!r} is no id of `pracha dead list` (12 or a12)", ctx, param)
        return LetterName(bool(found[1]), int(found[2]))


_STATE = _State()


def _actor_option(command: Any) -> Any:
    return click.option(
        "--actor",
        default=getpass.getuser,
        show_default="your login",
        help="Who does this; it is written down.",
        callback=lambda _context, _option, said: _one_line(said),
    )(command)


def _one_line(name: str) -> str:
    """A name as it may stand in the audit: a name that looks like two lines of it would forge one."""
    plain = " ".join(name.split())
    if not plain or len(plain) > 80 or not plain.isprintable():
        raise click.BadParameter("must be a name of 1 to 80 characters, without control characters")
    return plain


def _time(moment: datetime) -> str:
    """The wall clock in Thailand, with the Buddhist year that staff read everywhere."""
    local = moment.astimezone(_BANGKOK)
    return f"{local:%d/%m}/{local.year + 543} {local:%H:%M}"


@click.group()
def case() -> None:
    """Cases that citizens filed."""


@case.command("list")
@click.option("--state", type=_STATE, help="Only cases in this state, by its code or its Thai name.")
@click.option("--open", "open_only", is_flag=True, help="Only cases that are not finished (เฉพาะเรื่องที่ยังไม่ปิด).")
@click.option("--type", "problem_type", metavar="TYPE", help="Only problems of this type, such as ถนน.")
@click.option("--find", "words", metavar="WORDS", help="Only cases with these words in number, type, place or note.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def case_list(
    state: str | None, problem_type: str | None, words: str | None, limit: int, *, open_only: bool, as_json: bool
) -> None:
    """The newest cases. What citizens wrote is sealed, so that --find does not search it."""
    wanted = Wanted(state=state, open_only=open_only, problem_type=problem_type, words=words)
    found = done(staff.case_list(settings_or_fail(), wanted, limit))
    if as_json:
        for listed in found:
            one = listed.case
            row = {"ticket_id": one.ticket_id, "type": one.problem_type, "state": one.state, "address": one.address}
            row |= {"timestamp": one.timestamp.isoformat()}
            click.echo(json.dumps({**row, "photos": listed.photos}, ensure_ascii=False))
        return
    now = datetime.now(UTC)
    print_table(
        ("case", "type", "state", "place", "photos", "filed", "days"),
        [
            (
                listed.case.ticket_id,
                listed.case.problem_type,
                f"{listed.case.state} {listed.case.state_th}",
                listed.case.address or "–",
                str(listed.photos or "–"),
                _time(listed.case.timestamp),
                str((now - listed.case.timestamp).days),
            )
            for listed in found
        ],
    )


@case.command("show")
@click.argument("number")
@_actor_option
def case_show(number: str, actor: str) -> None:
    """One case with what its citizen said and its history. Reading it is written down."""
    file = done(staff.case_show(settings_or_fail(), _number(number), actor))
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
    written = done(staff.case_photos(settings_or_fail(), ticket, out, actor=actor))
    if not written:
        raise CannotDo(f"case {ticket} has no photos")
    for path in written:
        click.echo(path)


@case.command("set-state")
@click.argument("number")
@click.argument("state", type=_STATE)
@click.option("--reason", required=True, help="Why; it is written down.")
@_actor_option
def case_set_state(number: str, state: str, reason: str, actor: str) -> None:
    """Move a case on; its citizen is told, and reads the reason. STATE is a code or its Thai name:

    start รอรับเรื่อง, inprogress กำลังดำเนินการ, forward ส่งต่อหน่วยงาน, follow ติดตาม, finish เสร็จสิ้น, irrelevant ไม่เกี่ยวข้อง
    """
    if not reason.strip():
        raise click.BadParameter("must say why", param_hint="--reason")
    setting = staff.case_set_state(settings_or_fail(), _number(number), state, actor=actor, reason=reason.strip())
    moved, told = done(setting)
    click.echo(f"{moved.ticket_id}: {moved.state} {moved.state_th}")
    click.echo(_TOLD[told])


@click.group()
def dead() -> None:
    """Messages that could not be answered, and answers that could not be delivered."""


@dead.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
def dead_list(limit: int) -> None:
    """The newest ones, without what they say."""
    print_table(
        ("id", "channel", "conversation", "kind", "why", "received", "tries", "replayable"),
        [
            (
                one.name,
                one.channel,
                one.conversation,
                one.kind,
                one.reason or "–",
                _time(one.received_at),
                str(one.attempts),
                "yes" if one.replayable else "no",
            )
            for one in done(staff.dead_list(settings_or_fail(), limit))
        ],
    )


@dead.command("replay")
@click.argument("letters", metavar="[ID]...", type=_Letter(), nargs=-1)
@click.option("--reason", help="All with this `why` instead, such as quota_spent; says how many and asks first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def dead_replay(letters: tuple[LetterName, ...], reason: str | None, *, yes: bool) -> None:
    """Have some answered (12) or delivered (a12) after all."""
    if bool(letters) == bool(reason):
        raise click.UsageError("name ids of `pracha dead list`, or one --reason")
    settings = settings_or_fail()
    if reason:
        letters = tuple(done(staff.dead_of(settings, reason)))
        if not letters:
            raise CannotDo(f"there is no dead letter with the reason {reason} that can be replayed")
        if not yes:
            click.confirm(f"Replay {len(letters)} with the reason {reason}?", abort=True)
    revived = done(staff.dead_replay(settings, letters))
    for letter in revived:
        click.echo(f"{letter} will be {'delivered' if letter.answer else 'answered'}")
    if lost := [str(letter) for letter in letters if letter not in revived]:
        raise CannotDo(f"there is no dead letter {', '.join(lost)} that can be replayed")


@click.group()
def data() -> None:
    """What is kept of a citizen."""


@data.command("export")
@click.argument("conversation")
@_actor_option
def data_export(conversation: str, actor: str) -> None:
    """Print everything kept of a conversation (`web:3f…`) as JSON. It holds personal data."""
    click.echo(
        json.dumps(done(staff.data_export(settings_or_fail(), conversation, actor=actor)), ensure_ascii=False, indent=1)
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
    done(staff.data_erase(settings_or_fail(), conversation, actor=actor, reason=reason))
    click.echo(f"{conversation}: erased")


def _number(said: str) -> str:
    """A case number as kept: also lower case, with Thai digits, without its hyphen. Raises click.BadParameter."""
    found = case_numbers.find(said)
    if not found:
        raise click.BadParameter(f"{said} is no case number (2569-7KMPX4)", param_hint="NUMBER")
    return found[0].value
