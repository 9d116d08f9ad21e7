# SPDX-License-Identifier: Apache-2.0
"""`pracha services`: what authors do with the catalogue in `nlu_data/services/`."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from app.cli import CannotDo
from app.settings import ROOT
from app.tables import print_table
from catalogue import check as checking
from catalogue import new
from catalogue.authored import AuthoringError, Problem
from catalogue.load import TO_WRITE, load_drafts, load_services

NLU_DATA = ROOT / "nlu_data"
FOLDER = NLU_DATA / "services"


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
    if drafts := load_drafts(FOLDER):
        click.echo(f"left out, still to be written: {', '.join(draft.id for draft in drafts)}")


@services.command("new")
@click.argument("identifier", metavar="ID")
def new_service(identifier: str) -> None:
    """Begin a guide: what to bring, fee, place, time. ID is its name in lower case, such as tax_refund."""
    try:
        path = new.new_service(FOLDER, identifier, date.today())  # noqa: DTZ011  the author's own calendar
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="ID") from error
    except FileExistsError as error:
        raise CannotDo(f"there is a service {identifier} already") from error
    click.echo(f"{_seen_from_here(str(path))}: write what begins with {TO_WRITE} then `pracha services check`")


@services.command("check")
def check() -> None:
    """Check everything in nlu_data/, without training. Errors must go; warnings can wait."""
    problems = [problem for draft in load_drafts(FOLDER) for problem in draft.problems]
    problems += checking.check(NLU_DATA, date.today())  # noqa: DTZ011  the author's own calendar
    for problem in problems:
        click.echo(_line(problem))
    found = Counter(problem.severity for problem in problems)
    said = f"errors: {found['error']}, warnings: {found['warning']}"
    if found["error"]:
        raise CannotDo(said)
    click.echo(said)


def _line(problem: Problem) -> str:
    """`file:line: severity: message`, with the file as an editor in this folder opens it."""
    return str(replace(problem, file=_seen_from_here(problem.file)))


def _seen_from_here(file: str) -> str:
    path, here = Path(file), Path.cwd()
    return os.path.relpath(path, here) if path.is_relative_to(here) else file


def _late(day: date) -> str:
    return " (overdue)" if day < date.today() else ""  # noqa: DTZ011  the calendar of the machine that shows it


def _lines(error: AuthoringError) -> str:
    return "\n".join(_line(problem) for problem in error.problems)
