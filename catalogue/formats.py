# SPDX-License-Identifier: Apache-2.0
"""The filters of answers: days, times and numbers the way the reader of a language writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from thai import dates_display
from thai.dates_display import THAILAND

_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _moment(value: Any) -> datetime:
    """An ISO string, date or datetime in Thailand's time; a naive one is taken as Thailand's already."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day, tzinfo=THAILAND)
    else:
        moment = datetime.fromisoformat(str(value))
    return moment.astimezone(THAILAND) if moment.tzinfo else moment.replace(tzinfo=THAILAND)


def day(value: Any, locale: str) -> str:
    """`2026-11-22…` → `22 พ.ย. 2569` / `22 Nov 2026`. Raises ValueError on anything that is no date."""
    moment = _moment(value)
    if locale == "en":
        return f"{moment.day} {_ENGLISH_MONTHS[moment.month - 1]} {moment.year}"
    return dates_display.short_date(moment)


def clock(value: Any, locale: str) -> str:
    """`…T16:00+07:00` → `16:00 น.` / `16:00`. Raises ValueError."""
    moment = _moment(value)
    return f"{moment:%H:%M}" if locale == "en" else dates_display.clock(moment)


def day_and_clock(value: Any, locale: str) -> str:
    """`22 พ.ย. 2569 เวลา 16:00 น.` / `22 Nov 2026, 16:00`. Raises ValueError."""
    if locale == "en":
        return f"{day(value, locale)}, {clock(value, locale)}"
    return dates_display.date_time(_moment(value))


def number(value: Any, locale: str) -> str:
    """`1000.0` → `1,000`, `15.44` → `15.4`; the same in all languages. Raises ValueError."""
    amount = round(float(value), 1)
    return f"{int(amount):,}" if amount.is_integer() else f"{amount:,.1f}"


#: As in `{observed_at|datetime}`.
FILTERS: dict[str, Callable[[Any, str], str]] = {
    "date": day,
    "time": clock,
    "datetime": day_and_clock,
    "number": number,
}
