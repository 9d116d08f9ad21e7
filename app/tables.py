# SPDX-License-Identifier: Apache-2.0
"""Tables for the command line, whose columns stay straight with Thai text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table


def print_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """One line per row; piped, it keeps its whole text. No rows: the word `none`."""
    if not rows:
        print("none")
        return
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(markup=False, highlight=False, width=10_000)
    table = Table(*titles, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console.print(table)
