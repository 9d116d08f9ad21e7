# SPDX-License-Identifier: Apache-2.0
"""Every package that the code imports is declared, so that a fresh clone has it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import tomllib

ROOT = Path(__file__).resolve().parents[2]
OURS = {"actions", "app", "bench", "bot", "catalogue", "channels", "core", "sandbox", "store", "tests", "thai"}
# Come with a declared package by its extra.
WITH_EXTRAS = {"psycopg-pool"}


def imported(file: Path) -> Iterator[str]:
    """The top-level names of packages of others that a file imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_imported_packages_are_declared() -> None:
    """The application's lists in pyproject.toml name what actions, gateway, worker, tools and tests import."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    declared = {canonical(re.split(r"[\[<>=~!; ]", line)[0]) for line in lines} | WITH_EXTRAS
    distributions = packages_distributions()
    missing = {
        f"{name} ({file.relative_to(ROOT)})"
        for folder in sorted(OURS - {"bot"})
        for file in (ROOT / folder).rglob("*.py")
        if "tests/bot/" not in file.as_posix()
        for name in imported(file)
        if name not in OURS | sys.stdlib_module_names and canonical(distributions.get(name, [name])[0]) not in declared
    }
    assert missing == set()
