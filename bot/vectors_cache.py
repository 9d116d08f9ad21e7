# SPDX-License-Identifier: Apache-2.0
"""Remembers sentence vectors on disk between trainings: the examples stay, and a vector takes milliseconds."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.vectors import Matrix, Vectors, key_of

_AT_ONCE = 64
#: How many new vectors may be lost when training is stopped: a thousand take about ten seconds.
_KEEP_EVERY = 1024
_NAME = re.compile(r"[^A-Za-z0-9.\-]+")

#: Told (done, of) while vectors are made.
Progress = Callable[[int, int], None]


class CachedVectors:
    """Vectors with a file of what they said before, by text and version: `<folder>/<version>.npz`.

    A file that cannot be read is made anew; one that cannot be written only costs time. Several processes may share
    it: the last one to write wins.
    """

    def __init__(self, vectors: Vectors, folder: Path, progress: Progress | None = None) -> None:
        self._vectors = vectors
        self.version = vectors.version
        self._path = folder / f"{_NAME.sub('-', vectors.version)}.npz"
        self._progress = progress

    def of(self, texts: Sequence[str]) -> Matrix:
        """See Vectors; only texts that are not in the file are asked for."""
        known = self._read()
        keys = [key_of(text) for text in texts]
        wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        missing, unsaved = list(wanted.items()), 0
        for first in range(0, len(missing), _AT_ONCE):
            part = missing[first : first + _AT_ONCE]
            made = self._vectors.of([text for _, text in part])
            known.update(zip((key for key, _ in part), made, strict=True))
            unsaved += len(part)
            if unsaved >= _KEEP_EVERY:
                self._write(known)
                unsaved = 0
            if self._progress is not None:
                self._progress(first + len(part), len(missing))
        if unsaved:
            self._write(known)
        return np.array([known[key] for key in keys], dtype=np.float32)

    def _read(self) -> dict[bytes, Matrix]:
        try:
            with np.load(self._path, allow_pickle=False) as loaded:
                keys, vectors = loaded["keys"], loaded["vectors"]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return {}
        if keys.dtype != np.uint8 or keys.ndim != 2 or vectors.ndim != 2 or len(keys) != len(vectors):
            return {}
        return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}

    def _write(self, known: dict[bytes, Matrix]) -> None:
        keys = np.frombuffer(b"".join(known), dtype=np.uint8).reshape(len(known), -1)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with _replacing(self._path) as draft, draft.open("wb") as file:
                np.savez(file, keys=keys, vectors=np.array(list(known.values()), dtype=np.float32))
        except OSError:
            return


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A draft that becomes `path` in one step, or is removed."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
