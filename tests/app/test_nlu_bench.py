# SPDX-License-Identifier: Apache-2.0
"""`pracha nlu bench`: the figures in the contract's form, measured by the bot's own environment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main

_LINES = [
    {"text": text, "intent": intent, "entities": [{"start": 4, "end": len(text), "entity": "what"}]}
    for intent, verb in (("on", "เปิด"), ("off", "ปิดๆ"))
    for text in (verb + thing for thing in ("ไฟ", "ประตู", "พัดลม", "ทีวี", "แอร์", "เพลง"))
]


@pytest.fixture
def labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small file, and a state directory of its own."""
    monkeypatch.setenv("PRACHA_STATE_DIR", str(tmp_path / "state"))
    path = tmp_path / "labelled.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in _LINES), encoding="utf-8")
    return path


def test_the_figures_of_the_contract(labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object on the output, progress on the error stream, a prediction per line."""
    out = tmp_path / "out.jsonl"
    arguments = ["--train", str(labelled), "--test", str(labelled), "--vectors", "off", "--predictions", str(out)]
    assert main(["nlu", "bench", *arguments, "--json"]) == 0
    said = capsys.readouterr()
    figures = json.loads(said.out)
    wanted = ("intent_accuracy", "intent_macro_f1", "slot_f1", "train_seconds", "latency_ms_p50", "latency_ms_p95")
    assert [name for name in figures if name in {*wanted, "peak_rss_mb"}] == [*wanted, "peak_rss_mb"]
    assert figures["intent_accuracy"] == 1
    assert "training on 12 texts" in said.err
    predictions = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [each["intent"] for each in predictions] == [line["intent"] for line in _LINES]


def test_a_table_for_people(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json, a figure a line."""
    assert main(["nlu", "bench", "--train", str(labelled), "--test", str(labelled), "--vectors", "off"]) == 0
    assert "intent_accuracy" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ('{"text": "ก"}\n', "bad.jsonl:1 is no JSON object"),
        ('{"text": "ก", "intent": "a"}\n', "two intents"),
        ("", "holds no labelled text"),
    ],
)
def test_a_wrong_file_is_one_clear_line(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, part: str
) -> None:
    """Non-zero, nothing on the output, one line on the error stream that names the file."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text(content, encoding="utf-8")
    assert main(["nlu", "bench", "--train", str(bad), "--test", str(labelled), "--json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert part in said.err
    assert "bad.jsonl" in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_vectors_that_are_not_there_are_told(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without a model is named, not silently done without."""
    arguments = ["--train", str(labelled), "--test", str(labelled), "--vectors", str(tmp_path)]
    assert main(["nlu", "bench", *arguments]) == 1
    assert "model.onnx is missing" in capsys.readouterr().err
