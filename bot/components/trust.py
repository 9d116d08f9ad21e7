# SPDX-License-Identifier: Apache-2.0
"""How probable it is that a classification is right, learned from right and wrong ones on texts that were left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

import numpy as np

#: Right and wrong answers needed to learn from.
_ENOUGH = 20


@dataclass(frozen=True)
class Trust:
    """How probable it is that the best label is right: a logistic function of its score, of its lead over the second
    and of the share of known words. Scores alone are too sure of texts about something else."""

    margin: float
    lead: float
    coverage: float
    bias: float

    def __call__(self, best: float, second: float, coverage: float) -> float:
        """The probability 0–1 for scores `best` ≥ `second` and the share 0–1 of known words."""
        return float(
            1 / (1 + np.exp(-(self.margin * best + self.lead * (best - second) + self.coverage * coverage + self.bias)))
        )


#: For a handful of examples, where no mistakes can be learned from; measured on the product's own.
DEFAULT_TRUST = Trust(margin=0.3, lead=4.7, coverage=0.65, bias=-1.0)


def coverage(words: Counter[str], known: Container[str]) -> float:
    """The share 0–1 of the letters of a text's single words that lie in known ones."""
    sizes = [(word in known, len(word) * count) for word, count in words.items() if " " not in word]
    total = sum(size for _, size in sizes)
    return sum(size for is_known, size in sizes if is_known) / total if total else 0.0


def learn_trust(scores: np.ndarray, target: np.ndarray, known: np.ndarray) -> Trust:
    """What left-out texts say.

    scores: [texts × labels]; target: numbers of the right labels [texts]; known: each text's coverage 0–1 [texts].
    """
    from sklearn.linear_model import LogisticRegression

    right = scores.argmax(axis=1) == target
    if min(right.sum(), (~right).sum()) < _ENOUGH:
        return DEFAULT_TRUST
    ordered = np.sort(scores, axis=1)
    best, second = ordered[:, -1], ordered[:, -2]
    learner = LogisticRegression(C=10.0).fit(np.c_[best, best - second, known], right)
    margin, lead, share = map(float, learner.coef_[0])
    return Trust(margin=margin, lead=lead, coverage=share, bias=float(learner.intercept_[0]))
