# SPDX-License-Identifier: Apache-2.0
"""The compiled project on disk: what a model is made from, and where models lie."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_PARTS = ("domain.yml", "config.yml", "lexicon.json", "places.json", "extractors.json")


class ProjectError(Exception):
    """The folder is no compiled project."""


def check(project: Path) -> None:
    """Raises ProjectError naming every missing part."""
    missing = [name for name in _PARTS if not (project / name).is_file()]
    if not any((project / "data").rglob("*.yml")):
        missing.append("data/")
    if missing:
        raise ProjectError(f"{project} is no compiled project, it lacks {', '.join(missing)}: run `pracha train`")


def data_hash(project: Path) -> str:
    """sha256 of everything that decides what a model learns: the project's files and the code that learns from them.

    Two equal hashes mean that training again would give an equal model.
    """
    digest = hashlib.sha256()
    for name, path in sorted([*_project_files(project), *_code_files()]):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """sha256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def live(project: Path) -> dict[str, Any] | None:
    """models/live.json if it is there and names a model that is there, too."""
    try:
        content: dict[str, Any] = json.loads((project / "models" / "live.json").read_text(encoding="utf-8"))
        named = project / "models" / f"{content['sha256']}.tar.gz"
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return content if named.is_file() else None


def replace_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file so that a reader finds the old one or the new one, whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _project_files(project: Path) -> Iterator[tuple[str, Path]]:
    for name in _PARTS:
        yield name, project / name
    for path in (project / "data").rglob("*.yml"):
        yield path.relative_to(project).as_posix(), path


def _code_files() -> Iterator[tuple[str, Path]]:
    for folder in ("bot/components", "thai"):
        for path in (_ROOT / folder).glob("*.py"):
            yield path.relative_to(_ROOT).as_posix(), path
    for path in _ROOT.glob("bot/vectors*.py"):
        yield path.relative_to(_ROOT).as_posix(), path
    yield "bot/requirements.lock", _ROOT / "bot" / "requirements.lock"
