# SPDX-License-Identifier: Apache-2.0
"""TF-IDF rows of texts, one family of features at a time, without holding every text's counts in memory."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

#: Makes the features of a text from its words.
Family = Callable[[Sequence[str]], Counter[str]]


@dataclass(frozen=True)
class Vocabulary:
    """features: feature → row, one mapping per family, rows counted through; idf: float32 [features]."""

    features: tuple[Mapping[str, int], ...]
    idf: np.ndarray

    def row(self, counts: Sequence[Counter[str]]) -> tuple[np.ndarray, np.ndarray]:
        """The rows and values of one text's known features; each family has length 1 by itself."""
        parts = [_row(family, known, self.idf) for family, known in zip(counts, self.features, strict=True)]
        return np.concatenate([rows for rows, _ in parts]), np.concatenate([values for _, values in parts])

    def to_packed(self) -> tuple[list[list[str]], np.ndarray]:
        """The features in the order of their rows, and the idf."""
        return [list(family) for family in self.features], self.idf

    @classmethod
    def from_packed(cls, features: Sequence[Sequence[str]], idf: np.ndarray) -> Vocabulary:
        """The inverse. Raises ValueError when the parts do not fit one another."""
        found: list[dict[str, int]] = []
        first = 0
        for family in features:
            found.append({feature: first + index for index, feature in enumerate(family)})
            first += len(family)
        if idf.shape != (first,):
            raise ValueError("weights do not fit the vocabulary")
        return cls(tuple(found), idf)


def matrix_of(
    texts: Sequence[Sequence[str]], families: Sequence[Family], least: Sequence[int]
) -> tuple[Vocabulary, sp.csr_matrix]:
    """The vocabulary of the texts and their rows, float32 [texts × features].

    least: how many texts of a family must have a feature for it to count.
    """
    parts = [_family(texts, family, fewest) for family, fewest in zip(families, least, strict=True)]
    features, first = [], 0
    for known, _, _ in parts:
        features.append({feature: first + index for index, feature in enumerate(known)})
        first += len(known)
    vocabulary = Vocabulary(tuple(features), np.concatenate([idf for _, idf, _ in parts]))
    return vocabulary, sp.hstack([matrix for _, _, matrix in parts], format="csr")


def _family(texts: Sequence[Sequence[str]], family: Family, least: int) -> tuple[list[str], Any, sp.csr_matrix]:
    columns: dict[str, int] = {}
    indices, counts, ends = array("i"), array("f"), array("q", [0])
    for words in texts:
        for feature, count in family(words).items():
            indices.append(columns.setdefault(feature, len(columns)))
            counts.append(count)
        ends.append(len(indices))
    matrix = sp.csr_matrix(
        (np.frombuffer(counts, dtype=np.float32), np.frombuffer(indices, dtype=np.int32), np.array(ends)),
        shape=(len(texts), len(columns)),
    )
    frequency = np.bincount(matrix.indices, minlength=len(columns))
    # In the order of the letters, so that the same texts give the same model in whatever order they were read.
    names = sorted((feature for feature, column in columns.items() if frequency[column] >= least))
    order = np.array([columns[feature] for feature in names], dtype=np.int64)
    matrix, frequency = matrix[:, order].astype(np.float32), frequency[order]
    # scikit-learn's smooth idf: as if one more text held every feature.
    idf = (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)
    matrix.data = (1 + np.log(matrix.data)) * idf[matrix.indices]
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.maximum(lengths, 1e-12), np.diff(matrix.indptr))
    return names, idf, matrix


def _row(family: Counter[str], known: Mapping[str, int], idf: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found = [(known[feature], count) for feature, count in family.items() if feature in known]
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0)
    rows = np.array([row for row, _ in found])
    values = (1 + np.log([count for _, count in found])) * idf[rows]
    return rows, values / np.linalg.norm(values)
