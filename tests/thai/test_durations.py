# SPDX-License-Identifier: Apache-2.0
"""thai.durations: the table of what citizens write."""

from __future__ import annotations

import pytest

from tests.thai.when_cases import shown, table
from thai.durations import find


@pytest.mark.parametrize(("text", "expected"), table("durations"))
def test_table(text: str, expected: str) -> None:
    """Each text gives the ISO 8601 durations of the table, as certain as it says."""
    assert shown(find(text)) == expected


def test_span() -> None:
    """A finding covers all the units that belong together."""
    text = "ไฟดับมา 1 ชั่วโมง 30 นาทีแล้ว"
    (found,) = find(text)
    assert text[found.start : found.end] == "1 ชั่วโมง 30 นาที"
