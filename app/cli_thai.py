# SPDX-License-Identifier: Apache-2.0
"""`pracha thai`: what the library that reads Thai makes of a text."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli import CannotDo
from app.progress import working
from app.tables import print_table
from app.thai_vectors import BadLine, answer, as_json, load

_MANY = 5000  # lines; they take more than two seconds


@click.group()
def thai() -> None:
    """Dates, times, numbers, identifiers and keyboard slips as citizens type them."""


@thai.command("vectors")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_lines", is_flag=True, help="One JSON object per line of FILE.")
def vectors_command(file: Path, *, as_lines: bool) -> None:
    """Read each line {"kind", "text", "base"?} of FILE.

    Gives {"kind", "text", "values", "certainty": "certain|confirm|reject"} per line. `base` is the moment from which
    relative dates count; without it, now.
    """
    try:
        vectors = load(file)
    except (BadLine, OSError) as error:
        raise CannotDo(str(error)) from error
    if len(vectors) > _MANY:
        with working(f"reading {len(vectors)} lines"):
            answers = [answer(vector) for vector in vectors]
    else:
        answers = [answer(vector) for vector in vectors]
    if as_lines:
        for vector, found in zip(vectors, answers, strict=True):
            click.echo(as_json(vector, found))
        return
    rows = [
        (vector.kind, vector.text, found.certainty, " | ".join(map(str, found.values)))
        for vector, found in zip(vectors, answers, strict=True)
    ]
    print_table(("kind", "text", "certainty", "values"), rows)
