# SPDX-License-Identifier: Apache-2.0
"""Sentence vectors from an ONNX export of an E5-like model in a local folder; nothing is downloaded.

Needs the packages onnxruntime and tokenizers, which the bot does without otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.vectors import Matrix, NoVectors

#: What the E5 models were trained with in front of a question (model card of multilingual-e5-small).
_PREFIX = "query: "
_LONGEST = 512
_AT_ONCE = 16


class OnnxVectors:
    """`folder` holds model.onnx (token vectors as its first output) and tokenizer.json (Hugging Face's form)."""

    def __init__(self, folder: Path) -> None:
        """Raises NoVectors, naming the file or package that is missing."""
        model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
        for file in (model, tokenizer):
            if not file.is_file():
                raise NoVectors(f"no vectors from {folder}: {file.name} is missing")
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise NoVectors(f"vectors from an ONNX model need a package that is missing: {error.name}") from error
        try:
            self._session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # both libraries raise plain Exception for a broken file
            raise NoVectors(f"the ONNX model in {folder} cannot be read: {type(error).__name__}") from error
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.enable_padding()
        self._inputs = {each.name for each in self._session.get_inputs()}
        with model.open("rb") as file:
            digest = hashlib.sha256()
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
        self.version = f"onnx-{digest.hexdigest()[:16]}"

    def of(self, texts: Sequence[str]) -> Matrix:
        """See Vectors."""
        rows = [self._batch(texts[first : first + _AT_ONCE]) for first in range(0, len(texts), _AT_ONCE)]
        return np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32)

    def _batch(self, texts: Sequence[str]) -> Matrix:
        encoded = self._tokenizer.encode_batch([_PREFIX + text for text in texts])
        mask = np.array([each.attention_mask for each in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([each.ids for each in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        tokens = self._session.run(None, {name: given[name] for name in self._inputs if name in given})[0]
        return pooled(tokens, mask)


def pooled(tokens: np.ndarray, mask: np.ndarray) -> Matrix:
    """The mean of the token vectors that are no padding, scaled to length 1.

    tokens: [texts × tokens × dimensions]; mask: 1 or 0 [texts × tokens].
    """
    weights = mask[:, :, None].astype(np.float32)
    mean = (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
    lengths = np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
    unit: Matrix = (mean / lengths).astype(np.float32)
    return unit
