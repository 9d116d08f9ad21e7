# SPDX-License-Identifier: Apache-2.0
"""A linear text classifier with probabilities that mean something: TF-IDF, linear margins, learned trust.

Free of Rasa, so that it can be measured by itself. Learned with scikit-learn, used with NumPy alone, kept without
pickles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

#: How quickly the other labels fall behind the best one, in margins.
_SPREAD = 0.25
#: Right and wrong answers needed to learn from.
_ENOUGH = 20

#: The families of features of one text, each weighed and normalised by itself.
Families = Sequence[Counter[str]]


@dataclass(frozen=True)
class Trust:
    """How probable it is that the best label is right: a logistic function of its margin, of its lead over the second
    and of the share of known words. Margins alone are too sure of texts about something else."""

    margin: float
    lead: float
    coverage: float
    bias: float

    def __call__(self, best: float, second: float, coverage: float) -> float:
        """The probability 0–1 for margins `best` ≥ `second` and the share 0–1 of known words."""
        return float(
            1 / (1 + np.exp(-(self.margin * best + self.lead * (best - second) + self.coverage * coverage + self.bias)))
        )


#: For a handful of examples, where no mistakes can be learned from; measured on the product's own.
DEFAULT_TRUST = Trust(margin=0.3, lead=4.7, coverage=0.65, bias=-1.0)


@dataclass(frozen=True)
class LinearModel:
    """vocabularies: feature → row, one per family (words first), rows counted through; idf: float32 [features];
    weights: float32 [features × labels]; bias: float32 [labels]."""

    labels: tuple[str, ...]
    vocabularies: tuple[Mapping[str, int], ...]
    idf: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    trust: Trust

    def rank(self, families: Families) -> list[tuple[str, float]]:
        """All labels with probabilities, best first, sum at most 1. Unknown features count for nothing."""
        scores = self.bias.astype(np.float64)
        for rows, values in (
            _row(family, words, self.idf) for family, words in zip(families, self.vocabularies, strict=True)
        ):
            if len(rows):
                scores = scores + values @ self.weights[rows]
        order = np.argsort(-scores)
        best, second = scores[order[0]], scores[order[1]]
        chance = self.trust(best, second, coverage(families[0], self.vocabularies[0]))
        # The others share what is left, by their distance from the best, and never overtake it.
        others = chance * np.exp((scores[order[1:]] - best) / _SPREAD)
        others *= min(1.0, (1 - chance) / max(others.sum(), 1e-12))
        return [(self.labels[i], float(p)) for i, p in zip(order, [chance, *others], strict=True)]

    def to_packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """The model as JSON and arrays."""
        features = [list(words) for words in self.vocabularies]
        return (
            {"labels": list(self.labels), "features": features, "trust": asdict(self.trust)},
            {"idf": self.idf, "weights": self.weights, "bias": self.bias},
        )

    @classmethod
    def from_packed(cls, content: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> LinearModel:
        """The inverse of `to_packed`. Raises KeyError or ValueError when the parts do not fit one another."""
        vocabularies, first = [], 0
        for family in content["features"]:
            vocabularies.append({feature: first + index for index, feature in enumerate(family)})
            first += len(family)
        labels = tuple(content["labels"])
        if arrays["weights"].shape != (first, len(labels)) or arrays["idf"].shape != (first,):
            raise ValueError("weights do not fit the vocabulary")
        return cls(
            labels=labels,
            vocabularies=tuple(vocabularies),
            idf=arrays["idf"],
            weights=arrays["weights"],
            bias=arrays["bias"],
            trust=Trust(**content["trust"]),
        )


def coverage(words: Counter[str], known: Container[str]) -> float:
    """The share 0–1 of the letters of a text's single words that lie in known ones."""
    sizes = [(word in known, len(word) * count) for word, count in words.items() if " " not in word]
    total = sum(size for _, size in sizes)
    return sum(size for is_known, size in sizes if is_known) / total if total else 0.0


def learn(texts: Sequence[Families], labels: Sequence[str], strength: float = 1.0, folds: int = 4) -> LinearModel:
    """A model from examples; `strength` is scikit-learn's C.

    Margins of one label against the rest: multinomial logistic regression took 200 times as long on 2,700 examples
    and was no better. Its probabilities come from examples that were left out, `folds` times, so that 0.8 means
    right four times in five. Raises ValueError for fewer than two labels.
    """
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise ValueError("a classifier needs examples of two intents")
    vocabularies, idf = _vocabularies(texts)
    matrix = _matrix(texts, vocabularies, idf)
    target = np.array([names.index(label) for label in labels])
    weights, bias = _fit(matrix, target, len(names), strength)
    return LinearModel(
        labels=names,
        vocabularies=vocabularies,
        idf=idf,
        weights=np.ascontiguousarray(weights.T, dtype=np.float32),
        bias=bias.astype(np.float32),
        trust=_trust(texts, matrix, target, len(names), strength, folds),
    )


def _vocabularies(texts: Sequence[Families]) -> tuple[tuple[dict[str, int], ...], np.ndarray]:
    families = len(texts[0])
    vocabularies: list[dict[str, int]] = []
    idf: list[float] = []
    for number in range(families):
        frequency: Counter[str] = Counter()
        for text in texts:
            frequency.update(text[number].keys())
        first = len(idf)
        ordered = sorted(frequency)
        vocabularies.append({feature: first + index for index, feature in enumerate(ordered)})
        # scikit-learn's smooth idf: as if one more text held every feature.
        idf += [float(np.log((1 + len(texts)) / (1 + frequency[feature])) + 1) for feature in ordered]
    return tuple(vocabularies), np.array(idf, dtype=np.float32)


def _row(family: Counter[str], words: Mapping[str, int], idf: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = [(words[feature], count) for feature, count in family.items() if feature in words]
    if not known:
        return np.empty(0, dtype=np.int64), np.empty(0)
    rows = np.array([row for row, _ in known])
    values = (1 + np.log([count for _, count in known])) * idf[rows]
    return rows, values / np.linalg.norm(values)


def _matrix(texts: Sequence[Families], words: Sequence[Mapping[str, int]], idf: np.ndarray) -> sp.csr_matrix:
    indices: list[np.ndarray] = []
    values: list[np.ndarray] = []
    ends = [0]
    for text in texts:
        size = 0
        for family, known in zip(text, words, strict=True):
            rows, weights = _row(family, known, idf)
            indices.append(rows)
            values.append(weights)
            size += len(rows)
        ends.append(ends[-1] + size)
    return sp.csr_matrix((np.concatenate(values), np.concatenate(indices), ends), shape=(len(texts), len(idf)))


def _fit(matrix: sp.csr_matrix, target: np.ndarray, labels: int, strength: float) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.svm import LinearSVC

    learner = LinearSVC(C=strength, class_weight="balanced", random_state=7)
    learner.fit(matrix, target)
    if labels == 2:  # scikit-learn keeps one row for two labels
        return np.vstack([-learner.coef_, learner.coef_]) / 2, np.array(
            [-learner.intercept_[0], learner.intercept_[0]]
        ) / 2
    return learner.coef_, learner.intercept_


def _trust(
    texts: Sequence[Families], matrix: sp.csr_matrix, target: np.ndarray, labels: int, strength: float, folds: int
) -> Trust:
    """How sure to be, learned from right and wrong answers on left-out examples."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    parts = min(folds, int(np.bincount(target, minlength=labels).min()))
    if parts < 2:
        return DEFAULT_TRUST
    seen = np.zeros((len(target), 3))
    right = np.zeros(len(target), dtype=bool)
    for kept, left_out in StratifiedKFold(parts, shuffle=True, random_state=7).split(matrix, target):
        weights, bias = _fit(matrix[kept], target[kept], labels, strength)
        scores = matrix[left_out] @ weights.T + bias
        known = {word for index in kept for word in texts[index][0]}
        best, second = np.sort(scores, axis=1)[:, -1], np.sort(scores, axis=1)[:, -2]
        seen[left_out] = np.c_[best, best - second, [coverage(texts[index][0], known) for index in left_out]]
        right[left_out] = scores.argmax(axis=1) == target[left_out]
    if min(right.sum(), (~right).sum()) < _ENOUGH:
        return DEFAULT_TRUST
    learner = LogisticRegression(C=10.0).fit(seen, right)
    margin, lead, share = map(float, learner.coef_[0])
    return Trust(margin=margin, lead=lead, coverage=share, bias=float(learner.intercept_[0]))
