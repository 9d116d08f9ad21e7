# SPDX-License-Identifier: Apache-2.0
"""A small neural network that tells labels from sentence vectors and a linear model's margins, in NumPy alone.

One hidden layer. A linear model finds too little in vectors of 384 numbers; this one sees what the linear model of words
thinks, too, and learns when to agree with it (docs/nlu.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

Matrix = npt.NDArray[np.float32]

#: How far vectors are stretched towards equal variance: 0 not at all, 1 fully, which blows up noise.
_STRETCH = 0.5
_HIDDEN = 512
_ROUNDS = 20
_BATCH = 128
_RATE = 2e-3
_DECAY = 1e-4
#: Shares of inputs and of hidden units that are left out at random while learning, so that none is relied upon.
_LEFT_OUT_INPUT, _LEFT_OUT_HIDDEN = 0.25, 0.5
_SMOOTHING = 0.05
#: What a margin counts beside the numbers of a vector, which have variance 1.
_OF_MARGINS = 3.0


@dataclass(frozen=True)
class Network:
    """centre: float32 [dimensions]; spread: float32 [dimensions × dimensions], what inputs are turned with; layers:
    per start the weights and biases of the hidden and of the last layer."""

    centre: Matrix
    spread: Matrix
    layers: tuple[tuple[Matrix, Matrix, Matrix, Matrix], ...]

    def chances(self, vectors: Matrix, margins: np.ndarray) -> Matrix:
        """The probabilities of the labels, float32 [texts × labels].

        vectors: [texts × dimensions]; margins: [texts × labels].
        """
        inputs = _inputs(vectors, margins, self.centre, self.spread)
        said = [
            _softmax(np.maximum(inputs @ first + offset, 0) @ last + bias) for first, offset, last, bias in self.layers
        ]
        mean: Matrix = np.mean(said, axis=0)
        return mean

    def to_packed(self) -> dict[str, Matrix]:
        """The network as arrays; half precision is enough for weights (the figures stay the same)."""
        arrays = {"net_centre": self.centre, "net_spread": self.spread}
        for number, layer in enumerate(self.layers):
            arrays |= {f"net_{number}_{part}": each.astype(np.float16) for part, each in enumerate(layer)}
        return arrays

    @classmethod
    def from_packed(cls, arrays: Mapping[str, np.ndarray]) -> Network | None:
        """The inverse; None when the arrays hold no network. Raises KeyError or ValueError for parts that do not fit."""
        if "net_centre" not in arrays:
            return None
        layers = []
        while f"net_{len(layers)}_0" in arrays:
            number = len(layers)
            first, offset, last, bias = (arrays[f"net_{number}_{part}"].astype(np.float32) for part in range(4))
            if first.shape[1] != last.shape[0] or offset.shape != first.shape[1:] or bias.shape != last.shape[1:]:
                raise ValueError("the layers of the network do not fit")
            layers.append((first, offset, last, bias))
        if not layers:
            raise ValueError("the network has no layers")
        return cls(arrays["net_centre"], arrays["net_spread"], tuple(layers))


def learn(
    vectors: Matrix, margins: np.ndarray, target: npt.NDArray[np.int64], labels: int, starts: int, seed: int = 7
) -> Network:
    """A network from unit vectors [texts × dimensions], margins [texts × labels] of linear models that had not seen the
    texts, and the numbers of their labels [texts].

    The same numbers on the same machine give the same network.
    """
    centre: Matrix = vectors.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov((vectors - centre).T).astype(np.float64))
    # Directions without variance say nothing; the floor keeps them from being blown up.
    scale = np.maximum(values, values.max() * 1e-6) ** (-_STRETCH / 2)
    spread = (axes * scale).astype(np.float32)
    inputs = _inputs(vectors, margins, centre, spread)
    # One thread: the matrices are small, threads that wait for one another took six times as long on busy cores, and
    # sums are added in the same order on any number of cores.
    with threadpool_limits(1, user_api="blas"):
        layers = tuple(_fit(inputs, target, labels, np.random.default_rng(seed + start)) for start in range(starts))
    return Network(centre, spread, layers)


def _inputs(vectors: Matrix, margins: np.ndarray, centre: Matrix, spread: Matrix) -> Matrix:
    turned = (vectors - centre) @ spread
    lengths = np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
    # As long as a vector of independent numbers of variance 1 would be: what the start of the weights expects.
    scaled = turned / lengths * np.sqrt(turned.shape[1])
    return np.concatenate([scaled, _OF_MARGINS * (margins + 1)], axis=1, dtype=np.float32)


def _fit(
    inputs: Matrix, target: npt.NDArray[np.int64], labels: int, random: np.random.Generator
) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Adam with a rate that falls to zero, dropout, and smoothed labels."""
    size = inputs.shape[1]
    weights = [
        (random.standard_normal((size, _HIDDEN)) * np.sqrt(2 / size)).astype(np.float32),
        np.zeros(_HIDDEN, dtype=np.float32),
        (random.standard_normal((_HIDDEN, labels)) * np.sqrt(1 / _HIDDEN)).astype(np.float32),
        np.zeros(labels, dtype=np.float32),
    ]
    means = [np.zeros_like(each) for each in weights]
    squares = [np.zeros_like(each) for each in weights]
    steps, step = _ROUNDS * -(-len(target) // _BATCH), 0
    for _ in range(_ROUNDS):
        order = random.permutation(len(target))
        for begin in range(0, len(order), _BATCH):
            chosen = order[begin : begin + _BATCH]
            step += 1
            slopes = _slopes(inputs[chosen], target[chosen], weights, random)
            rate = _RATE * (1 - (step - 1) / steps)
            for number, slope in enumerate(slopes):
                means[number] += 0.1 * (slope - means[number])
                squares[number] += 0.001 * (slope * slope - squares[number])
                move = (means[number] / (1 - 0.9**step)) / (np.sqrt(squares[number] / (1 - 0.999**step)) + 1e-8)
                if weights[number].ndim == 2:
                    move += _DECAY * weights[number]
                weights[number] -= np.float32(rate) * move.astype(np.float32)
    return weights[0], weights[1], weights[2], weights[3]


def _slopes(
    inputs: Matrix, target: npt.NDArray[np.int64], weights: list[Matrix], random: np.random.Generator
) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    first, offset, last, bias = weights
    inputs = inputs * _mask(inputs.shape, _LEFT_OUT_INPUT, random)
    raw = inputs @ first + offset
    mask = _mask(raw.shape, _LEFT_OUT_HIDDEN, random) * (raw > 0)
    hidden = raw * mask
    error = _softmax(hidden @ last + bias) - _SMOOTHING / last.shape[1]
    error[np.arange(len(target)), target] -= 1 - _SMOOTHING
    error /= len(target)
    back = (error @ last.T) * mask
    return inputs.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)


def _mask(shape: tuple[int, ...], share: float, random: np.random.Generator) -> Matrix:
    mask: Matrix = (random.random(shape, dtype=np.float32) >= share).astype(np.float32) / np.float32(1 - share)
    return mask


def _softmax(scores: Matrix) -> Matrix:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: Matrix = raised / raised.sum(axis=1, keepdims=True)
    return chances
