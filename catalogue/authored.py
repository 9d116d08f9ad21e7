# SPDX-License-Identifier: Apache-2.0
"""Reads YAML that people write and remembers on which line each value stands, so that a mistake can be pointed at."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

#: Where a value stands inside a file: the keys and list positions that lead to it.
Route = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that an author has to correct (`severity` error) or should know (`warning`)."""

    file: str
    line: int
    message: str
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.message}"


class AuthoringError(Exception):
    """Authored files that cannot be used; `problems` says what, where."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Authored:
    """A file's content as plain data, with the line of every value in it."""

    file: str
    data: Any
    lines: dict[Route, int]

    def line_of(self, route: Route) -> int:
        """The line (from 1) of the value at `route`, or of the nearest value around it."""
        while route and route not in self.lines:
            route = route[:-1]
        return self.lines.get(route, 1)

    def problem(self, route: Route, message: str, severity: str = "error") -> Problem:
        """A problem that points at the value at `route`."""
        return Problem(file=self.file, line=self.line_of(route), message=message, severity=severity)


class _PlainLoader(yaml.CSafeLoader):
    """YAML without its surprises: `no` and `on` are words, a date stays as written, a key stands once."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] not in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _walk(
    node: yaml.Node, route: Route, lines: dict[Route, int], loader: _PlainLoader, repeated: list[tuple[int, str]]
) -> None:
    lines[route] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if key in seen:
                repeated.append((key_node.start_mark.line + 1, str(key)))
            seen.add(key)
            _walk(value_node, (*route, key), lines, loader, repeated)
            lines[(*route, key)] = key_node.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*route, index), lines, loader, repeated)


def parse(text: str, file: str) -> Authored:
    """`text` as data with lines. Raises AuthoringError when it is no YAML or a key stands twice."""
    loader = _PlainLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Authored(file, None, {(): 1})
        lines: dict[Route, int] = {}
        repeated: list[tuple[int, str]] = []
        _walk(node, (), lines, loader, repeated)
        if repeated:
            raise AuthoringError(
                [Problem(file=file, line=line, message=f"'{key}' stands twice here") for line, key in repeated]
            )
        return Authored(file, loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise AuthoringError([Problem(file=file, line=line, message=f"not YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise AuthoringError([Problem(file=file, line=1, message="not YAML: unreadable character")]) from error
    finally:
        loader.dispose()


def read(path: Path) -> Authored:
    """The file at `path` as data with lines. Raises AuthoringError (also when it is not UTF-8) or OSError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise AuthoringError([Problem(file=str(path), line=1, message="not written in UTF-8")]) from error
    return parse(text, str(path))


def yaml_files(folder: Path) -> list[Path]:
    """All `.yml` files in a folder, sorted by name; an absent folder has none."""
    return sorted(folder.glob("*.yml")) if folder.is_dir() else []
