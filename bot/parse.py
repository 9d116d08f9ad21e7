# SPDX-License-Identifier: Apache-2.0
"""Understands texts without a conversation: `python -m bot.parse --model FILE F.jsonl` (`-` for standard input).

Each line `{"text"}` gives a line `{"intent", "confidence", "decision", "ranking", "entities", "repaired"}`.
"""

from __future__ import annotations

from bot import without_tensorflow

without_tensorflow.install()

# ruff: noqa: E402, T201  (Rasa must be imported after the stand-ins; this speaks to a terminal)
import os

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

import argparse
import asyncio
import json
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO


class BadLine(Exception):
    """A line of the input that is no `{"text"}`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 2 with one line of explanation for a missing model or a wrong line."""
    parser = argparse.ArgumentParser(prog="python -m bot.parse", description="Understand texts, one JSON line each.")
    parser.add_argument("--model", type=Path, required=True, help="a trained model, models/<sha256>.tar.gz")
    parser.add_argument("texts", help="file with a JSON object {text} a line, or - for standard input")
    chosen = parser.parse_args(arguments)
    if not chosen.model.is_file():
        # Rasa would take the newest model of the folder instead.
        print(f"bot.parse: no model at {chosen.model}", file=sys.stderr)
        return 2
    try:
        if chosen.texts == "-":
            _run(chosen.model, sys.stdin)
        else:
            with Path(chosen.texts).open(encoding="utf-8") as file:
                _run(chosen.model, file)
    except (OSError, BadLine) as error:
        print(f"bot.parse: {error}", file=sys.stderr)
        return 2
    return 0


def _run(model: Path, lines: TextIO) -> None:
    warnings.filterwarnings("ignore")
    from bot import quiet_logs

    quiet_logs.install()
    from rasa.core.channels.channel import UserMessage
    from rasa.core.lock_store import InMemoryLockStore
    from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
    from rasa.core.processor import MessageProcessor
    from rasa.core.tracker_store import InMemoryTrackerStore
    from rasa.shared.core.domain import Domain

    from bot.turn_processor import understanding
    from bot.turn_request import guarded, unguarded

    processor = MessageProcessor(
        model_path=str(model),
        tracker_store=InMemoryTrackerStore(Domain.empty()),
        lock_store=InMemoryLockStore(),
        generator=TemplatedNaturalLanguageGenerator({}),
    )
    for text in _texts(lines):
        parse: dict[str, Any] = asyncio.run(processor.parse_message(UserMessage(guarded(text))))
        print(json.dumps(understanding(unguarded(parse)), ensure_ascii=False), flush=True)


def _texts(lines: TextIO) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            text = json.loads(line)["text"]
        except (ValueError, KeyError, TypeError):
            text = None
        if not isinstance(text, str):
            raise BadLine(f"line {number} is no JSON object with a text")
        yield text


if __name__ == "__main__":
    sys.exit(main())
