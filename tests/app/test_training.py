# SPDX-License-Identifier: Apache-2.0
"""When a model is made anew, and what is told of a trainer that fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.training import TrainingFailed, fingerprint, live_model, run_trainer


def test_the_fingerprint_follows_names_and_contents(tmp_path: Path) -> None:
    """A changed, added, renamed or removed file changes it; time stamps and bytecode do not."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.yml").write_text("one")
    seen = [fingerprint(["data"], tmp_path)]
    (folder / "a.yml").write_text("one")
    (folder / "a.pyc").write_bytes(b"x")
    assert fingerprint(["data"], tmp_path) == seen[0]
    (folder / "a.yml").write_text("two")
    seen.append(fingerprint(["data"], tmp_path))
    (folder / "b.yml").write_text("")
    seen.append(fingerprint(["data"], tmp_path))
    (folder / "b.yml").rename(folder / "c.yml")
    seen.append(fingerprint(["data"], tmp_path))
    (folder / "c.yml").unlink()
    (folder / "a.yml").unlink()
    seen.append(fingerprint(["data"], tmp_path))
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("written", [None, "", "{", "[]", "{}", '{"sha256": 7}', '{"sha256": "gone"}'])
def test_a_model_that_is_not_there_is_none(tmp_path: Path, written: str | None) -> None:
    """Whatever live.json says, a missing file is no model."""
    models = tmp_path / "rasa" / "models"
    models.mkdir(parents=True)
    if written is not None:
        (models / "live.json").write_text(written)
    assert live_model(tmp_path) is None


def test_the_live_model_is_the_named_file(tmp_path: Path) -> None:
    """Not the newest one."""
    models = tmp_path / "rasa" / "models"
    models.mkdir(parents=True)
    for name in ("abc", "def"):
        (models / f"{name}.tar.gz").write_bytes(b"x")
    (models / "live.json").write_text(json.dumps({"sha256": "abc"}))
    assert live_model(tmp_path) == "abc"


def test_a_failed_training_tells_why_and_where(tmp_path: Path) -> None:
    """The real trainer on a folder that is no project: its last lines, its exit status and the log's place."""
    with pytest.raises(TrainingFailed) as failure:
        run_trainer(tmp_path, tmp_path / "log", {}, force=False)
    assert f"the trainer failed (2); its log is {tmp_path / 'log' / 'train.log'}" in str(failure.value)
    assert "bot.train:" in str(failure.value)
