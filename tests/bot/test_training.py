# SPDX-License-Identifier: Apache-2.0
"""Training and the command lines around it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.bot.conftest import ROOT, run_module


def test_the_model_lies_where_the_contract_says(project: Path, model: Path) -> None:
    """models/<sha256>.tar.gz, named by live.json, nothing else left behind."""
    live = json.loads((project / "models" / "live.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(model.read_bytes()).hexdigest() == live["sha256"] == model.name.removesuffix(".tar.gz")
    assert set(live) == {"sha256", "trained_at", "data_hash"}
    assert sorted(path.name for path in (project / "models").iterdir()) == sorted([model.name, "live.json"])


def test_training_again_without_a_change_does_nothing(project: Path, model: Path) -> None:
    """The second run is told from the hash of the files."""
    done = run_module("bot.train", "--project", str(project))
    assert (done.returncode, "nothing has changed" in done.stdout) == (0, True)


@pytest.mark.parametrize("name", ["lexicon.json", "places.json", "extractors.json", "data/nlu.yml", "domain.yml"])
def test_every_file_counts_for_the_hash(project: Path, model: Path, tmp_path: Path, name: str) -> None:
    """A change of any part of the project would train again."""
    from bot import project_files

    copy = tmp_path / "rasa"
    shutil.copytree(project, copy)
    before = project_files.data_hash(copy)
    assert before == project_files.data_hash(project)
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert project_files.data_hash(copy) != before


def test_a_mistake_in_the_project_leaves_the_live_model_alone(project: Path, model: Path, tmp_path: Path) -> None:
    """A rule that Rasa refuses ends with 1 and a word about it; what was live stays live, no half model lies there."""
    copy = tmp_path / "rasa"
    shutil.copytree(project, copy)
    (copy / "data" / "wrong.yml").write_text(
        'version: "3.1"\nrules:\n  - rule: a\n    steps: [{intent: greet}, {action: utter_help}]\n', encoding="utf-8"
    )
    before = sorted(path.name for path in (copy / "models").iterdir())
    done = run_module("bot.train", "--project", str(copy))
    assert done.returncode == 1
    assert "bot.train: " in done.stderr
    assert sorted(path.name for path in (copy / "models").iterdir()) == before


def test_an_incomplete_project_is_named(tmp_path: Path) -> None:
    """Every missing part in one line."""
    done = run_module("bot.train", "--project", str(tmp_path))
    assert done.returncode == 2
    assert all(name in done.stderr for name in ("domain.yml", "lexicon.json", "places.json", "data/"))
    assert len(done.stderr.strip().splitlines()) == 1


def test_nothing_of_ours_in_a_model_is_a_pickle(model: Path) -> None:
    """Only JSON and plain arrays, so that loading a model runs nothing."""
    with tarfile.open(model) as archive:
        names = [name for name in archive.getnames() if "train_bot.components." in name]
    packed = {Path(name).name for name in names if Path(name).suffix in (".json", ".npz", ".pkl", ".pickle", ".joblib")}
    assert packed == {
        "dictionary.json",
        "latin.json",
        "thai.json",
        "places.json",
        "extractors.json",
        "model.json",
        "memory.json",
        "vectors.json",
        "cuts.json",
        "arrays.npz",
        # Rasa's own, of its policies
        "rule_policy.json",
        "rule_only_data.json",
        "memorized_turns.json",
        "featurizer.json",
    }


def test_a_model_with_another_dictionary_does_not_load(model: Path, tmp_path: Path) -> None:
    """The packed hash is compared with the dictionary that this process would cut with."""
    changed = tmp_path / "changed.tar.gz"
    with tarfile.open(model) as archive:
        archive.extractall(tmp_path / "model")  # noqa: S202  (our own file)
    packed = list((tmp_path / "model").rglob("dictionary.json"))
    assert len(packed) == 2
    for path in packed:
        content = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**content, "version": "0" * 64}), encoding="utf-8")
    with tarfile.open(changed, "w:gz") as archive:
        for path in (tmp_path / "model").iterdir():
            archive.add(path, arcname=path.name)
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"text": "สวัสดี"}\n', encoding="utf-8")
    done = run_module("bot.parse", "--model", str(changed), str(texts))
    assert done.returncode != 0
    assert "BrokenModel" in done.stderr
    assert done.stdout == ""


def test_parse_answers_a_line_per_line(model: Path, tmp_path: Path) -> None:
    """What `pracha nlu parse` prints."""
    texts = tmp_path / "texts.jsonl"
    lines = ["สวัสดีค่ะ", "หวยออกอะไร", "/greet", "", "l;ylfu"]
    texts.write_text("".join(json.dumps({"text": text}) + "\n" for text in lines), encoding="utf-8")
    done = run_module("bot.parse", "--model", str(model), str(texts))
    assert done.returncode == 0, done.stderr
    parsed = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(parsed) == len(lines)
    assert set(parsed[0]) == {"intent", "confidence", "decision", "ranking", "entities", "repaired"}
    assert (parsed[0]["intent"], parsed[0]["decision"]) == ("greet", "answer")
    assert (parsed[1]["intent"], parsed[1]["decision"]) == ("out_of_scope", "out_of_scope")
    assert len(parsed[2]["ranking"]) > 1
    assert parsed[3]["decision"] == "out_of_scope"
    assert parsed[4]["repaired"] == "สวัสดี"


@pytest.mark.parametrize("line", ["{", '{"text": 5}', "[]", '{"words": "x"}'])
def test_parse_names_a_wrong_line(model: Path, tmp_path: Path, line: str) -> None:
    """Bad input: non-zero and one clear line."""
    texts = tmp_path / "texts.jsonl"
    texts.write_text(f"{line}\n", encoding="utf-8")
    done = run_module("bot.parse", "--model", str(model), str(texts))
    assert done.returncode == 2
    assert "line 1" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["data", "validate"], 0),
        (["test", "nlu", "--nlu", "data", "--no-plot", "--out", "results"], 0),
        (["no-such-command"], 2),
    ],
)
def test_stock_rasa_runs_on_the_project(project: Path, model: Path, arguments: list[str], code: int) -> None:
    """Rasa's own commands work with our components and without TensorFlow."""
    done = run_module("bot.rasa_cli", *arguments, PRACHA_STATE_DIR=str(project.parent))
    assert done.returncode == code, done.stdout + done.stderr


def test_stock_rasas_shell_understands(project: Path, model: Path) -> None:
    """`rasa shell nlu` takes the live model and prints what our components found."""
    done = subprocess.run(
        [sys.executable, "-m", "bot.rasa_cli", "shell", "nlu"],
        cwd=ROOT,
        env={**os.environ, "PRACHA_STATE_DIR": str(project.parent)},
        input="สวัสดีค่ะ\n/stop\n",
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert '"name": "greet"' in done.stdout
    assert '"decision": "answer"' in done.stdout


def test_a_missing_project_is_named(tmp_path: Path) -> None:
    """Before the first `pracha train` there is one line, no traceback."""
    done = run_module("bot.rasa_cli", "data", "validate", PRACHA_STATE_DIR=str(tmp_path))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
