# SPDX-License-Identifier: Apache-2.0
"""Stock Rasa's command line on the compiled project: `python -m bot.rasa_cli data validate`, `test nlu`, `shell` …

The working directory becomes PRACHA_STATE_DIR/rasa (default var/rasa), where Rasa looks for everything.
"""

from __future__ import annotations

from bot import without_tensorflow

without_tensorflow.install()

# ruff: noqa: E402, T201  (Rasa must be imported after the stand-ins; this speaks to a terminal)
import os

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["RASA_MAX_CACHE_SIZE"] = "0"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

import json
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
#: Commands that hold a conversation in the terminal, with the trained model and a store in memory.
_TALKING = frozenset({"shell", "interactive"})
#: Commands that load a model.
_LOADING = frozenset({"run", "shell", "test", "evaluate"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of Rasa; its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    project = Path(os.environ.get("PRACHA_STATE_DIR") or "var").resolve() / "rasa"
    if not (project / "config.yml").is_file():
        print(f"rasa: {project} is no compiled project: run `pracha train`", file=sys.stderr)
        return 2
    if str(_ROOT) not in sys.path:
        sys.path.insert(0, str(_ROOT))
    os.chdir(project)
    _default_environment()
    sys.argv = ["rasa", *with_our_files(given, project)]
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    from rasa.__main__ import main as rasa_main

    from bot import actions_client

    actions_client.install()
    rasa_main()
    return 0


def with_our_files(given: Sequence[str], project: Path) -> list[str]:
    """The command with what Rasa would otherwise guess: the live model instead of the newest file, and for a talk in
    the terminal the answers and actions of the running house, but no database.

    The answers and actions are those of the processes that `make up` started.
    """
    command = given[0] if given else ""
    completed = list(given)
    has_model = any(each in ("-m", "--model") or each.startswith("--model=") for each in given)
    if command in _LOADING and not has_model:
        live = _live_model(project)
        completed += ["--model", live] if live else []
    if command in _TALKING and "nlu" not in given and "--endpoints" not in given:
        completed += ["--endpoints", str(_terminal_endpoints(project))]
    return completed


def _live_model(project: Path) -> str | None:
    try:
        name = json.loads((project / "models" / "live.json").read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError):
        return None
    return f"models/{name}.tar.gz"


def _terminal_endpoints(project: Path) -> Path:
    import yaml

    content = yaml.safe_load((project / "endpoints.yml").read_text(encoding="utf-8"))
    kept = {name: value for name, value in content.items() if name not in ("tracker_store", "models")}
    path = project / ".endpoints.terminal.yml"
    path.write_text(yaml.safe_dump(kept), encoding="utf-8")
    return path


def _default_environment() -> None:
    """endpoints.yml and credentials.yml name these, and Rasa stops at one that is not set."""
    for name, value in {
        "PRACHA_INTERNAL_PORT": "8082",
        "PRACHA_ACTIONS_PORT": "5055",
        "PRACHA_BOT_PORT": "5005",
        "PRACHA_INTERNAL_TOKEN": "not-set",
        "DATABASE_URL": "postgresql:///not-set",
    }.items():
        os.environ.setdefault(name, value)


if __name__ == "__main__":
    sys.exit(main())
