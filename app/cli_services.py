# SPDX-License-Identifier: Apache-2.0
"""`pracha services`: what authors do with the catalogue in `nlu_data/services/`."""

from __future__ import annotations

import re
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path

import click

from app.cli import CannotDo
from app.progress import working
from app.settings import ROOT
from app.tables import print_table
from app.training import project_dir
from catalogue.authored import AuthoringError
from catalogue.compile import CompileReport, compile_project
from catalogue.load import load_services

FOLDER = ROOT / "nlu_data" / "services"
_TEMPLATE = Path(__file__).with_name("service_template.yml")
_UNFILLED = re.compile(r"‹[^›]*›")


@click.group()
def services() -> None:
    """The services that the bot offers."""


@services.command("list")
def list_services() -> None:
    """Every service with its owner and the day of its next review."""
    try:
        found = load_services(FOLDER)
    except AuthoringError as error:
        raise CannotDo(_lines(error)) from error
    rows = [
        (one.id, one.kind, one.title.of("th"), one.owner, f"{one.review_by}{_late(one.review_by)}")
        for one in found.values()
    ]
    print_table(("id", "kind", "title", "owner", "review by"), rows)


@services.command("new")
@click.argument("identifier", metavar="ID")
def new_service(identifier: str) -> None:
    """Begin a guide: what to bring, fee, place, time. ID is its name in lower case, such as tax_refund."""
    path = write_new(identifier, FOLDER, date.today())  # noqa: DTZ011  the author's own calendar
    click.echo(f"{path.relative_to(ROOT)}: fill in what stands between ‹ and ›, then `pracha services check`")


def write_new(identifier: str, folder: Path, today: date) -> Path:
    """The new file. Raises click.BadParameter for a name that cannot be used, CannotDo when it is taken."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", identifier):
        raise click.BadParameter("must be lower case letters, digits and _, such as tax_refund", param_hint="ID")
    path = folder / f"{identifier}.yml"
    text = _TEMPLATE.read_text(encoding="utf-8").format(
        id=identifier, today=today.isoformat(), review_by=(today + timedelta(days=180)).isoformat()
    )
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CannotDo(f"there is a service {identifier} already") from None
    return path


@services.command("check")
def check() -> None:
    """Check everything in nlu_data/ as `pracha train` would, without training."""
    from app.cli import settings_or_fail

    unfilled = unfilled_places(FOLDER)
    try:
        with working("checking"):
            report = check_all(project_dir(settings_or_fail(keys=()).state_dir))
    except AuthoringError as error:
        raise CannotDo("\n".join([_lines(error), *unfilled])) from error
    if unfilled:
        raise CannotDo("\n".join(unfilled))
    for one in load_services(FOLDER).values():
        if late := _late(one.review_by):
            click.echo(f"{one.id}: review by {one.review_by}{late}")
    click.echo(
        f"{report.services} services, {report.intents} intents, {report.examples} examples, {report.answers} answers"
    )


def check_all(compiled: Path) -> CompileReport:
    """Compile into a folder that goes away; `compiled` lends its table of places, which takes seconds to make."""
    with tempfile.TemporaryDirectory() as folder:
        if (compiled / "places.json").is_file():
            shutil.copy(compiled / "places.json", folder)
        return compile_project(ROOT / "nlu_data", ROOT, Path(folder))


def unfilled_places(folder: Path) -> list[str]:
    """`file:line: …` for each place of a template that nobody filled in."""
    return [
        f"{path}:{number}: error: not filled in: {', '.join(_UNFILLED.findall(line))}"
        for path in sorted(folder.glob("*.yml"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _UNFILLED.search(line) and not line.startswith("#")
    ]


def _late(day: date) -> str:
    return " (overdue)" if day < date.today() else ""  # noqa: DTZ011


def _lines(error: AuthoringError) -> str:
    return "\n".join(str(problem) for problem in error.problems)
