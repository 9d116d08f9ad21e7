# SPDX-License-Identifier: Apache-2.0
"""The package as a whole: light to import, true examples, nothing of ours behind it."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import thai
from tests.thai.conftest import ROOT

MODULES = sorted(f"thai.{module.name}" for module in pkgutil.iter_modules(thai.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    """Each example in a docstring gives what it says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_importing_every_module_loads_nothing_heavy() -> None:
    """Dictionaries, engines and metadata wait until they are needed; PyThaiNLP stays off line."""
    script = (
        "import os, sys, importlib\n"
        f"for name in {MODULES!r}: importlib.import_module(name)\n"
        "heavy = {'pythainlp', 'nlpo3', 'rapidfuzz', 'regex', 'phonenumbers'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert os.environ['PYTHAINLP_OFFLINE'] == os.environ['PYTHAINLP_READ_ONLY'] == '1'\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
