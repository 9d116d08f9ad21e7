# SPDX-License-Identifier: Apache-2.0
"""Numbers and times as Thai agencies write them."""

from __future__ import annotations

import pytest

from actions.agencies.wire_values import local_time, number


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5.6", 5.6), (15.4, 15.4), (16, 16.0), ("0", 0.0), (" 12 ", 12.0), ("1,234.5", 1234.5),
        (-1, None), ("-1", None), ("-1.0", None), (-999, None), ("-999", None), ("-9999", None), (999999, None),
        ("-", None), ("", None), ("null", None), ("N/A", None), (None, None), ("NaN", None), (float("inf"), None),
        (True, None), ([5], None), ({"value": 5}, None), ("5 µg", None), ("9" * 400, None), (10**400, None),
    ],
)  # fmt: skip
def test_a_number_is_read_or_missing(written: object, meant: float | None) -> None:
    """Strings are numbers, sentinels are nothing, zero is a value."""
    assert number(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-09-28 16:00", "2026-09-28T16:00:00+07:00"),
        ("2569-09-28 16:00", "2026-09-28T16:00:00+07:00"),
        ("2567-02-29 23:00", "2024-02-29T23:00:00+07:00"),  # a leap day only in its own era
        ("2026-02-29 23:00", None),
        ("2026-09-28 24:30", None),
        ("", None),
        ("28/09/2026 16:00", None),
    ],
)
def test_a_time_is_thai_time(written: str, meant: str | None) -> None:
    """Naive times get +07:00 and Buddhist years become Christian ones; what cannot be read is None, not now."""
    read = local_time(written, "%Y-%m-%d %H:%M")
    assert (read.isoformat() if read else None) == meant
