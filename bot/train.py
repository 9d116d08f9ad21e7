# SPDX-License-Identifier: Apache-2.0
"""Trains the compiled project: `python -m bot.train --project STATE_DIR/rasa [--force]`.

Writes models/<sha256>.tar.gz and then models/live.json, each in one step. Does nothing when the live model was made
from the same files.
"""

from __future__ import annotations

from bot import without_tensorflow

without_tensorflow.install()

# ruff: noqa: E402, T201  (Rasa must be imported after the stand-ins; this speaks to a terminal)
import os

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
# Rasa's cache does not see lexicon.json and places.json change, and training takes seconds.
os.environ["RASA_MAX_CACHE_SIZE"] = "0"
# Silences Rasa's progress bars, which are one line of output per rule when that is no terminal.
os.environ["LOG_LEVEL"] = "WARNING"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

import argparse
import contextlib
import io
import logging
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

import structlog

from bot import project_files

_ROOT = Path(__file__).resolve().parent.parent


#: Said by Rasa whatever the data: a notice about version 3.0, and that `RulePolicy` is missing, of which ours is a kind.
_OLD_NEWS = ("Slot auto-fill has been removed", "'RulePolicy' is not included")


class TrainingError(Exception):
    """No model came out of it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the live model fits the project; 1 when training failed; 2 when the project is incomplete."""
    parser = argparse.ArgumentParser(prog="python -m bot.train", description="Train the compiled Rasa project.")
    parser.add_argument("--project", type=Path, required=True, help="folder of the compiled project")
    parser.add_argument("--force", action="store_true", help="train even if nothing has changed")
    chosen = parser.parse_args(arguments)
    project: Path = chosen.project.resolve()
    try:
        project_files.check(project)
    except project_files.ProjectError as error:
        print(f"bot.train: {error}", file=sys.stderr)
        return 2
    made_from = project_files.data_hash(project)
    known = project_files.live(project)
    if known and known.get("data_hash") == made_from and not chosen.force:
        print(f"nothing has changed, live model {known['sha256'][:12]}", flush=True)
        return 0
    began = time.monotonic()
    try:
        sha256 = train(project, made_from, began)
    except TrainingError as error:
        print(f"bot.train: {error}", file=sys.stderr)
        return 1
    print(f"live model {sha256[:12]}, trained in {time.monotonic() - began:.1f} s", flush=True)
    return 0


def train(project: Path, made_from: str, began: float) -> str:
    """Train, put the model in its place and make it the live one; gives its sha256. Raises TrainingError."""
    _report_progress(began)
    _say(began, "reading Rasa")
    from rasa.model_training import train as rasa_train

    models = project / "models"
    models.mkdir(exist_ok=True)
    # Components read the project's files by their names, and are named in config.yml by modules of ours.
    os.chdir(project)
    if str(_ROOT) not in sys.path:
        sys.path.insert(0, str(_ROOT))
    with tempfile.TemporaryDirectory(prefix=".training-", dir=models) as folder:
        _say(began, "reading the examples and rules")
        said_by_rasa = io.StringIO()
        try:
            with contextlib.redirect_stdout(said_by_rasa):
                result = rasa_train(
                    domain="domain.yml",
                    config="config.yml",
                    training_files=["data"],
                    output=folder,
                    fixed_model_name="candidate",
                    force_training=True,
                )
        except SystemExit as error:  # Rasa leaves the process on some mistakes in the data
            raise TrainingError(f"Rasa refused the project: {said_by_rasa.getvalue().strip()}") from error
        except Exception as error:
            raise TrainingError(f"{type(error).__name__}: {error}") from error
        if result.code != 0 or not result.model:
            raise TrainingError(f"Rasa ended with code {result.code}: {said_by_rasa.getvalue().strip()}")
        made = Path(result.model)
        sha256 = project_files.sha256_of(made)
        made.replace(models / f"{sha256}.tar.gz")
    project_files.replace_json(
        models / "live.json",
        {
            "sha256": sha256,
            "trained_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "data_hash": made_from,
        },
    )
    return sha256


class _Progress(logging.Handler):
    """Prints which component is being trained, from what Rasa's training hook logs."""

    def __init__(self, began: float) -> None:
        super().__init__(logging.INFO)
        self._began = began

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith("Starting to train component"):
            _say(self._began, f"training {message.split(chr(39))[1]}")


def _report_progress(began: float) -> None:
    # Untold, structlog prints every debug event of every prediction.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.setLevel(logging.INFO)
    hooks.addHandler(_Progress(began))
    warnings.showwarning = _show_warning


def _show_warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    """What Rasa says about the data; not the deprecations inside frozen dependencies."""
    if category is UserWarning and not any(part in str(message) for part in _OLD_NEWS):
        print(f"warning: {message}", file=sys.stderr, flush=True)


def _say(began: float, what: str) -> None:
    print(f"[{time.monotonic() - began:5.1f} s] {what}", file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    sys.exit(main())
