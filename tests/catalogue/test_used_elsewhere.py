# SPDX-License-Identifier: Apache-2.0
"""The rest of the house names only answers that there are: a typo there would be silence for a citizen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from catalogue.answers import Answers
from tests.catalogue.conftest import ROOT


def named_in(folder: Path, prefix: str) -> Iterator[tuple[str, str]]:
    """Every string in Python code that looks like an answer's id, with the place where it stands."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and value.startswith(prefix) and value.replace("_", "").isalnum():
                yield value, f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


@pytest.mark.parametrize(("folder", "prefix"), [("actions", "utter_"), ("channels", "system_"), ("app", "system_")])
def test_only_known_answers_are_named(answers: Answers, folder: str, prefix: str) -> None:
    """By id, in the code of actions and gateway."""
    unknown = [f"{where}: {name}" for name, where in named_in(ROOT / folder, prefix) if name not in answers.by_id]
    assert unknown == []


def test_actions_pass_only_what_their_answers_declare(answers: Answers) -> None:
    """`Answer("utter_…", {…})` with literal keys: a key that the answer does not know is a wrong name."""
    declared: dict[str, set[str]] = {}
    for path in sorted((ROOT / "nlu_data" / "answers").glob("*.yml")):
        for answer in yaml.safe_load(path.read_text(encoding="utf-8")).get("answers", ()):
            names = [item if isinstance(item, str) else next(iter(item)) for item in answer.get("arguments", ())]
            declared[answer["id"]] = set(names)
    wrong: list[str] = []
    seen = 0
    for path in sorted((ROOT / "actions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Answer"):
                continue
            if (
                len(node.args) < 2
                or not isinstance(node.args[0], ast.Constant)
                or not isinstance(node.args[1], ast.Dict)
            ):
                continue
            seen += 1
            keys = {key.value for key in node.args[1].keys if isinstance(key, ast.Constant)}
            extra = keys - declared[str(node.args[0].value)]
            wrong += [f"{path.relative_to(ROOT)}:{node.lineno}: {name}" for name in sorted(map(str, extra))]
    assert seen > 0
    assert wrong == []
