# SPDX-License-Identifier: Apache-2.0
"""Every package that the code imports is declared, so that a fresh clone has it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
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


def wanted(lines: list[str]) -> dict[str, str]:
    """package → what pyproject.toml asks of its version (`>=3.12`, `==1.4.0`, or nothing)."""
    found = {}
    for line in lines:
        name, asked = re.fullmatch(r"([\w.-]+)(?:\[[^\]]*\])?([^;]*).*", line).groups()  # type: ignore[union-attr]
        found[canonical(name)] = asked.strip()
    return found


def locked(path: Path, source: str) -> dict[str, str]:
    """package → version, of the packages that a lock file has because `source` names them."""
    found = {}
    for entry in re.split(r"\n(?=\S)", path.read_text(encoding="utf-8")):
        name, version = re.match(r"([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", entry).groups()  # type: ignore[union-attr]
        if re.search(rf"^    #(?: via|  ) {re.escape(source)}$", entry, re.MULTILINE):
            found[canonical(name)] = version
    return found


def numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


@pytest.mark.parametrize("development", [False, True])
def test_the_locks_are_in_step(development: bool) -> None:
    """Each declared package is locked in a version that was asked for, and none because of a line that is gone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = wanted(project["dependency-groups"]["dev"] if development else project["project"]["dependencies"])
    lock = ROOT / "locks" / ("dev.txt" if development else "app.txt")
    kept = locked(lock, "prachabot (pyproject.toml:dev)" if development else "prachabot (pyproject.toml)")
    assert set(kept) == set(asked), "make locks"
    for name, condition in asked.items():
        if condition.startswith("=="):
            assert kept[name] == condition[2:], f"{name}: make locks"
        elif condition:
            assert condition.startswith(">="), f"{name}: this test does not know {condition}"
            assert numbers(kept[name]) >= numbers(condition), f"{name}: make locks"


def test_the_lock_of_the_tools_holds_the_application() -> None:
    """Installing the tools changes no package of the application."""
    app = locked(ROOT / "locks" / "app.txt", "prachabot (pyproject.toml)")
    assert app.items() <= locked(ROOT / "locks" / "dev.txt", "prachabot (pyproject.toml)").items()
