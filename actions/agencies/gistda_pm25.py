# SPDX-License-Identifier: Apache-2.0
"""GISTDA's PM2.5 for a point: an estimate of a satellite model, never to be told as a measurement.

Contract: a live body recorded 2026-09-28. Times are Thai local time in spite of their `Z`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.agencies.http import AgencyHttp, Fetched, RawAnswer, Source, json_of
from actions.agencies.wire_values import local_time, mapping, number, text
from core.errors import Rejected, Unavailable

#: Attribution, shown with every value.
NAME = "GISTDA"
SITE = "https://pm25.gistda.or.th/"

#: The model is hourly; an older estimate says nothing about now.
FRESH = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """PM2.5 at a point, µg/m³: last hour and mean of 24 hours; `place` is the agency's name for the point."""

    pm25_now: float | None
    pm25_mean: float | None
    place: str
    source: Source
    observed_at: datetime
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class _Body:
    now: float | None
    mean: float | None
    place: str
    observed_at: datetime


def source(base_url: str, sandbox: bool) -> Source:
    """GISTDA's estimate as a source."""
    return Source(name="gistda_pm25", base_url=base_url, sandbox=sandbox, keep_seconds=600)


async def estimate(http: AgencyHttp, source: Source, lat: float, lon: float) -> Estimate | None:
    """The fresh estimate for a point in Thailand, None when it is old or empty. Raises a verdict.

    The point is rounded to two decimals (about 1 km): the model is hardly finer, and the exact pin stays here.
    """
    query = {"lat": f"{lat:.2f}", "lng": f"{lon:.2f}"}
    fetched: Fetched[_Body] = await http.ask(source, "/rest/getPm25byLocation", query, _read)
    body = fetched.value
    age = http.now() - body.observed_at
    if (body.now is None and body.mean is None) or not -timedelta(minutes=30) <= age <= FRESH:
        return None
    return Estimate(
        pm25_now=body.now,
        pm25_mean=body.mean,
        place=body.place,
        source=source,
        observed_at=body.observed_at,
        fetched_at=fetched.fetched_at,
    )


def _read(answer: RawAnswer) -> _Body:
    body = mapping(json_of(answer))
    status = number(body.get("status"))
    if status is not None and 400 <= status < 500:
        raise Rejected(f"status {status:g} in the body")
    data = mapping(body.get("data"))
    when = mapping(data.get("datetimeEng"))
    # "Monday 28 September 2026" and "16:00"; the day's name is left out because only the date counts.
    date = text(when.get("dateEng")).partition(" ")[2]
    observed_at = local_time(f"{date} {text(when.get('timeEng'))}", "%d %B %Y %H:%M")
    if status != 200 or observed_at is None:
        raise Unavailable("no estimate in the body")
    return _Body(
        now=_value(data.get("pm25")),
        mean=_value(data.get("pm25Avg24hrs")),
        place=text(mapping(data.get("loc")).get("loctext")),
        observed_at=observed_at,
    )


def _value(raw: object) -> float | None:
    found = number(raw)
    return round(found, 1) if found is not None and found >= 0 else None
