# SPDX-License-Identifier: Apache-2.0
"""Dates and times as Thai people read them: the Buddhist year, Thai months, the time of Thailand."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

THAILAND = timezone(timedelta(hours=7), "ICT")  # no summer time since 1920, so no time zone database is needed


def short_date(moment: date | datetime) -> str:
    """Return the day with the short month; a datetime must be aware and is read in Thailand's time.

    Raises ValueError for a naive datetime.

    >>> short_date(date(2026, 11, 22))
    '22 พ.ย. 2569'
    """
    return _format(moment, "%-d %b %Y")


def long_date(moment: date | datetime) -> str:
    """Return the weekday and the day with the full month; a datetime must be aware.

    >>> long_date(date(2026, 11, 22))
    'วันอาทิตย์ที่ 22 พฤศจิกายน 2569'
    """
    return _format(moment, "%Aที่ %-d %B %Y")  # PyThaiNLP's %A carries the word วัน already


def clock(moment: datetime) -> str:
    """Return the time of day, 24 hours; the datetime must be aware.

    >>> clock(datetime(2026, 11, 22, 9, 5, tzinfo=timezone.utc))
    '16:05 น.'
    """
    return _format(moment, "%H:%M น.")


def date_time(moment: datetime) -> str:
    """Return day and time; the datetime must be aware.

    >>> date_time(datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc))
    '22 พ.ย. 2569 เวลา 16:00 น.'
    """
    return f"{short_date(moment)} เวลา {clock(moment)}"


def _format(moment: date | datetime, pattern: str) -> str:
    from pythainlp.util import thai_strftime

    if isinstance(moment, datetime):
        if moment.utcoffset() is None:
            raise ValueError("a moment without a time zone cannot be shown")
        local = moment.astimezone(THAILAND)
    else:
        local = datetime(moment.year, moment.month, moment.day, tzinfo=THAILAND)
    return str(thai_strftime(local, pattern))
