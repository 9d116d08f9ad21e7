# SPDX-License-Identifier: Apache-2.0
"""Linear margins of labels over TF-IDF features: learned with scikit-learn, used with NumPy alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from bot.components.text_matrix import Vocabulary


@dataclass(frozen=True)
class LinearModel:
    """weights: float32 [features × labels]; bias: float32 [labels]."""

    vocabulary: Vocabulary
    weights: np.ndarray
    bias: np.ndarray

    def __post_init__(self) -> None:
        """Raises ValueError when the parts do not fit one another."""
        if self.weights.shape != (*self.vocabulary.idf.shape, *self.bias.shape):
            raise ValueError("weights do not fit the vocabulary")

    def margins(self, counts: Sequence[Counter[str]]) -> np.ndarray:
        """One margin per label [labels]; 1 is where the labelled examples end. Unknown features count for nothing."""
        rows, values = self.vocabulary.row(counts)
        scores: np.ndarray = self.bias.astype(np.float64)
        return scores + values @ self.weights[rows] if len(rows) else scores


def fit(
    matrix: sp.csr_matrix, target: np.ndarray, labels: int, strength: float, *, fair: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Weights float32 [features × labels] and bias float32 [labels] of one label against the rest.

    strength: scikit-learn's C; fair: rare labels count as much as frequent ones. Multinomial logistic regression took
    200 times as long on 2,700 examples and was no better.
    """
    from sklearn.svm import LinearSVC

    seen = np.unique(target)
    weights = np.zeros((matrix.shape[1], labels), dtype=np.float32)
    bias = np.full(labels, -1.0, dtype=np.float32)  # where a label without an example stands for every text
    if len(seen) < 2:
        bias[seen] = 1.0
        return weights, bias
    learner = LinearSVC(C=strength, class_weight="balanced" if fair else None, random_state=7)
    learner.fit(matrix, target)
    found, offset = learner.coef_, learner.intercept_
    if len(seen) == 2:  # scikit-learn keeps one row for two labels
        found, offset = np.vstack([-found, found]) / 2, np.array([-offset[0], offset[0]]) / 2
    weights[:, seen], bias[seen] = found.T, offset
    return weights, bias
