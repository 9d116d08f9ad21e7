# SPDX-License-Identifier: Apache-2.0
"""Trains the model of a state directory when what it is made from changed: compile, then the bot's own trainer."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.progress import working
from app.settings import ROOT
from app.state_paths import log_dir

BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
# All that a model is made from; the trainer itself looks closer, at what comes out of the compile.
_SOURCES = (
    *("nlu_data", "domain.yml", "config.yml", "endpoints.yml", "credentials.yml"),
    *(
        "catalogue",
        "thai",
        "bot/components",
        "bot/vectors.py",
        "bot/vectors_cache.py",
        "bot/vectors_onnx.py",
        "bot/train.py",
        "bot/project_files.py",
        "bot/requirements.lock",
    ),
)


class TrainingFailed(Exception):
    """The trainer ended with an error; the text has its last lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What `train` did: `model` is the hash of the live model, `trained` whether it is a new one."""

    model: str
    trained: bool


def project_dir(state_dir: Path) -> Path:
    """The compiled Rasa project."""
    return state_dir / "rasa"


def live_model(state_dir: Path) -> str | None:
    """The hash of the live model; None when there is none or its file is missing."""
    models = project_dir(state_dir) / "models"
    name = _read(models / "live.json").get("sha256")
    return name if isinstance(name, str) and (models / f"{name}.tar.gz").is_file() else None


def train(
    state_dir: Path, environment: Mapping[str, str], *, only_if_changed: bool = False, force: bool = False
) -> Trained:
    """Compile and train. Raises catalogue's AuthoringError, TrainingFailed, OSError.

    The trainer keeps the live model when training again would give an equal one, unless it is forced. With
    `only_if_changed` nothing is even compiled while no source changed. `environment` must hold no secret.
    """
    project = project_dir(state_dir)
    note = project / "models" / "made_from.json"
    before, sources = live_model(state_dir), fingerprint(_SOURCES)
    if only_if_changed and before and _read(note).get("sources") == sources:
        return Trained(model=before, trained=False)
    from catalogue.compile import compile_project  # late: it takes longer to load than to see that nothing changed

    with working("compiling the services"):
        compiled = compile_project(ROOT / "nlu_data", ROOT, project)
    if compiled.drafts:
        print(f"  left out, still to be written: {', '.join(compiled.drafts)}", file=sys.stderr, flush=True)
    run_trainer(project, log_dir(state_dir), environment, force=force)
    model = live_model(state_dir)
    if model is None:
        raise TrainingFailed("the trainer left no model")
    _write(note, {"sources": sources})
    return Trained(model=model, trained=model != before)


def fingerprint(names: Iterable[str], root: Path = ROOT) -> str:
    """One hash over the names and contents of files and folders, given relative to `root`."""
    digest = hashlib.sha256()
    for name in sorted(names):
        path = root / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix != ".pyc":
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                digest.update(f"{file.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def run_trainer(project: Path, logs: Path, environment: Mapping[str, str], *, force: bool) -> None:
    """Shows the trainer's own progress lines (`[ 3.1 s] …`); the rest goes to its log."""
    logs.mkdir(parents=True, exist_ok=True)
    command = [str(BOT_PYTHON), "-m", "bot.train", "--project", str(project), *(["--force"] if force else [])]
    path = logs / "train.log"
    with (
        path.open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as trainer,
    ):
        assert trainer.stdout is not None
        for line in trainer.stdout:
            log.write(line)
            if line.startswith("["):
                print(f"  {line.rstrip()}", file=sys.stderr, flush=True)
    if trainer.returncode:
        last = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-15:]
        raise TrainingFailed("\n".join([f"the trainer failed ({trainer.returncode}); its log is {path}", *last]))


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(path: Path, content: Mapping[str, str]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(path)
