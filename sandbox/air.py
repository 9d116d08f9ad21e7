# SPDX-License-Identifier: Apache-2.0
"""Invented air for the emulated agencies: the same value for the same place and hour, every time."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from functools import lru_cache

SEED = "prachabot-sandbox-1"

#: Usual PM2.5 by part of the country, µg/m³.
_USUAL = {"north": 41.0, "northeast": 29.0, "central": 31.0, "east": 24.0, "west": 26.0, "south": 13.0}

#: Thai AQI for the 24-hour mean of PM2.5: highest value of the band (µg/m³), highest index of the band.
_BANDS = ((15.0, 25), (25.0, 50), (37.5, 100), (75.0, 200), (150.0, 300))


@lru_cache(maxsize=50_000)
def _chance(key: str) -> float:
    """A number in [0, 1) that depends on the key alone."""
    digest = hashlib.sha256(f"{SEED}:{key}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def pm25_hour(place: str, region: str, hour: datetime) -> float:
    """PM2.5 of one hour, µg/m³, one decimal."""
    local = 0.6 + 0.8 * _chance(place)
    daily = 1 + 0.25 * math.cos(2 * math.pi * (hour.hour - 7) / 24)
    weather = 0.7 + 0.6 * _chance(f"{region}:{hour:%Y-%m-%d}")
    noise = 6 * (_chance(f"{place}:{hour:%Y-%m-%dT%H}") - 0.5)
    return round(max(1.0, _USUAL[region] * local * daily * weather + noise), 1)


def pm25_mean(place: str, region: str, hour: datetime) -> float:
    """Mean of the 24 hours that end with `hour`, as Air4Thai publishes it."""
    values = [pm25_hour(place, region, hour - timedelta(hours=back)) for back in range(24)]
    return round(sum(values) / len(values), 1)


def aqi(mean: float) -> tuple[int, int]:
    """Thai AQI and colour band 1–5 of a 24-hour mean of PM2.5."""
    low_value, low_index = 0.0, 0
    for band, (high_value, high_index) in enumerate(_BANDS, start=1):
        if mean <= high_value:
            share = (mean - low_value) / (high_value - low_value)
            return round(low_index + share * (high_index - low_index)), band
        low_value, low_index = high_value, high_index
    return 300, 5


def latest_hour(now: datetime) -> datetime:
    """The hour that is published at this time: a new one appears about twenty minutes past."""
    return (now - timedelta(minutes=20)).replace(minute=0, second=0, microsecond=0)
