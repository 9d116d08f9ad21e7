# SPDX-License-Identifier: Apache-2.0
"""Reads numbers and times as Thai agencies write them: strings, sentinels, Buddhist years, no offset."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta, timezone

#: Indochina Time: naive times of Thai agencies are in it, and so are GISTDA's in spite of their `Z`.
ICT = timezone(timedelta(hours=7), "ICT")

#: Written where a value is missing (seen at Air4Thai, GISTDA and ThaiWater).
_SENTINELS = frozenset({-1.0, -99.0, -999.0, -9999.0, 999999.0})

_BUDDHIST_YEAR = re.compile(r"(?<![0-9])2[4-9][0-9]{2}(?![0-9])")


def number(value: object) -> float | None:
    """A float from a number or a numeric string; None for sentinels, "-", "null", "N/A", NaN and anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value.replace(",", "") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and found not in _SENTINELS else None


def local_time(text: str, form: str) -> datetime | None:
    """An aware time from a naive Thai one in the strptime form `form` with a `%Y`.

    Years from 2400 are Buddhist. An offset in the text is not expected. None when it cannot be read.
    """
    # Before parsing: 29 February 2567 is a day, of 2024, but no day of the Christian year 2567.
    text = _BUDDHIST_YEAR.sub(lambda year: str(int(year[0]) - 543), text.strip())
    try:
        return datetime.strptime(f"{text} +0700", f"{form} %z").astimezone(ICT)
    except ValueError:
        return None


def mapping(value: object) -> dict[str, object]:
    """The value when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[object]:
    """The value when it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The value without blanks around it when it is a string, else ""."""
    return value.strip() if isinstance(value, str) else ""
