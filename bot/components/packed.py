# SPDX-License-Identifier: Apache-2.0
"""Reads and writes the data that a component keeps inside the model, as JSON and NumPy arrays, never as pickles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage


class BrokenModel(Exception):
    """A model whose parts do not belong to this code or to one another. It must not be used."""


def write(storage: ModelStorage, resource: Resource, files: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    """Pack `files` as <name>.json each and `arrays` as arrays.npz."""
    with storage.write_to(resource) as folder:
        for name, content in files.items():
            text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
            (Path(folder) / f"{name}.json").write_text(text, encoding="utf-8")
        if arrays:
            np.savez_compressed(Path(folder) / "arrays.npz", **arrays)


def read(storage: ModelStorage, resource: Resource) -> tuple[dict[str, Any], dict[str, Any]]:
    """The packed files by name and the arrays. Raises BrokenModel when nothing is packed."""
    try:
        with storage.read_from(resource) as folder:
            files = {path.stem: _json(path) for path in Path(folder).glob("*.json")}
            packed = Path(folder) / "arrays.npz"
            arrays: dict[str, Any] = {}
            if packed.is_file():
                with np.load(packed, allow_pickle=False) as loaded:
                    arrays = {name: loaded[name] for name in loaded.files}
    except (OSError, ValueError) as error:
        raise BrokenModel(f"{resource.name} cannot be read") from error
    if not files:
        raise BrokenModel(f"{resource.name} is empty")
    return files, arrays


def read_project_file(name: str) -> Any:
    """A JSON file of the compiled project, which is the working directory while training.

    Raises BrokenModel, since a model trained without it would be one that looks well and is not.
    """
    try:
        return _json(Path(name))
    except (OSError, ValueError) as error:
        raise BrokenModel(f"{name} of the compiled project cannot be read") from error


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
