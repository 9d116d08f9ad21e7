# SPDX-License-Identifier: Apache-2.0
"""PyThaiNLP carries this package: without it, what it does here cannot be done."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.thai.conftest import ROOT

_WITHOUT = """
import sys
sys.modules["pythainlp"] = None  # an import of it fails from here on
try:
    {statement}
except ImportError as error:
    assert "pythainlp" in str(error), error
else:
    sys.exit("not needed")
"""


@pytest.mark.parametrize(
    "statement",
    [
        "from thai import lexicon; lexicon.words()",
        "from thai.normalise import normalise; normalise('เเม่')",
        "from thai.normalise import normalise; normalise('มากกกกก')",
        "from thai.layout import repair; repair('l;ylfu', [])",
        "from thai.layout import repair_english; repair_english('้ำสสน', [])",
        "from datetime import date; from thai.dates_display import long_date; long_date(date(2026, 11, 22))",
        "from thai.tokens import Tokenizer; Tokenizer([], 'newmm')",
        "from thai.plates import find; find('1กก 1234 กทม')",
        "from thai.numbers import find; find('มีสามคน')",
        "from thai.dialect import standard; standard('ไปไส')",
    ],
)
def test_fails_without(statement: str) -> None:
    """Dictionary, normalize, keyboard map, thai_strftime, newmm and the provinces come from nowhere else."""
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT.format(statement=statement)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
