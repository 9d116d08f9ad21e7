# SPDX-License-Identifier: Apache-2.0
"""The intent of a text with a probability that means something: linear margins over words and letters, a small network
over sentence vectors where there are any, and learned trust in both.

Free of Rasa, so that it can be measured by itself, and kept without pickles.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bot.components import linear_model, network
from bot.components.features import char_features, word_features
from bot.components.linear_model import LinearModel
from bot.components.network import Matrix, Network
from bot.components.text_matrix import Vocabulary, matrix_of
from bot.components.trust import DEFAULT_TRUST, Trust, coverage, learn_trust

#: How quickly the other labels fall behind the best one, in margins.
_SPREAD = 0.25
_FAMILIES = (word_features, char_features)
#: How many texts must have a feature of each family. With 2 for letters, models are half as large and as good on public
#: data; the product's bands were measured with 1.
_LEAST = (1, 1)
#: No probability counts as less than this when networks and margins are added.
_LEAST_CHANCE = 1e-3
#: Weights of the network's opinion that are tried on left-out texts; the middle one without any.
_VOICES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6)
#: Share of the texts by which two weights must differ to be told apart.
_CHANCE = 0.003
#: Networks that are learned to see what left-out texts are taken for; more tell nothing new and take their time.
_JUDGED = 2


@dataclass(frozen=True)
class IntentModel:
    """labels in the order of the scores; voice: how much the network's log-probability counts against a margin."""

    labels: tuple[str, ...]
    linear: LinearModel
    network: Network | None
    voice: float
    trust: Trust

    def rank(self, words: Sequence[str], vector: Matrix | None) -> list[tuple[str, float]]:
        """All labels with probabilities, best first, sum at most 1. vector: float32 [dimensions], needed where the
        model was learned with vectors. Raises ValueError when it is missing."""
        counts = [family(words) for family in _FAMILIES]
        scores = self.linear.margins(counts)
        if self.network is not None:
            if vector is None:
                raise ValueError("this model needs sentence vectors")
            scores = _together(scores, self.network.chances(vector[None, :], scores[None, :])[0], self.voice)
        order = np.argsort(-scores, kind="stable")
        best, second = scores[order[0]], scores[order[1]]
        chance = self.trust(best, second, coverage(counts[0], self.linear.vocabulary.features[0]))
        # The others share what is left, by their distance from the best, and never overtake it.
        others = chance * np.exp((scores[order[1:]] - best) / _SPREAD)
        others *= min(1.0, (1 - chance) / max(others.sum(), 1e-12))
        return [(self.labels[i], float(p)) for i, p in zip(order, [chance, *others], strict=True)]

    def to_packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """The model as JSON and arrays."""
        features, idf = self.linear.vocabulary.to_packed()
        content = {
            "labels": list(self.labels),
            "features": features,
            "trust": asdict(self.trust),
            "voice": self.voice,
        }
        arrays = {"idf": idf, "weights": self.linear.weights, "bias": self.linear.bias}
        return content, arrays | (self.network.to_packed() if self.network is not None else {})

    @classmethod
    def from_packed(cls, content: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> IntentModel:
        """The inverse of `to_packed`. Raises KeyError or ValueError when the parts do not fit one another."""
        labels = tuple(content["labels"])
        linear = LinearModel(
            Vocabulary.from_packed(content["features"], arrays["idf"]), arrays["weights"], arrays["bias"]
        )
        if linear.bias.shape != (len(labels),):
            raise ValueError("weights do not fit the labels")
        return cls(labels, linear, Network.from_packed(arrays), float(content["voice"]), Trust(**content["trust"]))


def learn(
    texts: Sequence[Sequence[str]],
    labels: Sequence[str],
    vectors: Matrix | None = None,
    *,
    strength: float = 1.0,
    folds: int = 4,
    starts: int = 3,
) -> IntentModel:
    """A model from the words of examples; `strength` is the C of the linear part, `starts` how many networks are
    averaged.

    Its probabilities, and how much the network has to say, come from examples that were left out, `folds` times, so
    that 0.8 means right four times in five. Raises ValueError for fewer than two labels.
    """
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise ValueError("a classifier needs examples of two intents")
    number = {name: index for index, name in enumerate(names)}
    target = np.array([number[label] for label in labels])
    vocabulary, matrix = matrix_of(texts, _FAMILIES, _LEAST)
    parts = _parts(target, folds)
    # A network of vectors knows the rare labels, and wants to hear what the examples say.
    fair = vectors is None
    margins = _left_out_margins(matrix, target, len(names), strength, parts, fair=fair)
    weights, bias = linear_model.fit(matrix, target, len(names), strength, fair=fair)
    del matrix  # the largest thing here, and no longer needed
    net, voice, scores = None, 0.0, margins
    if vectors is not None:
        chances = _left_out_chances(vectors, margins, target, len(names), parts)
        voice = _voice(margins, chances, target)
        scores = _together(margins, chances, voice)
        net = network.learn(vectors, margins, target, len(names), starts)
    judged = np.isfinite(scores).all(axis=1)
    known = _coverage(texts, parts)
    trust = learn_trust(scores[judged], target[judged], known[judged]) if len(parts) > 1 else DEFAULT_TRUST
    return IntentModel(names, LinearModel(vocabulary, weights, bias), net, voice, trust)


def _together(margins: np.ndarray, chances: np.ndarray, voice: float) -> np.ndarray:
    return margins + voice * np.log(np.maximum(chances, _LEAST_CHANCE))


def _left_out_margins(
    matrix: Any, target: np.ndarray, labels: int, strength: float, parts: Sequence[np.ndarray], *, fair: bool
) -> np.ndarray:
    """What linear models say that have not seen the texts [texts × labels]; with one part, what one says that has."""
    margins = np.zeros((len(target), labels))
    for left_out in parts:
        kept = _kept(left_out, len(target))
        weights, bias = linear_model.fit(matrix[kept], target[kept], labels, strength, fair=fair)
        margins[left_out] = matrix[left_out] @ weights + bias
    return margins


def _left_out_chances(
    vectors: Matrix, margins: np.ndarray, target: np.ndarray, labels: int, parts: Sequence[np.ndarray]
) -> np.ndarray:
    """What networks say that have not seen the texts [texts × labels]; NaN where none was asked."""
    chances = np.full((len(target), labels), np.nan)
    for left_out in parts[:_JUDGED] if len(parts) > 1 else ():
        kept = _kept(left_out, len(target))
        net = network.learn(vectors[kept], margins[kept], target[kept], labels, 1)
        chances[left_out] = net.chances(vectors[left_out], margins[left_out])
    return chances


def _voice(margins: np.ndarray, chances: np.ndarray, target: np.ndarray) -> float:
    asked = np.isfinite(chances).all(axis=1)
    if not asked.any():
        return _VOICES[len(_VOICES) // 2]

    right = [
        int((_together(margins[asked], chances[asked], voice).argmax(axis=1) == target[asked]).sum())
        for voice in _VOICES
    ]
    # The strongest of those that are as good as the best: one network, learned from a part of the examples, stands here
    # for the mean of several that see all.
    enough = max(right) - _CHANCE * asked.sum()
    return max(voice for voice, count in zip(_VOICES, right, strict=True) if count >= enough)


def _coverage(texts: Sequence[Sequence[str]], parts: Sequence[np.ndarray]) -> np.ndarray:
    """The share 0–1 of each text that the texts of the other parts know [texts]."""
    known = np.zeros(len(texts))
    for left_out in parts:
        words = {word for index in _kept(left_out, len(texts)) for word in texts[index]}
        known[left_out] = [coverage(word_features(texts[index]), words) for index in left_out]
    return known


def _kept(left_out: np.ndarray, total: int) -> np.ndarray:
    """The others; all when nothing would be left."""
    return np.setdiff1d(np.arange(total), left_out) if len(left_out) < total else left_out


def _parts(target: np.ndarray, folds: int) -> list[np.ndarray]:
    """The examples in `folds` parts with about the same labels in each; one part when there is nothing to leave out."""
    from sklearn.model_selection import StratifiedKFold

    parts = min(folds, int(np.bincount(target).max()))
    if parts < 2:
        return [np.arange(len(target))]
    with warnings.catch_warnings():
        # A label with fewer examples than parts is missing in some of them, which the linear model can stand.
        warnings.simplefilter("ignore", UserWarning)
        splits = StratifiedKFold(parts, shuffle=True, random_state=7).split(target, target)
        return [left_out for _, left_out in splits]
