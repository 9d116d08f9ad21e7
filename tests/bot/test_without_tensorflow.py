# SPDX-License-Identifier: Apache-2.0
"""The stand-ins let Rasa be imported and refuse to be used."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from bot.without_tensorflow import TensorFlowIsAbsent, install
from tests.bot.conftest import PROJECT, ROOT


def test_tensorflow_is_not_installed() -> None:
    """The environment holds neither TensorFlow nor what only it needs."""
    for name in ("tensorflow", "keras", "jax", "jaxlib", "tensorflow-text", "tensorflow-addons"):
        with pytest.raises(importlib.metadata.PackageNotFoundError):
            importlib.metadata.version(name)


def test_stand_ins_can_be_named_and_subclassed_but_not_made() -> None:
    """What happens at import works; making an object is refused with the name of what was made."""
    import tensorflow as tf
    from tensorflow.keras import backend as K  # noqa: N812

    class Layer(tf.keras.layers.Layer):  # type: ignore[misc]
        pass

    @tf.function
    def kept(value: int) -> int:
        return value + 1

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
    def kept_too(value: int) -> int:
        return value + 2

    assert (kept(1), kept_too(1)) == (2, 3)
    for make in (Layer, tf.keras.Model, tf.Variable, tf.data.Dataset.from_tensor_slices, K.floatx, tf.constant(1)):
        with pytest.raises(TensorFlowIsAbsent):
            make()
    with pytest.raises(TensorFlowIsAbsent, match=r"random\.set_seed"):
        tf.random.set_seed(1)


def test_a_component_that_needs_tensorflow_does_not_train(tmp_path: Path) -> None:
    """With permissive stand-ins DIETClassifier saved an empty model without an error."""
    config = (
        "recipe: default.v1\nlanguage: en\nassistant_id: x\n"
        "pipeline:\n- name: WhitespaceTokenizer\n- name: CountVectorsFeaturizer\n- {name: DIETClassifier, epochs: 1}\n"
    )
    (tmp_path / "config.yml").write_text(config, encoding="utf-8")
    program = (
        "from bot import without_tensorflow; without_tensorflow.install()\n"
        "import os; os.environ.update(RASA_TELEMETRY_ENABLED='false', RASA_MAX_CACHE_SIZE='0')\n"
        "from rasa.model_training import train_nlu\n"
        f"train_nlu({str(tmp_path / 'config.yml')!r}, {str(PROJECT / 'data' / 'nlu.yml')!r}, {str(tmp_path)!r})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode != 0
    assert "TensorFlowIsAbsent" in done.stderr
    assert not list(tmp_path.glob("*.tar.gz"))


def test_too_late_is_an_error() -> None:
    """Once Rasa is imported without the stand-ins there is nothing to be done; twice is no harm."""
    install()
    program = (
        "import sys, types; sys.modules['rasa'] = types.ModuleType('rasa')\n"
        "from bot import without_tensorflow; without_tensorflow.install()"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "before rasa is imported" in done.stderr
