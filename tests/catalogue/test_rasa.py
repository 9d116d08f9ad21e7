# SPDX-License-Identifier: Apache-2.0
"""Stock Rasa on the compiled project: it validates, its rules do not contradict, the conversations go as written."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.compile import compile_project
from tests.catalogue.conftest import ROOT

Rasa = Callable[..., str]


@pytest.fixture(scope="module")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Rasa:
    """Rasa's command line in a freshly compiled project; a command that fails, fails the test with its output."""
    state = tmp_path_factory.mktemp("state")
    compile_project(ROOT / "nlu_data", ROOT, state / "rasa")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(ROOT / "bot" / ".venv" / "bin" / "python"), "-m", "bot.rasa_cli", *arguments],
            cwd=ROOT,
            env={**os.environ, "PRACHA_STATE_DIR": str(state)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        output = done.stdout + done.stderr
        assert done.returncode == 0, output[-4000:]
        return output

    return run


@pytest.mark.timeout(300)
def test_the_project_is_valid(rasa: Rasa) -> None:
    """`rasa data validate`; its only warnings are about names that Rasa cannot know to be used."""
    expected = ("is not used in any story or rule", "is not found in the NLU training data", "DeprecationWarning")
    warnings = [line for line in rasa("data", "validate").splitlines() if "Warning: " in line]
    assert [line for line in warnings if not any(words in line for words in expected)] == []


@pytest.mark.timeout(600)
def test_the_conversations_go_as_written(rasa: Rasa, tmp_path: Path) -> None:
    """Training stops at contradicting or incomplete rules; then every test story is played against them."""
    rasa("train", "core", "--fixed-model-name", "core")
    output = rasa(
        *("test", "core", "--stories", "tests", "--model", "models/core.tar.gz"),
        *("--out", str(tmp_path), "--no-plot", "--fail-on-prediction-errors"),
    )
    assert "Correct:          9 / 9" in output
