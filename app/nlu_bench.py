# SPDX-License-Identifier: Apache-2.0
"""`pracha nlu bench`: how well the learned pipeline understands labelled texts, measured in the bot's environment."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.settings import ROOT
from app.training import BOT_PYTHON

_PROGRESS = re.compile(r"progress (?P<share>[01]\.\d\d) (?P<what>.+)")
#: What `--json` prints, in this order.
FIGURES = (
    *("intent_accuracy", "intent_macro_f1", "slot_f1", "train_seconds"),
    *("latency_ms_p50", "latency_ms_p95", "peak_rss_mb", "vectors", "vector_ms_p50"),
)


class BenchFailed(Exception):
    """It could not be measured; the text is one line for whoever called."""


def bench(
    train: Path,
    test: Path,
    environment: Mapping[str, str],
    *,
    predictions: Path | None,
    vectors: str | None,
    cache: Path,
) -> dict[str, Any]:
    """The figures of FIGURES for `test` after training on `train`. Shows its progress. Raises BenchFailed.

    vectors: another choice than that of config.yml; cache: folder for the vectors of the examples.
    """
    command = [str(BOT_PYTHON), "-m", "bot.nlu_bench", "--train", str(train.resolve()), "--test", str(test.resolve())]
    command += ["--cache", str(cache.resolve())]
    command += ["--predictions", str(predictions.resolve())] if predictions is not None else []
    command += ["--vectors", vectors] if vectors is not None else []
    with _showing() as show:
        code, said, complaints = _run(command, environment, show)
    try:
        figures: dict[str, Any] = json.loads(said) if not code else {}
    except ValueError:
        figures = {}
    if not figures:
        last = complaints[-1].removeprefix("bot.nlu_bench: ") if complaints else "it said nothing"
        raise BenchFailed(last)
    return {name: figures[name] for name in FIGURES}


def _run(
    command: Sequence[str], environment: Mapping[str, str], show: Callable[[float, str], None]
) -> tuple[int, str, list[str]]:
    """Exit code, output, and what else than progress stood on the error stream."""
    complaints: list[str] = []
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        # The output is one line at the very end: reading the error stream first cannot fill its pipe.
        for line in process.stderr:
            if match := _PROGRESS.fullmatch(line.rstrip()):
                show(float(match["share"]), match["what"])
            elif line.strip():
                complaints.append(line.strip())
        said = process.stdout.read()
    return process.returncode, said, complaints


@contextmanager
def _showing() -> Iterator[Callable[[float, str], None]]:
    """A bar at a terminal, elsewhere a line for each new kind of work; on the error stream, so output can be piped."""
    if not sys.stderr.isatty():
        seen: set[str] = set()

        def say(share: float, what: str) -> None:
            if what not in seen:
                seen.add(what)
                print(f"→ {what}", file=sys.stderr, flush=True)

        yield say
        return
    from rich.console import Console  # late: it loads slowly
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def move(share: float, what: str) -> None:
            # Training says nothing about how long it takes: its bar only moves.
            progress.update(task, description=what, total=1.0 if share else None, completed=share)

        yield move
